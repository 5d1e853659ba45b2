"""A supervisor makes a rule without code: composed, tried, put in force by another; then a new case fires it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.access import check_access
from tests.journeys.steps import act, apply_for, open_task, reload_for, reload_until
from tests.journeys.test_card_life import ITEM, answer_card
from tests.journeys.town import Town, running_town, sign_in, visitor

NAME = "受理和决定的意见过于简单"
EVENT = "审批 · 环节办理"
SOURCE = "青禾县政务服务效能监察办法第十二条"
SHORT = "予以受理"
_NOBODY_IS_FRESH = """
from django.conf import settings
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.models import ParameterValue
ParameterValue.objects.create(
    tenant=settings.ZHENGTONG_TENANT, key="identity.fresh_factor_minutes", value=0, valid_from=local_date()
)
"""

pytestmark = [pytest.mark.timeout(900), pytest.mark.full]


@pytest.fixture(scope="module")
def lived_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A county of the module's own, with a month of cases behind it."""
    with running_town(tmp_path_factory.mktemp("lived") / "state", cases=12) as running:
        yield running


def test_a_rule_from_the_first_word_to_its_first_card(lived_town: Town, browser: Browser, paper: Path) -> None:
    with visitor(browser) as author:
        sign_in(author, lived_town, "supervisor")
        draft = begin(author, lived_town)
        choose_event(author)
        wrong_values_are_named_and_kept(author)
        compose(author)
        missing_source_is_named_and_kept(author)
        try_over_the_year(author)
        submit(author, draft)
        own_draft_is_not_approved(author, draft)
        with visitor(browser) as second:
            switch_on(second, lived_town)
        number = fire(lived_town, browser, paper)
        card = see_card(author, lived_town, number)
        how_sure_once_it_was_judged(author, lived_town, browser, card)


# --- composing -------------------------------------------------------------------------------------------------------


def begin(author: Page, town: Town) -> str:
    """From the desk's list of rules to an empty draft; its address."""
    author.goto(f"{town.base}/supervision/")
    author.get_by_role("link", name="监察规则", exact=True).first.click()
    check_access(author)
    author.get_by_role("button", name="新建规则").click()
    expect(author.get_by_role("heading", name="编写监察规则")).to_be_visible()
    expect(author.locator("main")).to_contain_text("先选触发事件")
    check_access(author)
    return author.url


def choose_event(author: Page) -> None:
    """What has to happen; only then there is something to choose conditions from."""
    author.get_by_label("触发事件").select_option(label=EVENT)
    author.get_by_role("button", name="选定这类事件").click()
    author.get_by_role("button", name="添加一组条件").click()
    author.get_by_role("button", name="添加一行").click()


def row(author: Page, place: int) -> tuple[Locator, Locator, Locator]:
    """What is looked at, how compared, with what: the controls of one row."""
    return (
        author.get_by_label("看什么").nth(place),
        author.get_by_label("怎样比较").nth(place),
        author.get_by_label("比较值").nth(place),
    )


def fill_row(author: Page, place: int, field: str, operator: str, value: str) -> None:
    """One line of a condition."""
    what, how, than = row(author, place)
    found = [text.strip() for text in what.locator("option").all_inner_texts()]
    what.select_option(index=next(at for at, text in enumerate(found) if text.split("（")[0] == field))
    how.select_option(label=operator)
    than.fill(value)


def wrong_values_are_named_and_kept(author: Page) -> None:
    """A value that could never match, and a word where a number belongs."""
    author.get_by_label("规则名称").fill(NAME)
    fill_row(author, 0, "阶段", "是其中之一", "受理、决定阶段")
    fill_row(author, 1, "意见字数", "小于", "八")
    author.get_by_role("button", name="保存草稿").last.click()

    main = author.locator("main")
    expect(main).to_contain_text("已填写的内容都还在")
    expect(main).to_contain_text("“阶段”没有“决定阶段”这个值。可以填：受理、审查、决定")
    expect(main).to_contain_text("“八”不是数字。")
    check_access(author)
    expect(author.get_by_label("规则名称")).to_have_value(NAME)
    expect(row(author, 0)[2]).to_have_value("受理、决定阶段")
    expect(row(author, 1)[2]).to_have_value("八")


