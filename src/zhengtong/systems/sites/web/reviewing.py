"""Sending a page in, taking it back, reviewing it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.refusals import content_policy
from zhengtong.systems.sites.constants import REVIEWERS, REVISE_STEP, STAFF_ROLES
from zhengtong.systems.sites.models import Submission
from zhengtong.systems.sites.rules.checks import Found
from zhengtong.systems.sites.selectors import reviewing as selectors
from zhengtong.systems.sites.selectors.checking import found_on
from zhengtong.systems.sites.selectors.differences import differences
from zhengtong.systems.sites.services import reviewing as services
from zhengtong.systems.sites.services.previewing import version_of
from zhengtong.systems.sites.web import one_page
from zhengtong.systems.sites.web.reading import moment, opinions_of
from zhengtong.systems.sites.web.showing import shown_version

_MOST = 2000


@requires(*STAFF_ROLES)
@require_POST
def submit(request: HttpRequest, page_id: int) -> HttpResponse:
    """Send the newest version in."""
    try:
        up, down = moment(request, "go_live_at"), moment(request, "expire_at")
        services.submit_page(actor=actor_of(request), page_id=page_id, go_live_at=up, expire_at=down)
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal)
    messages.success(request, _("已经送审，审到哪里在本页和工作台都能看到。"))
    return redirect("sites_desk:one", page_id=page_id)


@requires(*STAFF_ROLES)
@require_POST
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take a submission back."""
    try:
        services.withdraw_submission(
            actor=actor_of(request), page_id=page_id, reason=request.POST.get("withdraw_reason", "")
        )
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal, place="withdraw_reason")
    messages.success(request, _("已经撤回，已签署的意见仍然保留。"))
    return redirect("sites_desk:one", page_id=page_id)


@requires(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """One step of a review: the version, what it changes, what others said; approve or send back."""
    actor = actor_of(request)
    task, row = selectors.task_submission(actor, work_item_id)
    if task.node == REVISE_STEP or not task.waits_for(actor):
        if request.method == "POST":
            raise Conflict(_("这一步已经办理或者由他人办理，您填写的意见没有提交。请回到工作台查看最新情况。"))
        return _review_page(request, task, row, {}, done=True)
    if request.method != "POST":
        return _review_page(request, task, row, {})
    typed = {name: request.POST.get(name, "").strip()[:_MOST] for name in ("outcome", "opinion")}
    try:
        if typed["outcome"] not in {code for code, _label in task.outcomes}:
            raise Invalid(_("请选择审核结论。"), field="outcome")
        services.decide_review(
            actor=actor,
            work_item_id=task.id,
            outcome=typed["outcome"],
            opinion=typed["opinion"],
            command_key=request.POST.get("command_key", "")[:64] or uuid.uuid4().hex,
        )
    except (Invalid, Conflict, NotPermitted) as refusal:
        status = {Invalid: 422, Conflict: 409}.get(type(refusal), 403)
        return _review_page(request, task, row, typed, refusal=refusal, status=status)
    said = _("“%(title)s”：%(step)s已办结，结论为“%(outcome)s”。")
    outcome = dict(task.outcomes).get(typed["outcome"], typed["outcome"])
    messages.success(request, said % {"title": row.title, "step": task.step, "outcome": outcome})
    return redirect("sites_desk:reviews")


@requires(*REVIEWERS)
@require_GET
@never_cache
def reviews(request: HttpRequest) -> HttpResponse:
    """Reviews that wait for the actor."""
    columns = [
        {"key": "title", "label": _("网页")},
        {"key": "site", "label": _("网站")},
        {"key": "step", "label": _("环节")},
        {"key": "author", "label": _("送审人")},
        {"key": "since", "label": _("到达时间"), "kind": "datetime"},
        {"key": "due", "label": _("时限"), "kind": "lamp"},
    ]
    context = {
        "rows": review_rows(request),
        "columns": columns,
        "empty": {"title": _("没有等您审核的网页"), "why": _("送审的网页轮到您审核时，会列在这里。")},
    }
    return render(request, "sites/reviewing/list.html", context)


@requires(*REVIEWERS)
@require_GET
@never_cache
def version(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """The version under review as the public would read it, for a frame of the review's page."""
    _task, row = selectors.task_submission(actor_of(request), work_item_id)
    if row.revision is None:
        raise NotFound(_("送审的那一版已经不在。"))
    answer = shown_version(request, version_of(row.revision, row.site))
    answer.headers["Content-Security-Policy"] = content_policy(frame_ancestors="'self'")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@requires(Role.PROCESS_ADMIN)
@require_POST
def begin_process(request: HttpRequest) -> HttpResponse:
    """Begin a draft of the drawing; where one is open already, the list of processes shows it."""
    try:
        draft_id = services.begin_review_process(actor=actor_of(request))
    except Conflict as refusal:
        messages.info(request, refusal.message)
        return redirect("processes:list")
    return redirect("processes:draft", draft_id=draft_id)


def review_process_block(request: HttpRequest) -> str | None:
    """For process administrators of a county that has no review in force yet; nothing for anybody else."""
    actor = actor_of(request)
    if not actor.has_role(Role.PROCESS_ADMIN) or not selectors.review_process_missing(actor.tenant):
        return None
    return render_to_string("sites/reviewing/process_block.html", {}, request=request)


def matter_page(task: cases.WorkItemView) -> str:
    """Where a task of a review is worked on, for the pages of the case engine."""
    return reverse("sites_desk:review", args=[task.id])


def review_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The reviews that wait for the actor, as a table prints them."""
    return [
        {
            "title": one.submission.title,
            "url": reverse("sites_desk:review", args=[one.task.id]),
            "site": one.submission.site.name,
            "step": one.task.step,
            "author": one.submission.author_name,
            "since": one.task.opened_at,
            "due": {"state": one.task.lamp},
        }
        for one in selectors.review_tasks(actor_of(request))
    ]


def _review_page(
    request: HttpRequest,
    task: cases.WorkItemView,
    row: Submission,
    typed: dict[str, str],
    *,
    done: bool = False,
    refusal: Invalid | Conflict | NotPermitted | None = None,
    status: int = 200,
) -> HttpResponse:
    page = selectors.page_of(row)
    changes = None
    found: list[Found] = []
    if row.revision is not None:
        found = found_on(row.revision.as_object(), at=row.go_live_at)
        changes = differences(request, page, version_of(row.revision, row.site))
    context = {
        "task": task,
        "row": row,
        "typed": typed,
        "done": done,
        "refusal": refusal,
        "changes": changes,
        "found": found,
        "blocked": any(one.blocks for one in found),
        "newer": row.revision_id is not None and page.latest_revision_id != row.revision_id,
        "rounds": [(one, opinions_of(one.opinions)) for one in selectors.rounds(page)],
        "outcomes": [
            {"code": code, "label": label, "chosen": typed.get("outcome") == code} for code, label in task.outcomes
        ],
        "command_key": uuid.uuid4().hex,
    }
    return render(request, "sites/reviewing/review.html", context, status=status)
