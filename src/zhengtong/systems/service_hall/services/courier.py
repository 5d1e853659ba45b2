"""The demonstration's courier: takes every parcel, delivers it after a day of the county's clock."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.clock import now
from zhengtong.systems.service_hall.registry import CarrierEvent, Parcel

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
