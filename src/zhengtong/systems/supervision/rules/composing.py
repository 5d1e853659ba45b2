"""A condition as a supervisor composes it: groups of rows, each group and all of them joined by 'all' or 'any'.

What the composer cannot show (``not``, deeper nesting) stays a condition that only data can bring in.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Join = Literal["all", "any"]
Leaf = Mapping[str, Any]

#: operator → Chinese words, in the order in which a form offers them
OPERATORS: dict[str, str] = {
    "eq": "等于",
    "ne": "不等于",
    "gt": "大于",
    "ge": "大于或等于",
    "lt": "小于",
    "le": "小于或等于",
    "in": "是其中之一",
    "not_in": "不是其中任何一个",
    "filled": "有内容",
    "empty": "没有内容",
}
WITHOUT_VALUE = frozenset({"filled", "empty"})
WITH_LIST = frozenset({"in", "not_in"})
_ORDER = frozenset({"gt", "ge", "lt", "le"})


@dataclasses.dataclass(frozen=True)
class Group:
    """Rows joined by 'all' or 'any'."""

    join: Join
    rows: tuple[Leaf, ...]


@dataclasses.dataclass(frozen=True)
class Composed:
    """Groups joined by 'all' or 'any'."""

    join: Join = "all"
    groups: tuple[Group, ...] = ()


def condition_of(composed: Composed) -> dict[str, Any]:
    """The condition that the groups make; without any row it holds for every event."""
    parts: list[Any] = []
    for group in composed.groups:
        rows = [dict(row) for row in group.rows]
        if group.join == composed.join:
            parts += rows
        elif rows:
            parts.append({group.join: rows})
    return {"all": parts} if not parts else {composed.join: parts}


def composed_of(condition: Mapping[str, Any]) -> Composed | None:
    """The groups of a condition; None for one that groups of rows cannot say."""
    if _is_leaf(condition):
        return Composed("all", (Group("all", (condition,)),))
    join: Join = "any" if "any" in condition else "all"
    if join not in condition:
        return None
    own: list[Leaf] = []
    groups: list[Group] = []
    for part in condition[join]:
        if _is_leaf(part):
            own.append(part)
            continue
        inner: Join = "any" if "any" in part else "all"
        if inner not in part or not all(_is_leaf(one) for one in part[inner]):
            return None
        groups.append(Group(inner, tuple(part[inner])))
    first = (Group(join, tuple(own)),) if own else ()
    return Composed(join, first + tuple(groups))


def _is_leaf(part: Mapping[str, Any]) -> bool:
    return "field" in part


def value_of(text: str, *, kind: str, operator: str, codes: Mapping[str, str], name: str = "") -> Any:
    """What a typed value means for a field of that kind; ``codes`` are Chinese words → stored words.

    Raises ValueError with a Chinese sentence that names the field.
    """
    if operator in WITHOUT_VALUE:
        return None
    if operator in _ORDER and (kind == "bool" or (codes and kind == "text")):
        raise ValueError(f"“{name}”不分大小，请用“等于”“不等于”或者“是其中之一”。")
    if operator in WITH_LIST:
        parts = [part for part in text.replace(",", "、").replace("，", "、").split("、") if part.strip()]
        if not parts:
            raise ValueError("请填写至少一个比较值，多个值用顿号隔开。")
        return [_single(part, kind, codes, name) for part in parts]
    return _single(text, kind, codes, name)


def _single(text: str, kind: str, codes: Mapping[str, str], name: str) -> Any:
    text = text.strip()
    if kind == "bool":
        if text not in ("是", "否"):
            raise ValueError("这一项只能填“是”或者“否”。")
        return text == "是"
    if kind == "number":
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"“{text}”不是数字。") from None
        if abs(number) > 1e12 or number != number:
            raise ValueError(f"“{text}”超出范围。")
        return int(number) if number == int(number) else number
    if not text:
        raise ValueError("请填写比较值。")
    # a drawing may have outcomes of its own; their stored words are plain letters, a Chinese word would match nothing
    if codes and text not in codes and not text.isascii():
        raise ValueError(f"“{name}”没有“{text}”这个值。可以填：{'、'.join(codes)}。")
    return codes.get(text, text)


def text_of(value: Any, *, labels: Mapping[str, str]) -> str:
    """A stored value as it is typed again: the inverse of ``value_of``."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(text_of(one, labels=labels) for one in value)
    return "" if value is None else labels.get(str(value), str(value))


def sentence_of(condition: Mapping[str, Any], names: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]) -> str:
    """A condition in words: （环节用时 小于 60） 并且 （阶段 等于 审查）."""
    if "not" in condition:
        return f"不满足（{sentence_of(condition['not'], names, labels)}）"
    for word, joint in (("all", " 并且 "), ("any", " 或者 ")):
        if word in condition:
            parts = [sentence_of(part, names, labels) for part in condition[word]]
            if not parts:
                return "每次都亮"
            return parts[0] if len(parts) == 1 else joint.join(f"（{part}）" for part in parts)
    field, operator = str(condition["field"]), str(condition["is"])
    said = f"{names.get(field, field)} {OPERATORS.get(operator, operator)}"
    if operator in WITHOUT_VALUE:
        return said
    return f"{said} {text_of(condition.get('value'), labels=labels.get(field, {}))}"
