"""Reviews of a draft: each time it was sent in, what was said of it, and who has it now."""

import dataclasses
import datetime as dt
import uuid
from pathlib import Path

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue.constants import PROCESS_REVIEW, REVIEW_KIND, REVISING_STEPS, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors.authoring import readable_version
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import NotFound

_DRAWING = Path(__file__).parents[1] / "static" / "catalogue" / "processes" / "item_review.bpmn"
REVIEWERS = (Role.LEADER, Role.LEGAL_REVIEWER, Role.ITEM_ADMIN)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewRound:
    """One review: the case, how it ended (empty while it runs) and what was said, in the order of saying."""

    case_id: uuid.UUID
    number: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    outcome_label: str
    opinions: tuple[cases.OpinionView, ...]
    clocks: tuple[cases.ClockView, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewView:
    """The reviews of a version, the newest last; ``task`` is the open one the actor may do, ``waits_for`` who has it.

    ``points`` are the opinions with which it was last sent back, ``drawing`` the process as SVG.
    """

    version_id: uuid.UUID
    rounds: tuple[ReviewRound, ...]
    task: cases.WorkItemView | None
    waits_for: str
    points: tuple[cases.OpinionView, ...]
    drawing: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewTask:
    """A judgement that waits for the actor, or for a colleague of his unit."""

    task: cases.WorkItemView
    version_id: uuid.UUID
    item_id: uuid.UUID
    name: str
    org_name: str
    author_name: str


def review_drawing() -> str:
    """The drawing of the review as BPMN 2.0, as it comes with the platform."""
    return _DRAWING.read_text(encoding="utf-8")


def review_process_missing(tenant: str) -> bool:
    """Whether the county has no process for reviews in force yet: then nothing can be sent in."""
    return not cases.process_versions(tenant, PROCESS_REVIEW)


def review_view(*, actor: Actor, version_id: uuid.UUID) -> ReviewView:
    """All reviews of a version the actor may read; raises NotFound."""
    row = readable_version(actor, version_id)
    platform = system(row.tenant)
    found = []
    for number in range(1, row.reviews + 1):
        case_id = cases.case_of_subject(tenant=row.tenant, subject=ObjectRef(kind=REVIEW_KIND, id=f"{row.id}.{number}"))
        if case_id is not None:
            found.append(cases.case_view(actor=platform, case_id=case_id))
    last = found[-1] if found else None
    waiting = last.open_items if last else ()
    points = [opinion for case in found for opinion in case.opinions if opinion.outcome == "return"]
    return ReviewView(
        version_id=row.id,
        rounds=tuple(_round(case) for case in found),
        task=next((item for item in waiting if item.waits_for(actor) and item.node not in REVISING_STEPS), None),
        waits_for="、".join(_("%(org)s（%(step)s）") % {"org": item.org_name, "step": item.step} for item in waiting),
        points=tuple(points[-1:]) if row.returned else (),
        drawing=cases.process_drawing(actor=platform, case_id=last.id) if last else "",
    )


def review_tasks(*, actor: Actor) -> tuple[ReviewTask, ...]:
    """Drafts that wait for the actor's judgement, the most urgent first."""
    if not actor.has_role(*REVIEWERS):
        return ()
    rows = ItemVersion.objects.filter(tenant=actor.tenant, status=VersionStatus.REVIEW).select_related("item")
    versions = {row.case_id: row for row in rows if row.case_id}
    tasks = [
        task
        for task in cases.open_tasks(tenant=actor.tenant, case_ids=[*versions])
        if task.waits_for(actor) and task.node not in REVISING_STEPS
    ]
    tasks.sort(key=lambda task: (task.due_at is None, task.due_at or task.opened_at, task.opened_at))
    return tuple(
        ReviewTask(
            task=task,
            version_id=versions[task.case_id].id,
            item_id=versions[task.case_id].item_id,
            name=versions[task.case_id].name,
            org_name=task.case_org_name,
            author_name=versions[task.case_id].author_name,
        )
        for task in tasks
    )


def version_of_case(tenant: str, case_id: uuid.UUID) -> uuid.UUID:
    """The version a review is about; raises NotFound for a case that is none."""
    found: uuid.UUID | None = (
        ItemVersion.objects.filter(tenant=tenant, case_id=case_id).values_list("pk", flat=True).first()
    )
    if found is None:
        raise NotFound(_("没有找到这个审核任务。"))
    return found


def _round(case: cases.CaseView) -> ReviewRound:
    return ReviewRound(
        case_id=case.id,
        number=case.number,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome_label=case.outcome_label,
        opinions=case.opinions,
        clocks=case.clocks,
    )
