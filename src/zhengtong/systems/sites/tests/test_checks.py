"""Checks before publishing: numbers, secrets, words, dates, links; blocked until a reason is written down."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.entry import demo
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.rules import checks
from zhengtong.systems.sites.rules.checks import Looked, Part, Words, check, is_card_number, is_citizen_number
from zhengtong.systems.sites.rules.starter_words import STARTER
from zhengtong.systems.sites.selectors.checking import dictionary, found_on
from zhengtong.systems.sites.services.words import keep_words
from zhengtong.systems.sites.tests import group as town

TODAY = dt.date(2026, 11, 9)


def _citizen(day, order):
    body = f"330106{day:%Y%m%d}{order:03d}"
    return body + checks._LAST[sum(int(d) * w for d, w in zip(body, checks._WEIGHTS, strict=True)) % 11]


def _found(text, **fields):
    page = Looked(title="关于检查的情况", parts=(Part("第 1 段", text),), **fields)
    return {(one.kind, one.severity) for one in check(page, today=TODAY, dictionary=fields.pop("words", ()))}


@given(st.dates(dt.date(1920, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 999))
def test_a_citizen_number_is_found_and_never_shown_in_full(day, order):
    number = _citizen(day, order)
    page = Looked(title="公示名单", parts=(Part("第 1 段", f"张某某，身份证{number}。"),))

    found = check(page, today=TODAY, dictionary=())

    assert [(one.kind, one.blocks) for one in found] == [("citizen_number", True)]
    assert number not in found[0].message


@given(st.dates(dt.date(1920, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 10))
def test_a_number_with_another_last_sign_is_none(day, order, shift):
    number = _citizen(day, order)
    other = checks._LAST[shift]

    assert is_citizen_number(number[:-1] + other) == (other == number[-1])


@given(st.text(st.sampled_from("0123456789"), min_size=14, max_size=17))
def test_one_last_digit_in_ten_makes_a_card_number(body):
    right = [digit for digit in "0123456789" if is_card_number(f"62{body}"[:18] + digit)]

    assert len(right) == (1 if len(set(f"62{body}")) > 1 else 0) or len(f"62{body}"[:18]) < 15


@given(st.text(max_size=200))
def test_no_text_whatever_makes_the_checks_fail(text):
    check(Looked(title=text, parts=(Part("x", text),)), today=TODAY, dictionary=[Words("做为", "作为")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("卡号 6222 0212 3456 7890 128", {("card_number", "blocks")}),
        ("统一社会信用代码 91330106MA27XW1234，文号 青政发〔2026〕12号", set()),
        ("流水号 20261109123456789012", set()),
        ("联系人手机 13800138000", {("mobile", "warns")}),
        ("咨询电话：0571-88001234", set()),
        ("机密★3年", {("secret", "blocks")}),
        ("密级：秘密", {("secret", "blocks")}),
        ("保守国家秘密是公民的义务", set()),
        ("2026年2月30日前报送", {("date", "blocks")}),
        ("2026年13月", {("date", "blocks")}),
        ("2206年3月1日起施行", {("date", "warns")}),
        ("2024年2月29日", set()),
    ],
)
def test_what_is_found_and_what_is_left_alone(text, expected):
    assert _found(text) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": " "}, {("source", "blocks")}),
        ({"published_on": dt.date(2026, 11, 10)}, {("date", "blocks")}),
        ({"published_on": TODAY, "source": "x"}, set()),
        ({"wordless": 2}, {("picture", "blocks")}),
        ({"broken": (Part("正文", "详情"),)}, {("link", "blocks")}),
    ],
)
def test_facts_of_an_article(fields, expected):
    assert _found("正文", **fields) == expected


@pytest.mark.parametrize(
    ("title", "severity"), [("测试", "blocks"), ("", "blocks"), ("通知", "warns"), ("停水通知", "")]
)
def test_a_title_says_something(title, severity):
    found = check(Looked(title=title, parts=()), today=TODAY, dictionary=())

    assert [one.severity for one in found] == ([severity] if severity else [])


def test_wrong_words_are_found_but_not_inside_the_right_ones():
    words = [Words("截止目前", "截至目前"), Words("按装", "安装"), Words("安装图", "按装图"), Words("内部资料")]
    page = Looked(title="进展情况", parts=(Part("第 1 段", "截至目前，已按装 3 台；附内部资料。"),))

    found = check(page, today=TODAY, dictionary=words)

    assert [(one.kind, one.severity) for one in found] == [("forbidden", "blocks"), ("word", "warns")]


def test_a_dictionary_is_typed_line_by_line():
    entries, bad = checks.parse_words("# 说明\n按装 安装\n\n内部文件\n一\na b c\n同样 同样\n做为，作为")

    assert entries == [Words("按装", "安装"), Words("内部文件"), Words("做为", "作为")]
    assert bad == [5, 6, 7]


def test_no_right_word_of_the_first_dictionary_is_a_wrong_one_and_all_lines_are_entries():
    entries, bad = checks.parse_words(STARTER)

    assert not bad
    assert len(entries) > 80
    assert not [(one, other) for one in entries for other in entries if other.wrong in one.right]


@pytest.mark.django_db
def test_a_page_that_names_a_citizen_waits_for_a_reason(sites, editor, publisher):
    number = _citizen(dt.date(1990, 2, 3), 2)
    page = town.drafted(sites["g22"], editor, body=[("text", f"<p>名单</p><p>李某 {number}</p>")])

    with pytest.raises(Conflict, match="第 2 段：有公民身份号码"):
        api.publish_page(actor=publisher, page_id=page.pk)
    with pytest.raises(Invalid, match="理由"):
        api.publish_page(actor=publisher, page_id=page.pk, override_reason="急")
    api.publish_page(actor=publisher, page_id=page.pk, override_reason="法院要求公告送达，依法须写明")

    entry = Entry.objects.get(act="sites.override", object_id=str(page.pk))
    said = Payload.objects.get(entry=entry.uuid).content
    assert "法院要求公告送达，依法须写明" in said
    assert "citizen_number" in said
    assert number not in said


@pytest.mark.django_db
def test_links_within_the_group_are_followed(sites, editor, publisher):
    target = town.drafted(sites["g22"], editor, slug="there")
    address = target.relative_address()
    text = (
        f'<p><a href="{address}">甲</a><a href="/gov/g99/">乙</a><a href="/gov/g22/news/">丙</a>'
        f'<a linktype="page" id="{target.pk}">丁</a><a href="https://www.gov.cn/">戊</a></p>'
    )
    page = town.drafted(sites["g22"], editor, body=[("text", text)])

    before = [one.message for one in found_on(page) if one.kind == "link"]
    api.publish_page(actor=publisher, page_id=target.pk)
    after = [one.message for one in found_on(page) if one.kind == "link"]

    assert [one[3] for one in before] == ["甲", "乙", "丁"]
    assert [one[3] for one in after] == ["乙"]


@pytest.mark.django_db
def test_the_signer_sees_what_was_found_and_writes_his_reason(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor, body=[("text", "<p>机密★1年</p><p>已按装完毕</p>")])
    browser = people.sign_in(Client(), publisher)

    shown = browser.get(reverse("sites_desk:one", args=[page.pk])).content.decode()
    refused = browser.post(reverse("sites_desk:publish", args=[page.pk]))
    done = browser.post(reverse("sites_desk:publish", args=[page.pk]), {"override_reason": "样张，内容是虚构的"})

    assert "国家秘密标志" in shown
    assert "疑为“安装”" in shown
    assert (refused.status_code, done.status_code) == (409, 302)
    assert ArticlePage.objects.get(pk=page.pk).live


@pytest.mark.django_db
def test_the_dictionary_is_kept_by_the_keeper_of_the_group_version_by_version(sites, editor):
    boss = town.keeper("boss", "site_admin", org=town.OFFICE)
    with pytest.raises(NotPermitted):
        keep_words(actor=editor, text="甲乙 乙甲", note="试", seen=0)
    with pytest.raises(Invalid, match="第 2 行"):
        keep_words(actor=boss, text="甲乙 乙甲\na b c", note="试", seen=0)

    keep_words(actor=boss, text="甲乙 乙甲\n内部文件", note="换成本县的", seen=0)

    assert dictionary("980723") == ([Words("甲乙", "乙甲"), Words("内部文件")], 1)
    assert Entry.objects.filter(act="sites.words").count() == 1
    with pytest.raises(Conflict, match="第 1 版"):
        keep_words(actor=boss, text="丙丁 丁丙", note="晚了一步", seen=0)


@pytest.mark.django_db
def test_the_page_of_the_dictionary(sites, editor):
    boss = people.sign_in(Client(), town.keeper("boss", "site_admin", org=town.OFFICE))
    address = reverse("sites_desk:words")

    assert people.sign_in(Client(), editor).get(address).status_code == 403
    assert "初始用词表" in boss.get(address).content.decode()
    assert boss.post(address, {"text": "甲乙 乙甲", "note": "换表", "seen": "0"}).status_code == 302
    assert boss.post(address, {"text": "甲乙 乙甲", "note": "换表", "seen": "0"}).status_code == 422
    assert "第 1 版" in boss.get(address).content.decode()


def test_the_texts_of_the_demonstration_raise_no_false_alarm():
    data = json.loads((Path(demo.__file__).parent / "data" / "sites.json").read_text(encoding="utf-8"))
    texts = list(_strings(data))
    words, _bad = checks.parse_words(STARTER)

    found = [
        one for text in texts for one in check(Looked("甲乙丙", (Part("x", text),)), today=TODAY, dictionary=words)
    ]

    assert sum(map(len, texts)) > 1_000
    assert not [one for one in found if one.kind != "mobile"]


def _strings(value):
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _strings(one)


@pytest.mark.django_db
def test_a_day_that_comes_with_the_moment_of_publication_is_no_fault(sites, editor, publisher):
    later = now() + dt.timedelta(days=7)
    page = town.drafted(sites["g22"], editor, published_on=local_date(later))

    with pytest.raises(Conflict, match="还没有到"):
        api.publish_page(actor=publisher, page_id=page.pk)
    api.publish_page(actor=publisher, page_id=page.pk, go_live_at=later)

    assert not Entry.objects.filter(act="sites.override").exists()
