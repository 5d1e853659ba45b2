"""Who may act on a task and who may see a case."""

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted

WATCHERS = ("supervisor", "process_admin")


def check_may_complete(actor: Actor, item: WorkItem, *, as_applicant: bool) -> None:
    """Only a holder of the task's role in the task's unit; the applicant's tasks only by the applicant's own app."""
    if item.role == APPLICANT_ROLE:
        if not as_applicant:
            raise NotPermitted(_("这一步由申请人办理，工作人员不能代替提交。"))
        return
    if as_applicant or actor.kind != "official" or item.org_id != actor.org_id:
        raise NotPermitted(
            _("“%(step)s”由%(org)s办理，您现在的岗位不能办理。") % {"step": item.step, "org": item.org_name}
        )
    if not actor.has_role(item.role):
        raise NotPermitted(
            _("“%(step)s”需要由有相应岗位的人员办理，请转交本单位的经办人或负责人。") % {"step": item.step}
        )


def visible_cases(actor: Actor) -> Q:
    """Cases of the actor's own unit, cases in which it has or had a task, all of the tenant for a watcher."""
    if actor.kind == "system" or actor.has_role(*WATCHERS):
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or actor.org_id is None:
        return Q(pk__in=[])
    taking_part = WorkItem.objects.filter(tenant=actor.tenant, org_id=actor.org_id).values("case_id")
    return Q(tenant=actor.tenant) & (Q(org_id=actor.org_id) | Q(pk__in=taking_part))


def check_owning_unit(actor: Actor, case: Case) -> None:
    """Only officials of the unit answerable for the case."""
    if actor.kind != "official" or actor.org_id != case.org_id:
        raise NotPermitted(_("这个办件由%(org)s主办，只有主办单位可以这样操作。") % {"org": case.org_name})
