"""What the pages of an application say of counters: where its papers are, how the licence comes, who typed."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.kernel.pages import Matter
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import DeliveryState, DeliveryWay
from zhengtong.systems.service_hall.rules import masked_address, may_choose_delivery


def delivery_block(request: HttpRequest, matter: Matter) -> str | None:
    """For the applicant: where his papers are, how he gets the paper licence, what has become of it."""
    row = matter.detail.row
    delivery = api.delivery_of(row)
    context = {
        "row": row,
        "place": api.paper_place_of(row),
        "delivery": delivery,
        "address": masked_address(delivery.address) if delivery else "",
        "events": _events(delivery),
        "may_choose": matter.open and may_choose_delivery(delivery.state if delivery else ""),
        "code": delivery.collect_code if delivery and delivery.state == DeliveryState.AT_PLACE else "",
    }
    if not (context["place"] or context["may_choose"] or delivery):
        return None
    return render_to_string("service_hall/delivery/applicant_block.html", context, request=request)


def counter_block(request: HttpRequest, matter: Matter) -> str | None:
    """For the officials: who typed with which consent, originals that were seen, papers and delivery."""
    row = matter.detail.row
    sittings, seen, delivery = api.sittings_of_application(row), api.originals_seen(row), api.delivery_of(row)
    place = api.paper_place_of(row, sittings)
    if not (sittings or seen or delivery or place):
        return None
    context = {
        "row": row,
        "sittings": sittings,
        "seen": seen,
        "place": place,
        "delivery": delivery,
        "address": masked_address(delivery.address) if delivery and delivery.way == DeliveryWay.POST else "",
        "events": _events(delivery),
    }
    return render_to_string("service_hall/counter/desk_block.html", context, request=request)


def _events(delivery: object) -> list[dict[str, object]]:
    if delivery is None:
        return []
    return [
        {"at": event.at, "title": event.words, "note": event.source}
        for event in api.delivery_events(delivery)  # type: ignore[arg-type]  # a row of ours
    ]
