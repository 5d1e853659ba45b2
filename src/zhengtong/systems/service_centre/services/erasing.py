"""Pseudonyms in appointments and tickets: a new one that leads to nobody, so that the figures stay."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from zhengtong.kernel import retention
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.erasure import Eraser, Fate, Finding, Subject
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces
from zhengtong.systems.service_centre.constants import QUEUE, ROSTER, TICKET_KIND, AppointmentState
from zhengtong.systems.service_centre.models import Appointment, Attendant, Duty, DutyRequest, Ticket

_NOBODY = uuid.UUID(int=0)


def queue_eraser() -> Eraser:
    """Appointments and tickets of the person."""
    covers = frozenset(model._meta.label for model in (Appointment, Ticket))
    return Eraser(turn=30, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    booked = _booked(subject)
    over = _appointments(subject).exclude(pk__in=booked.values("pk"))
    tickets = Ticket.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)
    return [
        Finding(label="还没有到期的预约", count=booked.count(), fate=Fate.OPEN, reason="请先取消预约"),
        Finding(
            label="过去的预约和排队号", count=over.count() + tickets.count(), fate=Fate.HIDE, reason="数量用于统计"
        ),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    over = list(_appointments(subject).exclude(pk__in=_booked(subject).values("pk")))
    tickets = Ticket.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)
    keys = list(tickets.values_list("pk", flat=True))
    tickets.update(person_id=None)
    _hide(over, traces)
    # ratings of a ticket are ratings of his
    traces.concern(TICKET_KIND, keys)
    traces.count("预约和排队号", len(over) + len(keys))


def _hide(rows: Sequence[Any], _left: Traces) -> None:
    for row in rows:
        row.person_id, row.holder_id = _NOBODY, new_id()
        row.application_id, row.reason = None, ""
        row.save(update_fields=["person_id", "holder_id", "application_id", "reason"])
    Ticket.objects.filter(appointment__in=[row.pk for row in rows]).update(person_id=None)


def _appointments(subject: Subject) -> "QuerySet[Appointment]":
    return Appointment.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)


def _booked(subject: Subject) -> "QuerySet[Appointment]":
    return _appointments(subject).filter(state=AppointmentState.BOOKED, slot__day__gte=local_date())


def _old_appointments(tenant: str, before: dt.datetime) -> "QuerySet[Appointment]":
    return Appointment.objects.filter(tenant=tenant, slot__day__lt=local_date(before)).exclude(person_id=_NOBODY)


def _old_tickets(tenant: str, before: dt.datetime) -> "QuerySet[Ticket]":
    return Ticket.objects.filter(tenant=tenant, day__lt=local_date(before), person_id__isnull=False)


def _hide_tickets(rows: Sequence[Any], _left: Traces) -> None:
    Ticket.objects.filter(pk__in=[row.pk for row in rows]).update(person_id=None)


def _old_duties(tenant: str, before: dt.datetime) -> "QuerySet[Duty]":
    return Duty.objects.filter(tenant=tenant, day__lt=local_date(before))


def _old_requests(tenant: str, before: dt.datetime) -> "QuerySet[DutyRequest]":
    return DutyRequest.objects.filter(tenant=tenant, created_at__lt=before)


def _old_attendants(tenant: str, before: dt.datetime) -> "QuerySet[Attendant]":
    """Who has left and whose last half-day in the hall went by age."""
    worked = Duty.objects.filter(window__place=OuterRef("place"), person_id=OuterRef("person_id"))
    rows = Attendant.objects.filter(tenant=tenant, active=False, created_at__lt=before)
    return rows.filter(~Exists(worked))


def register_sweeps() -> None:
    """What of the halls goes by age."""
    for key, label, does, period, rows, take in (
        ("appointments", "过去的预约中的代号", "隐去", QUEUE.period, _old_appointments, _hide),
        ("tickets", "过去的排队号中的代号", "隐去", QUEUE.period, _old_tickets, _hide_tickets),
        ("duties", "过去的值班", "删除", ROSTER.period, _old_duties, retention.delete),
        ("requests", "过去的值班申请", "删除", ROSTER.period, _old_requests, retention.delete),
        ("attendants", "已经离开的进驻人员", "删除", ROSTER.period, _old_attendants, retention.delete),
    ):
        sweep = Sweep(label=label, period=period, does=does, rows=rows, take=take)
        retention.sweeps.register(f"service_centre.{key}", sweep)
