"""A unit that is merged or abolished gives its open rectifications to its heir; limits keep running."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.inspections.constants import ActKind, VisitState
from zhengtong.systems.inspections.models import Visit
from zhengtong.systems.inspections.services.telling import note_visit

_OPEN = (VisitState.DONE, VisitState.RECTIFY, VisitState.REVIEW)


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Rectifications the unit has not finished."""
    return Visit.objects.filter(tenant=tenant, org_id=org_id, state__in=_OPEN).count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give them to the heir, who rectifies; the time line says from whom."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    rows = Visit.objects.select_for_update(of=("self",)).select_related("plan")
    visits = list(rows.filter(tenant=actor.tenant, org_id=from_org_id, state__in=_OPEN).order_by("id"))
    for visit in visits:
        visit.org_id, visit.org_name = heir.id, heir.name
        visit.save(update_fields=["org_id", "org_name"])
        words = _("由%(org)s继续整改。%(reason)s") % {"org": heir.name, "reason": reason}
        note_visit(actor, visit, "inspections.hand_over", ActKind.HAND_OVER, words, to=heir.code)
    return len(visits)
