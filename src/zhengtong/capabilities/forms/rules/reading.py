"""From the JSON of a declaration to a ``Definition``; what is not said gets the same defaults as in ``engine.js``."""

from collections.abc import Mapping
from typing import Any, Final

from zhengtong.capabilities.forms.rules.declaration import (
    LIST_KINDS,
    Check,
    Condition,
    Definition,
    Field,
    Formula,
    Section,
)
from zhengtong.capabilities.forms.rules.faults import declaration_faults
from zhengtong.capabilities.forms.rules.texts import canonical
from zhengtong.capabilities.forms.rules.values import AMOUNT_PLACES, NUMBER_PLACES

_PERSONAL_KINDS: Final = ("citizen_number", "phone", "email", "address", "signature")
_COMPUTED_PLACES: Final = 2


def read_definition(data: Mapping[str, Any]) -> Definition:
    """A definition from its JSON; raises ValueError with the sentences of all its faults."""
    faults = declaration_faults(data)
    if faults:
        raise ValueError("\n".join(fault.sentence for fault in faults))
    return frozen_definition(data)


def frozen_definition(data: Mapping[str, Any]) -> Definition:
    """The definition of a declaration that was found right when it was published."""
    return Definition(
        title=data["title"],
        sections=tuple(
            Section(
                title=section["title"],
                fields=tuple(_read_field(field) for field in section["fields"]),
                help=section.get("help") or "",
                when=_read_when(section),
            )
            for section in data["sections"]
        ),
        checks=tuple(
            Check(read_condition(check["when"]), check["message"], check["field"]) for check in data.get("checks") or ()
        ),
    )


def constant(value: Any) -> str:
    """A constant of a condition or formula as text; whole numbers without a decimal point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_field(data: Mapping[str, Any]) -> Field:
    kind = data["kind"]
    columns = tuple(_read_field(field) for field in data.get("fields") or ()) if kind in LIST_KINDS else ()
    return Field(
        key=data["key"],
        label=data["label"],
        kind=kind,
        required=data.get("required", True),
        help=data.get("help") or "",
        unit=data.get("unit") or "",
        options=tuple((value, label) for value, label in data.get("options") or ()),
        prefill=data.get("prefill") or "",
        when=_read_when(data),
        personal=data.get("personal", kind in _PERSONAL_KINDS or any(column.personal for column in columns)),
        was=data.get("was") or "",
        max_length=data.get("max_length") or 0,
        min=_limit(data.get("min", "")) or ("0" if kind == "amount" else ""),
        max=_limit(data.get("max", "")),
        places=_places(data),
        level=data.get("level") or "",
        max_days=data.get("max_days") or 0,
        formats=tuple(data.get("formats") or ()),
        max_files=data.get("max_files") or 1,
        copies=data.get("copies") or 1,
        paper_form=data.get("paper_form") or "",
        fields=columns,
        min_rows=data.get("min_rows") or 0,
        max_rows=data.get("max_rows") or 50,
        row_label=data.get("row_label") or "",
        statement=data.get("statement") or "",
        formula=_read_formula(data["formula"]) if kind == "computed" else None,
        text=data.get("text") or "",
    )


def _limit(value: Any) -> str:
    return canonical(constant("" if value is None else value))


def _places(data: Mapping[str, Any]) -> int:
    if data["kind"] == "amount":
        return AMOUNT_PLACES
    places = data.get("places")
    usual = _COMPUTED_PLACES if data["kind"] == "computed" else NUMBER_PLACES
    return usual if places is None else int(places)


def _read_when(data: Mapping[str, Any]) -> Condition | None:
    return read_condition(data["when"]) if data.get("when") else None


def read_condition(data: Mapping[str, Any]) -> Condition:
    """A condition as it was declared; for one without faults."""
    for op in ("all", "any"):
        if op in data:
            return Condition(op=op, parts=tuple(read_condition(part) for part in data[op]))
    if "not" in data:
        return Condition(op="none", parts=(read_condition(data["not"]),))
    if "op" not in data:
        return Condition(data["field"], tuple(constant(value) for value in data["values"]))
    value = data.get("value")
    if isinstance(value, Mapping):
        return Condition(data["field"], op=data["op"], other=_read_formula(value))
    values = value if isinstance(value, list) else [] if value is None else [value]
    return Condition(data["field"], tuple(constant(one) for one in values), data["op"])


def _read_formula(data: Mapping[str, Any]) -> Formula:
    if "field" in data:
        return Formula("field", field=data["field"], part=data.get("part") or "")
    if "value" in data:
        return Formula("value", value=constant(data["value"]))
    if "column" in data:
        group, key = data["column"]
        return Formula("column", column=(group, key))
    return Formula(data["op"], tuple(_read_formula(arg) for arg in data["args"]))
