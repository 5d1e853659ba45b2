"""Filling in: who applies and what will be needed, one section a page, saving without a press."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.plain_json import read_json
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.ui.formats import cn_time
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.web import pages, section_page
from zhengtong.systems.service_hall.web.forms import FIRST, RenewalForm

_MAX_JSON = 200_000


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, item_code: str) -> HttpResponse:
    """Who applies and what will be needed; the press starts the draft or takes up the one that lies open."""
    actor = pages.actor_of(request)
    item = catalogue.find_item(actor.tenant, item_code)
    hindrance = ""
    try:
        api.check_may_apply(actor, item)
    except NotPermitted as refusal:
        if actor.kind == "official" or request.method == "POST":
            raise
        hindrance = refusal.message
    draft = api.open_draft(actor=actor, item_code=item.code)
    renewal = None if hindrance else _renewal_form(request, item.code, draft)
    if request.method == "POST" and (renewal is None or renewal.is_valid()):
        renews = renewal.renewed() if renewal else None
        started = api.start_application(actor=actor, item_code=item.code, renews=renews)
        _keep_choices(request, actor, item, started)
        return redirect(pages.next_step(api.own_view(actor=actor, application_id=started.id)))
    context: dict[str, Any] = {
        "item": item,
        "applicant": actor.on_behalf_of or actor.name,
        "as_legal": actor.kind == "legal_agent",
        "hindrance": hindrance,
        "needs": pages.needs(item),
        "draft": draft,
        "renewal": renewal,
        "here": request.get_full_path(),
        "breadcrumbs": pages.crumbs((item.name, reverse("catalogue:item", args=[item.code])), (_("申请"), "")),
    }
    return render(request, "service_hall/apply.html", context, status=422 if renewal and renewal.errors else 200)


def _keep_choices(request: HttpRequest, actor: Actor, item: catalogue.ItemVersionView, draft: api.Application) -> None:
    """What was chosen before (我能不能办) goes into the draft where nothing is answered yet."""
    given = {name.removeprefix("a."): request.GET.getlist(name) for name in request.GET if name.startswith("a.")}
    chosen = catalogue.preparation_of(item).choices_in(given) if given else {}
    answered = api.own_view(actor=actor, application_id=draft.id).form.answers if chosen else {}
    fresh = {key: value for key, value in chosen.items() if not answered.get(key)}
    if fresh:
        api.save_answers(actor=actor, application_id=draft.id, answers=fresh)


def _renewal_form(request: HttpRequest, item_code: str, draft: api.Application | None) -> RenewalForm | None:
    """The question which licence is renewed; None when the applicant has none to renew."""
    actor = pages.actor_of(request)
    licences = api.renewable_licences(actor=actor, item_code=item_code)
    if not licences:
        return None
    listed = [(paper.id, pages.renewal_words(actor.tenant, paper)) for paper in licences]
    chosen = str(draft.licence_id) if draft and draft.licence_id else FIRST if draft else ""
    return RenewalForm(listed, request.POST if request.method == "POST" else None, initial={"renews": chosen})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, application_id: uuid.UUID, number: int) -> HttpResponse:
    """One section; whatever was typed is saved first, then gaps of this section stop the way on."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    if not 1 <= number <= len(view.form.definition.sections):
        raise NotFound(_("这份表单没有这一页。"))
    if not pages.is_editable(view):
        return redirect("service_hall:application", application_id)
    page = section_page.SectionPage(view, number)
    if request.method != "POST":
        if api.newer_item(view.row) is not None:
            return redirect("service_hall:newer", view.id)
        if "check" in request.GET:
            page.tell(page.problems())
        return _rendered(request, page)
    before = page.asked()
    page.keep(actor, request)
    if page.act:
        page.do(actor, request)
        return _rendered(request, page)
    problems = page.problems()
    fresh = {path for path in problems if path not in before and "." not in path and not page.answers.get(path)}
    if not page.conflicts:
        going = _going(request, page.view, number, stop=bool(problems))
        if going is not None:
            return going
    page.tell({} if fresh == set(problems) else problems)
    page.more_asked = bool(fresh) and not page.told
    return _rendered(request, page)


