"""Fees that go back: proposed or asked for, approved by a second person, carried out by the gateway."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import permissions, rules
from zhengtong.capabilities.payments.constants import (
    PENDING_REFUNDS,
    SETTLED,
    OrderState,
    PaymentState,
    RefundKind,
    RefundState,
)
from zhengtong.capabilities.payments.models import FeeLine, FeeOrder, Payment, Refund, RefundLine
from zhengtong.capabilities.payments.registry import GatewayUnavailable, RefundOrder, RefundStanding, gateways
from zhengtong.capabilities.payments.services.numbers import next_number
from zhengtong.capabilities.payments.services.orders import check_reason, locked_order
from zhengtong.capabilities.payments.services.telling import refund_moved, tell_payer
from zhengtong.kernel import loops
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ui.formats import money

log = logging.getLogger(__name__)

_ON_ITS_WAY = (RefundState.APPROVED, RefundState.SENT)
_BATCH = 20
_TAKEN_FOR = dt.timedelta(minutes=2)  # longer than any gateway is waited for
_FIRST_PAUSE = dt.timedelta(seconds=10)
_LAST_PAUSE = dt.timedelta(hours=1)


@transaction.atomic
def ask_refund(*, actor: Actor, order_id: uuid.UUID, amounts: Mapping[uuid.UUID, int], reason: str) -> Refund:
    """Ask that lines of a paid order (their ids → fen) go back; another person decides.

    Raises NotFound, NotPermitted, Invalid (amounts, reason), Conflict (not paid, another refund under way).
    """
    order = locked_order(actor.tenant, order_id)
    if not permissions.may_ask_refund(actor, order):
        raise NotPermitted(_("退费由收费单位的经办人提出，您现在的岗位不能办理。"))
    check_reason(reason, _("退费原因"))
    payment = _refundable(order)
    _check_amounts(order, amounts)
    refund = _write(order, payment, amounts, kind=RefundKind.ASKED, state=RefundState.ASKED, reason=reason.strip())
    _ask(actor, refund)
    refund_moved(actor, "payments.refund_ask", refund, {"reason": refund.reason})
    _tell(refund, _("正在办理退费"), _("“%(title)s”的 %(amount)s 正在办理退费，审批后原路退回。"))
    return refund


@transaction.atomic
def propose_refunds(*, tenant: str, subject: ObjectRef, reason: str) -> list[Refund]:
    """The matter ended before work on it began: propose to give back what was paid; the units that collect decide."""
    keys = FeeOrder.objects.filter(
        tenant=tenant, subject_kind=subject.kind, subject_id=subject.id, state__in=SETTLED
    ).exclude(state=OrderState.REFUNDED)
    found = []
    for key in keys.values_list("pk", flat=True):
        order = locked_order(tenant, key)
        left = {line.pk: line.amount_fen - line.refunded_fen for line in order.lines.all()}
        if order.state == OrderState.REFUNDED or _pending(order) is not None or not any(left.values()):
            continue
        payment = order.payments.get(state=PaymentState.SUCCEEDED, uncredited="")
        refund = _write(order, payment, left, kind=RefundKind.PROPOSED, state=RefundState.PROPOSED, reason=reason)
        refund_moved(system(tenant), "payments.refund_propose", refund, {"reason": reason})
        found.append(refund)
    return found


@transaction.atomic
def confirm_proposal(*, actor: Actor, refund_id: uuid.UUID) -> Refund:
    """A clerk takes a proposal over and asks for it."""
    refund = _locked(actor, refund_id)
    _require_asker(actor, refund)
    _require_state(refund, RefundState.PROPOSED)
    _ask(actor, refund)
    refund_moved(actor, "payments.refund_ask", refund, {"reason": refund.reason})
    _tell(refund, _("正在办理退费"), _("“%(title)s”的 %(amount)s 正在办理退费，审批后原路退回。"))
    return refund


@transaction.atomic
def drop_refund(*, actor: Actor, refund_id: uuid.UUID, reason: str) -> Refund:
    """Give up a proposal, or a refund the gateway has refused; the reason is kept."""
    refund = _locked(actor, refund_id)
    _require_asker(actor, refund)
    check_reason(reason, _("不退费的原因"))
    _require_state(refund, RefundState.PROPOSED, RefundState.FAILED)
    if refund.kind == RefundKind.RETURNED:
        raise Conflict(_("这笔款项不应收取，必须退回，不能决定不退。请与支付渠道核对后重新提交。"))
    refund.state, refund.decision_note = RefundState.DROPPED, reason.strip()
    refund.save(update_fields=["state", "decision_note"])
    refund_moved(actor, "payments.refund_drop", refund, {"reason": reason.strip()})
    return refund


@transaction.atomic
def decide_refund(*, actor: Actor, refund_id: uuid.UUID, approve: bool, note: str = "") -> Refund:
    """A leader of the unit that collects, another than who asked, approves or refuses (with a reason)."""
    refund = _locked(actor, refund_id)
    if not permissions.may_decide_refund(actor, refund):
        raise NotPermitted(
            _("退费由收费单位的审批负责人批准，提出退费的人不能自己批准，他当时所代的人和代他办理的人也不能。")
        )
    _require_state(refund, RefundState.ASKED)
    if not approve:
        check_reason(note, _("不同意的理由"))
    refund.state = RefundState.APPROVED if approve else RefundState.REJECTED
    refund.decided_by_id, refund.decided_by, refund.decided_at = actor.person_id, actor.name, now()
    refund.decision_note, refund.next_try_at = note.strip(), now() if approve else None
    refund.save()
    refund_moved(
        actor, "payments.refund_approve" if approve else "payments.refund_reject", refund, {"note": note.strip()}
    )
    if not approve:
        _tell(refund, _("没有同意退费"), _("“%(title)s”的 %(amount)s 没有同意退费：%(note)s"))
    return refund


@transaction.atomic
def retry_refund(*, actor: Actor, refund_id: uuid.UUID) -> Refund:
    """Send a refund the gateway refused to it again; it was approved already."""
    refund = _locked(actor, refund_id)
    _require_asker(actor, refund)
    _require_state(refund, RefundState.FAILED)
    refund.state, refund.next_try_at = RefundState.APPROVED, now()
    refund.save(update_fields=["state", "next_try_at"])
    refund_moved(actor, "payments.refund_retry", refund)
    return refund


def run_refunds() -> int:
    """Carry out what was approved and ask how it stands; returns how many took a step.

    Each is taken, then asked for with nobody's order locked, then written down. One whose worker is gone before the
    answer is asked for again under the same number; one that fails waits an hour and holds up no other.
    """
    due = Refund.objects.filter(state__in=_ON_ITS_WAY, next_try_at__lte=now())
    return loops.each(_try, due.order_by("next_try_at").values_list("pk", "order_id")[:_BATCH])


def _try(refund_id: uuid.UUID, order_id: uuid.UUID) -> int:
    taken = _taken(refund_id)
    if taken is None:
        return 0
    try:
        return _answered(taken, order_id, _ask_gateway(taken))
    except GatewayUnavailable as error:
        log.warning("refund %s could not be sent to %s: %s", taken.number, taken.payment.gateway, error)
        _put_off(taken, _pause(taken), _("支付渠道暂时没有应答，稍后再试"))
        return 0
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        _put_off(taken, _LAST_PAUSE, _("处理退款时出错，稍后再试"))
        raise


@transaction.atomic
def _taken(refund_id: uuid.UUID) -> Refund | None:
    """The refund, for this worker alone while the gateway is asked; None when another is at it."""
    refund = (
        Refund.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("payment")
        .filter(pk=refund_id, state__in=_ON_ITS_WAY, next_try_at__lte=now())
        .first()
    )
    if refund is not None:
        refund.attempts, refund.next_try_at = refund.attempts + 1, now() + _TAKEN_FOR
        refund.save(update_fields=["attempts", "next_try_at"])
    return refund


@transaction.atomic
def _answered(taken: Refund, order_id: uuid.UUID, standing: RefundStanding) -> int:
    """Write down what the gateway said, unless the refund was taken again while it was silent."""
    order = FeeOrder.objects.select_for_update().get(pk=order_id)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=taken.pk)
    if refund.state not in _ON_ITS_WAY or refund.attempts != taken.attempts:
        return 0
    refund.order = order
    return _take(refund, standing)


def _put_off(taken: Refund, pause: dt.timedelta, note: str) -> None:
    waiting = Refund.objects.filter(pk=taken.pk, state__in=_ON_ITS_WAY, attempts=taken.attempts)
    waiting.update(next_try_at=now() + pause, note=note)


def _ask_gateway(refund: Refund) -> RefundStanding:
    payment = refund.payment
    if payment.gateway not in gateways or not gateways.get(payment.gateway).is_available():
        raise GatewayUnavailable("not configured here")
    return gateways.get(payment.gateway).refund(
        RefundOrder(
            refund_no=refund.number,
            payment_no=payment.no,
            gateway_no=payment.gateway_no or "",
            amount_fen=refund.amount_fen,
            reason=refund.reason,
        )
    )


def _take(refund: Refund, standing: RefundStanding) -> int:
    actor = system(refund.tenant)
    refund.gateway_no = standing.gateway_no or refund.gateway_no
    if standing.state == "pending":
        first = refund.state == RefundState.APPROVED
        refund.state = RefundState.SENT
        refund.next_try_at, refund.note = now() + _pause(refund), standing.note[:300]
        refund.save()
        if first:
            refund_moved(actor, "payments.refund_sent", refund)
        return int(first)
    refund.next_try_at, refund.note = None, standing.note[:300]
    if standing.state == "refused":
        refund.state = RefundState.FAILED
        refund.save()
        refund_moved(actor, "payments.refund_failed", refund, {"note": refund.note})
        return 1
    refund.state, refund.done_at = RefundState.DONE, standing.at
    refund.save()
    if refund.kind != RefundKind.RETURNED:
        _book(refund)
    refund_moved(actor, "payments.refund_done", refund, {"transaction": refund.gateway_no})
    _tell(refund, _("已经退款：%(amount)s"), _("“%(title)s”的 %(amount)s 已经原路退回，到账时间以银行为准。"))
    return 1


def _book(refund: Refund) -> None:
    """The order and its lines now say what went back."""
    order = refund.order
    for part in refund.lines.select_related("line"):
        line = part.line
        line.refunded_fen += part.amount_fen
        line.save(update_fields=["refunded_fen"])
    order.refunded_fen += refund.amount_fen
    order.state = rules.order_state(order.paid_fen, order.refunded_fen)
    order.save(update_fields=["refunded_fen", "state"])


def _pause(refund: Refund) -> dt.timedelta:
    return min(_FIRST_PAUSE * (1 << min(refund.attempts - 1, 12)), _LAST_PAUSE)


def _refundable(order: FeeOrder) -> Payment:
    if order.state not in (OrderState.PAID, OrderState.PARTLY_REFUNDED):
        raise Conflict(_("这张缴费单现在是“%(state)s”，不能退费。") % {"state": order.get_state_display()})
    pending = _pending(order)
    if pending is not None:
        raise Conflict(
            _("这张缴费单已有一笔退费（%(number)s，%(state)s），办完以后才能再退。")
            % {"number": pending.number, "state": pending.get_state_display()}
        )
    return order.payments.get(state=PaymentState.SUCCEEDED, uncredited="")


def _pending(order: FeeOrder) -> Refund | None:
    return order.refunds.filter(state__in=PENDING_REFUNDS).exclude(kind=RefundKind.RETURNED).first()


def _check_amounts(order: FeeOrder, amounts: Mapping[uuid.UUID, int]) -> None:
    lines = {str(line.pk): rules.Left(line.name, line.amount_fen, line.refunded_fen) for line in order.lines.all()}
    problems = rules.refund_problems(lines, {str(key): fen for key, fen in amounts.items()})
    if problems:
        raise Invalid(
            "".join(problems.values()),
            errors={f"line-{key}" if key else "lines": text for key, text in problems.items()},
        )


def _write(
    order: FeeOrder,
    payment: Payment,
    amounts: Mapping[uuid.UUID, int],
    *,
    kind: RefundKind,
    state: RefundState,
    reason: str,
) -> Refund:
    asked = {key: fen for key, fen in amounts.items() if fen > 0}
    refund = Refund.objects.create(
        tenant=order.tenant,
        order=order,
        payment=payment,
        number=next_number(order.tenant, "R"),
        kind=kind,
        state=state,
        amount_fen=sum(asked.values()),
        reason=reason,
    )
    lines = FeeLine.objects.filter(order=order, pk__in=asked)
    RefundLine.objects.bulk_create(
        RefundLine(tenant=order.tenant, refund=refund, line=line, amount_fen=asked[line.pk]) for line in lines
    )
    return refund


def _locked(actor: Actor, refund_id: uuid.UUID) -> Refund:
    """The refund of an order of the actor's unit, the order locked first; raises NotFound."""
    found = Refund.objects.filter(tenant=actor.tenant, pk=refund_id).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这笔退费。"))
    order = locked_order(actor.tenant, found)
    if not permissions.collects(actor, order):
        raise NotFound(_("没有找到这笔退费，或者它不由您所在的单位办理。"))
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    refund.order = order
    return refund


def _ask(actor: Actor, refund: Refund) -> None:
    refund.state, refund.asked_by_id, refund.asked_by = RefundState.ASKED, actor.person_id, actor.name
    refund.asked_for_id = actor.delegator_id
    refund.save(update_fields=["state", "asked_by_id", "asked_by", "asked_for_id"])


def _require_asker(actor: Actor, refund: Refund) -> None:
    if not permissions.may_ask_refund(actor, refund.order):
        raise NotPermitted(_("退费由收费单位的经办人办理，您现在的岗位不能办理。"))


def _require_state(refund: Refund, *states: RefundState) -> None:
    if refund.state not in states:
        raise Conflict(_("这笔退费现在是“%(state)s”，不能再这样办理。") % {"state": refund.get_state_display()})


def _tell(refund: Refund, title: str, body: str) -> None:
    words = {
        "title": refund.order.title,
        "amount": money(rules.yuan(refund.amount_fen)),
        "note": refund.decision_note,
    }
    tell_payer(refund.order, title % words, body % words)
