"""Placing cards: numbers, rows, ledger, events, limits and news of many at once; what an outage holds back waits."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.supervision import CardRaised
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.outbox import publish_all
from zhengtong.systems.supervision.constants import CARD_KIND, OUTAGE_KIND, Level, LimitKind
from zhengtong.systems.supervision.models import Card, HeldCard, Outage, RuleVersion
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services.acting import event_fields
from zhengtong.systems.supervision.services.board import next_card_numbers
from zhengtong.systems.supervision.services.limits import Terms, start_limits
from zhengtong.systems.supervision.services.telling import add_news

_PLAIN = (
    "level",
    "warning",
    "case_number",
    "case_title",
    "step",
    "org_name",
    "deadline_kind",
    "evidence",
    "explanation",
    "arithmetic",
)
_KEYS = ("case_id", "step_id", "org_id", "event_id", "deadline_id")


def place_cards(tenant: str, drafts: Sequence[Card], *, actor: Actor | None = None) -> list[Card]:
    """Number and write new cards in their order, start their limits and tell of them; gives those that were written.

    Limits that passed while an outage was declared give no card: what it would have said is kept for judgement.
    ``actor`` is the supervisor who raises cards by hand; his cards are held back by nothing.
    """
    if not drafts:
        return []
    cards = list(drafts) if actor else _without_held(tenant, drafts)
    if not cards:
        return []
    terms = Terms(tenant)
    until = terms.last_day(LimitKind.EXPLAIN, local_date())
    for card, number in zip(cards, next_card_numbers(tenant, len(cards)), strict=True):
        card.tenant, card.number, card.explain_until = tenant, number, until
        card.rule_key, card.state_at = card.rule.key, card.raised_at
    insert_all(cards)
    start_limits(cards, LimitKind.EXPLAIN, terms)
    ledger.append_all(actor=actor or system(tenant), entries=[_entry(card) for card in cards])
    publish_all(
        [
            CardRaised(**event_fields(card), rule_version=card.rule.version, cause_id=card.event_id, step=card.step)
            for card in cards
        ]
    )
    add_news(cards, "raised")
    return cards


def _entry(card: Card) -> ledger.NewEntry:
    rule = card.rule
    return ledger.NewEntry(
        act="supervision.raise_card",
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={
            "number": card.number,
            "rule": rule.key,
            "version": rule.version,
            "level": card.level,
            "case": card.case_number,
            "unit": card.org_name,
            "event": str(card.event_id),
        },
        basis=rule.basis or rule.source,
    )


# --- outages ---------------------------------------------------------------------------------------------------------


def outage_of(outages: Iterable[Outage], *, area: str, at: dt.datetime) -> Outage | None:
    """The declared outage in which an instant of a supervised domain falls."""
    for outage in outages:
        within = outage.starts_at <= at and (outage.ends_at is None or at <= outage.ends_at)
        if within and (not outage.areas or area in outage.areas):
            return outage
    return None


def area_of(card: Card) -> str:
    """The supervised domain a card comes from, empty for cards raised by hand."""
    name = str(card.evidence.get("event", ""))
    return event_sources.get(name).area if name in event_sources else ""


def passed_at(card: Card) -> dt.datetime:
    """When the limit of a card passed: its last instant where the evidence names it, else when it was noticed."""
    due = card.evidence.get("due_at")
    due_at = dt.datetime.fromisoformat(due) if isinstance(due, str) else card.raised_at
    return min(due_at, card.raised_at)


def _without_held(tenant: str, drafts: Sequence[Card]) -> list[Card]:
    limits = [card for card in drafts if card.deadline_id is not None]
    outages = list(Outage.objects.filter(tenant=tenant).order_by("starts_at")) if limits else []
    if not outages:
        return list(drafts)
    free, held = [], []
    for card in drafts:
        found = outage_of(outages, area=area_of(card), at=passed_at(card)) if card.deadline_id is not None else None
        if found is None:
            free.append(card)
        else:
            held.append(
                HeldCard(
                    tenant=tenant,
                    outage=found,
                    rule=card.rule,
                    event_id=card.event_id,
                    org_name=card.org_name,
                    at=card.raised_at,
                    draft=draft_of(card),
                )
            )
    HeldCard.objects.bulk_create(held, ignore_conflicts=True)
    ledger.append_all(
        actor=system(tenant),
        entries=[
            ledger.NewEntry(
                act="supervision.hold_card",
                object_ref=ObjectRef(kind=OUTAGE_KIND, id=str(row.outage_id)),
                payload={"rule": row.rule.key, "unit": row.org_name, "event": str(row.event_id)},
            )
            for row in held
        ],
    )
    return free


def draft_of(card: Card) -> dict[str, Any]:
    """What a card would say, as stored data."""
    keys = {name: str(value) if value else None for name in _KEYS for value in [getattr(card, name)]}
    return {name: getattr(card, name) for name in _PLAIN} | keys | {"raised_at": card.raised_at.isoformat()}


def card_from(draft: Mapping[str, Any], rule: RuleVersion) -> Card:
    """The card of a stored draft, not yet written."""
    keys = {name: uuid.UUID(draft[name]) if draft[name] else None for name in _KEYS}
    raised_at = dt.datetime.fromisoformat(draft["raised_at"])
    return Card(rule=rule, raised_at=raised_at, **{name: draft[name] for name in _PLAIN}, **keys)


def manual_card(rule: RuleVersion, *, level: str, org: tuple[uuid.UUID, str], event_id: uuid.UUID, **said: Any) -> Card:
    """A card that somebody raises on evidence, not yet written."""
    return Card(
        rule=rule,
        level=Level(level),
        warning=False,
        org_id=org[0],
        org_name=org[1],
        raised_at=now(),
        event_id=event_id,
        **said,
    )
