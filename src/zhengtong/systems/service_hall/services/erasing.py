"""What the hall has of a person who is erased, and what of it goes by age.

Drafts go whole; what was handed in is an archived file and stays, its contact data go when it is over.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from zhengtong.capabilities.cases.constants import OBJECT_LABELS as CASE_KINDS
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import retention
from zhengtong.kernel.clock import now
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.inventory import CASE_FILE
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces
from zhengtong.systems.service_hall.constants import (
    CORRECTION_KIND,
    ERASURE_KIND,
    OBJECT_KIND,
    OBJECT_LABELS,
    UNDER_WAY,
    ApplicationStatus,
    CorrectionState,
    SpecialState,
)
from zhengtong.systems.service_hall.constants import processing as words
from zhengtong.systems.service_hall.models import (
    Application,
    CorrectionRequest,
    Delivery,
    DeliveryEvent,
    ErasureRequest,
    MaterialFile,
    OriginalSeen,
    Pledge,
    PublicObjection,
    Representation,
    ScannedPage,
    Sitting,
    SupplementNotice,
)

_DRAFTS = (ApplicationStatus.DRAFT, ApplicationStatus.DISCARDED)
#: of what is handed in these go with the draft it never was; the rest of the hall's rows need a number first
_COVERED = (Application, MaterialFile, ScannedPage, Sitting, Representation, Delivery, CorrectionRequest)
_SIGNED = Q(signature__isnull=False)
_RECEIVER = ("recipient", "phone", "address", "collected_by")


def hall_eraser() -> Eraser:
    """First of all: what the person's matters are decides what others keep."""
    covers = frozenset({*(model._meta.label for model in _COVERED), "forms.Submission", "forms.Attachment"})
    return Eraser(turn=10, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    rows = _theirs(subject)
    closed = rows.filter(status=ApplicationStatus.CLOSED)
    ids = [str(key) for key in closed.values_list("pk", flat=True)]
    papers = documents.licences_of(tenant=subject.tenant, subject_kind=OBJECT_KIND, subject_ids=ids)
    said, waiting = _objections(subject)
    corrections = _corrections(subject)
    return [
        Finding(label="没有办结的办件", count=rows.filter(status__in=UNDER_WAY).count(), fate=Fate.OPEN,
                reason="办结以后才能删除"),
        Finding(label="没有提交的草稿和文件", count=rows.filter(status__in=_DRAFTS).count(), fate=Fate.ERASE),
        Finding(label="已办结的办件、填写的内容和材料", count=closed.count(), fate=Fate.KEEP, reason=CASE_FILE.stays),
        Finding(label="电子证照和文书", count=len(papers), fate=Fate.KEEP, reason="已经制发的证照属于档案，不能改动"),
        Finding(label="已办结办件的电子邮箱", count=closed.exclude(email="").count(), fate=Fate.ERASE),
        Finding(label="送达的姓名、电话和地址", count=_deliveries(closed).count(), fate=Fate.ERASE),
        Finding(label="没有答复的更正申请", count=corrections.filter(state=CorrectionState.ASKED).count(),
                fate=Fate.OPEN, reason="答复以后才能删除"),
        Finding(label="已答复的更正申请", count=corrections.exclude(state=CorrectionState.ASKED).count(),
                fate=Fate.ERASE),
        Finding(label="没有答复的公示异议", count=waiting.count(), fate=Fate.OPEN, reason="答复以后才能隐去"),
        Finding(label="公示异议的姓名和电话", count=said.exclude(name=ERASED).count(), fate=Fate.HIDE,
                reason="异议的内容是作出决定的依据，随办件归档"),
    ]  # fmt: skip


def _erase(subject: Subject, traces: Traces) -> None:
    rows = list(_theirs(subject).select_for_update())
    drafts = [row for row in rows if row.status in _DRAFTS]
    kept = [row for row in rows if row.status not in _DRAFTS]
    closed = [row.pk for row in kept if row.status == ApplicationStatus.CLOSED]
    traces.concern(OBJECT_KIND, [row.pk for row in rows])
    if kept:
        traces.kept_kinds |= {*OBJECT_LABELS, *CASE_KINDS, "document"} - {CORRECTION_KIND, ERASURE_KIND}
        traces.concern("case", [row.case_id for row in kept])
    purge(drafts, traces)
    Application.objects.filter(pk__in=closed).exclude(email="").update(email="")
    _hide_deliveries(list(_deliveries(Application.objects.filter(pk__in=closed))), traces)
    answered = _corrections(subject).exclude(state=CorrectionState.ASKED)
    _forget_corrections(list(answered), traces)
    said, _waiting = _objections(subject)
    said.update(name=ERASED, phone="")


def _objections(subject: Subject) -> "tuple[QuerySet[PublicObjection], QuerySet[PublicObjection]]":
    """Those that have had their say, and those to which an answer is still owed: only an open notice owes one."""
    rows = PublicObjection.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)
    owed = Q(answered_at__isnull=True, step__state=SpecialState.OPEN)
    return rows.exclude(owed), rows.filter(owed)


