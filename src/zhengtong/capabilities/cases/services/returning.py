"""退回、撤回重办: work that is done again. What was said before stays; the limits of law keep running."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import WorkItemStatus
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.selectors.returning import refusal_of
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.cases.services.handling import write_opinion
from zhengtong.capabilities.cases.services.steps import advance_and_write, check_case_open, check_item_open
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid


@transaction.atomic
def return_step(*, actor: Actor, work_item_id: uuid.UUID, node: str, reason: str, command_key: str) -> None:
    """退回: everything open beside the target is taken back and the target is done again.

    ``node`` is a target of ``return_targets`` that is no branch. The same ``command_key`` twice does nothing.
    """
    _return(actor, work_item_id, node, None, reason, command_key, whole=True)


@transaction.atomic
def return_branch(
    *, actor: Actor, work_item_id: uuid.UUID, node: str, item: str | None = None, reason: str, command_key: str
) -> None:
    """退回单个分支: one branch is done again, the others keep their work.

    ``node`` and ``item`` are a target of ``return_targets`` that is a branch.
    """
    _return(actor, work_item_id, node, item, reason, command_key, whole=False)


@transaction.atomic
def recall_step(*, actor: Actor, work_item_id: uuid.UUID, reason: str, command_key: str) -> None:
    """撤回重办: the one who completed a step takes it back while nobody has touched what came of it.

    Raises Conflict when somebody has, or when the step had an effect outside the drawing.
    """
    case = store.lock_case_of_item(work_item_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return
    check_case_open(case)
    item = store.lock_item(case, work_item_id)
    if item.status != WorkItemStatus.DONE or item.done_by_id is None or item.done_by_id != actor.person_id:
        raise Conflict(_("只有办结这一步的本人可以撤回重办。"))
    permissions.check_holds_role(actor, item)
    if not item.recallable:
        raise Conflict(_("这一步已经产生受理、决定或制证的效力，不能撤回重办。"))
    # what the platform gave to somebody he has not taken yet
    if WorkItem.objects.filter(case_id=case.id, cause_id=item.id, holder_id__isnull=False, hand_note="").exists():
        raise Conflict(_("后面的环节已经有人签收或办理，不能撤回重办，请联系他退回。"))
    write_opinion(actor, item, outcome="recall", label=_("撤回重办"), text=reason)
    payload = {"step": item.step, "reason": reason}
    advance_and_write(actor, case, engine.Recall(item.token), "cases.recall", payload)


def _return(
    actor: Actor, work_item_id: uuid.UUID, node: str, entry: str | None, reason: str, command_key: str, *, whole: bool
) -> None:
    case = store.lock_case_of_item(work_item_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return
    item = store.lock_item(case, work_item_id)
    check_item_open(item)
    permissions.check_may_complete(actor, item, as_applicant=False)
    if item.adhoc:
        raise Conflict(_("加签人只签署意见，不能退回；请把退回的理由写在意见里。"))
    if not reason.strip():
        raise Invalid(_("请写明退回的理由，重新办理的人要按它改正。"), field="reason")
    target = graph_of(case.process_id).nodes.get(node)
    refusal = refusal_of(case, target) if target else _("本流程没有这个环节，请重新选择。")
    if refusal:
        raise Conflict(refusal)
    label = target.name or node if target else node
    command: engine.Command = (
        engine.ReturnTo(item.token, node) if whole else engine.ReturnBranch(item.token, node, entry)
    )
    write_opinion(actor, item, outcome="return", label=_("退回：%(step)s") % {"step": label}, text=reason)
    payload = {"step": item.step, "to": label, "branch": entry or "", "reason": reason}
    advance_and_write(actor, case, command, "cases.return" if whole else "cases.return_branch", payload)
