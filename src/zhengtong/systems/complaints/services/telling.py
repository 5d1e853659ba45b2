"""What is told of a complaint: to other apps by events, to people by messages, and the time line itself."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.systems.complaints.constants import OBJECT_KIND
from zhengtong.systems.complaints.models import Complaint, ComplaintAct
from zhengtong.systems.complaints.permissions import office_people, unit_people
from zhengtong.systems.complaints.selectors.identities import unnamed

_NOBODY = uuid.UUID(int=0)


def event_fields(row: Complaint) -> dict[str, Any]:
    """The fields all events of a complaint share; a hidden one names no case, for that names its applicant."""
    return {
        "tenant": row.tenant,
        "object_ref": ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        "at": now(),
        "number": row.number,
        "kind": row.kind,
        "about": row.about,
        "channel": row.channel,
        "hidden": row.hidden,
        "item_code": row.item_code,
        "case_id": None if row.hidden else row.case_id,
        "accused_org_id": row.accused_org_id,
        "accused_org_name": row.accused_org_name,
        "org_id": row.handler_org_id,
        "org_name": row.handler_org_name,
    }


def record(actor: Actor, row: Complaint, act: str, payload: dict[str, Any] | None = None, *, purpose: str = "") -> None:
    """The entry in the ledger; of a protected person's act it names nobody, and no text that would name him."""
    who = anonymous(row.tenant) if actor.kind not in ("official", "system") and row.hidden else actor
    words = {key: unnamed(row, text) if isinstance(text, str) else text for key, text in (payload or {}).items()}
    ref = ObjectRef(kind=OBJECT_KIND, id=str(row.id))
    content = {"number": row.number, **words}
    ledger.append(actor=who, act=act, object_ref=ref, payload=content, purpose=unnamed(row, purpose))


def write_act(
    row: Complaint, actor: Actor | None, kind: str, text: str = "", *, told: bool = False, shared: bool = False
) -> None:
    """A line of the time line; the platform's and the writer's own bear no name."""
    official = actor is not None and actor.kind == "official"
    ComplaintAct.objects.create(
        tenant=row.tenant,
        complaint=row,
        no=row.acts.count() + 1,
        kind=kind,
        text=text,
        told=told,
        shared=shared,
        person_id=actor.person_id if actor and official else None,
        person_name=actor.name if actor and official else "",
        org_name=actor.org_name if actor and official else "",
    )


def tell_writer(row: Complaint, *, title: str, body: str) -> None:
    """A message to the person who wrote, where he was signed in; the words name number and step, not the matter."""
    if row.person_id is None:
        return
    notify.send_message(
        tenant=row.tenant,
        person_id=row.person_id,
        title=title,
        body=body,
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        link=reverse("complaints:own", args=[row.id]),
    )


def tell_office(row: Complaint, *, title: str, body: str, but: uuid.UUID | None = None) -> None:
    """A message to the supervisor's office, without those it is about."""
    accused = {uuid.UUID(person) for person in row.accused_people}
    _tell(row, office_people(row.tenant) - accused - {but or _NOBODY}, title, body)


def tell_unit(row: Complaint, *, title: str, body: str) -> None:
    """A message to the people who handle it."""
    _tell(row, unit_people(row), title, body)


def _tell(row: Complaint, people: set[uuid.UUID], title: str, body: str) -> None:
    for person_id in sorted(people):
        notify.send_message(
            tenant=row.tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            link=reverse("complaints:one", args=[row.id]),
        )


def words_of(row: Complaint) -> str:
    """What messages call it: kind and number, nothing of the matter."""
    return _("%(kind)s（编号 %(number)s）") % {"kind": row.get_kind_display(), "number": row.number}
