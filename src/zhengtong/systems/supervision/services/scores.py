"""Scores of a month: worked out as often as wanted, frozen by one supervisor, published by another, corrected by a
further version with a reason; units are told and may appeal.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import (
    SCORE_KIND,
    SUPERVISOR,
    UNIT_ROLES,
    AppealState,
    FormulaState,
    ScoreState,
    SubjectKind,
)
from zhengtong.systems.supervision.models import ScoreAppeal, ScoreFormula, ScoreRow, ScoreRun
from zhengtong.systems.supervision.rules.score_subjects import MonthRows, Scored, scored
from zhengtong.systems.supervision.selectors.score_inputs import first_of, input_labels, month_after, month_rows
from zhengtong.systems.supervision.services.moving import checked

APPEAL_DAYS = parameters.declare(
    "supervision.score_appeal_days",
    default=5,
    label="对公布的得分提出申诉的期限",
    unit="工作日",
    source="地方绩效测评办法",
    confirmed=False,
)
_CENT = Decimal("0.01")


def formula_in_force(tenant: str, key: str) -> ScoreFormula:
    """The version of a formula that scores now; raises NotFound."""
    found = ScoreFormula.objects.filter(tenant=tenant, key=key, state=FormulaState.ENABLED).first()
    if found is None:
        raise NotFound(_("没有启用这个评分办法。请先在“评分办法”中起草并由另一人批准启用。"))
    return found


def compute_scores(*, actor: Actor, month: dt.date, key: str) -> ScoreRun:
    """Work a month out under the formula in force; takes the place of the last working out, nothing is frozen.

    Raises NotPermitted, NotFound, Conflict for a month that has not begun.
    """
    permissions.check_supervisor(actor)
    month = _begun(month)
    with transaction.atomic():
        _lock(actor.tenant, month, key)
        formula = formula_in_force(actor.tenant, key)
        return _worked_out(actor.tenant, month, formula, month_rows(actor.tenant, month))


def _begun(month: dt.date) -> dt.date:
    month = first_of(month)
    if month > local_date():
        raise Conflict(_("这个月份还没有开始。"))
    return month


def _lock(tenant: str, month: dt.date, key: str) -> None:
    """One at a time for a month of a formula, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"supervision.scores {tenant} {month} {key}"])


def _worked_out(tenant: str, month: dt.date, formula: ScoreFormula, rows: MonthRows) -> ScoreRun:
    old = ScoreRun.objects.filter(tenant=tenant, month=month, formula_key=formula.key, state=ScoreState.COMPUTED)
    old.delete()
    run = ScoreRun.objects.create(
        tenant=tenant,
        month=month,
        formula=formula,
        formula_key=formula.key,
        version=0,
        inputs_digest=rows.digest(),
        inputs_count=rows.count,
    )
    found = scored(rows, formula.content, input_labels())
    ScoreRow.objects.bulk_create([row_of(run, one, formula.content) for one in found], batch_size=500)
    return run


def row_of(run: ScoreRun, one: Scored, content: Mapping[str, Any]) -> ScoreRow:
    """A subject's row, not yet written."""
    total = one.score.total
    return ScoreRow(
        tenant=run.tenant,
        run=run,
        kind=SubjectKind(one.subject.kind),
        key=one.subject.key[:130],
        name=one.subject.name[:200],
        org_id=uuid.UUID(one.subject.org_id) if one.subject.org_id else None,
        org_name=one.subject.org_name,
        total=None if total is None else total.quantize(_CENT, rounding=ROUND_HALF_UP),
        place=one.place,
        sentence=one.score.sentence,
        detail=one.detail(content),
    )


