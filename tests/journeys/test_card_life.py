"""A limit passes: yellow, then red on the wall; the unit explains, is confirmed, appeals, and is put right again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.access import check_access
from tests.journeys.steps import act, apply_for, download, open_task, reload_for
from tests.journeys.town import Town, sign_in, visitor

ITEM = "食品小经营(小餐饮)许可"
UNIT = "青禾县市场监督管理局"
NEAR, LATE = "承诺办结时限临近", "超过承诺办结时限"
EXPLANATION = "勘验当天停电，已与申请人约定改期。"
APPEAL = "停电由供电公司造成，有公告，不是本单位责任。"
CANCELLED = "核对停电公告，申诉属实，予以撤销。"

pytestmark = [pytest.mark.timeout(900), pytest.mark.full]


def test_a_card_from_the_limit_to_its_cancellation(
    own_town: Town, browser: Browser, paper: Path, tmp_path: Path
) -> None:
    on_a_morning_early_in_the_month(own_town)
    number = taken_in(own_town, browser, paper)
    with visitor(browser) as supervisor, visitor(browser) as unit:
        sign_in(supervisor, own_town, "supervisor")
        wall, board = live_pages(supervisor, own_town)
        let_it_pass(own_town, wall, board, NEAR, "黄牌")
        before = score(supervisor, own_town)
        let_it_pass(own_town, wall, board, LATE, "红牌")

        sign_in(unit, own_town, "clerk.market")
        card = open_from_message(unit, own_town, f"红牌：{ITEM}", number)
        explain(unit, paper)
        confirm(supervisor, own_town, number, tmp_path)
        lower = score(supervisor, own_town)
        assert lower < before
        open_score(supervisor, "红牌 1 张", "计为红牌")

        unit.goto(card)
        appeal(unit, paper)
        with visitor(browser) as second:
            sign_in(second, own_town, "supervisor.second")
            cancel(second, own_town, card)
        wall_calms_down(wall)
        assert score(supervisor, own_town) == before
        open_score(supervisor, "已撤销，不计分")
        stays_visible(supervisor, unit, own_town, card, number)
        drill_down(supervisor, own_town, number)
        with visitor(browser) as auditor:
            read_ledger(auditor, own_town, card)
    assert "核验通过" in own_town.command("ledger", "verify")


# --- until it lights -------------------------------------------------------------------------------------------------


def on_a_morning_early_in_the_month(town: Town) -> None:
    """A limit of three working days runs and passes within one month, and so one score; no midnight comes between."""
    hour = re.search(r"(\d+):\d\d", town.command("demo", "clock"))
    assert hour
    town.command("demo", "clock", "--forward", f"{(33 - int(hour.group(1))) % 24}h")
    while (day := today(town)[2]) > 15:
        town.command("demo", "clock", "--forward", f"{max(1, 29 - day)}d")


def today(town: Town) -> tuple[int, int, int]:
    """The demonstration's day."""
    found = re.search(r"(\d+)年(\d+)月(\d+)日", town.command("demo", "clock"))
    assert found
    year, month, day = map(int, found.groups())
    return year, month, day


def taken_in(town: Town, browser: Browser, paper: Path) -> str:
    """A citizen applies, the window takes it in, and nobody goes on with it; its number."""
    with visitor(browser, phone=True) as citizen:
        number, _code = apply_for(citizen, town, "小餐饮", ITEM, paper)
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, number)
        act(clerk, "受理", "材料齐全，符合法定形式")
    return number


def live_pages(supervisor: Page, town: Town) -> tuple[Page, Page]:
    """The wall of the hall and the board beside it, which nobody touches from now on."""
    wall, board = supervisor.context.new_page(), supervisor.context.new_page()
    for page, path in ((wall, "wall"), (board, "board")):
        page.goto(f"{town.base}/supervision/{path}/")
        page.evaluate("window.openedOnce = true")
        check_access(page)
    expect(wall.locator("body")).to_contain_text("现在没有单位亮牌")
    return wall, board


def let_it_pass(town: Town, wall: Page, board: Page, rule: str, level: str) -> None:
    """Day by day, until wall and board show the card by themselves."""
    answers: list[int] = []

    def note(answer: Response) -> None:
        if answer.url.endswith("/wall/live/"):
            answers.append(answer.status)

    wall.on("response", note)
    shown = wall.locator(".sup-latest li").filter(has_text=rule)
    for _day in range(14):
        town.command("demo", "clock", "--forward", "1d")
        # a second for the light, two for the card, one for the page
        wall.wait_for_timeout(5000)
        if shown.count():
            break
    wall.remove_listener("response", note)
    expect(shown).to_contain_text(level)
    expect(shown).to_contain_text(UNIT)
    label = wall.locator(".zt-figure-label").filter(has_text=re.compile(rf"^[\s▲■]*{level}\s*$"))
    expect(wall.locator(".zt-figure").filter(has=label).locator(".zt-figure-value")).to_have_text(re.compile(r"^\s*1"))
    expect(board.locator(".sup-latest li").filter(has_text=rule)).to_contain_text(level)
    assert 304 in answers, "while nothing changes the page is told so"
    assert 200 in answers
    for page in (wall, board):
        assert page.evaluate("window.openedOnce"), "the page was loaded again"
        check_access(page)


