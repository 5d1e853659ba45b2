"""Which papers an item wants in a given situation, as far as a few choices can tell before anything is begun."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from zhengtong.capabilities.catalogue.selectors.versions import ItemVersionView, Material
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.errors import NotFound

_ASKED_KINDS = ("choice", "choices")
_MOST_OPTIONS = 12

Answers = Mapping[str, str | list[str]]


@dataclasses.dataclass(frozen=True)
class ChoiceQuestion:
    """A question of the form on which papers depend; ``several`` may be chosen."""

    key: str
    label: str
    help: str
    options: tuple[tuple[str, str], ...]
    several: bool


@dataclasses.dataclass(frozen=True)
class Preparation:
    """An item and its form; ``needed_by`` names for each material with a condition the questions that decide it.

    A material whose condition asks for more than choices is not among them: whether it is needed is told in the words
    of its condition.
    """

    item: ItemVersionView
    form: forms.Definition | None
    needed_by: Mapping[str, frozenset[str]]

    def questions(self, answers: Answers) -> list[ChoiceQuestion]:
        """What to ask, given the answers so far, in the order of the form."""
        if self.form is None:
            return []
        wanted = frozenset().union(*self.needed_by.values()) & forms.asked(self.form, answers)
        return [
            ChoiceQuestion(field.key, field.label, field.help, field.options, several=field.kind == "choices")
            for field in self.form.fields
            if field.key in wanted
        ]

    def state(self, material: Material, answers: Answers) -> str:
        """needed, not_needed, or depends where the answers do not decide it."""
        keys = self.needed_by.get(material["key"])
        if keys is None or self.form is None:
            return "depends" if material["condition"] or material["when"] else "needed"
        asked = forms.asked(self.form, answers)
        if any(forms.is_empty(answers.get(key)) for key in keys & asked):
            return "depends"
        met = forms.met(self.form, answers, forms.read_condition(material["when"] or {}))
        return "needed" if met else "not_needed"

    def choices_in(self, given: Mapping[str, list[str]], *, personal: bool = False) -> dict[str, str | list[str]]:
        """What of the answers somebody sent is an answer to one of the questions.

        ``personal``: also to those the form marks as personal data; such answers stand in no address.
        """
        found: dict[str, str | list[str]] = {}
        for field in self.form.fields if self.form else ():
            if (field.personal and not personal) or not any(field.key in keys for keys in self.needed_by.values()):
                continue
            chosen = [value for value, _label in field.options if value in given.get(field.key, ())]
            if chosen:
                found[field.key] = chosen if field.kind == "choices" else chosen[0]
        return found


def preparation_of(item: ItemVersionView) -> Preparation:
    """Reads the form only where a paper depends on it; without one its conditions stand in words."""
    stated = [material for material in item.materials if material["when"]]
    if not stated:
        return Preparation(item, None, {})
    try:
        form = forms.form_version(tenant=item.tenant, key=item.form_key, version=item.form_version).definition
    except NotFound:
        return Preparation(item, None, {})
    asking = {field.key: (field, section.when) for section in form.sections for field in section.fields}
    needed_by = {}
    for material in stated:
        keys = frozenset(_all_keys(forms.read_condition(material["when"] or {}).fields(), asking))
        if keys and all(key in asking and _is_askable(asking[key][0]) for key in keys):
            needed_by[material["key"]] = keys
    return Preparation(item, form, needed_by)


def _is_askable(field: forms.Field) -> bool:
    return field.kind in _ASKED_KINDS and len(field.options) <= _MOST_OPTIONS


def _all_keys(keys: Iterator[str], asking: Mapping[str, Any]) -> set[str]:
    """The questions named, and those on which it depends whether they are asked."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop().partition(".")[0]
        if key in found:
            continue
        found.add(key)
        field, section_when = asking.get(key, (None, None))
        for when in (field.when if field else None, section_when):
            waiting += when.fields() if when else ()
    return found
