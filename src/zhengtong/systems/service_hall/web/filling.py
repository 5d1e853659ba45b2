"""Filling in: who applies and what will be needed, one section a page, saving without a press."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.ui.formats import cn_time
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.forms import SectionForm, answers_in

_MAX_JSON = 200_000


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, item_code: str) -> HttpResponse:
    """Who applies and what will be needed; the press starts the draft or takes up the one that lies open."""
    actor = pages.actor_of(request)
    item = catalogue.find_item(actor.tenant, item_code)
    if request.method == "POST":
        draft = api.start_application(actor=actor, item_code=item.code)
        return redirect(pages.next_step(api.own_view(actor=actor, application_id=draft.id)))
    hindrance = ""
    try:
        api.check_may_apply(actor, item)
    except NotPermitted as refusal:
        if actor.kind == "official":
            raise
        hindrance = refusal.message
    context: dict[str, Any] = {
        "item": item,
        "applicant": actor.on_behalf_of or actor.name,
        "as_legal": actor.kind == "legal_agent",
        "hindrance": hindrance,
        "needs": pages.needs(item),
        "draft": api.open_draft(actor=actor, item_version_id=item.id),
        "here": request.get_full_path(),
        "breadcrumbs": pages.crumbs((item.name, reverse("catalogue:item", args=[item.code])), (_("申请"), "")),
    }
    return render(request, "service_hall/apply.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, application_id: uuid.UUID, number: int) -> HttpResponse:
    """One section; whatever was typed is saved first, then gaps of this section stop the way on."""
    actor = pages.actor_of(request)
    view = api.own_view(actor=actor, application_id=application_id)
    parts = view.form.definition.sections
    if not 1 <= number <= len(parts):
        raise NotFound(_("这份表单没有这一页。"))
    if not pages.is_editable(view):
        return redirect("service_hall:application", application_id)
    problems: dict[str, str] = {}
    fresh: set[str] = set()
    if request.method == "POST":
        before = view.form.asked_keys()
        api.save_answers(actor=actor, application_id=view.id, answers=answers_in(parts[number - 1], request.POST))
        view = api.own_view(actor=actor, application_id=application_id)
        problems = pages.problems_of_section(view, number)
        fresh = {key for key in problems if key not in before and not view.form.answers.get(key)}
        going = _going(request, view, number, stop=bool(problems))
        if going is not None:
            return going
    elif "check" in request.GET:
        problems = pages.problems_of_section(view, number)
    told = {} if fresh == set(problems) else problems
    form = SectionForm(parts[number - 1], view.form.answers, told)
    context: dict[str, Any] = {
        "view": view,
        "part": parts[number - 1],
        "number": number,
        "form": form,
        "lines": form.lines(view.form.asked_keys(), api.known_facts(actor)),
        "more_asked": bool(fresh) and not told,
        "progress": pages.progress(view, str(number)),
        "supplement": view.row.status == ApplicationStatus.SUPPLEMENT,
        "breadcrumbs": pages.crumbs((view.row.item_name, ""), (parts[number - 1].title, "")),
    }
    return render(request, "service_hall/section.html", context, status=422 if told else 200)


def _going(request: HttpRequest, view: api.ApplicationView, number: int, *, stop: bool) -> HttpResponse | None:
    """Where the pressed button leads; None to stay on the page."""
    draft = view.row.status == ApplicationStatus.DRAFT
    match request.POST.get("go"):
        case "later":
            messages.success(request, _("已保存。可以随时从“我的办件”接着填写。"))
            return redirect("service_hall:mine" if draft else "service_hall:application", *([] if draft else [view.id]))
        case "back" if number > 1 and draft:
            return redirect(pages.section_url(view.id, number - 1))
        case "back":
            return redirect(_way_out(view))
    if stop:
        return None
    if not draft:
        return redirect("service_hall:supplement", view.id)
    if number < len(view.form.definition.sections):
        return redirect(pages.section_url(view.id, number + 1))
    return redirect("service_hall:materials", view.id)


def _way_out(view: api.ApplicationView) -> str:
    if view.row.status == ApplicationStatus.DRAFT:
        return reverse("service_hall:apply", args=[view.row.item_code])
    return reverse("service_hall:supplement", args=[view.id])


@signed_in
@never_cache
@require_POST
def autosave(request: HttpRequest, application_id: uuid.UUID) -> JsonResponse:
    """Keep what is typed so far (form fields or a JSON object); answers the time it was kept."""
    actor = pages.actor_of(request)
    view = api.own_view(actor=actor, application_id=application_id)
    number = request.POST.get("section", "")
    parts = view.form.definition.sections
    answers: dict[str, Any] = _json(request) if request.content_type == "application/json" else request.POST.dict()
    if number.isascii() and number.isdigit() and 1 <= int(number) <= len(parts):
        answers = answers_in(parts[int(number) - 1], request.POST)
    saved = api.save_answers(actor=actor, application_id=application_id, answers=answers)
    return JsonResponse({"saved_at": cn_time(saved.saved_at)})


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body) if len(request.body) <= _MAX_JSON else None
    except ValueError:
        data = None
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise Invalid(_("浏览器发来的内容无法识别，没有自动保存；填写的内容仍在页面上。"))
    return data


@signed_in
@require_POST
def discard(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    row = api.discard_draft(actor=pages.actor_of(request), application_id=application_id)
    messages.success(request, _("已删除草稿“%(item)s”。") % {"item": row.item_name})
    return redirect("service_hall:mine")
