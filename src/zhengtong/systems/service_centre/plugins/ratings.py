"""A ticket that was dealt with at a window can be rated by its holder, and on the window's device."""

import uuid

from django.urls import reverse

from zhengtong.capabilities.ratings.constants import ServiceEvent
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.systems.service_centre.constants import TicketState
from zhengtong.systems.service_centre.models import Ticket


class RateableTickets:
    """Finished tickets, by their key."""

    def subject(self, tenant: str, ref: ObjectRef) -> RateableSubject | None:
        """The ticket as a matter: its item or its hall for a title, the operator's unit answers for it."""
        ticket = _ticket(tenant, ref)
        if ticket is None or ticket.ended_at is None or ticket.unit_id is None:
            return None
        return RateableSubject(
            ref=ref,
            title=ticket.item_name or ticket.zone.name,
            number=f"{ticket.day:%Y%m%d}-{ticket.number}",
            org_id=ticket.unit_id,
            org_name=ticket.unit_name,
            item_code=ticket.item_code,
            events={str(ServiceEvent.CLOSE): ticket.ended_at},
            handlers=ticket.window.name if ticket.window else "",
            window=f"{ticket.window.number}" if ticket.window else "",
            own_url=reverse("service_centre:ticket", args=[ticket.code]),
        )

    def may_rate(self, actor: Actor, ref: ObjectRef) -> bool:
        """The person who took the number by telephone or came with an appointment."""
        ticket = _ticket(actor.tenant, ref)
        return ticket is not None and actor.person_id is not None and ticket.person_id == actor.person_id


def _ticket(tenant: str, ref: ObjectRef) -> Ticket | None:
    try:
        key = uuid.UUID(ref.id)
    except ValueError:
        return None
    rows = Ticket.objects.filter(tenant=tenant, pk=key, state=TicketState.FINISHED)
    return rows.select_related("zone", "window").first()
