"""An office makes an item from nothing: typed, reviewed by three, published, found by a citizen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.town import Town, sign_in, visitor

NAME = "户外宣传品设置许可"
CODE = "1198072300720319364980131999000"
MATERIALS = ("申请表", "设置效果图", "场地使用证明", "安全承诺书", "营业执照")

pytestmark = pytest.mark.timeout(300)


def go_on(page: Page, title: str) -> None:
    """Save and turn to the next part."""
    check_access(page)
    page.get_by_role("button", name=re.compile("^保存，下一节")).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def limit(page: Page, name: str, number: str, unit: str) -> None:
    """A limit: the number and its unit."""
    group = page.get_by_role("group", name=name)
    group.get_by_label("数", exact=True).fill(number)
    group.get_by_label("单位", exact=True).select_option(unit)


def basics(page: Page) -> None:
    """What it is, on what basis, how long it takes."""
    page.get_by_label("实施编码").fill(CODE)
    page.get_by_role("radio", name="自然人和法人").check()
    page.get_by_role("radio", name="承诺件").check()
    page.get_by_role("radio", name="全程网办").check()
    page.get_by_label("到现场次数").fill("0")
    page.get_by_label("主题").fill("开店经营\n户外设施")
    go_on(page, "依据与权限")
    page.get_by_label("设定依据").first.fill("城市市容和环境卫生管理条例 第十一条")
    page.get_by_label("办理条件").fill("设置地点不影响市容和交通\n结构安全")
    page.get_by_label("数量限制").fill("没有数量限制")
    go_on(page, "时限与特别环节")
    limit(page, "法定时限", "20", "WD")
    limit(page, "承诺时限", "8", "WD")
    expect(page.locator("[data-live=judgement]")).to_contain_text("压缩了 60%")
    go_on(page, "申请材料")


def materials(page: Page) -> None:
    """Five papers, one after the other; the last is moved to the top, and a sample is uploaded."""
    for number, name in enumerate(MATERIALS):
        if number:
            page.get_by_role("button", name="添加一份材料").click()
        row = page.locator("#materials .item-row").nth(number)
        row.get_by_label("材料名称").fill(name)
    page.locator("#materials .item-row").first.get_by_label("示例说明").fill("样式见大厅公示栏")
    page.locator("#materials .item-row").nth(4).get_by_role("button", name="上移").click()
    expect(page.locator("#materials summary").nth(3)).to_contain_text("营业执照")


def rest(page: Page) -> None:
    """A fee, the form, two units at the same time, the window."""
    page.get_by_role("button", name="添加一个收费项目").click()
    row = page.locator("#fees .item-row").first
    row.get_by_label("收费项目").fill("证书工本费")
    row.get_by_label("金额（元）").fill("10")
    row.get_by_label("收费依据").fill("行政许可法 第五十八条；县发改局核定的标准")
    page.get_by_label("收费说明").fill("10 元/证")
    go_on(page, "告知承诺与容缺")
    go_on(page, "表单")
    go_on(page, "流程与联办单位")
    for number, (unit, days) in enumerate((("青禾县城市管理和综合执法局", "5"), ("青禾县消防救援大队", "3"))):
        page.get_by_role("button", name="添加一个联办单位").click()
        row = page.locator("#joint_units .item-row").nth(number)
        row.get_by_role("searchbox").fill(unit)
        row.get_by_role("searchbox").press("Enter")
        limit(row, "审查时限", days, "WD")  # type: ignore[arg-type]  # a part of the page answers the same calls
    page.get_by_label("办理程序").fill("申请\n受理\n同时审查\n决定")
    expect(page.locator("[data-live=route]")).to_contain_text("青禾县消防救援大队")
    expect(page.locator("[data-live=route] svg")).to_be_visible()
    go_on(page, "办理信息")
    page.get_by_label("办理结果").fill("户外宣传品设置许可证")
    page.get_by_label("咨询电话").fill("12345")


def send(page: Page) -> None:
    """Look at the guide, then send to review with a reason."""
    page.get_by_role("button", name="保存并预览指南").click()
    guide = page.frame_locator("iframe").first
    expect(guide.get_by_role("heading", name=NAME)).to_be_visible()
    expect(guide.locator("main")).to_contain_text("青禾县消防救援大队")
    check_access(page)
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_role("link", name="送审", exact=True).click()
    page.get_by_label("编制或者修改的理由").fill("县政府关于规范户外宣传品设置的通知")
    check_access(page)
    page.get_by_role("button", name="送审", exact=True).click()
    expect(page.locator("main")).to_contain_text("已送审")


def judge(page: Page, town: Town, name: str, outcome: str, opinion: str, *, item: str = NAME) -> None:
    """One step of the review."""
    sign_in(page, town, name)
    page.goto(f"{town.base}/items/desk/reviews/")
    page.get_by_role("link", name=item).click()
    expect(page.locator("iframe")).to_be_visible()
    check_access(page)
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_label("意见", exact=False).last.fill(opinion)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("已办结")


def test_an_item_from_nothing_to_the_citizen(town: Town, browser: Browser, tmp_path: Path) -> None:
    with visitor(browser) as editor:
        sign_in(editor, town, "editor.market")
        editor.goto(f"{town.base}/items/desk/")
        check_access(editor)
        editor.locator("main").get_by_role("link", name="新建事项").click()
        editor.get_by_label("事项名称").fill(NAME)
        editor.get_by_label("事项类型").select_option("01")
        editor.get_by_role("button", name="建立暂存稿").click()
        basics(editor)
        materials(editor)
        go_on(editor, "收费")
        rest(editor)
        send(editor)

    for name, outcome, opinion in (
        ("leader.market", "同意上报", "符合本单位职责"),
        ("legal.reviewer", "审核通过", "依据准确，程序合法"),
        ("item.admin", "同意发布", "审定"),
    ):
        with visitor(browser) as reviewer:
            judge(reviewer, town, name, outcome, opinion)

    with visitor(browser, phone=True) as citizen:
        citizen.goto(f"{town.base}/items/?department=G22&theme=户外设施")
        citizen.get_by_role("link", name=NAME).click()
        guide = citizen.locator("main")
        for words in (*MATERIALS, "8 个工作日", "证书工本费", "青禾县消防救援大队", "第 1 版"):
            expect(guide).to_contain_text(words)
