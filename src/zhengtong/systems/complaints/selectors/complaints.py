"""One complaint for those who may read it: found in the actor's reach, with what he may do now."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.complaints.constants import HANDLING, ClockKind, ExtensionState, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.permissions import in_office, in_unit, is_own_matter, is_writer, visible
from zhengtong.systems.complaints.rules import handling as rules


def find(actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """A complaint of the actor's reach; raises NotFound."""
    row = Complaint.objects.filter(visible(actor), pk=complaint_id).first()
    if row is None:
        raise NotFound(_("没有找到这件来件，或者它不由您所在的单位办理。"))
    return row


def own(actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """A complaint the actor wrote, signed in; raises NotFound."""
    row = Complaint.objects.filter(tenant=actor.tenant, pk=complaint_id).first()
    if row is None or not is_writer(actor, row):
        raise NotFound(_("没有找到这件来件。匿名提交的不进“我的来件”，请用编号和查询码查询。"))
    return row


def own_list(actor: Actor) -> "QuerySet[Complaint]":
    """What the actor wrote, signed in, newest first."""
    if actor.kind == "official" or actor.person_id is None:
        return Complaint.objects.none()
    return Complaint.objects.filter(tenant=actor.tenant, person_id=actor.person_id).order_by("-received_at", "-id")


def acts_now(actor: Actor, row: Complaint) -> frozenset[str]:
    """What the actor may do with it now, as office and as unit."""
    found: set[str] = set()
    if in_office(actor):
        found |= rules.office_acts(
            row.state,
            own_matter=is_own_matter(actor, row),
            by_office=row.by_office,
            paused=is_paused(row),
            asked=row.extensions.filter(state=ExtensionState.ASKED).exists(),
        )
    if in_unit(actor, row):
        asked = row.extensions.filter(state__in=(ExtensionState.ASKED, ExtensionState.GRANTED)).exists()
        found |= rules.unit_acts(row.state, asked_time=asked)
    return frozenset(found)


def writer_acts(row: Complaint) -> frozenset[str]:
    """What the person who wrote may do now."""
    open_review = row.clocks.filter(kind=ClockKind.ASK_REVIEW, ended_at__isnull=True).exists()
    return frozenset(
        rules.writer_acts(
            row.state,
            kind=row.kind,
            turn=row.turn,
            rated=bool(row.satisfaction),
            review_open=open_review,
            ending=row.ending,
        )
    )


def is_paused(row: Complaint) -> bool:
    """Whether the limit to answer stands still."""
    return row.state in HANDLING and row.pauses.filter(end_day__isnull=True).exists()


def look_alikes(row: Complaint) -> list[Complaint]:
    """Open ones of the same person, or about the same object: perhaps the same matter."""
    open_rows = Complaint.objects.filter(tenant=row.tenant).exclude(pk=row.pk)
    open_rows = open_rows.exclude(state__in=(State.CLOSED, State.MERGED, State.ANSWERED))
    found: dict[uuid.UUID, Complaint] = {}
    if row.phone_index:
        found |= {one.id: one for one in open_rows.filter(phone_index=row.phone_index)[:10]}
    if row.person_id:
        found |= {one.id: one for one in open_rows.filter(person_id=row.person_id)[:10]}
    if row.subject_id:
        same = open_rows.filter(subject_kind=row.subject_kind, subject_id=row.subject_id)
        found |= {one.id: one for one in same[:10]}
    elif row.accused_post_id:
        found |= {one.id: one for one in open_rows.filter(accused_post_id=row.accused_post_id)[:10]}
    return sorted(found.values(), key=lambda one: one.received_at)
