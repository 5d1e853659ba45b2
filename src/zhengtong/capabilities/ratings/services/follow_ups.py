"""差评整改: opened with a bad rating; contact, rectification, the second rating, or a judgement not to count it."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ratings import permissions
from zhengtong.capabilities.ratings.constants import (
    AGAIN_WITHIN,
    ANSWER_MAX,
    ANSWER_MIN,
    COMPLEX_LIMIT,
    CONTACT_LIMIT,
    FOLLOW_UP_KIND,
    OPEN_STATES,
    SIMPLE_LIMIT,
    ActKind,
    FollowUpState,
    Means,
    Turn,
    Verdict,
)
from zhengtong.capabilities.ratings.models import FollowUp, FollowUpAct, Rating
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.capabilities.ratings.rules.follow_up import Limits, NotAllowed, due_after, due_dates, next_state
from zhengtong.capabilities.ratings.rules.grades import is_bad
from zhengtong.capabilities.ratings.selectors.subjects import calendar_of
from zhengtong.capabilities.ratings.services.telling import event_fields, tell_rater, tell_unit, unit_words
from zhengtong.contracts.ratings import BadRatingAnswered, BadRatingClosed, BadRatingDue, BadRatingJudged
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui.formats import cn_date


def after_rating(rating: Rating, subject: RateableSubject) -> None:
    """What follows from a rating just given, in its transaction."""
    same = FollowUp.objects.select_for_update().filter(
        tenant=rating.tenant,
        subject_kind=rating.subject_kind,
        subject_id=rating.subject_id,
        service=rating.service,
        state__in=OPEN_STATES,
    )
    row = same.first()
    if rating.turn == Turn.AGAIN:
        if row is None or row.state != FollowUpState.RECTIFIED:
            raise Conflict(_("现在不能再次评价：单位还没有报告整改，或者已经再次评价过。"))
        write_act(row, None, ActKind.AGAIN, _said(rating))
        close(row, again=rating.grade)
    elif row is not None:
        write_act(row, None, ActKind.LATER, _said(rating))
        tell_unit(row, title=_("差评的评价人追评"), body=_("%(what)s有了追评。") % {"what": unit_words(row)})
    elif is_bad(rating.grade):
        _open(rating)


def _said(rating: Rating) -> str:
    return f"{rating.get_grade_display()}。{rating.text}".strip()


def _open(rating: Rating) -> FollowUp:
    days = parameters.values(CONTACT_LIMIT, SIMPLE_LIMIT, COMPLEX_LIMIT, tenant=rating.tenant)
    limits = Limits(int(days[CONTACT_LIMIT]), int(days[SIMPLE_LIMIT]), int(days[COMPLEX_LIMIT]))
    today = local_date()
    contact_due, rectify_due = due_dates(today, limits, calendar_of(rating.tenant), is_complex=False)
    row = FollowUp.objects.create(
        tenant=rating.tenant,
        rating=rating,
        subject_kind=rating.subject_kind,
        subject_id=rating.subject_id,
        service=rating.service,
        org_id=rating.org_id,
        org_name=rating.org_name,
        opened_on=today,
        contact_days=limits.contact,
        simple_days=limits.simple,
        complex_days=limits.complex,
        contact_due_at=contact_due,
        rectify_due_at=rectify_due,
        projected_on=today,
    )
    publish(BadRatingDue(**event_fields(rating, at=now(), org=row), stage="contact", due_at=contact_due))
    tell_unit(
        row,
        title=_("收到差评，请联系评价人"),
        body=_("%(what)s收到“%(grade)s”。请最迟在%(due)s联系评价人，了解情况并记下经过。")
        % {"what": unit_words(row), "grade": rating.get_grade_display(), "due": cn_date(row.contact_by)},
    )
    return row


@transaction.atomic
def record_contact(
    *, actor: Actor, follow_up_id: uuid.UUID, means: str, reached: bool, text: str, is_complex: bool = False
) -> FollowUp:
    """回访: the person was spoken to (or not), how, and what was said; ``is_complex`` takes the longer limit.

    Raises NotFound, NotPermitted, Conflict, Invalid.
    """
    row = locked(actor, follow_up_id)
    words = _words(text, _("请写明联系的经过"))
    if means not in Means.values:
        raise Invalid(_("请选择回访方式。"), field="means")
    kind = ActKind.CONTACT if reached else ActKind.NOT_REACHED
    row.state = _next(row, kind)
    if reached and row.contacted_at is None:
        row.contacted_at = now()
        publish(
            BadRatingAnswered(
                **event_fields(row.rating, at=now(), org=row), stage="contact", in_time=now() <= row.contact_due_at
            )
        )
    if reached and is_complex and not row.is_complex:
        row.is_complex = True
        row.rectify_due_at = due_after(row.opened_on, row.complex_days, calendar_of(row.tenant))
    row.save()
    write_act(row, actor, kind, words, means=means)
    if reached:
        publish(BadRatingDue(**event_fields(row.rating, at=now(), org=row), stage="rectify", due_at=row.rectify_due_at))
    if reached and means == Means.MESSAGE:
        tell_rater(row.rating, title=_("%(org)s就您的评价答复") % {"org": row.org_name}, body=words)
    return row


@transaction.atomic
def report_rectified(*, actor: Actor, follow_up_id: uuid.UUID, text: str) -> FollowUp:
    """整改: what was put right, told to the person, who may now rate once more. Raises as ``record_contact``."""
    row = locked(actor, follow_up_id)
    words = _words(text, _("请写明整改的情况和结果"))
    row.state = _next(row, ActKind.RECTIFY)
    row.rectified_at = now()
    days = int(parameters.value(AGAIN_WITHIN, tenant=row.tenant))
    row.again_due_at = due_after(local_date(), days, calendar_of(row.tenant))
    row.asked_verdict, row.asked_by, row.asked_by_id, row.asked_for_id = "", "", None, None
    row.save()
    write_act(row, actor, ActKind.RECTIFY, words)
    publish(
        BadRatingAnswered(
            **event_fields(row.rating, at=now(), org=row), stage="rectify", in_time=now() <= row.rectify_due_at
        )
    )
    tell_rater(
        row.rating,
        title=_("您反映的问题已经整改，请再次评价"),
        body=_("%(org)s：%(words)s\n您最迟可以在%(day)s再次评价。")
        % {"org": row.org_name, "words": words, "day": cn_date(row.again_by)},
    )
    return row


@transaction.atomic
def ask_exclusion(*, actor: Actor, follow_up_id: uuid.UUID, verdict: str, reason: str) -> FollowUp:
    """Ask a second person to judge that the rating is not counted; the limits run on meanwhile."""
    row = locked(actor, follow_up_id)
    words = _words(reason, _("请写明理由和依据"))
    if verdict not in Verdict.values:
        raise Invalid(_("请选择申请认定的类别。"), field="verdict")
    row.state = _next(row, ActKind.ASK)
    row.asked_verdict, row.asked_by, row.asked_by_id = verdict, actor.name, actor.person_id
    row.asked_for_id = actor.delegator_id
    row.save()
    write_act(row, actor, ActKind.ASK, f"{Verdict(verdict).label}：{words}")
    tell_unit(
        row,
        title=_("有差评等您认定是否计入"),
        body=_("%(name)s申请把%(what)s的差评认定为“%(verdict)s”，请由申请人以外的负责人核定。")
        % {"name": actor.name, "what": unit_words(row), "verdict": Verdict(verdict).label},
        leaders_only=True,
        but={actor.person_id, actor.delegator_id},
    )
    return row


@transaction.atomic
def judge(*, actor: Actor, follow_up_id: uuid.UUID, exclude: bool, reason: str) -> FollowUp:
    """The second person's word: not counted (it stays visible, with the reason), or counted and to be put right."""
    row = locked(actor, follow_up_id)
    permissions.check_judge(actor, row)
    words = _words(reason, _("请写明认定的理由"))
    kind = ActKind.EXCLUDE if exclude else ActKind.KEEP
    row.state = _next(row, kind)
    if exclude:
        row.verdict, row.verdict_reason, row.closed_at = row.asked_verdict, words, now()
        row.judged_by, row.judged_by_id = actor.name, actor.person_id
    else:
        row.asked_verdict, row.asked_by, row.asked_by_id, row.asked_for_id = "", "", None, None
    row.save()
    write_act(row, actor, kind, words)
    publish(BadRatingJudged(**event_fields(row.rating, at=now(), org=row), verdict=row.verdict))
    if exclude:
        tell_rater(
            row.rating,
            title=_("您的评价经认定不计入统计"),
            body=_("%(org)s认定为“%(verdict)s”：%(words)s\n评价仍然保留可查。如不同意，可以拨打监督电话反映。")
            % {"org": row.org_name, "verdict": row.get_verdict_display(), "words": words},
        )
    return row