def purge(rows: Collection[Any], left: Traces) -> None:
    """Drafts with all that was typed and given; nothing of them stays but the entries without content."""
    keys = [row.pk for row in rows]
    sittings = Sitting.objects.filter(application__in=keys)
    left.forget("sitting", sittings.values_list("pk", flat=True))
    given = MaterialFile.objects.filter(application__in=keys)
    pages = ScannedPage.objects.filter(application__in=keys)
    left.files |= {*given.values_list("file_id", flat=True), *pages.values_list("file_id", flat=True)}
    left.files |= set(sittings.filter(consent_file__isnull=False).values_list("consent_file_id", flat=True))
    deliveries = Delivery.objects.filter(application__in=keys)
    left.files |= set(deliveries.filter(_SIGNED).values_list("signature_id", flat=True))
    Representation.objects.filter(sitting__in=sittings).delete()
    OriginalSeen.objects.filter(file__in=given).delete()
    DeliveryEvent.objects.filter(delivery__in=deliveries).delete()
    for related in (pages, sittings, given, deliveries):
        related.delete()
    for model in (Pledge, SupplementNotice):
        model._default_manager.filter(application__in=keys).delete()
    Application.objects.filter(pk__in=keys).delete()
    for row in rows:
        left.files |= forms.purge_submission(tenant=row.tenant, submission_id=row.form_submission_id)
    left.forget(OBJECT_KIND, keys)
    left.count("没有提交的草稿", len(keys))


def _theirs(subject: Subject) -> "QuerySet[Application]":
    ids = subject.person_ids
    return Application.objects.filter(Q(person_id__in=ids) | Q(ward_id__in=ids), tenant=subject.tenant)


def _corrections(subject: Subject) -> "QuerySet[CorrectionRequest]":
    return CorrectionRequest.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)


def _deliveries(rows: "QuerySet[Application]") -> "QuerySet[Delivery]":
    return Delivery.objects.filter(application__in=rows, done_at__isnull=False, erased_at__isnull=True)


def _hide_deliveries(rows: Sequence[Any], left: Traces) -> None:
    left.files |= {row.signature_id for row in rows if row.signature_id}
    for row in rows:
        # what was posted must have gone to somebody, somewhere (a constraint of the table)
        for name in _RECEIVER:
            setattr(row, name, ERASED if getattr(row, name) else "")
        row.collect_code, row.signature, row.erased_at = "", None, now()
        row.save(update_fields=[*_RECEIVER, "collect_code", "signature", "erased_at"])
    left.count("送达信息", len(rows))


def _forget_corrections(rows: Collection[Any], left: Traces) -> None:
    keys = [row.pk for row in rows]
    CorrectionRequest.objects.filter(pk__in=keys).delete()
    left.forget(CORRECTION_KIND, keys)
    left.count("更正申请", len(keys))


def _old_drafts(tenant: str, before: dt.datetime) -> "QuerySet[Application]":
    untouched = forms.saved_before(tenant, before)
    rows = Application.objects.filter(tenant=tenant, status=ApplicationStatus.DRAFT, created_at__lt=before)
    return rows.filter(form_submission_id__in=untouched)


def _discarded(tenant: str, before: dt.datetime) -> "QuerySet[Application]":
    rows = Application.objects.filter(tenant=tenant, status=ApplicationStatus.DISCARDED, created_at__lt=before)
    return rows.filter(form_submission_id__in=forms.saved_before(tenant, before))


def _old_deliveries(tenant: str, before: dt.datetime) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(tenant=tenant, done_at__lt=before, erased_at__isnull=True)


def _old_corrections(tenant: str, before: dt.datetime) -> "QuerySet[CorrectionRequest]":
    return CorrectionRequest.objects.filter(tenant=tenant, answered_at__lt=before)


def _old_erasures(tenant: str, before: dt.datetime) -> "QuerySet[ErasureRequest]":
    over = (words.ErasureState.DONE, words.ErasureState.REFUSED, words.ErasureState.WITHDRAWN)
    return ErasureRequest.objects.filter(tenant=tenant, created_at__lt=before, state__in=over)


def register_sweeps() -> None:
    """What of the hall goes by age."""
    for key, label, does, period, rows, take in (
        ("drafts", "没有提交的申请草稿", "删除", words.DRAFTS, _old_drafts, purge),
        ("discarded", "本人删除的草稿", "删除", words.DISCARDED, _discarded, purge),
        ("deliveries", "送达的姓名、电话和地址", "隐去", words.DELIVERY.period, _old_deliveries, _hide_deliveries),
        ("corrections", "已答复的更正申请", "删除", words.CORRECTIONS.period, _old_corrections, _forget_corrections),
        ("erasures", "已了结的删除申请", "删除", words.ERASURES.period, _old_erasures, retention.delete),
    ):
        sweep = Sweep(label=label, period=period, does=does, rows=rows, take=take)
        retention.sweeps.register(f"service_hall.{key}", sweep)
