"""The course of a case and the evidence of a card, in words."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.ratings.constants import Channel, Grade, ServiceEvent, Verdict
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.registry import event_sources, facts
from zhengtong.systems.supervision.rules import sentence
from zhengtong.systems.supervision.web import words
from zhengtong.systems.supervision.web.labels import FURTHER_LABELS

OUTCOMES = {
    "accept": gettext_lazy("受理"),
    "supplement": gettext_lazy("一次性告知补正"),
    "refuse": gettext_lazy("不予受理"),
    "submit": gettext_lazy("已补正"),
    "agree": gettext_lazy("同意"),
    "disagree": gettext_lazy("不同意"),
    "pass": gettext_lazy("通过"),
    "fail": gettext_lazy("不通过"),
    "approve": gettext_lazy("准予"),
    "reject": gettext_lazy("不予许可"),
    "return": gettext_lazy("退回"),
    "done": gettext_lazy("办结"),
    "approved": gettext_lazy("准予"),
    "rejected": gettext_lazy("不予许可"),
    "not_accepted": gettext_lazy("不予受理"),
    "withdrawn": gettext_lazy("申请人撤回"),
    "terminated": gettext_lazy("终止办理"),
}
_KINDS = {
    "acceptance": gettext_lazy("受理期限"),
    "promised": gettext_lazy("承诺办结时限"),
    "statutory": gettext_lazy("法定办结时限"),
    "step": gettext_lazy("环节时限"),
    "supplement": gettext_lazy("补正期限"),
    "delivery": gettext_lazy("送达期限"),
}
_LEVELS = {"yellow": gettext_lazy("临近"), "red": gettext_lazy("超期"), "breach": gettext_lazy("超过法定时限")}
_OF_RATINGS: dict[str, dict[str, Any]] = {
    "service": dict(ServiceEvent.choices),
    "grade": dict(Grade.choices),
    "channel": dict(Channel.choices),
    "stage": {"contact": gettext_lazy("联系评价人"), "rectify": gettext_lazy("整改")},
    "verdict": dict(Verdict.choices),
}
EVIDENCE_LABELS = {
    "number": gettext_lazy("办件编号"),
    "title": gettext_lazy("事项"),
    "item_code": gettext_lazy("事项编码"),
    "org_name": gettext_lazy("主办单位"),
    "step": gettext_lazy("环节"),
    "step_org_name": gettext_lazy("办理单位"),
    "post_name": gettext_lazy("办理岗位"),
    "kind": gettext_lazy("时限类别"),
    "level": gettext_lazy("时限状态"),
    "limit": gettext_lazy("时限"),
    "basis": gettext_lazy("时限依据"),
    "started_at": gettext_lazy("起算时间"),
    "due_at": gettext_lazy("届满时刻"),
    "opened_at": gettext_lazy("到达时间"),
    "outcome": gettext_lazy("结论"),
    "with_opinion": gettext_lazy("写明理由"),
    "accepted_on": gettext_lazy("受理日期"),
    "deemed": gettext_lazy("视为受理"),
    "no": gettext_lazy("第几次告知"),
    "points": gettext_lazy("补正处数"),
    "service": gettext_lazy("服务环节"),
    "grade": gettext_lazy("满意度"),
    "channel": gettext_lazy("评价渠道"),
    "own_device": gettext_lazy("来自本单位设备"),
    "stage": gettext_lazy("差评处理环节"),
    "verdict": gettext_lazy("认定"),
    "kind_of_evidence": gettext_lazy("证据来自"),
    "reference": gettext_lazy("证据编号"),
    "text": gettext_lazy("查明的事实"),
    "again": gettext_lazy("重新亮牌，原监察编号"),
}

_MANUAL = {"manual": gettext_lazy("监察员人工亮牌")}


def template_words(text: str) -> str:
    """A rule's text with its words named in Chinese: 〔责任单位〕收到〔事项〕…"""
    named = {key: fact.label for key, fact in facts.items()}
    labels = {**FURTHER_LABELS, **EVIDENCE_LABELS, **named, "responsible": _("责任单位"), "due_on": _("截止日")}
    return sentence(text, {word: f"〔{label}〕" for word, label in labels.items()})


def evidence_rows(evidence: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of the event that made the rule fire, as labelled rows; identifiers are left to the ledger."""
    name = str(evidence.get("event", ""))
    source = event_sources.get(name).label if name in event_sources else _MANUAL.get(name, name)
    rows = [{"label": _("事件"), "value": source, "note": _time(evidence.get("at"))}]
    for key, label in EVIDENCE_LABELS.items():
        value = _said(key, evidence.get(key))
        if value:
            rows.append({"label": str(label), "value": value, "note": ""})
    return [*rows, *fact_rows(evidence.get("facts") or {})]


def fact_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Derived facts as labelled rows: the value with its unit, and how it was worked out."""
    known = [(facts.get(key), value) for key, value in found.items() if key in facts and value is not None]
    return [
        {"label": fact.label, "value": f"{_said(fact.key, value)} {fact.unit}".strip(), "note": fact.how}
        for fact, value in known
    ]


def value_words(field: str) -> Mapping[str, Any]:
    """Stored word → Chinese word of a field; empty where the values are words already."""
    return {"kind": _KINDS, "level": _LEVELS, "outcome": OUTCOMES, **_OF_RATINGS}.get(field, {})


def _said(key: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = str(value)
    known = value_words(key)
    if text in known:
        return str(known[text])
    if key.endswith("_at"):
        return _time(text)
    return cn_date(dt.date.fromisoformat(text)) if key.endswith("_on") else text


def _time(value: object) -> str:
    return cn_datetime(dt.datetime.fromisoformat(str(value)).astimezone(SHANGHAI)) if value else ""


def case_events(actor: Actor, case_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """The course of a case for the time line, oldest first; empty for a card without a case."""
    return events_of(selectors.case_trail(actor, case_id)) if case_id else []


def events_of(trail: selectors.CaseTrail) -> list[dict[str, Any]]:
    """Receipt, acceptance, each step, and the end."""
    found = [_step(step) for step in trail.steps]
    if trail.closed_at:
        late = _("按期") if trail.in_time else _("超过承诺时限")
        end = OUTCOMES.get(trail.outcome, trail.outcome)
        title = _("办结：%(end)s") % {"end": end}
        found.append({"at": trail.closed_at, "title": title, "note": late})
    found.sort(key=lambda event: event["at"])
    if trail.opened_at:
        # the first step opens in the same second: by their instants it might come before the receipt
        found.insert(0, {"at": trail.opened_at, "title": _("收到申请"), "who": trail.org_name})
    return found


def _step(step: selectors.StepRow) -> dict[str, Any]:
    who = " ".join(part for part in (step.org_name or _("申请人"), step.post_name) if part)
    lamp = "red" if step.days_late is not None else ""
    if step.dropped:
        note = _("办件终止，没有办理。")
    elif step.done_at:
        note = _("%(at)s 办结：%(outcome)s") % {
            "at": cn_datetime(step.done_at),
            "outcome": OUTCOMES.get(step.outcome, step.outcome),
        }
    else:
        note = _("在办。")
    late = words.late_words(step.days_late)
    if late:
        note = f"{note}{'' if note.endswith('。') else '，'}{late}。"
    return {"at": step.opened_at, "title": step.step, "who": who, "note": note, "lamp": lamp}