# --- the unit and its judges -----------------------------------------------------------------------------------------


def open_from_message(page: Page, town: Town, title: str, number: str) -> str:
    """From the site message to the card; its address."""
    page.goto(f"{town.base}/messages/")
    link = page.locator("main").get_by_role("button", name=re.compile(re.escape(title)))
    reload_for(page, link)
    check_access(page)
    link.first.click()
    main = page.locator("main")
    for words in (LATE, number, "3 个工作日", UNIT, "请在"):
        expect(main).to_contain_text(words)
    check_access(page)
    return page.url


def open_act(page: Page, title: str) -> None:
    """Unfold what is to be done, where it is not open already."""
    part = page.locator("details.sup-act").filter(has=page.get_by_text(title, exact=True))
    if part.get_attribute("open") is None:
        part.locator("summary").click()


def answer_card(page: Page, title: str, button: str, words: str) -> None:
    """Carry out an act of a card with typed words."""
    open_act(page, title)
    part = page.locator("details.sup-act").filter(has=page.get_by_text(title, exact=True))
    part.locator("textarea[name=reason]").fill(words)
    part.get_by_role("button", name=button).click()
    expect(page.get_by_label("处理经过")).to_contain_text(words)


def explain(unit: Page, paper: Path) -> None:
    """Too few words, then a file that is none: told in a sentence, nothing is lost; then in earnest."""
    form = unit.locator("details.sup-act").filter(has=unit.get_by_text("说明情况", exact=True))
    open_act(unit, "说明情况")
    form.locator("textarea").fill("停电")
    form.get_by_role("button", name="提交说明").click()
    expect(form).to_contain_text("请写明理由，至少 5 个字。")
    expect(form.locator("textarea")).to_have_value("停电")
    check_access(unit)
    form.locator("select[name=phrase]").select_option(label="现场勘验改期，已与申请人约定时间。")
    form.locator("textarea").fill(EXPLANATION)
    form.get_by_label("附件").set_input_files({"name": "公告.txt", "mimeType": "text/plain", "buffer": b"power cut"})
    form.get_by_role("button", name="提交说明").click()
    expect(form).to_contain_text("“公告.txt”不是可接收的类型")
    expect(form.locator("textarea")).to_have_value(EXPLANATION)
    expect(form.locator("select[name=phrase]")).to_have_value("现场勘验改期，已与申请人约定时间。")
    form.get_by_label("附件").set_input_files(paper)
    form.get_by_role("button", name="提交说明").click()
    expect(unit.locator("main")).to_contain_text("说明已提交，由监察员核定")
    course = unit.get_by_label("处理经过")
    expect(course).to_contain_text("现场勘验改期，已与申请人约定时间。" + EXPLANATION)
    expect(course.get_by_role("link", name=paper.name)).to_be_visible()
    check_access(unit)


def confirm(supervisor: Page, town: Town, number: str, target: Path) -> None:
    """From the desk's queue: what the unit says, with the paper it rests on, and the judgement."""
    supervisor.goto(f"{town.base}/supervision/")
    row = supervisor.locator("main tr").filter(has_text=LATE).filter(has_text=number)
    expect(row).to_contain_text("红牌")
    check_access(supervisor)
    row.get_by_role("link").first.click()
    expect(supervisor.locator("main")).to_contain_text(EXPLANATION)
    assert download(supervisor, "场所证明.pdf", target / "paper.pdf").read_bytes().startswith(b"%PDF")
    answer_card(supervisor, "认定", "认定这张牌", "超过承诺时限属实，予以认定。")
    expect(supervisor.locator("main")).to_contain_text("已认定，待整改")
    check_access(supervisor)


def appeal(unit: Page, paper: Path) -> None:
    """Once, with what speaks for it."""
    expect(unit.locator("main")).to_contain_text("超过承诺时限属实，予以认定。")
    form = unit.locator("details.sup-act").filter(has=unit.get_by_text("提出申诉", exact=True))
    open_act(unit, "提出申诉")
    form.get_by_label("附件").set_input_files(paper)
    answer_card(unit, "提出申诉", "提交申诉", APPEAL)
    check_access(unit)


