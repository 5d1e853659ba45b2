"""A plan is drafted, changed, submitted, approved by a second person or sent back, and finished."""

import dataclasses
import datetime as dt
import uuid

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.inspections import PlanApproved
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import (
    LEADER,
    POINTS_MAX,
    TARGETS_MAX,
    TITLE_MAX,
    ActKind,
    PlanKind,
    PlanState,
    TargetKind,
    VisitState,
)
from zhengtong.systems.inspections.models import CheckPoint, Plan, Target
from zhengtong.systems.inspections.rules.going import lines_of
from zhengtong.systems.inspections.services.answering import after_change
from zhengtong.systems.inspections.services.taking import said, take_plan
from zhengtong.systems.inspections.services.telling import note_plan, plan_fields, tell_plan

ALL = "全部"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanWords:
    """A plan as it is typed: ``targets``, ``points`` and ``pool`` are lines, cells parted by a bar or a tabulator.

    Targets: of units the name (or 全部), of windows and cases the name or number and the unit.
    Points: what is checked, what to look at, which evidence to take.
    """

    kind: str
    subject: str
    basis: str
    starts_on: dt.date
    ends_on: dt.date
    target_kind: str
    sample: int
    targets: str
    points: str
    pool: str = ""


@transaction.atomic
def draft_plan(*, actor: Actor, words: PlanWords) -> Plan:
    """起草. Raises NotPermitted, Invalid with a sentence for each field."""
    permissions.check_office(actor)
    if actor.org_id is None:
        raise NotPermitted(_("督查计划由监察员以所在单位的名义起草。"))
    checked = _Checked(actor.tenant, words)
    plan = Plan(
        tenant=actor.tenant,
        number=_next_number(actor.tenant),
        org_id=actor.org_id,
        org_name=actor.org_name,
        made_by_id=permissions.person_of(actor),
        made_by=actor.name,
        made_for_id=actor.delegator_id,
    )
    checked.write(plan)
    note_plan(actor, plan, "inspections.draft_plan", ActKind.DRAFT, subject=plan.subject)
    return plan


@transaction.atomic
def change_plan(*, actor: Actor, plan_id: uuid.UUID, words: PlanWords) -> Plan:
    """修改: who does so is its author now, so that the second person is always another one."""
    plan = take_plan(actor, plan_id, "change")
    checked = _Checked(actor.tenant, words)
    sign_as_author(actor, plan)
    plan.targets.all().delete()
    plan.points.all().delete()
    checked.write(plan)
    note_plan(actor, plan, "inspections.change_plan", ActKind.CHANGE, subject=plan.subject)
    after_change(actor, plan)
    return plan


def sign_as_author(actor: Actor, plan: Plan) -> None:
    """Whoever changes a plan last is its author, for whomever he does so; part of the change's transaction."""
    plan.made_by_id, plan.made_by = permissions.person_of(actor), actor.name
    plan.made_for_id = actor.delegator_id


@transaction.atomic
def submit_plan(*, actor: Actor, plan_id: uuid.UUID) -> Plan:
    """提请批准."""
    plan = take_plan(actor, plan_id, "submit")
    plan.state, plan.returned = PlanState.SUBMITTED, ""
    plan.save(update_fields=["state", "returned"])
    note_plan(actor, plan, "inspections.submit_plan", ActKind.SUBMIT)
    leaders = {one.person_id for one in identity.people_in(plan.tenant, plan.org_id, LEADER)}
    people = leaders | {one.person_id for one in permissions.office_people(plan.tenant)}
    body = _("督查计划“%(subject)s”（%(number)s）等待批准。") % {"subject": plan.subject, "number": plan.number}
    tell_plan(plan, people - {plan.made_by_id, actor.person_id}, title=_("督查计划待批准"), body=body)
    return plan


@transaction.atomic
def approve_plan(*, actor: Actor, plan_id: uuid.UUID) -> Plan:
    """批准, by somebody else than its author."""
    plan = _decided(actor, plan_id, "approve")
    plan.state, plan.approved_at = PlanState.APPROVED, now()
    plan.approved_by_id, plan.approved_by = actor.person_id, actor.name
    plan.save(update_fields=["state", "approved_at", "approved_by_id", "approved_by"])
    note_plan(actor, plan, "inspections.approve_plan", ActKind.APPROVE)
    publish(
        PlanApproved(
            **plan_fields(plan),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            targets=plan.targets.count(),
            sample=plan.sample,
        )
    )
    body = _("督查计划“%(subject)s”已经批准，可以抽取检查对象和检查人员。") % {"subject": plan.subject}
    tell_plan(plan, {plan.made_by_id}, title=_("督查计划已批准"), body=body)
    return plan


@transaction.atomic
def return_plan(*, actor: Actor, plan_id: uuid.UUID, reason: str) -> Plan:
    """退回修改, with a reason; an approved plan too, as long as nothing was drawn."""
    plan = _decided(actor, plan_id, "return")
    plan.state, plan.returned = PlanState.DRAFT, said(reason)
    plan.approved_by_id, plan.approved_by, plan.approved_at = None, "", None
    plan.save(update_fields=["state", "returned", "approved_by_id", "approved_by", "approved_at"])
    note_plan(actor, plan, "inspections.return_plan", ActKind.RETURN, plan.returned)
    body = _("督查计划“%(subject)s”被退回：%(reason)s") % {"subject": plan.subject, "reason": plan.returned}
    tell_plan(plan, {plan.made_by_id}, title=_("督查计划被退回"), body=body)
    return plan


