"""What an applicant changed between two times of handing in, question by question, in words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from zhengtong.capabilities.forms.rules.answers import asked
from zhengtong.capabilities.forms.rules.declaration import Definition
from zhengtong.capabilities.forms.rules.reading_out import UNANSWERED, Names, shown


class AnswerChange(NamedTuple):
    """A question with its answer before and after, in words; ``key`` names it on its form."""

    key: str
    label: str
    before: str
    after: str


def answer_changes(
    old: tuple[Definition, Mapping[str, Any]], new: tuple[Definition, Mapping[str, Any]], names: Names | None = None
) -> list[AnswerChange]:
    """Every question whose answer reads differently now, in the order of the form; those no longer asked come last.

    A form of another version is compared by the keys of its questions; what is computed or a note is no answer.
    """
    before, after = _answers(*old, names), _answers(*new, names)
    found = [
        AnswerChange(key, label, before.get(key, ("", UNANSWERED))[1], words)
        for key, (label, words) in after.items()
        if before.get(key, ("", UNANSWERED))[1] != words
    ]
    gone = [key for key, (_label, words) in before.items() if key not in after and words != UNANSWERED]
    return found + [AnswerChange(key, before[key][0], before[key][1], UNANSWERED) for key in gone]


def _answers(definition: Definition, answers: Mapping[str, Any], names: Names | None) -> dict[str, tuple[str, str]]:
    put = asked(definition, answers)
    return {
        field.key: (field.label, shown(field, answers.get(field.key), names))
        for field in definition.fields
        if field.key in put and field.asks
    }
