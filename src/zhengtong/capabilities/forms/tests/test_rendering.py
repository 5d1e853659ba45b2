"""Every kind of question on a page: labels, sentences, values, and back again from what the page sends."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from lxml import html

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.rules.posted import answers_in, digests, merge, row_path, seen_in

EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "entry" / "demo" / "data" / "forms" / "example.json").read_text(encoding="utf-8")
)
DEFINITION = api.read_definition(EXAMPLE)
EVIL = '<b onclick="x()">\'&"👍'
FILE = "11111111-2222-3333-4444-555555555555"
PHOTO = "11111111-2222-3333-4444-666666666666"
NOW = "2026-11-22T10:00:00+08:00"
ANSWERS: dict[str, Any] = {
    "name": EVIL,
    "citizen_number": "980723199003070019",
    "phone": "13900000001",
    "email": "zhang@example.cn",
    "for_unit": "yes",
    "uscc": "91980723MA00000153",
    "place": "980723100000",
    "address": "滨河路 18 号",
    "activities": ["show", "other"],
    "other": EVIL,
    "first_day": "2026-12-01",
    "period": {"from": "2026-12-02", "to": "2026-12-05"},
    "visitors": "800",
    "ticket": "12.5",
    "guards": [
        {
            "who": "李二",
            "call": "13900000002",
            "licensed": "yes",
            "licence": [{"file": PHOTO, "name": "证.jpg", "copies": 1}],
        },
        {"who": "王五", "call": "13900000003", "licensed": "no", "licence": []},
    ],
    "devices": [{"what": "舞台", "kind": "stage", "count": "2", "price": "1500"}],
    "plan": [{"file": FILE, "name": EVIL, "copies": 1}],
    "pictures": [],
    "consent_true": "yes",
    "signed": {"name": "张一", "at": NOW, "drawn": ""},
}


def page(number: int, answers: dict[str, Any] | None = None, **more: Any) -> html.HtmlElement:
    context = {"d": DEFINITION, "s": DEFINITION.sections[number - 1], "a": ANSWERS if answers is None else answers}
    source = "{% load answering %}{% answer_fields d s a errors=e known=k typed=t file_url='/f/FILE/' %}"
    printed = Template(source).render(Context({"e": {}, "k": {}, "t": {}, **context, **more}))
    return html.fragment_fromstring(printed, create_parent="form")


def sent(form: html.HtmlElement) -> dict[str, list[str]]:
    """What a browser would send of the page, without pressing a button; templates are no part of it."""
    for template in form.xpath("//template"):
        template.drop_tree()
    for area in form.xpath("//textarea"):
        area.text = (area.text or "").removeprefix("\n")  # as browsers read it
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def controls(form: html.HtmlElement) -> list[html.HtmlElement]:
    return list(form.xpath("//*[self::input or self::select or self::textarea][not(@type='hidden')]"))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_every_control_has_one_label_and_every_reference_a_target(number: int) -> None:
    form = page(number)
    for template in form.xpath("//template"):
        template.drop_tree()

    ids = form.xpath("//@id")
    named = set(form.xpath("//label/@for"))

    assert len(ids) == len(set(ids))
    for control in controls(form):
        hidden_picker = control.get("aria-hidden") == "true"
        assert hidden_picker or control.get("id") in named, control.attrib
    for attribute in ("aria-describedby", "aria-labelledby"):
        assert set(" ".join(form.xpath(f"//@{attribute}")).split()) <= set(ids)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_was_typed_is_text_and_comes_back_as_it_was(number: int) -> None:
    form = page(number)
    section = DEFINITION.sections[number - 1]

    found = answers_in(section, sent(form), before=ANSWERS, now="later")

    assert not form.xpath("//@onclick")
    assert found == {field.key: ANSWERS[field.key] for field in section.fields if field.asks}


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("name", 1),
        ("for_unit", 1),
        ("place", 1),
        ("activities", 2),
        ("other", 2),
        ("first_day", 2),
        ("period", 2),
        ("ticket", 2),
        ("guards", 3),
        ("guards.1.call", 3),
        ("devices.0.kind", 3),
        ("plan", 4),
        ("consent_true", 4),
        ("signed", 4),
    ],
)
def test_a_sentence_stands_beside_its_question_and_is_tied_to_it(path: str, number: int) -> None:
    form = page(number, e={path: f"请核对{EVIL}。"})

    place = api.field_id(path)
    [sentence] = form.xpath(f"//*[@id='{place}_error']")
    assert f"请核对{EVIL}。" in " ".join(sentence.text_content().split())
    assert form.xpath(f"//*[@id='{place}']")
    tied = form.xpath(f"//*[contains(concat(' ', @aria-describedby, ' '), ' {place}_error ')]")
    assert tied
    [box] = form.xpath(f"//*[@data-item='{path}']/*[contains(@class, 'zt-field-bad')]")
    assert box is not None


def test_phones_and_codes_get_fitting_keyboards() -> None:
    form = page(1)

    assert form.xpath("//*[@id='id_phone']/@inputmode") == ["tel"]
    assert form.xpath("//*[@id='id_phone']/@autocomplete") == ["tel"]
    assert form.xpath("//*[@id='id_citizen_number']/@autocapitalize") == ["characters"]
    assert form.xpath("//*[@id='id_name']/@autocomplete") == ["name"]
    assert page(2).xpath("//*[@id='id_ticket']/@inputmode") == ["decimal"]


def test_amounts_are_written_in_capital_figures_and_sums_are_shown() -> None:
    text = " ".join(page(2).text_content().split())
    form = page(3)

    assert "壹拾贰元伍角" in text
    assert form.xpath("//*[@id='id_devices-0-sum']")[0].text_content() == "3000"
    assert form.xpath("//*[@id='id_total']")[0].text_content() == "3000"
    assert page(2).xpath("//*[@id='id_days']")[0].text_content() == "4"
    assert page(2, {}).xpath("//*[@id='id_days']")[0].text_content() == "自动算出"


def test_a_question_that_may_come_up_is_there_and_hidden() -> None:
    asked, silent = page(1), page(1, {**ANSWERS, "for_unit": "no"})

    assert asked.xpath("//*[@data-item='uscc'][not(@hidden)]")
    assert silent.xpath("//*[@data-item='uscc'][@hidden]")
    assert page(3).xpath("//*[@data-item='guards.1.licence'][@hidden]")


def test_what_the_page_did_not_show_is_not_touched() -> None:
    section = DEFINITION.sections[0]

    found = answers_in(section, {"shown": ["name"], "name": ["张一"]}, before=ANSWERS, now=NOW)

    assert found == {"name": "张一"}


def test_an_empty_group_begins_with_the_rows_it_needs() -> None:
    form = page(3, {})

    assert form.xpath("//div[@data-row]/@data-row")[0] == "0"
    assert form.xpath("//tr[@data-row='0']")
    assert form.xpath("//template")


def test_rows_keep_their_order_when_one_in_the_middle_is_gone() -> None:
    posted = {
        "guards.row": ["0", "2"],
        "guards.0.who": ["李二"],
        "guards.2.who": ["赵六"],
        "guards.2.licence": [PHOTO, "99999999-2222-3333-4444-555555555555"],
    }

    found = answers_in(DEFINITION.sections[2], posted, before=ANSWERS, now=NOW)["guards"]

    assert [row["who"] for row in found] == ["李二", "赵六"]
    assert [file["file"] for file in found[1]["licence"]] == [PHOTO]
    assert row_path("guards.2.licence", posted) == "guards.1.licence"


def test_a_file_that_was_never_given_is_not_taken_from_the_page() -> None:
    posted = {"plan": ["99999999-2222-3333-4444-555555555555"]}

    assert answers_in(DEFINITION.sections[3], posted, before=ANSWERS, now=NOW)["plan"] == []


def test_an_unchanged_signature_keeps_its_time_and_a_changed_one_gets_a_new_one() -> None:
    section = DEFINITION.sections[3]

    same = answers_in(section, {"signed.name": ["张一"]}, before=ANSWERS, now="later")["signed"]
    other = answers_in(section, {"signed.name": ["张二"]}, before=ANSWERS, now="later")["signed"]
    drawn = answers_in(section, {"signed.name": ["张一"], "signed.drawn": ["javascript:x"]}, before={}, now="later")

    assert (same["at"], other["at"]) == (NOW, "later")
    assert drawn["signed"]["drawn"] == ""


def test_what_only_one_side_changed_is_kept_and_what_both_changed_is_told() -> None:
    before = {"name": "张一", "address": "甲", "phone": "13900000001"}
    seen = digests(before, DEFINITION.fields)
    theirs = {**before, "address": "乙", "phone": "13900000002"}
    mine = {**before, "name": "张一一", "address": "丙"}

    kept, conflicts = merge(DEFINITION, mine, theirs, seen)

    assert conflicts == ("address",)
    assert kept == {"name": "张一一"}
    assert merge(DEFINITION, mine, theirs, {}) == (mine, ())
    assert merge(DEFINITION, mine, mine, seen) == (mine, ())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', "x" * 10_000])
def test_broken_marks_of_a_page_count_as_none(text: str) -> None:
    assert all(isinstance(value, str) for value in seen_in({"seen": [text]}).values())


def test_an_empty_answer_has_one_digest_however_it_is_written() -> None:
    fields = DEFINITION.fields
    blank = {"period": {"from": "", "to": ""}, "activities": [], "guards": [], "name": "", "signed": {"name": ""}}

    assert digests({}, fields) == digests(blank, fields)
    assert digests({"other": "一\r\n二"}, fields) == digests({"other": "一\n二"}, fields)


def test_a_query_dict_is_taken_as_the_browser_sends_it() -> None:
    posted = QueryDict("name=&name=%E5%BC%A0%E4%B8%80&activities=show")

    found = answers_in(DEFINITION.sections[0], dict(posted.lists()), before={}, now=NOW)

    assert found["name"] == "张一"
    assert dt.datetime.fromisoformat(NOW).tzinfo
