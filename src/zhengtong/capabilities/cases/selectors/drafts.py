"""Processes, their versions and drafts as the modeller shows them; what changed between two drawings."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import CaseStatus, DraftState
from zhengtong.capabilities.cases.engine.differences import Difference, differences
from zhengtong.capabilities.cases.engine.draw import svg
from zhengtong.capabilities.cases.engine.model import EngineError, Graph, Refusal
from zhengtong.capabilities.cases.models import Case, ProcessDraft, ProcessVersion
from zhengtong.capabilities.cases.permissions import check_may_release
from zhengtong.capabilities.cases.selectors.processes import compile_drawing, graph_of, setting_words
from zhengtong.capabilities.cases.selectors.trials import TrialView, submission_problems, trials_of
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound, NotPermitted

_OPEN = (DraftState.EDITING, DraftState.SUBMITTED)


@dataclasses.dataclass(frozen=True)
class VersionRow:
    """A frozen version in the list of processes."""

    id: uuid.UUID
    key: str
    version: int
    title: str
    active: bool
    open_cases: int
    deployed_by: str
    approved_by: str
    created_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class DraftRow:
    """An open draft in the list of processes."""

    id: uuid.UUID
    key: str
    title: str
    state: str
    state_label: str
    rev: int
    changed_at: dt.datetime
    changed_by: str


@dataclasses.dataclass(frozen=True)
class DraftView:
    """A draft as its page shows it; ``may_draw`` and ``may_decide`` say what the reader may do with it now."""

    row: DraftRow
    bpmn_xml: str
    base: VersionRow | None
    version_id: uuid.UUID | None
    refusals: tuple[Refusal, ...]
    trials: tuple[TrialView, ...]
    problems: tuple[str, ...]
    submitted_at: dt.datetime | None
    submitted_by: str
    decided_at: dt.datetime | None
    decided_by: str
    note: str
    may_draw: bool
    may_recall: bool
    may_decide: bool


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two drawings with what differs; ``problem`` says why they cannot be compared."""

    before: str
    after: str
    before_label: str
    after_label: str
    changes: tuple[Difference, ...] = ()
    problem: str = ""


def versions(actor: Actor) -> tuple[VersionRow, ...]:
    """All versions of the tenant, newest of each process first, with the cases that run on them."""
    rows = ProcessVersion.objects.filter(tenant=actor.tenant).defer("bpmn_xml", "compiled")
    counted = Case.objects.filter(tenant=actor.tenant, status=CaseStatus.OPEN).order_by()
    running = dict(counted.values_list("process_id").annotate(n=Count("id")))
    return tuple(_version_row(row, running.get(row.id, 0)) for row in rows.order_by("key", "-version"))


def version_row(actor: Actor, version_id: uuid.UUID) -> VersionRow:
    """One version; NotFound outside the tenant."""
    row = ProcessVersion.objects.filter(tenant=actor.tenant, pk=version_id).defer("bpmn_xml", "compiled").first()
    if row is None:
        raise NotFound(_("没有找到这个流程版本。"))
    return _version_row(row, Case.objects.filter(process_id=row.id, status=CaseStatus.OPEN).count())


def version_xml(actor: Actor, version_id: uuid.UUID) -> str:
    """The drawing of a version as it was frozen."""
    xml: str | None = (
        ProcessVersion.objects.filter(tenant=actor.tenant, pk=version_id).values_list("bpmn_xml", flat=True).first()
    )
    if xml is None:
        raise NotFound(_("没有找到这个流程版本。"))
    return xml


def open_drafts(actor: Actor) -> tuple[DraftRow, ...]:
    """Drafts at work or waiting for approval, as far as the actor may open them."""
    rows = ProcessDraft.objects.filter(_readable(actor), state__in=_OPEN).defer("bpmn_xml").order_by("-changed_at")
    return tuple(_draft_row(row) for row in rows)


def drafts_to_decide(actor: Actor) -> int:
    """How many drawings wait for this actor's approval."""
    waiting = ProcessDraft.objects.filter(_readable(actor), state=DraftState.SUBMITTED)
    firsts = [key for key in (actor.person_id, actor.hands_id) if key is not None]
    return waiting.exclude(submitted_by_id__in=firsts).exclude(submitted_for_id__in=firsts).count()


