"""Reading what a counter keeps: sittings, their consents, originals that were seen."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared
from zhengtong.systems.service_hall.constants import ApplicationStatus, SittingPurpose, SittingState
from zhengtong.systems.service_hall.models import Application, OriginalSeen, Representation, Sitting
from zhengtong.systems.service_hall.permissions import COUNTER_ROLES

_DAY_LIST = 100


@dataclasses.dataclass(frozen=True)
class SeenView:
    """An original that was seen: beside which file, by whom, when."""

    file_id: uuid.UUID
    material: str
    by: str
    org_name: str
    at: dt.datetime


def own_sitting(*, actor: Actor, sitting_id: uuid.UUID, open_only: bool = False) -> Sitting:
    """A sitting of the actor's own, in the post in which he began it; NotFound for any other."""
    rows = Sitting.objects.filter(_own(actor), pk=sitting_id).select_related("application", "consent_file")
    row = (rows.filter(state=SittingState.OPEN) if open_only else rows).first()
    if row is None:
        raise NotFound(_("没有找到这次代录。它可能由另一位同事办理，或者已经结束。"))
    return row


def sitting_of(*, actor: Actor, application_id: uuid.UUID) -> Sitting | None:
    """The actor's open sitting for an application, None when he is not typing it."""
    rows = Sitting.objects.filter(_own(actor), application_id=application_id, state=SittingState.OPEN)
    return rows.select_related("application").first()


def open_sitting_for(*, actor: Actor, applicant: Actor, item_code: str) -> Sitting | None:
    """The actor's open sitting for the same applicant and item."""
    same = Q(
        application__item_code=item_code,
        application__person_id=applicant.person_id,
        application__legal_person_id=applicant.legal_person_id,
        application__ward_id=applicant.ward_id,
    )
    rows = Sitting.objects.filter(_own(actor), same, state=SittingState.OPEN, purpose=SittingPurpose.APPLY)
    return rows.select_related("application").first()


def open_sittings(*, actor: Actor) -> list[Sitting]:
    """What the actor has begun to type and not handed in, the latest first."""
    rows = Sitting.objects.filter(_own(actor), state=SittingState.OPEN).select_related("application")
    return list(rows.order_by("-created_at")[:_DAY_LIST])


def handed_in_today(*, actor: Actor) -> list[Sitting]:
    """What the actor handed in today at this window, the latest first."""
    rows = Sitting.objects.filter(_own(actor), state=SittingState.DONE).select_related("application")
    return [row for row in rows.order_by("-closed_at")[:_DAY_LIST] if local_date(row.closed_at) == local_date()]


def taken_in_here(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """An application the actor's counter took in; NotFound for any other."""
    row = Application.objects.filter(_taken_in(actor), pk=application_id).first()
    if row is None:
        raise NotFound(_("没有找到这个申请，或者它不是由您的窗口收件的。"))
    return row


def people_helped(*, actor: Actor, page: object = 1) -> Page[Application]:
    """Applications the actor's counter took in: those that wait for an answer first, then those under way."""
    waiting = Case(When(status=ApplicationStatus.SUPPLEMENT, then=0), When(status=ApplicationStatus.SUBMITTED, then=1))
    rows = Application.objects.filter(_taken_in(actor)).annotate(rank=Coalesce(waiting, Value(2)))
    return page_of(rows.order_by("rank", "-submitted_at"), page, size=20)


def _taken_in(actor: Actor) -> Q:
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*COUNTER_ROLES):
        return Q(pk__in=[])
    done = Sitting.objects.filter(tenant=actor.tenant, org_id=actor.org_id, state=SittingState.DONE)
    items = Q(item_code__in=sorted(actor.delegated_items)) if actor.delegated_items else Q()
    return Q(tenant=actor.tenant, pk__in=done.values("application_id")) & items


def sittings_of_application(row: Application) -> list[Sitting]:
    """Everybody who typed at an application until it was handed in, the first one first."""
    return _sittings(key=row.id)


@prepared
def _sittings(*, key: uuid.UUID) -> "QuerySet[Sitting]":
    rows = Sitting.objects.filter(application_id=key, state=SittingState.DONE)
    return rows.select_related("consent_file", "representation__file").order_by("created_at")


def representation_of(sitting: Sitting) -> Representation | None:
    """In which relation the person of a sitting acts for another, and what proves it."""
    return Representation.objects.filter(sitting=sitting).select_related("file__file").first()


def lacks_relation(sitting: Sitting) -> bool:
    """Whether it must still be proved that the person may act for whom he applies."""
    row = sitting.application
    for_another = row.ward_id is not None or row.legal_person_id is not None
    return for_another and sitting.purpose == SittingPurpose.APPLY and representation_of(sitting) is None


def originals_seen(row: Application) -> list[SeenView]:
    """The originals that were seen beside files of an application."""
    return [SeenView(*mark) for mark in _seen(key=row.id)]


@prepared
def _seen(*, key: uuid.UUID) -> "QuerySet[OriginalSeen, tuple[uuid.UUID, str, str, str, dt.datetime]]":
    rows = OriginalSeen.objects.filter(file__application_id=key).order_by("created_at")
    return rows.values_list("file_id", "file__material_name", "seen_by", "org_name", "created_at")


def _own(actor: Actor) -> Q:
    if actor.kind != "official" or actor.person_id is None or not actor.has_role(*COUNTER_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, official_id=actor.person_id, org_id=actor.org_id)
