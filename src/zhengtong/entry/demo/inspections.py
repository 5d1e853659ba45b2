"""One plan of inspections of the demonstration: three visits, one to come, one going on, one done with a finding."""

import json
from pathlib import Path

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.inspections import api as inspections

_OFFICE = ("supervisor", "supervisor.second", "leader.supervision")
_DATA = Path(__file__).parent / "data" / "inspections.json"


def load_inspections(boss: Actor) -> int:
    """The plan with its draw and what was noted, where there is no plan yet; returns how many visits were added."""
    office, second, head = (identity.find_actor(name, tenant=boss.tenant) for name in _OFFICE)
    people = {one.person_id: one for one in (office, second, head)}
    if inspections.plans(actor=office).total:
        return 0
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    # inspections go on today, wherever the rest of the demonstration is laid
    with clock.present():
        today = local_date()
        words = inspections.PlanWords(starts_on=today, ends_on=today.replace(month=12, day=31), **told["plan"])
        plan = inspections.draft_plan(actor=office, words=words)
        inspections.submit_plan(actor=office, plan_id=plan.id)
        inspections.approve_plan(actor=second, plan_id=plan.id)
        inspections.draw(actor=office, plan_id=plan.id)
        visits = inspections.queue(actor=head, name="coming").rows
        for line, notes in zip(visits[1:], told["visits"], strict=True):
            drawn = inspections.visit_view(actor=head, visit_id=line.id).inspectors
            first, *others = [people[one.person_id] for one in drawn]
            inspections.start_visit(actor=first, visit_id=line.id, place=notes["place"])
            for no, (result, remark) in enumerate(notes["points"], start=1):
                point = inspections.PointWords(result=result, remark=remark)
                inspections.record_point(actor=first, visit_id=line.id, no=no, words=point)
            for one in (first, *others) if notes["signed"] else ():
                inspections.sign_visit(actor=one, visit_id=line.id)
    return len(visits)
