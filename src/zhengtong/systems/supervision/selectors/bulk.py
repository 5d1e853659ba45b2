"""Bulk cancellations: which cards a choice means, what it does to the units, and the batches so far."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, end_of_day, start_of_day
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.constants import OPEN_STATES, CardState, ProposalState
from zhengtong.systems.supervision.models import BulkCancel, BulkCancelCard, Card, Doubt
from zhengtong.systems.supervision.permissions import check_supervisor
from zhengtong.systems.supervision.rules.score_subjects import Scored
from zhengtong.systems.supervision.rules.weighing import Effect, Weighed, effect_of
from zhengtong.systems.supervision.selectors import scores
from zhengtong.systems.supervision.selectors.cards import CardRow, card_row

MOST_CARDS = 20_000
#: months whose scores a preview works out
MOST_MONTHS = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """Which cards are meant: of a version of a rule, a period, units, only those marked 依据已变 for a cause.

    ``numbers`` names single cards. An empty choice means none.
    """

    rule_id: uuid.UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    unit: uuid.UUID | None = None
    doubt: str = ""
    numbers: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing narrows it: nobody cancels every card there is."""
        return not (self.rule_id or self.since or self.until or self.unit or self.doubt or self.numbers)

    def to_json(self) -> dict[str, Any]:
        """For the record."""
        return {
            "rule_id": str(self.rule_id) if self.rule_id else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "unit": str(self.unit) if self.unit else "",
            "doubt": self.doubt,
            "numbers": list(self.numbers),
        }


@dataclasses.dataclass(frozen=True)
class Preview:
    """What a choice would cancel: the cards, the units' figures, and cards left out because the actor stands aside."""

    cards: tuple[CardRow, ...]
    total: int
    effect: tuple[Effect, ...]
    own_unit: int


@dataclasses.dataclass(frozen=True)
class BatchRow:
    """A bulk cancellation as lists show it."""

    id: uuid.UUID
    number: str
    cause_label: str
    state: str
    state_label: str
    total: int
    done: int
    cancelled: int
    proposed_by: str
    proposed_by_id: uuid.UUID
    proposed_for_id: uuid.UUID | None
    decided_by: str
    at: dt.datetime
    finished_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class BatchView:
    """One bulk cancellation with its list and its effect."""

    row: BatchRow
    reason: str
    evidence: str
    decision: str
    digest: str
    proposed_org: str
    decided_at: dt.datetime | None
    effect: tuple[Effect, ...]
    page: Page[tuple[CardRow, str]]

    @property
    def running(self) -> bool:
        """Approved and not yet through."""
        return self.row.state == ProposalState.APPROVED

    def decidable_by(self, actor: Actor) -> bool:
        """Whether a page offers the decision to a supervisor; the service asks again."""
        second = identity.is_second_person(actor, self.row.proposed_by_id, self.row.proposed_for_id)
        concerned = any(one.org_id == str(actor.org_id) for one in self.effect)
        return self.row.state == ProposalState.PROPOSED and second and not concerned


def chosen(tenant: str, choice: Choice) -> "QuerySet[Card]":
    """The open cards a choice means that are on no list yet."""
    if choice.empty:
        return Card.objects.none()
    wanted = Q(tenant=tenant, state__in=OPEN_STATES)
    if choice.rule_id:
        wanted &= Q(rule_id=choice.rule_id)
    if choice.unit:
        wanted &= Q(org_id=choice.unit)
    if choice.since:
        wanted &= Q(raised_at__gte=start_of_day(choice.since))
    if choice.until:
        wanted &= Q(raised_at__lt=end_of_day(choice.until))
    if choice.numbers:
        wanted &= Q(number__in=choice.numbers)
    rows = Card.objects.filter(wanted)
    if choice.doubt:
        doubts = Doubt.objects.filter(card=OuterRef("pk"), settled_at__isnull=True)
        rows = rows.filter(Exists(doubts if choice.doubt == "any" else doubts.filter(cause=choice.doubt)))
    waiting = BulkCancelCard.objects.filter(
        card=OuterRef("pk"), outcome="", batch__state__in=(ProposalState.PROPOSED, ProposalState.APPROVED)
    )
    return rows.exclude(Exists(waiting))


def preview(actor: Actor, choice: Choice, *, shown: int = 50) -> Preview:
    """What a choice would do, before anybody proposes it; for supervisors."""
    check_supervisor(actor)
    rows = chosen(actor.tenant, choice)
    own = rows.filter(org_id=actor.org_id).count() if actor.org_id else 0
    ids = falling_ids(actor, choice)
    if actor.org_id:
        rows = rows.exclude(org_id=actor.org_id)
    listed = rows.select_related("rule").order_by("-raised_at", "-number")[:shown]
    return Preview(tuple(card_row(row) for row in listed), len(ids), tuple(effect_on(actor.tenant, ids)), own)