def compose(author: Page) -> None:
    """The condition in two groups, level, the text of the card from words that are offered; no source yet."""
    row(author, 0)[2].fill("受理、决定")
    row(author, 1)[2].fill("8")
    author.get_by_role("button", name="添加一组条件").click()
    author.get_by_role("button", name="添加一行").nth(1).click()
    fill_row(author, 2, "结论", "等于", "受理")
    fill_row(author, 3, "结论", "等于", "准予")
    author.get_by_label("等级").select_option(label="黄牌")
    author.get_by_label("认定后扣分").fill("2")
    author.get_by_label("亮牌说明").fill("")
    author.get_by_role("button", name="〔责任单位〕").click()
    text = author.get_by_label("亮牌说明")
    text.fill(text.input_value() + "的意见只写了")
    author.get_by_role("button", name="〔意见字数〕").click()
    text.fill(text.input_value() + "个字，请写明依据和理由。")
    expect(text).to_have_value("〔责任单位〕的意见只写了〔意见字数〕个字，请写明依据和理由。")
    author.get_by_label("法律依据").fill("行政许可法第三十四条")


def missing_source_is_named_and_kept(author: Page) -> None:
    """A rule that rests on nothing is not even tried; everything typed stays, though nobody pressed save."""
    author.get_by_role("button", name="试算", exact=True).click()

    main = author.locator("main")
    expect(main).to_contain_text("请填写规则来源")
    expect(main).to_contain_text("没有依据的规则不能用来亮牌")
    expect(author.get_by_label("法律依据")).to_have_value("行政许可法第三十四条")
    expect(author.get_by_label("亮牌说明")).to_have_value(re.compile("请写明依据和理由。$"))
    expect(main).to_contain_text("阶段 是其中之一 受理、决定")
    check_access(author)
    author.get_by_label("规则来源").fill(SOURCE)
    author.get_by_role("button", name="保存草稿").last.click()
    expect(main).to_contain_text("草稿已保存")
    # the newest real events as their cards would read
    expect(author.get_by_label("试算和示例")).to_contain_text(re.compile(r"的意见只写了\s*\d个字，请写明依据和理由。"))
    check_access(author)


# --- trial, second person --------------------------------------------------------------------------------------------


def try_over_the_year(author: Page) -> None:
    """The past year, looked through by a job: how many, which units, how sure, samples."""
    since, until = (author.get_by_label(name).input_value() for name in ("开始日期", "结束日期"))
    assert int(until[:4]) - int(since[:4]) == 1, (since, until)
    author.get_by_role("button", name="试算", exact=True).click()

    expect(author.get_by_role("heading", name="试算结果")).to_be_visible()
    expect(author.locator("main")).to_contain_text("会亮牌")  # without a reload: the page asks how far the job is
    check_access(author)
    looked, flagged = (figure(author, name) for name in ("查过的事件", "会亮牌"))
    assert 1 <= flagged < looked, (flagged, looked)
    main = author.locator("main")
    expect(main).to_contain_text("命中最多的是")
    expect(main).to_contain_text("同样的事件还没有核定过的牌")
    samples = author.locator("details.sup-sample")
    assert samples.count() == min(flagged, 20)
    samples.first.locator("summary").click()
    expect(samples.first).to_contain_text("意见字数")
    author.get_by_role("link", name="回到草稿").last.click()


def figure(page: Page, label: str) -> int:
    """The number over a label."""
    found = page.locator(".zt-figure").filter(has_text=label).first.inner_text()
    number = re.search(r"\d+", found.replace(label, ""))
    assert number, found
    return int(number.group())


def submit(author: Page, draft: str) -> None:
    """What was tried goes to the second person."""
    assert author.url == draft
    author.get_by_role("button", name="提交批准").click()
    expect(author.locator("main")).to_contain_text("已提交")
    check_access(author)


