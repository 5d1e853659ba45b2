"""Versions beside each other: what changed in the words of an office, with both texts in full."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.api import OpinionView
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.api import ReviewView, version_differences
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import draft_of
from zhengtong.capabilities.catalogue.web.authoring_forms import CommitmentForm
from zhengtong.capabilities.catalogue.web.authoring_rows import KINDS
from zhengtong.kernel.actors import Actor

_LIMITS = ("statutory_limit", "promised_limit", "limit", "longest", "length", "within", "check_within")
_VERDICTS = {
    "agree": "agree",
    "pass": "agree",
    "publish": "agree",
    "submit": "agree",
    "return": "return",
    "disagree": "refuse",
    "fail": "refuse",
}
_PINNED = ("process_version", "form_version")
_FILES = ("blank_file", "sample_file")


@dataclasses.dataclass(frozen=True)
class Change:
    """One element that differs: the change in a sentence, and both contents line by line."""

    label: str
    words: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(older: ItemDraft, newer: ItemDraft) -> list[Change]:
    """What the newer says otherwise than the older."""
    return [
        Change(
            each.label,
            each.words,
            _lines(each.field, getattr(older, each.field)),
            _lines(each.field, getattr(newer, each.field)),
        )
        for each in rules.differences(older, newer)
    ]


def version_changes(actor: Actor, older: ItemVersion, newer: ItemVersion) -> list[Change]:
    """The same for two stored versions; the process and form they take today are compared where none is named."""
    before, after = draft_of(older), draft_of(newer)
    return [
        Change(each.label, each.words, (), ())
        if each.field in _PINNED
        else Change(
            each.label,
            each.words,
            _lines(each.field, getattr(before, each.field)),
            _lines(each.field, getattr(after, each.field)),
        )
        for each in version_differences(actor=actor, older_id=older.id, newer_id=newer.id)
    ]


def label_of(row: ItemVersion) -> str:
    """第 3 版, or what is at work."""
    if row.version:
        return _("第 %(n)d 版") % {"n": row.version}
    return str(row.get_status_display())


def chosen_pair(request: HttpRequest, versions: Sequence[ItemVersion]) -> tuple[ItemVersion, ItemVersion | None]:
    """The two versions an address names; by default the one at work and the one before it."""
    by_id = {str(row.id): row for row in versions}
    newer = by_id.get(request.GET.get("new", ""), versions[0])
    place = versions.index(newer)
    before = versions[place + 1] if place + 1 < len(versions) else None
    return newer, by_id.get(request.GET.get("old", ""), before)


def rounds_of(review: ReviewView | None) -> list[dict[str, Any]]:
    """The reviews of a version, the newest first, each with its opinions as the thread prints them."""
    found = []
    for number, each in enumerate(review.rounds if review else (), start=1):
        found.append(
            {
                "title": _("第 %(n)d 次送审") % {"n": number},
                "note": f"{each.number} {each.outcome_label or _('审核中')}",
                "opinions": opinions_of(each.opinions),
            }
        )
    return found[::-1]


def opinions_of(opinions: Sequence[OpinionView]) -> list[dict[str, Any]]:
    """Opinions as the thread prints them."""
    return [
        {
            "unit": each.org_name,
            "post": each.post,
            "who": each.who,
            "at": each.when,
            "verdict": _VERDICTS.get(each.outcome, ""),
            "state_label": _("%(step)s：%(said)s") % {"step": each.step, "said": each.outcome_label},
            "text": each.text,
        }
        for each in opinions
    ]


def _lines(field: str, value: Any) -> tuple[str, ...]:
    if value is None or value == "" or value == ():
        return (_("（空）"),)
    if isinstance(value, tuple):
        return tuple(_part(field, each) if dataclasses.is_dataclass(each) else str(each) for each in value)
    if dataclasses.is_dataclass(value):
        return tuple(_part(field, value).split("；"))
    return tuple(_plain(field, value).replace("；", ";").split(";"))


def _plain(field: str, value: Any) -> str:
    if field in _LIMITS and rules.is_limit(str(value)):
        return rules.words_of(str(value))
    codes = {"power_type": rules.POWER_TYPES, "applicant_type": rules.APPLICANTS, "kind": rules.KINDS}
    codes |= {"handling_kind": rules.HANDLING_KINDS, "online_depth": rules.DEPTHS, "exercise_level": rules.LEVELS}
    return next((word for word, code in codes.get(field, {}).items() if code == value), str(value))


def _part(kind: str, part: Any) -> str:
    """One entry of a list on a line: its name, then everything else that is stated."""
    labels = {name: str(field.label) for name, field in _form_of(kind).base_fields.items()}
    labels |= {"tolerable": _("可容缺"), "within": _("补交期限"), "members": _("用于"), "org_name": _("单位")}
    labels |= {"blank_file": _("空白表格"), "sample_file": _("示例样表"), "note": _("说明")}
    labels |= {"materials": _("替代的材料")}
    said = []
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if field.name in ("key", "org_code") or value in ("", (), None, False):
            continue
        if field.name in _FILES:
            value = _("有文件")
        elif isinstance(value, tuple):
            value = "、".join(map(str, value))
        else:
            value = _("是") if value is True else _plain(field.name, value)
        named = field.name in ("name", "question") or field.name not in labels
        said.append(value if named else f"{labels[field.name]}：{value}")
    return "；".join(said)


def _form_of(kind: str) -> Any:
    return KINDS[kind].form if kind in KINDS else CommitmentForm
