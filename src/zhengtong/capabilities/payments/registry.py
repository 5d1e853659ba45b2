"""What payments ask of others: the gateways that take the money, the systems whose matters are paid for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry


class GatewayUnavailable(Exception):
    """The gateway could not be asked; try again later."""


class BadCallback(Exception):
    """A callback that is not the gateway's: wrong signature, too old, unreadable. Says why, for the log only."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Charge:
    """What is to be paid: ``payment_no`` is ours and unique, ``amount_fen`` in fen, ``return_url`` where the payer
    comes back to, ``notify_url`` where the gateway tells of the result, ``expires_at`` the last moment to pay.
    """

    tenant: str
    payment_no: str
    amount_fen: int
    title: str
    payee: str
    return_url: str
    notify_url: str
    expires_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Started:
    """Where the payer pays: an address to go to, and the text of a QR code for a phone (may be empty)."""

    redirect_url: str
    qr_text: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Transaction:
    """A transaction as the gateway knows it; ``gateway_no`` is the gateway's and unique there."""

    payment_no: str
    gateway_no: str
    state: Literal["paid", "failed", "waiting"]
    amount_fen: int
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Callback:
    """A transaction the gateway told of; ``nonce`` is never used twice, ``timestamp`` when it was signed."""

    transaction: Transaction
    nonce: str
    timestamp: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """What is to go back; ``refund_no`` is ours: the gateway refunds it once, however often it is asked."""

    refund_no: str
    payment_no: str
    gateway_no: str
    amount_fen: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefundStanding:
    """How a refund stands at the gateway; ``note`` says why it was refused."""

    state: Literal["done", "pending", "refused"]
    at: dt.datetime
    gateway_no: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementEntry:
    """A line of the gateway's statement of a day: ``flow`` payment or refund, ``no`` our number of it."""

    flow: Literal["payment", "refund"]
    no: str
    gateway_no: str
    amount_fen: int


class Gateway(Protocol):
    """支付渠道: an adapter to a bank's or the treasury's payment service.

    Each call may raise GatewayUnavailable and is then tried again. ``simulated`` gateways take no money; they are
    offered only where the setting allows them.
    """

    label: str
    simulated: bool

    def is_available(self) -> bool:
        """Whether it may be used here: configured, and not a simulation in production."""

    def create(self, charge: Charge) -> Started:
        """Open a payment; a second call with the same number gives the same one."""

    def query(self, payment_no: str) -> Sequence[Transaction]:
        """Every transaction under one of our numbers (more than one where the payer was charged twice)."""

    def refund(self, order: RefundOrder) -> RefundStanding:
        """Give money back, or tell how a refund that was asked for stands."""

    def read_callback(self, *, body: bytes, headers: Mapping[str, str]) -> Callback:
        """The transaction a callback tells of; raises BadCallback unless the gateway signed it."""

    def statement(self, *, tenant: str, day: dt.date) -> Sequence[StatementEntry]:
        """Everything that was paid and refunded on a day (Asia/Shanghai)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Payer:
    """Who pays for a matter; ``email`` where he wants to be told, may be empty."""

    kind: Literal["person", "legal"]
    person_id: uuid.UUID
    name: str
    legal_person_id: uuid.UUID | None = None
    ward_id: uuid.UUID | None = None
    email: str = ""


class FeeSubject(Protocol):
    """Answers for one kind of object that fees are paid for (``application``)."""

    def payer(self, tenant: str, ref: ObjectRef) -> Payer:
        """Who pays."""

    def may_raise(self, actor: Actor, ref: ObjectRef) -> bool:
        """Whether the official may make out and cancel orders for the object."""

    def may_read(self, actor: Actor, ref: ObjectRef) -> bool:
        """Whether the official takes part in the matter."""

    def numbered(self, tenant: str, number: str) -> list[str]:
        """Keys of the objects with a number as people know it, digits only; empty where there is none."""

    def payer_url(self, ref: ObjectRef) -> str:
        """The payer's page of the object."""

    def desk_url(self, actor: Actor, ref: ObjectRef) -> str:
        """The officials' page of the object, empty for one who takes no part."""


gateways: Registry[Gateway] = Registry("payments.gateways")
fee_subjects: Registry[FeeSubject] = Registry("payments.fee_subjects")
