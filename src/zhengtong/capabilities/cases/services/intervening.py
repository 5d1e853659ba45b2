"""What each kind of intervention is: checked against the engine when asked for, carried out when approved."""

import dataclasses
import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases.constants import InterventionKind, StepMove
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.migrate import migrate
from zhengtong.capabilities.cases.engine.model import CALLS, Refused
from zhengtong.capabilities.cases.models import Case, Intervention, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.selectors.migration import migration_of, version_of
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.selectors.returning import refusal_of
from zhengtong.capabilities.cases.services import handling, store
from zhengtong.capabilities.cases.services.batch import Batch
from zhengtong.capabilities.cases.services.migrating import carry_tasks
from zhengtong.capabilities.cases.services.steps import (
    advance_and_write,
    advance_case,
    check_item_open,
    write_effects,
    write_step,
)
from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.cases import CaseMigrated
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, DomainError, Invalid

log = logging.getLogger(__name__)

MIGRATE_CASES = "cases.migrate_cases"
_BATCH = 200


@dataclasses.dataclass(frozen=True)
class Plan:
    """A checked intervention: ``detail`` as stored, ``summary`` for people, ``target`` what it works on."""

    detail: Mapping[str, Any]
    summary: str
    target: Any


def _item(case: Case | None, detail: Mapping[str, Any]) -> tuple[Case, WorkItem]:
    if case is None:
        raise ValueError("an intervention in one case")
    item = store.lock_item(case, uuid.UUID(str(detail["work_item_id"])))
    check_item_open(item)
    return case, item


def _plan_jump(actor: Actor, case: Case | None, detail: Mapping[str, Any]) -> Plan:
    case, item = _item(case, detail)
    node = graph_of(case.process_id).nodes.get(str(detail["node"]))
    refusal = refusal_of(case, node) if node else _("本流程没有这个环节，请重新选择。")
    if node is not None and node.kind in CALLS:
        refusal = _("“%(node)s”由系统在作出决定以后自动办理，不能直接跳转到这里，请跳转到人工环节。") % {
            "node": node.name or node.id
        }
    if refusal or node is None:
        raise Conflict(refusal)
    command = engine.Jump(item.token, node.id)
    before = case.marking
    advance_case(case, command)  # raises Conflict when the engine refuses
    case.marking = before
    summary = _("从“%(step)s”跳转到“%(node)s”") % {"step": item.step, "node": node.name or node.id}
    return Plan({"work_item_id": str(item.id), "node": node.id}, summary, command)


def _jump(actor: Actor, case: Case, plan: Plan, payload: Mapping[str, Any]) -> None:
    advance_and_write(actor, case, plan.target, "cases.intervene.jump", payload)


def _plan_reassign(actor: Actor, case: Case | None, detail: Mapping[str, Any]) -> Plan:
    case, item = _item(case, detail)
    if detail.get("person_id"):
        people = identity.people_in(case.tenant, item.org_id, item.role) if item.org_id else []
        person = next((one for one in people if str(one.person_id) == str(detail["person_id"])), None)
        if person is None:
            raise Invalid(_("请从%(org)s能办理这个环节的人员中选择。") % {"org": item.org_name}, field="person_id")
        summary = _("“%(step)s”改派给%(name)s") % {"step": item.step, "name": person.name}
        return Plan({"work_item_id": str(item.id), "person_id": str(person.person_id)}, summary, (item, person))
    if item.org_id is None:
        raise Invalid(_("由申请人办理的环节不能改派给单位。"), field="org_code")
    unit = identity.organisation(case.tenant, str(detail["org_code"]))
    handling.check_somebody_there(case.tenant, unit.id, unit.name, item.role)
    summary = _("“%(step)s”由%(old)s改派给%(new)s") % {"step": item.step, "old": item.org_name, "new": unit.name}
    return Plan({"work_item_id": str(item.id), "org_code": unit.code}, summary, (item, unit))


def _reassign(actor: Actor, case: Case, plan: Plan, payload: Mapping[str, Any]) -> None:
    item, target = plan.target
    reason = str(payload["reason"])
    if "person_id" in plan.detail:
        handling.move_to_person(
            actor,
            case,
            item,
            StepMove.REASSIGN,
            person_id=target.person_id,
            name=target.name,
            reason=reason,
            recorded=False,
        )
    else:
        handling.move_to_unit(
            actor, case, item, StepMove.REASSIGN, org_id=target.id, org_name=target.name, reason=reason, recorded=False
        )
    batch = Batch(case, why="intervene.reassign")
    write_step(actor, batch, "cases.intervene.reassign", payload)


