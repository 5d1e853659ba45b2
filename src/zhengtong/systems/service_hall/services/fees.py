"""Orders for the fees of an application: made out by an official or by themselves, cancelled and given back."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.payments import api as payments
from zhengtong.capabilities.payments.constants import OrderState
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors.fees import ProposedFee, fee_ref, proposed_fees

_BEGUN = ("review", "decide")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChosenFee:
    """What an official typed beside a fee: price and quantity, and a reduction with its basis."""

    unit_fen: int
    quantity: Decimal
    reduction_fen: int = 0
    reduction_basis: str = ""


@transaction.atomic
def raise_fees(
    *, actor: Actor, application_id: uuid.UUID, chosen: Mapping[str, ChosenFee], command_key: str
) -> list[payments.FeeOrder]:
    """Make out orders for the chosen fees (by their keys), one for each unit that collects.

    Raises what ``payments.raise_order`` raises, Invalid for a key that is none, Conflict for a fee that is ordered.
    """
    row = Application.objects.select_for_update().get(tenant=actor.tenant, pk=application_id)
    fees = {fee.key: fee for fee in proposed_fees(row)}
    if not chosen:
        raise Invalid(_("请勾选要开具的收费项目。"), field="lines")
    if unknown := set(chosen) - set(fees):
        raise Invalid(_("收费项目已经变化，请刷新后重新选择。"), field=next(iter(unknown)))
    done = [fees[key].name for key in chosen if fees[key].ordered]
    if done and not _repeated(row, command_key):
        raise Conflict(_("“%(names)s”已经开具过缴费单，没有重复开具。") % {"names": "、".join(done)})
    return _raise(actor, row, [(fees[key], given) for key, given in chosen.items()], command_key)


@transaction.atomic
def raise_due_fees(*, tenant: str, application_id: uuid.UUID, moment: str) -> list[payments.FeeOrder]:
    """Make out what the item says goes out by itself at a moment (acceptance, decision); safe to repeat.

    A fee whose price or quantity is not known waits for an official.
    """
    row = Application.objects.select_for_update().get(tenant=tenant, pk=application_id)
    due = [fee for fee in proposed_fees(row) if fee.raised == moment and fee.complete and not fee.ordered]
    ready = [
        (fee, ChosenFee(unit_fen=fee.unit_fen, quantity=fee.quantity))
        for fee in due
        if fee.unit_fen and fee.quantity is not None
    ]
    return _raise(system(tenant), row, ready, f"auto:{moment}")


def check_paid_first(row: Application) -> None:
    """Raises Conflict while a fee that is to be paid before the decision is not; a cancelled order is settled."""
    waiting = [fee for fee in proposed_fees(row) if fee.pay_first and _bars(fee)]
    if not waiting:
        return
    names = "、".join(f"{fee.name}（{fee.payee_name}）" for fee in waiting)
    if all(fee.state == OrderState.OPEN for fee in waiting):
        raise Conflict(_("申请人还没有缴清“%(names)s”，缴清以后才能准予。") % {"names": names})
    raise Conflict(
        _("“%(names)s”应当先缴费再准予，但没有有效的缴费单。请先开具；依法不收的，开具后写明原因作废。")
        % {"names": names}
    )


@transaction.atomic
def settle_fees_of_closed(*, tenant: str, application_id: uuid.UUID, outcome: str) -> None:
    """What the end of a case means: granted, orders that wait for it; else nobody has to pay, and a refund may be due.

    A refund is proposed where no department had begun its review; the units that collect decide.
    """
    if outcome == "approved":
        raise_due_fees(tenant=tenant, application_id=application_id, moment="decision")
        return
    row = Application.objects.get(tenant=tenant, pk=application_id)
    words = {"withdrawn": _("申请人撤回申请"), "not_accepted": _("申请没有受理")}
    reason = words.get(outcome, _("申请没有准予"))
    payments.cancel_open_orders(tenant=tenant, subject=fee_ref(row), reason=reason)
    if not _work_begun(row):
        said = _("%(reason)s，审查还没有开始") % {"reason": reason}
        payments.propose_refunds(tenant=tenant, subject=fee_ref(row), reason=said)


def _bars(fee: ProposedFee) -> bool:
    return fee.state in ("", OrderState.OPEN, OrderState.EXPIRED)


def _work_begun(row: Application) -> bool:
    if row.case_id is None:
        return False
    case = cases.case_view(actor=system(row.tenant), case_id=row.case_id, as_applicant=True)
    return any(item.status == "done" and item.phase in _BEGUN for item in case.work_items)


def _repeated(row: Application, command_key: str) -> bool:
    """Whether this very press was carried out before."""
    orders = payments.orders_of(tenant=row.tenant, subject=fee_ref(row))
    return any(view.row.command_key == command_key for view in orders)


def _raise(
    actor: Actor, row: Application, chosen: Sequence[tuple[ProposedFee, ChosenFee]], command_key: str
) -> list[payments.FeeOrder]:
    by_unit: dict[tuple[uuid.UUID, bool], list[tuple[ProposedFee, ChosenFee]]] = {}
    for fee, given in chosen:
        by_unit.setdefault((fee.payee_id, fee.pay_first), []).append((fee, given))
    return [
        payments.raise_order(
            actor=actor,
            subject=fee_ref(row),
            title=row.item_name,
            payee=payments.Payee(org_id=payee_id, org_name=found[0][0].payee_name),
            lines=[_line(fee, given) for fee, given in found],
            command_key=f"{command_key}:first" if pay_first else command_key,
            item_code=row.item_code,
            pay_first=pay_first,
        )
        for (payee_id, pay_first), found in by_unit.items()
    ]


def _line(fee: ProposedFee, given: ChosenFee) -> payments.LineDraft:
    return payments.LineDraft(
        name=fee.name,
        standard=fee.standard,
        basis=fee.basis,
        unit=fee.unit,
        unit_fen=given.unit_fen,
        quantity=given.quantity,
        reduction_fen=given.reduction_fen,
        reduction_basis=given.reduction_basis,
        listed_fen=_listed(fee, given),
    )


def _listed(fee: ProposedFee, given: ChosenFee) -> int | None:
    """What the item's list allows: its price times what the applicant stated, or times what the office measured."""
    if fee.unit_fen is None:
        return None
    return payments.gross(fee.unit_fen, given.quantity if fee.quantity is None else fee.quantity)