def cancel(second: Page, town: Town, card: str) -> None:
    """Another supervisor hears of the appeal by message and decides it; a reason has to say something."""
    second.goto(f"{town.base}/messages/")
    link = second.locator("main").get_by_role("button", name=re.compile("责任单位申诉"))
    reload_for(second, link)
    link.first.click()
    assert second.url == card
    expect(second.locator("main")).to_contain_text(APPEAL)
    form = second.locator("details.sup-act").filter(has=second.get_by_text("撤销", exact=True))
    open_act(second, "撤销")
    form.locator("textarea").fill("属实")
    form.get_by_role("button", name="撤销这张牌").click()
    expect(form).to_contain_text("请写明理由，至少 5 个字。")
    expect(form.locator("textarea")).to_have_value("属实")
    answer_card(second, "撤销", "撤销这张牌", CANCELLED)
    check_access(second)


def wall_calms_down(wall: Page) -> None:
    """The wall takes the card back by itself, and still says that it was there."""
    expect(wall.locator("body")).to_contain_text("现在没有单位亮牌")
    expect(wall.locator(".sup-latest li").filter(has_text=LATE)).to_contain_text("已撤销")
    assert wall.evaluate("window.openedOnce")


# --- what it did to the score, what stays ----------------------------------------------------------------------------


def score(supervisor: Page, town: Town) -> float:
    """The unit's score of this month, worked out now."""
    year, month, _day = today(town)
    supervisor.goto(f"{town.base}/supervision/scores/?month={year}-{month:02d}")
    supervisor.get_by_role("button", name="计算", exact=True).click()
    expect(supervisor.locator("main")).to_contain_text("重新计算")
    check_access(supervisor)
    table = supervisor.locator("main table:has(thead th)").last
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    row = table.locator("tbody tr").filter(has_text=UNIT).locator("th, td")
    return float(row.nth(next(at for at, head in enumerate(heads) if head.startswith("得分"))).inner_text())


def open_score(supervisor: Page, *words: str) -> None:
    """Down to the cards that the score counts, or does not."""
    supervisor.locator("main table tbody tr").filter(has_text=UNIT).get_by_role("link").last.click()
    for said in words:
        expect(supervisor.locator("main")).to_contain_text(said)
    check_access(supervisor)


def stays_visible(supervisor: Page, unit: Page, town: Town, card: str, number: str) -> None:
    """The card, its reason and every word about it: for supervision and for the unit."""
    supervisor.goto(f"{town.base}/supervision/cards/?state=cancelled&number={number}")
    row = supervisor.locator("main tr").filter(has_text=LATE)
    expect(row).to_contain_text("已撤销")
    for page in (supervisor, unit):
        page.goto(card)
        expect(page.locator("main")).to_contain_text("撤销理由")
        for words in (EXPLANATION, "予以认定", APPEAL, CANCELLED):
            expect(page.get_by_label("处理经过")).to_contain_text(words)
        check_access(page)


def drill_down(supervisor: Page, town: Town, number: str) -> None:
    """From the county to one day of one unit in two clicks."""
    year, month, day = today(town)
    supervisor.goto(f"{town.base}/supervision/distribution/")
    check_access(supervisor)
    supervisor.locator("main tbody").get_by_role("link", name=UNIT).last.click()
    expect(supervisor.get_by_role("heading", level=1, name=UNIT)).to_be_visible()
    check_access(supervisor)
    supervisor.locator("main tbody").get_by_role("link", name=f"{year}年{month}月{day}日").last.click()
    rows = supervisor.locator("main tbody tr")
    expect(rows.filter(has_text=LATE)).to_contain_text(number)
    expect(rows.filter(has_text=NEAR)).to_have_count(0)  # it was lit the day before
    check_access(supervisor)


def read_ledger(auditor: Page, town: Town, card: str) -> None:
    """Every act about the card is an entry."""
    sign_in(auditor, town, "auditadmin")
    key = re.search(r"/cards/([0-9a-f-]{36})/", card)
    assert key
    auditor.goto(f"{town.base}/ledger/?object_id={key.group(1)}")
    rows = auditor.locator("main tbody tr")
    for who, what in (
        ("青禾县", "亮牌"),
        (UNIT, "就亮牌作出说明"),
        ("监察员甲", "认定亮牌"),
        (UNIT, "就亮牌提出申诉"),
        ("监察员乙", "撤销亮牌"),
    ):
        expect(rows.filter(has_text=who).filter(has_text=what)).not_to_have_count(0)
    check_access(auditor)
