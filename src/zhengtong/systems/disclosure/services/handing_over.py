"""A unit that is merged or abolished gives its open requests to its heir; limits keep running."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.disclosure.constants import OPEN, ActKind
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.services.telling import record, write_act


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open requests of the unit."""
    return DisclosureRequest.objects.filter(tenant=tenant, org_id=org_id, state__in=OPEN).count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give them to the heir (第十条: who carries on the functions answers)."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    rows = DisclosureRequest.objects.select_for_update().filter(tenant=actor.tenant, org_id=from_org_id)
    found = list(rows.filter(state__in=OPEN).order_by("id"))
    for row in found:
        row.org_id, row.org_code, row.org_name, row.org_path = heir.id, heir.code, heir.name, heir.path
        row.save(update_fields=["org_id", "org_code", "org_name", "org_path"])
        words = _("移交%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        write_act(row, actor, ActKind.HAND_OVER, words, told=True)
        record(actor, row, "disclosure.hand_over", {"to": heir.code})
    return len(found)
