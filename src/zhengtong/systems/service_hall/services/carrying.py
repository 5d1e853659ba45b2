"""What carriers tell of what was posted: asked for by us, or reported by their systems; once, in any order."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhengtong.kernel import parameters
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import now, recording_time, simulated_offset
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.loops import each
from zhengtong.systems.service_hall.constants import COURIER_WINDOW, DeliveryState
from zhengtong.systems.service_hall.models import CarrierCall, Delivery
from zhengtong.systems.service_hall.registry import BadReport, CarrierEvent, carriers
from zhengtong.systems.service_hall.rules import state_after_report
from zhengtong.systems.service_hall.services.delivering import note, set_state, tell_returned

log = logging.getLogger(__name__)

_BATCH = 500
_ENDS = (DeliveryState.DONE, DeliveryState.RETURNED)


def poll_carriers() -> int:
    """Ask the carriers what has happened to what is on its way; returns how many deliveries ended.

    Those not asked about for longest come first, so that more than one round can ask come to all of them.
    """
    connected = [key for key, _carrier in carriers.items()]
    under_way = Delivery.objects.filter(state=DeliveryState.POSTED, carrier__in=connected)
    return each(_ask, [(one,) for one in under_way.order_by(F("asked_at").asc(nulls_first=True), "id")[:_BATCH]])


def _ask(delivery: Delivery) -> int:
    """Ask about one; it waits for its next turn also where the carrier does not answer."""
    Delivery.objects.filter(pk=delivery.pk).update(asked_at=now())
    try:
        told = carriers.get(delivery.carrier).events(delivery.tracking_no, since=delivery.moved_at)
    except OSError:
        return 0
    return int(take_over(delivery.pk, told).state in _ENDS)


def take_carrier_report(*, carrier: str, body: bytes, headers: Mapping[str, str]) -> str:
    """What a carrier's system reports, checked and written down once; returns what became of it in a word.

    ``taken``; ``again`` for an event that was told before; ``replayed`` for a nonce that was taken before;
    ``unknown`` for a number of none of our deliveries. Raises NotFound for a carrier that is not connected, BadReport
    for what it did not sign, or not within the time allowed.
    """
    if carrier not in carriers:
        raise NotFound(_("没有接入这家寄递企业。"))
    told = carriers.get(carrier).read_report(body=body, headers=headers)
    tenant = settings.ZHENGTONG_TENANT
    window = dt.timedelta(seconds=int(parameters.value(COURIER_WINDOW, tenant=tenant)))
    # another system's clock is compared with the machine's own, also where a demonstration has moved ours
    if abs(recording_time() - told.sealed_at) > window:
        raise BadReport("the timestamp is too far from now")
    if told.event.at > recording_time() + window:
        raise BadReport("the event lies in the future")
    try:
        with transaction.atomic():
            call = CarrierCall.objects.create(
                tenant=tenant,
                carrier=carrier,
                nonce=told.nonce,
                tracking_no=told.tracking_no[:60],
                key=told.event.key,
                outcome="taken",
            )
            call.outcome = _take_report(tenant, carrier, told.tracking_no, told.event)
            call.save(update_fields=["outcome"])
    except IntegrityError:
        if not CarrierCall.objects.filter(carrier=carrier, nonce=told.nonce).exists():
            raise
        return "replayed"
    return call.outcome


def _take_report(tenant: str, carrier: str, tracking_no: str, event: CarrierEvent) -> str:
    found = Delivery.objects.filter(tenant=tenant, carrier=carrier, tracking_no=tracking_no).first()
    if found is None:
        log.warning("carrier %s reports a parcel that is none of ours", carrier)
        return "unknown"
    before = found.events.filter(key=event.key).exists()
    at = min(event.at + simulated_offset(), now())
    take_over(found.pk, [CarrierEvent(event.key, at, event.words, event.outcome)])
    return "again" if before else "taken"


@transaction.atomic
def take_over(delivery_id: uuid.UUID, told: Sequence[CarrierEvent]) -> Delivery:
    """Write the events of a parcel down, each once, and let the delivery follow them."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("application").get(pk=delivery_id)
    actor = system(delivery.tenant)
    for event in told:
        if not note(delivery, event.words, str(carriers.get(delivery.carrier).label), at=event.at, key=event.key):
            continue
        to = state_after_report(state=delivery.state, outcome=event.outcome)
        if to == delivery.state:
            continue
        set_state(actor, delivery, to)
        if to == DeliveryState.RETURNED:
            tell_returned(delivery, event.words)
    return delivery
