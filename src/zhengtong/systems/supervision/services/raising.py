"""Raising cards: which rules fire for an event, and what a card says."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.events import Event
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision.constants import CardState
from zhengtong.systems.supervision.models import Card, HeldCard, RuleVersion, WatchedCase, WatchedEvent
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.rules import responsible, sentence, words_of
from zhengtong.systems.supervision.services.judging import flagged
from zhengtong.systems.supervision.services.noting import number_of
from zhengtong.systems.supervision.services.placing import place_cards

#: words a rule's text may use besides the fields of its event
EXTRA_WORDS = frozenset({"responsible", "due_on"})


@dataclasses.dataclass(frozen=True)
class Watched:
    """An event with what supervision reads from it, its case, and its entry in the log."""

    event: Event
    seen: Sighting
    case: WatchedCase | None
    entry: WatchedEvent


def raise_cards(event: Event, seen: Sighting, case: WatchedCase | None, entry: WatchedEvent) -> list[Card]:
    """Raise the cards of an event; a card that already stands for the same fact is not raised again."""
    return raise_all([Watched(event, seen, case, entry)])


def raise_all(several: Sequence[Watched]) -> list[Card]:
    """Raise the cards of several events of one tenant, in their order, with few statements."""
    drafts: list[tuple[int, str, Card]] = []
    known = {one.entry.position: one for one in several}
    rules = _rules_between(several)
    calendar = cases.calendar_of(several[0].event.tenant) if rules else None
    for rule in rules:
        rows = [one.entry for one in several if _in_force(rule, one.event)]
        if calendar is not None and rows:
            for row, found in flagged(rule, rows, calendar):
                drafts.append((row.position, rule.key, _drafted(rule, found, known[row.position])))
    ordered = [card for _position, _key, card in sorted(drafts, key=lambda draft: draft[:2])]
    return place_cards(several[0].event.tenant, _not_standing(several[0].event.tenant, ordered))


def _rules_between(several: Sequence[Watched]) -> list[RuleVersion]:
    """The versions that were in force at some of the events."""
    instants = [one.event.at for one in several]
    rows = RuleVersion.objects.filter(
        tenant=several[0].event.tenant,
        event__in={one.event.NAME for one in several},
        valid_from__lte=max(instants),
    )
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=min(instants)))
    return list(rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=local_date(min(instants)))).order_by("key"))


def _in_force(rule: RuleVersion, event: Event) -> bool:
    return (
        rule.event == event.NAME
        and rule.valid_from <= event.at
        and (rule.valid_until is None or rule.valid_until > event.at)
        and (rule.expires_on is None or rule.expires_on >= local_date(event.at))
    )


def _not_standing(tenant: str, drafts: Sequence[Card]) -> list[Card]:
    """The drafts without those whose fact has a card, or waits for judgement in an outage, or comes twice here.

    A cancelled card stands for its event for ever, but not for a limit that moved and passed anew.
    """
    if not drafts:
        return []
    events, limits, matters = set[object](), set[object](), set[object]()
    rows = Card.objects.filter(
        Q(event_id__among=[card.event_id for card in drafts])
        | Q(deadline_id__among=[card.deadline_id for card in drafts if card.deadline_id])
        | Q(case_id__among=[card.case_id for card in drafts if card.case_id and card.rule.once_per_case]),
        tenant=tenant,
        rule_key__in={card.rule.key for card in drafts},
    )
    for key, event_id, deadline_id, level, case_id, state in rows.values_list(
        "rule_key", "event_id", "deadline_id", "level", "case_id", "state"
    ):
        events.add((key, event_id))
        matters.add((key, case_id))
        if state != CardState.CANCELLED:
            limits.add((key, deadline_id, level))
    held = HeldCard.objects.filter(tenant=tenant, event_id__among=[card.event_id for card in drafts])
    events |= set(held.values_list("rule__key", "event_id"))
    found = []
    for card in drafts:
        rule = card.rule
        event, limit, matter = (
            (rule.key, card.event_id),
            (rule.key, card.deadline_id, card.level),
            (rule.key, card.case_id),
        )
        stands = event in events or (card.deadline_id is not None and limit in limits)
        if stands or (rule.once_per_case and card.case_id is not None and matter in matters):
            continue
        events.add(event)
        limits.add(limit)
        matters.add(matter)
        found.append(card)
    return found


def _drafted(rule: RuleVersion, found: Mapping[str, Any], watched: Watched) -> Card:
    event, seen, case = watched.event, watched.seen, watched.case
    told = watched.entry.fields  # the event's own, without persons
    org_id, org_name = responsible(rule.scope, (seen.org_id, seen.org_name), (seen.step_org_id, seen.step_org_name))
    return Card(
        tenant=event.tenant,
        rule=rule,
        level=rule.level,
        warning=rule.clears,
        case_id=case.case_id if case else None,
        case_number=case.number if case else seen.number[:50],
        case_title=case.title if case else seen.title[:200],
        step_id=seen.step_id,
        step=seen.step,
        org_id=org_id,
        org_name=org_name,
        raised_at=event.at,
        event_id=number_of(event),
        deadline_id=seen.deadline_id,
        deadline_kind=seen.deadline_kind,
        evidence={"event": event.NAME, "at": event.at.isoformat(), **told} | ({"facts": dict(found)} if found else {}),
        explanation=sentence(rule.explanation, words_for(rule.explanation, {**told, **found}, seen, org_name)),
        arithmetic=seen.arithmetic,
    )


def words_for(text: str, fields: Mapping[str, Any], seen: Sighting, org_name: str) -> dict[str, str]:
    """What the words of a rule's text stand for: fields and facts of the event as readers write them."""
    words = {name: _printed(fields[name]) for name in words_of(text) if name in fields}
    # a limit by days ends at 24:00: the last day is the one before that instant
    last = seen.due_at - dt.timedelta(seconds=1) if seen.due_at else None
    title = seen.title or words.get("title", "")
    return {**words, "title": title, "responsible": org_name, "due_on": cn_date(last)}


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return _printed_moment(value)
    return str(value)


def _printed_moment(text: str) -> str:
    """A stored instant or day in our form; any other text as it is."""
    try:
        if "T" in text:
            return cn_datetime(dt.datetime.fromisoformat(text).astimezone(SHANGHAI))
        return cn_date(dt.date.fromisoformat(text)) if text.count("-") == 2 else text
    except ValueError:
        return text
