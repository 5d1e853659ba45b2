"""What is told of a rating: to the other apps by events, to the unit and to the person by messages."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.ratings.constants import FOLLOW_UP_KIND, LEADER, RATING_KIND, UNIT_ROLES
from zhengtong.capabilities.ratings.models import FollowUp, Rating
from zhengtong.kernel.actors import ObjectRef


def event_fields(row: Rating, *, at: dt.datetime, org: FollowUp | None = None) -> dict[str, Any]:
    """The fields all events of a rating share; ``org``: the unit that follows it up today, else the rated one."""
    return {
        "tenant": row.tenant,
        "object_ref": ObjectRef(kind=RATING_KIND, id=str(row.id)),
        "at": at,
        "rating_id": row.id,
        "subject": ObjectRef(kind=row.subject_kind, id=row.subject_id),
        "service": row.service,
        "number": row.number,
        "title": row.title,
        "item_code": row.item_code,
        "org_id": org.org_id if org else row.org_id,
        "org_name": org.org_name if org else row.org_name,
        "case_id": row.case_id,
        "anonymous": row.anonymous,
    }


def tell_unit(
    row: FollowUp, *, title: str, body: str, leaders_only: bool = False, but: Collection[uuid.UUID | None] = ()
) -> int:
    """A message to the unit's people who follow bad ratings up; returns how many were told."""
    told: set[uuid.UUID] = set()
    for role in (LEADER,) if leaders_only else UNIT_ROLES:
        told |= {one.person_id for one in identity.people_in(row.tenant, row.org_id, role)}
    told -= set(but)
    for person_id in sorted(told):
        notify.send_message(
            tenant=row.tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=FOLLOW_UP_KIND, id=str(row.id)),
            link=reverse("ratings:follow_up", args=[row.id]),
        )
    return len(told)


def tell_rater(row: Rating, *, title: str, body: str) -> None:
    """A message to the person who rated, where he was signed in; the others read it by their link."""
    if row.person_id is None:
        return
    notify.send_message(
        tenant=row.tenant,
        person_id=row.person_id,
        title=title,
        body=body,
        object_ref=ObjectRef(kind=RATING_KIND, id=str(row.id)),
        link=reverse("ratings:rate", args=[row.subject_kind, row.subject_id, row.service]),
    )


def unit_words(row: FollowUp) -> str:
    """What a bad rating is about, in one phrase for messages; the number of a matter would name who rated it."""
    known = row.rating.number and not row.rating.anonymous
    return _("“%(title)s”（%(number)s）的%(service)s环节") % {
        "title": row.rating.title,
        "number": row.rating.number if known else _("匿名评价"),
        "service": row.rating.get_service_display(),
    }