@transaction.atomic
def read_contact(*, actor: Actor, follow_up_id: uuid.UUID) -> identity.PersonContact:
    """Name and telephone of who rated, for the call-back; each reading is recorded. Not for an anonymous rating."""
    row = locked(actor, follow_up_id)
    rating = row.rating
    if rating.anonymous or rating.person_id is None or row.state not in OPEN_STATES:
        raise NotPermitted(_("评价人没有向单位公开身份，或者整改已经结束，不能查看联系方式。可以在评价页面答复。"))
    purpose = _("差评回访")
    _to_ledger(actor, row, "ratings.read_contact", {}, purpose=purpose)
    return identity.person_contact(rating.person_id, actor=actor, purpose=purpose)


def close(row: FollowUp, *, again: str = "") -> None:
    """End a locked follow-up whose matter was put right; with the grade of the second rating, if there was one."""
    row.state = FollowUpState.CLOSED
    row.closed_at = now()
    row.save()
    if not again:
        write_act(row, None, ActKind.CLOSE, _("评价人没有在期限内再次评价，整改办结。"))
    publish(BadRatingClosed(**event_fields(row.rating, at=now(), org=row), again=again))


def write_act(row: FollowUp, actor: Actor | None, kind: str, text: str, *, means: str = "") -> None:
    """Append an act in words and record it; without an actor it is the platform's or the rater's."""
    FollowUpAct.objects.create(
        tenant=row.tenant,
        follow_up=row,
        no=row.acts.count() + 1,
        kind=kind,
        means=means,
        text=text,
        person_id=actor.person_id if actor else None,
        person_name=actor.name if actor else _("评价人") if kind in (ActKind.AGAIN, ActKind.LATER) else _("系统"),
        post_name=actor.post_name if actor else "",
        org_name=actor.org_name if actor else "",
    )
    if kind not in (ActKind.AGAIN, ActKind.LATER):
        _to_ledger(actor or system(row.tenant), row, f"ratings.{kind}", {"state": str(row.state), "text": text})


