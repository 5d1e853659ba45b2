"""Faults of conditions and formulas: what they name must exist and be of a kind that can be compared or computed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from zhengtong.capabilities.forms.rules.declaration import KIND_LABELS, LIST_KINDS, NUMBER_KINDS
from zhengtong.capabilities.forms.rules.texts import date_problem

_MOST_NESTED: Final = 8
_MOST_PARTS: Final = 30
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_COMPARING: Final = ("lt", "le", "gt", "ge")
_OPS: Final = ("is", "not", "in", "filled", "empty", "contains", *_COMPARING)
#: op of a formula → least and most arguments
_ARITY: Final = {
    "add": (2, _MOST_PARTS), "subtract": (2, 2), "multiply": (2, _MOST_PARTS), "divide": (2, 2),
    "sum": (1, _MOST_PARTS), "count": (1, _MOST_PARTS), "min": (1, _MOST_PARTS), "max": (1, _MOST_PARTS),
    "round": (2, 2), "days": (2, 2), "years": (2, 2), "age_on": (2, 2), "concat": (1, _MOST_PARTS),
}  # fmt: skip
_AGGREGATES: Final = ("sum", "count", "min", "max")
_TYPE_LABELS: Final = {"number": "数字", "date": "日期", "born": "公民身份号码", "text": "文字", "list": "多项内容"}


class Fault(NamedTuple):
    """A fault of a declaration: where it is and a sentence about it."""

    path: str
    sentence: str


Names = Mapping[str, Mapping[str, Any]]


def condition_faults(data: Any, place: str, who: str, names: Names, depth: int = 0) -> Iterator[Fault]:
    """Faults of a condition; ``who`` begins the sentences, ``names`` are the questions it can see."""
    if not isinstance(data, Mapping) or depth > _MOST_NESTED:
        yield Fault(place, f"{who}无法识别，或者套得太深。")
        return
    for op in ("all", "any"):
        if op in data:
            parts = data[op]
            if not isinstance(parts, list) or not 1 <= len(parts) <= _MOST_PARTS:
                yield Fault(place, f"{who}里的一组条件应有 1 到 {_MOST_PARTS} 个。")
                return
            for number, part in enumerate(parts):
                yield from condition_faults(part, f"{place}.{op}.{number}", who, names, depth + 1)
            return
    if "not" in data:
        yield from condition_faults(data["not"], f"{place}.not", who, names, depth + 1)
        return
    name = data.get("field")
    if not isinstance(name, str) or name not in names:
        yield Fault(place, f"{who}引用的问题“{name or ''}”不存在，请重新选择。")
        return
    yield from _comparison_faults(data, place, who, names)


def _comparison_faults(data: Mapping[str, Any], place: str, who: str, names: Names) -> Iterator[Fault]:
    field = names[data["field"]]
    kind, label = field["kind"], field["label"]
    op = data.get("op", "in")
    if op not in _OPS:
        yield Fault(place, f"{who}的比较方式“{op}”不存在。")
        return
    if kind == "note":
        yield Fault(place, f"{who}不能引用“{label}”：它是说明文字，没有答案。")
        return
    if op in ("filled", "empty"):
        return
    if kind in (*LIST_KINDS, "attachment", "period", "signature"):
        yield Fault(place, f"{who}对“{label}”只能用“已填写”或“未填写”：它是{KIND_LABELS[kind]}。")
        return
    kind_of = _type_of_field(field)
    if op in _COMPARING and kind_of not in ("number", "date", "computed"):
        yield Fault(place, f"{who}不能比较“{label}”的大小：它是{KIND_LABELS[kind]}，不是数字或日期。")
        return
    value = data.get("value") if "op" in data else data.get("values")
    if isinstance(value, Mapping):
        yield from formula_faults(value, f"{place}.value", f"{who}里的公式", names)
        return
    yield from _constant_faults(value, op, place, who, field)


def _constant_faults(value: Any, op: str, place: str, who: str, field: Mapping[str, Any]) -> Iterator[Fault]:
    label = field["label"]
    values = value if isinstance(value, list) and op == "in" else [value]
    texts = [one for one in values if _is_constant(one)]
    if not values or len(texts) != len(values):
        yield Fault(place, f"{who}没有写明要和“{label}”比较的值。")
        return
    if field["kind"] in ("choice", "choices"):
        options = field.get("options") if isinstance(field.get("options"), list) else []
        known = {str(option[0]) for option in options or () if isinstance(option, list | tuple) and option}
        yield from (
            Fault(place, f"{who}用到的选项“{one}”不在“{label}”的选项里。") for one in values if str(one) not in known
        )
    if op in _COMPARING:
        wanted = _type_of_field(field)
        text = str(values[0])
        right = {"number": bool(_NUMBER.fullmatch(text)), "date": not date_problem(text)}
        if not right.get(wanted, any(right.values())):
            yield Fault(place, f"{who}里的“{text}”不能和“{label}”比较大小，应为数字或者像 2026-11-21 这样的日期。")


def _is_constant(value: Any) -> bool:
    """Texts and numbers that every language writes alike."""
    if isinstance(value, str):
        return len(value) <= 200
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(_NUMBER.fullmatch(str(value)))


def _type_of_field(field: Mapping[str, Any]) -> str:
    """What the value of a question is for a formula: number, date, born, text, list, computed, or nothing."""
    kind = field["kind"]
    if kind in NUMBER_KINDS:
        return "number"
    if kind == "citizen_number":
        return "born"
    if kind == "choice":
        options = field.get("options") if isinstance(field.get("options"), list) else []
        numbers = [isinstance(one, list | tuple) and bool(one) and _is_number(one[0]) for one in options or ()]
        return "number" if numbers and all(numbers) else "text"
    if kind in (*LIST_KINDS, "choices", "attachment"):
        return "list"
    return {"date": "date", "computed": "computed", "period": "period", "note": "", "signature": ""}.get(kind, "text")


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value))


def formula_faults(data: Any, place: str, who: str, names: Names) -> Iterator[Fault]:
    """Faults of a formula; ``who`` begins the sentences, ``names`` are the questions it can see."""
    reader = _Types(who, names)
    reader.type_of(data, place, depth=0, inside="", seen=())
    yield from reader.faults


class _Types:
    """Goes through a formula and finds out of which type each part is."""

    def __init__(self, who: str, names: Names) -> None:
        self.who = who
        self.names = names
        self.faults: list[Fault] = []

    def fault(self, place: str, words: str) -> str:
        """Note a fault; the type of a faulty part fits everywhere, so that one fault is told once."""
        self.faults.append(Fault(place, f"{self.who}{words}"))
        return "any"

    def type_of(self, data: Any, place: str, *, depth: int, inside: str, seen: tuple[str, ...]) -> str:
        """The type of a part; ``inside`` is the op around it, ``seen`` the computed fields that led here."""
        if not isinstance(data, Mapping) or depth > _MOST_NESTED:
            return self.fault(place, "无法识别，或者套得太深。")
        if "field" in data:
            return self._field(data, place, inside, seen)
        if "value" in data:
            return self._value(data["value"], place)
        if "column" in data:
            return self._column(data["column"], place, inside, seen)
        return self._operation(data, place, depth, seen)

    def _field(self, data: Mapping[str, Any], place: str, inside: str, seen: tuple[str, ...]) -> str:
        name = data["field"]
        field = self.names.get(name) if isinstance(name, str) else None
        if field is None:
            return self.fault(place, f"引用的问题“{name}”不存在，请重新选择。")
        found = self._type(field, name, seen)
        if found == "period":
            if data.get("part") in ("from", "to"):
                return "date"
            return self.fault(place, f"引用了起止日期“{field['label']}”，请写明用开始日期还是结束日期。")
        if not found or (found == "list" and inside != "count"):
            return self.fault(place, f"不能用“{field['label']}”计算：它是{KIND_LABELS[field['kind']]}。")
        return found

    def _type(self, field: Mapping[str, Any], name: str, seen: tuple[str, ...]) -> str:
        """The type of a field, of a computed one that of its formula; what goes round in a circle fits everywhere."""
        if field["kind"] != "computed":
            return _type_of_field(field)
        if name in seen or len(seen) > _MOST_NESTED:
            return "any"
        inner = _Types("", self.names)
        return inner.type_of(field.get("formula"), "", depth=0, inside="", seen=(*seen, name))

    def _value(self, value: Any, place: str) -> str:
        if not _is_constant(value) or value == "":
            return self.fault(place, "里的固定值没有填写，或者无法识别。")
        text = str(value)
        if _NUMBER.fullmatch(text):
            return "number"
        return "text" if date_problem(text) else "date"

    def _column(self, column: Any, place: str, inside: str, seen: tuple[str, ...]) -> str:
        if inside not in _AGGREGATES:
            return self.fault(place, "里的一整列只能放在合计、计数、最小值或最大值里。")
        pair = column if isinstance(column, list | tuple) and len(column) == 2 else ("", "")
        group = self.names.get(pair[0]) if isinstance(pair[0], str) else None
        columns = group["fields"] if group and group["kind"] in LIST_KINDS else ()
        field = next((one for one in columns if one["key"] == pair[1]), None)
        if group is None or field is None:
            return self.fault(place, f"引用的列“{pair[1]}”不存在，请重新选择。")
        inner = {**self.names, **{one["key"]: one for one in columns}}
        found = _Types("", inner)._type(field, f"{pair[0]}.{pair[1]}", seen)
        if not found or (found in ("list", "period") and inside != "count"):
            return self.fault(place, f"不能用“{field['label']}”这一列计算：它是{KIND_LABELS[field['kind']]}。")
        return found

    def _operation(self, data: Mapping[str, Any], place: str, depth: int, seen: tuple[str, ...]) -> str:
        op, args = data.get("op"), data.get("args")
        if not isinstance(op, str) or op not in _ARITY:
            return self.fault(place, f"的运算“{op or ''}”不存在。")
        least, most = _ARITY[op]
        if not isinstance(args, list) or not least <= len(args) <= most:
            return self.fault(place, f"的运算“{op}”应有 {least} 到 {most} 个数。")
        if op == "round":
            places = args[1].get("value") if isinstance(args[1], Mapping) else None
            if str(places) not in tuple("0123456"):
                return self.fault(place, "的四舍五入应写明保留 0 到 6 位小数。")
        types = [
            self.type_of(arg, f"{place}.args.{number}", depth=depth + 1, inside=op, seen=seen)
            for number, arg in enumerate(args)
        ]
        if op in ("min", "max") and "date" in types:
            return self._expect(types, ("date",), place) or "date"
        if op == "concat":
            return self._expect(types, ("text", "number", "date", "born"), place) or "text"
        if op == "age_on":
            return self._expect(types[:1], ("date", "born"), place) or self._expect(types[1:], ("date",), place) or op
        if op != "count":
            self._expect(types, ("date",) if op in ("days", "years") else ("number",), place)
        return "number"

    def _expect(self, types: list[str], wanted: tuple[str, ...], place: str) -> str:
        wrong = next((one for one in types if one not in (*wanted, "any")), None)
        if wrong is None:
            return ""
        words = "或".join(_TYPE_LABELS[one] for one in wanted)
        return self.fault(place, f"里有一处应为{words}，现在是{_TYPE_LABELS.get(wrong, '其他内容')}。")
