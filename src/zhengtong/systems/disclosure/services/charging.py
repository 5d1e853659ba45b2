"""信息处理费: counted by the tiers in force, told in writing, paid online or at the unit; unpaid it ends all."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import api as payments
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date, money
from zhengtong.systems.disclosure.constants import (
    FEE_SOURCE,
    ActKind,
    ClockKind,
    FeeMode,
    FeeState,
    LetterKind,
    PauseReason,
    State,
)
from zhengtong.systems.disclosure.models import DisclosureRequest, HandlingFee
from zhengtong.systems.disclosure.rules import fees
from zhengtong.systems.disclosure.selectors.requests import before_in_month
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.taking import locked, unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import (
    record,
    ref_of,
    tell_applicant,
    tell_unit,
    words_of,
    write_act,
)

_PAGES_MOST = 100_000


def _table(key: str, default: fees.Table, label: str) -> str:
    return parameters.declare(
        f"disclosure.{key}", default=default, label=label, unit="元", source=FEE_SOURCE, confirmed=False,
        reads=fees.check,
    ).key  # fmt: skip


FEE_TABLES = {
    FeeMode.BY_ITEM: _table(
        "fee_by_item",
        fees.BY_ITEM,
        "信息处理费按件档次（同一申请人一个月内：到第几件、每件几元；each 为每多少件加几元）",
    ),
    FeeMode.BY_PAGE: _table("fee_by_page", fees.BY_PAGE, "信息处理费按量档次（到第几页、每页几元；rest 为其余每页）"),
}


def quote(row: DisclosureRequest, mode: str, pages: int = 0) -> tuple[int, int, int]:
    """(before, units, yuan) of a request counted one way; by item it is the next one of the applicant's month."""
    table = parameters.value(FEE_TABLES[FeeMode(mode)], tenant=row.tenant)
    if mode == FeeMode.BY_PAGE:
        return 0, pages, fees.fee(table, pages)
    before = before_in_month(row)
    return before, 1, fees.fee_of_next(table, before)


@transaction.atomic
def charge(*, actor: Actor, request_id: uuid.UUID, mode: str, pages: int = 0) -> HandlingFee:
    """Tell the applicant what the handling costs; the limit stands still until it is paid.

    Raises Invalid for nothing to pay, Conflict, NotPermitted.
    """
    row = unit_takes(actor, request_id, "fee")
    if mode not in FeeMode.values:
        raise Invalid(_("请选择按件还是按量，一件申请只能选一种。"), field="mode")
    if mode == FeeMode.BY_PAGE and not 1 <= pages <= _PAGES_MOST:
        raise Invalid(_("请写页数。"), field="pages")
    before, units, yuan = quote(row, mode, pages)
    if yuan == 0:
        raise Invalid(_("没有超过免费的件数或者页数，不收取信息处理费。"), field="mode")
    table = parameters.value(FEE_TABLES[FeeMode(mode)], tenant=row.tenant)
    fee = HandlingFee.objects.create(
        tenant=row.tenant, request=row, mode=mode, before=before, units=units, amount_fen=yuan * 100, table=table
    )
    clocks.stop(row, PauseReason.FEE)
    clock = clocks.begin(row, ClockKind.PAYMENT)
    row.state = State.UNPAID
    row.save(update_fields=["state"])
    if row.person_id is not None:
        fee.order_id = _order(row, fee).id
        fee.save(update_fields=["order_id"])
    due = cn_date(clock.due_on) if clock.due_on else ""
    words = _("%(mode)s计收信息处理费 %(money)s，%(due)s前缴纳") % {
        "mode": fee.get_mode_display(),
        "money": money(yuan),
        "due": due,
    }
    write_act(row, actor, ActKind.FEE, words, told=True)
    record(actor, row, "disclosure.fee", {"mode": mode, "units": units, "fen": fee.amount_fen})
    last = _("请于%(due)s前缴纳，逾期未缴纳的，视为放弃申请，本机关不再处理该申请。") % {"due": due}
    write_letter(row, actor, LetterKind.FEE, [_("您的申请%(words)s。") % {"words": words}, last])
    body = _("您的%(what)s须缴纳信息处理费 %(money)s。") % {"what": words_of(row), "money": money(yuan)}
    tell_applicant(row, title=_("信息处理费"), body=body)
    return fee


@transaction.atomic
def record_paid(*, actor: Actor, request_id: uuid.UUID, receipt_note: str) -> HandlingFee:
    """It was paid at the unit: the officer writes down the voucher, and an open order is taken back."""
    row = unit_takes(actor, request_id, "paid")
    said = words_in(receipt_note, field="receipt_note", least=2, most=120)
    fee = HandlingFee.objects.select_for_update().get(request=row)
    fee.receipt_note, fee.recorded_by = said, actor.name
    fee.save(update_fields=["receipt_note", "recorded_by"])
    payments.cancel_open_orders(tenant=row.tenant, subject=ref_of(row), reason=_("已在受理单位缴费"))
    _settle(row, fee, actor)
    return fee


@transaction.atomic
def take_payment(*, tenant: str, request_id: uuid.UUID, order_id: uuid.UUID) -> None:
    """Payments told that the order was paid; a second telling changes nothing."""
    row = locked(request_id)
    fee = HandlingFee.objects.select_for_update().filter(request=row, order_id=order_id).first()
    if row.tenant != tenant or fee is None or fee.state != FeeState.ASKED or row.state != State.UNPAID:
        return
    _settle(row, fee, system(tenant))


def drop_fee(row: DisclosureRequest, state: FeeState) -> None:
    """The request ends: what was not paid is not wanted any more."""
    changed = HandlingFee.objects.filter(request=row, state=FeeState.ASKED).update(state=state)
    if changed:
        payments.cancel_open_orders(tenant=row.tenant, subject=ref_of(row), reason=_("信息公开申请已办结"))


def _settle(row: DisclosureRequest, fee: HandlingFee, actor: Actor) -> None:
    if fee.state != FeeState.ASKED:
        raise Conflict(_("这笔费用已经缴过，或者不再收取。"))
    fee.state, fee.paid_at = FeeState.PAID, now()
    fee.save(update_fields=["state", "paid_at"])
    clocks.end(row, ClockKind.PAYMENT)
    clocks.resume(row)
    row.state = State.HANDLING
    row.save(update_fields=["state"])
    write_act(row, actor, ActKind.PAID, money(fee.amount_fen / 100), told=True)
    record(actor, row, "disclosure.paid", {"fen": fee.amount_fen})
    tell_unit(row, title=_("信息处理费已缴"), body=_("%(what)s已缴费，期限恢复计算。") % {"what": words_of(row)})


def _order(row: DisclosureRequest, fee: HandlingFee) -> payments.FeeOrder:
    line = payments.LineDraft(
        name=_("政府信息公开信息处理费"),
        standard=_("%(mode)s，%(n)d") % {"mode": fee.get_mode_display(), "n": fee.units},
        basis=FEE_SOURCE,
        unit=_("次"),
        unit_fen=fee.amount_fen,
    )
    return payments.raise_order(
        actor=system(row.tenant),
        subject=ref_of(row),
        title=_("信息公开申请 %(number)s 的信息处理费") % {"number": row.number},
        payee=payments.Payee(org_id=row.org_id, org_name=row.org_name),
        lines=[line],
        command_key="handling_fee",
    )
