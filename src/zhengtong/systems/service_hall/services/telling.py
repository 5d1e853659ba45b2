"""Telling the applicant: a site message, a mail where an address was given, a short message where a number is known."""

import uuid

from django.urls import reverse

from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application

#: kinds of messages, registered in ``plugins/messages.py``; the law wants the second told whatever channels are chosen
NEWS = "service_hall.application"
REQUIRED_NEWS = "service_hall.required"
LICENCE_NEWS = "service_hall.licence"


def tell_applicant(row: Application, title: str, body: str, *, required: bool = False) -> None:
    """Queue a message about an application, inside the transaction of the act it tells of."""
    link = reverse("service_hall:application", args=[row.id])
    _send(row, REQUIRED_NEWS if required else NEWS, str(title), str(body), link)


def tell_holder(row: Application, document_id: uuid.UUID, title: str, body: str) -> None:
    """The same about a licence that was issued for the application; the link leads to the licence."""
    _send(row, LICENCE_NEWS, str(title), str(body), reverse("service_hall:licence", args=[document_id]))


def _send(row: Application, kind: str, title: str, body: str, link: str) -> None:
    notify.send(
        tenant=row.tenant,
        person_id=row.person_id,
        kind=kind,
        values={
            "title": title,
            "body": body,
            "short": body.partition("\n\n")[0],
            "item": row.item_name,
            "number": row.number or "",
        },
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        link=link,
        email=row.email,
        code=row.item_code,
    )
