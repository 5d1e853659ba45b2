"""What rules about who gets a unit's tasks may name: its items, the towns of the county, the place of a matter."""

import uuid
from collections.abc import Sequence

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.forms.registry import Place, division_tree
from zhengtong.capabilities.identity import api as identity

_MOST = 500
_TOWN = 9  # characters of a division's code that name the town


def items_of_unit(tenant: str, org_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    """Published items the unit is answerable for."""
    code = next((unit.code for unit in identity.organisations(tenant) if unit.id == org_id), "")
    if not code:
        return ()
    found = catalogue.items(tenant, catalogue.ItemFilters(department=code), size=_MOST)
    return [(item.code, item.name) for item in found.rows]


def areas_of_county(tenant: str) -> Sequence[tuple[str, str]]:
    """The towns of the county, as (beginning of their codes, name)."""
    tree = division_tree()
    return [
        (town.code[:_TOWN], town.name)
        for county in tree.below(tenant, "", "town")
        for town in _below(tenant, county.code)
    ]


def _below(tenant: str, code: str) -> Sequence[Place]:
    return division_tree().below(tenant, code, "town")


def area_of(form: forms.SubmissionView) -> str:
    """The code of the first division the applicant chose; empty where the form asks for none."""
    for field in form.definition.fields:
        value = form.answers.get(field.key)
        if field.kind == "division" and isinstance(value, str) and value:
            return value
    return ""
