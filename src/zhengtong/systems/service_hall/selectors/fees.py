"""What has to be paid for an application: the fees of its item, and of the members where it is a bundle."""

import dataclasses
import uuid
from decimal import Decimal

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.payments import api as payments
from zhengtong.capabilities.payments.constants import OrderState
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application

_ENDED_UNPAID = (OrderState.CANCELLED, OrderState.EXPIRED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProposedFee:
    """A fee as an order would say it; ``unit_fen`` and ``quantity`` are None where an official has to work them out.

    ``state`` is that of the latest order with it, empty when there was none; ``key`` tells it from the others.
    """

    key: str
    item_name: str
    name: str
    standard: str
    basis: str
    unit: str
    unit_fen: int | None
    quantity: Decimal | None
    reduction: str
    reduction_basis: str
    raised: str
    pay_first: bool
    payee_id: uuid.UUID
    payee_name: str
    state: str = ""

    @property
    def complete(self) -> bool:
        """Whether an order could be made out without anybody typing a number."""
        return self.unit_fen is not None and self.quantity is not None

    @property
    def ordered(self) -> bool:
        """Whether an order with it stands or was paid."""
        return bool(self.state) and self.state not in _ENDED_UNPAID


def proposed_fees(row: Application, item: catalogue.ItemVersionView | None = None) -> list[ProposedFee]:
    """The fees of an application, the item's own first, then those of its members as they are in force today.

    An item without fees and members costs no query.
    """
    item = item or catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    stated = [(item.name, item.code, fee, row.org_id, row.org_name) for fee in item.fees]
    for member in item.members:
        try:
            version = catalogue.find_item(tenant=row.tenant, code=member.code)
        except NotFound:
            continue
        stated += [(version.name, version.code, fee, version.org_id, version.org_name) for fee in version.fees]
    if not stated:
        return []
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    states = _states(row)
    found = []
    for number, (item_name, code, fee, org_id, org_name) in enumerate(stated):
        payee_id, payee_name = _payee(row.tenant, fee.payee, org_id, org_name)
        found.append(
            ProposedFee(
                key=f"{number}-{code[-6:]}",
                item_name=item_name,
                name=fee.name,
                standard=_standard(fee),
                basis=fee.basis,
                unit=fee.unit,
                unit_fen=payments.fen_of(fee.amount) if fee.amount else None,
                quantity=_quantity(form, fee),
                reduction=fee.reduction,
                reduction_basis=fee.reduction_basis,
                raised=fee.raised,
                pay_first=fee.pay_first,
                payee_id=payee_id,
                payee_name=payee_name,
                state=states.get((payee_id, fee.name), ""),
            )
        )
    return found


#: units of which a case has one
_ONCE = ("", "证", "件", "次", "项", "份", "本", "宗", "户")


def fee_ref(row: Application) -> ObjectRef:
    """The application as payments name it."""
    return ObjectRef(kind=OBJECT_KIND, id=str(row.pk))


def _states(row: Application) -> dict[tuple[uuid.UUID, str], str]:
    """By unit and fee the state of the latest order with it."""
    return {
        (view.row.payee_org_id, line.name): view.row.state
        for view in payments.orders_of(tenant=row.tenant, subject=fee_ref(row))
        for line in view.lines
    }


def _standard(fee: catalogue.Fee) -> str:
    if not fee.amount:
        return "按标准计算"
    return f"{fee.amount} 元" + (f"/{fee.unit}" if fee.unit else "")


def _quantity(form: forms.SubmissionView, fee: catalogue.Fee) -> Decimal | None:
    """The number the applicant gave, one where a case pays once; None where an official has to measure or count."""
    if fee.quantity_from:
        return payments.quantity_of(str(form.cleaned.get(fee.quantity_from) or ""))
    return Decimal(1) if fee.unit.removeprefix("每") in _ONCE else None


def _payee(tenant: str, name: str, org_id: uuid.UUID, org_name: str) -> tuple[uuid.UUID, str]:
    """The unit that collects, or who carries on its work; the item's own where the name is none of the register."""
    if not name:
        return org_id, org_name
    try:
        unit = identity.organisation_by_name(tenant, name)
    except NotFound:
        return org_id, org_name
    heir = identity.heir_of(tenant, unit.id) or unit
    return heir.id, heir.name
