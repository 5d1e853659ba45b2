"""The fixed cases that every engine must judge alike; writes ``vectors.json``: ``python -m … .tests.vectors``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhengtong.capabilities.forms.rules import COLUMN_KINDS
from zhengtong.capabilities.forms.tests.engine import judged
from zhengtong.capabilities.forms.tests.forms import GROUP, field, form
from zhengtong.capabilities.forms.tests.strategies import FILE, NASTY

VECTORS = Path(__file__).with_name("vectors.json")
_LONG = 300  # longer texts are left to the tests that make them
_OPTIONS = [["a", "甲"], ["b", "乙"], ["3", "丙"]]
_MORE: dict[str, dict[str, Any]] = {
    "choice": {"options": _OPTIONS},
    "computed": {"formula": {"op": "multiply", "args": [{"value": "1.15"}, {"value": "-3"}]}},
    "number": {"min": "-100", "max": "1000000", "places": 3},
    "division": {"level": "town"},
}
_ROWS = {
    "people": [{"name": "张一", "share": "0.1", "born": "2000-02-29"}, {}, {"name": "李二", "share": "99.9"}, None, 5]
}
_SHAPES: list[Any] = [None, True, 12, 12.0, 1.5, 2**60, [], {}, ["a"], {"from": "2026-01-01"}, [{"name": "x"}]]


def _column(op: str, key: str) -> dict[str, Any]:
    return {"op": op, "args": [{"column": ["people", key]}]}


def _cases() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    texts = [text for text in NASTY if len(text) < _LONG]
    for kind in (*COLUMN_KINDS, "textarea", "consent"):
        many = [field(f"q{number}", kind, **_MORE.get(kind, {})) for number in range(len(texts))]
        yield form(*many), {f"q{number}": text for number, text in enumerate(texts)}
    kinds = ["text", "number", "choices", "period", "attachment", "signature", "group", "table"]
    more: dict[str, dict[str, Any]] = {"choices": {"options": _OPTIONS, "min": 2}, "group": {"fields": [field("name")]}}
    more["table"] = more["group"]
    for shape in _SHAPES:
        yield form(*(field(kind, kind, **more.get(kind, {})) for kind in kinds)), dict.fromkeys(kinds, shape)
    formulas: list[Any] = [
        *(_column(op, key) for op in ("sum", "count", "min", "max") for key in ("share", "born", "name")),
        {"op": "divide", "args": [_column("sum", "share"), {"value": "7"}]},
        {"op": "days", "args": [_column("min", "born"), {"value": "2026-11-22"}]},
        {"op": "age_on", "args": [{"value": "11010519491231002X"}, {"value": "2026-12-31"}]},
        {"op": "concat", "args": [{"value": "共"}, {"op": "count", "args": [{"field": "people"}]}, {"value": "人"}]},
    ]
    sums = [field(f"c{n}", "computed", formula=formula, places=6) for n, formula in enumerate(formulas)]
    yield form(GROUP, *sums), _ROWS
    term = field("term", "period", max_days=365)
    papers = field("papers", "attachment", formats=["pdf"], max_files=1)
    signed = field("signed", "signature")
    yield (
        form(term, papers, signed),
        {
            "term": {"from": "2026-1-1", "to": "2027-01-01"},
            "papers": [{"file": FILE + "1", "name": "a.PDF", "copies": 2}, {"file": FILE + "2", "name": "b.jpg"}],
            "signed": {"name": "张一", "at": "2026-11-21T08:00:00Z", "drawn": "data:image/png;base64,AA=="},
        },
    )
    conditions: list[Any] = [
        {"field": "n", "op": op, "value": value}
        for op in ("is", "not", "lt", "le", "gt", "ge", "contains")
        for value in ("10", "10.00", "9")
    ]
    conditions += [
        {"not": conditions[0]},
        {"all": conditions[:2]},
        {"any": conditions[2:4]},
        {"field": "n", "values": [10]},
    ]
    asking = [field(f"w{n}", when=when) for n, when in enumerate(conditions)]
    check = {"when": {"field": "n", "op": "gt", "value": {"field": "m"}}, "message": "不能超过。", "field": "m"}
    for value in ("10", "9.5", "", "x"):
        yield form(field("n", "number"), field("m", "number"), *asking, checks=[check]), {"n": value, "m": "9"}


def made() -> list[dict[str, Any]]:
    """Every case with what the rules in Python say."""
    return [
        {"declaration": declaration, "answers": answers, "expected": judged(declaration, answers)}
        for declaration, answers in _cases()
    ]


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(vector, separators=(",", ":")) for vector in made())
    VECTORS.write_text(f"[\n{lines}\n]\n", encoding="ascii")
