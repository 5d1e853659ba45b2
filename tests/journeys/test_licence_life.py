"""The life of a licence: granted, renewed, lost, replaced, revoked; at each step a stranger reads the truth."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import (
    act,
    decide,
    fill_in,
    hand_in,
    material_keys,
    open_form,
    open_task,
    upload,
)
from tests.journeys.town import Town, sign_in, visitor

ITEM = "食品小经营(小餐饮)许可"
LICENCE = "小餐饮经营许可证"
IN_FORCE = "真：签发有效"

pytestmark = pytest.mark.timeout(600)


def papers(page: Page, paper: Path) -> None:
    """A file for every material that has none yet."""
    for key in material_keys(page):
        if not page.locator(f"#material-{key} .hall-file").count():
            upload(page, key, paper)
    check_access(page)


def grant(clerk: Page, leader: Page, town: Town, number: str) -> None:
    """Through the ordinary process."""
    open_task(clerk, town, number)
    act(clerk, "受理", "材料齐全，符合法定形式")
    open_task(clerk, town, number)
    act(clerk, "审查通过", "符合要求")
    decide(leader, town, number)


def newest(page: Page, town: Town, *, after: str = "") -> str:
    """Open the newest licence, which comes after one, as soon as the holder's list has it; its public address."""
    link = page.locator("main").get_by_role("link", name=LICENCE, exact=True).first
    for _ in range(40):
        page.goto(f"{town.base}/services/licences/")
        if link.count():
            link.click()
            address = page.get_by_role("link", name="别人查验时看到的").get_attribute("href")
            if address and address != after:
                check_access(page)
                return address
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").inner_text())


def stranger_reads(stranger: Page, address: str, *words: str) -> None:
    """What the public page of a licence says to somebody who is not signed in, and does not say."""
    stranger.goto(address)
    for said in words:
        expect(stranger.locator("main")).to_contain_text(said)
    if IN_FORCE not in words:
        expect(stranger.locator("main")).not_to_contain_text(IN_FORCE)
    expect(stranger.locator("body")).not_to_contain_text("张一")
    check_access(stranger)


def begin_about(page: Page, purpose: str) -> None:
    """From the licence to the form of an application about it."""
    page.get_by_role("link", name=purpose, exact=True).click()
    expect(page.get_by_role("heading", name=f"申请{purpose}")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="开始填写").click()


def report_loss(page: Page) -> None:
    """Takes effect at once."""
    page.get_by_role("link", name="挂失", exact=True).click()
    page.get_by_label("遗失经过").fill("搬家时遗失")
    check_access(page)
    page.get_by_role("button", name="挂失", exact=True).click()
    expect(page.locator("main")).to_contain_text("已挂失")


def propose(clerk: Page, town: Town, number: str) -> str:
    """The unit proposes to revoke; the address of the measure."""
    clerk.goto(f"{town.base}/services/desk/licences/?q={number}")
    check_access(clerk)
    clerk.locator("main").get_by_role("link", name=re.compile(re.escape(number))).first.click()
    check_access(clerk)
    clerk.locator("main").get_by_role("link", name="撤销", exact=True).click()
    clerk.get_by_label("依据的情形").select_option("unqualified")
    clerk.get_by_label("查明的事实和理由").fill("核查发现经营场所与承诺不符")
    clerk.get_by_label("被许可人合法权益的处理").fill("不涉及赔偿")
    clerk.get_by_label("已经核实").check()
    check_access(clerk)
    clerk.get_by_role("button", name="提出，交负责人决定").click()
    expect(clerk.locator("main")).to_contain_text("等待")
    return clerk.url


def answer(page: Page) -> None:
    """The holder is heard before anything is decided."""
    page.reload()
    page.get_by_role("link", name="查看理由并陈述意见").click()
    expect(page.locator("main")).to_contain_text("核查发现经营场所与承诺不符")
    page.get_by_label("陈述、申辩的意见").fill("已经整改，请求不撤销。")
    check_access(page)
    page.get_by_role("button", name="提交陈述申辩").click()
    expect(page.locator("main")).to_contain_text("已经整改，请求不撤销。")


def revoke(leader: Page, measure: str) -> None:
    """By another person than the one who proposed it, in effect with the press."""
    leader.goto(measure)
    expect(leader.locator("main")).to_contain_text("已经整改，请求不撤销。")
    check_access(leader)
    leader.get_by_role("link", name="去决定").click()
    leader.get_by_role("radio", name="同意，立即生效").check()
    leader.get_by_label(re.compile("^意见")).fill("承诺内容与事实不符，撤销。")
    check_access(leader)
    leader.get_by_role("button", name="作出决定").click()
    expect(leader.locator("main")).to_contain_text("已决定，已生效")


def number_of(page: Page) -> str:
    """The number on the licence's own page."""
    found = re.search(r"证〔\d{4}〕\d+号(（补\d）)?", page.locator("main").inner_text())
    assert found
    return found.group()


def test_renewed_lost_replaced_and_revoked(town: Town, browser: Browser, paper: Path) -> None:
    with (
        visitor(browser, phone=True) as holder,
        visitor(browser) as clerk,
        visitor(browser) as leader,
        visitor(browser, phone=True) as stranger,
    ):
        open_form(holder, town, "小餐饮", ITEM)
        fill_in(holder)
        papers(holder, paper)
        number, _code = hand_in(holder)
        sign_in(clerk, town, "clerk.market")
        sign_in(leader, town, "leader.market")
        grant(clerk, leader, town, number)
        first = newest(holder, town)
        stranger_reads(stranger, first, IN_FORCE, LICENCE)

        begin_about(holder, "延续")
        fill_in(holder)
        papers(holder, paper)
        number, _code = hand_in(holder)
        stranger_reads(stranger, first, IN_FORCE)
        grant(clerk, leader, town, number)
        second = newest(holder, town, after=first)
        stranger_reads(stranger, first, "已换发", "不再有效")
        stranger_reads(stranger, second, IN_FORCE)

        report_loss(holder)
        stranger_reads(stranger, second, "已挂失")
        begin_about(holder, "补办")
        fill_in(holder)
        number, _code = hand_in(holder)
        open_task(clerk, town, number)
        act(clerk, "准予许可", "情况属实")
        third = newest(holder, town, after=second)
        stranger_reads(stranger, second, "已作废，补发新证", "不再有效")
        stranger_reads(stranger, third, IN_FORCE, "（补1）")

        measure = propose(clerk, town, number_of(holder))
        stranger_reads(stranger, third, IN_FORCE)
        answer(holder)
        revoke(leader, measure)
        stranger_reads(stranger, third, "已撤销", "不再有效")
        holder.goto(f"{town.base}/services/licences/")
        expect(holder.locator("main")).to_contain_text("已撤销")
    assert "核验通过" in town.command("ledger", "verify")
