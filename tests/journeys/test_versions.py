"""One item drives everything: form and process made by offices, reviewed, applied for; then a second version."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import test_forms as forms
from tests.journeys import test_item_authoring as items
from tests.journeys import test_modeller as processes
from tests.journeys.steps import act, decide, fill_in, hand_in, open_task
from tests.journeys.town import Town, sign_in, visitor

ITEM = "流动摊点设置许可"
CODE = "1198072300720319364980131998000"
FORM = "流动摊点申请表"
PROCESS = "一般事项办理流程"
APPLICANT = "13900000001"
NEIGHBOUR = "13900000002"

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def make_form(page: Page, town: Town) -> None:
    """A form with one question, published."""
    page.goto(f"{town.base}/forms/")
    page.get_by_role("link", name="新建表单").click()
    page.get_by_label("表单名称").fill(FORM)
    page.get_by_role("button", name="建立表单").click()
    forms.add(page, "数字")
    forms.name_it(page, "摊位面积")
    publish_form(page)


def publish_form(page: Page) -> None:
    """The form as it is becomes the next version."""
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_role("button", name="发布这个版本").click()
    expect(page.locator("main")).to_contain_text("（现行）")


def draw_process(page: Page, town: Town) -> str:
    """A task of legal review between examination and decision, tried out and handed in; the draft's address."""
    processes.copy_of_the_process(page, town, PROCESS)
    added = processes.drop_a_task(page)
    processes.choose(page, added)
    page.get_by_label("名称", exact=True).fill("法制审核")
    page.get_by_label("办理单位").fill("lead")
    page.get_by_label("办理角色").select_option(label="审批负责人")
    page.get_by_label("连到").select_option("decide")
    processes.choose(page, "flow_reviewed")
    page.get_by_role("button", name="删去这个元素").click()
    processes.choose(page, "examine")
    page.get_by_label("连到").select_option(added)
    processes.tab(page, "检查")
    expect(page.locator("#panel-checks")).to_contain_text("检查通过")
    try_out(page)
    page.get_by_role("button", name="保存并报批").click()
    expect(page.locator("main")).to_contain_text("已报批")
    return page.url


def try_out(page: Page) -> None:
    """From the application to the end, once."""
    processes.tab(page, "试运行")
    panel = page.locator("#panel-trial")
    for name in ("提出申请", "受理", "审查通过", "办结", "准予许可", "系统办完"):
        panel.get_by_role("button", name=name, exact=True).click()
    expect(panel).to_contain_text("这一件已经办完")
    panel.get_by_label("给这次试运行起个名称").fill("先法制审核")
    panel.get_by_role("button", name="保存试运行记录").click()
    expect(page.locator("#trials")).to_contain_text("先法制审核")


def turn(page: Page, title: str) -> None:
    """Save and turn to the next part."""
    page.get_by_role("button", name=re.compile("^保存，下一节")).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def make_item(page: Page, town: Town) -> None:
    """The item with the form and the process, no papers to hand in."""
    page.goto(f"{town.base}/items/desk/")
    page.locator("main").get_by_role("link", name="新建事项").click()
    page.get_by_label("事项名称").fill(ITEM)
    page.get_by_label("事项类型").select_option("01")
    page.get_by_role("button", name="建立暂存稿").click()
    page.get_by_label("实施编码").fill(CODE)
    for choice in ("自然人和法人", "承诺件", "全程网办"):
        page.get_by_role("radio", name=choice).check()
    page.get_by_label("到现场次数").fill("0")
    turn(page, "依据与权限")
    page.get_by_label("设定依据").first.fill("城市市容和环境卫生管理条例 第十四条")
    page.get_by_label("办理条件").fill("在划定的区域和时段内")
    page.get_by_label("数量限制").fill("按划定的摊位数")
    turn(page, "时限与特别环节")
    items.limit(page, "法定时限", "20", "WD")
    items.limit(page, "承诺时限", "8", "WD")
    for title in ("申请材料", "收费"):
        turn(page, title)
    page.get_by_label("收费说明").fill("不收费")
    for title in ("告知承诺与容缺", "表单"):
        turn(page, title)
    choose_registered(page, "form_key", FORM)
    turn(page, "流程与联办单位")
    choose_registered(page, "process_key", PROCESS)
    page.get_by_label("办理程序").fill("申请\n受理\n审查\n法制审核\n决定")
    turn(page, "办理信息")
    page.get_by_label("办理结果").fill("流动摊点设置许可证")
    page.get_by_label("咨询电话").fill("12345")
    turn(page, "常见问题")


