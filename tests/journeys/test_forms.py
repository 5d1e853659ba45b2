"""A form of one's own: made in the browser, published; and a draft that survives another device and a lost session."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import APPLICANT, ITEM, begin
from tests.journeys.town import Town, sign_in, visitor

TITLE = "占道经营申请表"

pytestmark = pytest.mark.timeout(600)


def add(page: Page, kind: str) -> None:
    """One more question of a kind at the end of the first page; its card stands open afterwards."""
    page.get_by_text("添加一个问题").first.click()
    page.get_by_role("button", name=re.compile(f"^{kind}")).first.click()
    expect(page.locator("[data-card]")).to_be_visible()


def name_it(page: Page, label: str) -> None:
    """Write the question and save the card."""
    page.locator("[data-card]").get_by_label("问题", exact=True).fill(label)
    save(page)


def save(page: Page) -> None:
    """Save the open card."""
    page.locator("[data-card]").get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-card]")).to_have_count(0)


def build(page: Page) -> None:
    """Two kinds, a condition, a formula."""
    add(page, "单选")
    name_it(page, "是否占用盲道")
    add(page, "数字")
    name_it(page, "占用面积")
    page.get_by_role("link", name="占用面积").click()
    page.locator("#when-0-field").select_option(label="是否占用盲道")
    page.locator("[data-card]").get_by_label("选项一").check()
    save(page)
    expect(page.locator("#builder")).to_contain_text("只在“是否占用盲道”是“选项一”时出现")
    add(page, "自动计算")
    for place, words in (("#formula-op", "相乘"), ("#formula-0-of", "占用面积"), ("#formula-1-of", "自己填")):
        page.locator(place).select_option(label=words)
        expect(page.locator("[data-builder][aria-busy]")).to_have_count(0)
    page.locator("#formula-1-value").fill("2.5")
    name_it(page, "应缴费用")
    expect(page.locator("#builder")).to_contain_text("“占用面积” × 2.5")


def test_a_form_is_made_tried_and_published(town: Town, browser: Browser) -> None:
    with visitor(browser) as page:
        sign_in(page, town, "editor.market")
        page.goto(f"{town.base}/forms/")
        page.get_by_role("link", name="新建表单").click()
        page.get_by_label("表单名称").fill(TITLE)
        page.get_by_role("button", name="建立表单").click()
        build(page)
        check_access(page)
        preview = page.frame_locator("[data-preview]")
        expect(preview.get_by_label(re.compile("占用面积"))).to_be_hidden()
        preview.get_by_label("选项一").check()
        preview.get_by_label(re.compile("占用面积")).fill("12")
        expect(preview.locator("[data-computed]")).to_have_text("30")

        page.get_by_role("link", name="发布", exact=True).click()
        page.get_by_role("button", name="发布这个版本").click()
        expect(page.locator("main")).to_contain_text("第 1 版（现行）")
        check_access(page)


def open_draft(page: Page, town: Town) -> None:
    """The first page of the form, new or taken up again."""
    page.goto(f"{town.base}/items/?q={ITEM}")
    page.get_by_role("link", name=re.compile(ITEM)).first.click()
    page.get_by_role("link", name="立即办理").first.click()
    if "/accounts/login/" in page.url:
        sign_in(page, town, APPLICANT, official=False)
    begin(page)
    expect(page.locator("form[data-fill]")).to_be_visible()


def saved(page: Page) -> None:
    """The page says that it saved."""
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"已保存 \d\d:\d\d"))


def test_a_draft_survives_another_device_and_a_lost_session(town: Town, browser: Browser) -> None:
    with visitor(browser, phone=True) as phone, visitor(browser) as desk:
        open_draft(phone, town)
        check_access(phone)
        phone.get_by_label("负责人电话").fill("1380")
        phone.keyboard.press("Tab")
        expect(phone.locator(".zt-error").first).to_contain_text("应为 11 位手机号码")
        with phone.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
            phone.get_by_label("负责人电话").fill("13800000077")
        saved(phone)

        sign_in(desk, town, APPLICANT, official=False)
        desk.goto(f"{town.base}/services/mine/")
        desk.get_by_role("link", name=re.compile("继续填写|接着填写")).first.click()
        desk.goto(phone.url)
        number = desk.get_by_label("负责人电话")
        expect(number).to_have_value("13800000077")

        desk.context.clear_cookies(name="sessionid")
        number.fill("13800000088")
        expect(desk.locator("[data-autosave-status]")).to_contain_text("登录已经过期")
        expect(number).to_have_value("13800000088")
        again = desk.context.new_page()
        again.set_default_timeout(15_000)
        sign_in(again, town, APPLICANT, official=False)
        again.close()
        desk.bring_to_front()
        desk.evaluate("window.dispatchEvent(new Event('focus'))")
        saved(desk)

        phone.reload()
        expect(phone.get_by_label("负责人电话")).to_have_value("13800000088")
