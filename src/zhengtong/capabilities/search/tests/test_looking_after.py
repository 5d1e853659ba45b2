"""The report of what was not found, and the synonyms: services and pages of who looks after searches."""

import datetime as dt
import io

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.models import HandledWord, SynonymList
from zhengtong.capabilities.search.rules.synonyms import STARTER, other_ways, parse
from zhengtong.capabilities.search.selectors import missed_words, synonyms_text
from zhengtong.capabilities.search.tests.people import STRANGER, TENANT, editor, index, keeper, searched, titles
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def missed(**other: bool) -> list[str]:
    return [one.words for one in missed_words(TENANT, **other).rows]


def test_the_starter_set_is_marked_and_readable() -> None:
    groups, bad = parse(STARTER)

    assert "待核实" in STARTER.splitlines()[0]
    assert len(groups) > 10
    assert bad == []


def test_lines_are_groups_of_two_words_or_more() -> None:
    assert parse("# 说明\n\n低保 最低生活保障\n医保=医疗保险、城乡医保") == (
        [("低保", "最低生活保障"), ("医保", "医疗保险", "城乡医保")],
        [],
    )
    assert parse("只有一个\n一 二\n。。 ，，\n" + "很" * 21 + " 长的\n" + " ".join(f"第{n}个" for n in range(9)))[
        1
    ] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("words", "ways"),
    [
        ("低保 申请", ["最低生活保障 申请"]),
        ("低保和最低生活保障", []),
        ("住房公积金提取", ["公积金提取"]),
        ("公积金", []),  # the longer word is found by it anyway
        ("结婚", []),
    ],
)
def test_what_was_asked_is_said_in_other_words(words: str, ways: list[str]) -> None:
    assert other_ways(words, [("低保", "最低生活保障"), ("公积金", "住房公积金")]) == ways


@db
def test_each_saving_is_a_version_and_works_in_the_next_search() -> None:
    boss = keeper()
    index("公共自行车服务点")

    row = api.keep_synonyms(actor=boss, text="小黄车 公共自行车", note="常有人查", seen=0)

    assert (row.version, synonyms_text(TENANT)) == (1, ("小黄车 公共自行车", 1))
    assert titles(api.search(actor=STRANGER, query="小黄车")) == ["公共自行车服务点"]
    [entry] = ledger.entries_of(object_ref=ObjectRef(kind="search_synonyms", id=str(row.pk)), tenant=TENANT)
    assert entry.act == "search.synonyms"


@db
def test_two_keepers_do_not_undo_each_other() -> None:
    boss = keeper()
    api.keep_synonyms(actor=boss, text="小黄车 公共自行车", note="一", seen=0)

    with pytest.raises(Conflict):
        api.keep_synonyms(actor=boss, text="网约车 出租汽车", note="二", seen=0)
    assert SynonymList.objects.count() == 1


@db
@pytest.mark.parametrize(("text", "note"), [("只有一个", "改了"), ("甲乙 丙丁", " "), ("甲乙 丙丁", "长" * 201)])
def test_what_is_no_list_is_not_kept(text: str, note: str) -> None:
    with pytest.raises(Invalid):
        api.keep_synonyms(actor=keeper(), text=text, note=note, seen=0)
    assert SynonymList.objects.count() == 0


@db
def test_only_the_keeper_keeps_synonyms() -> None:
    for actor in (editor(), STRANGER):
        with pytest.raises(NotPermitted):
            api.keep_synonyms(actor=actor, text="甲乙 丙丁", note="改了", seen=0)


@db
def test_what_found_nothing_is_reported_with_people_times_and_sites(clock) -> None:
    searched("暂住证", people=3)
    searched("暂住证", people=1, site="g08")
    searched("公积金", people=5, found=2)
    clock.shift(dt.timedelta(hours=1))
    searched("外星人")

    rows = missed_words(TENANT).rows

    assert [(one.words, one.times, one.searchers, one.sites) for one in rows] == [
        ("暂住证", 4, 4, ("", "g08")),
        ("外星人", 1, 1, ("",)),
    ]


@db
def test_what_is_found_meanwhile_leaves_the_report(clock) -> None:
    searched("暂住证", people=3)
    clock.shift(dt.timedelta(days=1))
    searched("暂住证", found=1)

    assert missed() == []


@db
def test_what_was_seen_to_comes_back_when_it_is_missed_again(clock) -> None:
    searched("暂住证", people=2)
    clock.shift(dt.timedelta(minutes=1))
    api.handle_missed(actor=editor(), words="暂住证", note="已请公安局补写指南")
    assert (missed(), missed(handled=True)) == ([], ["暂住证"])

    clock.shift(dt.timedelta(days=1))
    searched("暂住证")

    [row] = missed_words(TENANT).rows
    assert (row.open, row.note) == (True, "已请公安局补写指南")


