"""Who wrote, and his words: taken out of closed complaints; number, kind, times and findings stay."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from zhengtong.kernel import retention
from zhengtong.kernel.clock import now
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces
from zhengtong.systems.complaints.constants import COMPLAINT, OBJECT_KIND, State
from zhengtong.systems.complaints.models import (
    Complaint,
    ComplaintAct,
    ComplaintDraft,
    ComplaintFile,
)

_WHO = ("name", "phone", "phone_index", "citizen_number", "address", "represents")
_WORDS = (
    "title",
    "content",
    "wish",
    "brief_title",
    "brief",
    "reason",
    "answer",
    "satisfaction_text",
    "review_reason",
)


def complaint_eraser() -> Eraser:
    """Complaints written signed in; of an anonymous one nothing says whose it is."""
    covers = frozenset(model._meta.label for model in (Complaint, ComplaintAct, ComplaintDraft, ComplaintFile))
    return Eraser(turn=20, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    rows = _theirs(subject)
    closed = rows.filter(state=State.CLOSED).count()
    return [
        Finding(label="没有办结的咨询投诉", count=rows.count() - closed, fate=Fate.OPEN, reason="办结以后才能删除"),
        Finding(label="已办结的咨询投诉", count=closed, fate=Fate.HIDE, reason="编号、类别、时间和结论用于统计"),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    rows = list(_theirs(subject).filter(state=State.CLOSED).select_for_update())
    traces.concern(OBJECT_KIND, [row.pk for row in rows])
    _take(rows, traces)
    traces.count("咨询投诉", len(rows))


def _take(rows: Sequence[Any], left: Traces) -> None:
    keys = [row.pk for row in rows]
    for row in rows:
        row.person_id, row.erased_at = None, now()
        for name in _WHO:
            setattr(row, name, "")
        for name in _WORDS:
            setattr(row, name, ERASED if getattr(row, name) else "")
        row.title = row.content = ERASED
        row.save(update_fields=["person_id", "erased_at", *_WHO, *_WORDS])
    for act in ComplaintAct.objects.filter(complaint__in=keys).exclude(text=""):
        ComplaintAct.objects.filter(pk=act.pk).update(text=ERASED)
    for draft in ComplaintDraft.objects.filter(complaint__in=keys):
        words = {name: ERASED for name in ("text", "facts", "note") if getattr(draft, name)}
        ComplaintDraft.objects.filter(pk=draft.pk).update(**words)
    files = ComplaintFile.objects.filter(complaint__in=keys)
    left.files |= set(files.values_list("file_id", flat=True))
    files.delete()
    left.forget(OBJECT_KIND, keys)


def _theirs(subject: Subject) -> "QuerySet[Complaint]":
    return Complaint.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)


def _closed_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[Complaint]":
    return Complaint.objects.filter(tenant=tenant, state=State.CLOSED, closed_at__lt=before, erased_at__isnull=True)


def register_sweeps() -> None:
    """What of complaints goes by age."""
    retention.sweeps.register(
        "complaints.closed",
        Sweep(label="已办结的咨询投诉", period=COMPLAINT.period, does="隐去", rows=_closed_long_ago, take=_take),
    )
