"""派件: a task goes to the officer its unit's rule names; who is away is passed over. Rules and absences."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import (
    APPLICANT_ROLE,
    OBJECT_KIND,
    Phase,
    RoutingMode,
    StepMove,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.models import Absence, Case, RoutingRule, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.permissions import check_leads_unit
from zhengtong.capabilities.cases.rules.routing import Choice, choose, rule_for
from zhengtong.capabilities.cases.selectors import routing as selectors
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.cases.services.handling import move_to_person, move_to_unit
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.transactions import hold

_LONGEST = 366  # days


@transaction.atomic
def route_step(*, tenant: str, work_item_id: uuid.UUID, org_id: uuid.UUID, after: str = "") -> uuid.UUID | None:
    """Give an open task nobody has to the officer its unit's rule names; who got it, None for nobody.

    Safe to repeat: what has changed hands since it came (by opening, or by the move ``after``) is left alone.
    """
    if not RoutingRule.objects.filter(tenant=tenant, org_id=org_id).exists():
        return None
    case = store.lock_case_of_item(work_item_id, tenant)
    item = store.lock_item(case, work_item_id)
    moves = WorkItemMove.objects.filter(work_item_id=item.id).order_by("-created_at", "-id")
    last = moves.values_list("kind", flat=True).first() or ""
    if item.status != WorkItemStatus.OPEN or item.holder_id is not None or item.org_id != org_id or last != after:
        return None
    return _route(system(tenant), case, item)


@transaction.atomic
def share_out_tasks(*, actor: Actor, person_id: uuid.UUID) -> int:
    """The leader has what an absent officer of his unit holds go to others by the unit's rules; returns how many.

    Where no rule or nobody fits, the task waits for anybody of the unit.
    """
    org_id = _own_unit(actor)
    held = WorkItem.objects.filter(
        tenant=actor.tenant,
        org_id=org_id,
        holder_id=person_id,
        helper_id__isnull=True,
        status=WorkItemStatus.OPEN,
    ).order_by("case_id", "id")
    found = list(held.values_list("case_id", "id"))
    # all cases before the unit's rules, as everywhere: who routes one meanwhile has its case and wants the rules
    for case_id, _item_id in found:
        store.lock_case(case_id, actor.tenant)
    for _case_id, item_id in found:
        case = store.lock_case_of_item(item_id, actor.tenant)
        item = store.lock_item(case, item_id)
        if item.status != WorkItemStatus.OPEN or item.holder_id != person_id:
            continue
        reason = _("%(name)s离岗，由负责人重新分派") % {"name": item.holder}
        if _route(actor, case, item, without={person_id}, reason=reason) is None:
            move_to_unit(actor, case, item, StepMove.RELEASE, org_id=org_id, org_name=item.org_name, reason=reason)
    return len(found)


def _route(
    actor: Actor, case: Case, item: WorkItem, *, without: set[uuid.UUID] | None = None, reason: str = ""
) -> uuid.UUID | None:
    """Choose by the unit's rules and hand over; a locked case. None when no rule fits or nobody is there."""
    if item.role == APPLICANT_ROLE or item.org_id is None:
        return None
    rows = {selectors.rule_of(row): row for row in _locked_rules(case.tenant, item.org_id)}
    area = str(case.variables.get("area") or "")
    rule = rule_for(list(rows), item_code=case.item_code, phase=item.phase, area=area)
    if rule is None:
        return None
    officers = selectors.officers_for(
        tenant=case.tenant,
        org_id=item.org_id,
        role=item.role,
        item_code=case.item_code,
        without=without or set(),
    )
    choice = choose(rule, officers, before_id=_before(case, item))
    if choice.turn_id is not None:
        rows[rule].last_id = choice.turn_id
        rows[rule].save(update_fields=["last_id"])
    if choice.officer is None:
        _tell_leaders(case, item, choice)
        return None
    move_to_person(
        actor,
        case,
        item,
        StepMove.ROUTE,
        person_id=choice.officer.id,
        name=choice.officer.name,
        reason="；".join(filter(None, [reason, choice.sentence])),
        note=choice.sentence,
    )
    return choice.officer.id


def _locked_rules(tenant: str, org_id: uuid.UUID) -> Sequence[RoutingRule]:
    """A unit's rules, locked in one order: the turn goes on from where it stands."""
    return list(RoutingRule.objects.select_for_update().filter(tenant=tenant, org_id=org_id).order_by("id"))


def _before(case: Case, item: WorkItem) -> uuid.UUID | None:
    """Who did this very step of the case for the unit when it was done before."""
    rows = WorkItem.objects.filter(
        case_id=case.id, node=item.node, item=item.item, org_id=item.org_id, adhoc="", status=WorkItemStatus.DONE
    )
    return rows.order_by("-done_at").values_list("done_by_id", flat=True).first()


def _tell_leaders(case: Case, item: WorkItem, choice: Choice) -> None:
    ledger.append(
        actor=system(case.tenant),
        act="cases.route_none",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"step": item.step, "org": item.org_name, "why": choice.sentence},
    )
    leaders = identity.people_in(case.tenant, item.org_id, "leader") if item.org_id else []
    for person_id in dict.fromkeys(one.person_id for one in leaders):
        notify.send_message(
            tenant=case.tenant,
            person_id=person_id,
            title=_("有事项没有人承办"),
            body=_("办件 %(number)s“%(title)s”的“%(step)s”%(why)s。")
            % {"number": case.number, "title": case.title, "step": item.step, "why": choice.sentence},
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
            link=reverse("tasks:task", args=[item.id]),
        )


