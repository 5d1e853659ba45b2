"""Requests for a longer limit: who decides on them, and how they stand."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineKind, DeadlineState, ExtensionState
from zhengtong.capabilities.cases.models import Case, ClockExtension, Deadline
from zhengtong.capabilities.cases.rules import NO_LIMIT, Limit, Unit
from zhengtong.capabilities.cases.rules.extension import extension_problem, rule_for
from zhengtong.capabilities.cases.selectors.clocks import Timing
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound

_GOVERNMENT = parameters.declare(
    "cases.government_org_kind",
    default="政府",
    label="本级人民政府在机构名录中的类别（并联办理延长期限由其负责人批准）",
    unit="",
    source="机构名录",
    confirmed=True,
).key


@dataclasses.dataclass(frozen=True)
class ApprovingBody:
    """The organisation whose leader decides on an extension."""

    id: uuid.UUID
    name: str


@dataclasses.dataclass(frozen=True)
class ExtensionView:
    """A request for more time as a page shows it."""

    id: uuid.UUID
    case_id: uuid.UUID
    number: str
    title: str
    subject: ObjectRef
    org_name: str
    days: int
    unit_label: str
    basis: str
    reason: str
    state: str
    state_label: str
    approver_org_id: uuid.UUID
    approver_org_name: str
    asked_by: str
    asked_by_id: uuid.UUID
    asked_for_id: uuid.UUID | None
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    statutory_due_at: dt.datetime | None

    def decidable_by(self, actor: Actor) -> bool:
        """Whether a page offers the decision to the actor; the service asks again."""
        return (
            self.state == ExtensionState.ASKED
            and actor.org_id == self.approver_org_id
            and actor.has_role("leader")
            and identity.is_second_person(actor, self.asked_by_id, self.asked_for_id)
        )


@dataclasses.dataclass(frozen=True)
class ExtensionOffer:
    """What the owning unit may ask for: up to ``most`` days from ``approver``; ``barred`` says why it may not."""

    most: int
    basis: str
    approver: str
    barred: str


def is_joint(case: Case) -> bool:
    """Whether several departments handle the case together (统一办理、联合办理、集中办理)."""
    return bool(case.variables.get("departments"))


def approving_body(case: Case) -> ApprovingBody:
    """The agency itself, or for joint handling the government of the same level, as the register of organisations
    names it by its kind. Raises Conflict when the register has not exactly one.
    """
    if not is_joint(case):
        return ApprovingBody(case.org_id, case.org_name)
    kind = str(parameters.value(_GOVERNMENT, tenant=case.tenant))
    found = [unit for unit in identity.organisations(case.tenant) if unit.kind == kind]
    if len(found) != 1:
        raise Conflict(
            _("机构名录中没有唯一的类别为“%(kind)s”的机构，不能确定由谁批准延长。请管理员核对机构名录。")
            % {"kind": kind}
        )
    return ApprovingBody(found[0].id, found[0].name)


def extension_offer(case: Case, timing: Timing) -> ExtensionOffer:
    """What may be asked for on this case now."""
    rule = rule_for(joint=is_joint(case))
    running = (DeadlineState.RUNNING, DeadlineState.PAUSED)
    statutory = (row for row in timing.deadlines if row.kind == DeadlineKind.STATUTORY and row.state in running)
    row = next(statutory, None)
    states = {one.state for one in timing.extensions}
    barred = extension_problem(
        rule,
        rule.extra.amount or 0,
        statutory=Limit(row.amount, Unit(row.unit)) if row else NO_LIMIT,
        due_at=row.due_at if row else None,
        granted=ExtensionState.GRANTED in states,
        now=now(),
    )
    if case.status != CaseStatus.OPEN or case.accepted_on is None:
        barred = _("办件受理以后、作出决定以前才能延长期限。")
    elif ExtensionState.ASKED in states:
        barred = _("已经提出过延长申请，正在等待批准。")
    return ExtensionOffer(rule.extra.amount or 0, rule.legal_basis, rule.approver, barred)


def case_extensions(timing: Timing) -> tuple[ExtensionView, ...]:
    """The requests of a case, oldest first."""
    dues = {row.case_id: row.due_at for row in timing.deadlines if row.kind == DeadlineKind.STATUTORY}
    return tuple(_view(row, dues.get(row.case_id)) for row in timing.extensions)


def extensions_to_decide(actor: Actor) -> tuple[ExtensionView, ...]:
    """Requests that wait for the leaders of the actor's unit, oldest first; empty for anybody else."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role("leader"):
        return ()
    rows = ClockExtension.objects.filter(
        tenant=actor.tenant, approver_org_id=actor.org_id, state=ExtensionState.ASKED, case__status=CaseStatus.OPEN
    )
    if actor.delegated_items:
        rows = rows.filter(case__item_code__in=sorted(actor.delegated_items))
    return tuple(_views(rows.select_related("case").order_by("created_at")))


def extension_to_decide(actor: Actor, extension_id: uuid.UUID) -> ExtensionView:
    """One request of the actor's unit, decided or not; NotFound for anybody but its leaders and the asking unit."""
    rows = ClockExtension.objects.filter(tenant=actor.tenant, pk=extension_id).select_related("case")
    for view, row in zip(_views(rows), rows, strict=True):
        leads = row.approver_org_id == actor.org_id and actor.has_role("leader")
        if actor.kind == "official" and (leads or row.case.org_id == actor.org_id):
            return view
    raise NotFound(_("没有找到这个延长申请，或者它不由您批准。"))


def _views(rows: Iterable[ClockExtension]) -> list[ExtensionView]:
    rows = list(rows)
    dues = dict(
        Deadline.objects.filter(case_id__in={row.case_id for row in rows}, kind=DeadlineKind.STATUTORY).values_list(
            "case_id", "due_at"
        )
    )
    return [_view(row, dues.get(row.case_id)) for row in rows]


def _view(row: ClockExtension, statutory_due_at: dt.datetime | None) -> ExtensionView:
    return ExtensionView(
        id=row.id,
        case_id=row.case_id,
        number=row.case.number,
        title=row.case.title,
        subject=ObjectRef(kind=row.case.subject_kind, id=row.case.subject_id),
        org_name=row.case.org_name,
        days=row.amount,
        unit_label=Unit(row.unit).label,
        basis=row.basis,
        reason=row.reason,
        state=row.state,
        state_label=row.get_state_display(),
        approver_org_id=row.approver_org_id,
        approver_org_name=row.approver_org_name,
        asked_by=row.asked_by,
        asked_by_id=row.asked_by_id,
        asked_for_id=row.asked_for_id,
        asked_at=row.created_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        statutory_due_at=statutory_due_at,
    )
