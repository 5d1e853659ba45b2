"""Comparing a day with the upper platform: what each side has, package by package, and what to do where they differ."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import (
    ACT_RECONCILED,
    RECONCILE_HOUR,
    RECONCILIATION_KIND,
    PackageState,
    Verdict,
)
from zhengtong.capabilities.exchange.engine.packages import day_digest
from zhengtong.capabilities.exchange.models import ReportedRow, ReportPackage, ReportReconciliation, ReportStream
from zhengtong.capabilities.exchange.permissions import require_operator
from zhengtong.capabilities.exchange.registry import TransportFailed
from zhengtong.capabilities.exchange.rules import DayBook, Difference, differences_of
from zhengtong.capabilities.exchange.services.answering import rewind
from zhengtong.capabilities.exchange.services.ways import ask, why_not_reporting
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, DomainError

_LOOK_BACK = dt.timedelta(days=7)


def reconcile_due() -> int:
    """Compare yesterday, and days of the last week that did not agree, once a day; how many comparisons were made."""
    if why_not_reporting():
        return 0
    done = 0
    for stream in ReportStream.objects.filter(last_sequence__gt=0).order_by("tenant", "dataset"):
        hour: int = parameters.value(RECONCILE_HOUR, tenant=stream.tenant)
        if now().astimezone(SHANGHAI).hour < hour:
            continue
        for day in _due_days(stream):
            try:
                _reconcile(system(stream.tenant), stream, day)
                done += 1
            except (TransportFailed, DomainError) as failure:
                told = _("没有与上级平台核对成：%(why)s") % {"why": str(failure)}
                ReportStream.objects.filter(pk=stream.pk, failures=0).update(last_error=told[:300])
                break
    return done


def reconcile(*, actor: Actor, day: dt.date) -> list[ReportReconciliation]:
    """现在就与上级平台核对某一天的全部数据集。"""
    require_operator(actor)
    problem = why_not_reporting()
    if problem:
        raise Conflict(problem)
    if day > local_date():
        raise Conflict(_("还没有到这一天，没有核对。"))
    streams = ReportStream.objects.filter(tenant=actor.tenant, last_sequence__gt=0).order_by("dataset")
    try:
        return [_reconcile(actor, stream, day) for stream in streams]
    except TransportFailed as failure:
        raise Conflict(_("没有核对完：%(why)s") % {"why": str(failure)}) from failure


def our_book(tenant: str, dataset: str, day: dt.date) -> DayBook:
    """What we have of a day; rows without a verdict yet count as not accepted."""
    packages = list(_packages(tenant, dataset, day).order_by("sequence"))
    rows = ReportedRow.objects.filter(package__in=packages).order_by("package__sequence", "number")
    lines = rows.values_list("package__sequence", "number", "row_key", "digest", "verdict")
    return DayBook(
        rows=sum(package.rows for package in packages),
        accepted=rows.filter(verdict=Verdict.ACCEPTED).count(),
        digest=day_digest(lines),
        packages={one.sequence: (one.digest, one.rows, one.accepted) for one in packages},
    )


def _due_days(stream: ReportStream) -> list[dt.date]:
    today = local_date()
    yesterday = today - dt.timedelta(days=1)
    rows = ReportReconciliation.objects.filter(
        tenant=stream.tenant, dataset=stream.dataset, day__gte=today - _LOOK_BACK
    )
    known = {row.day: row for row in rows}
    days = [day for day, row in known.items() if row.differences and local_date(row.checked_at) < today]
    if yesterday not in known and _packages(stream.tenant, stream.dataset, yesterday).exists():
        days.append(yesterday)
    return sorted(days)


def _packages(tenant: str, dataset: str, day: dt.date) -> Any:
    begin = dt.datetime.combine(day, dt.time(), SHANGHAI)
    return ReportPackage.objects.filter(
        tenant=tenant, dataset=dataset, created_at__gte=begin, created_at__lt=begin + dt.timedelta(days=1)
    )


def _reconcile(actor: Actor, stream: ReportStream, day: dt.date) -> ReportReconciliation:
    answer = ask(stream.tenant, "totals", {"dataset": stream.dataset, "day": day.isoformat()})
    theirs = _their_book(answer.fields, day)
    with transaction.atomic():
        locked = ReportStream.objects.select_for_update().get(pk=stream.pk)
        ours = our_book(stream.tenant, stream.dataset, day)
        found = differences_of(ours, theirs)
        row, _made = ReportReconciliation.objects.update_or_create(
            tenant=stream.tenant,
            dataset=stream.dataset,
            day=day,
            defaults={
                "our_rows": ours.rows,
                "their_rows": theirs.rows,
                "our_accepted": ours.accepted,
                "their_accepted": theirs.accepted,
                "our_digest": ours.digest,
                "their_digest": theirs.digest,
                "differences": [[one.sequence, one.kind] for one in found],
                "checked_at": now(),
            },
        )
        ledger.append(
            actor=actor,
            act=ACT_RECONCILED,
            object_ref=ObjectRef(kind=RECONCILIATION_KIND, id=str(row.pk)),
            payload={
                "dataset": row.dataset,
                "day": day.isoformat(),
                "ours": ours.rows,
                "theirs": theirs.rows,
                "differences": len(found),
            },
        )
        _mend(actor, locked, found)
        ReportStream.objects.filter(pk=stream.pk, failures=0).update(last_error="")
    return row


def _mend(actor: Actor, stream: ReportStream, found: list[Difference]) -> None:
    """What is missing there is sent again, verdicts that differ are asked for; other content is for people to judge."""
    had = ReportPackage.objects.filter(
        tenant=stream.tenant,
        dataset=stream.dataset,
        sequence__in=[one.sequence for one in found if one.kind == "missing_there"],
        state__in=[PackageState.RECEIVED, PackageState.SETTLED],
    )
    lost = had.order_by("sequence").values_list("sequence", flat=True).first()
    if lost is not None:
        rewind(actor, stream, sequence=lost, why=_("对账发现上级平台没有这一包"))
    ReportPackage.objects.filter(
        tenant=stream.tenant,
        dataset=stream.dataset,
        sequence__in=[one.sequence for one in found if one.kind == "verdicts"],
        state=PackageState.RECEIVED,
    ).update(ask_at=now())


def _their_book(fields: dict[str, Any], day: dt.date) -> DayBook:
    """The answer as a book; raises TransportFailed for one that is none."""
    try:
        if fields["state"] != "totals" or fields["day"] != day.isoformat():
            raise TransportFailed(_("上级平台答的不是这一天。"))
        packages = {
            int(one["sequence"]): (str(one["digest"]), int(one["rows"]), int(one["accepted"]))
            for one in fields["packages"]
        }
        return DayBook(int(fields["rows"]), int(fields["accepted"]), str(fields["digest"]), packages)
    except (KeyError, TypeError, ValueError):
        raise TransportFailed(_("上级平台的对账应答无法识别。")) from None
