"""监察规则的触发条件：a small data structure of field, operator and value; nothing is ever evaluated as code.

A condition is one of
``{"field": "kind", "is": "eq", "value": "promised"}``, ``{"all": [...]}``, ``{"any": [...]}``, ``{"not": {...}}``.
The empty ``all`` holds for every event.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

Condition = Mapping[str, Any]


class Fields(Protocol):
    """What a condition is asked of: a mapping, or anything that finds a value when it is wanted."""

    def get(self, key: str, /) -> Any:
        """The value of a field, None where there is none."""


Test = Callable[[Fields], bool]

_DEEPEST = 6
_WORD = re.compile(r"\{(\w+)\}")


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Order exists between numbers and between texts (ISO dates); anything else is no match, never an error."""

    def test(found: object, wanted: object) -> bool:
        alike = (_number(found) and _number(wanted)) or (isinstance(found, str) and isinstance(wanted, str))
        return alike and compare(found, wanted)

    return test


def _same(found: object, wanted: object) -> bool:
    # True == 1 in Python; a rule that asks for 1 must not be met by "yes"
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted


def _among(found: object, wanted: object) -> bool:
    return isinstance(wanted, list | tuple) and any(_same(found, item) for item in wanted)


_OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": _same,
    "ne": lambda found, wanted: not _same(found, wanted),
    "in": _among,
    "not_in": lambda found, wanted: not _among(found, wanted),
    "lt": _ordered(lambda a, b: a < b),
    "le": _ordered(lambda a, b: a <= b),
    "gt": _ordered(lambda a, b: a > b),
    "ge": _ordered(lambda a, b: a >= b),
    "empty": lambda found, _: found is None or found == "" or found == [],
    "filled": lambda found, _: not (found is None or found == "" or found == []),
}
_WITHOUT_VALUE = frozenset({"empty", "filled"})


def test_of(condition: Condition) -> Test:
    """A condition as a function of the fields of an event; a field that is absent counts as empty.

    Worked out once, asked for a year of events. Raises ValueError for a condition that ``problems_of`` would refuse.
    """
    if "all" in condition:
        return _every([test_of(part) for part in condition["all"]])
    if "any" in condition:
        return _some([test_of(part) for part in condition["any"]])
    if "not" in condition:
        inner = test_of(condition["not"])
        return lambda fields: not inner(fields)
    try:
        operator, name = condition["is"], condition["field"]
        compare = _OPERATORS[operator]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a condition: {condition!r}") from error
    wanted = condition.get("value")
    # texts are what is asked for most, and equal to nothing but texts
    if operator == "eq" and isinstance(wanted, str):
        return lambda fields: bool(fields.get(name) == wanted)
    if operator == "in" and isinstance(wanted, list | tuple) and all(isinstance(one, str) for one in wanted):
        words = frozenset(wanted)
        return lambda fields: isinstance(found := fields.get(name), str) and found in words
    return lambda fields: compare(fields.get(name), wanted)


def _every(parts: Sequence[Test]) -> Test:
    if len(parts) == 1:
        return parts[0]

    def test(fields: Fields) -> bool:
        for part in parts:  # noqa: SIM110  (a loop costs half of a generator, and this is asked millions of times)
            if not part(fields):
                return False
        return True

    return test


def _some(parts: Sequence[Test]) -> Test:
    if len(parts) == 1:
        return parts[0]

    def test(fields: Fields) -> bool:
        for part in parts:  # noqa: SIM110  (as above)
            if part(fields):
                return True
        return False

    return test


def fires(condition: Condition, fields: Mapping[str, Any]) -> bool:
    """Whether a condition holds for the fields of one event; see ``test_of``."""
    return test_of(condition)(fields)


def fields_of(condition: Condition) -> frozenset[str]:
    """All fields a condition asks for."""
    for word in ("all", "any"):
        if word in condition:
            return frozenset().union(*(fields_of(part) for part in condition[word]))
    if "not" in condition:
        return fields_of(condition["not"])
    return frozenset({str(condition.get("field"))})


def possibility_of(condition: Condition, unknown: Collection[str]) -> Test:
    """Whether a condition may hold once ``unknown`` fields are known, as a function of the known ones.

    False only where the known ones rule it out: facts are worked out only for the few events for which they can
    still decide.
    """
    if "all" in condition:
        return _every([possibility_of(part, unknown) for part in condition["all"]])
    if "any" in condition:
        return _some([possibility_of(part, unknown) for part in condition["any"]])
    return test_of(condition) if fields_of(condition).isdisjoint(unknown) else lambda _fields: True


def possible(condition: Condition, fields: Mapping[str, Any], unknown: Collection[str]) -> bool:
    """Whether a condition may hold for one event; see ``possibility_of``."""
    return possibility_of(condition, unknown)(fields)


def words_of(template: str) -> frozenset[str]:
    """The words a text wants filled in."""
    return frozenset(_WORD.findall(template))


def problems_of(condition: object, fields: Collection[str], *, depth: int = 1) -> list[str]:
    """What is wrong with a condition, in Chinese sentences; empty when it can be used for events with ``fields``."""
    if not isinstance(condition, Mapping):
        return ["触发条件必须是一个条件对象。"]
    if depth > _DEEPEST:
        return [f"触发条件嵌套超过 {_DEEPEST} 层。"]
    for word in ("all", "any"):
        if word in condition:
            return _group_problems(word, condition, fields, depth)
    if "not" in condition:
        if set(condition) != {"not"}:
            return ["“not”之外不能再有别的内容。"]
        return problems_of(condition["not"], fields, depth=depth + 1)
    return _leaf_problems(condition, fields)


def _group_problems(word: str, condition: Condition, fields: Collection[str], depth: int) -> list[str]:
    parts = condition[word]
    if set(condition) != {word} or not isinstance(parts, list | tuple):
        return [f"“{word}”必须单独使用，内容是一组条件。"]
    if word == "any" and not parts:
        return ["“any”至少要有一个条件：没有条件可以满足的，永远不会亮牌。"]
    return [problem for part in parts for problem in problems_of(part, fields, depth=depth + 1)]


def _leaf_problems(condition: Condition, fields: Collection[str]) -> list[str]:
    problems = []
    operator, field = condition.get("is"), condition.get("field")
    unknown = set(condition) - {"field", "is", "value"}
    if unknown:
        problems.append(f"不认识的内容：{'、'.join(sorted(map(str, unknown)))}。")
    if not isinstance(operator, str) or operator not in _OPERATORS:
        return [*problems, f"不认识的比较方式：{operator}。"]
    if field not in fields:
        problems.append(f"这类事件没有字段“{field}”。")
    if (operator in _WITHOUT_VALUE) == ("value" in condition):
        problems.append(f"比较方式“{operator}”{'不需要' if operator in _WITHOUT_VALUE else '需要'}比较值。")
    if operator in ("in", "not_in") and not isinstance(condition.get("value"), list | tuple):
        problems.append(f"比较方式“{operator}”需要一组值。")
    return problems


def sentence(template: str, words: Mapping[str, str]) -> str:
    """The explanation of a card: ``{word}`` is replaced by its text; a word nobody knows stays as it is."""
    return _WORD.sub(lambda match: words.get(match[1], match[0]), template)


def unknown_words(template: str, known: Collection[str]) -> list[str]:
    """Words of a template that no event of its kind can fill."""
    return sorted({word for word in _WORD.findall(template) if word not in known})
