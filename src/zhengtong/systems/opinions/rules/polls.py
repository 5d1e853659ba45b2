"""答卷是否有效、结果怎样算: whether a filled-in survey may count, and its figures."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

#: choices of a question, signs of a choice and of a written answer, points of a scale
CHOICES_MAX, CHOICE_MAX, ANSWER_MAX = 12, 60, 500
SCALE: Final = ("1", "2", "3", "4", "5")
#: words of ``constants.QuestionKind``
_SINGLE, _MULTIPLE, _SCALE, _TEXT = "single", "multiple", "scale", "text"
_CHOSEN = (_SINGLE, _MULTIPLE)
#: a question one chooses from has at least so many choices
_LEAST = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """A question of a survey as the rules see it; ``no`` is its place, ``choices`` the words of its choices."""

    no: int
    kind: str
    words: str
    choices: tuple[str, ...] = ()
    most: int | None = None
    required: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        """What may be answered, as it is kept: places of choices from 1 on, points of the scale."""
        if self.kind == _SCALE:
            return SCALE
        return tuple(str(place) for place in range(1, len(self.choices) + 1))


@dataclasses.dataclass(frozen=True)
class Checked:
    """A filled-in survey: what was chosen, what was written, and what is wrong, by field (``q1``)."""

    chosen: dict[str, list[str]]
    written: dict[int, str]
    errors: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Count:
    """A choice with how many chose it, and their share of those who answered the question, to one digit."""

    label: str
    count: int
    share: str


def check_answers(questions: Sequence[Question], given: Mapping[str, Sequence[str]]) -> Checked:
    """Read answers by field (``q1`` for the first question); blank ones of optional questions are left out."""
    checked = Checked({}, {}, {})
    for one in questions:
        field = f"q{one.no}"
        values = [value for value in given.get(field, ()) if value.strip()]
        wrong = _wrong(one, values)
        if wrong:
            checked.errors[field] = wrong
        elif values and one.kind == _TEXT:
            checked.written[one.no] = values[0].strip()
        elif values:
            checked.chosen[str(one.no)] = sorted(set(values), key=one.values.index)
    if not checked.errors and not checked.chosen and not checked.written:
        checked.errors[f"q{questions[0].no}" if questions else ""] = "还没有回答任何题目。"
    return checked


def _wrong(one: Question, values: Sequence[str]) -> str:
    if not values:
        return "这一题必须回答。" if one.required else ""
    if one.kind == _TEXT:
        return f"最多 {ANSWER_MAX} 个字。" if len(values[0].strip()) > ANSWER_MAX else ""
    if not set(values) <= set(one.values):
        return "请从给出的选项里选择。"
    if one.kind != _MULTIPLE and len(set(values)) > 1:
        return "这一题只能选一项。"
    if one.most is not None and len(set(values)) > one.most:
        return f"最多选 {one.most} 项，现在选了 {len(set(values))} 项。"
    return ""


def wrong_with_question(kind: str, choices: Sequence[str], most: int | None) -> dict[str, str]:
    """What keeps a question from being asked, by field; empty where nothing does."""
    if kind not in (*_CHOSEN, _SCALE, _TEXT):
        return {"kind": "请选择题型。"}
    if kind not in _CHOSEN:
        return {}
    if not _LEAST <= len(choices) <= CHOICES_MAX or any(len(one) > CHOICE_MAX for one in choices):
        return {"choices": f"请写 {_LEAST} 到 {CHOICES_MAX} 个选项，每行一个，每个不超过 {CHOICE_MAX} 个字。"}
    if len(set(choices)) < len(choices):
        return {"choices": "有两个选项写得一样。"}
    if most is not None and not (kind == _MULTIPLE and 1 < most <= len(choices)):
        return {"most": "最多选几项只用于多选，在 2 和选项数之间；不限的留空。"}
    return {}


def counts_of(question: Question, found: Mapping[str, int], answered: int) -> list[Count]:
    """How many chose each, in the order of the choices; shares of multiple choices add up to more than the whole."""
    labels = [f"{one} 分" for one in SCALE] if question.kind == _SCALE else question.choices
    return [
        Count(label, found.get(value, 0), share_of(found.get(value, 0), answered))
        for label, value in zip(labels, question.values, strict=True)
    ]


def share_of(part: int, whole: int) -> str:
    """Per cent to one digit; a dash without a whole."""
    if not whole:
        return "—"
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def average_of(found: Mapping[str, int]) -> str:
    """The mean of points, to one digit; empty without any."""
    number = sum(found.values())
    if not number:
        return ""
    points = sum(int(value) * count for value, count in found.items())
    return str((Decimal(points) / number).quantize(Decimal("0.1"), ROUND_HALF_UP))