def _to_ledger(actor: Actor, row: FollowUp, act: str, payload: dict[str, Any], *, purpose: str = "") -> None:
    ref = ObjectRef(kind=FOLLOW_UP_KIND, id=str(row.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, purpose=purpose)


def locked(actor: Actor, follow_up_id: uuid.UUID) -> FollowUp:
    """The follow-up, locked, for an official of its unit; NotFound and NotPermitted else."""
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("rating")
    row = rows.filter(permissions.visible_follow_ups(actor), pk=follow_up_id).first()
    if row is None:
        raise NotFound(_("没有找到这个差评，或者它的责任单位不是您所在的单位。"))
    permissions.check_unit(actor, row)
    return row


def _next(row: FollowUp, kind: str) -> str:
    try:
        return next_state(row.state, str(kind), asked=bool(row.asked_verdict))
    except NotAllowed as refusal:
        raise Conflict(str(refusal)) from refusal


def _words(text: str, wanted: str) -> str:
    words = text.replace("\x00", "").strip()
    if len(words) < ANSWER_MIN:
        raise Invalid(_("%(wanted)s，至少 %(n)d 个字。") % {"wanted": wanted, "n": ANSWER_MIN}, field="text")
    if len(words) > ANSWER_MAX:
        raise Invalid(_("内容超过 %(n)d 个字，请删减后再提交。") % {"n": ANSWER_MAX}, field="text")
    return words