def draft_view(actor: Actor, draft_id: uuid.UUID) -> DraftView:
    """A draft with what the compiler and the recorded trials say; NotFound outside the actor's scope."""
    draft = _draft(actor, draft_id)
    compiled = compile_drawing(draft.tenant, draft.bpmn_xml)
    draws = actor.has_role("process_admin")
    return DraftView(
        row=_draft_row(draft),
        bpmn_xml=draft.bpmn_xml,
        base=_version_row(draft.base, 0) if draft.base else None,
        version_id=draft.version_id,
        refusals=compiled.refusals,
        trials=trials_of(draft, compiled.graph),
        problems=tuple(submission_problems(draft)) if draft.state in _OPEN else (),
        submitted_at=draft.submitted_at,
        submitted_by=draft.submitted_by,
        decided_at=draft.decided_at,
        decided_by=draft.decided_by,
        note=draft.note,
        may_draw=draws and draft.state == DraftState.EDITING,
        may_recall=draws and draft.state == DraftState.SUBMITTED,
        may_decide=draft.state == DraftState.SUBMITTED and _may_decide(actor, draft),
    )


def draft_trials(actor: Actor, draft_id: uuid.UUID, graph: Graph) -> tuple[TrialView, ...]:
    """The recorded trials of a draft, played on a drawing that need not be saved yet."""
    return trials_of(_draft(actor, draft_id), graph)


def draft_comparison(actor: Actor, draft_id: uuid.UUID) -> Comparison:
    """The draft beside the version it is based on; an empty drawing stands for a process that is new."""
    draft = _draft(actor, draft_id)
    if draft.base is None:
        after = picture(draft.bpmn_xml)
        return Comparison("", after, "", _("草稿"), problem=_("这是一个新流程，没有可以比较的版本。"))
    drawn = compile_drawing(draft.tenant, draft.bpmn_xml).draft
    return _compare(draft.base, draft.bpmn_xml, drawn, _("草稿（第 %(n)d 次保存）") % {"n": draft.rev})


def version_comparison(actor: Actor, version_id: uuid.UUID, other_id: uuid.UUID) -> Comparison:
    """Two frozen versions, the older one first."""
    found = list(ProcessVersion.objects.filter(tenant=actor.tenant, pk__in=[version_id, other_id]).order_by("version"))
    if len(found) != 2 or found[0].key != found[1].key:
        raise NotFound(_("没有找到要比较的两个版本，它们须属于同一个流程。"))
    return _compare(found[0], found[1].bpmn_xml, graph_of(found[1].id), _("第 %(n)d 版") % {"n": found[1].version})


def picture(bpmn_xml: str, refusals: tuple[Refusal, ...] = ()) -> str:
    """The drawing as SVG with its faulty elements marked; empty when it cannot be drawn at all."""
    try:
        return svg(bpmn_xml, marks={refusal.element_id: "fault" for refusal in refusals if refusal.element_id})
    except EngineError:
        return ""


def _compare(base: ProcessVersion, xml: str, after: Graph | None, label: str) -> Comparison:
    """A frozen version stands with the processes frozen into it, not with those that would be called today."""
    before = graph_of(base.id)
    base_label = _("第 %(n)d 版") % {"n": base.version}
    if after is None:
        problem = _("图纸还有问题，改好以后才能比较。")
        return Comparison(picture(base.bpmn_xml), picture(xml), base_label, label, problem=problem)
    changes = differences(before, after, setting_words)
    old = {change.element_id: change.kind for change in changes if change.kind != "added"}
    new = {change.element_id: change.kind for change in changes if change.kind != "removed"}
    pictures = (svg(base.bpmn_xml, marks=old), svg(xml, marks=new, beside="-new"))
    return Comparison(*pictures, base_label, label, changes)


def _readable(actor: Actor) -> Q:
    """All drafts of the tenant for a process administrator; for a leader those his own unit submitted."""
    if actor.kind == "official" and actor.has_role("process_admin"):
        return Q(tenant=actor.tenant)
    if actor.kind == "official" and actor.has_role("leader") and actor.org_id is not None:
        return Q(tenant=actor.tenant, submitted_org_id=actor.org_id)
    return Q(pk__in=[])


def _draft(actor: Actor, draft_id: uuid.UUID) -> ProcessDraft:
    draft = ProcessDraft.objects.filter(_readable(actor), pk=draft_id).select_related("base").first()
    if draft is None:
        raise NotFound(_("没有找到这份流程草稿，或者它不由您所在的单位绘制。"))
    return draft


def _may_decide(actor: Actor, draft: ProcessDraft) -> bool:
    try:
        check_may_release(actor, draft)
    except NotPermitted:
        return False
    return True


def _version_row(row: ProcessVersion, open_cases: int) -> VersionRow:
    return VersionRow(
        id=row.id,
        key=row.key,
        version=row.version,
        title=row.title,
        active=row.active,
        open_cases=open_cases,
        deployed_by=row.deployed_by,
        approved_by=row.approved_by,
        created_at=row.created_at,
    )


def _draft_row(row: ProcessDraft) -> DraftRow:
    return DraftRow(
        id=row.id,
        key=row.key,
        title=row.title,
        state=row.state,
        state_label=row.get_state_display(),
        rev=row.rev,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
