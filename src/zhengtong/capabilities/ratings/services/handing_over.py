"""A unit that is merged or abolished gives its open bad ratings to its heir; what was rated stays as it was."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings.constants import OPEN_STATES, ActKind
from zhengtong.capabilities.ratings.models import Device, FollowUp
from zhengtong.capabilities.ratings.services.follow_ups import write_act
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open bad ratings the unit has to follow up."""
    return FollowUp.objects.filter(tenant=tenant, org_id=org_id, state__in=OPEN_STATES).count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give them, and the unit's evaluators, to the heir; limits keep running."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("rating")
    open_rows = list(rows.filter(tenant=actor.tenant, org_id=from_org_id, state__in=OPEN_STATES).order_by("id"))
    for row in open_rows:
        row.org_id, row.org_name = heir.id, heir.name
        row.save(update_fields=["org_id", "org_name"])
        words = _("移交%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        write_act(row, actor, ActKind.HAND_OVER, words)
    devices = Device.objects.filter(tenant=actor.tenant, org_id=from_org_id, ended_at__isnull=True)
    devices.update(org_id=heir.id, org_name=heir.name)
    return len(open_rows)
