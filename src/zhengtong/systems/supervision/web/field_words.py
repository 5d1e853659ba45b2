"""Chinese names of what a rule may name: the fields of events, their values, and derived facts."""

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.documents.constants import DocumentKind
from zhengtong.systems.supervision.registry import event_sources, facts
from zhengtong.systems.supervision.rules import Condition, fields_of, words_of
from zhengtong.systems.supervision.rules.composing import text_of
from zhengtong.systems.supervision.rules.facts import CLOSED
from zhengtong.systems.supervision.web import trail
from zhengtong.systems.supervision.web.labels import FURTHER_LABELS

_LABELS = {**trail.EVIDENCE_LABELS, **FURTHER_LABELS}
#: fields that mean something else in some events
_OTHERWISE = {
    ("documents.document_issued.v1", "kind"): gettext_lazy("文书种类"),
    ("documents.document_issued.v1", "title"): gettext_lazy("文书名称"),
    ("documents.document_issued.v1", "number"): gettext_lazy("文书编号"),
    ("payments.order_raised.v1", "number"): gettext_lazy("缴费单编号"),
    ("cases.step_urged.v1", "kind"): gettext_lazy("催办种类"),
    ("cases.case_intervened.v1", "kind"): gettext_lazy("干预种类"),
    ("cases.hearing_moved.v1", "step"): gettext_lazy("听证进展"),
    ("cases.step_opened.v1", "why"): gettext_lazy("到达的原因"),
    ("cases.clock_paused.v1", "basis"): gettext_lazy("停止计时依据"),
    ("service_hall.special_step_moved.v1", "kind"): gettext_lazy("特别程序种类"),
    **{
        (f"inspections.{name}.v1", field): label
        for name in ("visit_done", "finding_made", "finding_referred", "rectification_overdue")
        for field, label in (
            ("kind", gettext_lazy("督查种类")),
            ("number", gettext_lazy("督查编号")),
            ("org_name", gettext_lazy("被督查单位")),
        )
    },
    ("service_hall.special_step_moved.v1", "step"): gettext_lazy("进展"),
    **{
        (f"opinions.{name}.v1", field): label
        for name in ("topic_moved", "feedback_due")
        for field, label in (
            ("step", gettext_lazy("进展")),
            ("number", gettext_lazy("征集编号")),
            ("org_name", gettext_lazy("征集单位")),
            ("opinions", gettext_lazy("收到意见条数")),
            ("in_time", gettext_lazy("按期公布")),
        )
    },
}
_PHASES = {
    "accept": gettext_lazy("受理"),
    "review": gettext_lazy("审查"),
    "decide": gettext_lazy("决定"),
    "supplement": gettext_lazy("补正"),
    "issue": gettext_lazy("制证发证"),
}
DEADLINE = "cases.deadline_reached.v1"
_WORDS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("complaints.complaint_due.v1", "level"): (("yellow", "临近"), ("red", "超期")),
    ("disclosure.request_due.v1", "level"): (("yellow", "临近"), ("red", "超期")),
    ("opinions.feedback_due.v1", "level"): (("yellow", "临近"), ("red", "超期")),
    ("opinions.topic_moved.v1", "step"): (
        ("published", "发布"),
        ("opened", "开始"),
        ("extended", "延长"),
        ("closed", "截止"),
        ("withdrawn", "撤回"),
        ("answered", "公布采纳情况"),
    ),
    ("cases.hearing_moved.v1", "step"): (
        ("told", "告知权利"),
        ("requested", "申请听证"),
        ("waived", "放弃听证"),
        ("announced", "公告"),
        ("held", "举行"),
        ("declined", "不予听证"),
    ),
    ("cases.step_urged.v1", "kind"): (("urge", "催办"), ("supervise", "督办")),
    ("service_hall.special_step_moved.v1", "step"): (("opened", "开始"), ("closed", "结束")),
}
_OF_CASES = ("approved", "rejected", "not_accepted", "withdrawn", "terminated")


@dataclasses.dataclass(frozen=True)
class Term:
    """Something a condition may name: how it is called, what is typed for it, and what its values are called."""

    key: str
    label: str
    kind: str
    unit: str = ""
    how: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def codes(self) -> dict[str, str]:
        """Chinese words of its values → stored words."""
        return {label: code for code, label in self.values}

    @property
    def derived(self) -> bool:
        """True for a fact, False for a field of the event itself."""
        return bool(self.how)


def terms_of(event_name: str) -> dict[str, Term]:
    """Everything a rule about a kind of event may name, fields first; technical keys are left out."""
    if event_name not in event_sources:
        return {}
    source = event_sources.get(event_name)
    hints = typing.get_type_hints(source.event)
    found = {}
    for field in dataclasses.fields(source.event):
        label = _label(event_name, field.name)
        if field.name in source.fields and label is not None:
            kind = _kind(hints[field.name])
            found[field.name] = Term(field.name, str(label), kind, values=_values(event_name, field.name))
    for key, fact in facts.items():
        if fact.fits(event_name):
            found[key] = Term(key, fact.label, fact.kind, fact.unit, fact.how)
    return found


def _label(event_name: str, field: str) -> Any:
    if field == "kind" and event_name.startswith("complaints."):
        return gettext_lazy("投诉种类")
    if field == "kind" and event_name.startswith("disclosure."):
        return gettext_lazy("申请事项")
    return _OTHERWISE.get((event_name, field), _LABELS.get(field))


def _kind(hint: Any) -> str:
    options = typing.get_args(hint) or (hint,)
    if bool in options:
        return "bool"
    return "number" if int in options or float in options else "text"


def _values(event_name: str, field: str) -> tuple[tuple[str, str], ...]:
    if field == "outcome" and not event_name.startswith("disclosure."):
        ends = event_name == CLOSED
        return tuple((code, str(label)) for code, label in trail.OUTCOMES.items() if (code in _OF_CASES) == ends)
    if field == "phase":
        return tuple((code, str(label)) for code, label in _PHASES.items())
    if field == "kind" and event_name.startswith("documents."):
        return tuple((str(code), str(label)) for code, label in DocumentKind.choices)
    if field in ("kind", "level", "step") and event_name != DEADLINE:
        return _WORDS.get((event_name, field), ())
    return tuple((code, str(label)) for code, label in trail.value_words(field).items())


def words_of_text(event_name: str) -> dict[str, str]:
    """Key → Chinese name of every word that the text of a card may use."""
    return {"responsible": str(_("责任单位")), "due_on": str(_("截止日")), **names_of(event_name)}


def judged_rows(
    event_name: str, condition: Condition, explanation: str, found: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What a rule looked at beyond the evidence that every card shows, as labelled rows: fields it names and has."""
    wanted = fields_of(condition) | words_of(explanation)
    return [
        {"label": term.label, "value": text_of(found[key], labels=dict(term.values)), "note": ""}
        for key, term in terms_of(event_name).items()
        if key in wanted and not term.derived and key not in trail.EVIDENCE_LABELS and found.get(key) not in (None, "")
    ]


def names_of(event_name: str) -> dict[str, str]:
    """Key → Chinese name, for conditions in words."""
    return {key: term.label for key, term in terms_of(event_name).items()}


def labels_of(event_name: str) -> dict[str, dict[str, str]]:
    """Key → stored word → Chinese word."""
    return {key: dict(term.values) for key, term in terms_of(event_name).items() if term.values}
