"""For a citizen who is not online: a town's counter types, he signs, papers go up to the county, the licence comes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from stdnum.iso7064 import mod_11_2

from tests.journeys.access import check_access
from tests.journeys.steps import (
    act,
    decide,
    fill_in,
    material_keys,
    open_task,
    receipt_of,
    reload_for,
    track_as_stranger,
    upload,
)
from tests.journeys.town import Town, sign_in, visitor

ITEM = "食品小经营(小餐饮)许可"
NAME, PHONE_NUMBER = "赵四", "13900000044"
CITIZEN_NUMBER = "98072319550806002" + mod_11_2.calc_check_digit("98072319550806002")
COUNTER = "counter.town"
PLACE = "青禾县东河镇人民政府"

pytestmark = pytest.mark.timeout(600)


def sign_on_the_pad(page: Page) -> None:
    """One stroke with the pen, as a hand makes it."""
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    frame = pad.bounding_box()
    assert frame
    page.mouse.move(frame["x"] + 40, frame["y"] + 60)
    page.mouse.down()
    for across, down in ((120, 30), (160, 90), (240, 40)):
        page.mouse.move(frame["x"] + across, frame["y"] + down, steps=4)
    page.mouse.up()
    expect(page.locator("[data-drawn]")).to_have_value(re.compile("^data:image/png;base64,"))


def take_down_the_person(page: Page, town: Town) -> None:
    """By the card on the counter; the platform does not know him yet."""
    sign_in(page, town, COUNTER)
    page.goto(f"{town.base}/services/counter/")
    check_access(page)
    page.get_by_label("申请人的公民身份号码").fill(CITIZEN_NUMBER)
    page.get_by_role("button", name="查找", exact=True).click()
    expect(page.get_by_role("heading", name="登记办事人员")).to_be_visible()
    check_access(page)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("手机号").fill(PHONE_NUMBER)
    page.get_by_role("button", name="登记并继续").click()


def begin(page: Page) -> None:
    """For himself, by his card, for an item that is searched for."""
    expect(page.get_by_role("heading", name="为谁办、办什么")).to_be_visible()
    page.get_by_label("查找事项（名称或事项编码）").fill("小餐饮")
    page.get_by_role("button", name="查找事项").click()
    page.get_by_role("radio", name=re.compile(re.escape(ITEM))).check()
    page.get_by_role("radio", name=re.compile("本人")).check()
    page.get_by_role("radio", name="居民身份证原件", exact=True).check()
    check_access(page)
    page.get_by_role("button", name="开始代录").click()
    expect(page.get_by_role("heading", name=ITEM)).to_be_visible()
    check_access(page)


def type_for_him(page: Page, paper: Path) -> None:
    """On the citizen's own pages, under a banner that says who types."""
    page.get_by_role("link", name="接着录入").click()
    expect(page.get_by_role("note")).to_contain_text(f"为{NAME}填写")
    check_access(page)
    fill_in(page)
    for key in material_keys(page):
        upload(page, key, paper)
    check_access(page)
    page.get_by_role("link", name="下一步：核对提交").click()


def show_and_hand_in(page: Page) -> tuple[str, str]:
    """The screen is turned; without a signature nothing is sent; number and query code."""
    expect(page.get_by_role("heading", name="请您核对")).to_be_visible()
    expect(page.locator("main")).to_contain_text(NAME)
    check_access(page)
    page.get_by_role("button", name="申请人已签名同意，提交").click()
    expect(page.locator("main")).to_contain_text("还没有签名")
    sign_on_the_pad(page)
    page.get_by_role("button", name="申请人已签名同意，提交").click()
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    check_access(page)
    return receipt_of(page)


def choose_to_collect_in_town(page: Page) -> None:
    """From the receipt; the paper licence comes to the town."""
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    page.get_by_role("link", name="登记领取方式").click()
    page.get_by_role("radio", name="到乡镇便民服务中心领取").check()
    town_list = page.get_by_label("到哪个乡镇领取")
    option = town_list.locator("option").filter(has_text="东河镇").first
    town_list.select_option(option.get_attribute("value") or "")
    check_access(page)
    page.get_by_role("button", name="确定").click()
    expect(page.locator("main")).to_contain_text("领取方式已经登记")


def pass_up(page: Page, town: Town) -> str:
    """The originals go up on a list; its address."""
    page.goto(f"{town.base}/services/counter/papers/")
    check_access(page)
    page.get_by_role("checkbox", name=re.compile(re.escape(ITEM))).check()
    page.get_by_label("份数").fill("2")
    page.get_by_role("button", name="生成递交清单").click()
    expect(page.locator("main")).to_contain_text("已生成 1 份递交清单")
    expect(page.locator("main")).to_contain_text("共 1 件 2 份")
    check_access(page)
    number = re.search(r"编号 (\S+?)。", page.locator("main").inner_text())
    assert number
    return number.group(1)


def receive(page: Page, town: Town, batch: str) -> None:
    """The county unit signs for each line."""
    page.goto(f"{town.base}/services/counter/papers/")
    check_access(page)
    page.locator("main").get_by_role("link", name=batch).first.click()
    page.get_by_role("radio", name="收到", exact=True).check()
    check_access(page)
    page.get_by_role("button", name="核对完毕，签收").click()
    expect(page.locator("main")).to_contain_text("已签收")


def grant(town: Town, browser: Browser, clerk: Page, number: str) -> None:
    """Accepted, examined, decided as any other; the desk says that the town took it in."""
    open_task(clerk, town, number)
    expect(clerk.locator("#counter")).to_contain_text("镇收件员甲")
    act(clerk, "受理", "材料齐全，符合法定形式")
    open_task(clerk, town, number)
    act(clerk, "审查通过", "符合要求")
    with visitor(browser) as leader:
        sign_in(leader, town, "leader.market")
        decide(leader, town, number)


def open_delivery(page: Page, town: Town) -> None:
    """From the list of what is to be delivered, as soon as the case has ended."""
    page.goto(f"{town.base}/services/delivery/")
    link = page.locator("main").get_by_role("row").filter(has_text=ITEM).get_by_role("link")
    reload_for(page, link)
    check_access(page)
    link.first.click()
    check_access(page)


def press(page: Page, name: str, words: str) -> None:
    """A step of the delivery."""
    page.get_by_role("button", name=re.compile(name)).click()
    expect(page.locator("main")).to_contain_text(words)


def hand_out(page: Page) -> None:
    """Not to a stranger; to the applicant by his card, who signs for it."""
    page.get_by_label("领取人姓名").fill("钱五")
    page.get_by_role("radio", name="居民身份证原件", exact=True).check()
    press(page, "^已领取$", "领取人不是申请人")
    check_access(page)
    page.get_by_label("领取人姓名").fill(NAME)
    sign_on_the_pad(page)
    press(page, "^已领取$", "已领取（核对证件）")
    check_access(page)


def test_a_town_counter_serves_who_is_not_online(town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser) as counter, visitor(browser) as clerk:
        take_down_the_person(counter, town)
        begin(counter)
        type_for_him(counter, paper)
        number, code = show_and_hand_in(counter)
        choose_to_collect_in_town(counter)
        batch = pass_up(counter, town)

        sign_in(clerk, town, "clerk.market")
        receive(clerk, town, batch)
        grant(town, browser, clerk, number)

        open_delivery(clerk, town)
        press(clerk, "^送往", f"送往{PLACE}")
        open_delivery(counter, town)
        press(counter, "^已到", "等待领取")
        hand_out(counter)

    track_as_stranger(town, browser, number, code)
    assert "核验通过" in town.command("ledger", "verify")
