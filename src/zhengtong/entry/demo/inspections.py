"""One plan of inspections of the demonstration: three visits, one to come, one going on, one done with a finding."""

import json
from pathlib import Path

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.inspections import api as inspections

_DATA = Path(__file__).parent / "data" / "inspections.json"


def load_inspections(boss: Actor) -> int:
    """The plan with its draw and what was noted, where there is no plan yet; returns how many visits were added."""
    office = identity.find_actor("supervisor", tenant=boss.tenant)
    if inspections.plans(actor=office).total:
        return 0
    second = identity.find_actor("supervisor.second", tenant=boss.tenant)
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    # inspections go on today, wherever the rest of the demonstration is laid
    with clock.present():
        today = local_date()
        words = inspections.PlanWords(starts_on=today, ends_on=today.replace(month=12, day=31), **told["plan"])
        plan = inspections.draft_plan(actor=office, words=words)
        inspections.submit_plan(actor=office, plan_id=plan.id)
        inspections.approve_plan(actor=second, plan_id=plan.id)
        inspections.draw(actor=office, plan_id=plan.id)
        lines = inspections.queue(actor=office, name="coming").rows
        for line, notes in zip(lines[1:], told["visits"], strict=True):
            inspections.start_visit(actor=office, visit_id=line.id, place=notes["place"])
            for no, (result, remark) in enumerate(notes["points"], start=1):
                point = inspections.PointWords(result=result, remark=remark)
                inspections.record_point(actor=office, visit_id=line.id, no=no, words=point)
            if notes["signed"]:
                inspections.sign_visit(actor=office, visit_id=line.id)
                inspections.sign_visit(actor=second, visit_id=line.id)
    return len(lines)
