"""Telling the applicant: a site message, and a mail where an address was given."""

from django.urls import reverse

from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application


def tell_applicant(row: Application, title: str, body: str) -> None:
    """Queue a message about an application, inside the transaction of the act it tells of."""
    link = reverse("service_hall:application", args=[row.id])
    notify.send_message(
        tenant=row.tenant,
        person_id=row.person_id,
        title=title,
        body=body,
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        link=link,
        email=row.email,
    )
