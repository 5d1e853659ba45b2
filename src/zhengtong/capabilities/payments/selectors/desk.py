"""The unit that collects: its orders, what came in by day and by item, refunds to do, differences."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import permissions, rules
from zhengtong.capabilities.payments.constants import SETTLED, OrderState, RefundState
from zhengtong.capabilities.payments.models import (
    FeeLine,
    FeeOrder,
    Reconciliation,
    ReconciliationDifference,
    Refund,
)
from zhengtong.capabilities.payments.registry import fee_subjects
from zhengtong.capabilities.payments.selectors.orders import OrderView, view_of
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

_MOST_ROWS = 20_000
_TO_DO = (RefundState.PROPOSED, RefundState.ASKED, RefundState.FAILED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderFilters:
    """What a list is narrowed to; ``since`` and ``until`` are days on which orders were made out, both included."""

    state: str = ""
    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class DayTotal:
    """What came in and went back on a day, in fen."""

    day: dt.date
    count: int
    paid_fen: int
    refunded_fen: int


def unit_orders(*, actor: Actor, filters: OrderFilters, page: object = 1, size: int = 20) -> Page[FeeOrder]:
    """Orders of the actor's unit, newest first."""
    return page_of(_filtered(actor, filters).order_by("-created_at"), page, size=size, most=1000)


def unit_counts(*, actor: Actor) -> tuple[int, int]:
    """Whether the unit has orders at all (0 or 1), and how many refunds wait."""
    mine = FeeOrder.objects.filter(permissions.of_unit(actor))
    if not mine.exists():
        return 0, 0
    return 1, Refund.objects.filter(order__in=mine, state__in=_TO_DO).count()


def unit_totals(*, actor: Actor, filters: OrderFilters, days: int = 31) -> list[DayTotal]:
    """By day of payment, the newest first, at most so many days."""
    rows = (
        _filtered(actor, filters)
        .filter(state__in=SETTLED)
        .annotate(day=TruncDate("paid_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(count=Count("pk"), paid=Sum("paid_fen"), back=Sum("refunded_fen"))
        .order_by("-day")[:days]
    )
    return [DayTotal(row["day"], row["count"], row["paid"], row["back"]) for row in rows]


def item_totals(*, actor: Actor, filters: OrderFilters, count: int = 20) -> list[dict[str, Any]]:
    """By charge: ``name``, ``count``, ``paid_fen``, ``refunded_fen``; the largest first."""
    lines = FeeLine.objects.filter(order__in=_filtered(actor, filters).filter(state__in=SETTLED))
    rows = (
        lines.values("name")
        .annotate(count=Count("pk"), paid_fen=Sum("amount_fen"), back_fen=Sum("refunded_fen"))
        .order_by("-paid_fen")[:count]
    )
    return [dict(row) for row in rows]


def export_rows(*, actor: Actor, filters: OrderFilters) -> Iterator[dict[str, Any]]:
    """A row per line of every order of the list, amounts in yuan; at most 20 000."""
    lines = FeeLine.objects.filter(order__in=_filtered(actor, filters)).select_related("order")
    for line in lines.order_by("-order__created_at", "no")[:_MOST_ROWS]:
        order = line.order
        yield {
            "number": order.number,
            "title": order.title,
            "payer": order.payer_name,
            "line": line.name,
            "basis": line.basis,
            "unit": rules.yuan(line.unit_fen),
            "quantity": line.quantity,
            "reduction": rules.yuan(line.reduction_fen),
            "amount": rules.yuan(line.amount_fen),
            "refunded": rules.yuan(line.refunded_fen),
            "state": order.get_state_display(),
            "raised": order.created_at.astimezone(SHANGHAI).replace(tzinfo=None),
            "paid": order.paid_at.astimezone(SHANGHAI).replace(tzinfo=None) if order.paid_at else None,
        }


def order_for_desk(*, actor: Actor, order_id: uuid.UUID) -> OrderView:
    """An order for the unit that collects it, or an official of its matter; NotFound otherwise."""
    row = FeeOrder.objects.filter(tenant=actor.tenant, pk=order_id).first()
    if row is None or not (permissions.collects(actor, row) or permissions.takes_part(actor, row)):
        raise NotFound(_("没有找到这张缴费单，或者它不由您所在的单位办理。"))
    return view_of(row)


def refunds_to_do(*, actor: Actor, page: object = 1) -> Page[Refund]:
    """Refunds of the unit that wait for a clerk or a leader, the oldest first."""
    mine = FeeOrder.objects.filter(permissions.of_unit(actor))
    rows = Refund.objects.filter(order__in=mine, state__in=_TO_DO).select_related("order")
    return page_of(rows.order_by("created_at"), page)


def refund_for_desk(*, actor: Actor, refund_id: uuid.UUID) -> tuple[Refund, OrderView]:
    """A refund of the unit with its order; NotFound for one of another unit."""
    mine = FeeOrder.objects.filter(permissions.of_unit(actor))
    row = Refund.objects.filter(order__in=mine, pk=refund_id).select_related("order", "payment").first()
    if row is None:
        raise NotFound(_("没有找到这笔退费，或者它不由您所在的单位办理。"))
    return row, view_of(row.order)


def reconciliations(*, actor: Actor, page: object = 1) -> Page[Any]:
    """Days that were checked, the newest first, with ``open_count`` of the differences the actor answers for."""
    open_here = Q(differences__settled_at__isnull=True) & (
        Q(differences__payee_org_id=actor.org_id) | Q(differences__payee_org_id__isnull=True)
    )
    rows = Reconciliation.objects.filter(tenant=actor.tenant).annotate(
        open_count=Count("differences", filter=open_here & Q(differences__pk__isnull=False))
    )
    return page_of(rows.order_by("-day", "gateway"), page)


def differences(*, actor: Actor, page: object = 1) -> Page[ReconciliationDifference]:
    """Differences the actor answers for: open ones first, then the newest."""
    rows = ReconciliationDifference.objects.filter(permissions.visible_differences(actor), tenant=actor.tenant)
    return page_of(
        rows.select_related("reconciliation").order_by(F("settled_at").desc(nulls_first=True), "-created_at"), page
    )


def _of_matter_numbered(tenant: str, text: str) -> Q:
    """Orders of the matter whose number was typed, with or without its spaces."""
    digits = "".join(text.split())
    found = Q(pk__in=[])
    if digits.isascii() and digits.isdigit():
        for kind, subject in fee_subjects.items():
            found |= Q(subject_kind=kind, subject_id__in=subject.numbered(tenant, digits))
    return found


def _filtered(actor: Actor, filters: OrderFilters) -> QuerySet[FeeOrder]:
    rows = FeeOrder.objects.filter(permissions.of_unit(actor))
    if filters.state in OrderState.values:
        rows = rows.filter(state=filters.state)
    if filters.text:
        rows = rows.filter(
            Q(number__icontains=filters.text)
            | Q(title__icontains=filters.text)
            | Q(payer_name__icontains=filters.text)
            | _of_matter_numbered(actor.tenant, filters.text)
        )
    if filters.since:
        rows = rows.filter(created_at__gte=dt.datetime.combine(filters.since, dt.time(), SHANGHAI))
    if filters.until:
        end = dt.datetime.combine(filters.until, dt.time(), SHANGHAI) + dt.timedelta(days=1)
        rows = rows.filter(created_at__lt=end)
    return rows