@transaction.atomic
def propose_scores(*, actor: Actor, month: dt.date, key: str, reason: str = "") -> ScoreRun:
    """冻结: the month as it stands now becomes the next version, for a second supervisor to publish.

    A correction of a published month keeps its formula version and needs a reason. Raises NotPermitted, NotFound,
    Conflict, Invalid.
    """
    permissions.check_supervisor(actor)
    proposer, month = permissions.person_of(actor), _begun(month)
    if month_after(month) > local_date():
        raise Conflict(_("这个月还没有结束，月底以后才能冻结公布。"))
    _lock(actor.tenant, month, key)
    runs = ScoreRun.objects.filter(tenant=actor.tenant, month=month, formula_key=key)
    if runs.filter(state=ScoreState.PROPOSED).exists():
        raise Conflict(_("这个月已经有一份冻结的得分在等待核准。"))
    published = runs.filter(state=ScoreState.PUBLISHED).select_related("formula").first()
    rows = month_rows(actor.tenant, month)
    newest = runs.exclude(state=ScoreState.COMPUTED).order_by("-version").first()
    words = checked(reason) if published or reason.strip() else ""
    if newest is not None and not words:
        words = _("前一版没有核准，重新冻结。")
    if published is not None and published.inputs_digest == rows.digest():
        raise Conflict(_("这个月的数据与已公布的一版完全相同，没有需要更正的内容。"))
    formula = published.formula if published else formula_in_force(actor.tenant, key)
    run = _worked_out(actor.tenant, month, formula, rows)
    run.state, run.version = ScoreState.PROPOSED, (newest.version + 1 if newest else 1)
    run.reason, run.proposed_by_id, run.proposed_by = words, proposer, actor.name
    run.proposed_for_id, run.proposed_post, run.proposed_org = actor.delegator_id, actor.post_name, actor.org_name
    run.save()
    _record(actor, run, "supervision.propose_scores", {"reason": words})
    return run


@transaction.atomic
def decide_scores(*, actor: Actor, run_id: uuid.UUID, agreed: bool, reason: str, digest: str) -> ScoreRun:
    """核准公布: a second supervisor publishes exactly the rows he saw, or refuses; units are told.

    Raises NotPermitted, NotFound, Conflict, Invalid.
    """
    permissions.check_supervisor(actor)
    found = ScoreRun.objects.filter(tenant=actor.tenant, pk=run_id).first()
    if found is None or found.proposed_by_id is None:
        raise NotFound(_("没有找到这一份冻结的得分。"))
    _lock(actor.tenant, found.month, found.formula_key)
    run = ScoreRun.objects.select_for_update().get(pk=found.pk)
    if run.state != ScoreState.PROPOSED:
        raise Conflict(_("这一份得分已经由%(who)s处理。") % {"who": run.decided_by})
    second_person(actor, found.proposed_by_id, found.proposed_for_id)
    if digest != run.inputs_digest:
        raise Conflict(_("得分与您看到的不一致，没有公布。请刷新页面重新查看。"))
    words = checked(reason)
    if agreed:
        ScoreRun.objects.filter(
            tenant=run.tenant, month=run.month, formula_key=run.formula_key, state=ScoreState.PUBLISHED
        ).update(state=ScoreState.SUPERSEDED)
        days = int(parameters.value("supervision.score_appeal_days", tenant=run.tenant))
        run.appeal_until = cases.calendar_of(run.tenant).add_workdays(local_date(), days)
    run.state = ScoreState.PUBLISHED if agreed else ScoreState.REFUSED
    run.decided_by_id, run.decided_by, run.decided_post = actor.person_id, actor.name, actor.post_name
    run.decided_at, run.decision = now(), words
    run.save()
    _record(actor, run, "supervision.publish_scores" if agreed else "supervision.refuse_scores", {"reason": words})
    if agreed:
        _tell_units(run)
    return run


def second_person(actor: Actor, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None) -> None:
    """Another supervisor than the first one, whom the platform cannot be."""
    if first_id is None:
        raise NotPermitted(_("没有提出的人，不能核准。"))
    permissions.check_second(actor, first_id, stood_for_id)


def _tell_units(run: ScoreRun) -> None:
    for row in run.rows.filter(kind=SubjectKind.UNIT, org_id__isnull=False):
        score = _("第 %(n)d 名") % {"n": row.place} if row.total is None else _("%(t)s 分") % {"t": shown_total(row)}
        title = _("%(month)s监察得分已公布：%(score)s") % {"month": month_words(run.month), "score": score}
        if run.version > 1:
            title = _("%(month)s监察得分已更正：%(score)s") % {"month": month_words(run.month), "score": score}
        body = _("本单位排第 %(n)d 名。有异议的，可以在%(day)s前提出申诉。") % {
            "n": row.place,
            "day": f"{run.appeal_until:%Y-%m-%d}" if run.appeal_until else "",
        }
        if row.org_id is not None:
            _tell(run, row.org_id, title, f"{body}\n{row.sentence}")


def _tell(run: ScoreRun, org_id: uuid.UUID, title: str, body: str) -> None:
    people = {one.person_id for role in UNIT_ROLES for one in identity.people_in(run.tenant, org_id, role)}
    for person_id in sorted(people):
        notify.send_message(
            tenant=run.tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=SCORE_KIND, id=str(run.id)),
            link=reverse("supervision_scores:unit", args=[org_id]),
        )


