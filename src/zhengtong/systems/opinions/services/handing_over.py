"""A unit that is merged or abolished gives what it is asking the public to its heir; limits keep running."""

import uuid
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.opinions.constants import ActKind, State
from zhengtong.systems.opinions.models import Announced, Poll, Topic
from zhengtong.systems.opinions.services.telling import note

_OVER = (State.ANSWERED, State.WITHDRAWN)


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """What the unit has not finished."""
    return sum(_rows(kind, tenant, org_id).count() for kind in (Topic, Poll))


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give it to the heir."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    found = list(_all(actor.tenant, from_org_id))
    for row in found:
        row.org_id, row.org_code, row.org_name = heir.id, heir.code, heir.name
        row.save(update_fields=["org_id", "org_code", "org_name"])
        words = _("移交%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        note(actor, row, "opinions.hand_over", ActKind.HAND_OVER, words, to=heir.code)
    return len(found)


def _all(tenant: str, org_id: uuid.UUID) -> Iterator[Announced]:
    for kind in (Topic, Poll):
        yield from _rows(kind, tenant, org_id).select_for_update().order_by("pk")


def _rows(kind: type[Announced], tenant: str, org_id: uuid.UUID) -> "QuerySet[Announced]":
    rows = kind._default_manager.filter(tenant=tenant, org_id=org_id).exclude(state__in=_OVER)
    return rows.exclude(closed=True) if kind is Poll else rows