@db
def test_a_missed_word_becomes_a_synonym_at_once(clock) -> None:
    boss = keeper()
    index("居住证申领")
    searched("暂住证", people=2)
    clock.shift(dt.timedelta(minutes=1))

    api.handle_missed(actor=boss, words="暂住证", note="说的是居住证", synonym="居住证")

    assert titles(api.search(actor=STRANGER, query="暂住证")) == ["居住证申领"]
    assert synonyms_text(TENANT)[0].startswith(STARTER.rstrip("\n"))
    row = HandledWord.objects.get()
    [entry] = ledger.entries_of(object_ref=ObjectRef(kind="search_word", id=str(row.pk)), tenant=TENANT)
    assert entry.act == "search.missed_handled"


@db
def test_a_missed_word_joins_the_group_that_is_there(clock) -> None:
    boss = keeper()
    api.keep_synonyms(actor=boss, text="居住证 流动人口登记", note="一", seen=0)
    searched("暂住证")
    clock.shift(dt.timedelta(minutes=1))

    api.handle_missed(actor=boss, words="暂住证", note="说的是居住证", synonym="居住证")

    assert synonyms_text(TENANT) == ("居住证 流动人口登记 暂住证\n", 2)


@db
def test_who_may_see_to_missed_words() -> None:
    searched("暂住证")

    with pytest.raises(NotPermitted):
        api.handle_missed(actor=STRANGER, words="暂住证", note="已办")
    with pytest.raises(NotPermitted):
        api.handle_missed(actor=editor(), words="暂住证", note="已办", synonym="居住证")
    with pytest.raises(NotFound):
        api.handle_missed(actor=editor(), words="没人查过", note="已办")
    with pytest.raises(Invalid):
        api.handle_missed(actor=editor(), words="暂住证", note=" ")
    assert HandledWord.objects.count() == 0


@db
def test_an_editor_reads_sees_to_and_takes_away_the_report(client: Client, clock) -> None:
    searched("=暂住证", people=2)
    clock.shift(dt.timedelta(minutes=1))
    browser = people.sign_in(client, editor())

    page = browser.get("/search/desk/").content.decode()
    assert "暂住证" in page
    assert 'name="synonym"' not in page

    refused = browser.post("/search/desk/handle/", {"words": "暂住证", "note": ""})
    assert (refused.status_code, "请写明怎样处理的" in refused.content.decode()) == (422, True)
    done = browser.post("/search/desk/handle/", {"words": "暂住证", "note": "已请公安局补写"}, follow=True)
    assert "已记为处理过" in done.content.decode()
    assert "没有查不到的词" in browser.get("/search/desk/").content.decode()

    book = load_workbook(io.BytesIO(browser.get("/search/desk/missed.xlsx").content))
    [head, line] = book.worksheets[0].values
    assert head[0] == "检索词"
    assert (line[0], line[1], line[2], line[4], line[5]) == ("暂住证", 2, 2, "全部网站", "已请公安局补写")


@db
def test_the_keeper_keeps_words_and_synonyms_in_the_browser(client: Client) -> None:
    boss = people.sign_in(client, keeper())

    assert "初始同义词（待核实" in boss.get("/search/desk/synonyms/").content.decode()
    wrong = boss.post("/search/desk/synonyms/", {"text": "一个", "note": "改", "seen": "0"})
    assert (wrong.status_code, "第 1 行不对" in wrong.content.decode()) == (422, True)
    boss.post("/search/desk/synonyms/", {"text": "甲乙 丙丁", "note": "改", "seen": "0"})
    assert "第 1 版" in boss.get("/search/desk/synonyms/").content.decode()
    boss.post("/search/desk/words/", {"words": "防汛抗旱", "stand": "pinned"})
    assert "防汛抗旱" in Client().get("/search/").content.decode()
    assert boss.post("/search/desk/words/", {"words": "13800138000", "stand": "pinned"}).status_code == 422
    boss.post("/search/desk/words/release/", {"words": "防汛抗旱"})
    assert "防汛抗旱" not in Client().get("/search/").content.decode()


@db
@pytest.mark.parametrize("address", ["words/", "synonyms/"])
def test_an_editor_does_not_keep_words(client: Client, address: str) -> None:
    assert people.sign_in(client, editor()).get(f"/search/desk/{address}").status_code == 403


@db
def test_a_citizen_reads_no_report(client: Client) -> None:
    browser = people.sign_in(client, people.citizen())

    for address in ("", "missed.xlsx", "words/", "synonyms/"):
        assert browser.get(f"/search/desk/{address}").status_code == 403
