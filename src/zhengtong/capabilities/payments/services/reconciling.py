"""Every day our rows stand beside the gateway's statement; what does not agree is listed until somebody explains it."""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.payments import permissions, rules
from zhengtong.capabilities.payments.constants import (
    RECONCILE_HOUR,
    RECONCILIATION_KIND,
    PaymentState,
    RefundState,
)
from zhengtong.capabilities.payments.models import Payment, Reconciliation, ReconciliationDifference, Refund
from zhengtong.capabilities.payments.registry import GatewayUnavailable, gateways
from zhengtong.capabilities.payments.services.orders import check_reason
from zhengtong.kernel import loops, parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

log = logging.getLogger(__name__)
_DAYS_BACK = 7  # days that are made up for after a standstill


def reconcile_due() -> int:
    """Check the days that are over and not yet checked; returns how many were."""
    tenant = settings.ZHENGTONG_TENANT
    here = now().astimezone(SHANGHAI)
    if here.hour < int(parameters.value(RECONCILE_HOUR, tenant=tenant)):
        return 0
    days = [here.date() - dt.timedelta(days=back) for back in range(1, _DAYS_BACK + 1)]
    due: list[tuple[str, dt.date]] = []
    for key, gateway in gateways.items():
        known = Reconciliation.objects.filter(tenant=tenant, gateway=key, day__in=days).values_list("day", flat=True)
        missing = set(days) - set(known)
        if not missing or not gateway.is_available():
            continue
        # yesterday is always checked, older days only where money moved
        due += [(key, day) for day in sorted(missing & ({days[0]} | _moved(tenant, key, days)), reverse=True)]
    return loops.each(_reconcile_day, due)


def _reconcile_day(gateway: str, day: dt.date) -> int:
    try:
        reconcile(actor=system(settings.ZHENGTONG_TENANT), gateway=gateway, day=day)
    except GatewayUnavailable as error:
        log.warning("gateway %s has no statement of %s: %s", gateway, day, error)
        return 0
    return 1


def reconcile(*, actor: Actor, gateway: str, day: dt.date) -> Reconciliation:
    """Compare a day again: open differences that are gone are dropped, settled ones stay as they were settled.

    The gateway is asked before anything is held. Raises NotPermitted, Invalid for a gateway or day that cannot be
    checked, GatewayUnavailable.
    """
    if actor.kind != "system" and not (actor.kind == "official" and actor.has_role(*permissions.HANDLERS)):
        raise NotPermitted(_("对账由收费单位的工作人员办理。"))
    if gateway not in gateways or not gateways.get(gateway).is_available():
        raise Invalid(_("没有这个支付渠道。"), field="gateway")
    if day > local_date():
        raise Invalid(_("这一天还没有到，不能对账。"), field="day")
    theirs = [
        rules.Booked(flow=each.flow, no=each.no, gateway_no=each.gateway_no, amount_fen=each.amount_fen)
        for each in gateways.get(gateway).statement(tenant=actor.tenant, day=day)
    ]
    return _compared(actor, gateway, day, theirs)


@transaction.atomic
def _compared(actor: Actor, gateway: str, day: dt.date, theirs: Sequence[rules.Booked]) -> Reconciliation:
    ours = list(_ours(actor.tenant, gateway, day))
    found = rules.compare(ours, theirs)
    row, _created = Reconciliation.objects.update_or_create(
        tenant=actor.tenant,
        gateway=gateway,
        day=day,
        defaults={
            "entries": len({(each.flow, each.no, each.gateway_no) for each in (*ours, *theirs)}),
            "paid_fen": sum(each.amount_fen for each in ours if each.flow == "payment"),
            "refunded_fen": sum(each.amount_fen for each in ours if each.flow == "refund"),
            "checked_at": now(),
        },
    )
    row.differences.filter(settled_at__isnull=True).delete()
    settled = set(row.differences.values_list("flow", "no", "gateway_no"))
    ReconciliationDifference.objects.bulk_create(
        _difference(row, each) for each in found if (each.flow, each.no, each.gateway_no) not in settled
    )
    ledger.append(
        actor=actor,
        act="payments.reconcile",
        object_ref=ObjectRef(kind=RECONCILIATION_KIND, id=str(row.pk)),
        payload={"gateway": gateway, "day": day.isoformat(), "entries": row.entries, "differences": len(found)},
    )
    return row


