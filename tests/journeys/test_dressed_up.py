"""Somebody writes the same long opinion under case after case: it is found, explained, put right, and answered for."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import accept, act, apply_on_the_phone, download, open_task, reload_for
from tests.journeys.town import Town, sign_in, visitor

RULE, UNIT = "照抄意见", "青禾县烟草专卖局"
CLERK, NAME, POST = "clerk.tobacco", "经办戊", "专卖审查岗"
COPIED = "经现场核查和材料审查，各项指标均符合专卖管理的要求，未发现问题，同意办理。"
EXPLAINED = "两件办件的场所条件相近，经办人套用了同样的意见。"
CONFIRMED = "两份意见一字不差，看不出分别核查过，予以认定。"
INSPECTED = "请督查抽看该单位近一个月的审查意见。"
RECTIFIED = "已补写两件的核查情况，今后意见写明核查时间和所见。"
NOT_ENOUGH = "没有附上补写的核查记录，请补齐再报。"
RECTIFIED_AGAIN = "补写的核查记录已经附上，审查岗逐件复核过。"
RECHECKED = "抽看三件新的审查意见，各不相同，整改到位。"
ANSWERS_FOR_IT = "审查意见照抄，没有履行核查职责。"
DECIDED = "事实清楚，首次发生，同意提醒谈话。"
MEASURE = "提醒谈话"

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def test_copied_opinions_are_found_and_answered_for(town: Town, browser: Browser, paper: Path, tmp_path: Path) -> None:
    with visitor(browser) as supervisor, visitor(browser) as unit:
        sign_in(supervisor, town, "supervisor")
        sign_in(unit, town, CLERK)
        write(unit, town, browser, paper)
        before = yellow_cards(supervisor, town)
        number = write(unit, town, browser, paper)
        card = open_evidence(supervisor, town, number)

        unit.goto(card)
        answer(unit, "说明情况", "提交说明", EXPLAINED)
        supervisor.goto(card)
        answer(supervisor, "认定", "认定这张牌", CONFIRMED)
        answer(supervisor, "转督查", "转督查", INSPECTED)

        report(unit, card, RECTIFIED, None)
        supervisor.goto(card)
        answer(supervisor, "复查不通过", "退回整改", NOT_ENOUGH)
        report(unit, card, RECTIFIED_AGAIN, paper)
        with visitor(browser) as second:
            sign_in(second, town, "supervisor.second")
            recheck(second, card, paper, tmp_path)
            propose(supervisor, card)
            refuse_to_decide(supervisor, second, card)
        with visitor(browser) as head:
            sign_in(head, town, "leader.supervision")
            decide(head, card)

        read_it_all(supervisor, card)
        read_it_all(unit, card, hidden=INSPECTED)
        name_nobody(supervisor, town, number, tmp_path)
        counted = yellow_cards(supervisor, town)
        assert counted > before
        count_it(supervisor, card, counted)
    assert "核验通过" in town.command("ledger", "verify")


def write(page: Page, town: Town, browser: Browser, paper: Path) -> str:
    """Somebody applies, and the reviewer agrees in the words he always uses; the number."""
    with visitor(browser, phone=True) as citizen:
        number, _code = apply_on_the_phone(citizen, town, paper)
    accept(town, browser, number)
    open_task(page, town, number)
    act(page, "同意", COPIED)
    return number


def open_evidence(page: Page, town: Town, number: str) -> str:
    """The card says what was done, by which rule, and how often; its address."""
    page.goto(f"{town.base}/supervision/cards/?number={number}")
    row = page.locator("main tr").filter(has_text=RULE)
    reload_for(page, row)
    expect(row).to_contain_text("黄牌")
    row.get_by_role("link").first.click()
    main = page.locator("main")
    for words in (number, UNIT, "一字不差", "统计期内共 2 件", "本平台默认：同一人对不同办件写下同样的长意见"):
        expect(main).to_contain_text(words)
    evidence = main.locator("dl").filter(has_text="办理岗位")
    expect(evidence).to_contain_text(POST)
    # what the rule counted, and how
    expect(evidence).to_contain_text("2")
    expect(main).not_to_contain_text(NAME)
    check_access(page)
    return page.url


def answer(page: Page, title: str, button: str, words: str, **more: str) -> None:
    """One act of the card with typed words; ``more`` are further fields by name."""
    form = page.locator("details.sup-act").filter(has=page.get_by_text(title, exact=True))
    form.locator("summary").click()
    for name, value in more.items():
        box = form.locator(f"[name={name}]")
        box.select_option(value) if box.evaluate("one => one.tagName") == "SELECT" else box.fill(value)
    form.locator("textarea[name=reason]").fill(words)
    form.get_by_role("button", name=button).click()
    expect(page.locator("main")).to_contain_text(words)
    check_access(page)


def report(page: Page, card: str, words: str, paper: Path | None) -> None:
    """The unit says within its limit what it put right, and shows it."""
    page.goto(card)
    expect(page.locator(".sup-limits")).to_contain_text("整改")
    if paper:
        form = page.locator("details.sup-act").filter(has=page.get_by_text("报告整改情况", exact=True))
        form.locator("input[type=file]").set_input_files(paper)
    answer(page, "报告整改情况", "提交整改情况", words)


def recheck(page: Page, card: str, paper: Path, target: Path) -> None:
    """Another supervisor opens what the unit handed in, and closes the card."""
    page.goto(card)
    assert download(page, paper.name, target / "shown.pdf").read_bytes().startswith(b"%PDF")
    answer(page, "销号", "复查销号", RECHECKED)
    expect(page.locator("main")).to_contain_text("已销号")


def propose(page: Page, card: str) -> None:
    """The post that answers for it; no name is asked for."""
    page.goto(card)
    answer(page, "提出责任追究", "提出责任追究", ANSWERS_FOR_IT, kind=MEASURE, post=POST)


def refuse_to_decide(proposer: Page, second: Page, card: str) -> None:
    """Not who proposed it, and not another supervisor who does not lead."""
    expect(proposer.get_by_role("button", name="同意追究")).to_have_count(0)
    second.goto(card)
    second.get_by_label("决定的理由").fill(DECIDED)
    second.get_by_role("button", name="同意追究").click()
    expect(second.locator("main")).to_contain_text("责任追究由监察机构负责人决定")
    check_access(second)


def decide(page: Page, card: str) -> None:
    """The head of the supervisor's office."""
    page.goto(card)
    page.get_by_label("决定的理由").fill(DECIDED)
    page.get_by_role("button", name="同意追究").click()
    expect(page.locator("main")).to_contain_text("已决定")
    check_access(page)


