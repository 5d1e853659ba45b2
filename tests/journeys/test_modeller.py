"""A process of one's own: drawn in the browser, refused, mended, tried out, approved by a second person, watched."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import apply_on_the_phone
from tests.journeys.town import Town, sign_in, visitor

REVIEWS = ("消防安全检查意见", "招牌设置意见", "房屋安全与排水意见", "烟草零售布局意见")
TITLE = "开办餐饮店一件事"

pytestmark = pytest.mark.timeout(600)


def shape(page: Page, name: str) -> Locator:
    """A shape of the drawing by its id."""
    return page.locator(f".djs-shape[data-element-id='{name}']")


def tab(page: Page, name: str) -> None:
    """Turn to what stands beside the drawing."""
    page.get_by_role("tab", name=re.compile(name)).click()


def choose(page: Page, element: str) -> None:
    """Choose an element by the list in the panel, as one does without a mouse."""
    tab(page, "设置")
    page.get_by_label("图上的元素").select_option(element)


def copy_of_the_process(page: Page, town: Town, title: str = TITLE) -> None:
    """From the list to the drawing page."""
    page.goto(f"{town.base}/processes/")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="复制为草稿").click()
    page.get_by_role("button", name="建立草稿").click()
    page.locator("[data-ready]").wait_for()


def drop_a_task(page: Page) -> str:
    """A task from the palette, dropped below the decision; returns its id."""
    listed = page.get_by_label("图上的元素").locator("option")
    before = set(listed.evaluate_all("options => options.map(one => one.value)"))
    decide = shape(page, "decide").bounding_box()
    assert decide is not None
    x, y = decide["x"] + decide["width"] / 2, decide["y"] + 2.2 * decide["height"]
    page.locator(".djs-palette [data-action='create.user']").click()
    page.mouse.move(x, y - 10)
    page.mouse.move(x, y, steps=4)
    page.mouse.click(x, y)
    expect(page.locator("[data-status]")).to_contain_text("有改动")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(listed).to_have_count(len(before) + 1)
    after = set(listed.evaluate_all("options => options.map(one => one.value)"))
    [added] = after - before
    return str(added)


def mend(page: Page, added: str) -> None:
    """The check names what is wrong, a click leads there; with its settings and arrows the drawing runs again."""
    tab(page, "检查")
    page.locator("#panel-checks").get_by_role("button", name=re.compile("没有进入的连线")).click()
    expect(shape(page, added)).to_have_class(re.compile("flow-faulty"))
    tab(page, "设置")
    page.get_by_label("名称", exact=True).fill("法制审核")
    page.get_by_label("办理单位").fill("lead")
    page.get_by_label("办理角色").select_option(label="审批负责人")
    page.get_by_label("连到").select_option("decide")
    choose(page, "flow_reviewed")
    page.get_by_role("button", name="删去这个元素").click()
    choose(page, "join")
    page.get_by_label("连到").select_option(added)
    expect(shape(page, added)).not_to_have_class(re.compile("flow-faulty"))
    tab(page, "检查")
    expect(page.locator("#panel-checks")).to_contain_text("检查通过")


def try_it_out(page: Page, added: str) -> None:
    """From the application to the end, beside the drawing; then the trial is kept."""
    tab(page, "试运行")
    panel = page.locator("#panel-trial")
    panel.get_by_role("button", name="提出申请").click()
    panel.get_by_role("button", name="受理", exact=True).click()
    for name in REVIEWS:
        waiting = panel.get_by_role("group", name=name)
        waiting.get_by_role("button", name="同意", exact=True).click()
        expect(waiting).to_have_count(0)
    expect(shape(page, added)).to_have_class(re.compile("flow-active"))
    panel.get_by_role("group", name="法制审核").get_by_role("button", name="办结").click()
    panel.get_by_role("button", name="准予许可").click()
    panel.get_by_role("button", name="系统办完").click()
    expect(panel).to_contain_text("这一件已经办完")
    panel.get_by_label("给这次试运行起个名称").fill("法制审核后准予")
    panel.get_by_role("button", name="保存试运行记录").click()
    expect(page.locator("#trials")).to_contain_text("法制审核后准予")


def test_a_process_from_drawing_to_monitor(changed_town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser) as drawer:
        sign_in(drawer, changed_town, "process.admin")
        copy_of_the_process(drawer, changed_town)
        check_access(drawer)
        added = drop_a_task(drawer)
        mend(drawer, added)
        try_it_out(drawer, added)
        check_access(drawer)
        drawer.get_by_role("button", name="保存并报批").click()
        expect(drawer.locator("main")).to_contain_text("已报批")
        expect(drawer.get_by_role("button", name="批准启用")).to_have_count(0)
        draft = drawer.url

        with visitor(browser, phone=True) as second:
            sign_in(second, changed_town, "process.second")
            second.goto(draft)
            expect(second.locator("#comparison")).to_contain_text(
                "人工任务“法制审核”（办理角色 审批负责人，办理单位 牵头部门）。"
            )
            check_access(second)
            second.get_by_role("button", name="批准启用").click()
            expect(second.locator("main")).to_contain_text("已启用")

    with visitor(browser, phone=True) as citizen:
        number, _code = apply_on_the_phone(citizen, changed_town, paper)
    with visitor(browser) as supervisor:
        sign_in(supervisor, changed_town, "supervisor")
        supervisor.goto(f"{changed_town.base}/processes/monitor/")
        version = supervisor.locator("main tr").filter(has_text=TITLE).filter(has_text="第 2 版")
        version.get_by_role("link").first.click()
        expect(supervisor.locator("h1")).to_contain_text("第 2 版")
        supervisor.locator("[data-drawing] g[data-node='accept']").click()
        expect(supervisor.locator("#cases")).to_contain_text("停在“受理”的办件")
        check_access(supervisor)
        supervisor.get_by_role("link", name=number).click()
        expect(supervisor.locator("main")).to_contain_text("走过的环节")
        check_access(supervisor)


def rename(page: Page, name: str) -> None:
    """Give the task of acceptance another name, and save."""
    choose(page, "accept")
    page.get_by_label("名称", exact=True).fill(name)
    page.get_by_role("button", name="保存", exact=True).click()


def test_two_who_draw_at_once_lose_nothing(changed_town: Town, browser: Browser) -> None:
    with visitor(browser) as first, visitor(browser) as later:
        sign_in(first, changed_town, "process.admin")
        copy_of_the_process(first, changed_town, "一般事项办理流程")
        sign_in(later, changed_town, "process.second")
        later.goto(first.url)
        later.locator("[data-ready]").wait_for()
        rename(later, "乙的受理")
        expect(later.locator("[data-status]")).to_contain_text("已保存")

        rename(first, "甲的受理")

        expect(first.locator("[data-conflict]")).to_contain_text("流程员乙已经在您打开之后保存过")
        expect(shape(first, "accept")).to_contain_text("甲的受理")
        check_access(first)
        first.get_by_role("button", name="放弃我的，载入对方保存的").click()
        expect(shape(first, "accept")).to_contain_text("乙的受理")
