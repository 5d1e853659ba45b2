"""On-site inspection, expert review and public notice at the desk, the inspection also on the phone."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, SpecialKind
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors import special as reads
from zhengtong.systems.service_hall.services import special_steps
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.materials import download
from zhengtong.systems.service_hall.web.pages import actor_of
from zhengtong.systems.service_hall.web.special_forms import (
    AnswerForm,
    CloseForm,
    ExpertForm,
    InspectionForm,
    PublicNoticeForm,
    ReasonForm,
)


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def of_case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The special steps of a case, and the forms to arrange another one."""
    actor = actor_of(request)
    row = _row(actor, case_id)
    if request.method != "POST":
        return _case_page(request, actor, row)
    kind = request.POST.get("kind", "")
    form = _arrange_forms(row, actor, request.POST).get(kind)
    if form is None:
        raise NotFound(_("没有这种特别环节。"))
    if form.is_valid():
        planned = form.planned(local_date()) if isinstance(form, ExpertForm) else form.planned()
        try:
            step = special_steps.arrange(actor=actor, case_id=case_id, kind=kind, **planned)
        except (Invalid, Conflict, NotPermitted) as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("已经安排，申请人会收到通知。"))
            return redirect("service_hall:special", step.id)
    return _case_page(request, actor, row, bound={kind: form}, status=422)


@requires(*desk_pages.READERS)
@require_GET
@never_cache
def page(request: HttpRequest, step_id: uuid.UUID) -> HttpResponse:
    """One special step: what was told, what was found, its photographs and objections."""
    return _page(request, actor_of(request), step_id)


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def act(request: HttpRequest, step_id: uuid.UUID, name: str) -> HttpResponse:
    """Add a photograph, end or cancel the step, answer an objection; a refusal keeps everything typed."""
    actor = actor_of(request)
    view = reads.special_for(actor, step_id)
    if name not in _ACTS:
        raise NotFound(_("没有这种操作。"))
    make, do, said = _ACTS[name]
    form = make(request, view)
    if form.is_valid():
        try:
            do(actor, request, view, form)
        except (Invalid, Conflict, NotPermitted) as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, said())
            return redirect("service_hall:special", step_id)
    return _page(request, actor, step_id, bound={name: form}, at=request.POST.get("objection", ""), status=422)