@transaction.atomic
def settle_difference(*, actor: Actor, difference_id: uuid.UUID, note: str) -> ReconciliationDifference:
    """Say what a difference was. For officials of the unit that collects; money of nobody is for all who collect."""
    row = (
        ReconciliationDifference.objects.select_for_update()
        .filter(permissions.visible_differences(actor), tenant=actor.tenant, pk=difference_id)
        .first()
    )
    if row is None:
        raise NotFound(_("没有找到这条对账差异，或者它不由您所在的单位处理。"))
    check_reason(note, _("处理说明"))
    if row.settled_at is not None:
        raise Conflict(_("这条差异已经由%(name)s处理。") % {"name": row.settled_by})
    row.settled_at, row.settled_by, row.settled_note = now(), actor.name, note.strip()
    row.save(update_fields=["settled_at", "settled_by", "settled_note"])
    ledger.append(
        actor=actor,
        act="payments.difference_settle",
        object_ref=ObjectRef(kind=RECONCILIATION_KIND, id=str(row.reconciliation_id)),
        payload={"no": row.no, "kind": row.kind, "note": row.settled_note},
    )
    return row


def _day(field: str, day: dt.date) -> Q:
    begin = dt.datetime.combine(day, dt.time(), SHANGHAI)
    return Q(**{f"{field}__gte": begin, f"{field}__lt": begin + dt.timedelta(days=1)})


def _ours(tenant: str, gateway: str, day: dt.date) -> Iterable[rules.Booked]:
    payments = Payment.objects.filter(
        _day("paid_at", day), tenant=tenant, gateway=gateway, state=PaymentState.SUCCEEDED
    )
    for payment in payments:
        # a second transaction under one number stands in the statement with that number
        yield rules.Booked(
            flow="payment",
            no=payment.no.partition("-")[0],
            gateway_no=payment.gateway_no or "",
            amount_fen=payment.received_fen or 0,
        )
    refunds = Refund.objects.filter(
        _day("done_at", day), tenant=tenant, payment__gateway=gateway, state=RefundState.DONE
    )
    for refund in refunds:
        yield rules.Booked(flow="refund", no=refund.number, gateway_no=refund.gateway_no, amount_fen=refund.amount_fen)


def _moved(tenant: str, gateway: str, days: Sequence[dt.date]) -> set[dt.date]:
    """The days on which money came in or went back."""
    since = dt.datetime.combine(min(days), dt.time(), SHANGHAI)
    paid = Payment.objects.filter(tenant=tenant, gateway=gateway, state=PaymentState.SUCCEEDED, paid_at__gte=since)
    back = Refund.objects.filter(tenant=tenant, payment__gateway=gateway, state=RefundState.DONE, done_at__gte=since)
    moments = [*paid.values_list("paid_at", flat=True), *back.values_list("done_at", flat=True)]
    return {local_date(moment) for moment in moments if moment}


def _difference(row: Reconciliation, each: rules.Difference) -> ReconciliationDifference:
    if each.flow == "payment":
        owners = Payment.objects.filter(no=each.no)
    else:
        owners = Payment.objects.filter(refunds__number=each.no)
    return ReconciliationDifference(
        tenant=row.tenant,
        reconciliation=row,
        kind=each.kind,
        flow=each.flow,
        no=each.no[:60],
        gateway_no=each.gateway_no[:80],
        ours_fen=each.ours_fen,
        theirs_fen=each.theirs_fen,
        payee_org_id=owners.values_list("order__payee_org_id", flat=True).first(),
    )
