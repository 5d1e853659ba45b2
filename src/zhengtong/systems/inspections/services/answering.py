"""What becomes of referrals with the plan they were taken into: looked into, answered, or back on the desk."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.contracts.inspections import ReferralAnswered
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish
from zhengtong.systems.inspections.constants import (
    REFERRAL,
    REFERRAL_LIMIT,
    ActKind,
    ReferralState,
    Result,
    TargetKind,
    VisitState,
)
from zhengtong.systems.inspections.models import Plan, Referral, Visit
from zhengtong.systems.inspections.services import limits
from zhengtong.systems.inspections.services.telling import note_referral, tell_referral


def after_change(actor: Actor, plan: Plan) -> None:
    """A plan was changed: referrals of units it draws from no longer go back to the desk."""
    units = set(plan.targets.values_list("org_id", flat=True))
    left = [row for row in _taken(plan) if row.org_id not in units]
    _release(actor, left, _("计划修改后，不再从这个单位抽取。"))


def after_draw(actor: Actor, plan: Plan) -> None:
    """The plan was drawn: each referral gets the visit that looks into it, or goes back to the desk."""
    _find_visits(actor, list(_taken(plan)), plan, _("这次没有抽中这个单位。"))


def after_cancel(actor: Actor, visit: Visit) -> None:
    """A visit was called off: another visit of the plan to that unit looks into it, or it goes back to the desk."""
    rows = list(_taken(visit.plan).filter(visit=visit))
    _find_visits(actor, rows, visit.plan, _("检查 %(number)s 已取消。") % {"number": visit.number})


def after_close(actor: Actor, visit: Visit) -> None:
    """A visit is over: its referrals show the result, and supervision is told."""
    findings = visit.findings.count()
    looked = visit.results.exclude(result=Result.NONE).count()
    words = _("督查检查 %(number)s：检查 %(n)d 条，不合格 %(bad)d 条，%(ending)s。") % {
        "number": visit.number,
        "n": looked,
        "bad": findings,
        "ending": visit.get_ending_display(),
    }
    for row in _taken(visit.plan).filter(visit=visit):
        row.state, row.outcome = ReferralState.DONE, words
        row.save(update_fields=["state", "outcome"])
        note_referral(actor, row, "inspections.answer_referral", ActKind.ANSWER, words, visit=visit.number)
        answer(row, visit.ending, office=visit.plan.org_name, number=visit.number, findings=findings)


def answer(row: Referral, ending: str, *, office: str, number: str = "", findings: int = 0) -> None:
    """Tell supervision what became of its card."""
    publish(
        ReferralAnswered(
            tenant=row.tenant,
            object_ref=ObjectRef(kind=REFERRAL, id=str(row.id)),
            at=now(),
            card_id=row.card_id,
            card_number=row.card_number,
            org_id=row.org_id,
            org_name=row.org_name,
            ending=ending,
            words=row.outcome,
            office=office,
            number=number,
            findings=findings,
        )
    )


def _taken(plan: Plan) -> "QuerySet[Referral]":
    return plan.referrals.select_for_update(of=("self",)).filter(state=ReferralState.TAKEN).order_by("id")


def _find_visits(actor: Actor, rows: list[Referral], plan: Plan, why: str) -> None:
    visits = list(plan.visits.exclude(state__in=(VisitState.CANCELLED, VisitState.CLOSED)).order_by("no"))
    left = []
    for row in rows:
        of_unit = [one for one in visits if one.org_id == row.org_id]
        of_case = [one for one in of_unit if one.target_kind == TargetKind.CASE and one.target_name == row.case_number]
        if not of_unit:
            left.append(row)
            continue
        row.visit = (of_case or of_unit)[0]
        row.save(update_fields=["visit"])
    _release(actor, left, why)


def _release(actor: Actor, rows: Iterable[Referral], why: str) -> None:
    for row in rows:
        note_referral(actor, row, "inspections.release_referral", ActKind.RELEASE, why)
        row.state, row.plan, row.visit = ReferralState.WAITING, None, None
        limits.begin_limit(row, REFERRAL_LIMIT)
        row.save()
        body = _("亮牌 %(number)s（%(org)s）退回待处理：%(why)s") % {
            "number": row.card_number,
            "org": row.org_name,
            "why": why,
        }
        tell_referral(row, title=_("督查线索退回待处理"), body=body)
