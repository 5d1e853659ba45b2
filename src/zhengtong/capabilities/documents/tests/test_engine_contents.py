import datetime as dt

import pytest

from zhengtong.capabilities.documents.engine import wording
from zhengtong.capabilities.documents.engine.contents import ContentError, Entry, content_of
from zhengtong.capabilities.documents.tests.papers import every_template, licence_fields, supplement_fields


def test_dates_are_written_in_chinese_by_the_day_of_shanghai() -> None:
    late_in_the_evening_utc = dt.datetime(2026, 12, 31, 17, 5, tzinfo=dt.UTC)

    assert wording.chinese_date(dt.date(2026, 3, 5)) == "2026年3月5日"
    assert wording.chinese_date(late_in_the_evening_utc) == "2027年1月1日"
    assert wording.chinese_time(late_in_the_evening_utc) == "2027年1月1日 01:05"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (dt.date(2026, 11, 21), dt.date(2031, 11, 20), "2026年11月21日至2031年11月20日"),
        (None, dt.date(2031, 11, 20), "至2031年11月20日"),
        (dt.date(2026, 11, 21), None, "2026年11月21日起长期有效"),
        (None, None, ""),
    ],
)
def test_validity_in_words(start: dt.date | None, end: dt.date | None, words: str) -> None:
    assert wording.validity(start, end) == words


def test_standard_wording_names_item_and_deadline() -> None:
    content = content_of("supplement_notice", supplement_fields(2))

    assert "“开办餐饮店一件事”" in content["opening"][0]
    assert "最迟于2026年12月10日补正" in content["opening"][0]
    assert content["notes"]


def test_wording_given_replaces_the_standard_one() -> None:
    content = content_of("supplement_notice", {**supplement_fields(2), "opening": ["请补正。"]})

    assert content["opening"] == ["请补正。"]


@pytest.mark.parametrize("template", sorted(every_template()))
def test_contents_already_made_pass_again_unchanged(template: str) -> None:
    once = content_of(template, every_template()[template])

    assert content_of(template, once) == once


def test_entries_may_be_objects() -> None:
    content = content_of("licence", licence_fields(rows=(Entry(label="住所", value="人民路"),)))

    assert content["rows"] == [{"label": "住所", "value": "人民路"}]


@pytest.mark.parametrize(
    ("template", "change", "field"),
    [
        ("licence", {"item": ""}, "item"),
        ("licence", {"colour": "red"}, "colour"),
        ("licence", {"rows": "住所"}, "rows"),
        ("licence", {"rows": [{"label": "住所"}]}, "rows.1.value"),
        ("licence", {"rows": ["住所"]}, "rows.1"),
        ("licence", {"item": 1.5}, "item"),
        ("licence", {"seal_diameter": "大"}, "seal_diameter"),
        ("supplement_notice", {"points": []}, "points"),
        ("refusal", {"reasons": []}, "reasons"),
        ("refusal", {"remedies": []}, "remedies"),
    ],
)
def test_what_is_missing_or_wrong_is_named(template: str, change: dict[str, object], field: str) -> None:
    with pytest.raises(ContentError) as caught:
        content_of(template, {**every_template()[template], **change})

    assert set(caught.value.errors) == {field}


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(LookupError):
        content_of("poem", {})
