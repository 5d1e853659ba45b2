"""What a decision rests on, gathered for who signs it."""

from zhengtong.systems.service_hall.constants import PromiseKind
from zhengtong.systems.service_hall.rules.deciding import Point, points
from zhengtong.systems.service_hall.selectors.applications import ApplicationView
from zhengtong.systems.service_hall.selectors.promised import live_pledge
from zhengtong.systems.service_hall.selectors.promises import owed_of
from zhengtong.systems.service_hall.selectors.special import open_special_step

_ASKED = ("given", "missing", "may_follow", "if_applies")


def decision_points(view: ApplicationView) -> list[Point]:
    """Reviews, materials, what is still open and what came late, of an application the reader may see."""
    case = view.case
    if case is None:
        return []
    reviews = [item for item in case.work_items if item.phase == "review" and not item.adhoc]
    done = {(item.node, item.item): item for item in reviews if item.status == "done"}
    late = [item.org_name for item in done.values() if item.due_at and item.done_at and item.done_at > item.due_at]
    pledge = live_pledge(view.row, PromiseKind.TOLERANCE)
    waits = [open_special_step(view.row)]
    if case.hearing is not None and case.hearing.bars_decision:
        waits.append(case.hearing.sentence)
    asked = [material for material in view.materials if material.state in _ASKED]
    return points(
        verdicts=[(item.org_name, item.outcome) for item in done.values()],
        materials=(sum(material.state == "given" for material in asked), len(asked)),
        waits=[text for text in waits if text],
        owed=[one.name for one in owed_of(pledge.owed) if not one.given] if pledge is not None else [],
        late_units=list(dict.fromkeys(late)),
        returned=sum(item.status == "done" for item in reviews) - len(done),
    )
