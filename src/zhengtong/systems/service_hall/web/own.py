"""A person's own side of the hall: home, list, one application, papers."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.pages import applicant_acts, applicant_blocks, matter_blocks
from zhengtong.kernel.policy import public, signed_in
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.desk_pages import READERS
from zhengtong.systems.service_hall.web.forms import TrackForm
from zhengtong.systems.service_hall.web.materials import download


@public
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The hall: what waits for the person who signed in; search, often used items and tracking for all."""
    actor = pages.actor_of(request)
    context: dict[str, Any] = {
        "popular": catalogue.most_applied(actor.tenant),
        "bundles": catalogue.bundles(actor.tenant),
        "audiences": catalogue.life_events(actor.tenant),
        "departments": catalogue.departments(actor.tenant),
        "themes": catalogue.themes(actor.tenant),
        "track_form": TrackForm(),
        "breadcrumbs": [*pages.crumbs()[:1], {"label": _("办事大厅"), "url": ""}],
    }
    if actor.kind in ("citizen", "legal_agent"):
        recent = api.my_applications(actor=actor, size=3)
        sentences = api.sentences_of(recent.rows)
        context |= {
            "own": True,
            "applicant": actor.on_behalf_of or actor.name,
            "todos": api.my_todos(actor=actor),
            "recent": [{"row": row, "sentence": sentences[row.id]} for row in recent.rows],
            "total": recent.total,
            "licences": api.my_licences(actor=actor),
        }
    return render(request, "service_hall/home.html", context)


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All applications, newest first."""
    actor = pages.actor_of(request)
    page = api.my_applications(actor=actor, page=request.GET.get("page", 1))
    sentences = api.sentences_of(page.rows)
    context: dict[str, Any] = {
        "page": page,
        "lines": [{"row": row, "sentence": sentences[row.id]} for row in page.rows],
        "applicant": actor.on_behalf_of or actor.name,
        "breadcrumbs": pages.crumbs((_("我的办件"), "")),
    }
    return render(request, "service_hall/mine.html", context)


@signed_in
@never_cache
@require_safe
def application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Where my application stands, until when, why that date, what I may do, who read my data."""
    actor = pages.actor_of(request)
    view = api.own_view(actor=actor, application_id=application_id)
    if view.row.status == ApplicationStatus.DRAFT or view.case is None:
        return redirect(pages.next_step(view))
    drawing = cases.process_drawing(actor=actor, case_id=view.case.id, as_applicant=True)
    hearing = view.case.hearing
    matter = pages.matter(view)
    context: dict[str, Any] = {
        "view": view,
        "acts": matter_blocks(applicant_acts, request, matter),
        "blocks": matter_blocks(applicant_blocks, request, matter),
        "hearing": hearing,
        "may_ask_hearing": hearing is not None and hearing.may_ask and view.case.status == "open",
        "steps": pages.steps(view),
        "clock": pages.clock(view.case),
        "messages_sent": [
            {"at": sent.at, "title": sent.title, "note": sent.body}
            for sent in api.messages_about(actor=actor, application_id=view.id)
        ],
        "readings": pages.readings(view.id, actor.tenant),
        "licence": next((one for one in reversed(view.papers) if one.kind == documents.DocumentKind.LICENCE), None),
        "sections": pages.answers(view),
        "may_withdraw": view.case.status == "open" and bool(view.case.open_items),
        "drawing": mark_safe(drawing),  # noqa: S308  # our engine draws it from checked shapes, every text escaped
        "breadcrumbs": pages.crumbs((_("我的办件"), reverse("service_hall:mine")), (view.row.item_name, "")),
    }
    return render(request, "service_hall/application.html", context)


@signed_in
@never_cache
@require_safe
def paper(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A paper for whom may read it: its applicant, the units that take part; the reading is recorded."""
    actor = pages.actor_of(request)
    if actor.kind == "official" and not actor.has_role(*READERS):
        raise NotPermitted(_("您现在的岗位不办理申请，看不到办件文书。如因工作需要，请换用相应的岗位。"))
    try:
        name, content = documents.read_file(actor=actor, document_id=document_id, purpose=_("下载办件文书"))
    except NotPermitted:
        if actor.kind == "official":
            raise
        raise NotFound(_("没有找到这份文书。如果它属于另一个身份的申请，请先切换身份。")) from None
    return download(name, content, "application/pdf")
