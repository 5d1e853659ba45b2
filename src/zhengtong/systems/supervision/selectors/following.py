"""Letters, accountability, outages and what they hold back, as pages show them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.constants import HeldState, ProposalState
from zhengtong.systems.supervision.models import Accountability, BulkCancel, Card, HeldCard, Letter, Outage, RuleVersion
from zhengtong.systems.supervision.permissions import check_supervisor, is_supervisor, visible_cards


@dataclasses.dataclass(frozen=True)
class LetterView:
    """A letter of supervision and its reply."""

    id: uuid.UUID
    number: str
    findings: str
    advice: str
    reply_by: dt.date
    sealed: bool
    issued_by: str
    issued_org: str
    at: dt.datetime
    reply: str
    replied_by: str
    replied_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class MeasureView:
    """A measure of accountability; ``post`` names no person."""

    id: uuid.UUID
    card_id: uuid.UUID
    card_number: str
    org_name: str
    kind: str
    post: str
    reason: str
    state: str
    state_label: str
    proposed_by: str
    proposed_by_id: uuid.UUID
    proposed_for_id: uuid.UUID | None
    decided_by: str
    decision: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class OutageView:
    """A declared outage with how many cards it holds back."""

    id: uuid.UUID
    areas: tuple[str, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    reason: str
    evidence: str
    declared_by: str
    waiting: int
    judged: int


@dataclasses.dataclass(frozen=True)
class HeldView:
    """A card that an outage holds back."""

    id: uuid.UUID
    rule_name: str
    org_name: str
    at: dt.datetime
    case_number: str
    explanation: str
    state: str
    state_label: str
    judged_by: str
    judged_reason: str
    own: bool


def rules_to_choose(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The rules in force by which a supervisor may raise a card by hand: key and name."""
    check_supervisor(actor)
    rows = RuleVersion.objects.filter(tenant=actor.tenant, active=True).order_by("key")
    return list(rows.values_list("id", "name"))


def letters(actor: Actor, card_id: uuid.UUID) -> list[LetterView]:
    """The letters of a card in the actor's scope, oldest first."""
    rows = Letter.objects.filter(card__in=Card.objects.filter(visible_cards(actor), pk=card_id)).order_by("created_at")
    return [
        LetterView(
            id=row.id,
            number=row.number,
            findings=row.findings,
            advice=row.advice,
            reply_by=row.reply_by,
            sealed=row.sealed,
            issued_by=row.issued_by,
            issued_org=row.issued_org,
            at=row.created_at,
            reply=row.reply,
            replied_by=row.replied_by,
            replied_at=row.replied_at,
        )
        for row in rows
    ]


def letter_document(actor: Actor, letter_id: uuid.UUID) -> uuid.UUID:
    """The paper of a letter in the actor's scope; raises NotFound."""
    found = Letter.objects.filter(pk=letter_id, card__in=Card.objects.filter(visible_cards(actor))).first()
    if found is None or found.document_id is None:
        raise NotFound(_("没有找到这份监察建议书。"))
    return found.document_id


def measures_of(actor: Actor, card_id: uuid.UUID) -> list[MeasureView]:
    """The measures about a card: all for a supervisor, the decided ones for the unit."""
    rows = Accountability.objects.filter(card__in=Card.objects.filter(visible_cards(actor), pk=card_id))
    if not is_supervisor(actor):
        rows = rows.filter(state=ProposalState.APPROVED)
    return [_measure(row) for row in rows.select_related("card").order_by("created_at")]


def card_of_measure(actor: Actor, measure_id: uuid.UUID) -> uuid.UUID:
    """The card a measure follows from, in the actor's scope; raises NotFound."""
    cards = Card.objects.filter(visible_cards(actor))
    found = Accountability.objects.filter(pk=measure_id, card__in=cards).values_list("card_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这项责任追究。"))
    return found


