"""加签、减签: units that sign a step besides those the drawing names."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import SignerPlace
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.rules.phases import signer_places
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.cases.services.handling import check_somebody_there
from zhengtong.capabilities.cases.services.steps import advance_and_write, check_item_open
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid


@transaction.atomic
def add_signer(
    *, actor: Actor, work_item_id: uuid.UUID, org_code: str, where: str, reason: str, command_key: str
) -> None:
    """加签: one more unit signs this step, before, after or beside the one who has it; the limit keeps running.

    Raises Invalid for an unknown unit or one in which nobody could sign, Conflict when it signs already.
    """
    found = _locked(actor, work_item_id, command_key)
    if found is None:
        return
    case, item = found
    if where not in SignerPlace.values:
        raise Invalid(_("请选择加签方式。"), field="where")
    if not reason.strip():
        raise Invalid(_("请写明加签的理由。"), field="reason")
    unit = identity.organisation(case.tenant, org_code)
    if unit.id == item.org_id:
        raise Invalid(_("%(org)s本来就在办理这一步，不必加签。") % {"org": unit.name}, field="org_code")
    check_somebody_there(case.tenant, unit.id, unit.name, item.role)
    if where not in signer_places(item.phase):
        raise Invalid(_("“%(step)s”一经作出立即生效，只能前加签。") % {"step": item.step}, field="where")
    command = engine.AddSigner(item.token, unit.code, str(where))
    payload = {"step": item.step, "org": unit.name, "where": str(where), "reason": reason}
    advance_and_write(actor, case, command, "cases.add_signer", payload)


@transaction.atomic
def remove_signer(
    *, actor: Actor, work_item_id: uuid.UUID, signer_item_id: uuid.UUID, reason: str, command_key: str
) -> None:
    """减签: a unit that has not signed yet need not; never the last one of a step.

    A signer that was added is taken off by those who do the step, a department of the matter itself only by the unit
    answerable for the case.
    """
    found = _locked(actor, work_item_id, command_key)
    if found is None:
        return
    case, item = found
    signer = store.lock_item(case, signer_item_id)
    check_item_open(signer)
    if signer.node != item.node or signer.id == item.id or not (signer.adhoc or signer.item):
        raise Conflict(_("只能减去与您同一环节、还没有签署的单位。"))
    if permissions.drawn_signer(case, signer):
        permissions.check_owning_unit(actor, case)
    command = engine.RemoveSigner(signer.token)
    payload = {"step": item.step, "org": signer.org_name, "reason": reason}
    advance_and_write(actor, case, command, "cases.remove_signer", payload)


def _locked(actor: Actor, work_item_id: uuid.UUID, command_key: str) -> tuple[Case, WorkItem] | None:
    """The task of one who may complete it; None for a command that was carried out before."""
    case = store.lock_case_of_item(work_item_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return None
    item = store.lock_item(case, work_item_id)
    check_item_open(item)
    permissions.check_holds_role(actor, item)
    permissions.check_not_held(actor, item)
    if item.adhoc:
        raise Conflict(_("加签人只签署意见，不能再加签或减签。"))
    return case, item
