"""The modeller: list of processes, new drafts, the drawing page, saving, files in and out."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases.engine.parse import SIZE_LIMIT
from zhengtong.capabilities.cases.selectors import drafts as selectors
from zhengtong.capabilities.cases.services.drafts import create_draft, save_draft
from zhengtong.capabilities.cases.web import words
from zhengtong.capabilities.cases.web.design_words import design_words
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime, cn_time

DRAWER = "process_admin"
READERS = ("process_admin", "leader")
_BPMN = "application/xml; charset=utf-8"


@requires(*READERS)
@require_GET
def process_list(request: HttpRequest) -> HttpResponse:
    """Every process with its versions and running cases, and the drafts at work."""
    actor = actor_of(request)
    drafts, rows = selectors.open_drafts(actor), selectors.versions(actor)
    context = {
        "desk_title": _("流程管理"),
        "breadcrumbs": [{"label": _("流程管理")}],
        "drafts": [_draft_cells(row) for row in drafts],
        "draft_columns": words.DRAFT_COLUMNS,
        "no_drafts": {"title": _("没有正在绘制或者待批准的流程"), "why": ""},
        "versions": [_version_cells(row) for row in rows],
        "version_columns": words.VERSION_COLUMNS,
        "no_versions": {"title": _("还没有启用过流程"), "why": _("新建一份草稿，试运行并经另一人批准后启用。")},
        "may_draw": actor.has_role(DRAWER),
    }
    return render(request, "cases/processes.html", context)


@requires(DRAWER)
@require_http_methods(["GET", "POST"])
def new_draft(request: HttpRequest) -> HttpResponse:
    """A blank drawing, an uploaded one, or a copy of a version."""
    actor = actor_of(request)
    typed = {name: request.POST.get(name, "") for name in ("key", "title")}
    base = request.POST.get("base") or request.GET.get("base") or ""
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            base_id = _uuid(base) if base else None
            draft_id = create_draft(actor=actor, bpmn_xml=_uploaded(request), base_id=base_id, **typed)
            return redirect("processes:draft", draft_id=draft_id)
        except Invalid as error:
            errors, status = error.errors or {"": error.message}, 422
        except Conflict as error:
            errors, status = {"": error.message}, 409
    versions = selectors.versions(actor)
    chosen = next((row for row in versions if str(row.id) == base), None)
    bases = [(str(row.id), f"{row.title}（{row.key}）第 {row.version} 版") for row in versions]
    context = {
        "desk_title": _("流程管理"),
        "breadcrumbs": [_home(), {"label": _("新建草稿")}],
        "typed": typed | ({"title": chosen.title} if chosen and not typed["title"] else {}),
        "base": base,
        "chosen": chosen,
        "bases": [("", _("不复制，从空白或者上传的图纸开始")), *bases],
        "errors": errors,
    }
    return render(request, "cases/new_draft.html", context, status=status)


@requires(*READERS)
@require_GET
def draft_page(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The drawing page while one draws; else the drawing with what is needed to decide."""
    actor = actor_of(request)
    view = selectors.draft_view(actor, draft_id)
    return render(request, "cases/draft.html", draft_context(actor, view))


def draft_context(actor: Actor, view: selectors.DraftView, **more: Any) -> dict[str, Any]:
    """What the page of a draft shows; ``more`` is what an act could not do and what was typed."""
    comparison = selectors.draft_comparison(actor, view.row.id) if not view.may_draw else None
    return {
        "desk_title": _("流程管理"),
        "breadcrumbs": [_home(), {"label": view.row.title}],
        "draft": view,
        "facts": _facts(view),
        "refusals": words.refusals(view.refusals),
        "problems": words.sentences(view.problems),
        "picture": words.drawn(selectors.picture(view.bpmn_xml, view.refusals)),
        "comparison": words.comparison(comparison) if comparison else None,
        "design": design_words(actor) if view.may_draw else None,
        "discardable": view.may_draw,
        **more,
    }


