"""Referred cards as the desk of inspections shows them."""

import dataclasses
import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import PlanState, ReferralState
from zhengtong.systems.inspections.models import Plan, Referral, Visit
from zhengtong.systems.inspections.rules import referring
from zhengtong.systems.inspections.selectors.clocks import LimitView, limit_view
from zhengtong.systems.inspections.selectors.pages import ActLine, act_line

QUEUES = {
    "open": (ReferralState.WAITING, ReferralState.ASIDE),
    "taken": (ReferralState.TAKEN,),
    "over": (ReferralState.DONE, ReferralState.DROPPED),
}


@dataclasses.dataclass(frozen=True)
class ReferralView:
    """A referred card for its reader; ``drafts`` are the plans in the making that it can be taken into."""

    row: Referral
    visit: Visit | None
    acts_now: frozenset[str]
    own_aside: bool
    limit: LimitView | None
    drafts: tuple[Plan, ...]
    acts: tuple[ActLine, ...]


def referrals(*, actor: Actor, queue: str = "open", page: object = 1) -> Page[Referral]:
    """The referrals the actor may see: what is due first stands first, finished ones newest first."""
    rows = _seen(actor).filter(state__in=QUEUES[queue]).select_related("plan", "visit")
    return page_of(rows.order_by("-referred_at" if queue == "over" else "due_at", "card_number"), page)


def referrals_waiting(actor: Actor) -> "QuerySet[Referral]":
    """Those that wait for an act of this person: to be taken up, or to be looked at a second time."""
    if not permissions.in_office(actor):
        return Referral.objects.none()
    firsts = [key for key in (actor.person_id, actor.hands_id) if key is not None]
    second = Q(state=ReferralState.ASIDE) & ~Q(aside_by_id__in=firsts)
    second &= Q(aside_for_id__isnull=True) | ~Q(aside_for_id__in=firsts)
    return _seen(actor).filter(Q(state=ReferralState.WAITING) | second).order_by("due_at", "card_number")


def find_referral(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """A referral of the actor's reach; raises NotFound."""
    row = _seen(actor).filter(pk=referral_id).select_related("plan", "visit").first()
    if row is None:
        raise NotFound(_("没有找到这条督查线索。"))
    return row


def referral_acts(actor: Actor, row: Referral) -> frozenset[str]:
    """What the actor may do with it now."""
    if not permissions.in_office(actor) or actor.org_id == row.org_id:
        return frozenset()
    acts = referring.referral_acts(row.state)
    return acts if identity.is_second_person(actor, row.aside_by_id, row.aside_for_id) else acts - {"second"}


def referral_view(*, actor: Actor, referral_id: uuid.UUID) -> ReferralView:
    """One referral of the actor's reach; raises NotFound."""
    row = find_referral(actor, referral_id)
    acts = referral_acts(actor, row)
    visit = Visit.objects.filter(permissions.visible_visits(actor), pk=row.visit_id).first() if row.visit_id else None
    own = permissions.in_office(actor) and actor.org_id != row.org_id
    return ReferralView(
        row=row,
        visit=visit,
        acts_now=acts,
        own_aside=row.state == ReferralState.ASIDE and row.aside_by_id == actor.person_id,
        limit=limit_view(row),
        drafts=tuple(drafts_for(actor, row)) if "take" in acts else (),
        acts=tuple(act_line(one) for one in row.acts.order_by("created_at", "id")) if own else (),
    )


def drafts_for(actor: Actor, row: Referral) -> "QuerySet[Plan]":
    """Plans in the making that draw from the unit."""
    plans = Plan.objects.filter(permissions.visible_plans(actor), state=PlanState.DRAFT, targets__org_id=row.org_id)
    return plans.distinct().order_by("-number")


def facts_of(row: Referral) -> referring.CardFacts:
    """A referred card as the rules read it."""
    return referring.CardFacts(
        number=row.card_number,
        level=row.get_card_level_display(),
        rule=row.rule_name,
        unit=row.org_name,
        case_number=row.case_number,
        reason=row.reason,
    )


def referrals_of(actor: Actor, *, plan: Plan | None = None, visit: Visit | None = None) -> list[Referral]:
    """The referrals of a plan or a visit that the actor may know of."""
    rows = _seen(actor).filter(plan=plan) if plan else _seen(actor).filter(visit=visit)
    return list(rows.order_by("card_number"))


def _seen(actor: Actor) -> "QuerySet[Referral]":
    return Referral.objects.filter(permissions.visible_referrals(actor))