def measures_list(actor: Actor, *, state: str = "", page: object = 1, size: int = 20) -> Page[MeasureView]:
    """The list of accountability, newest first; for supervisors."""
    check_supervisor(actor)
    rows = Accountability.objects.filter(tenant=actor.tenant).select_related("card").order_by("-created_at")
    found = page_of(rows.filter(state=state) if state in ProposalState.values else rows, page, size=size)
    return Page(rows=[_measure(row) for row in found.rows], number=found.number, size=found.size, total=found.total)


def to_decide(actor: Actor) -> tuple[int, int]:
    """How many bulk cancellations and how many measures wait for a second person other than the actor."""
    check_supervisor(actor)
    own = [key for key in (actor.person_id, actor.hands_id) if key is not None]
    waiting = Q(tenant=actor.tenant, state=ProposalState.PROPOSED) & ~Q(proposed_by_id__in=own)
    waiting &= Q(proposed_for_id__isnull=True) | ~Q(proposed_for_id__in=own)
    return BulkCancel.objects.filter(waiting).count(), Accountability.objects.filter(waiting).count()


def outages(actor: Actor, *, page: object = 1, size: int = 20) -> Page[OutageView]:
    """Declared outages, newest first; for supervisors."""
    check_supervisor(actor)
    rows = _counted().filter(tenant=actor.tenant).order_by("-starts_at")
    found = page_of(rows, page, size=size)
    return Page(rows=[_outage(row) for row in found.rows], number=found.number, size=found.size, total=found.total)


def outage(
    actor: Actor, outage_id: uuid.UUID, *, page: object = 1, size: int = 50
) -> tuple[OutageView, Page[HeldView]]:
    """One outage and what it holds back, what waits first; for supervisors. Raises NotFound."""
    check_supervisor(actor)
    row = _counted().filter(tenant=actor.tenant, pk=outage_id).first()
    if row is None:
        raise NotFound(_("没有找到这次故障的登记。"))
    held = HeldCard.objects.filter(outage=row).select_related("rule").order_by("judged_at", "at", "id")
    held = held.order_by("state", "at", "id") if row.waiting == 0 else held.order_by("-state", "at", "id")
    found = page_of(held, page, size=size)
    listed = [_held(one, own=one.draft["org_id"] == str(actor.org_id)) for one in found.rows]
    return _outage(row), Page(rows=listed, number=found.number, size=found.size, total=found.total)


def held_total(actor: Actor) -> int:
    """How many cards wait for judgement because of outages; for supervisors."""
    check_supervisor(actor)
    return HeldCard.objects.filter(tenant=actor.tenant, state=HeldState.WAITING).count()


def _counted() -> Any:
    waiting = Q(held__state=HeldState.WAITING)
    return Outage.objects.annotate(
        waiting=Count("held", filter=waiting), judged=Count("held", filter=~waiting & Q(held__isnull=False))
    )


def _outage(row: Any) -> OutageView:
    return OutageView(
        id=row.id,
        areas=tuple(row.areas),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        evidence=row.evidence,
        declared_by=row.declared_by,
        waiting=row.waiting,
        judged=row.judged,
    )


def _held(row: HeldCard, *, own: bool) -> HeldView:
    draft: Mapping[str, Any] = row.draft
    return HeldView(
        id=row.id,
        rule_name=row.rule.name,
        org_name=row.org_name,
        at=row.at,
        case_number=draft["case_number"],
        explanation=draft["explanation"],
        state=row.state,
        state_label=row.get_state_display(),
        judged_by=row.judged_by,
        judged_reason=row.judged_reason,
        own=own,
    )


def _measure(row: Accountability) -> MeasureView:
    return MeasureView(
        id=row.id,
        card_id=row.card_id,
        card_number=row.card.number,
        org_name=row.card.org_name,
        kind=row.kind,
        post=row.post,
        reason=row.reason,
        state=row.state,
        state_label=row.get_state_display(),
        proposed_by=row.proposed_by,
        proposed_by_id=row.proposed_by_id,
        proposed_for_id=row.proposed_for_id,
        decided_by=row.decided_by,
        decision=row.decision,
        at=row.created_at,
    )
