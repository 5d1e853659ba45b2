"""What stands open in the builder: the title, a page, a question or a check, with all that can be set of it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.constants import TITLE_LIMIT
from zhengtong.capabilities.forms.registry import prefill_sources
from zhengtong.capabilities.forms.rules import composing, editing
from zhengtong.capabilities.forms.rules.declaration import TEXT_KINDS
from zhengtong.capabilities.forms.web import composer, outline
from zhengtong.capabilities.forms.web.properties import HELP, Property, changes_in, properties_of, shown_value

_TITLE = Property("title", "表单名称", "填表的人在页面上方看到的名称。", required=True)
_PAGE_TITLE = Property("title", "这一页的标题", required=True)
_PAGE_HELP = dataclasses.replace(HELP, label="这一页的说明", help="显示在标题下面，可以不写。")
_MESSAGE = Property("message", "出现时的提示", "告诉填表的人哪里不对、怎样改。", kind="textarea", required=True)
_CONTROLS = {"decimal": "text", "options": "textarea"}
_PREFILLED = frozenset((*TEXT_KINDS, "choice", "date"))


@dataclasses.dataclass(frozen=True)
class SettingView:
    """A setting with its value and what is wrong with it."""

    setting: Property
    value: Any
    error: str

    @property
    def control(self) -> str:
        """The control of ``form_field`` that shows it."""
        return _CONTROLS.get(self.setting.kind, self.setting.kind)

    @property
    def rows(self) -> int:
        """Height of a box for several lines."""
        return min(12, max(3, str(self.value).count("\n") + 2)) if self.setting.kind == "options" else 2


@dataclasses.dataclass(frozen=True)
class Card:
    """All that the open card shows."""

    target: str
    anchor: str
    settings: tuple[SettingView, ...]
    errors: Mapping[str, str]
    condition: composer.ConditionView | None = None
    condition_legend: str = ""
    condition_help: str = ""
    formula: composer.FormulaView | None = None
    prefill: tuple[composer.Choice, ...] = ()
    at_choices: tuple[composer.Choice, ...] = ()


def card_of(
    form: Mapping[str, Any], target: str, posted: QueryDict | None = None, errors: Mapping[str, str] | None = None
) -> Card | None:
    """The card of what is named, None when there is nothing of that name; ``posted`` keeps what was typed wrong."""
    found = _part(form, target)
    if found is None:
        return None
    part, settings = found
    views = tuple(
        SettingView(one, _shown(one, part, posted, errors), (errors or {}).get(one.name, "")) for one in settings
    )
    card = Card(target, outline.anchor_of(target), views, errors or {})
    if target == "title":
        return card
    if target.startswith("check-"):
        at = part.get("field", "")
        return dataclasses.replace(
            card,
            condition=composer.condition_view(form, part.get("when"), _place_of_check(part)),
            condition_legend=_("什么情况不对"),
            condition_help=_("满足这些条件时，显示上面的提示，并且不能提交。"),
            at_choices=tuple(_places(form, at)),
        )
    card = dataclasses.replace(
        card,
        condition=composer.condition_view(form, part.get("when"), target),
        condition_legend=_("什么时候出现"),
        condition_help=_("没有条件就总是出现。"),
    )
    if target.startswith("section-"):
        return card
    if part["kind"] == "computed":
        card = dataclasses.replace(card, formula=composer.formula_view(form, part.get("formula"), target))
    if part["kind"] in _PREFILLED and "." not in target:
        chosen = str(part.get("prefill") or "")
        card = dataclasses.replace(card, prefill=tuple(composer.prefill_choices(chosen, _sources(part["kind"]))))
    return card


def applied(form: Mapping[str, Any], target: str, posted: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """The form with what the card sent, and a sentence per setting that cannot be kept; KeyError when it is gone."""
    found = _part(form, target)
    if found is None:
        raise KeyError(target)
    part, settings = found
    if target == "title":
        title = posted.get("title", "").strip()
        return editing.with_title(form, title), {"title": error} if (error := title_error(title)) else {}
    if target.startswith("section-"):
        changes, errors = _plain(settings, posted)
        changes["when"] = _condition(form, part, posted, target)
        return editing.set_section(form, int(target[8:]), changes), errors
    if target.startswith("check-"):
        changes, errors = _plain(settings, posted)
        checks = [dict(one) for one in form["checks"]]
        at = posted.get("field", "")
        made = {**part, **changes, "field": at if at in dict(_named_places(form)) else part.get("field", "")}
        made["when"] = _condition(form, part, posted, _place_of_check(made)) or {}
        if not made["when"]:
            errors["when"] = _("请选择什么情况不对。")
        checks[int(target[6:])] = made
        return editing.set_checks(form, checks), errors
    changes, errors = changes_in(part, posted)
    changes["when"] = _condition(form, part, posted, target)
    if part["kind"] == "computed":
        kept = composing.reckoning(part.get("formula")) is None and not posted.get("formula.op")
        changes["formula"] = part["formula"] if kept else composer.formula_in(posted)
    if "prefill" in posted:
        known = dict(_sources(part["kind"]))
        changes["prefill"] = posted["prefill"] if posted["prefill"] in known else None
    return editing.set_field(form, target, changes), errors


def title_error(title: str) -> str:
    """What is wrong with the title of a form; empty where nothing is."""
    if not title:
        return _("请填写表单名称。")
    return _("表单名称最多 %(n)d 个字。") % {"n": TITLE_LIMIT} if len(title) > TITLE_LIMIT else ""


def _condition(form: Mapping[str, Any], part: Mapping[str, Any], posted: QueryDict, place: str) -> Any:
    if "when.kept" in posted:
        return None if posted.get("when.clear") else part.get("when")
    return composer.condition_in(form, posted, place)


def _plain(settings: tuple[Property, ...], posted: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    changes: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in settings:
        text = posted.get(one.name, "").replace("\r", "").strip()
        changes[one.name] = text or (None if not one.required else "")
        if one.required and not text:
            errors[one.name] = _("请填写%(label)s。") % {"label": one.label}
    return changes, errors


def _part(form: Mapping[str, Any], target: str) -> tuple[Mapping[str, Any], tuple[Property, ...]] | None:
    """The declaration of what is named and what can be set of it."""
    if target == "title":
        return form, (_TITLE,)
    kind, _dash, number = target.partition("-")
    if kind in ("section", "check") and number.isdecimal() and len(number) < 5:
        parts = form["sections"] if kind == "section" else form.get("checks") or []
        if int(number) >= len(parts):
            return None
        return parts[int(number)], (_PAGE_TITLE, _PAGE_HELP) if kind == "section" else (_MESSAGE,)
    try:
        field = editing.find(form, target)
    except KeyError:
        return None
    return field, properties_of(field["kind"])


def _shown(
    setting: Property, part: Mapping[str, Any], posted: QueryDict | None, errors: Mapping[str, str] | None
) -> Any:
    """The value kept, or what was typed where it could not be."""
    if posted is not None and setting.name in (errors or {}):
        return posted.get(setting.name, "")
    return shown_value(setting, part)


def _place_of_check(check: Mapping[str, Any]) -> str:
    """Where the condition of a check looks from: inside the rows of a group when it is shown at a column."""
    at = str(check.get("field", ""))
    return f"{at.partition('.')[0]}.*" if "." in at else "*"


def _named_places(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (path, outline.label_of(form, path))
        for _number, path, field in editing.places(form)
        if field["kind"] not in ("note", "computed")
    ]


def _places(form: Mapping[str, Any], chosen: str) -> list[composer.Choice]:
    return [composer.Choice(path, label, path == chosen) for path, label in _named_places(form)]


def _sources(kind: str) -> list[tuple[str, str]]:
    """Facts that fit a question of a kind: numbers and codes only their own."""
    fitting = {"citizen_number": {"citizen_number"}, "uscc": {"uscc"}, "phone": {"phone"}}.get(kind)
    return [(key, label) for key, label in prefill_sources.items() if fitting is None or key in fitting]
