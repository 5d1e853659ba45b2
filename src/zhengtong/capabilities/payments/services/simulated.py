"""The book of the simulated gateway: another system in miniature, which only its adapter and its pages know.

It takes no money. Its faults are real ones: a wrong amount, a refusal, a callback that is lost, late or sent twice,
a refund that is refused or slow.
"""

import datetime as dt
import http.client
import json
import logging
import secrets
import urllib.parse
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments.constants import ChargeState, RefundMode
from zhengtong.capabilities.payments.models import SimulatedCharge, SimulatedRefund
from zhengtong.capabilities.payments.registry import Charge, RefundOrder
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.signed_messages import signed_headers

log = logging.getLogger(__name__)

KEY = "simulated"
SLOW = dt.timedelta(minutes=1)
_LATE = dt.timedelta(minutes=5)
_BATCH = 20
_MOST_TRIES = 5
_TIMEOUT = 5
#: ways a payment may go, as the pay page names them → (callbacks, delay of the first)
OUTCOMES: Mapping[str, tuple[int, dt.timedelta]] = {
    "paid": (1, dt.timedelta()),
    "lost": (0, dt.timedelta()),
    "twice": (2, dt.timedelta()),
    "late": (1, _LATE),
    "double": (1, dt.timedelta()),
    "wrong": (1, dt.timedelta()),
    "declined": (1, dt.timedelta()),
}

Deliver = Callable[[str, bytes, Mapping[str, str]], int]


def is_allowed() -> bool:
    """Only where the setting says so: demonstrations, or a test site that asks for it."""
    return bool(settings.ZHENGTONG_SIMULATED_GATEWAY)


def key() -> bytes:
    """The secret shared by the simulated gateway and this installation; both sides live here."""
    return f"simulated-gateway:{settings.SECRET_KEY}".encode()


