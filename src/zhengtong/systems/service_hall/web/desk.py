"""The officials' desk: queues, a task with its acts, a case to read, stops of the clock."""

import dataclasses
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from zhengtong.kernel.pages import desk_blocks, matter_blocks
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_beside, desk_case, desk_pages, desk_queue, desk_task
from zhengtong.systems.service_hall.web.desk_forms import ExtensionForm, PauseForm, TaskForm
from zhengtong.systems.service_hall.web.desk_queue import DeskState
from zhengtong.systems.service_hall.web.pages import actor_of, matter


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """A queue as a list, a task opened beside it; ``q`` is a case's number and leads straight to it.

    A request of the page's own script (``HX-Request``) gets the pane alone.
    """
    actor = actor_of(request)
    state = DeskState.of(request.GET.dict())
    if state.opened is not None and request.headers.get("HX-Request"):
        return render(request, "service_hall/desk/parts/pane.html", desk_beside.pane_context(request, actor, state))
    number = request.GET.get("q", "").strip()[:60]
    missed = ""
    if number:
        case_id = selectors.case_of_number(actor=actor, number=number)
        if case_id is not None:
            return redirect(_place_of(actor, case_id))
        missed = _("没有找到编号“%(number)s”的办件，或者它不由您所在的单位办理。请核对编号后再查。") % {
            "number": number
        }
    return desk_page(request, actor, state, extra={"number": number, "missed": missed})