def choose_registered(page: Page, name: str, words: str) -> None:
    """An entry of a register by its name."""
    field = page.locator(f"select[name={name}]")
    option = field.locator("option").filter(has_text=words).first
    field.select_option(option.get_attribute("value") or "")


def review(town: Town, browser: Browser, page: Page, reason: str, *, item: str = ITEM) -> None:
    """Sent by the editor whose page stands on the item, judged by three."""
    page.goto(f"{town.base}/items/desk/?q={item}")
    page.locator("main").get_by_role("link", name=item).first.click()
    page.get_by_role("link", name="送审", exact=True).click()
    page.get_by_label("编制或者修改的理由").fill(reason)
    page.get_by_role("button", name="送审", exact=True).click()
    expect(page.locator("main")).to_contain_text("已送审")
    for name, outcome in (
        ("leader.market", "同意上报"),
        ("legal.reviewer", "审核通过"),
        ("item.admin", "同意发布"),
    ):
        with visitor(browser) as reviewer:
            items.judge(reviewer, town, name, outcome, "同意", item=item)


def apply(page: Page, town: Town, name: str, question: str) -> str:
    """Fill in and submit; the number of the application."""
    sign_in(page, town, name, official=False)
    page.goto(f"{town.base}/items/{CODE}/")
    page.get_by_role("link", name="立即办理").first.click()
    page.get_by_role("button", name=re.compile("开始填写|接着填写")).click()
    expect(page.get_by_label(question)).to_be_visible()
    fill_in(page)
    return hand_in(page)[0]


def second_version(page: Page, town: Town) -> None:
    """One more question in the form, a shorter promise, the form's new version chosen."""
    page.goto(f"{town.base}/forms/")
    page.locator("main").get_by_role("link", name=FORM).first.click()
    page.get_by_role("button", name="编辑新的版本").click()
    forms.add(page, "数字")
    forms.name_it(page, "使用天数")
    publish_form(page)
    page.goto(f"{town.base}/items/desk/?q={ITEM}")
    page.locator("main").get_by_role("link", name=ITEM).first.click()
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_role("link", name=re.compile("时限与特别环节")).first.click()
    items.limit(page, "承诺时限", "5", "WD")
    turn(page, "申请材料")


def test_a_second_version_leaves_the_first_case_alone(changed_town: Town, browser: Browser) -> None:
    with visitor(browser) as drawer:
        sign_in(drawer, changed_town, "process.admin")
        draft = draw_process(drawer, changed_town)
    with visitor(browser) as second:
        sign_in(second, changed_town, "process.second")
        second.goto(draft)
        second.get_by_role("button", name="批准启用").click()
        expect(second.locator("main")).to_contain_text("已启用")
    with visitor(browser) as editor:
        sign_in(editor, changed_town, "editor.market")
        make_form(editor, changed_town)
        make_item(editor, changed_town)
        review(changed_town, browser, editor, "县政府关于流动摊点管理的通知")

        with visitor(browser, phone=True) as citizen:
            number = apply(citizen, changed_town, APPLICANT, "摊位面积")
        with visitor(browser) as clerk:
            sign_in(clerk, changed_town, "clerk.market")
            open_task(clerk, changed_town, number)
            act(clerk, "受理", "材料齐全，符合法定形式")

        second_version(editor, changed_town)
        review(changed_town, browser, editor, "压缩承诺时限")

    with visitor(browser, phone=True) as neighbour:
        neighbour.goto(f"{changed_town.base}/items/{CODE}/")
        expect(neighbour.locator("main")).to_contain_text("5 个工作日")
        apply(neighbour, changed_town, NEIGHBOUR, "使用天数")

    with visitor(browser) as clerk:
        sign_in(clerk, changed_town, "clerk.market")
        open_task(clerk, changed_town, number)
        page = clerk.locator("main")
        expect(page).to_contain_text("8 个工作日")
        expect(page).not_to_contain_text("使用天数")
        act(clerk, "审查通过", "符合要求")
    with visitor(browser) as leader:
        sign_in(leader, changed_town, "leader.market")
        open_task(leader, changed_town, number)
        act(leader, "办结", "合法")
        decide(leader, changed_town, number)
    with visitor(browser, phone=True) as citizen:
        sign_in(citizen, changed_town, APPLICANT, official=False)
        citizen.goto(f"{changed_town.base}/services/mine/")
        citizen.get_by_role("link", name=re.compile(ITEM)).first.click()
        expect(citizen.locator("main")).to_contain_text("已经办结：准予")
