"""From a draft to a version in force: sent to review, judged step by step, taken back; an item taken out of use."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api, rules
from zhengtong.capabilities.catalogue.constants import (
    REASON_MAX,
    REVIEW_KIND,
    REVISING_STEPS,
    ReviewStep,
    VersionStatus,
)
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.registry import item_uses
from zhengtong.capabilities.catalogue.selectors.desk import version_of_case
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web.authoring_checks import place_of
from zhengtong.capabilities.catalogue.web.authoring_versions import rounds_of, version_changes
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date

_MOST = 2000
_OWN = ("reason", "valid_from", "")  # what is typed on the page of sending itself


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def submit(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """What is sent, why, from when; every remark that looks odd wants its reason."""
    actor = actor_of(request)
    try:
        work = frames.open_work(actor, item_id)
    except Conflict as refusal:
        messages.info(request, refusal.message)
        return redirect("catalogue_desk:desk_item", item_id)
    if request.method != "POST":
        typed = {"reason": work.row.change_reason, "answers": work.row.answers, "valid_from": ""}
        return _submit_page(request, actor, work, typed)
    typed = _submitted(request)
    try:
        for key, text in typed["answers"].items():
            frames.check_length(text, REASON_MAX, f"answers.{key}")
        row = api.draft_item(
            actor=actor,
            draft=work.draft,
            item_id=work.item.id,
            revision=work.row.revision,
            remarks=work.row.notes,
            answers={**work.row.answers, **typed["answers"]},
        )
        api.submit_draft(
            actor=actor,
            version_id=row.id,
            revision=row.revision,
            reason=typed["reason"],
            valid_from=_day(typed["valid_from"]),
        )
    except Invalid as refusal:
        errors = refusal.errors or {refusal.field: refusal.message}
        return _submit_page(request, actor, frames.open_work(actor, item_id), typed, errors=errors, status=422)
    except Conflict as refusal:
        return _submit_page(
            request, actor, frames.open_work(actor, item_id), typed, errors={"": refusal.message}, status=409
        )
    messages.success(request, _("“%(name)s”已送审，由部门负责人先审核。") % {"name": work.row.name})
    return redirect("catalogue_desk:desk_item", item_id)


@requires(*frames.REVIEWERS)
@require_GET
@never_cache
def reviews(request: HttpRequest) -> HttpResponse:
    """Reviews that wait for the actor."""
    actor = actor_of(request)
    rows = [
        {
            "name": each.name,
            "step": each.task.step,
            "unit": _("%(unit)s %(author)s") % {"unit": each.org_name, "author": each.author_name},
            "since": each.task.opened_at,
            "due": {"state": each.task.lamp, "note": _until(each.task)},
            "url": reverse("catalogue_desk:desk_review", args=[each.task.id]),
        }
        for each in api.review_tasks(actor=actor)
    ]
    context = frames.frame(request, actor)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("待我审核")}]
    context |= {
        "rows": rows,
        "columns": [
            {"key": "name", "label": _("事项")},
            {"key": "step", "label": _("环节")},
            {"key": "unit", "label": _("送审单位")},
            {"key": "since", "label": _("到达时间"), "kind": "datetime"},
            {"key": "due", "label": _("时限"), "kind": "lamp"},
        ],
        "empty": {"title": _("没有等您审核的事项"), "why": _("送审的事项轮到您审核时，会列在这里。")},
    }
    return render(request, "catalogue/desk/reviews.html", context)


@requires(*frames.REVIEWERS, fresh_factor=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """One step of a review: what changed, the guide, what others said; agree, send back or refuse."""
    actor = actor_of(request)
    task = cases.work_item(actor=actor, work_item_id=work_item_id)
    if task.subject.kind != REVIEW_KIND:
        raise NotFound(_("没有找到这个审核任务。"))
    row = version_of_case(actor, task.case_id)
    if task.node in REVISING_STEPS or not task.waits_for(actor):
        if request.method == "POST":
            late = Conflict(_("这一步已经办理或者由他人办理，您填写的意见没有提交。请回到事项页面查看最新情况。"))
            return frames.refused(request, late)
        return redirect("catalogue_desk:desk_item", row.item_id)
    if request.method != "POST":
        return _review_page(request, actor, task, row, {"valid_from": _iso(row.valid_from)})
    typed = {name: frames.written(request, name) for name in ("outcome", "opinion", "valid_from")}
    try:
        frames.check_length(typed["opinion"], _MOST, "opinion")
        if typed["outcome"] not in {code for code, _label in task.outcomes}:
            raise Invalid(_("请选择审核结论。"), field="outcome")
        api.decide_review(
            actor=actor,
            work_item_id=task.id,
            outcome=typed["outcome"],
            opinion=typed["opinion"],
            command_key=request.POST.get("command_key", "")[:64] or uuid.uuid4().hex,
            valid_from=_day(typed["valid_from"]) if task.node == ReviewStep.PUBLICATION else None,
        )
    except (Invalid, Conflict, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409 if isinstance(refusal, Conflict) else 403
        return _review_page(request, actor, task, row, typed, refusal=refusal, status=status)
    said = _("“%(name)s”：%(step)s已办结，结论为“%(outcome)s”。")
    outcome = dict(task.outcomes).get(typed["outcome"], typed["outcome"])
    messages.success(request, said % {"name": row.name, "step": task.step, "outcome": outcome})
    return redirect("catalogue_desk:desk_reviews")


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take a draft back from review, with a reason."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    if not work.row.under_review:
        return redirect("catalogue_desk:desk_item", item_id)
    typed, problem = frames.written(request, "reason"), ""
    if request.method == "POST":
        try:
            frames.check_length(typed, REASON_MAX)
            api.withdraw_review(
                actor=actor,
                version_id=work.row.id,
                reason=typed,
                command_key=request.POST.get("command_key", "")[:64] or uuid.uuid4().hex,
            )
        except (Invalid, Conflict) as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("已撤回，可以继续修改；已经签署的意见仍然保留。"))
            return redirect("catalogue_desk:desk_item", item_id)
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("撤回送审")}]
    context |= {"typed": typed, "problem": problem, "hidden": {"command_key": uuid.uuid4().hex}}
    return render(request, "catalogue/desk/withdraw.html", context, status=422 if problem else 200)


@requires(Role.ITEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cancel(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take back a version that was approved and is not in force yet."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    row = next((each for each in work.versions if each.status == VersionStatus.SCHEDULED), None)
    if row is None:
        return redirect("catalogue_desk:desk_item", item_id)
    typed, problem = frames.written(request, "reason"), ""
    if request.method == "POST":
        try:
            frames.check_length(typed, REASON_MAX)
            api.cancel_scheduled(actor=actor, version_id=row.id, reason=typed)
        except (Invalid, Conflict) as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("已取消，现行的版本不变。"))
            return redirect("catalogue_desk:desk_item", item_id)
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("取消待生效的版本")}]
    context |= {"typed": typed, "problem": problem, "row": row}
    return render(request, "catalogue/desk/cancel.html", context, status=422 if problem else 200)


@requires(Role.ITEM_ADMIN, Role.LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def retire(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take an item out of use: how much is under way is said first."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    if work.in_force is None or not work.item.code:
        raise Conflict(_("这个事项没有在用的版本，不需要停用。"))
    typed, problem = frames.written(request, "reason"), ""
    if request.method == "POST":
        try:
            frames.check_length(typed, REASON_MAX)
            api.retire_item(actor=actor, code=work.item.code, reason=typed)
        except (Invalid, Conflict) as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("“%(name)s”已停用，群众不再能查到和申请。") % {"name": work.in_force.name})
            return redirect("catalogue_desk:desk_item", item_id)
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("停用事项")}]
    context |= {
        "typed": typed,
        "problem": problem,
        "uses": [
            *_running(actor, work.item.code),
            *(use(actor.tenant, work.item.code) for _name, use in item_uses.items()),
        ],
        "open_draft": work.row.id != work.in_force.id,
    }
    return render(request, "catalogue/desk/retire.html", context, status=422 if problem else 200)


def matter_page(task: cases.WorkItemView) -> str:
    """Where a task of a review is worked on, for the pages of the case engine."""
    return reverse("catalogue_desk:desk_review", args=[task.id])


def _submitted(request: HttpRequest) -> dict[str, Any]:
    prefix = "answer-"
    return {
        "reason": frames.written(request, "reason"),
        "valid_from": request.POST.get("valid_from", "").strip()[:10],
        "answers": {
            name.removeprefix(prefix): frames.written(request, name) for name in request.POST if name.startswith(prefix)
        },
    }


def _submit_page(
    request: HttpRequest,
    actor: Actor,
    work: frames.Work,
    typed: dict[str, Any],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    oddities = [
        {
            **dataclasses.asdict(each),
            "name": f"answer-{each.key}",
            "answer": typed["answers"].get(each.key, ""),
            "error": _answer_error(typed["answers"].get(each.key, ""), errors.get(f"answers.{each.key}", "")),
        }
        for each in rules.oddities(work.draft)
    ]
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("送审")}]
    context |= {
        "typed": typed,
        "errors": {name: sentence for name, sentence in errors.items() if name in _OWN},
        "problems": [
            *_elsewhere(work, errors),
            *({"text": each["sentence"], "href": f"#id_{each['name']}"} for each in oddities if each["error"]),
            *({"text": text, "href": f"#id_{name}" if name else ""} for name, text in errors.items() if name in _OWN),
        ],
        "oddities": oddities,
        "changes": version_changes(actor, work.in_force, work.row) if work.in_force else None,
        "before_label": _("现行第 %(n)d 版") % {"n": work.in_force.version or 0} if work.in_force else "",
    }
    return render(request, "catalogue/desk/submit.html", context, status=status)


def _answer_error(answer: str, refused: str) -> str:
    """Beside a reason: it is missing, or what is wrong with it."""
    return "" if not refused else refused if answer else _("请写明理由。")


def _elsewhere(work: frames.Work, errors: dict[str, str]) -> list[dict[str, str]]:
    """What has to be mended on the pages of the parts."""
    return [
        {"text": sentence, "href": place_of(work.item.id, field)}
        for field, sentence in errors.items()
        if field not in _OWN and not field.startswith("answers.")
    ]


def _review_page(
    request: HttpRequest,
    actor: Actor,
    task: cases.WorkItemView,
    row: ItemVersion,
    typed: dict[str, str],
    *,
    refusal: Invalid | Conflict | NotPermitted | None = None,
    status: int = 200,
) -> HttpResponse:
    work = frames.work_of(actor, row.item_id)
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": task.step}]
    context |= {
        "task": task,
        "row": row,
        "typed": typed,
        "refusal": refusal,
        "until": _until(task),
        "changes": version_changes(actor, work.in_force, work.row) if work.in_force else None,
        "before_label": _("现行第 %(n)d 版") % {"n": work.in_force.version or 0} if work.in_force else "",
        "rounds": rounds_of(api.review_view(actor=actor, version_id=row.id)),
        "answers": _answers(row, work),
        "outcomes": [
            {"code": code, "label": label, "chosen": typed.get("outcome") == code} for code, label in task.outcomes
        ],
        "publishing": task.node == ReviewStep.PUBLICATION,
        "command_key": uuid.uuid4().hex,
    }
    return render(request, "catalogue/desk/review.html", context, status=status)


def _answers(row: ItemVersion, work: frames.Work) -> list[dict[str, str]]:
    """The author's reasons for what looks odd."""
    return [
        {"label": each.sentence, "value": row.answers.get(each.key, "")}
        for each in rules.oddities(work.draft)
        if row.answers.get(each.key)
    ]


def _running(actor: Actor, code: str) -> list[tuple[str, int]]:
    return [(_("正在办理的办件"), cases.open_count(tenant=actor.tenant, item_code=code))]


def _until(task: cases.WorkItemView) -> str:
    return _("%(day)s前") % {"day": cn_date(task.due_at)} if task.due_at else ""


def _day(text: str) -> dt.date | None:
    """The day a browser sent; Invalid for what is no day."""
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise Invalid(_("启用日期看不懂，请重新选择。"), field="valid_from") from None


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
