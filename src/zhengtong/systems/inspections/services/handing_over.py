"""A unit that is merged or abolished gives its open rectifications and referred cards to its heir; limits go on."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.inspections.constants import ActKind, ReferralState, VisitState
from zhengtong.systems.inspections.models import Referral, Visit
from zhengtong.systems.inspections.services.telling import note_referral, note_visit

_OPEN = (VisitState.DONE, VisitState.RECTIFY, VisitState.REVIEW)
_UNTAKEN = (ReferralState.WAITING, ReferralState.ASIDE)


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Rectifications the unit has not finished, and cards of it that wait for an inspection."""
    cards = Referral.objects.filter(tenant=tenant, org_id=org_id, state__in=_UNTAKEN)
    return Visit.objects.filter(tenant=tenant, org_id=org_id, state__in=_OPEN).count() + cards.count()


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
    cards = Referral.objects.select_for_update().filter(tenant=actor.tenant, org_id=from_org_id, state__in=_UNTAKEN)
    moved = list(cards.order_by("id"))
    for row in moved:
        row.org_id, row.org_name = heir.id, heir.name
        row.save(update_fields=["org_id", "org_name"])
        words = _("责任单位改为%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        note_referral(actor, row, "inspections.hand_over_referral", ActKind.HAND_OVER, words, to=heir.code)
    return len(visits) + len(moved)
