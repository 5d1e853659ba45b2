"""The content of a version and the draft it says, one written form for both ways."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.rules import ItemDraft

# fields of the draft that stand in the version under the same name
SAME = (
    "name",
    "legal_basis",
    "exercise_level",
    "exercise_note",
    "accountability",
    "applicant_type",
    "handling_kind",
    "statutory_limit",
    "promised_limit",
    "fee",
    "visits",
    "result_document",
    "result_title",
    "result_template",
    "validity",
    "online_depth",
    "quantity",
    "window",
    "address",
    "hours",
    "phone",
    "complaint",
    "process_key",
    "process_version",
    "form_key",
    "form_version",
)
#: fields parts did not have from the beginning
_LATER = ("when", "payee", "quantity_from", "raised", "pay_first")
_WORDS = ("responsibilities", "executors", "conditions", "flow", "themes", "confirmed")
_PARTS: dict[str, type[Any]] = {
    "special_steps": rules.SpecialStep,
    "materials": rules.Material,
    "faq": rules.Question,
    "fees": rules.Fee,
    "members": rules.Member,
}


def content_of(draft: ItemDraft, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The values of a version's fields, as they stand in the database (lists and objects of JSON)."""
    values: dict[str, Any] = {name: getattr(draft, name) for name in SAME}
    values |= {name: list(getattr(draft, name)) for name in _WORDS}
    values |= {name: [_stated(part) for part in getattr(draft, name)] for name in _PARTS}
    values["joint_departments"] = [
        {"org_code": u.org_code, "org_name": u.name, "limit": u.limit, "note": u.note} for u in draft.joint_units
    ]
    values["header"] = {
        "code": draft.code,
        "kind": draft.kind,
        "parent_code": draft.parent_code,
        "power_type": draft.power_type,
        "department": draft.department,
        "featured": draft.featured,
    }
    values["commitment"] = dataclasses.asdict(draft.commitment) if draft.commitment else {}
    values["notes"] = list(notes)
    written: dict[str, Any] = json.loads(json.dumps(values))
    return written


def _stated(part: Any) -> dict[str, Any]:
    """A part as JSON; what came later and says nothing is left out, so that older versions keep their digest."""
    return {name: value for name, value in dataclasses.asdict(part).items() if name not in _LATER or value}


def draft_of(row: ItemVersion) -> ItemDraft:
    """What a version says, as a draft to go on from; the item must have been read with it."""
    values: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    values |= {name: tuple(getattr(row, name)) for name in _WORDS}
    values |= {
        name: tuple(rules.read_part(part, entry) for entry in getattr(row, name)) for name, part in _PARTS.items()
    }
    return ItemDraft(
        **values,
        **(row.header or _header_of(row.item)),
        joint_units=tuple(
            rules.JointUnit(
                name=each["org_name"], limit=each["limit"], org_code=each["org_code"], note=each.get("note", "")
            )
            for each in row.joint_departments
        ),
        commitment=rules.read_part(rules.Commitment, row.commitment) if row.commitment else None,
    )


def _header_of(item: Item) -> dict[str, Any]:
    """For versions written before they kept it themselves."""
    return {
        "code": item.code or "",
        "kind": item.kind,
        "parent_code": (item.parent.code or "") if item.parent else "",
        "power_type": item.power_type,
        "department": item.org_name,
        "featured": item.featured,
    }
