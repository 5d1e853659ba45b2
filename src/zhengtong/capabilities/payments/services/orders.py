"""Making out, cancelling and ending orders."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import permissions, rules
from zhengtong.capabilities.payments.constants import DAYS_TO_PAY, REASON_MAX, REASON_MIN, OrderState
from zhengtong.capabilities.payments.models import FeeLine, FeeOrder
from zhengtong.capabilities.payments.registry import Payer, fee_subjects
from zhengtong.capabilities.payments.services.numbers import next_number
from zhengtong.capabilities.payments.services.telling import record, tell, tell_payer
from zhengtong.contracts.payments import OrderClosed, OrderRaised
from zhengtong.kernel import loops, parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.simulation import not_before
from zhengtong.kernel.ui.formats import cn_date, money

_BATCH = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class Payee:
    """The unit that collects."""

    org_id: uuid.UUID
    org_name: str


@transaction.atomic
def raise_order(
    *,
    actor: Actor,
    subject: ObjectRef,
    title: str,
    payee: Payee,
    lines: Sequence[rules.LineDraft],
    command_key: str,
    item_code: str = "",
    pay_first: bool = False,
    payer: Payer | None = None,
) -> FeeOrder:
    """Make out an order; a second call with the same key for the same matter and unit gives the first one.

    The payer is asked of the matter's system unless he is named. Raises NotPermitted and Invalid.
    """
    if not permissions.may_raise(actor, subject):
        raise NotPermitted(_("缴费单由办理这个事项的单位开具，您现在的岗位不能开具。"))
    if problem := rules.order_problem(lines):
        raise Invalid(problem, field="lines")
    same = FeeOrder.objects.filter(
        tenant=actor.tenant,
        subject_kind=subject.kind,
        subject_id=subject.id,
        payee_org_id=payee.org_id,
        command_key=command_key,
    )
    if found := same.first():
        return found
    who = payer or fee_subjects.get(subject.kind).payer(actor.tenant, subject)
    order = FeeOrder(
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title,
        item_code=item_code,
        payee_org_id=payee.org_id,
        payee_org_name=payee.org_name,
        total_fen=rules.total(lines),
        pay_first=pay_first,
        command_key=command_key,
    )
    try:
        with transaction.atomic():
            _write(actor, order, who, lines)
    except IntegrityError:
        # somebody was faster with the same key; his number was waited for, and ours went back with the savepoint
        if found := same.first():
            return found
        raise
    _tell_raised(actor, order, lines)
    return order


def _write(actor: Actor, order: FeeOrder, who: Payer, lines: Sequence[rules.LineDraft]) -> None:
    """Number the order, name payer and official, keep it with its lines."""
    days = int(parameters.value(DAYS_TO_PAY, tenant=actor.tenant))
    order.tenant, order.number = actor.tenant, next_number(actor.tenant, "F")
    order.payer_kind, order.payer_person_id, order.payer_name = who.kind, who.person_id, who.name
    order.payer_legal_id, order.payer_ward_id = who.legal_person_id, who.ward_id
    order.expires_at = rules.last_moment(local_date(), days, SHANGHAI)
    order.raised_by_id, order.raised_by, order.raised_by_org = actor.person_id, actor.name, actor.org_name
    order.save(force_insert=True)
    FeeLine.objects.bulk_create(_line(order, no, line) for no, line in enumerate(lines, start=1))


def _tell_raised(actor: Actor, order: FeeOrder, lines: Sequence[rules.LineDraft]) -> None:
    written = [
        {"name": line.name, "amount_fen": line.amount_fen, "reduction_fen": line.reduction_fen} for line in lines
    ]
    record(
        actor, "payments.raise", order, {"total_fen": order.total_fen, "lines": written, "payee": order.payee_org_name}
    )
    found = rules.listed(lines)
    tell(
        OrderRaised,
        order,
        title=order.title,
        item_code=order.item_code,
        listed_fen=found.allowed_fen if found else None,
        beyond_fen=found.beyond_fen if found else None,
        list_basis=found.words if found else "",
    )
    tell_payer(
        order,
        _("请缴费：%(amount)s") % {"amount": money(rules.yuan(order.total_fen))},
        _("“%(title)s”需要向%(payee)s缴费 %(amount)s，请在%(day)s以前在网上缴清。")
        % {
            "title": order.title,
            "payee": order.payee_org_name,
            "amount": money(rules.yuan(order.total_fen)),
            "day": cn_date(order.expires_at - dt.timedelta(seconds=1)),
        },
    )


@transaction.atomic
def cancel_order(*, actor: Actor, order_id: uuid.UUID, reason: str) -> FeeOrder:
    """Take an unpaid order back, with a reason. Raises NotFound, NotPermitted, Invalid, Conflict once it is paid."""
    order = locked_order(actor.tenant, order_id)
    if not permissions.may_cancel(actor, order):
        raise NotPermitted(_("缴费单由开具的单位或者收费单位作废，您现在的岗位不能作废。"))
    check_reason(reason, _("作废原因"))
    if order.state != OrderState.OPEN:
        raise Conflict(_("这张缴费单现在是“%(state)s”，不能作废。") % {"state": order.get_state_display()})
    _close(actor, order, OrderState.CANCELLED, reason.strip())
    return order


@transaction.atomic
def cancel_open_orders(*, tenant: str, subject: ObjectRef, reason: str) -> int:
    """The matter ended: nobody has to pay for it any more. Returns how many orders were cancelled."""
    keys = FeeOrder.objects.filter(
        tenant=tenant, subject_kind=subject.kind, subject_id=subject.id, state=OrderState.OPEN
    ).values_list("pk", flat=True)
    orders = [order for order in (locked_order(tenant, key) for key in keys) if order.state == OrderState.OPEN]
    for order in orders:
        _close(system(tenant), order, OrderState.CANCELLED, reason)
    return len(orders)


def expire_orders() -> int:
    """End the orders whose last day is over; one transaction each (see ``loops.each``). Returns how many."""
    due = FeeOrder.objects.filter(state=OrderState.OPEN, expires_at__lte=now()).order_by("expires_at")
    earliest = not_before()
    if earliest is not None:  # a demonstration's invented past is watched by its simulator
        due = due.filter(created_at__gte=earliest)
    return loops.each(_expire, loops.due_first(_expire, due.values_list("pk"), size=_BATCH))


@transaction.atomic
def _expire(order_id: uuid.UUID) -> int:
    order = FeeOrder.objects.select_for_update(skip_locked=True).filter(pk=order_id, state=OrderState.OPEN).first()
    if order is None or order.expires_at > now():
        return 0
    _close(system(order.tenant), order, OrderState.EXPIRED, _("超过缴费期限没有缴费"))
    return 1


def locked_order(tenant: str, order_id: uuid.UUID) -> FeeOrder:
    """The order, locked before anything that belongs to it; raises NotFound."""
    order = FeeOrder.objects.select_for_update().filter(tenant=tenant, pk=order_id).first()
    if order is None:
        raise NotFound(_("没有找到这张缴费单。"))
    return order


def check_reason(reason: str, label: str) -> None:
    """Raises Invalid for a reason that says nothing, or is a document by itself."""
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        raise Invalid(
            _("请写明%(label)s，%(least)d 到 %(most)d 个字。")
            % {"label": label, "least": REASON_MIN, "most": REASON_MAX},
            field="reason",
        )


def _close(actor: Actor, order: FeeOrder, state: OrderState, reason: str) -> None:
    order.state, order.closed_at, order.close_reason = state, now(), reason
    order.save(update_fields=["state", "closed_at", "close_reason"])
    cancelled = state == OrderState.CANCELLED
    record(actor, "payments.cancel" if cancelled else "payments.expire", order, {"reason": reason})
    tell(OrderClosed, order, state=str(state))
    tell_payer(
        order,
        _("缴费单已作废，不用再缴") if cancelled else _("缴费单已过期"),
        _("“%(title)s”的缴费单 %(number)s %(state)s：%(reason)s。%(more)s")
        % {
            "title": order.title,
            "number": order.number,
            "state": order.get_state_display(),
            "reason": reason.rstrip("。"),
            "more": "" if cancelled else _("仍要办理的，请联系%(unit)s重新开具。") % {"unit": order.payee_org_name},
        },
    )


def _line(order: FeeOrder, no: int, line: rules.LineDraft) -> FeeLine:
    return FeeLine(
        tenant=order.tenant,
        order=order,
        no=no,
        name=line.name,
        standard=line.standard,
        basis=line.basis.strip(),
        unit=line.unit,
        unit_fen=line.unit_fen,
        quantity=line.quantity,
        gross_fen=line.gross_fen,
        reduction_fen=line.reduction_fen,
        reduction_basis=line.reduction_basis.strip(),
        amount_fen=line.amount_fen,
    )
