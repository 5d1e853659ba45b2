"""The door of inspections for other apps."""

from zhengtong.systems.inspections.selectors.desk import waiting
from zhengtong.systems.inspections.selectors.draws import DrawView, draw_view
from zhengtong.systems.inspections.selectors.figures import public_plans, public_totals, statistics, units_visited
from zhengtong.systems.inspections.selectors.pages import plans, plans_waiting, queue, visit_view
from zhengtong.systems.inspections.selectors.referrals import referral_view, referrals, referrals_waiting
from zhengtong.systems.inspections.services.drawing import cancel_visit, draw, recuse
from zhengtong.systems.inspections.services.planning import (
    PlanWords,
    approve_plan,
    change_plan,
    draft_plan,
    finish_plan,
    return_plan,
    submit_plan,
)
from zhengtong.systems.inspections.services.reading import open_file
from zhengtong.systems.inspections.services.rectifying import (
    MeasureWords,
    acknowledge,
    issue_notice,
    report,
    review,
)
from zhengtong.systems.inspections.services.referring import draft_for_referral, look_again, set_aside, take_up
from zhengtong.systems.inspections.services.visiting import PointWords, record_point, sign_visit, start_visit
from zhengtong.systems.inspections.services.watching import tick

__all__ = [
    "DrawView",
    "MeasureWords",
    "PlanWords",
    "PointWords",
    "acknowledge",
    "approve_plan",
    "cancel_visit",
    "change_plan",
    "draft_for_referral",
    "draft_plan",
    "draw",
    "draw_view",
    "finish_plan",
    "issue_notice",
    "look_again",
    "open_file",
    "plans",
    "plans_waiting",
    "public_plans",
    "public_totals",
    "queue",
    "record_point",
    "recuse",
    "referral_view",
    "referrals",
    "referrals_waiting",
    "report",
    "return_plan",
    "review",
    "set_aside",
    "sign_visit",
    "start_visit",
    "statistics",
    "submit_plan",
    "take_up",
    "tick",
    "units_visited",
    "visit_view",
    "waiting",
]