@transaction.atomic
def open_charge(charge: Charge) -> SimulatedCharge:
    """The charge of one of our numbers, opened once, also when it is asked for twice at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"payments.simulated {charge.payment_no}"])
    found = SimulatedCharge.objects.filter(payment_no=charge.payment_no).order_by("created_at").first()
    return found or SimulatedCharge.objects.create(
        tenant=charge.tenant,
        payment_no=charge.payment_no,
        gateway_no=_number(),
        amount_fen=charge.amount_fen,
        title=charge.title,
        payee=charge.payee,
        return_url=charge.return_url,
        notify_url=charge.notify_url,
        expires_at=charge.expires_at,
    )


def charge_of(token: str) -> SimulatedCharge:
    """The charge of a pay page; raises NotFound, also where the simulation is not allowed."""
    found = SimulatedCharge.objects.filter(token=token).first() if is_allowed() else None
    if found is None:
        raise NotFound(_("没有这笔模拟支付。"))
    return found


@transaction.atomic
def pay(*, token: str, outcome: str, refund_mode: str = "", wrong_fen: int = 0) -> SimulatedCharge:
    """The payer chose how it goes; raises NotFound, and Conflict for a charge that is over."""
    charge_of(token)
    charge = SimulatedCharge.objects.select_for_update().get(token=token)
    if charge.state == ChargeState.PAID or charge.expires_at <= now():
        raise Conflict(_("这笔支付已经完成或者过期，没有再次扣款。"))
    if outcome not in OUTCOMES:
        raise Conflict(_("请选择支付结果。"))
    callbacks, delay = OUTCOMES[outcome]
    declined = outcome == "declined"
    charge.state = ChargeState.DECLINED if declined else ChargeState.PAID
    charge.received_fen = 0 if declined else wrong_fen if outcome == "wrong" else charge.amount_fen
    charge.refund_mode = refund_mode if refund_mode in RefundMode.values else RefundMode.AT_ONCE
    charge.paid_at, charge.notify_left, charge.notify_at = now(), callbacks, now() + delay
    charge.save()
    if outcome == "double":
        _second(charge)
    return charge


def deliver_callbacks(*, deliver: Deliver | None = None) -> int:
    """Send the callbacks that are due, signed; returns how many went out. A failing one is tried a few times."""
    if not is_allowed():
        return 0
    due = SimulatedCharge.objects.filter(notify_left__gt=0, notify_at__lte=now()).order_by("notify_at")
    return sum(_deliver(charge, deliver or post) for charge in due[:_BATCH])


@transaction.atomic
def refund(order: RefundOrder) -> SimulatedRefund:
    """The refund of one of our numbers, done once; the charge says how it goes. Raises NotFound."""
    found = SimulatedRefund.objects.filter(refund_no=order.refund_no).first()
    if found is not None and not found.refused:
        return found
    charge = SimulatedCharge.objects.select_for_update().filter(gateway_no=order.gateway_no).first()
    if charge is None:
        raise NotFound(_("模拟渠道没有这笔交易。"))
    given = sum(each.amount_fen for each in charge.refunds.all() if not each.refused)
    refused = charge.refund_mode == RefundMode.REFUSED or given + order.amount_fen > charge.received_fen
    delay = SLOW if charge.refund_mode == RefundMode.SLOW else dt.timedelta()
    made = found or SimulatedRefund(tenant=charge.tenant, refund_no=order.refund_no, charge=charge)
    made.gateway_no = made.gateway_no or _number()
    made.amount_fen, made.refused, made.done_at = order.amount_fen, refused, None if refused else now() + delay
    made.save()
    if charge.refund_mode == RefundMode.REFUSED:
        # a bank's refusal is rarely for ever: the next try goes through
        charge.refund_mode = RefundMode.AT_ONCE
        charge.save(update_fields=["refund_mode"])
    return made


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a callback over HTTP; returns the status, 0 where nobody answered."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        connection.request("POST", parts.path, body=body, headers=dict(headers))
        return connection.getresponse().status
    except OSError as error:
        log.warning("a simulated callback did not reach %s: %s", parts.netloc, error)
        return 0
    finally:
        connection.close()


def message_of(charge: SimulatedCharge) -> tuple[bytes, dict[str, str]]:
    """Body and signed headers of a callback; each has a nonce of its own."""
    body = json.dumps(
        {
            "payment_no": charge.payment_no,
            "gateway_no": charge.gateway_no,
            "state": "failed" if charge.state == ChargeState.DECLINED else "paid",
            "amount_fen": charge.received_fen,
            "at": (charge.paid_at or now()).isoformat(),
        }
    ).encode()
    return body, signed_headers(key(), prefix="X-Gateway", at=now(), body=body)


def _deliver(charge: SimulatedCharge, send: Deliver) -> int:
    body, headers = message_of(charge)
    status = send(charge.notify_url, body, headers)
    mine = SimulatedCharge.objects.filter(pk=charge.pk)
    if status // 100 == 2:
        mine.update(notify_left=charge.notify_left - 1, notify_at=now(), notify_tries=0)
        return 1
    tries = charge.notify_tries + 1
    pause = dt.timedelta(seconds=5 * 2**tries)
    mine.update(
        notify_tries=tries, notify_at=now() + pause, notify_left=0 if tries >= _MOST_TRIES else charge.notify_left
    )
    return 0


def _second(charge: SimulatedCharge) -> None:
    """The payer was charged twice under one number."""
    SimulatedCharge.objects.create(
        tenant=charge.tenant,
        payment_no=charge.payment_no,
        gateway_no=_number(),
        amount_fen=charge.amount_fen,
        received_fen=charge.amount_fen,
        title=charge.title,
        payee=charge.payee,
        return_url=charge.return_url,
        notify_url=charge.notify_url,
        expires_at=charge.expires_at,
        state=ChargeState.PAID,
        paid_at=now(),
        notify_left=1,
        notify_at=now() + dt.timedelta(seconds=2),
        refund_mode=charge.refund_mode,
    )


def _number() -> str:
    return f"S{now():%Y%m%d}{secrets.token_hex(6).upper()}"
