"""The two forms of the demonstration county are right and can be filled in."""

from typing import Any

import pytest
from django.http import QueryDict

from zhengtong.capabilities.forms import api as forms
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.web.forms import SectionForm, answers_in

PREFILLS = {
    "applicant_kind",
    "name",
    "citizen_number",
    "phone",
    "legal_name",
    "uscc",
    "legal_representative",
    "principal",
    "has_licence",
}


def definition(key: str) -> forms.Definition:
    return forms.read_definition(hall.form_definition(key))


@pytest.mark.parametrize("key", ["general", "restaurant"])
def test_definitions_are_sound(key: str) -> None:
    found = definition(key)

    kinds = {field.key: field for field in found.fields}
    assert {field.prefill for field in found.fields if field.prefill} <= PREFILLS
    for field in found.fields:
        assert field.when is None or set(field.when[1]) <= set(dict(kinds[field.when[0]].options))
        assert field.when is None or kinds[field.when[0]].when is None  # no chains: an answer hides at most one level
        assert (field.kind == "choice") == bool(field.options)
    assert found.sections[-1].fields[0].kind == "consent"


@pytest.mark.parametrize("key", ["general", "restaurant"])
def test_every_page_is_written_and_read_back(key: str) -> None:
    found = definition(key)
    for section in found.sections:
        answers = {field.key: "yes" if field.kind == "consent" else "甲<b>" for field in section.fields}
        form = SectionForm(section, answers, {section.fields[0].key: "请核对。"})
        posted = QueryDict(mutable=True)
        posted.update(answers)

        assert form.errors[section.fields[0].key] == ["请核对。"]
        assert answers_in(section, posted) == answers
        for line in form.lines({field.key for field in section.fields}, {}):
            assert "<b>" not in str(line.bound)


def test_a_box_that_is_not_ticked_is_an_empty_answer() -> None:
    section = definition("general").sections[-1]

    assert set(answers_in(section, QueryDict("")).values()) == {""}


def test_only_an_answer_that_equals_the_known_fact_is_called_prefilled() -> None:
    section = definition("general").sections[0]
    known: dict[str, Any] = {"name": "张一", "phone": "13800000001"}
    form = SectionForm(section, {"name": "张一", "phone": "13800000009"}, {})

    helps = {line.bound.name: line.help for line in form.lines({"name", "phone"}, known)}

    assert helps["name"].startswith("已按您的身份信息预填")
    assert "预填" not in helps["phone"]
