"""Reading messages: one's own; and how mail fares, for who keeps the platform."""

import uuid

from django.db.models import Count

from zhengtong.capabilities.notify.models import Mail, SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.paging import Page, page_of


def inbox(*, actor: Actor, page: object = 1, about: ObjectRef | None = None) -> Page[SiteMessage]:
    """The actor's messages, newest first; all, or those about one object."""
    rows = SiteMessage.objects.filter(tenant=actor.tenant, person_id=actor.person_id or uuid.UUID(int=0))
    if about is not None:
        rows = rows.filter(object_kind=about.kind, object_id=about.id)
    return page_of(rows.prefetch_related("mails").order_by("-created_at"), page)


def unread(*, actor: Actor) -> int:
    """How many of the actor's messages are unread."""
    if actor.person_id is None:
        return 0
    return SiteMessage.objects.filter(tenant=actor.tenant, person_id=actor.person_id, read_at__isnull=True).count()


def mail_states(*, tenant: str) -> dict[str, int]:
    """How many mails stand in each state."""
    rows = Mail.objects.filter(tenant=tenant).values_list("state").annotate(Count("id"))
    return dict(rows.order_by("state"))
