"""A draft with three files survives whatever happens to it: closed, killed, signed out, moved to a newer form."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.journeys import test_forms as forms
from tests.journeys import test_versions as versions
from tests.journeys.steps import APPLICANT, ITEM, fill_in, upload
from tests.journeys.test_kills import kill
from tests.journeys.town import Town, sign_in, visitor

FORM = "开办餐饮店一件事申请表"
FILES = ("premises_proof", "layout_plan", "signboard_picture")
SHOP = "河畔小馆"

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def begin(page: Page, town: Town, paper: Path) -> str:
    """All answers and three files, not submitted; the address of the materials."""
    page.goto(f"{town.base}/items/?theme=开店经营")
    page.get_by_role("link", name=ITEM).first.click()
    page.get_by_role("link", name="立即办理").first.click()
    sign_in(page, town, APPLICANT, official=False)
    page.get_by_role("button", name=re.compile("开始填写|接着填写")).click()
    fill_in(page)
    for key in FILES:
        upload(page, key, paper)
    return page.url


def signed_in_again(page: Page, town: Town) -> None:
    """Sign in as soon as the town answers again."""
    for _ in range(60):
        try:
            sign_in(page, town, APPLICANT, official=False)
            return
        except (Error, AssertionError):
            page.wait_for_timeout(1000)
            page.goto("about:blank")  # the page of an error stands at the same address
    sign_in(page, town, APPLICANT, official=False)


def all_there(page: Page, address: str, paper: Path) -> None:
    """The three files and the shop's name."""
    page.goto(address)
    for key in FILES:
        expect(page.locator(f"#material-{key} .hall-file").last).to_contain_text(paper.name)
    page.goto(address.replace("/materials/", "/form/2/"))
    expect(page.get_by_label("店铺名称（店招）")).to_have_value(SHOP)


def newer_version(town: Town, browser: Browser) -> None:
    """The form gets one more question, the item its second version."""
    with visitor(browser) as keeper:
        sign_in(keeper, town, "item.admin")
        keeper.goto(f"{town.base}/forms/")
        keeper.locator("main").get_by_role("link", name=FORM).first.click()
        keeper.get_by_role("button", name="编辑新的版本").click()
        forms.add(keeper, "数字")
        forms.name_it(keeper, "灶台数量")
        versions.publish_form(keeper)
    with visitor(browser) as editor:
        sign_in(editor, town, "editor.market")
        editor.goto(f"{town.base}/items/desk/?q={ITEM}")
        editor.locator("main").get_by_role("link", name=ITEM).first.click()
        editor.get_by_role("button", name="修改", exact=True).click()
        expect(editor.locator("main")).to_contain_text("已从第 1 版建立暂存稿")
        versions.review(town, browser, editor, "申请表增加灶台数量", item=ITEM)


def test_nothing_of_a_draft_is_lost(own_town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser, phone=True) as phone:
        address = begin(phone, own_town, paper)

    kill(own_town, "zhengtong.entry.main worker")
    kill(own_town, "database")

    with visitor(browser) as desk:
        signed_in_again(desk, own_town)
        all_there(desk, address, paper)
        desk.context.clear_cookies(name="sessionid")
        desk.get_by_label("店铺名称（店招）").fill("河畔小馆二店")
        expect(desk.locator("[data-autosave-status]")).to_contain_text("登录已经过期")
        again = desk.context.new_page()
        again.set_default_timeout(15_000)
        sign_in(again, own_town, APPLICANT, official=False)
        again.close()
        desk.evaluate("window.dispatchEvent(new Event('focus'))")
        forms.saved(desk)

    newer_version(own_town, browser)

    with visitor(browser, phone=True) as other:
        sign_in(other, own_town, APPLICANT, official=False)
        other.goto(address)
        expect(other.locator("main")).to_contain_text("办事指南已更新")
        other.get_by_role("button", name="转到新版本，接着填写").click()
        other.goto(address)
        for key in FILES:
            expect(other.locator(f"#material-{key} .hall-file").last).to_contain_text(paper.name)
        other.goto(address.replace("/materials/", "/form/2/"))
        expect(other.get_by_label("店铺名称（店招）")).to_have_value("河畔小馆二店")
        other.goto(address.replace("/materials/", "/form/1/"))
        expect(other.get_by_label("灶台数量")).to_be_visible()