def desk_page(
    request: HttpRequest,
    actor: Actor,
    state: DeskState,
    *,
    extra: dict[str, Any] | None = None,
    form: TaskForm | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The list with its pane; after a refusal with everything that was typed."""
    context = desk_beside.pane_context(request, actor, state, form=form, refusal=refusal)
    counts = cases.desk_counts(actor=actor)
    context |= desk_pages.frame(request, actor, queue=state.queue, counts=counts)
    context |= desk_queue.list_context(actor, state, counts)
    return render(request, "service_hall/desk/queue.html", context | (extra or {}), status=_status_of(refusal))


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def task(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """A task with its acts; a task that is not the actor's, or is done, shows its case instead."""
    item = _item_of_hall(request, work_item_id)
    if desk_pages.is_decision(item):
        return redirect("service_hall:decision", item.id)
    return _work_on(request, item)


@requires(Role.LEADER, fresh_factor=True)
@require_http_methods(["GET", "POST"])
@never_cache
def decision(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """A decision with its acts: who signs for the unit has just shown that it is he."""
    item = _item_of_hall(request, work_item_id)
    if not desk_pages.is_decision(item):
        return redirect(desk_pages.place_of(item))
    return _work_on(request, item)


def _item_of_hall(request: HttpRequest, work_item_id: uuid.UUID) -> cases.WorkItemView:
    item = cases.work_item(actor=actor_of(request), work_item_id=work_item_id)
    if item.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个待办事项不属于办事大厅。"))
    return item


def _work_on(request: HttpRequest, item: cases.WorkItemView) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        return _complete(request, actor, item)
    if not desk_pages.is_mine(actor, item):
        return redirect(desk_pages.case_url(item.case_id))
    return _task_page(request, actor, item, TaskForm.fresh())


@requires(*desk_pages.READERS)
@require_GET
@never_cache
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A case to read, for its participants and the supervisors."""
    actor = actor_of(request)
    return case_page(request, actor, case_id)


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def pause(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Stop the clock of a case on a ground of law; a refusal brings back everything typed."""
    actor = actor_of(request)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return case_page(request, actor, case_id, pause_form=form, status=422)
    try:
        cases.pause_clock(
            actor=actor,
            case_id=case_id,
            reason_code=form.cleaned_data["reason_code"],
            note=form.cleaned_data["note"],
            cap=form.limit(),
        )
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return case_page(request, actor, case_id, pause_form=form, status=422)
    messages.success(request, _("已经停止计时。停止期间不计入办理时限，事由和时间将告知申请人。"))
    return redirect(desk_pages.case_url(case_id))


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def resume(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Let the clock of a case run again."""
    try:
        cases.resume_clock(actor=actor_of(request), case_id=case_id)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已经恢复计时，截止日重新推算。"))
    return redirect(desk_pages.case_url(case_id))


def _complete(request: HttpRequest, actor: Actor, item: cases.WorkItemView) -> HttpResponse:
    """Do what the form says; a refusal brings the page, or the list with its pane, back with everything typed."""
    form = TaskForm.posted(request.POST)
    state, going_on = desk_task.state_of(request), request.POST.get("then") == "next"
    order = desk_queue.order_of(actor, state) if going_on else []
    try:
        desk_task.complete(actor, item, form)
    except (Invalid, Conflict) as refusal:
        if request.POST.get("beside") and not desk_pages.is_decision(item):
            opened = dataclasses.replace(state, opened=item.id)
            return desk_page(request, actor, opened, form=form, refusal=refusal)
        return _task_page(request, actor, item, form, refusal=refusal)
    following = desk_queue.next_after(actor, state, order, item.id) if going_on else None
    desk_task.say_done(request, actor, item, form.outcome, going_on=following is not None)
    return redirect(state.address(following))


def _task_page(
    request: HttpRequest,
    actor: Actor,
    item: cases.WorkItemView,
    form: TaskForm,
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The page of a task; every showing of personal data is entered, a refused attempt too."""
    context = desk_pages.frame(request, actor, queue="todo", on_case=True)
    context |= desk_task.task_context(request, actor, item, form, refusal=refusal)
    context |= {"back": desk_task.state_of(request).query()}
    template = "service_hall/desk/decide.html" if desk_pages.is_decision(item) else "service_hall/desk/task.html"
    return render(request, template, context, status=_status_of(refusal))


def _status_of(refusal: DomainError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, Conflict) else 422


def case_page(
    request: HttpRequest,
    actor: Actor,
    case_id: uuid.UUID,
    *,
    pause_form: PauseForm | None = None,
    extension_form: ExtensionForm | None = None,
    hearing_form: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case; forms that were refused come back with what was typed."""
    purpose = _("查看办件") if actor.has_role(*desk_pages.HANDLERS) else _("效能监察")
    view = api.read_case(actor=actor, case_id=case_id, purpose=purpose)
    found = view.case
    if found is None:
        raise NotFound(_("这个办件不属于办事大厅。"))
    context: dict[str, Any] = desk_pages.frame(request, actor, on_case=True) | desk_case.case_context(actor, view)
    own = actor.org_id == found.org_id and actor.has_role(*desk_pages.HANDLERS)
    counting = own and found.status == "open" and found.accepted_on is not None
    context |= {
        "blocks": matter_blocks(desk_blocks, request, matter(view)),
        "waiting": [item for item in found.open_items if desk_pages.is_mine(actor, item)],
        "may_pause": counting and not found.paused,
        "may_resume": counting and found.paused,
        "pause_form": pause_form or PauseForm(),
        "may_extend": counting and found.extension_offer is not None and not found.extension_offer.barred,
        "extension_form": extension_form or ExtensionForm(),
        "extension_offer": found.extension_offer,
        "may_hear": counting,
        "hearing_forms": desk_case.hearing_forms(actor, found) | dict([hearing_form] if hearing_form else []),
    }
    return render(request, "service_hall/desk/case.html", context, status=status)


def _place_of(actor: Actor, case_id: uuid.UUID) -> str:
    """The actor's own task in a case, else the case."""
    found = cases.case_view(actor=actor, case_id=case_id)
    mine = next((item for item in found.open_items if desk_pages.is_mine(actor, item)), None)
    return desk_pages.task_url(mine) if mine else desk_pages.case_url(case_id)