def own_draft_is_not_approved(author: Page, draft: str) -> None:
    """The drafter has no button for it; who sends it by hand is told why not."""
    expect(author.locator("main")).to_contain_text("起草人自己不能批准")
    expect(author.get_by_role("button", name="批准启用")).to_have_count(0)
    token = author.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = author.request.post(
        f"{draft}enable/", form={"csrfmiddlewaretoken": token}, headers={"Referer": draft}, max_redirects=0
    )
    assert answer.status == 403
    assert "起草人自己不能批准" in answer.text()


def switch_on(second: Page, town: Town) -> None:
    """The other supervisor comes by the message, sees trial and content, gives the second factor again."""
    town.command("shell", "-c", _NOBODY_IS_FRESH)
    sign_in(second, town, "supervisor.second")
    second.goto(f"{town.base}/messages/")
    second.get_by_role("button", name=re.compile(f"监察规则待批准：{NAME}")).first.click()
    main = second.locator("main")
    for words in (NAME, "的意见只写了〔意见字数〕个字", "阶段 是其中之一 受理、决定", SOURCE, "监察员甲", "命中"):
        expect(main).to_contain_text(words)
    check_access(second)
    second.get_by_role("button", name="批准启用").click()

    expect(second.get_by_role("heading", name="再次确认身份")).to_be_visible()
    check_access(second)
    second.get_by_label("动态口令").fill("000000")
    second.get_by_role("button", name="确认并继续").click()
    expect(second.locator("main")).to_contain_text("口令")
    second.get_by_label("动态口令").fill(town.code("supervisor.second"))
    second.get_by_role("button", name="确认并继续").click()
    expect(second.locator("main")).to_contain_text(f"规则“{NAME}”第 1 版已启用")
    check_access(second)


# --- the first card --------------------------------------------------------------------------------------------------


def fire(town: Town, browser: Browser, paper: Path) -> str:
    """A new application that is taken in with two words too few; its number."""
    with visitor(browser, phone=True) as citizen:
        number, _code = apply_for(citizen, town, "小餐饮", ITEM, paper)
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        open_task(clerk, town, number)
        act(clerk, "受理", SHORT)
    return number


def see_card(author: Page, town: Town, number: str) -> str:
    """Within seconds it lights, names the version, and says what was written; its address."""
    author.goto(f"{town.base}/supervision/cards/?number={number}")
    listed = author.locator("main tr").filter(has_text=NAME)
    reload_for(author, listed, seconds=8)
    expect(listed).to_contain_text("黄牌")
    listed.get_by_role("link").first.click()
    main = author.locator("main")
    for words in (NAME, "第 1 版", SOURCE, "行政许可法第三十四条", f"的意见只写了{len(SHORT)}个字", number):
        expect(main).to_contain_text(words)
    check_access(author)
    return author.url


def how_sure_once_it_was_judged(author: Page, town: Town, browser: Browser, card: str) -> None:
    """The card is judged; whoever changes the rule is told what became of the cards it raised."""
    with visitor(browser) as clerk:
        sign_in(clerk, town, "clerk.market")
        clerk.goto(card)
        answer_card(clerk, "说明情况", "提交说明", "当时窗口人多，意见写得太短。")
    author.reload()
    answer_card(author, "认定", "认定这张牌", "情况属实，以后请写明理由。")
    author.get_by_role("link", name=NAME, exact=True).click()
    reload_until(author, "认定 1 张，撤销 0 张")
    check_access(author)
    author.get_by_role("button", name="修改这条规则").click()
    expect(author.get_by_role("columnheader", name="现行版本")).to_be_visible()
    author.get_by_label("等级").select_option(label="提示")
    author.get_by_role("button", name="试算", exact=True).click()
    expect(author.locator("main")).to_contain_text("认定 1，撤销 0")
    expect(author.locator(".zt-figure").filter(has_text="估计准确率")).to_contain_text("100%")
    check_access(author)