@requires(DRAWER)
@require_POST
def save(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Keep the drawing from the page: the new revision, or 409 with the sentence when somebody else saved."""
    try:
        rev = save_draft(
            actor=actor_of(request),
            draft_id=draft_id,
            rev=read_rev(request.POST.get("rev", "")),
            bpmn_xml=request.POST.get("xml", ""),
            title=request.POST.get("title", ""),
            force=request.POST.get("force") == "1",
        )
    except Conflict as error:
        return JsonResponse({"message": error.message}, status=409)
    except Invalid as error:
        return JsonResponse({"message": error.message}, status=422)
    view = selectors.draft_view(actor_of(request), draft_id)
    return JsonResponse({"rev": rev, "time": cn_time(view.row.changed_at)})


@requires(DRAWER)
@require_POST
def upload(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Replace the drawing by an uploaded file, or give the draft another title."""
    actor = actor_of(request)
    try:
        save_draft(
            actor=actor,
            draft_id=draft_id,
            rev=read_rev(request.POST.get("rev", "")),
            bpmn_xml=_uploaded(request),
            title=request.POST.get("title", ""),
        )
    except (Conflict, Invalid) as error:
        view = selectors.draft_view(actor, draft_id)
        typed = request.POST.get("title", "")
        context = draft_context(actor, view, upload_error=error.message, upload_title=typed)
        return render(request, "cases/draft.html", context, status=409 if isinstance(error, Conflict) else 422)
    messages.success(request, _("已保存。"))
    return redirect("processes:draft", draft_id=draft_id)


@requires(*READERS)
@require_GET
def draft_file(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The drawing of a draft as a file."""
    view = selectors.draft_view(actor_of(request), draft_id)
    return _file(view.bpmn_xml, f"{view.row.key}-draft.bpmn")


@requires(*READERS)
@require_GET
def version_file(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """The drawing of a version as a file."""
    row = selectors.version_row(actor_of(request), version_id)
    return _file(selectors.version_xml(actor_of(request), version_id), f"{row.key}-{row.version}.bpmn")


def _file(xml: str, name: str) -> HttpResponse:
    response = HttpResponse(xml, content_type=_BPMN)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _uploaded(request: HttpRequest) -> str:
    """The text of the uploaded file, empty without one; Invalid for what is no drawing."""
    given = request.FILES.get("file")
    if given is None:
        return ""
    if (given.size or 0) > SIZE_LIMIT:
        raise Invalid(_("流程图文件太大（上限 2 MB）。"), field="file")
    try:
        return given.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("流程图文件须是 UTF-8 编码的 BPMN 2.0 XML。"), field="file") from None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("请选择要复制的版本。"), field="base") from None


def read_rev(text: str) -> int:
    """The revision of a draft as a page sends it; 0, which none has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _home() -> dict[str, str]:
    return {"label": _("流程管理"), "url": reverse("processes:list")}


def _draft_cells(row: selectors.DraftRow) -> dict[str, Any]:
    return {
        "title": format_html('<span>{}<br><span class="zt-quiet">{}</span></span>', row.title, row.key),
        "state": row.state_label,
        "who": row.changed_by,
        "at": row.changed_at,
        "url": reverse("processes:draft", args=[row.id]),
    }


def _version_cells(row: selectors.VersionRow) -> dict[str, Any]:
    return {
        "title": format_html('<span>{}<br><span class="zt-quiet">{}</span></span>', row.title, row.key),
        "version": _("第 %(n)d 版") % {"n": row.version},
        "state": _("启用") if row.active else _("停用，只办旧件"),
        "cases": row.open_cases,
        "who": _("%(drawer)s 绘制，%(approver)s 批准") % {"drawer": row.deployed_by, "approver": row.approved_by},
        "at": row.created_at,
        "url": reverse("processes:version", args=[row.id]),
    }


def _facts(view: selectors.DraftView) -> list[dict[str, Any]]:
    base = _("第 %(n)d 版") % {"n": view.base.version} if view.base else _("新流程")
    rows = [
        (_("流程代码"), view.row.key),
        (_("依据"), base),
        (_("状态"), view.row.state_label),
        (_("最后修改"), f"{cn_datetime(view.row.changed_at)} {view.row.changed_by}"),
        (_("报批"), f"{cn_datetime(view.submitted_at)} {view.submitted_by}" if view.submitted_at else ""),
        (_("批复"), f"{cn_datetime(view.decided_at)} {view.decided_by}" if view.decided_at else ""),
        (_("批复意见"), view.note),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
