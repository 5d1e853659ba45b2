"""Conditions and formulas as somebody composes them by choosing: read from the declaration, written back, in words.

A composed condition is a list of lines (question, comparison, values) of which all or any must hold; a composed formula
is one way of reckoning over a few operands. What is declared in any other shape is shown in words only.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from zhengtong.capabilities.forms.rules.editing import places

_FILLED: Final = {"filled": "已填写", "empty": "没有填写"}
_NUMBERS: Final = {"is": "等于", "not": "不等于", "gt": "大于", "ge": "大于或等于", "lt": "小于", "le": "小于或等于"}
_DATES: Final = {"is": "是这一天", "gt": "晚于", "ge": "不早于", "lt": "早于", "le": "不晚于"}
_TEXTS: Final = {"is": "等于", "not": "不等于", "contains": "包含"}
#: kind → comparison → its words
COMPARISONS: Final[Mapping[str, Mapping[str, str]]] = {
    "choice": {"in": "选了其中之一", "not_in": "没有选这些"} | _FILLED,
    "choices": {"contains": "选了"} | _FILLED,
    "consent": {"filled": "已勾选", "empty": "没有勾选"},
    "number": _NUMBERS | _FILLED,
    "amount": _NUMBERS | _FILLED,
    "computed": _NUMBERS | _FILLED,
    "date": _DATES | _FILLED,
} | dict.fromkeys(("text", "textarea", "phone", "email", "address", "citizen_number", "uscc"), _TEXTS | _FILLED)
#: way of reckoning → (its words, what the operands are)
RECKONINGS: Final[Mapping[str, tuple[str, str]]] = {
    "sum": ("一列合计", "column"),
    "count": ("一列填了几行", "column"),
    "max": ("一列里最大的", "column"),
    "min": ("一列里最小的", "column"),
    "add": ("相加", "number"),
    "subtract": ("相减（前一项减后一项）", "number"),
    "multiply": ("相乘", "number"),
    "divide": ("相除（前一项除以后一项）", "number"),
    "days": ("两个日期之间的天数（后一项减前一项）", "date"),
    "age_on": ("周岁（出生日期或身份号码，到某一天）", "date"),
    "years": ("两个日期之间的整年数", "date"),
    "concat": ("把文字连在一起", "text"),
}
_SIGNS: Final = {"add": "＋", "subtract": "－", "multiply": "×", "divide": "÷", "concat": "连接"}
NUMBER_KINDS: Final = ("number", "amount", "computed")


@dataclasses.dataclass(frozen=True)
class Line:
    """One comparison of a composed condition."""

    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Operand:
    """What is reckoned with: ``field`` (an end of a period as ``key:from``) and ``column``, ``value`` is a constant."""

    kind: str = ""
    of: str = ""


def comparisons_of(kind: str) -> Mapping[str, str]:
    """The comparisons that make sense for a kind."""
    return COMPARISONS.get(kind, _FILLED)


def condition_lines(when: Mapping[str, Any] | None) -> tuple[str, tuple[Line, ...]] | None:
    """``all`` or ``any`` with the lines of a condition; None when it was declared in a shape nobody composes."""
    if not when:
        return "all", ()
    for join in ("all", "any"):
        if join in when:
            lines = [_line(part) for part in when[join]]
            return (join, tuple(line for line in lines if line)) if all(lines) else None
    line = _line(when)
    return ("all", (line,)) if line else None


def condition_of(join: str, lines: Sequence[Line]) -> dict[str, Any] | None:
    """The declaration of composed lines; lines without a question are left out, None when none is left."""
    parts = [_part(line) for line in lines if line.field]
    if len(parts) > 1:
        return {"any" if join == "any" else "all": parts}
    return parts[0] if parts else None


def condition_words(form: Mapping[str, Any], when: Mapping[str, Any] | None) -> str:
    """A condition as a sentence part; empty when there is none."""
    if not when:
        return ""
    for join, word in (("all", "，并且"), ("any", "，或者")):
        if join in when:
            return word.join(condition_words(form, part) for part in when[join])
    line = _line(when)
    if line is None:
        inner = when.get("not")
        return f"不满足（{condition_words(form, inner)}）" if inner else "满足一个按公式比较的条件"
    field = _field(form, line.field)
    label = f"“{field.get('label', line.field)}”"
    word = comparisons_of(field.get("kind", "")).get(line.op, {**_NUMBERS, **_TEXTS, **_FILLED}.get(line.op, line.op))
    options = dict(map(tuple, field.get("options", [])))
    values = "、".join(f"“{options.get(value, value)}”" for value in line.values)
    if line.op in ("in", "is") and options:
        word = "是"
    return f"{label}{word}{values}"


def reckoning(formula: Mapping[str, Any] | None) -> tuple[str, tuple[Operand, ...]] | None:
    """The way of reckoning with its operands; None for a formula in a shape nobody composes."""
    if not formula or "value" in formula:
        return "", ()
    if formula.get("op") not in RECKONINGS:
        return None
    operands = [_operand(part) for part in formula.get("args", [])]
    return (formula["op"], tuple(one for one in operands if one)) if all(operands) else None


def formula_of(op: str, operands: Sequence[Operand]) -> dict[str, Any]:
    """The declaration of a composed formula; 0 as long as nothing was chosen."""
    written = [_written(one) for one in operands if one.kind and one.of != ""]
    return {"op": op, "args": written} if op in RECKONINGS else {"value": "0"}


def formula_words(form: Mapping[str, Any], formula: Mapping[str, Any] | None) -> str:
    """A formula as people read it."""
    if not formula:
        return ""
    if "op" not in formula:
        operand = _operand(formula)
        return operand_words(form, operand) if operand else ""
    parts = [formula_words(form, part) for part in formula.get("args", [])]
    op = str(formula["op"])
    if op in _SIGNS:
        return f" {_SIGNS[op]} ".join(parts)
    if op in ("days", "years", "age_on") and len(parts) == 2:
        unit = {"days": "天数", "years": "整年数", "age_on": "周岁"}[op]
        return f"从{parts[0]}到{parts[1]}的{unit}"
    word = {"sum": "合计", "count": "行数", "max": "最大值", "min": "最小值", "round": "四舍五入"}.get(op, op)
    return f"{'、'.join(parts)}的{word}"


def operand_words(form: Mapping[str, Any], operand: Operand) -> str:
    """An operand as people read it."""
    if operand.kind == "value":
        return operand.of
    if operand.kind == "column":
        group, _dot, column = operand.of.partition(".")
        labels = (_field(form, group).get("label", group), _field(form, operand.of).get("label", column))
        return "“{}”里的“{}”".format(*labels)
    key, _colon, side = operand.of.partition(":")
    label = f"“{_field(form, key).get('label', key)}”"
    return label + {"from": "的开始日期", "to": "的结束日期"}.get(side, "")


def _line(part: Mapping[str, Any]) -> Line | None:
    negated = isinstance(part.get("not"), Mapping)
    plain = part["not"] if negated else part
    field = plain.get("field")
    if not isinstance(field, str):
        return None
    if "values" in plain:
        line = Line(field, "in", tuple(map(str, plain["values"])))
    else:
        value = plain.get("value", ())
        if isinstance(value, Mapping):
            return None
        values = tuple(map(str, value)) if isinstance(value, list) else (str(value),) if value != () else ()
        line = Line(field, str(plain.get("op", "in")), values)
    if not negated:
        return line
    return dataclasses.replace(line, op="not_in") if line.op == "in" else None


def _part(line: Line) -> dict[str, Any]:
    if line.op in _FILLED:
        return {"field": line.field, "op": line.op}
    if line.op == "in":
        return {"field": line.field, "values": list(line.values)}
    if line.op == "not_in":
        return {"not": {"field": line.field, "values": list(line.values)}}
    return {"field": line.field, "op": line.op, "value": line.values[0] if line.values else ""}


def _operand(part: Mapping[str, Any]) -> Operand | None:
    if "column" in part:
        return Operand("column", ".".join(part["column"]))
    if "value" in part:
        return Operand("value", str(part["value"]))
    if "field" not in part or "op" in part:
        return None
    return Operand("field", f"{part['field']}:{part['part']}" if part.get("part") else str(part["field"]))


def _written(operand: Operand) -> dict[str, Any]:
    if operand.kind == "column":
        return {"column": operand.of.split(".", 1)}
    key, _colon, side = operand.of.partition(":")
    if operand.kind == "field":
        return {"field": key, "part": side} if side else {"field": key}
    return {"value": operand.of}


def _field(form: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: dict[str, Mapping[str, Any]] = {path: field for _number, path, field in places(form)}
    inside: Mapping[str, Any] = next((field for path, field in found.items() if path.endswith(f".{key}")), {})
    return found.get(key, inside)
