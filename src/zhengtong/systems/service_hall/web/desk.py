"""The officials' desk: queues, a task with its acts, a case to read, stops of the clock."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from zhengtong.kernel.pages import desk_blocks, matter_blocks
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import group4
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_case, desk_clocks, desk_pages
from zhengtong.systems.service_hall.web.desk_forms import PROBLEMS, ExtensionForm, PauseForm, TaskForm
from zhengtong.systems.service_hall.web.pages import actor_of, matter

_FIRST = "decide"  # decisions stand first on a desk


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """A queue as a table; ``q`` is a case's number and leads straight to it."""
    actor = actor_of(request)
    number = request.GET.get("q", "").strip()[:60]
    missed = ""
    if number:
        case_id = selectors.case_of_number(actor=actor, number=number)
        if case_id is not None:
            return redirect(_place_of(actor, case_id))
        missed = _("没有找到编号“%(number)s”的办件，或者它不由您所在的单位办理。请核对编号后再查。") % {
            "number": number
        }
    queue = request.GET.get("queue", "todo")
    queue = queue if queue in cases.QUEUES else "todo"
    page = cases.desk(actor=actor, queue=queue, page=request.GET.get("page"), first_phase=_FIRST)
    context = desk_pages.frame(request, actor, queue=queue) | desk_pages.queue_page(actor, queue, page)
    return render(request, "service_hall/desk/queue.html", context | {"number": number, "missed": missed})


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
    """Stop the clock of a case on a ground of law."""
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
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
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
    """Do what the form says; a refusal brings the page back with everything typed."""
    form = TaskForm.posted(request.POST)
    row = api.application_for_official(actor=actor, application_id=uuid.UUID(item.subject.id))
    points = None
    try:
        form.check_length()
        if form.outcome == "supplement":
            points = form.points(selectors.material_names(row))
        api.complete_task(
            actor=actor,
            work_item_id=item.id,
            outcome=form.outcome,
            opinion=form.opinion,
            command_key=form.command_key,
            points=points,
        )
    except (Invalid, Conflict) as refusal:
        return _task_page(request, actor, item, form, refusal=refusal)
    _say_done(request, actor, item, form.outcome)
    return redirect("service_hall:desk")


def _say_done(request: HttpRequest, actor: Actor, item: cases.WorkItemView, outcome: str) -> None:
    if item.status != "open":
        messages.info(request, _("“%(step)s”这一步已经办结，没有重复提交。") % {"step": item.step})
        return
    said = _("办件 %(number)s“%(title)s”：%(step)s已办结，结论为“%(outcome)s”。") % {
        "number": group4(item.number),
        "title": item.title,
        "step": item.step,
        "outcome": dict(item.outcomes).get(outcome, outcome),
    }
    coming = cases.desk(actor=actor, queue="todo", size=1, first_phase=_FIRST).rows
    if not coming:
        messages.success(request, said + _("待办已全部办完。"))
        return
    after = coming[0]
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            said,
            desk_pages.task_url(after),
            _("办理下一件：%(title)s（%(step)s）") % {"title": after.title, "step": after.step},
        ),
    )


def _task_page(
    request: HttpRequest,
    actor: Actor,
    item: cases.WorkItemView,
    form: TaskForm,
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The page of a task; every showing of personal data is entered, a refused attempt too."""
    view = api.read_application(
        actor=actor, application_id=uuid.UUID(item.subject.id), purpose=_("办理：%(step)s") % {"step": item.step}
    )
    item = cases.work_item(actor=actor, work_item_id=item.id)
    deciding = desk_pages.is_decision(item)
    context = desk_pages.frame(request, actor, queue="todo", on_case=True)
    context |= desk_case.case_context(actor, view, but_task=item.id)
    outcomes = desk_case.outcomes(item, view)
    context |= {
        "task": item,
        "blocks": matter_blocks(desk_blocks, request, matter(view)),
        "mine": desk_pages.is_mine(actor, item),
        "form": form,
        "outcomes": outcomes,
        "supplement_open": any(one.code == "supplement" and not one.barred for one in outcomes),
        "materials": desk_case.with_points(context["materials"], form),
        "problems": PROBLEMS,
        "task_lamp": desk_clocks.task_lamp(item, cases.calendar_of(actor.tenant)),
        "refusal": refusal,
    }
    template = "service_hall/desk/decide.html" if deciding else "service_hall/desk/task.html"
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
    found = cases.case_view(actor=actor, case_id=case_id)
    if found.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个办件不属于办事大厅。"))
    purpose = _("查看办件") if actor.has_role(*desk_pages.HANDLERS) else _("效能监察")
    view = api.read_application(actor=actor, application_id=uuid.UUID(found.subject.id), purpose=purpose)
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