def read_it_all(page: Page, card: str, *, hidden: str = "") -> None:
    """Everything that was done stands on the card, in its order; an inspection to come is hidden from the unit."""
    page.goto(card)
    course = page.get_by_label("处理经过")
    said = course.inner_text()
    assert not hidden or hidden not in said
    places = [
        said.index(words)
        for words in (
            "系统亮牌",
            EXPLAINED,
            CONFIRMED,
            INSPECTED,
            RECTIFIED,
            NOT_ENOUGH,
            RECTIFIED_AGAIN,
            RECHECKED,
            f"{POST}：{MEASURE}",
        )
        if words != hidden
    ]
    assert places == sorted(places)
    check_access(page)


def name_nobody(page: Page, town: Town, number: str, target: Path) -> None:
    """Who is held to account is a post: on the card, in the list, in the workbook."""
    shown = page.locator("#measures").locator("xpath=ancestor-or-self::*/following-sibling::article[1]").first
    expect(shown).to_contain_text(f"{POST} · {MEASURE}")
    expect(shown).not_to_contain_text(NAME)
    page.goto(f"{town.base}/supervision/measures/")
    row = page.locator("main tr").filter(has_text=POST)
    expect(row.first).to_contain_text(UNIT)
    expect(page.locator("main")).not_to_contain_text(NAME)
    check_access(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="导出").first.click()
    started.value.save_as(target / "measures.xlsx")
    cells = [
        str(cell)
        for line in load_workbook(target / "measures.xlsx").active.iter_rows(values_only=True)
        for cell in line
    ]
    assert POST in cells
    assert NAME not in " ".join(cells)


def yellow_cards(page: Page, town: Town) -> int:
    """How many the unit has in the score of this month, worked out now."""
    found = re.search(r"(\d+)年(\d+)月", town.command("demo", "clock"))
    assert found
    page.goto(f"{town.base}/supervision/scores/?month={found[1]}-{int(found[2]):02d}")
    page.get_by_role("button", name="计算", exact=True).click()
    expect(page.locator("main")).to_contain_text("重新计算")
    check_access(page)
    table = page.locator("main table:has(thead th)").last
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    cells = table.locator("tbody tr").filter(has_text=UNIT).locator("th, td")
    # a unit of which nothing is known this month has no line
    return int(cells.nth(heads.index("黄牌")).inner_text()) if cells.count() else 0


def count_it(page: Page, card: str, counted: int) -> None:
    """Down from the score, by its arithmetic, to the card that is on it."""
    page.locator("main table tbody tr").filter(has_text=UNIT).get_by_role("link").last.click()
    expect(page.locator("main")).to_contain_text(f"黄牌 {counted} 张 × ")
    page.get_by_role("link", name="亮牌", exact=True).click()
    row = page.locator(f"main tr:has(a[href$='{card.rstrip('/').rsplit('/', 1)[1]}/'])")
    expect(row).to_contain_text(RULE)
    expect(row).to_contain_text("计为黄牌")
    check_access(page)