@transaction.atomic
def set_routing(
    *,
    actor: Actor,
    mode: str,
    officers: Sequence[uuid.UUID] = (),
    item_code: str = "",
    phase: str = "",
    area: str = "",
) -> uuid.UUID:
    """The leader decides who of his unit gets which tasks; a rule for the same item, phase and place is replaced.

    Raises Invalid for unknown words, for somebody who does not work there, and for a fixed rule without officers.
    """
    org_id = _own_unit(actor)
    if mode not in RoutingMode.values:
        raise Invalid(_("请选择派件方式。"), field="mode")
    if phase and phase not in Phase.values:
        raise Invalid(_("没有这个阶段，请重新选择。"), field="phase")
    people = selectors.people_of_unit(actor)
    if any(key not in people for key in officers):
        raise Invalid(_("请从本单位能办理办件的人员中选择。"), field="officers")
    if mode == RoutingMode.FIXED and not officers:
        raise Invalid(_("指定人员的，请至少选择一个人。"), field="officers")
    items, areas = dict(selectors.item_choices(actor)), dict(selectors.area_choices(actor))
    if area and area not in areas:
        raise Invalid(_("没有这个片区，请重新选择。"), field="area")
    if item_code and item_code not in items:
        raise Invalid(_("本单位不办理这个事项，请重新选择。"), field="item_code")
    row, _created = RoutingRule.objects.update_or_create(
        tenant=actor.tenant,
        org_id=org_id,
        item_code=item_code,
        phase=phase,
        area=area,
        defaults={
            "org_name": actor.org_name,
            "item_name": items.get(item_code, "")[:200],
            "area_name": areas.get(area, "")[:60],
            "mode": mode,
            "officers": [{"id": str(key), "name": people[key].name} for key in dict.fromkeys(officers)],
            "last_id": None,
            "set_by": actor.name,
        },
    )
    payload = {
        "item": item_code,
        "phase": phase,
        "area": area,
        "mode": mode,
        "officers": [str(key) for key in officers],
    }
    _record(actor, "routing_rule", row.id, "cases.set_routing", payload)
    return row.id


@transaction.atomic
def drop_routing(*, actor: Actor, rule_id: uuid.UUID) -> None:
    """The leader no longer wants a rule: such tasks wait again for anybody of the unit."""
    org_id = _own_unit(actor)
    row = RoutingRule.objects.select_for_update().filter(tenant=actor.tenant, org_id=org_id, pk=rule_id).first()
    if row is None:
        raise NotFound(_("没有找到这条派件规则，可能已经取消。"))
    payload = {"item": row.item_code, "phase": row.phase, "area": row.area, "mode": row.mode}
    row.delete()
    _record(actor, "routing_rule", rule_id, "cases.drop_routing", payload)


@transaction.atomic
def note_absence(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    from_day: dt.date,
    until_day: dt.date,
    substitute_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """The leader notes that somebody of his unit is away, both days inclusive, and who does his work meanwhile."""
    org_id = _own_unit(actor)
    people = selectors.people_of_unit(actor)
    if person_id not in people:
        raise Invalid(_("请从本单位的人员中选择。"), field="person_id")
    if substitute_id is not None and (substitute_id not in people or substitute_id == person_id):
        raise Invalid(_("代办人须是本单位的另一名人员。"), field="substitute_id")
    if until_day < from_day:
        raise Invalid(_("截止日期不能早于起始日期。"), field="until_day")
    if until_day < local_date():
        raise Invalid(_("截止日期已经过去，请重新填写。"), field="until_day")
    if (until_day - from_day).days > _LONGEST:
        raise Invalid(_("离岗超过一年的，请先办理岗位变动。"), field="until_day")
    hold(f"cases:absence:{actor.tenant}:{person_id}")
    overlapping = selectors.current_absences(actor.tenant, org_id, coming=True).filter(
        person_id=person_id, from_day__lte=until_day, until_day__gte=from_day
    )
    if overlapping.exists():
        raise Conflict(_("%(name)s在这段时间已经登记离岗，请先登记返岗。") % {"name": people[person_id].name})
    row = Absence.objects.create(
        id=new_id(),
        tenant=actor.tenant,
        org_id=org_id,
        person_id=person_id,
        person=people[person_id].name,
        from_day=from_day,
        until_day=until_day,
        substitute_id=substitute_id,
        substitute=people[substitute_id].name if substitute_id else "",
        noted_by=actor.name,
    )
    payload = {
        "person": str(person_id),
        "from": from_day,
        "until": until_day,
        "substitute": str(substitute_id or ""),
    }
    _record(actor, "absence", row.id, "cases.note_absence", payload)
    return row.id


@transaction.atomic
def end_absence(*, actor: Actor, absence_id: uuid.UUID) -> None:
    """Somebody is back before his day, or does not go at all."""
    org_id = _own_unit(actor)
    row = Absence.objects.select_for_update().filter(tenant=actor.tenant, org_id=org_id, pk=absence_id).first()
    if row is None:
        raise NotFound(_("没有找到这条离岗登记。"))
    if row.ended_on is not None:
        raise Conflict(_("%(name)s已经登记返岗。") % {"name": row.person})
    row.ended_on = local_date()
    row.save(update_fields=["ended_on"])
    _record(actor, "absence", row.id, "cases.end_absence", {"person": str(row.person_id)})


def _own_unit(actor: Actor) -> uuid.UUID:
    check_leads_unit(actor)
    if actor.org_id is None:
        raise NotFound(_("您现在不在任何单位任职。"))
    return actor.org_id


def _record(actor: Actor, kind: str, key: uuid.UUID, act: str, payload: Mapping[str, object]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=kind, id=str(key)), payload=payload)
