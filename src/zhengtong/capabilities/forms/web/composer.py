"""Choosing conditions and formulas: what can be chosen at a place of the form, and what a page sent."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.rules import composing, editing
from zhengtong.capabilities.forms.rules.answers import computed
from zhengtong.capabilities.forms.rules.composing import Line, Operand
from zhengtong.capabilities.forms.rules.declaration import LIST_KINDS, TEXT_KINDS
from zhengtong.capabilities.forms.rules.faults import declaration_faults
from zhengtong.capabilities.forms.rules.reading import frozen_definition

_MOST_LINES = 12
_NOT_COMPARED = frozenset(("note", "group", "table"))
_REST = {
    "in": "选了其中之一",
    "is": "等于",
    "not": "不等于",
    "gt": "大于或晚于",
    "lt": "小于或早于",
    "contains": "包含",
    "filled": "已填写",
    "empty": "没有填写",
}
_SAMPLE_DAYS = ("2026-01-01", "2026-11-21", "2027-03-31", "1990-03-07")


@dataclasses.dataclass(frozen=True)
class Choice:
    """Something to choose."""

    value: str
    label: str
    chosen: bool = False


@dataclasses.dataclass(frozen=True)
class LineView:
    """One comparison as the page shows it; ``options`` are the answers of a choice, ``by_text`` asks for a value."""

    number: int
    questions: tuple[Choice, ...]
    comparisons: tuple[Choice, ...]
    options: tuple[Choice, ...]
    by_text: bool
    value: str
    kind: str


@dataclasses.dataclass(frozen=True)
class ConditionView:
    """A condition to compose; ``words`` when it was declared in a shape that is only shown."""

    join: str
    lines: tuple[LineView, ...]
    words: str


@dataclasses.dataclass(frozen=True)
class OperandView:
    """One operand as the page shows it."""

    number: int
    choices: tuple[tuple[str, tuple[Choice, ...]], ...]
    constant: str | None


@dataclasses.dataclass(frozen=True)
class FormulaView:
    """A formula to compose, with its result on sample values."""

    ways: tuple[Choice, ...]
    operands: tuple[OperandView, ...]
    words: str
    sample: str


def condition_view(form: Mapping[str, Any], when: Mapping[str, Any] | None, place: str) -> ConditionView:
    """The condition of what stands at ``place``: a path, a section or a check."""
    found = composing.condition_lines(when)
    if found is None:
        return ConditionView("all", (), composing.condition_words(form, when))
    join, lines = found
    visible = dict(visible_fields(form, place))
    shown = [*lines, Line()][:_MOST_LINES]
    return ConditionView(join, tuple(_line_view(number, line, visible) for number, line in enumerate(shown)), "")


def visible_fields(form: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name and declaration of every question a condition or formula at a place can name: its own row's first."""
    group = place.partition(".")[0] if "." in place else ""
    if group:
        for _number, path, field in editing.places(form):
            if path.startswith(f"{group}.") and path != place:
                yield path.partition(".")[2], field
    for _number, path, field in editing.places(form):
        if "." not in path and path != place:
            yield path, field


def condition_in(form: Mapping[str, Any], posted: QueryDict, place: str) -> dict[str, Any] | None:
    """The condition a page sent; what was typed for a choice counts as the label or the value of an option."""
    visible = dict(visible_fields(form, place))
    lines = []
    for number in range(_MOST_LINES):
        name = posted.get(f"when.{number}.field", "")
        if name not in visible:
            continue
        field = visible[name]
        allowed = composing.comparisons_of(field["kind"])
        op = posted.get(f"when.{number}.op", "")
        if op not in allowed:
            op = {"is": "in", "contains": "in"}.get(op, "") if "in" in allowed else op
            op = op if op in allowed else next(iter(allowed))
        values = tuple(value.strip() for value in posted.getlist(f"when.{number}.value") if value.strip())
        by_label = {label: value for value, label in field.get("options") or []}
        lines.append(Line(name, op, tuple(by_label.get(value, value) for value in values)))
    return composing.condition_of(posted.get("when.join", "all"), lines)


def formula_view(form: Mapping[str, Any], formula: Mapping[str, Any] | None, place: str) -> FormulaView:
    """The formula of a computed question at ``place``."""
    found = composing.reckoning(formula)
    words = composing.formula_words(form, formula)
    sample = sample_of(form, place)
    if found is None:
        return FormulaView(_ways(""), (), words, sample)
    op, operands = found
    wanted = _operand_count(op, len(operands))
    padded = [*operands, *[Operand()] * wanted][:wanted]
    kind = composing.RECKONINGS[op][1] if op else ""
    views = tuple(
        OperandView(number, _operand_choices(form, place, kind, one), one.of if one.kind == "value" else None)
        for number, one in enumerate(padded)
    )
    return FormulaView(_ways(op), views, words if op else "", sample)


def formula_in(posted: QueryDict) -> dict[str, Any]:
    """The formula a page sent."""
    op = posted.get("formula.op", "")
    operands = []
    for number in range(_MOST_LINES):
        kind, _colon, of = posted.get(f"formula.{number}.of", "").partition("|")
        constant = posted.get(f"formula.{number}.value", "").strip()
        if kind in ("field", "column") and of:
            operands.append(Operand(kind, of))
        elif kind == "value":
            operands.append(Operand("value", constant or "1"))
    return composing.formula_of(op, operands)


def sample_of(form: Mapping[str, Any], place: str) -> str:
    """What the formula at a place gives for made-up answers, in words; empty while the form cannot be read."""
    plain = _without_conditions(form)
    if declaration_faults(plain):
        return ""
    try:
        formula = editing.find(form, place).get("formula")
    except KeyError:
        return ""
    answers, told = _sample_answers(plain, place, formula or {})
    path = place if "." not in place else "{}.0.{}".format(*place.split(".", 1))
    result = computed(frozen_definition(plain), answers).get(path, "")
    return (
        _("例如：%(given)s，结果是 %(result)s") % {"given": "，".join(told), "result": result}
        if told and result
        else ""
    )


