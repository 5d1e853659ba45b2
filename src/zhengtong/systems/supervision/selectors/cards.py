"""Cards as pages show them, in the actor's scope: a supervisor sees the tenant, an official his own unit."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.constants import OPEN_STATES, CardActKind, LimitKind, LimitState
from zhengtong.systems.supervision.models import Card, CardAct, CardFile, CardLimit, Doubt
from zhengtong.systems.supervision.permissions import party_of, visible_cards
from zhengtong.systems.supervision.rules import RIGHTS, choices, moves_for
from zhengtong.systems.supervision.selectors.rules import RuleRow, rule_row
from zhengtong.systems.supervision.selectors.standings import RUNNING_FIRST, standing_of

#: limits that press somebody to act, of which a card has one at a time
PRESSING = (LimitKind.EXPLAIN, LimitKind.JUDGE, LimitKind.RECTIFY, LimitKind.RECHECK)
#: queue of the desk → limits whose cards stand in it
QUEUES = {"judge": (LimitKind.JUDGE,), "recheck": (LimitKind.RECHECK,), "unit": (LimitKind.EXPLAIN, LimitKind.RECTIFY)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardFilter:
    """What a list is narrowed to; ``state`` may be ``open`` for all that still ask something of somebody.

    ``queue`` is judge, recheck, unit (whose turn it is) or doubt (依据已变); ``late`` only those whose turn is over.
    """

    unit: uuid.UUID | None = None
    level: str = ""
    state: str = ""
    day: dt.date | None = None
    number: str = ""
    rule: str = ""
    queue: str = ""
    late: bool = False


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
    rule_key: str = ""
    limit_label: str = ""
    due_on: dt.date | None = None
    lamp: str = ""
    doubted: bool = False

    @property
    def open(self) -> bool:
        """True while it asks something of somebody."""
        return self.state in OPEN_STATES


@dataclasses.dataclass(frozen=True)
class FileView:
    """A paper that was handed in with words about a card."""

    id: uuid.UUID
    name: str


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
    files: tuple[FileView, ...] = ()


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
    refusals: Mapping[str, str] = dataclasses.field(default_factory=dict)
    limits: tuple["LimitView", ...] = ()
    doubts: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class LimitView:
    """A limit in the life of a card."""

    kind: str
    label: str
    started_on: dt.date
    due_on: dt.date
    state: str
    state_label: str
    lamp: str


def cards(
    actor: Actor, wanted: CardFilter, *, page: object = 1, size: int = 20, by_clock: bool = False
) -> Page[CardRow]:
    """Cards in the actor's scope, newest first, or those whose time ends first."""
    rows = narrowed(actor, wanted).select_related("rule")
    order = [F("pressing_due").asc(nulls_last=True)] if by_clock else []
    found = page_of(_with_clock(rows).order_by(*order, "-raised_at", "-number"), page, size=size)
    doubted = set(
        Doubt.objects.filter(card__in=[row.pk for row in found.rows], settled_at__isnull=True).values_list(
            "card_id", flat=True
        )
    )
    listed = [_clocked(card_row(row), row, doubted=row.pk in doubted) for row in found.rows]
    return Page(rows=listed, number=found.number, size=found.size, total=found.total)


def narrowed(actor: Actor, wanted: CardFilter) -> "QuerySet[Card]":
    """The cards in the actor's scope that a filter means."""
    return _narrowed(Card.objects.filter(visible_cards(actor)), wanted)


def queue_counts(actor: Actor) -> dict[str, tuple[int, int]]:
    """How many open cards wait in each queue of the actor's scope, and of how many the time is over."""
    counts = {}
    for queue in (*QUEUES, "doubt"):
        rows = narrowed(actor, CardFilter(queue=queue))
        counts[queue] = (rows.count(), narrowed(actor, CardFilter(queue=queue, late=True)).count())
    return counts


def _newest_limit() -> "QuerySet[CardLimit]":
    return CardLimit.objects.filter(card=OuterRef("pk"), kind__in=PRESSING).order_by(
        RUNNING_FIRST, "-created_at", "-id"
    )


def _with_clock(rows: "QuerySet[Card]") -> Any:
    newest = _newest_limit()
    return rows.annotate(
        pressing_kind=Subquery(newest.values("kind")[:1]),
        pressing_due=Subquery(newest.values("due_on")[:1]),
        pressing_state=Subquery(newest.values("state")[:1]),
        pressing_level=Subquery(newest.values("level")[:1]),
    )