def _rendered(request: HttpRequest, page: section_page.SectionPage) -> HttpResponse:
    actor = pages.actor_of(request)
    # what is known of the applicant stands in the draft already; an official is shown no more than that
    context = page.context({} if actor.kind == "official" else api.known_facts(actor))
    return render(request, "service_hall/section.html", context, status=page.status)


def _going(request: HttpRequest, view: api.ApplicationView, number: int, *, stop: bool) -> HttpResponse | None:
    """Where the pressed button leads; None to stay on the page."""
    draft = view.row.status == ApplicationStatus.DRAFT
    match request.POST.get("go"):
        case "later":
            if pages.actor_of(request).kind != "official":
                messages.success(request, _("已保存。可以随时从“我的办件”接着填写。"))
            return redirect(pages.left_for_later(request, view.row))
        case "back" if draft and (earlier := pages.neighbour(view, number, -1)):
            return redirect(pages.section_url(view.id, earlier))
        case "back":
            return redirect(_way_out(request, view))
    if stop:
        return None
    if not draft:
        return redirect("service_hall:supplement", view.id)
    if following := pages.neighbour(view, number, 1):
        return redirect(pages.section_url(view.id, following))
    return redirect("service_hall:materials", view.id)


def _way_out(request: HttpRequest, view: api.ApplicationView) -> str:
    if pages.actor_of(request).kind == "official":
        return pages.left_for_later(request, view.row)
    if view.row.status == ApplicationStatus.DRAFT:
        return reverse("service_hall:apply", args=[view.row.item_code])
    return reverse("service_hall:supplement", args=[view.id])


@signed_in
@never_cache
@require_POST
def autosave(request: HttpRequest, application_id: uuid.UUID) -> JsonResponse:
    """Keep what is typed so far (form fields or a JSON object); answers the time, or 409 with what was changed too."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    if request.content_type == "application/json":
        kept = api.keep_page(actor=actor, application_id=application_id, answers=_json(request), seen={})
        return JsonResponse({"saved_at": cn_time(kept.form.saved_at)})
    page = _sent_page(request, view)
    page.keep(actor, request)
    return JsonResponse(page.said(), status=409 if page.conflicts else 200)


@signed_in
@never_cache
@require_POST
def answer_upload(request: HttpRequest, application_id: uuid.UUID) -> JsonResponse:
    """A file given as an answer, sent by the page's script together with all that stands on the page."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    page = _sent_page(request, view)
    page.keep(actor, request)
    page.do(actor, request)
    if page.told:
        return JsonResponse({"message": next(iter(page.told.values()))}, status=422)
    return JsonResponse(page.said() | {"files": page.files()})


def _sent_page(request: HttpRequest, view: api.ApplicationView) -> section_page.SectionPage:
    """The page of the form that a script names; NotFound where the form has none such."""
    named = request.POST.get("section", "")
    for number in range(1, len(view.form.definition.sections) + 1):
        if str(number) == named:
            return section_page.SectionPage(view, number)
    raise NotFound(_("这份表单没有这一页。"))


def _json(request: HttpRequest) -> Mapping[str, Any]:
    try:
        data = read_json(request.body) if len(request.body) <= _MAX_JSON else None
    except ValueError:
        data = None
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise Invalid(_("浏览器发来的内容无法识别，没有自动保存；填写的内容仍在页面上。"))
    return data


@signed_in
@require_POST
def discard(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    actor = pages.actor_of(request)
    row = api.discard_draft(actor=actor, application_id=application_id)
    messages.success(request, _("已删除草稿“%(item)s”。") % {"item": row.item_name})
    return redirect("service_hall:counter" if actor.kind == "official" else "service_hall:mine")
