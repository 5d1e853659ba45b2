"""A task with its acts: what its page and its pane show, and what happens to what was sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.pages import desk_blocks, matter_blocks
from zhengtong.kernel.ui.formats import group4
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.web import desk_case, desk_clocks, desk_materials, desk_pages
from zhengtong.systems.service_hall.web.desk_forms import TaskForm
from zhengtong.systems.service_hall.web.desk_queue import FIRST, DeskState
from zhengtong.systems.service_hall.web.pages import matter


def task_context(
    request: HttpRequest,
    actor: Actor,
    item: cases.WorkItemView,
    form: TaskForm,
    *,
    purpose: str = "",
    refusal: DomainError | None = None,
) -> dict[str, Any]:
    """Everything about a task and its case; the showing of personal data is entered, that after a refusal too."""
    view = api.read_application(
        actor=actor,
        application_id=uuid.UUID(item.subject.id),
        purpose=purpose or _("办理：%(step)s") % {"step": item.step},
    )
    if refusal is not None:
        item = cases.work_item(actor=actor, work_item_id=item.id)  # somebody else may have been faster
    context = desk_case.case_context(actor, view, but_task=item.id)
    phrases = selectors.phrases_of(actor)
    outcomes = desk_case.outcomes(item, view, phrases)
    return context | {
        "task": item,
        "blocks": matter_blocks(desk_blocks, request, matter(view)),
        "mine": desk_pages.is_mine(actor, item),
        "form": form,
        "outcomes": outcomes,
        "supplement_open": any(one.code == "supplement" and not one.barred for one in outcomes),
        "materials": desk_materials.with_points(context["materials"], form, phrases, view.row.item_code),
        "task_lamp": desk_clocks.task_lamp(item, cases.calendar_of(actor.tenant)),
        "refusal": refusal,
        "registers": api.registers_for(view.row),
        "purpose_step": item.step,
    }


def complete(actor: Actor, item: cases.WorkItemView, form: TaskForm) -> None:
    """Do what the form says; raises what the service raises, with everything typed still in the form."""
    row = api.application_for_official(actor=actor, application_id=uuid.UUID(item.subject.id))
    form.check_length()
    points = form.points(selectors.material_names(row)) if form.outcome == "supplement" else None
    api.complete_task(
        actor=actor,
        work_item_id=item.id,
        outcome=form.outcome,
        opinion=form.opinion,
        command_key=form.command_key,
        points=points,
    )
    written = [form.opinion, *(points or {}).values()]
    if any(written):
        api.count_uses(actor=actor, written=written)


def say_done(
    request: HttpRequest, actor: Actor, item: cases.WorkItemView, outcome: str, *, going_on: bool = False
) -> None:
    """Say what was done, and name the next task unless the clerk is led there anyway."""
    if item.status != "open":
        messages.info(request, _("“%(step)s”这一步已经办结，没有重复提交。") % {"step": item.step})
        return
    said = _("办件 %(number)s“%(title)s”：%(step)s已办结，结论为“%(outcome)s”。") % {
        "number": group4(item.number),
        "title": item.title,
        "step": item.step,
        "outcome": dict(item.outcomes).get(outcome, outcome),
    }
    if going_on:
        messages.success(request, said)
        return
    coming = cases.desk(actor=actor, queue="todo", size=1, first_phase=FIRST).rows
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


def state_of(request: HttpRequest) -> DeskState:
    """The list a task was opened from, as its page carries it along."""
    return DeskState.of_text(request.POST.get("back", "") or request.GET.get("back", ""))
