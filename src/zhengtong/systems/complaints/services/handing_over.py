"""A unit that is merged or abolished gives its open complaints to its heir; limits keep running."""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.complaints.constants import HANDLING, ActKind, DraftState, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.services.assigning import refusal_to_give
from zhengtong.systems.complaints.services.telling import record, tell_office, words_of, write_act


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open complaints the unit handles."""
    return Complaint.objects.filter(tenant=tenant, handler_org_id=org_id, state__in=HANDLING).count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give them to the heir; those that are about the heir, or about what it takes over, go back to the office."""
    heir = next((unit for unit in identity.organisations(actor.tenant) if unit.id == to_org_id), None)
    if heir is None:
        raise NotFound(_("没有找到承继单位。"))
    rows = Complaint.objects.select_for_update().filter(tenant=actor.tenant, state__in=HANDLING)
    own = Q(handler_org_id=to_org_id, accused_org_id=from_org_id)
    found = list(rows.filter(Q(handler_org_id=from_org_id) | own).order_by("id"))
    for row in found:
        refusal = refusal_to_give(row, heir, heir_of=from_org_id)
        if refusal:
            _give_back(actor, row, f"{reason}{refusal}")
            continue
        if row.handler_org_id == heir.id:
            continue
        row.handler_org_id, row.handler_org_name = heir.id, heir.name
        row.save(update_fields=["handler_org_id", "handler_org_name"])
        words = _("移交%(org)s。%(reason)s") % {"org": heir.name, "reason": reason}
        write_act(row, actor, ActKind.HAND_OVER, words, told=True, shared=True)
        record(actor, row, "complaints.hand_over", {"to": heir.code})
    return len(found)


def _give_back(actor: Actor, row: Complaint, why: str) -> None:
    """It waits to be given out again; its limit runs on."""
    row.state, row.handler_org_id, row.handler_org_name, row.by_office = State.ACCEPTED, None, "", False
    row.save(update_fields=["state", "handler_org_id", "handler_org_name", "by_office"])
    row.drafts.filter(state=DraftState.SUBMITTED).update(state=DraftState.RETURNED, note=why)
    write_act(row, actor, ActKind.HAND_OVER, why)
    record(actor, row, "complaints.give_back", {"reason": why})
    body = _("%(what)s的承办单位已经并入被反映的单位，请重新交办或者直接办理。") % {"what": words_of(row)}
    tell_office(row, title=_("来件须重新交办"), body=body)