def _plan_migrate(actor: Actor, case: Case | None, detail: Mapping[str, Any]) -> Plan:
    if case is None:
        raise ValueError("an intervention in one case")
    version = version_of(actor.tenant, uuid.UUID(str(detail["process_version_id"])))
    preview = migration_of(case, version)
    if preview.refusals:
        raise Conflict(_("不能迁移：%(reasons)s") % {"reasons": "；".join(preview.refusals)})
    summary = _("从第%(old)s版迁移到第%(new)s版") % {"old": preview.from_version, "new": version.version}
    return Plan({"process_version_id": str(version.id)}, summary, version)


def _migrate(actor: Actor, case: Case, plan: Plan, payload: Mapping[str, Any]) -> None:
    version: ProcessVersion = plan.target
    old, new = graph_of(case.process_id), graph_of(version.id)
    batch = Batch(case, why="intervene.migrate")
    try:
        marking, effects = migrate(old, new, Marking.from_json(case.marking))
    except Refused as refusal:
        raise Conflict(str(refusal)) from refusal
    tasks = carry_tasks(actor, case, version, reason=str(payload["reason"]))
    case.process_id, case.marking = version.id, marking.to_json()
    write_effects(batch, effects)
    batch.tell(CaseMigrated, process_id=version.id)
    write_step(actor, batch, "cases.intervene.migrate", {**payload, "tasks": tasks})


def _plan_migrate_all(actor: Actor, case: Case | None, detail: Mapping[str, Any]) -> Plan:
    old = version_of(actor.tenant, uuid.UUID(str(detail["from_version_id"])))
    new = version_of(actor.tenant, uuid.UUID(str(detail["to_version_id"])))
    if old.key != new.key or old.id == new.id:
        raise Invalid(_("只能在同一流程的两个版本之间迁移。"), field="to_version_id")
    count = Case.objects.filter(process_id=old.id, status="open").count()
    if not count:
        raise Conflict(_("这一版没有在办的办件，不需要迁移。"))
    summary = _("%(title)s：第%(old)s版在办的 %(count)d 件迁移到第%(new)s版") % {
        "title": old.title,
        "old": old.version,
        "new": new.version,
        "count": count,
    }
    return Plan({"from_version_id": str(old.id), "to_version_id": str(new.id)}, summary, new)


def start_migration_of_all(row: Intervention) -> None:
    """Have the cases of an approved migration moved by a job, each in a transaction of its own."""
    jobs.configure_task(MIGRATE_CASES).defer(tenant=row.tenant, intervention_id=str(row.id), after="")


def migrate_batch(*, tenant: str, intervention_id: uuid.UUID, after: str) -> str:
    """Move one batch of cases of an approved migration; the last case's id, empty when all are through.

    A case that cannot be moved, or fails, stays on its version and holds up no other; why is kept with the request.
    """
    row = Intervention.objects.get(pk=intervention_id, tenant=tenant, state="done")
    version = version_of(tenant, uuid.UUID(row.detail["to_version_id"]))
    waiting = Case.objects.filter(process_id=row.detail["from_version_id"], status="open").order_by("id")
    ids = list((waiting.filter(id__gt=after) if after else waiting).values_list("id", flat=True)[:_BATCH])
    moved, kept = 0, dict[str, str]()
    for case_id in ids:
        try:
            _migrate_one(tenant, case_id, version, row)
            moved += 1
        except DomainError as refusal:
            kept[str(case_id)] = refusal.message
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("case %s could not be migrated", case_id)
            kept[str(case_id)] = _("迁移时系统出错，办件没有改变，请联系系统管理员查看运行日志。")
    _count(row.id, moved, kept)
    return str(ids[-1]) if len(ids) == _BATCH else ""


@transaction.atomic
def _migrate_one(tenant: str, case_id: uuid.UUID, version: ProcessVersion, row: Intervention) -> None:
    case = store.lock_case(case_id, tenant)
    if case.process_id == version.id or case.status != "open":
        return
    plan = _plan_migrate(system(tenant), case, {"process_version_id": str(version.id)})
    _migrate(system(tenant), case, plan, {"intervention": str(row.id), "reason": row.reason})


@transaction.atomic
def _count(row_id: uuid.UUID, moved: int, kept: Mapping[str, str]) -> None:
    row = Intervention.objects.select_for_update().get(pk=row_id)
    row.outcome = {
        "moved": row.outcome.get("moved", 0) + moved,
        "kept": {**row.outcome.get("kept", {}), **kept},
    }
    row.save(update_fields=["outcome"])


PLANS: dict[str, Callable[[Actor, Case | None, Mapping[str, Any]], Plan]] = {
    InterventionKind.JUMP: _plan_jump,
    InterventionKind.REASSIGN: _plan_reassign,
    InterventionKind.MIGRATE: _plan_migrate,
    InterventionKind.MIGRATE_ALL: _plan_migrate_all,
}
CARRY_OUT: dict[str, Callable[[Actor, Case, Plan, Mapping[str, Any]], None]] = {
    InterventionKind.JUMP: _jump,
    InterventionKind.REASSIGN: _reassign,
    InterventionKind.MIGRATE: _migrate,
}
