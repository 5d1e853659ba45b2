"""Random declarations and answers, nasty ones among them."""

import unicodedata
from typing import Any

from hypothesis import strategies as st

from zhengtong.capabilities.forms.rules import COLUMN_KINDS, KIND_LABELS, LIST_KINDS

#: characters every Unicode version agrees about: a browser may know more than Python
_AGREED = [chr(code) for code in range(0x3000) if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Cs")]
NASTY = (
    "",
    " ",
    "　 全角空格　",
    "１３９０００００００１",
    "ＡＢＣ",
    "e\u0301",
    "\u1100\u1161\u11a8",
    "\u0301a",
    "\U0001f469\u200d\U0001f467",
    "𠮷野家",
    "\ud83d",
    "\udc00x",
    "a\x00b",
    "一\r\n二\n\t",
    "\ufeff值\ufeff",
    "\u2028x\u2029",
    "\u0085",
    "长" * 201,
    "x" * 10_000,
    " " * 5000 + "x",
    "0" * 10_000,
    "9" * 400,
    "-0",
    "-0.00",
    "1e5",
    "+1",
    "1.",
    ".5",
    "1,234.50",
    "1，234",
    "－5",
    "12.345",
    "007",
    "0.1",
    "999999999999.99",
    "1000000000000",
    "٣٤",
    "NaN",
    "Infinity",
    "0x10",
    "2026-02-30",
    "2024-02-29",
    "2023-02-29",
    "0000-01-01",
    "1900-01-01",
    "1899-12-31",
    "2199-12-31",
    "2200-01-01",
    "2026/2/3",
    "2026年11月21日",
    "20260101",
    "2026-13-01",
    "2026-W01-1",
    "11010519491231002X",
    "11010519491231002x",
    "110105194912310021",
    "11010519491331002X",
    "91980723MA00000153",
    "91980723ma00000153",
    "91980723MA00000154",
    "9198-0723MA00000153",
    "13900000001",
    "139 0000 0001",
    "name@example.cn",
    "a@b@c.d",
    "a b@c.d",
    "@",
    "a@b.\ufeff",
    "yes",
    "a",
    "b",
    "x",
    "980723",
    "980723001000",
    "980723001002",
    "980723000000",
    "constructor",
    "__proto__",
    "{label}",
    "${x}",
    "<b>&amp;",
    "null",
    "true",
    "ß",
    "ŉ",
    "İ",
)
FILE = "0191e0a0-0000-7000-8000-00000000000"
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from(_AGREED), max_size=12),
    st.decimals(min_value=-2000, max_value=2000, places=3).map(str),
    st.integers(-50, 50).map(str),
    st.dates().map(str),
    st.text("0123456789.-,", max_size=10),
)
_WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False),
    st.just([]), st.just({}), st.just([None, 1, "a"]), st.just({"from": 1}), st.just([[]]), st.just(10**400),
)  # fmt: skip
_FILES = st.lists(
    st.fixed_dictionaries(
        {"file": st.sampled_from([FILE + "1", FILE + "2", "x"]), "name": TEXTS | st.sampled_from(["a.PDF", "b.jpg"])},
        optional={"copies": st.sampled_from([1, "2", 0, 1000, "x", 2.0, 1.5, None])},
    ),
    max_size=4,
)
_SIGNED = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "at": TEXTS | st.sampled_from(["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123456+08:00"]),
        "drawn": TEXTS | st.sampled_from(["data:image/png;base64,AAAA", "data:image/png;base64,", "data:text/html,x"]),
    },
)
_OPTIONS = [["a", "甲"], ["b", "乙"], ["3", "丙"], ["constructor", "丁"]]


