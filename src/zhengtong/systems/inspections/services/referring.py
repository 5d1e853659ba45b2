"""Cards that supervision refers: they come in, are taken into a plan, or set aside with a second look."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.supervision import CardMoved
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import POINTS_MAX, REFERRAL_LIMIT, ActKind, PlanState, ReferralState
from zhengtong.systems.inspections.models import CheckPoint, Plan, Referral
from zhengtong.systems.inspections.rules import referring
from zhengtong.systems.inspections.selectors.referrals import facts_of, find_referral, referral_acts
from zhengtong.systems.inspections.services import limits
from zhengtong.systems.inspections.services.answering import answer
from zhengtong.systems.inspections.services.planning import PlanWords, draft_plan, sign_as_author
from zhengtong.systems.inspections.services.taking import said, take_plan
from zhengtong.systems.inspections.services.telling import note_plan, note_referral, tell_referral


def receive(events: Sequence[CardMoved]) -> None:
    """Cards referred come to the desk; one whose card is cancelled says so. The outbox opened the transaction."""
    for event in events:
        if event.act == "transfer":
            _take_in(event)
        elif event.state == "cancelled":
            _say_void(event)


@transaction.atomic
def take_up(*, actor: Actor, referral_id: uuid.UUID, plan_id: uuid.UUID) -> Referral:
    """列入一份起草中的计划: one point about the card is added to it; who does so is the author of the plan now.

    Raises NotFound, NotPermitted, Conflict, Invalid.
    """
    row = _take(actor, referral_id, "take")
    plan = take_plan(actor, plan_id, "change")
    if not plan.targets.filter(org_id=row.org_id).exists():
        raise Invalid(
            _("这份计划不从%(org)s抽取，请选择别的计划或者起草专项督查。") % {"org": row.org_name}, field="plan"
        )
    last = plan.points.aggregate(last=Max("no"))["last"] or 0
    if last >= POINTS_MAX:
        raise Conflict(_("这份计划已经有 %(n)d 条检查要点，不能再加，请起草专项督查。") % {"n": last})
    title, look_at, evidence = referring.points_of(facts_of(row))[0]
    CheckPoint.objects.create(
        tenant=plan.tenant, plan=plan, no=last + 1, title=title, look_at=look_at, evidence=evidence
    )
    sign_as_author(actor, plan)
    plan.save(update_fields=["made_by_id", "made_by", "made_for_id"])
    note_plan(actor, plan, "inspections.change_plan", ActKind.CHANGE, _("增加一条检查要点。"), point=title)
    _into(actor, row, plan)
    return row


@transaction.atomic
def draft_for_referral(*, actor: Actor, referral_id: uuid.UUID, words: PlanWords) -> Plan:
    """起草专项督查 about a referred card. Raises NotFound, NotPermitted, Conflict, Invalid."""
    row = _take(actor, referral_id, "take")
    plan = draft_plan(actor=actor, words=words)
    if not plan.targets.filter(org_id=row.org_id).exists():
        sentence = _("抽取的对象里要有%(org)s。") % {"org": row.org_name}
        raise Invalid(sentence, errors={"targets": sentence})
    _into(actor, row, plan)
    return plan


@transaction.atomic
def set_aside(*, actor: Actor, referral_id: uuid.UUID, reason: str) -> Referral:
    """提出不列入督查, with a reason; a second person looks at it. Raises NotFound, Conflict, Invalid."""
    row = _take(actor, referral_id, "aside")
    row.state, row.aside_reason = ReferralState.ASIDE, said(reason)
    row.aside_by_id, row.aside_by = permissions.person_of(actor), actor.name
    row.aside_for_id = actor.delegator_id
    row.second_by_id, row.second_by = None, ""
    row.save()
    note_referral(actor, row, "inspections.set_aside_referral", ActKind.ASIDE, row.aside_reason)
    body = _("%(who)s提出亮牌 %(number)s（%(org)s）不列入督查，请另一人复核：%(reason)s") % {
        "who": actor.name,
        "number": row.card_number,
        "org": row.org_name,
        "reason": row.aside_reason,
    }
    tell_referral(row, title=_("督查线索待复核"), body=body, without=actor.person_id)
    return row


@transaction.atomic
def look_again(*, actor: Actor, referral_id: uuid.UUID, agreed: bool, reason: str) -> Referral:
    """复核 by a second person: agreed, and supervision is told; or the referral is waiting again, its limit goes on.

    Raises NotFound, NotPermitted, Conflict, Invalid.
    """
    row = _take(actor, referral_id, "second")
    refused = _("提出不列入的人不能复核，请由另一位监察员复核。")
    identity.check_second_person(actor, row.aside_by_id, row.aside_for_id, refused)
    words = said(reason)
    row.second_by_id, row.second_by = permissions.person_of(actor), actor.name
    if agreed:
        row.state = ReferralState.DROPPED
        row.outcome = _("不另行督查：%(reason)s") % {"reason": row.aside_reason}
        limits.end_limit(row)
        row.save()
        note_referral(actor, row, "inspections.agree_aside", ActKind.AGREE, words)
        answer(row, "aside", office=actor.org_name)
    else:
        row.state = ReferralState.WAITING
        row.save()
        note_referral(actor, row, "inspections.reopen_referral", ActKind.REOPEN, words)
        tell_referral(row, title=_("督查线索继续处理"), body=words, without=actor.person_id)
    return row


def _take_in(event: CardMoved) -> None:
    """One per card: a card referred once more after its result is waiting again, with a limit of its own."""
    row = Referral.objects.select_for_update().filter(tenant=event.tenant, card_id=event.card_id).first()
    again = row is not None
    row = row or Referral(tenant=event.tenant, card_id=event.card_id, card_number=event.card_number)
    row.rule_key, row.rule_name = event.rule_key, event.rule_name or event.rule_key
    row.card_level, row.case_number = event.level, event.case_number
    row.org_id, row.org_name = event.org_id, event.org_name
    row.reason, row.referred_at = event.to_inspect, event.at
    if not again or row.state in (ReferralState.DONE, ReferralState.DROPPED):
        row.state, row.plan, row.visit, row.outcome = ReferralState.WAITING, None, None, ""
        limits.begin_limit(row, REFERRAL_LIMIT)
    row.save()
    boss = system(row.tenant)
    note_referral(boss, row, "inspections.receive_referral", ActKind.REFER, row.reason, org=row.org_name)
    body = _("%(org)s的%(level)s %(number)s（%(rule)s）转督查：%(reason)s") % {
        "org": row.org_name,
        "level": row.get_card_level_display(),
        "number": row.card_number,
        "rule": row.rule_name,
        "reason": row.reason,
    }
    tell_referral(row, title=_("收到督查线索"), body=body)


def _say_void(event: CardMoved) -> None:
    over = (ReferralState.DONE, ReferralState.DROPPED)
    row = Referral.objects.filter(tenant=event.tenant, card_id=event.card_id).exclude(state__in=over).first()
    if row is not None:
        words = _("亮牌已经撤销，请决定是否还要督查。")
        note_referral(system(row.tenant), row, "inspections.void_referral", ActKind.VOID, words)
        tell_referral(row, title=_("督查线索的亮牌已撤销"), body=f"{row.card_number}：{words}")


def _take(actor: Actor, referral_id: uuid.UUID, act: str) -> Referral:
    """For one act, locked. Raises NotFound, NotPermitted, Conflict."""
    find_referral(actor, referral_id)
    permissions.check_office(actor)
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
    if row.org_id == actor.org_id:
        raise NotFound(_("没有找到这条督查线索。"))
    if act not in referral_acts(actor, row) and not (act == "second" and row.state == ReferralState.ASIDE):
        raise Conflict(
            _("这条线索现在是“%(state)s”，不能这样办理。请刷新页面后再看。") % {"state": row.get_state_display()}
        )
    return row


def _into(actor: Actor, row: Referral, plan: Plan) -> None:
    if plan.state != PlanState.DRAFT:
        raise Conflict(_("只有起草中的计划才能列入督查线索。"))
    row.state, row.plan = ReferralState.TAKEN, plan
    kept = limits.end_limit(row)
    row.save()
    words = _("列入督查计划 %(number)s。") % {"number": plan.number}
    note_referral(actor, row, "inspections.take_referral", ActKind.TAKE, words, plan=plan.number, in_time=kept)
