"""Reviews of pages: how many one needs, what waits for whom, what was said, where an author's articles are."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import (
    OPEN_SUBMISSION,
    PROCESS_REVIEW,
    REVIEW_LEVELS,
    REVIEWERS,
    REVISE_STEP,
    SubmissionState,
)
from zhengtong.systems.sites.models import ArticlePage, DeletedPage, GovernmentSite, ReviewPlan, SitePage, Submission
from zhengtong.systems.sites.rules.reviewing import reviews_needed

_DRAWING = Path(__file__).parents[1] / "static" / "sites" / "processes" / "site_review.bpmn"
_MOST = 100


@dataclasses.dataclass(frozen=True, kw_only=True)
class Round:
    """One submission: how it stands, who has it now, and all that was said in it."""

    submission: Submission
    state: str
    waits_for: str
    opinions: tuple[cases.OpinionView, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewTask:
    """A review that waits for the actor or a colleague in the same post."""

    task: cases.WorkItemView
    submission: Submission


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnWork:
    """An article of the reader: where it is, and since when."""

    page_id: int
    title: str
    site: str
    where: str
    at: dt.datetime


def review_drawing() -> str:
    """The drawing of the review as BPMN 2.0, as it comes with the platform."""
    return _DRAWING.read_text(encoding="utf-8")


def review_process_missing(tenant: str) -> bool:
    """Whether the county has no process for reviews in force yet: then nothing can be sent in."""
    return not cases.process_versions(tenant, PROCESS_REVIEW)


class ReviewNeeds:
    """How many reviews pages of a county's sites need, read once for many of them."""

    def __init__(self, tenant: str) -> None:
        self._of_county = int(parameters.value(REVIEW_LEVELS, tenant=tenant))
        self._of_site: dict[uuid.UUID, int] = {}
        self._of_column: dict[uuid.UUID, dict[str, int]] = {}
        rows: Iterable[tuple[uuid.UUID, str | None, int]] = ReviewPlan.objects.filter(tenant=tenant).values_list(
            "site_id", "column__path", "reviews"
        )
        for site_id, path, reviews in rows:
            if path is None:
                self._of_site[site_id] = reviews
            else:
                self._of_column.setdefault(site_id, {})[path] = reviews

    def of_site(self, site: GovernmentSite) -> int:
        """The number for pages of a site whose columns say nothing."""
        return self._of_site.get(site.pk, self._of_county)

    def of(self, page: SitePage) -> int:
        """The number for one page; 0: a publisher signs for it directly."""
        if page.site_id is None:
            return self._of_county
        by_column = self._of_column.get(page.site_id, {})
        return reviews_needed(page.path, by_column, self._of_site.get(page.site_id), self._of_county)


def open_submission(page_id: int) -> Submission | None:
    """The submission of a page that is under review or was sent back."""
    return Submission.objects.filter(page_id=page_id, state__in=OPEN_SUBMISSION).first()


def rounds(page: SitePage) -> list[Round]:
    """All submissions of a page the caller may read, the newest first."""
    return [_round(row) for row in Submission.objects.filter(page_id=page.pk).order_by("-created_at")[:_MOST]]


def _round(row: Submission) -> Round:
    case = cases.case_view(actor=system(row.tenant), case_id=row.case_id)
    return Round(
        submission=row,
        state=row.get_state_display(),
        waits_for=_who_has(row, case.open_items) if row.state in OPEN_SUBMISSION else "",
        opinions=case.opinions,
    )


def _who_has(row: Submission, tasks: tuple[cases.WorkItemView, ...]) -> str:
    if row.state == SubmissionState.RETURNED:
        return _("%(name)s修改") % {"name": row.author_name}
    return "、".join(
        _("%(org)s %(step)s%(who)s")
        % {"org": task.org_name, "step": task.step, "who": f"（{task.holder}）" if task.holder else ""}
        for task in tasks
    )


def review_tasks(actor: Actor) -> list[ReviewTask]:
    """Pages that wait for the actor's review, the most urgent first."""
    if actor.kind != "official" or not actor.has_role(*REVIEWERS):
        return []
    rows = Submission.objects.filter(tenant=actor.tenant, state=SubmissionState.REVIEW).select_related("site")
    by_case = {row.case_id: row for row in rows}
    open_tasks = cases.open_tasks(tenant=actor.tenant, case_ids=[*by_case])
    found = [
        ReviewTask(task=task, submission=by_case[task.case_id])
        for task in open_tasks
        if task.waits_for(actor) and task.node != REVISE_STEP
    ]
    return sorted(found, key=lambda one: (one.task.due_at is None, one.task.due_at or one.task.opened_at))


def task_submission(actor: Actor, work_item_id: uuid.UUID) -> tuple[cases.WorkItemView, Submission]:
    """A task of a review with what it is about; raises NotFound for who does not take part in it."""
    task = cases.work_item(actor=actor, work_item_id=work_item_id)
    row = Submission.objects.select_related("site", "page", "revision__user").filter(
        tenant=actor.tenant, case_id=task.case_id
    )
    found = row.first()
    if found is None:
        raise NotFound(_("没有找到这个审核任务。"))
    return task, found


def own_work(actor: Actor) -> list[OwnWork]:
    """The articles the actor is writing or has sent in, the newest first."""
    sent = list(
        Submission.objects.filter(
            Q(author_id=actor.person_id) | Q(author_for_id=actor.person_id), tenant=actor.tenant, page__isnull=False
        )
        .filter(state__in=OPEN_SUBMISSION)
        .select_related("site")
        .order_by("-created_at")[:_MOST]
    )
    waiting = _standing(sent)
    found = [
        OwnWork(
            page_id=row.page_id or 0,
            title=row.title,
            site=row.site.name,
            where=_("%(state)s：%(who)s") % {"state": row.get_state_display(), "who": waiting[row.case_id]},
            at=row.created_at,
        )
        for row in sent
    ]
    drafts = ArticlePage.objects.filter(
        site__in=permissions.editable_sites(actor),
        has_unpublished_changes=True,
        latest_revision__user__person_id=actor.person_id,
    )
    drafts = drafts.exclude(pk__in=[row.page_id for row in sent]).exclude(pk__in=DeletedPage.objects.values("page_id"))
    found += [
        OwnWork(
            page_id=page.pk,
            title=page.draft_title,
            site=page.site.name if page.site else "",
            where=_("草稿，已发布的是以前的一版") if page.live else _("草稿，没有送审或者签发"),
            at=page.latest_revision.created_at,
        )
        for page in drafts.select_related("site", "latest_revision").order_by("-latest_revision_created_at")[:_MOST]
    ]
    return found


def _standing(rows: list[Submission]) -> dict[uuid.UUID, str]:
    """Case → who has it now, by one statement for all."""
    tasks: dict[uuid.UUID, list[cases.WorkItemView]] = {row.case_id: [] for row in rows}
    for task in cases.open_tasks(tenant=rows[0].tenant, case_ids=[*tasks]) if rows else ():
        tasks[task.case_id].append(task)
    return {row.case_id: _who_has(row, tuple(tasks[row.case_id])) for row in rows}


def page_of(row: Submission) -> SitePage:
    """The page of a submission; raises NotFound when it was removed."""
    found = Page.objects.filter(pk=row.page_id).first()
    if found is None or not isinstance(found.specific, SitePage):
        raise NotFound(_("“%(title)s”已经删除。") % {"title": row.title})
    page: SitePage = found.specific
    return page
