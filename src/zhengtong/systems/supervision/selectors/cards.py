"""Cards as pages show them, in the actor's scope: a supervisor sees the tenant, an official his own unit."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.constants import OPEN_STATES
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.permissions import party_of, visible_cards
from zhengtong.systems.supervision.rules import moves_for
from zhengtong.systems.supervision.selectors.rules import RuleRow, rule_row


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardFilter:
    """What a list is narrowed to; ``state`` may be ``open`` for all that still ask something of somebody."""

    unit: uuid.UUID | None = None
    level: str = ""
    state: str = ""
    day: dt.date | None = None
    number: str = ""


@dataclasses.dataclass(frozen=True)
class CardRow:
    """A card in a list."""

    id: uuid.UUID
    number: str
    level: str
    level_label: str
    rule_name: str
    case_id: uuid.UUID | None
    case_number: str
    case_title: str
    step: str
    org_id: uuid.UUID
    org_name: str
    raised_at: dt.datetime
    state: str
    state_label: str
    explain_until: dt.date

    @property
    def open(self) -> bool:
        """True while it asks something of somebody."""
        return self.state in OPEN_STATES


@dataclasses.dataclass(frozen=True)
class ActView:
    """One entry of a card's life."""

    kind: str
    label: str
    text: str
    who: str
    post_name: str
    org_name: str
    at: dt.datetime
    state_label: str


@dataclasses.dataclass(frozen=True)
class CardView:
    """A card with its evidence, rule and life; ``moves`` are open to the actor now."""

    row: CardRow
    rule: RuleRow
    warning: bool
    explanation: str
    arithmetic: str
    evidence: Mapping[str, Any]
    written_at: dt.datetime
    cancel_reason: str
    acts: tuple[ActView, ...]
    moves: tuple[str, ...]
    party: str


def cards(actor: Actor, wanted: CardFilter, *, page: object = 1, size: int = 20) -> Page[CardRow]:
    """Cards in the actor's scope, newest first."""
    rows = _narrowed(Card.objects.filter(visible_cards(actor)), wanted).select_related("rule")
    found = page_of(rows.order_by("-raised_at", "-number"), page, size=size)
    return Page(rows=[card_row(row) for row in found.rows], number=found.number, size=found.size, total=found.total)


def open_count(actor: Actor) -> int:
    """How many cards in the actor's scope still ask something of somebody."""
    return Card.objects.filter(visible_cards(actor), state__in=OPEN_STATES).count()


def own_open_count(actor: Actor) -> int:
    """How many cards wait for a word of the actor's own unit."""
    if actor.kind != "official" or actor.org_id is None:
        return 0
    return Card.objects.filter(tenant=actor.tenant, org_id=actor.org_id, state="raised").count()


def units_with_cards(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The units that ever had a card in the actor's scope, by name."""
    rows = Card.objects.filter(visible_cards(actor)).values("org_id").annotate(name=Max("org_name")).order_by("name")
    return [(row["org_id"], row["name"]) for row in rows]


def card(actor: Actor, card_id: uuid.UUID) -> CardView:
    """One card; NotFound outside the actor's scope."""
    found = Card.objects.filter(visible_cards(actor), pk=card_id).select_related("rule").first()
    if found is None:
        raise NotFound(_("没有找到这张牌，或者它的责任单位不是您所在的单位。"))
    party = party_of(actor, found)
    moves = moves_for(party, found.state, today=local_date(), explain_until=found.explain_until) if party else ()
    return CardView(
        row=card_row(found),
        rule=rule_row(found.rule),
        warning=found.warning,
        explanation=found.explanation,
        arithmetic=found.arithmetic,
        evidence=found.evidence,
        written_at=found.created_at,
        cancel_reason=found.cancel_reason,
        acts=tuple(
            ActView(
                kind=act.kind,
                label=act.get_kind_display(),
                text=act.text,
                who=act.person_name,
                post_name=act.post_name,
                org_name=act.org_name,
                at=act.created_at,
                state_label=act.get_state_after_display(),
            )
            for act in found.acts.order_by("no")
        ),
        moves=tuple(moves),
        party=party or "",
    )


def card_row(found: Card) -> CardRow:
    """A card as lists show it."""
    return CardRow(
        id=found.id,
        number=found.number,
        level=found.level,
        level_label=found.get_level_display(),
        rule_name=found.rule.name,
        case_id=found.case_id,
        case_number=found.case_number,
        case_title=found.case_title,
        step=found.step,
        org_id=found.org_id,
        org_name=found.org_name,
        raised_at=found.raised_at,
        state=found.state,
        state_label=found.get_state_display(),
        explain_until=found.explain_until,
    )


def _narrowed(rows: "QuerySet[Card]", wanted: CardFilter) -> "QuerySet[Card]":
    if wanted.unit is not None:
        rows = rows.filter(org_id=wanted.unit)
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    if wanted.state == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.day is not None:
        rows = rows.filter(raised_at__gte=start_of_day(wanted.day), raised_at__lt=end_of_day(wanted.day))
    if wanted.number:
        rows = rows.filter(case_number=wanted.number) | rows.filter(number=wanted.number)
    return rows
