"""A unit that is merged or abolished gives its open complaints to its heir; limits keep running."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.complaints.constants import HANDLING, ActKind
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.services.telling import record, write_act


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open complaints the unit handles."""
    return Complaint.objects.filter(tenant=tenant, handler_org_id=org_id, state__in=HANDLING).count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give them to the heir."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    rows = Complaint.objects.select_for_update().filter(tenant=actor.tenant, handler_org_id=from_org_id)
    found = list(rows.filter(state__in=HANDLING).order_by("id"))
    for row in found:
        row.handler_org_id, row.handler_org_name = heir.id, heir.name
        row.save(update_fields=["handler_org_id", "handler_org_name"])
        words = _("移交%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        write_act(row, actor, ActKind.HAND_OVER, words, told=True, shared=True)
        record(actor, row, "complaints.hand_over", {"to": heir.code})
    return len(found)
