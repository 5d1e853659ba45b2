"""What inspection found about a card it was given: written into the card's history, nothing else changes."""

from zhengtong.contracts.inspections import ReferralAnswered
from zhengtong.kernel.actors import system
from zhengtong.systems.supervision.constants import CardActKind
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.telling import add_news


def note_inspection(event: ReferralAnswered) -> None:
    """Append the answer and tell unit and supervisors; the outbox opened the transaction."""
    rows = Card.objects.select_for_update(of=("self",)).select_related("rule")
    card = rows.filter(tenant=event.tenant, pk=event.card_id).first()
    if card is None:
        return
    words = f"{event.office}：{event.words}"
    write_acts(system(event.tenant), [Done(card, CardActKind.INSPECT, words, card.state)])
    for to_unit in (True, False):
        add_news([card], "inspect", text=words, to_unit=to_unit)
