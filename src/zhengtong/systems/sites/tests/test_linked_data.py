"""Structured data and feeds as pure text: nothing a person wrote ends the element or breaks the document."""

import datetime as dt
import json

from zhengtong.systems.sites.rules import linked_data

DAY = dt.date(2026, 11, 9)


def test_what_people_write_cannot_end_the_element():
    title = "</script><script>alert(1)</script><!-- &\u2028 通知"

    text = linked_data.script_text([linked_data.way([(title, "https://a.gov.cn/")])])

    assert not {"<", ">", "&", "\u2028"} & set(text)
    assert json.loads(text)["@graph"][0]["itemListElement"][0]["name"] == title


def test_empty_words_are_left_out():
    said = linked_data.article(title="通知", url="https://a.gov.cn/1/", day=DAY, changed=None, keywords="")

    assert said["datePublished"] == "2026-11-09"
    assert not {"keywords", "dateModified"} & set(said)
    assert "telephone" not in linked_data.organisation("县政府", "https://a.gov.cn/")


def test_an_article_dated_back_is_not_told_as_shown_today():
    shown = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)

    assert linked_data.moment_of(DAY, shown) == shown
    assert linked_data.moment_of(dt.date(2020, 1, 2), shown).isoformat() == "2020-01-02T00:00:00+08:00"
    assert linked_data.moment_of(DAY, None).isoformat() == "2026-11-09T00:00:00+08:00"


def test_what_xml_cannot_hold_is_left_out():
    assert linked_data.printable("通\x0b知\ufffe\n") == "通知\n"
