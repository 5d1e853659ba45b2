"""What is told of a request: to other apps by events, to people by messages, and the time line itself."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.systems.disclosure.constants import OBJECT_KIND
from zhengtong.systems.disclosure.models import DisclosureRequest, RequestAct
from zhengtong.systems.disclosure.permissions import unit_people


def ref_of(row: DisclosureRequest) -> ObjectRef:
    """The request as ledger, events and payments name it."""
    return ObjectRef(kind=OBJECT_KIND, id=str(row.id))


def event_fields(row: DisclosureRequest) -> dict[str, Any]:
    """The fields all events of a request share."""
    return {
        "tenant": row.tenant,
        "object_ref": ref_of(row),
        "at": now(),
        "number": row.number,
        "kind": row.kind,
        "channel": row.channel,
        "org_id": row.org_id,
        "org_name": row.org_name,
    }


def record(
    actor: Actor, row: DisclosureRequest, act: str, payload: dict[str, Any] | None = None, *, purpose: str = ""
) -> None:
    """The entry in the ledger."""
    content = {"number": row.number, **(payload or {})}
    ledger.append(actor=actor, act=act, object_ref=ref_of(row), payload=content, purpose=purpose)


def write_act(row: DisclosureRequest, actor: Actor | None, kind: str, text: str = "", *, told: bool = False) -> None:
    """A line of the time line; the platform's and the applicant's own bear no name."""
    official = actor is not None and actor.kind == "official"
    RequestAct.objects.create(
        tenant=row.tenant,
        request=row,
        no=row.acts.count() + 1,
        kind=kind,
        text=text,
        told=told,
        person_id=actor.person_id if actor and official else None,
        person_name=actor.name if actor and official else "",
        org_name=actor.org_name if actor and official else "",
    )


def tell_applicant(row: DisclosureRequest, *, title: str, body: str) -> None:
    """A message to who asked, where he was signed in; the words name number and step, not the matter."""
    if row.person_id is not None:
        _send(row, row.person_id, title, body, reverse("disclosure:own", args=[row.id]))


def tell_unit(row: DisclosureRequest, *, title: str, body: str, people: set[uuid.UUID] | None = None) -> None:
    """A message to the people who handle requests in the unit, or to these of them."""
    for person_id in sorted(unit_people(row) if people is None else people):
        _send(row, person_id, title, body, reverse("disclosure:one", args=[row.id]))


def words_of(row: DisclosureRequest) -> str:
    """What messages call it."""
    return _("信息公开申请（编号 %(number)s）") % {"number": row.number}


def _send(row: DisclosureRequest, person_id: uuid.UUID, title: str, body: str, link: str) -> None:
    notify.send_message(
        tenant=row.tenant, person_id=person_id, title=title, body=body, object_ref=ref_of(row), link=link
    )
