"""What is told of consultations and surveys: to other apps, to people, to the ledger, in the time line."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.opinions import PollMoved, TopicMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish
from zhengtong.systems.opinions.constants import POLL, TOPIC
from zhengtong.systems.opinions.models import Announced, OpinionAct, Poll, Topic
from zhengtong.systems.opinions.selectors.finding import words_of


def ref_of(row: Announced) -> ObjectRef:
    """It as ledger and events name it."""
    return ObjectRef(kind=TOPIC if isinstance(row, Topic) else POLL, id=str(row.pk))


def event_fields(row: Announced) -> dict[str, Any]:
    """The fields all events share."""
    return {
        "tenant": row.tenant,
        "object_ref": ref_of(row),
        "at": now(),
        "number": row.number,
        "org_id": row.org_id,
        "org_name": row.org_name,
    }


def moved(row: Announced, step: str, *, in_time: bool | None = None) -> None:
    """Tell other apps that it moved, and how many had taken part."""
    if isinstance(row, Topic):
        publish(TopicMoved(**event_fields(row), step=step, opinions=row.comments.count(), in_time=in_time))
    elif isinstance(row, Poll):
        publish(PollMoved(**event_fields(row), step=step, ballots=row.ballots.count()))


def note(actor: Actor, row: Announced, act: str, kind: str, text: str = "", **payload: Any) -> None:
    """Ledger and time line of something done; the platform's own lines bear no name."""
    official = actor.kind == "official"
    OpinionAct.objects.create(
        tenant=row.tenant,
        topic=row if isinstance(row, Topic) else None,
        poll=row if isinstance(row, Poll) else None,
        kind=kind,
        text=text,
        person_id=actor.person_id if official else None,
        person_name=actor.name if official else "",
        org_name=actor.org_name if official else "",
    )
    record(actor, row, act, **payload)


def record(actor: Actor, row: Announced, act: str, *, purpose: str = "", **payload: Any) -> None:
    """The ledger alone."""
    content = {"number": row.number, **payload}
    ledger.append(actor=actor, act=act, object_ref=ref_of(row), payload=content, purpose=purpose)


def tell(row: Announced, people: Iterable[uuid.UUID], *, title: str, body: str) -> None:
    """A message to officials, which leads to the desk."""
    name = "opinions:desk_topic" if isinstance(row, Topic) else "opinions:desk_poll"
    _send(row, people, title, body, reverse(name, args=[row.pk]))


def tell_public(row: Topic, people: Iterable[uuid.UUID]) -> None:
    """A message to those who gave their opinion signed in: it is published what became of the opinions."""
    body = _("您参加的%(what)s“%(title)s”已经公布意见采纳情况。") % words_of(row)
    _send(row, people, _("意见采纳情况已公布"), body, reverse("opinions:topic", args=[row.pk]))


def _send(row: Announced, people: Iterable[uuid.UUID], title: str, body: str, link: str) -> None:
    for person_id in sorted(set(people)):
        notify.send_message(
            tenant=row.tenant, person_id=person_id, title=title, body=body, object_ref=ref_of(row), link=link
        )
