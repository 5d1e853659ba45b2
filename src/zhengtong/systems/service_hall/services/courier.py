"""Couriers: one whose system reports to us, signed; and that of the demonstration, which delivers after a day."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.clock import now
from zhengtong.kernel.plain_json import read_json
from zhengtong.kernel.signed_messages import opened
from zhengtong.systems.service_hall.registry import BadReport, CarrierEvent, CarrierReport, Parcel
from zhengtong.systems.service_hall.rules import CARRIER_STEPS

#: headers of a courier's report: X-Courier-Timestamp, X-Courier-Nonce, X-Courier-Signature
HEADERS = "X-Courier"
SECRET_MIN = 32
_KEY_MAX = 60
_NOTE_MAX = 100

_WAY = ((0, gettext_lazy("已揽收"), ""), (8, gettext_lazy("派送中"), ""), (24, gettext_lazy("已签收"), "done"))


class SimulatedCourier:
    """No parcel moves anywhere: only where ``ZHENGTONG_DEMO`` is set."""

    label = gettext_lazy("演示快递")

    def accept(self, parcel: Parcel) -> str:
        """A number made from the reference, the same for the same parcel."""
        return "YS" + str(int(hashlib.sha256(parcel.reference.encode()).hexdigest()[:12], 16))[:12].zfill(12)

    def events(self, tracking_no: str, *, since: dt.datetime) -> Sequence[CarrierEvent]:
        """What has happened by now: fetched at once, on its way after eight hours, delivered after a day."""
        steps = [(since + dt.timedelta(hours=hours), words, outcome) for hours, words, outcome in _WAY]
        return [
            CarrierEvent(key=f"{tracking_no}-{no}", at=at, words=_(str(words)), outcome=outcome)
            for no, (at, words, outcome) in enumerate(steps)
            if at <= now()
        ]

    def read_report(self, *, body: bytes, headers: Mapping[str, str]) -> CarrierReport:
        """It is asked, and reports nothing by itself."""
        raise BadReport("the demonstration's courier is asked, it does not report")


class ReportingCourier:
    """A courier whose system posts what happens to a parcel; the number stands on its slip.

    The body is JSON with ``tracking_no``, ``event_id`` (the same when it is told again), ``step`` (collected,
    in_transit, delivered or refused), ``at`` (ISO 8601 with offset) and ``note`` (a place or a reason, optional).
    """

    def __init__(self, label: str, secret: str) -> None:
        if len(secret) < SECRET_MIN:
            raise ImproperlyConfigured(f"ZHENGTONG_COURIER_SECRET 至少要有 {SECRET_MIN} 个字符。")
        self.label = label
        self._secret = secret.encode()

    def accept(self, parcel: Parcel) -> str:
        """Nothing is ordered: the number is typed from the slip."""
        return ""

    def events(self, tracking_no: str, *, since: dt.datetime) -> Sequence[CarrierEvent]:
        """It tells by itself."""
        return ()

    def read_report(self, *, body: bytes, headers: Mapping[str, str]) -> CarrierReport:
        """An event as its system signed it; raises BadReport."""
        try:
            sealed_at, nonce = opened(self._secret, prefix=HEADERS, headers=headers, body=body)
        except ValueError as error:
            raise BadReport(str(error)) from None
        try:
            return _report(read_json(body), sealed_at, nonce)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadReport(f"unreadable: {type(error).__name__}") from None


def _report(said: Mapping[str, Any], sealed_at: dt.datetime, nonce: str) -> CarrierReport:
    words, outcome = CARRIER_STEPS[said["step"]]
    at = dt.datetime.fromisoformat(said["at"])
    key, number = str(said["event_id"]).strip(), str(said["tracking_no"]).strip()
    if at.tzinfo is None or not key or len(key) > _KEY_MAX or not number or "\x00" in key + number:
        raise ValueError(key)
    note = " ".join(str(said.get("note") or "").replace("\x00", "").split())[:_NOTE_MAX]
    event = CarrierEvent(key=key, at=at, words=f"{words}（{note}）" if note else words, outcome=outcome)
    return CarrierReport(tracking_no=number, event=event, sealed_at=sealed_at, nonce=nonce)
