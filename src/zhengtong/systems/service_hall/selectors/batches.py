"""What of several chosen tasks may be done at one stroke, and why the rest may not."""

import dataclasses
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules import batch_outcome
from zhengtong.systems.service_hall.selectors.applications import masked_applicants, materials_of

DECISION = "decide"


@dataclasses.dataclass(frozen=True)
class BatchRow:
    """A chosen task: who applied (masked), what it lacks, and why it cannot be done here; empty when it can."""

    item: cases.WorkItemView
    applicant: str
    gaps: tuple[str, ...]
    refusal: str


@dataclasses.dataclass(frozen=True)
class Batch:
    """The chosen tasks of one step with the one conclusion they may get; ``left_out`` are no longer to be found."""

    step: str
    outcome: str
    label: str
    decisions: bool
    rows: tuple[BatchRow, ...]
    left_out: int

    @property
    def ready(self) -> tuple[BatchRow, ...]:
        """What can be done."""
        return tuple(row for row in self.rows if not row.refusal)


def batch_of(*, actor: Actor, work_item_ids: Iterable[uuid.UUID]) -> Batch:
    """The chosen tasks as a batch: the first one that waits for the actor gives step and conclusion."""
    found: list[cases.WorkItemView] = []
    missing = 0
    for key in dict.fromkeys(work_item_ids):
        try:
            found.append(cases.work_item(actor=actor, work_item_id=key))
        except NotFound:
            missing += 1
    lead = next((item for item in found if _outcome(item) and item.waits_for(actor)), None)
    if lead is None:
        return Batch("", "", "", decisions=False, rows=(), left_out=missing + len(found))
    outcome, decisions = _outcome(lead), is_decision(lead)
    ours = {item.id: uuid.UUID(item.subject.id) for item in found if item.subject.kind == OBJECT_KIND}
    names = masked_applicants(tenant=actor.tenant, application_ids=ours.values())
    gaps = _gaps(actor.tenant, ours.values()) if outcome == "accept" else {}
    rows = tuple(
        BatchRow(
            item,
            names.get(ours[item.id], "") if item.id in ours else "",
            gaps.get(ours[item.id], ()) if item.id in ours else (),
            _other_step(item, lead) or refusal_of(actor, item, outcome, decisions=decisions),
        )
        for item in found
    )
    return Batch(lead.step, outcome, dict(lead.outcomes)[outcome], decisions, rows, missing)


def is_decision(item: cases.WorkItemView) -> bool:
    """Whether an open task is the leader's decision, for which he shows his second factor."""
    codes = {code for code, _label in item.outcomes}
    return item.phase == DECISION and item.role == "leader" and bool(codes) and "supplement" not in codes


def refusal_of(actor: Actor, item: cases.WorkItemView, outcome: str, *, decisions: bool) -> str:
    """Why a task cannot be completed in a batch, empty when it can; the engine asks again."""
    if item.subject.kind != OBJECT_KIND:
        return _("这个事项不在审批工作台办理，请单独打开。")
    if item.status != "open":
        return _("“%(step)s”这一步已经办结。") % {"step": item.step}
    if not item.waits_for(actor):
        return _("“%(step)s”已由他人签收或者不由您办理。") % {"step": item.step}
    if _outcome(item) != outcome:
        return _("这一步没有同样的结论，请单独办理。")
    if is_decision(item) != decisions:
        if decisions:
            return _("这一步不是作出决定，请单独办理。")
        return _("作出决定要先确认身份，请和其他决定一起办理。")
    if outcome in ("approve", "reject"):
        case = cases.case_view(actor=actor, case_id=item.case_id)
        if case.hearing is not None and case.hearing.bars_decision:
            return case.hearing.sentence
    return ""


def _other_step(item: cases.WorkItemView, lead: cases.WorkItemView) -> str:
    if item.step == lead.step and _outcome(item) == _outcome(lead):
        return ""
    return _("环节是“%(step)s”，和“%(lead)s”不同，请分开办理。") % {"step": item.step, "lead": lead.step}


def _outcome(item: cases.WorkItemView) -> str:
    return batch_outcome([code for code, _label in item.outcomes])


def _gaps(tenant: str, application_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """By application, the materials that were not given: who accepts in a batch sees them before."""
    rows = list(Application.objects.filter(tenant=tenant, pk__in=set(application_ids)))
    filled = forms.submissions(tenant=tenant, submission_ids=[row.form_submission_id for row in rows])
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for row in rows:
        item = catalogue.item_version(tenant=tenant, version_id=row.item_version_id)
        materials = materials_of(row, item, filled[row.form_submission_id])
        open_states = ("missing", "may_follow", "if_applies")
        found[row.id] = tuple(material.name for material in materials if material.state in open_states)
    return found