@transaction.atomic
def finish_plan(*, actor: Actor, plan_id: uuid.UUID) -> Plan:
    """结束, when every visit is over. Raises Conflict."""
    plan = take_plan(actor, plan_id, "finish")
    left = plan.visits.exclude(state__in=(VisitState.CLOSED, VisitState.CANCELLED)).count()
    if left:
        raise Conflict(_("还有 %(n)d 次检查没有办结，办结以后才能结束计划。") % {"n": left})
    plan.state, plan.closed_at = PlanState.CLOSED, now()
    plan.save(update_fields=["state", "closed_at"])
    note_plan(actor, plan, "inspections.finish_plan", ActKind.FINISH)
    return plan


def _decided(actor: Actor, plan_id: uuid.UUID, act: str) -> Plan:
    """The lock is taken before the second person is checked: the author may change until then."""
    plan = take_plan(actor, plan_id, act)
    permissions.check_second(actor, plan)
    return plan


class _Checked:
    """What was typed, judged field by field; raises Invalid."""

    def __init__(self, tenant: str, words: PlanWords) -> None:
        self.words = words
        self.errors: dict[str, str] = {}
        self.units = {one.name: one for one in identity.organisations(tenant)}
        self.targets, self.points, self.pool = self._targets(), self._points(), self._pool()
        self._plain()
        if self.errors:
            count = len(self.errors)
            raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": count}, errors=self.errors)

    def write(self, plan: Plan) -> None:
        """Save the plan with its targets and points."""
        words = self.words
        plan.kind, plan.subject, plan.basis = words.kind, words.subject.strip(), words.basis.strip()
        plan.starts_on, plan.ends_on = words.starts_on, words.ends_on
        plan.target_kind, plan.sample, plan.pool = words.target_kind, words.sample, self.pool
        plan.save()
        Target.objects.bulk_create(
            Target(tenant=plan.tenant, plan=plan, no=no, key=key, name=name, org_id=org.id, org_name=org.name)
            for no, (key, name, org) in enumerate(self.targets, start=1)
        )
        CheckPoint.objects.bulk_create(
            CheckPoint(tenant=plan.tenant, plan=plan, no=no, title=title, look_at=look_at, evidence=evidence)
            for no, (title, look_at, evidence) in enumerate(self.points, start=1)
        )

    def _plain(self) -> None:
        words = self.words
        if words.kind not in PlanKind.values:
            self.errors["kind"] = _("请选择年度督查还是专项督查。")
        if not 4 <= len(words.subject.strip()) <= TITLE_MAX:
            self.errors["subject"] = _("请用 4 到 %(n)d 个字写明督查什么。") % {"n": TITLE_MAX}
        if not 4 <= len(words.basis.strip()) <= 500:
            self.errors["basis"] = _("请写明督查依据，4 到 500 个字。")
        if words.ends_on < words.starts_on:
            self.errors["ends_on"] = _("结束日期不能早于开始日期。")
        if not 1 <= words.sample <= max(len(self.targets), 1):
            self.errors["sample"] = _("抽取数量要在 1 和对象总数 %(n)d 之间。") % {"n": len(self.targets)}

    def _targets(self) -> list[tuple[str, str, identity.OrganisationInfo]]:
        if self.words.target_kind not in TargetKind.values:
            self.errors["target_kind"] = _("请选择抽取单位、窗口还是办件。")
            return []
        lines = lines_of(self.words.targets, 2)
        if self.words.target_kind == TargetKind.UNIT:
            names = list(self.units) if [line[0] for line in lines] == [ALL] else [line[0] for line in lines]
            lines = [(name, name) for name in names]
        found = {}
        for name, org_name in lines:
            org = self.units.get(org_name)
            if org is None:
                self._bad("targets", _("没有这个单位：%(name)s") % {"name": org_name or name})
                continue
            key = org.code if self.words.target_kind == TargetKind.UNIT else f"{org.code}/{name}"
            if key in found:
                self._bad("targets", _("重复：%(name)s") % {"name": name})
            found[key] = (key[:120], name[:120], org)
        if not found:
            self._bad("targets", _("请写明从哪些对象里抽取，一行一个"))
        if len(found) > TARGETS_MAX:
            self._bad("targets", _("最多 %(n)d 个对象") % {"n": TARGETS_MAX})
        return list(found.values())

    def _points(self) -> list[tuple[str, str, str]]:
        lines = [(title, look, evidence) for title, look, evidence in lines_of(self.words.points, 3)]
        if not 1 <= len(lines) <= POINTS_MAX:
            self.errors["points"] = _("请写 1 到 %(n)d 条检查要点，一行一条。") % {"n": POINTS_MAX}
        for no, (title, look_at, evidence) in enumerate(lines, start=1):
            if not 2 <= len(title) <= TITLE_MAX or len(look_at) > 500 or len(evidence) > 200:
                self._bad("points", _("第 %(no)d 条太短或者太长（要点 2 到 %(n)d 个字）") % {"no": no, "n": TITLE_MAX})
        return lines

    def _pool(self) -> list[str]:
        names = [line[0] for line in lines_of(self.words.pool, 1)]
        for name in names:
            if name not in self.units:
                self._bad("pool", _("没有这个单位：%(name)s") % {"name": name})
        return [self.units[name].code for name in dict.fromkeys(names) if name in self.units]

    def _bad(self, field: str, sentence: str) -> None:
        before = self.errors.get(field, "").removesuffix("。")
        self.errors[field] = f"{before}；{sentence}。" if before else f"{sentence}。"


def _next_number(tenant: str) -> str:
    year = local_date().year
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into inspections_inspectioncounter as c (tenant, year, last) values (%s, %s, 1)"
            " on conflict (tenant, year) do update set last = c.last + 1 returning last",
            [tenant, year],
        )
        return f"DC{year}-{cursor.fetchone()[0]:03d}"
