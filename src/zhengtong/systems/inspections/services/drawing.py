"""The draw: targets by weight, two inspectors for each; recusal, and a visit that is called off."""

import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.inspections.constants import INSPECTORS, SUPERVISOR, ActKind, PlanState, VisitState
from zhengtong.systems.inspections.models import Draw, Inspector, Plan, Visit
from zhengtong.systems.inspections.permissions import in_office, office_people, person_of
from zhengtong.systems.inspections.rules import drawing
from zhengtong.systems.inspections.selectors.draws import candidates_of
from zhengtong.systems.inspections.services.answering import after_cancel, after_draw
from zhengtong.systems.inspections.services.taking import said, take_plan, take_visit
from zhengtong.systems.inspections.services.telling import note_plan, note_visit, tell_inspectors, words_of

_POOL_ROLES = (SUPERVISOR, "clerk")


@transaction.atomic
def draw(*, actor: Actor, plan_id: uuid.UUID) -> Draw:
    """随机抽取, once for a plan: nobody can draw until he likes what he sees. Raises Conflict with too few people."""
    plan = take_plan(actor, plan_id, "draw")
    candidates, people = candidates_of(plan), _people(plan)
    _check_enough(candidates, people)
    seed = secrets.token_hex(16)
    taken = drawing.drawn(seed, [drawing.Candidate(row["key"], row["weight"]) for row in candidates], plan.sample)
    row = Draw.objects.create(
        tenant=plan.tenant,
        plan=plan,
        method=drawing.METHOD,
        seed=seed,
        candidates=candidates,
        people=people,
        taken=taken,
        drawn_by_id=person_of(actor),
        drawn_by=actor.name,
    )
    plan.state = PlanState.DRAWN
    plan.save(update_fields=["state"])
    found = {one["key"]: one for one in candidates}
    for no, key in enumerate(taken, start=1):
        _visit(row, no, found[key])
    note_plan(
        actor,
        plan,
        "inspections.draw",
        ActKind.DRAW,
        _("从 %(of)d 个对象中抽取 %(n)d 个。") % {"of": len(candidates), "n": len(taken)},
        method=row.method,
        seed=seed,
        taken=taken,
    )
    after_draw(actor, plan)
    return row


@transaction.atomic
def recuse(*, actor: Actor, visit_id: uuid.UUID, person_id: uuid.UUID | None = None, reason: str) -> Visit:
    """回避: an inspector steps back, or the office has him do so; the next in the order of the draw takes his place.

    Raises NotFound, Invalid, Conflict where nobody is left.
    """
    visit = take_visit(actor, visit_id, "recuse")
    whom = person_id if person_id is not None and in_office(actor) else person_of(actor)
    row = visit.inspectors.filter(person_id=whom, recused_at__isnull=True).first()
    if row is None:
        raise Invalid(_("请选择要回避的检查人员。"), field="person")
    row.recused_at, row.recused_reason = now(), said(reason)
    row.save(update_fields=["recused_at", "recused_reason"])
    _assign(visit, visit.plan.draw)
    words = _("%(name)s：%(reason)s") % {"name": row.name, "reason": row.recused_reason}
    note_visit(actor, visit, "inspections.recuse", ActKind.RECUSE, words, person=str(row.person_id))
    return visit


@transaction.atomic
def cancel_visit(*, actor: Actor, visit_id: uuid.UUID, reason: str) -> Visit:
    """取消: the target is gone (a window closed, a unit abolished); the draw itself stays as it was."""
    visit = take_visit(actor, visit_id, "cancel")
    visit.state = VisitState.CANCELLED
    visit.save(update_fields=["state"])
    note_visit(actor, visit, "inspections.cancel_visit", ActKind.CANCEL, said(reason))
    after_cancel(actor, visit)
    tell_inspectors(visit, title=_("检查取消"), body=_("%(what)s已取消。") % {"what": words_of(visit)})
    return visit


def _people(plan: Plan) -> list[dict[str, Any]]:
    """Who can be drawn: the supervisor's office, and supervisors and clerks of the units that lend people."""
    lent = identity.organisations_by_code(plan.tenant, plan.pool).values() if plan.pool else ()
    names = {unit.id: unit.name for unit in [*identity.units_with_role(plan.tenant, SUPERVISOR), *lent]}
    found = list(office_people(plan.tenant))
    for unit in lent:
        found += [one for role in _POOL_ROLES for one in identity.people_in(plan.tenant, unit.id, role)]
    rows = {
        str(one.person_id): {
            "key": str(one.person_id),
            "name": one.name,
            "org": str(one.org_id),
            "org_name": names[one.org_id],
        }
        for one in found
    }
    return [rows[key] for key in sorted(rows)]


def _check_enough(candidates: list[dict[str, Any]], people: list[dict[str, Any]]) -> None:
    """Every candidate could be inspected: found out before a seed is drawn, so that no refusal gives a second draw."""
    for org, name in {row["org"]: row["name"] for row in candidates}.items():
        if sum(one["org"] != org for one in people) < INSPECTORS:
            raise _too_few(name)


def _too_few(name: str) -> Conflict:
    return Conflict(
        _("能检查“%(name)s”的人不足 %(n)d 名（本单位的人应当回避）。请退回计划，增加抽调检查人员的单位。")
        % {"name": name, "n": INSPECTORS}
    )


def _visit(draw_row: Draw, no: int, target: dict[str, Any]) -> None:
    plan = draw_row.plan
    visit = Visit.objects.create(
        tenant=plan.tenant,
        plan=plan,
        no=no,
        number=f"{plan.number}-{no:02d}",
        target_kind=plan.target_kind,
        target_key=target["key"],
        target_name=target["name"],
        org_id=target["org"],
        org_name=target["org_name"],
    )
    _assign(visit, draw_row)


def _assign(visit: Visit, draw_row: Draw) -> None:
    """Fill up the inspectors in the order of the draw."""
    known = {str(one.person_id): one for one in visit.inspectors.all()}
    people = [drawing.Person(row["key"], row["org"]) for row in draw_row.people]
    gone = [key for key, one in known.items() if one.recused_at is not None]
    keys = drawing.inspectors_for(draw_row.seed, visit.target_key, str(visit.org_id), people, INSPECTORS, without=gone)
    if len(keys) < INSPECTORS:
        raise _too_few(visit.target_name)
    rows = {row["key"]: row for row in draw_row.people}
    for key in keys:
        if key not in known:
            _add(visit, rows[key])


def _add(visit: Visit, row: dict[str, Any]) -> None:
    Inspector.objects.create(
        tenant=visit.tenant,
        visit=visit,
        person_id=row["key"],
        name=row["name"],
        org_id=row["org"],
        org_name=row["org_name"],
        target_org_id=visit.org_id,
    )
    from_on = {"a": cn_date(visit.plan.starts_on), "b": cn_date(visit.plan.ends_on), "what": words_of(visit)}
    body = _("您被抽中参加%(what)s的检查，%(a)s至%(b)s间进行。检查以前不要告诉被检查单位。") % from_on
    tell_inspectors(visit, title=_("抽中检查任务"), body=body, only=uuid.UUID(row["key"]))
