"""Answers moved to another version of their form: what fits goes along, what does not is kept and named."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from zhengtong.capabilities.forms.rules.declaration import LIST_KINDS, NUMBER_KINDS, Definition, Field, is_empty
from zhengtong.capabilities.forms.rules.reading_out import shown

_WORDS: Final = ("text", "textarea", "address")


class Carried(NamedTuple):
    """An answer that went along: the question's key now and then, and its label."""

    key: str
    was: str
    label: str


class LeftOver(NamedTuple):
    """An answer that found no place: its path in the old version, the question, the answer in words and as it was."""

    path: str
    label: str
    words: str
    value: Any


@dataclasses.dataclass(frozen=True)
class Moved:
    """The answers in the new version, what went along and what did not."""

    answers: dict[str, Any]
    carried_over: tuple[Carried, ...]
    left_over: tuple[LeftOver, ...]


def carry_over(old: Definition, new: Definition, answers: Mapping[str, Any]) -> Moved:
    """Move answers from one version to another: by key, or by the key a question says it had (``was``).

    A kind may become a wider one (number → text, choice → choices); a choice goes along only with an option that is
    still there. Wrong and unfinished answers go along like right ones.
    """
    moved: dict[str, Any] = {}
    carried: list[Carried] = []
    left: list[LeftOver] = []
    taken = set()
    for field in new.fields:
        before = _before(field, old.by_key)
        if before is None or not field.asks:
            continue
        taken.add(before.key)
        value = answers.get(before.key)
        if value is None or is_empty(value):
            continue
        if field.kind in LIST_KINDS and before.kind in LIST_KINDS:
            moved[field.key] = _carry_rows(before, field, value, left)
        elif (fitting := _convert(before, field, value)) is not None:
            moved[field.key] = fitting
        else:
            left.append(LeftOver(before.key, before.label, shown(before, value), value))
            continue
        carried.append(Carried(field.key, before.key, field.label))
    for field in old.fields:
        value = answers.get(field.key)
        if field.asks and field.key not in taken and value is not None and not is_empty(value):
            left.append(LeftOver(field.key, field.label, shown(field, value), value))
    return Moved(moved, tuple(carried), tuple(left))


def _before(field: Field, old: Mapping[str, Field]) -> Field | None:
    return old.get(field.was) or old.get(field.key)


def _carry_rows(before: Field, field: Field, value: Any, left: list[LeftOver]) -> list[Any]:
    rows = []
    for number, row in enumerate(value if isinstance(value, list) else []):
        if not isinstance(row, Mapping):
            continue
        kept = {}
        used = set()
        for column in field.fields:
            source = _before(column, before.column)
            if source is None or source.key not in row or not column.asks:
                continue
            fitting = _convert(source, column, row[source.key])
            if fitting is not None:
                kept[column.key] = fitting
                used.add(source.key)
        rows.append(kept)
        left += [
            LeftOver(
                f"{before.key}.{number}.{source.key}",
                f"{before.label}第 {number + 1} 行的{source.label}",
                shown(source, row[source.key]),
                row[source.key],
            )
            for source in before.fields
            if source.asks and source.key not in used and source.key in row and not is_empty(row[source.key])
        ]
    return rows


def _convert(before: Field, field: Field, value: Any) -> Any:
    """The value as the new question keeps it; None when it cannot stand there."""
    if before.kind == field.kind:
        return None if field.kind in ("choice", "choices", "attachment") and _refused(field, value) else value
    way = _WAYS.get((before.kind, field.kind))
    found = way(value) if way else None
    return None if found is None or (field.kind in ("choice", "choices") and _refused(field, found)) else found


def _refused(field: Field, value: Any) -> bool:
    """True for an option that is no longer there; how many were chosen is for the applicant to mend."""
    if field.kind == "attachment":
        return not isinstance(value, list)
    picked = value if isinstance(value, list) else [value]
    return any(not isinstance(one, str) or (one and one not in field.option_labels) for one in picked)


def _same(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else None


_WAYS: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {
    **{(one, other): _same for one in _WORDS for other in _WORDS if one != other},
    **{
        (one, other): _same
        for one in (*NUMBER_KINDS, "date", "phone", "email", "citizen_number", "uscc")
        for other in _WORDS
    },
    ("number", "amount"): _same,
    ("amount", "number"): _same,
    ("text", "phone"): _same,
    ("text", "email"): _same,
    ("text", "citizen_number"): _same,
    ("text", "uscc"): _same,
    ("text", "number"): _same,
    ("text", "amount"): _same,
    ("text", "date"): _same,
    ("choice", "choices"): lambda value: [value] if isinstance(value, str) else None,
    ("choices", "choice"): _single,
}