def shown_total(row: ScoreRow) -> str:
    """A stored total without needless zeros."""
    return "—" if row.total is None else f"{row.total.normalize():f}"


def month_words(month: dt.date) -> str:
    """2026年10月."""
    return _("%(y)d年%(m)d月") % {"y": month.year, "m": month.month}


@transaction.atomic
def appeal_score(*, actor: Actor, run_id: uuid.UUID, text: str) -> ScoreAppeal:
    """A unit says why its published score is wrong, within the days for it. Raises NotPermitted, NotFound, Conflict."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*UNIT_ROLES):
        raise NotPermitted(_("由被评单位的经办人、审查人或负责人提出申诉。"))
    # of two who appeal at once the second finds what the first has filed
    found = ScoreRun.objects.select_for_update().filter(tenant=actor.tenant, pk=run_id)
    run = found.filter(state=ScoreState.PUBLISHED).first()
    if run is None or not run.rows.filter(kind=SubjectKind.UNIT, org_id=actor.org_id).exists():
        raise NotFound(_("没有找到本单位在这一版中的得分，它可能已经由更正版代替。"))
    if run.appeal_until is None or local_date() > run.appeal_until:
        raise Conflict(_("这个月的申诉期限已过。如发现亮牌有误，请在亮牌页面提出，撤销以后得分会出更正版。"))
    words = checked(text, field="text")
    if run.appeals.filter(org_id=actor.org_id, state=AppealState.FILED).exists():
        raise Conflict(_("本单位对这个月的得分已经提出申诉，正在等待答复。"))
    appeal = ScoreAppeal.objects.create(
        tenant=run.tenant, run=run, org_id=actor.org_id, org_name=actor.org_name, text=words, filed_by=actor.name
    )
    _record(actor, run, "supervision.appeal_score", {"org": actor.org_name, "text": words})
    return appeal


@transaction.atomic
def answer_appeal(*, actor: Actor, appeal_id: uuid.UUID, upheld: bool, answer: str) -> ScoreAppeal:
    """A supervisor of another unit answers; where the appeal holds, the card or input is put right and the month
    gets a further version.
    """
    permissions.check_supervisor(actor)
    appeal = ScoreAppeal.objects.select_for_update().filter(tenant=actor.tenant, pk=appeal_id).first()
    if appeal is None:
        raise NotFound(_("没有找到这份申诉。"))
    if actor.org_id == appeal.org_id:
        raise NotPermitted(_("这是您所在单位的申诉，应当回避，请由其他监察员答复。"))
    if appeal.state != AppealState.FILED:
        raise Conflict(_("这份申诉已经由%(who)s答复。") % {"who": appeal.answered_by})
    appeal.answer = checked(answer, field="answer")
    appeal.state = AppealState.UPHELD if upheld else AppealState.REFUSED
    appeal.answered_by, appeal.answered_at = actor.name, now()
    appeal.save()
    _record(actor, appeal.run, "supervision.answer_appeal", {"upheld": upheld, "answer": appeal.answer})
    title = _("得分申诉%(state)s：%(month)s") % {
        "state": appeal.get_state_display(),
        "month": month_words(appeal.run.month),
    }
    _tell(appeal.run, appeal.org_id, title, appeal.answer)
    return appeal


def tend_scores(actor: Actor) -> int:
    """Work out this month and the one before under every formula in force, unless it is frozen; returns how many."""
    done, this = 0, first_of(local_date())
    for formula in ScoreFormula.objects.filter(tenant=actor.tenant, state=FormulaState.ENABLED):
        for month in (month_after(this, -1), this):
            frozen = ScoreRun.objects.filter(tenant=actor.tenant, month=month, formula_key=formula.key, version__gt=0)
            if not frozen.exclude(state=ScoreState.REFUSED).exists():
                compute_scores(actor=actor, month=month, key=formula.key)
                done += 1
    return done


def _record(actor: Actor, run: ScoreRun, act: str, more: Mapping[str, Any]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=SCORE_KIND, id=str(run.id)),
        payload={
            "month": f"{run.month:%Y-%m}",
            "formula": run.formula_key,
            "formula_version": run.formula.version,
            "version": run.version,
            "digest": run.inputs_digest,
            **more,
        },
    )


def may_publish(actor: Actor, run: ScoreRun) -> bool:
    """Whether this supervisor is the second person of a frozen run."""
    waiting = run.state == ScoreState.PROPOSED and actor.kind == "official" and actor.has_role(SUPERVISOR)
    return waiting and identity.is_second_person(actor, run.proposed_by_id, run.proposed_for_id)