def _line_view(number: int, line: Line, visible: Mapping[str, Mapping[str, Any]]) -> LineView:
    field = visible.get(line.field, {})
    kind = field.get("kind", "")
    allowed = composing.comparisons_of(kind) if kind else _REST
    questions = [
        Choice(name, one.get("label", name), name == line.field)
        for name, one in visible.items()
        if one["kind"] not in _NOT_COMPARED
    ]
    options = [Choice(value, label, value in line.values) for value, label in field.get("options") or []]
    return LineView(
        number=number,
        questions=tuple(questions),
        comparisons=tuple(Choice(op, words, op == line.op) for op, words in allowed.items()),
        options=tuple(options),
        by_text=not options and line.op not in ("filled", "empty"),
        value=line.values[0] if line.values else "",
        kind=kind,
    )


def _ways(op: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, words, key == op) for key, (words, _kind) in composing.RECKONINGS.items())


def _operand_count(op: str, given: int) -> int:
    if not op:
        return 0
    if composing.RECKONINGS[op][1] == "column":
        return max(1, given)
    return max(2, given + 1) if op in ("add", "multiply", "concat") else 2


def _operand_choices(
    form: Mapping[str, Any], place: str, kind: str, chosen: Operand
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Operands by group: questions, columns, a number of one's own."""
    questions, columns = [], []
    for name, field in visible_fields(form, place):
        if kind != "column":
            questions += [
                Choice(f"field|{of}", label, chosen == Operand("field", of)) for of, label in _ends(name, field, kind)
            ]
        if field["kind"] in LIST_KINDS and kind in ("column", "number") and "." not in place:
            for one in field.get("fields") or []:
                of = f"{name}.{one['key']}"
                label = f"{field.get('label', '')}·{one.get('label', '')}"
                columns.append(Choice(f"column|{of}", label, chosen == Operand("column", of)))
    found = []
    if questions:
        found.append((_("问题"), tuple(questions)))
    if columns and kind == "column":
        found.append((_("表格或一组里的一列"), tuple(columns)))
    if kind != "column":
        found.append((_("固定的值"), (Choice("value|", _("自己填"), chosen.kind == "value"),)))
    return tuple(found)


def _ends(name: str, field: Mapping[str, Any], kind: str) -> list[tuple[str, str]]:
    label = field.get("label", name)
    fitting = {
        "number": composing.NUMBER_KINDS,
        "date": ("date", "citizen_number", "computed"),
        "text": (*TEXT_KINDS, "choice", *composing.NUMBER_KINDS, "date"),
    }[kind]
    if field["kind"] == "period" and kind == "date":
        return [(f"{name}:from", f"{label} 开始日期"), (f"{name}:to", f"{label} 结束日期")]
    return [(name, label)] if field["kind"] in fitting else []


def _without_conditions(form: Mapping[str, Any]) -> dict[str, Any]:
    plain = editing.with_title(form, str(form.get("title") or "-"))
    plain["checks"] = []
    for section in plain["sections"]:
        section.pop("when", None)
    for _number, _path, field in editing.places(plain):
        field.pop("when", None)
    return plain


def _sample_answers(
    form: Mapping[str, Any], place: str, formula: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Answers to all that can be reckoned with, and those the formula names, in words."""
    named = set(_named(formula))
    numbers = iter(range(10, 100_000, 10))
    days = iter(_SAMPLE_DAYS * 100)
    answers: dict[str, Any] = {}
    told: list[str] = []
    group = place.partition(".")[0] if "." in place else ""
    for _number, path, field in editing.places(form):
        outer, _dot, column = path.partition(".")
        value = _sample(field, numbers, days)
        if column:
            rows = answers.setdefault(outer, [{}, {}] if outer != group else [{}])
            for row in rows:
                row[column] = value
                value = _sample(field, numbers, days)
            if f"{outer}.{column}" in named or (outer == group and column in named):
                told.append(f"{field['label']}＝{'、'.join(str(row[column]) for row in rows)}")
            continue
        if field["kind"] in LIST_KINDS:
            continue
        answers[path] = value
        if path in named:
            words = f"{value['from']} 至 {value['to']}" if isinstance(value, dict) else value
            told.append(f"{field['label']}＝{words}")
    return answers, told


def _sample(field: Mapping[str, Any], numbers: Iterator[int], days: Iterator[str]) -> Any:
    kind = field["kind"]
    if kind in ("number", "amount"):
        return str(next(numbers))
    if kind == "date":
        return next(days)
    if kind == "period":
        return {"from": "2026-01-01", "to": "2026-12-31"}
    if kind == "citizen_number":
        return "98072319900307001" + "10X98765432"[_check_digit("98072319900307001")]
    if kind == "choice":
        return (field.get("options") or [[""]])[0][0]
    return _("示例") if kind in TEXT_KINDS else ""


def _check_digit(head: str) -> int:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return sum(weight * int(digit) for weight, digit in zip(weights, head, strict=True)) % 11


def _named(formula: Mapping[str, Any]) -> Iterator[str]:
    if "field" in formula:
        yield str(formula["field"])
    if "column" in formula:
        yield ".".join(formula["column"])
    for part in formula.get("args") or ():
        yield from _named(part)


def prefill_choices(chosen: str, sources: Sequence[tuple[str, str]]) -> list[Choice]:
    """What a question can be filled in with beforehand."""
    return [Choice("", _("不预填"), not chosen), *(Choice(key, label, key == chosen) for key, label in sources)]