def effect_on(tenant: str, ids: Iterable[uuid.UUID]) -> list[Effect]:
    """What the fall of these cards does to the units: every card counts that is not cancelled and no mere warning."""
    falling = set(ids)
    rows = Card.objects.filter(tenant=tenant).exclude(state=CardState.CANCELLED)
    rows = rows.filter(Q(warning=False) | Q(id__in=falling))
    return effect_of(
        Weighed(str(org_id), org_name, points, key in falling)
        for key, org_id, org_name, points in rows.values_list("id", "org_id", "org_name", "rule__points").iterator()
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreEffect:
    """What a unit's month would score without some cards; ``published`` says that a correction would be needed."""

    month: dt.date
    org_name: str
    before: Scored
    after: Scored
    published: bool


def score_effect(actor: Actor, ids: Iterable[uuid.UUID], *, months: int = MOST_MONTHS) -> list[ScoreEffect]:
    """Units whose score or place would change if these cards fell, in the newest months they were raised in.

    Worked out by the scoring door under the formula that stands for the month; nothing is written.
    """
    check_supervisor(actor)
    falling = {str(key) for key in ids}
    days = Card.objects.filter(tenant=actor.tenant, pk__in=falling)
    raised: Any = days.annotate(month=TruncMonth("raised_at", tzinfo=SHANGHAI)).values_list("month", flat=True)
    known = scores.formulas(actor.tenant)
    if not known:
        return []
    found: list[ScoreEffect] = []
    for month in sorted({one.date() for one in raised.distinct()}, reverse=True)[:months]:
        published = scores.standing_run(actor.tenant, month, known[0].key, published=True)
        form = published.formula if published else known[0]
        for compared in scores.without_cards(actor, month, form.content, falling):
            now, then = compared.now, compared.then
            if (now.score.total, now.place, now.score.counts) != (then.score.total, then.place, then.score.counts):
                name = now.subject.name
                found.append(
                    ScoreEffect(month=month, org_name=name, before=now, after=then, published=published is not None)
                )
    return found


def falling_ids(actor: Actor, choice: Choice) -> set[uuid.UUID]:
    """The cards a choice means for this actor: those of his own unit are left out."""
    rows = chosen(actor.tenant, choice)
    if actor.org_id:
        rows = rows.exclude(org_id=actor.org_id)
    return set(rows.values_list("id", flat=True)[:MOST_CARDS])


def waiting_ids(actor: Actor, batch_id: uuid.UUID) -> set[uuid.UUID]:
    """The cards of a list that have not been dealt with."""
    check_supervisor(actor)
    rows = BulkCancelCard.objects.filter(tenant=actor.tenant, batch=batch_id, outcome="")
    return set(rows.values_list("card_id", flat=True))


def batches(actor: Actor, *, page: object = 1, size: int = 20) -> Page[BatchRow]:
    """Bulk cancellations, newest first; for supervisors."""
    check_supervisor(actor)
    found = page_of(BulkCancel.objects.filter(tenant=actor.tenant).order_by("-created_at"), page, size=size)
    return Page(rows=[_row(row) for row in found.rows], number=found.number, size=found.size, total=found.total)


def batch(actor: Actor, batch_id: uuid.UUID, *, page: object = 1, size: int = 50) -> BatchView:
    """One bulk cancellation; for supervisors. NotFound outside the tenant."""
    check_supervisor(actor)
    row = BulkCancel.objects.filter(tenant=actor.tenant, pk=batch_id).first()
    if row is None:
        raise NotFound(_("没有找到这一批撤销。"))
    found = page_of(row.cards.select_related("card__rule").order_by("card__number"), page, size=size)
    return BatchView(
        row=_row(row),
        reason=row.reason,
        evidence=row.evidence,
        decision=row.decision,
        digest=row.digest,
        proposed_org=row.proposed_org,
        decided_at=row.decided_at,
        effect=tuple(effect_from(one) for one in row.effect),
        page=Page(
            rows=[(card_row(item.card), item.outcome) for item in found.rows],
            number=found.number,
            size=found.size,
            total=found.total,
        ),
    )


def effect_to(effect: Effect) -> dict[str, Any]:
    """An effect as stored data."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in vars(effect).items()}


def effect_from(stored: Mapping[str, Any]) -> Effect:
    """An effect from stored data."""
    points = {name: Decimal(stored[name]) for name in ("points_before", "points_after")}
    return Effect(**{**stored, **points})


def _row(row: BulkCancel) -> BatchRow:
    return BatchRow(
        id=row.id,
        number=row.number,
        cause_label=row.get_cause_display(),
        state=row.state,
        state_label=row.get_state_display(),
        total=row.total,
        done=row.done,
        cancelled=row.cancelled,
        proposed_by=row.proposed_by,
        proposed_by_id=row.proposed_by_id,
        proposed_for_id=row.proposed_for_id,
        decided_by=row.decided_by,
        at=row.created_at,
        finished_at=row.finished_at,
    )
