"""Orders in named states, a matter that is paid for, and the simulated gateway driven by hand."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.models import FeeOrder, Payment, Refund, SimulatedCharge
from zhengtong.capabilities.payments.registry import Payer, fee_subjects
from zhengtong.kernel.actors import Actor, ObjectRef, system

TENANT = "980723"
KIND = "test_matter"
REASON = "现场核查没有占用道路"


class Matter:
    """A matter of one payer; officials of ``org_id`` make out its orders, all others take no part."""

    def __init__(self, payer: Payer, org_id: uuid.UUID) -> None:
        self.who, self.org_id = payer, org_id

    def payer(self, tenant: str, ref: ObjectRef) -> Payer:
        """Who pays."""
        return self.who

    def may_raise(self, actor: Actor, ref: ObjectRef) -> bool:
        """Officials of the unit."""
        return actor.org_id == self.org_id

    def may_read(self, actor: Actor, ref: ObjectRef) -> bool:
        """Officials of the unit."""
        return actor.org_id == self.org_id

    def numbered(self, tenant: str, number: str) -> list[str]:
        """No numbers."""
        return []

    def payer_url(self, ref: ObjectRef) -> str:
        """Nowhere in particular."""
        return "/matter/"

    def desk_url(self, actor: Actor, ref: ObjectRef) -> str:
        """Nowhere in particular."""
        return "/matter/"


@contextmanager
def matters(subject: Matter) -> Iterator[ObjectRef]:
    """The kind of matter is known for a while; gives one of them."""
    fee_subjects.register(KIND, subject)
    try:
        yield ObjectRef(kind=KIND, id=str(uuid.uuid4()))
    finally:
        fee_subjects._items.pop(KIND)


def payer_of(actor: Actor) -> Payer:
    """The person as payer."""
    assert actor.person_id is not None
    legal = actor.legal_person_id
    return Payer(
        kind="legal" if legal else "person",
        person_id=actor.person_id,
        name=actor.on_behalf_of or actor.name,
        legal_person_id=legal,
    )


def line(name: str = "城市道路占用费", fen: int = 1250, **changes: Any) -> api.LineDraft:
    """A charge."""
    values: dict[str, Any] = {
        "name": name,
        "standard": "12.50 元/平方米",
        "basis": "城市道路管理条例 第三十七条",
        "unit": "平方米",
        "unit_fen": fen,
    }
    return api.LineDraft(**{**values, **changes})


def order(actor: Actor, *lines: api.LineDraft, org: str = "G11", **changes: Any) -> FeeOrder:
    """An order the actor has to pay, raised by the platform; by default of two charges, 37.50 and 8.00 yuan."""
    unit = people.organisation(org, f"青禾县测试单位{org}")
    drafts = lines or (line(quantity=Decimal(3)), line("城镇垃圾处理费", 800))
    values: dict[str, Any] = {
        "actor": system(TENANT),
        "subject": ObjectRef(kind="nothing", id=str(uuid.uuid4())),
        "title": "开办餐饮店一件事",
        "payee": api.Payee(org_id=unit.id, org_name=unit.name),
        "lines": drafts,
        "command_key": uuid.uuid4().hex,
        "payer": payer_of(actor),
    }
    return api.raise_order(**{**values, **changes})


def started(actor: Actor, row: FeeOrder) -> Payment:
    """A payment that is under way at the simulated gateway."""
    return api.start_payment(actor=actor, order_id=row.pk, gateway="simulated")


def charge_of(payment: Payment) -> SimulatedCharge:
    """What the simulated gateway holds of a payment."""
    return SimulatedCharge.objects.filter(payment_no=payment.no).order_by("created_at")[0]


def pay_at_gateway(payment: Payment, outcome: str = "paid", refund_mode: str = "at_once") -> SimulatedCharge:
    """The payer pays; nothing has been told yet."""
    charge = charge_of(payment)
    return api.pay_simulated(
        token=charge.token, outcome=outcome, refund_mode=refund_mode, wrong_fen=charge.amount_fen - 1
    )


def deliver(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """A callback arrives at our address, without a network."""
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    answer = Client().generic("POST", urlsplit(url).path, body, "application/json", **given)  # type: ignore[arg-type]  # headers
    return answer.status_code


def callbacks() -> int:
    """Send all callbacks that are due."""
    return api.deliver_simulated(deliver=deliver)


def paid(actor: Actor, row: FeeOrder | None = None, *, refund_mode: str = "at_once") -> FeeOrder:
    """An order that was paid and told of."""
    row = row or order(actor)
    pay_at_gateway(started(actor, row), refund_mode=refund_mode)
    callbacks()
    row.refresh_from_db()
    return row


def official(*roles: str, name: str = "", org: str = "G11") -> Actor:
    """An official with an account in the unit that collects."""
    username = f"{name or '.'.join(roles)}.{org.lower()}"
    return people.official(username, *roles, org_code=org, org_name=f"青禾县测试单位{org}", name=name or "李二")


def asked(clerk: Actor, row: FeeOrder, fen: int | None = None) -> Refund:
    """A refund of the first charge (whole, or so much of it) that waits for the leader."""
    first = row.lines.order_by("no")[0]
    amounts = {first.pk: first.amount_fen if fen is None else fen}
    return api.ask_refund(actor=clerk, order_id=row.pk, amounts=amounts, reason=REASON)
