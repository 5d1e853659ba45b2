"""事项表的行：one line of an office's list, with details from elsewhere, as a draft."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.capabilities.catalogue.rules import columns
from zhengtong.capabilities.catalogue.rules.drafts import (
    Commitment,
    Fee,
    ItemDraft,
    Material,
    Member,
    Question,
    SpecialStep,
    read_part,
)
from zhengtong.capabilities.catalogue.rules.publication import default_process

_PLAIN = (
    "name",
    "department",
    "legal_basis",
    "statutory_limit",
    "promised_limit",
    "fee",
    "result_document",
    "validity",
)
_CODED: Mapping[str, Mapping[str, str]] = {
    "power_type": columns.POWER_TYPES,
    "applicant_type": columns.APPLICANTS,
    "handling_kind": columns.HANDLING_KINDS,
    "online_depth": columns.DEPTHS,
}
_LABELS = {
    "power_type": "事项类型",
    "applicant_type": "服务对象",
    "handling_kind": "办件类型",
    "online_depth": "网办深度",
}
_PARSED: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "joint_departments": ("joint_units", columns.joint_units),
    "special_steps": ("special_steps", columns.special_steps),
    "materials": ("materials", columns.materials),
    "themes": ("themes", lambda cell: tuple(columns.texts(cell))),
    "confirmed": ("confirmed", lambda cell: tuple(columns.texts(cell))),
}
_TUPLES = ("conditions", "flow", "themes", "confirmed", "responsibilities", "executors")
_PARTS: Mapping[str, type[Any]] = {
    "materials": Material,
    "faq": Question,
    "fees": Fee,
    "members": Member,
    "special_steps": SpecialStep,
}


class UnclearRow(Exception):
    """A line that cannot be read; ``reasons`` are sentences for the office that sent it."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


def draft_of_row(row: Mapping[str, str], details: Mapping[str, Any] | None = None) -> ItemDraft:
    """The draft of a line; ``details`` (fields of a draft as JSON values) add to the line or replace its words.

    Raises UnclearRow with everything that is wrong at once.
    """
    cells = {key: value.strip() for key, value in row.items()}
    reasons: list[str] = []
    values: dict[str, Any] = {"code": cells.get("item_code", "")} | {key: cells.get(key, "") for key in _PLAIN}
    for key, known in _CODED.items():
        word = cells.get(key, "")
        if word not in known:
            reasons.append(f"{_LABELS[key]}“{word}”不在规定的范围内。请从“{'”“'.join(known)}”中选一个。")
        values[key] = known.get(word, "")
    for key, (field, parse) in _PARSED.items():
        try:
            values[field] = parse(cells.get(key, ""))
        except ValueError as error:
            reasons.append(str(error))
    if reasons:
        raise UnclearRow(reasons)
    values |= _details(details or {})
    values.setdefault("result_title", "")
    values["result_title"] = values["result_title"] or next(iter(columns.texts(values["result_document"])), "")
    return ItemDraft(**values)


def with_route(draft: ItemDraft) -> ItemDraft:
    """The draft with the process it takes by default, unless it names its own; units must have been looked up."""
    if draft.process_key:
        return draft
    route = default_process(
        power_type=draft.power_type,
        handling_kind=draft.handling_kind,
        joint_units=draft.joint_units,
        kind=draft.kind,
    )
    return dataclasses.replace(draft, process_key=route)


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(details)
    for key, part in _PARTS.items():
        if key in values:
            values[key] = tuple(read_part(part, entry) for entry in values[key])
    if values.get("commitment"):
        values["commitment"] = read_part(Commitment, values["commitment"])
    return values | {key: tuple(values[key]) for key in _TUPLES if key in values}