def answers_to(fields: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Answers in which some are missing and some are of the wrong shape."""
    return st.fixed_dictionaries({}, optional={field["key"]: answer_to(field) for field in fields})


def answer_to(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """An answer to one question."""
    if field["kind"] in LIST_KINDS:
        return st.lists(answers_to(field["fields"]) | st.sampled_from([None, {}, 5, "x"]), max_size=5) | _WRONG
    usual: dict[str, st.SearchStrategy[Any]] = {
        "choices": st.lists(st.sampled_from(["a", "b", "3", "x", "", "ａ"]), max_size=5) | TEXTS,
        "choice": st.sampled_from(["a", "b", "3", "x", "constructor"]) | TEXTS,
        "consent": st.sampled_from(["yes", "no", ""]),
        "period": st.fixed_dictionaries({}, optional={"from": TEXTS, "to": TEXTS})
        | st.tuples(st.dates(), st.dates()).map(lambda days: {"from": str(days[0]), "to": str(days[1])}),
        "attachment": _FILES,
        "signature": _SIGNED | TEXTS,
    }
    return st.one_of(usual.get(field["kind"], TEXTS), usual.get(field["kind"], TEXTS), _WRONG)


@st.composite
def conditions(draw: st.DrawFn, names: list[str], formulas: bool = True) -> Any:
    """A condition on some of the names."""
    shape = draw(st.sampled_from(["plain", "values", "values", "all", "any", "not"]))
    if shape in ("all", "any"):
        return {shape: draw(st.lists(conditions(names, formulas=False), min_size=1, max_size=3))}
    if shape == "not":
        return {"not": draw(conditions(names, formulas=False))}
    field = draw(st.sampled_from(names))
    values = st.sampled_from(["a", "b", "3", "yes", "", "5", "5.0", "2026-01-01"]) | st.integers(-3, 3)
    if shape == "values":
        return {"field": field, "values": draw(st.lists(values, min_size=1, max_size=3))}
    op = draw(st.sampled_from(["is", "not", "in", "filled", "empty", "lt", "le", "gt", "ge", "contains"]))
    if op == "in":
        return {"field": field, "op": op, "value": draw(st.lists(values, max_size=3))}
    if formulas and draw(st.booleans()):
        return {"field": field, "op": op, "value": draw(formulas_of(names, []))}
    return {"field": field, "op": op, "value": draw(values)}


def formulas_of(names: list[str], columns: list[tuple[str, str]]) -> st.SearchStrategy[Any]:
    """A formula over some of the names and columns, sensible or not."""
    leaves = st.one_of(
        st.builds(lambda name: {"field": name}, st.sampled_from(names)) if names else st.nothing(),
        st.builds(lambda name, part: {"field": name, "part": part}, st.sampled_from(names), st.sampled_from(["from"]))
        if names
        else st.nothing(),
        st.builds(
            lambda value: {"value": value}, st.sampled_from(["0", "1", "-2.5", "3", "0.333333", "2026-03-01", "元", 7])
        ),
    )
    inside = leaves | (st.sampled_from(columns).map(lambda pair: {"column": list(pair)}) if columns else st.nothing())

    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        def call(op: str, args: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
            return args.map(lambda given: {"op": op, "args": list(given)})

        two = st.tuples(inner, inner)
        some = st.lists(inner, min_size=1, max_size=3)
        any_of = st.lists(inner | inside, min_size=1, max_size=3)
        places = st.sampled_from(["0", "2", "6"]).map(lambda given: {"value": given})
        return st.one_of(
            *[call(op, two) for op in ("subtract", "divide", "days", "years", "age_on")],
            *[call(op, some) for op in ("add", "multiply", "concat")],
            *[call(op, any_of) for op in ("sum", "count", "min", "max")],
            call("round", st.tuples(inner, places)),
        )

    return st.recursive(leaves, around, max_leaves=6)


@st.composite
def field_of(draw: st.DrawFn, key: str, kinds: list[str], names: list[str], columns: list[tuple[str, str]]) -> Any:
    """A question that may depend on the names before it."""
    kind = draw(st.sampled_from(kinds))
    field: dict[str, Any] = {"key": key, "label": draw(st.sampled_from(["问题", "甲{max}", "A\\1$&"])), "kind": kind}
    if draw(st.booleans()):
        field["required"] = draw(st.booleans())
    if names and draw(st.integers(0, 3)) == 0:
        field["when"] = draw(conditions(names))
    extra: dict[str, st.SearchStrategy[Any]] = {
        "text": st.fixed_dictionaries({}, optional={"max_length": st.integers(1, 20)}),
        "number": st.fixed_dictionaries(
            {}, optional={"min": st.sampled_from(["0", "-1.50", 3]), "max": st.sampled_from(["10", 5, 9.5, ""]),
                          "places": st.integers(0, 6)}
        ),
        "amount": st.fixed_dictionaries({}, optional={"min": st.sampled_from(["-100", 0]), "max": st.just("999.9")}),
        "choice": st.just({"options": _OPTIONS}),
        "choices": st.fixed_dictionaries(
            {"options": st.just(_OPTIONS)}, optional={"min": st.just(2), "max": st.just(3)}
        ),
        "division": st.fixed_dictionaries({}, optional={"level": st.sampled_from(["county", "town", "village"])}),
        "period": st.fixed_dictionaries({}, optional={"max_days": st.integers(1, 400)}),
        "attachment": st.fixed_dictionaries(
            {}, optional={"formats": st.just(["pdf", "jpg"]), "max_files": st.integers(1, 2), "copies": st.just(3)}
        ),
        "computed": st.fixed_dictionaries(
            {"formula": formulas_of(names, columns)}, optional={"places": st.integers(0, 6)}
        ),
        "note": st.just({"text": "说明"}),
    }  # fmt: skip
    field |= draw(extra.get(kind, st.just({})))
    if kind in LIST_KINDS:
        inner_kinds = [one for one in KIND_LABELS if one not in LIST_KINDS] if kind == "group" else list(COLUMN_KINDS)
        field["fields"] = []
        for number in range(draw(st.integers(1, 4))):
            inner = [one["key"] for one in field["fields"]]
            # a column may have the name of a question of the form and hides it
            field["fields"].append(draw(field_of(f"f{number}", inner_kinds, sorted({*names, *inner}), columns)))
        field |= draw(st.fixed_dictionaries({}, optional={"min_rows": st.just(2), "max_rows": st.integers(2, 3)}))
    return field


@st.composite
def declarations(draw: st.DrawFn) -> Any:
    """A form of a few pages in which everything depends on what stands before it."""
    names: list[str] = []
    columns: list[tuple[str, str]] = []
    sections = []
    for _page in range(draw(st.integers(1, 2))):
        before = list(names)
        fields = []
        for _question in range(draw(st.integers(1, 5))):
            key = f"f{len(names)}" if len(names) != 3 else "constructor"
            field = draw(field_of(key, list(KIND_LABELS), list(names), list(columns)))
            names.append(key)
            columns += [(key, column["key"]) for column in field.get("fields", ())]
            fields.append(field)
        section = {"title": "一页", "fields": fields}
        if before and draw(st.integers(0, 3)) == 0:
            section["when"] = draw(conditions(before))
        sections.append(section)
    checks = [
        {"when": draw(conditions(names)), "message": "两处不一致。", "field": place}
        for place in draw(st.lists(st.sampled_from([*names, *(".".join(pair) for pair in columns)]), max_size=2))
    ]
    return {"title": "表", "sections": sections, "checks": checks}


@st.composite
def declarations_with_answers(draw: st.DrawFn) -> Any:
    """A declaration and answers to it."""
    declaration = draw(declarations())
    fields = [field for section in declaration["sections"] for field in section["fields"]]
    return declaration, draw(answers_to(fields))
