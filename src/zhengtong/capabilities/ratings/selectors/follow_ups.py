"""The desk's queue of bad ratings and one follow-up."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings.constants import OPEN_STATES, FollowUpState
from zhengtong.capabilities.ratings.models import FollowUp
from zhengtong.capabilities.ratings.permissions import looks_on, may_judge, of_the_unit, visible_follow_ups
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.capabilities.ratings.rules.follow_up import acts_of as fitting_acts
from zhengtong.capabilities.ratings.selectors.ratings import ActView, RatingView, acts_of, view_of
from zhengtong.capabilities.ratings.selectors.subjects import subject_of
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

QUEUES = ("open", "late", "asked", "done", "own_device")


@dataclasses.dataclass(frozen=True)
class FollowUpView:
    """A follow-up as the desk shows it; ``acts_now`` are the acts this actor may do, ``rater`` who rated, in words."""

    row: FollowUp
    rating: RatingView
    acts: tuple[ActView, ...]
    acts_now: frozenset[str]
    subject: RateableSubject | None
    rater: str
    phone: str
    may_read_contact: bool
    reads_only: bool
    again: RatingView | None


def due_of(row: FollowUp) -> dt.datetime | None:
    """The instant the next act is due; None when nothing of the unit is awaited."""
    return {
        FollowUpState.TO_CONTACT: row.contact_due_at,
        FollowUpState.CONTACTED: row.rectify_due_at,
    }.get(FollowUpState(row.state))


def is_late(row: FollowUp) -> bool:
    """Whether the next act is overdue now."""
    due = due_of(row)
    return due is not None and due <= now()


def follow_ups(
    *, actor: Actor, queue: str = "open", org_id: uuid.UUID | None = None, page: object = 1
) -> Page[FollowUp]:
    """The queue by clock: what is due first stands first; what is done newest first."""
    rows = FollowUp.objects.filter(visible_follow_ups(actor)).select_related("rating")
    if org_id is not None:
        rows = rows.filter(org_id=org_id)
    due = Case(
        When(state=FollowUpState.TO_CONTACT, then=F("contact_due_at")),
        When(state=FollowUpState.CONTACTED, then=F("rectify_due_at")),
        default=Value(None),
        output_field=DateTimeField(null=True),
    )
    rows = rows.annotate(next_due=due)
    if queue == "done":
        return page_of(rows.exclude(state__in=OPEN_STATES).order_by("-closed_at", "id"), page)
    if queue == "own_device":
        return page_of(rows.filter(rating__own_device=True).order_by("-created_at"), page)
    rows = rows.filter(state__in=OPEN_STATES)
    if queue == "late":
        rows = rows.filter(Q(contact_late_at__isnull=False) | Q(rectify_late_at__isnull=False) | Q(next_due__lte=now()))
    elif queue == "asked":
        rows = rows.exclude(asked_verdict="")
    return page_of(rows.order_by(F("next_due").asc(nulls_last=True), "created_at"), page)


def open_about(*, actor: Actor, ref: ObjectRef) -> FollowUp | None:
    """The open follow-up about a matter, in the actor's reach; None where there is none."""
    rows = FollowUp.objects.filter(visible_follow_ups(actor), state__in=OPEN_STATES)
    return rows.filter(subject_kind=ref.kind, subject_id=ref.id).order_by("created_at").first()


def waiting(*, actor: Actor) -> int:
    """How many bad ratings wait for an act of the unit."""
    unanswered = (FollowUpState.TO_CONTACT, FollowUpState.CONTACTED)
    return FollowUp.objects.filter(visible_follow_ups(actor), state__in=unanswered).count()


def follow_up(*, actor: Actor, follow_up_id: uuid.UUID) -> FollowUpView:
    """One follow-up of the actor's reach; raises NotFound."""
    row = FollowUp.objects.filter(visible_follow_ups(actor), pk=follow_up_id).select_related("rating").first()
    if row is None:
        raise NotFound(_("没有找到这个差评，或者它的责任单位不是您所在的单位。"))
    rating = row.rating
    try:
        subject = subject_of(row.tenant, ObjectRef(kind=rating.subject_kind, id=rating.subject_id))
    except NotFound:
        subject = None
    unit = of_the_unit(actor, row)
    known = rating.person_id is not None and not rating.anonymous
    again = type(rating).objects.filter(
        tenant=row.tenant,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        service=row.service,
        turn="again",
        created_at__gte=row.created_at,
    )
    second = again.first()
    return FollowUpView(
        row=row,
        rating=view_of(rating),
        acts=tuple(acts_of(row)),
        acts_now=_acts_now(actor, row) if unit else frozenset(),
        subject=subject,
        rater=_rater(row),
        phone=rating.phone if unit else "",
        may_read_contact=unit and known and row.state in OPEN_STATES,
        reads_only=looks_on(actor) and not unit,
        again=view_of(second) if second else None,
    )


def _acts_now(actor: Actor, row: FollowUp) -> frozenset[str]:
    fit = fitting_acts(row.state, asked=bool(row.asked_verdict))
    return fit if may_judge(actor, row) else fit - {"keep", "exclude"}


def _rater(row: FollowUp) -> str:
    rating = row.rating
    if rating.anonymous:
        return _("匿名（不向单位显示）")
    if rating.person_id is None:
        return _("凭链接、评价器或者短信评价，没有登录")
    try:
        return identity.masked(row.tenant, rating.person_id).name
    except NotFound:
        return _("已注销的用户")