@requires(*desk_pages.READERS)
@require_GET
@never_cache
def photo(request: HttpRequest, step_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """A photograph of an inspection; its reading is entered, as of every material, before its bytes are sent."""
    actor = actor_of(request)
    found = reads.photo_of(actor, step_id, photo_id)
    row = found.step.application
    said = _("办理办件 %(number)s") if actor.has_role(*desk_pages.HANDLERS) else _("效能监察：办件 %(number)s")
    name = _("勘验照片：%(note)s") % {"note": found.note or found.file.name}
    api.record_file_read(actor=actor, row=row, name=name, purpose=said % {"number": row.number})
    stored, content = storage.read(tenant=found.tenant, file_id=found.file_id)
    return download(stored.name, content, stored.content_type)


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What I am to inspect, for the way there: place, day, what was told."""
    actor = actor_of(request)
    context = desk_pages.frame(request, actor) | {"steps": reads.my_inspections(actor)}
    return render(request, "service_hall/special/mine.html", context)


class _PhotoForm(forms.Form):
    """A photograph and what it shows."""

    note = forms.CharField(max_length=200, required=False)


def _add_photo(actor: Actor, request: HttpRequest, view: reads.SpecialView, form: Any) -> None:
    files = request.FILES.getlist("photo")
    if not files:
        raise Invalid(_("还没有拍照或者选择照片。"), field="photo")
    for saved, file in enumerate(files):
        try:
            special_steps.add_photo(
                actor=actor,
                step_id=view.id,
                name=file.name or "",
                content=file.read(MAX_BYTES + 1),
                note=form.cleaned_data["note"],
            )
        except (Invalid, Conflict) as refusal:
            if not saved:
                raise
            words = {"n": saved, "why": refusal.message}
            raise Conflict(_("前 %(n)d 张已经保存，其余的没有保存：%(why)s") % words) from refusal


def _close(actor: Actor, request: HttpRequest, view: reads.SpecialView, form: Any) -> None:
    special_steps.close(actor=actor, step_id=view.id, **form.cleaned_data)


def _drop(actor: Actor, request: HttpRequest, view: reads.SpecialView, form: Any) -> None:
    special_steps.drop(actor=actor, step_id=view.id, reason=form.cleaned_data["reason"])


def _answer(actor: Actor, request: HttpRequest, view: reads.SpecialView, form: Any) -> None:
    wanted = request.POST.get("objection", "")
    found = next((one.id for one in view.objections if str(one.id) == wanted), None)
    if found is None:
        raise Conflict(_("没有找到这条异议，请刷新后重试。"))
    special_steps.answer_objection(actor=actor, objection_id=found, text=form.cleaned_data["answer"])


_ACTS: dict[str, tuple[Callable[..., Any], Callable[..., None], Callable[[], str]]] = {
    "photo": (lambda request, view: _PhotoForm(request.POST), _add_photo, lambda: _("照片已经保存。")),
    "close": (
        lambda request, view: CloseForm(request.POST, kind=view.kind, auto_id="close-%s"),
        _close,
        lambda: _("已经结束，记录正在制成文书。"),
    ),
    "drop": (lambda request, view: ReasonForm(request.POST, auto_id="drop-%s"), _drop, lambda: _("已经取消。")),
    "answer": (lambda request, view: AnswerForm(request.POST), _answer, lambda: _("已经答复。")),
}


def _refuse(form: forms.Form, refusal: DomainError) -> None:
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, refusal.message)


def _row(actor: Actor, case_id: uuid.UUID) -> Application:
    found = cases.case_view(actor=actor, case_id=case_id)
    if found.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个办件不属于办事大厅。"))
    return selectors.application_for_official(actor=actor, application_id=uuid.UUID(found.subject.id))


def _arrange_forms(row: Application, actor: Actor, posted: Any = None) -> dict[str, Any]:
    people = reads.inspector_choices(row, actor)
    return {
        SpecialKind.INSPECTION.value: InspectionForm(posted, people=people, auto_id="inspection-%s"),
        SpecialKind.EXPERT_REVIEW.value: ExpertForm(posted, auto_id="expert-%s"),
        SpecialKind.PUBLIC_NOTICE.value: PublicNoticeForm(posted, auto_id="notice-%s"),
    }


def _case_page(
    request: HttpRequest, actor: Actor, row: Application, *, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    made = _arrange_forms(row, actor) | (bound or {})
    labels = {kind.value: kind.label for kind in SpecialKind}
    context = desk_pages.frame(request, actor) | {
        "row": row,
        "case_url": desk_pages.case_url(row.case_id or row.id),
        "steps": reads.special_steps_of(row, actor=actor),
        "forms": [
            {"kind": kind, "label": labels[kind], "form": form, "open": bool(bound and kind in bound)}
            for kind, form in made.items()
        ],
        "may_arrange": actor.org_id == row.org_id,
    }
    return render(request, "service_hall/special/case.html", context, status=status)


def _page(
    request: HttpRequest,
    actor: Actor,
    step_id: uuid.UUID,
    *,
    bound: dict[str, Any] | None = None,
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    view, bound = reads.special_for(actor, step_id), bound or {}
    if view.objections:
        special_steps.record_objections_read(actor=actor, step=view)
    context = desk_pages.frame(request, actor) | {
        "step": view,
        "case_url": desk_pages.case_url(view.case_id),
        "close_form": bound.get("close") or CloseForm(kind=view.kind, auto_id="close-%s"),
        "drop_form": bound.get("drop") or ReasonForm(auto_id="drop-%s"),
        "answer_form": bound.get("answer"),
        "answer_at": at,
        "photo_errors": bound["photo"].non_field_errors() if "photo" in bound else (),
    }
    return render(request, "service_hall/special/step.html", context, status=status)
