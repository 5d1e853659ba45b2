"""Telling holders in time that a licence ends, and once that it has ended."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.loops import each
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import OBJECT_KIND, REMINDER_DAYS, UNDER_WAY, Purpose
from zhengtong.systems.service_hall.models import Application, LicenceReminder
from zhengtong.systems.service_hall.rules.licences import reminder_due
from zhengtong.systems.service_hall.services.telling import tell_holder

_AFTER_END = 30  # days: a town restored after a longer pause tells nobody of licences long ended


def remind_all() -> int:
    """Remind the holders in every tenant; returns how many were told. Safe to repeat: each stage is told once."""
    return each(remind_of_licences, [(tenant,) for tenant in identity.tenants()])


def remind_of_licences(tenant: str) -> int:
    """Remind the holders of one tenant's licences that end soon or have ended, each stage once."""
    stages = tuple(int(days) for days in parameters.value(REMINDER_DAYS, tenant=tenant))
    today = local_date()
    first, last = today - dt.timedelta(days=_AFTER_END), today + dt.timedelta(days=max(stages, default=0))
    ending = documents.licences_ending(tenant=tenant, first=first, last=last)
    told = set(
        LicenceReminder.objects.filter(document_id__in=[view.id for view in ending]).values_list("document_id", "stage")
    )
    renewing = set(
        Application.objects.filter(
            tenant=tenant,
            licence_id__in=[view.id for view in ending],
            purpose=Purpose.RENEWAL,
            status__in=UNDER_WAY,
        ).values_list("licence_id", flat=True)
    )
    due = []
    for view in ending:
        stage = reminder_due((_last_day(view) - today).days, stages)
        if stage is not None and (view.id, stage) not in told and view.id not in renewing:
            due.append((view, stage))
    return each(_remind, due)


@transaction.atomic
def _remind(view: documents.LicenceView, stage: int) -> int:
    ref = view.paper.object_ref
    row = Application.objects.filter(pk=uuid.UUID(ref.id)).first() if ref.kind == OBJECT_KIND else None
    if row is None:
        return 0
    _made, fresh = LicenceReminder.objects.get_or_create(
        document_id=view.id, stage=stage, defaults={"tenant": row.tenant}
    )
    if not fresh:
        return 0
    until = _last_day(view)
    words = {"title": view.paper.title, "number": view.paper.number, "day": cn_date(until)}
    if stage < 0:
        title = _("证照已经过期")
        body = _("您的%(title)s（%(number)s）已在%(day)s过期，不能再使用。继续需要的，请重新申请。")
    else:
        title = _("证照将要到期")
        body = _(
            "您的%(title)s（%(number)s）将于%(day)s到期。需要延续的，请在到期 30 日以前申请（行政许可法第五十条），"
            "可以在“我的证照”中办理。"
        )
    tell_holder(row, view.id, title, body % words)
    ledger.append(
        actor=system(row.tenant),
        act="service_hall.remind",
        object_ref=ObjectRef(kind=ref.kind, id=ref.id),
        payload={"number": view.paper.number, "stage": stage},
    )
    return 1


def _last_day(view: documents.LicenceView) -> dt.date:
    if view.paper.valid_until is None:
        raise ValueError("a licence without an end is never near it")
    return view.paper.valid_until
