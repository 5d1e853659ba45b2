"""The forms of the demonstration county are right."""

import pytest

from zhengtong.capabilities.forms import api as forms
from zhengtong.systems.service_hall.tests import factories as hall

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


@pytest.mark.parametrize("key", ["general", "restaurant", "example"])
def test_definitions_are_sound(key: str) -> None:
    found = forms.read_definition(hall.form_definition(key))

    assert {field.prefill for field in found.fields if field.prefill} <= PREFILLS
    for field in found.fields:
        assert (field.kind in ("choice", "choices")) == bool(field.options)
    assert any(field.kind == "consent" for field in found.sections[-1].fields)


def test_the_example_has_every_kind() -> None:
    found = forms.read_definition(hall.form_definition("example"))

    inside = {column.kind for field in found.fields for column in field.fields}
    assert {field.kind for field in found.fields} | inside == set(forms.KIND_LABELS)