def _clocked(row: CardRow, found: Any, *, doubted: bool) -> CardRow:
    """A row with the time that presses now; a card that is over has none."""
    if not row.open or not found.pressing_kind:
        return dataclasses.replace(row, doubted=doubted)
    late = found.pressing_state == LimitState.MISSED or found.pressing_due < local_date()
    return dataclasses.replace(
        row,
        limit_label=str(LimitKind(found.pressing_kind).label),
        due_on=found.pressing_due,
        lamp="red" if late else (found.pressing_level or "green"),
        doubted=doubted,
    )


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
    party, standing = party_of(actor, found), standing_of(found)
    moves = moves_for(party, found.state, standing) if party else ()
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
                files=tuple(FileView(file.id, file.name) for file in sorted(act.files.all(), key=lambda one: one.no)),
            )
            for act in _shown_acts(actor, found)
        ),
        moves=tuple(moves),
        party=party or "",
        refusals={move: why for move, why in choices(party, found.state, standing).items() if why} if party else {},
        limits=tuple(_limit_view(row) for row in found.limits.order_by("created_at", "id")),
        doubts=tuple(found.doubts.filter(settled_at__isnull=True).values_list("text", flat=True)),
    )


def _shown_acts(actor: Actor, found: Card) -> list[CardAct]:
    """Its life so far; whoever belongs to the unit sees that it went to inspection once inspection has answered."""
    acts = list(found.acts.order_by("no").prefetch_related("files"))
    if actor.org_id != found.org_id:
        return acts
    answered = max((act.no for act in acts if act.kind == CardActKind.INSPECT), default=0)
    return [act for act in acts if act.kind != CardActKind.TRANSFER or act.no < answered]


def card_file(actor: Actor, card_id: uuid.UUID, paper_id: uuid.UUID) -> tuple[StoredFile, bytes]:
    """A paper handed in with words about a card, for whom sees the card; raises NotFound."""
    seen = Card.objects.filter(visible_cards(actor), pk=card_id)
    row = CardFile.objects.filter(pk=paper_id, act__card__in=seen).first()
    if row is None:
        raise NotFound(_("没有找到这份附件，或者这张牌的责任单位不是您所在的单位。"))
    return storage.read(tenant=actor.tenant, file_id=row.file_id)


def _limit_view(row: CardLimit) -> LimitView:
    late = row.state == LimitState.MISSED or (row.state == LimitState.RUNNING and row.due_on < local_date())
    if late and row.kind in RIGHTS:
        # a right not used is nobody's fault
        return LimitView(row.kind, row.get_kind_display(), row.started_on, row.due_on, row.state, _("已过"), "none")
    running = row.level or "green" if row.state == LimitState.RUNNING else "none"
    return LimitView(
        kind=row.kind,
        label=row.get_kind_display(),
        started_on=row.started_on,
        due_on=row.due_on,
        state=row.state,
        state_label=row.get_state_display(),
        lamp="red" if late else running,
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
        rule_key=found.rule_key,
    )


def _narrowed(rows: Any, wanted: CardFilter) -> "QuerySet[Card]":
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
        rows = rows.filter(Q(case_number=wanted.number) | Q(number=wanted.number))
    if wanted.rule:
        rows = rows.filter(rule_key=wanted.rule)
    if wanted.queue == "doubt":
        open_doubts = Doubt.objects.filter(card=OuterRef("pk"), settled_at__isnull=True)
        rows = rows.filter(Exists(open_doubts), state__in=OPEN_STATES)
    if wanted.queue in QUEUES or wanted.late:
        rows = _with_clock(rows.filter(state__in=OPEN_STATES))
    if wanted.queue in QUEUES:
        rows = rows.filter(pressing_kind__in=QUEUES[wanted.queue])
    if wanted.late:
        rows = rows.filter(Q(pressing_state=LimitState.MISSED) | Q(pressing_due__lt=local_date()))
    narrow: QuerySet[Card] = rows
    return narrow


def rules_with_cards(actor: Actor) -> list[tuple[str, str]]:
    """The rules that ever gave a card in the actor's scope, by key, with their newest name."""
    rows = Card.objects.filter(visible_cards(actor)).values("rule_key").annotate(name=Max("rule__name"))
    return [(row["rule_key"], row["name"]) for row in rows.order_by("rule_key")]


def rule_versions_with_cards(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The versions of rules whose cards are still open in the actor's scope, with name and version."""
    rows = Card.objects.filter(visible_cards(actor), state__in=OPEN_STATES).order_by("rule__key", "-rule__version")
    found = rows.values_list("rule_id", "rule__name", "rule__version").distinct()
    return [(key, _("%(name)s（第 %(n)d 版）") % {"name": name, "n": version}) for key, name, version in found]
