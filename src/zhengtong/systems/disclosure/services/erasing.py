"""Who asked, and his words: taken out of closed requests; number, kind, times and outcomes stay."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from zhengtong.kernel import retention
from zhengtong.kernel.clock import now
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces
from zhengtong.systems.disclosure.constants import OBJECT_KIND, REQUEST, State
from zhengtong.systems.disclosure.models import (
    AnswerDraft,
    Consultation,
    DisclosureLetter,
    DisclosureRequest,
    RequestAct,
    RequestExtension,
    RequestFile,
)

_WHO = ("contact_name", "phone", "email", "address", "postcode", "applicant_index")
_WORDS = ("name", "identity_number", "title", "content", "use", "reasons", "reason", "answer")
_BELOW = (
    (RequestAct, ("text",)),
    (RequestExtension, ("reason", "note")),
    (Consultation, ("party", "contact", "about", "words")),
    (AnswerDraft, ("reason", "text", "note")),
    (DisclosureLetter, ("words",)),
)


def request_eraser() -> Eraser:
    """Requests made signed in."""
    covers = frozenset(model._meta.label for model in (DisclosureRequest, RequestFile, *(one for one, _ in _BELOW)))
    return Eraser(turn=21, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    rows = _theirs(subject)
    closed = rows.filter(state=State.CLOSED).count()
    return [
        Finding(label="没有办结的信息公开申请", count=rows.count() - closed, fate=Fate.OPEN, reason="办结以后才能删除"),
        Finding(label="已办结的信息公开申请", count=closed, fate=Fate.HIDE, reason="编号、时间和结果用于年度报告"),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    rows = list(_theirs(subject).filter(state=State.CLOSED).select_for_update())
    traces.concern(OBJECT_KIND, [row.pk for row in rows])
    _take(rows, traces)
    traces.count("信息公开申请", len(rows))


def _take(rows: Sequence[Any], left: Traces) -> None:
    keys = [row.pk for row in rows]
    for row in rows:
        row.person_id, row.legal_person_id, row.erased_at = None, None, now()
        for name in _WHO:
            setattr(row, name, "")
        for name in _WORDS:
            setattr(row, name, ERASED if getattr(row, name) else "")
        row.save(update_fields=["person_id", "legal_person_id", "erased_at", *_WHO, *_WORDS])
    for model, names in _BELOW:
        for one in model._default_manager.filter(request__in=keys):
            words = {name: ERASED for name in names if getattr(one, name)}
            if words:
                model._default_manager.filter(pk=one.pk).update(**words)
    files = RequestFile.objects.filter(request__in=keys)
    left.files |= set(files.values_list("file_id", flat=True))
    files.delete()
    left.forget(OBJECT_KIND, keys)


def _theirs(subject: Subject) -> "QuerySet[DisclosureRequest]":
    return DisclosureRequest.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)


def _closed_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[DisclosureRequest]":
    rows = DisclosureRequest.objects.filter(tenant=tenant, state=State.CLOSED)
    return rows.filter(closed_at__lt=before, erased_at__isnull=True)


def register_sweeps() -> None:
    """What of disclosure goes by age."""
    retention.sweeps.register(
        "disclosure.closed",
        Sweep(label="已办结的信息公开申请", period=REQUEST.period, does="隐去", rows=_closed_long_ago, take=_take),
    )
