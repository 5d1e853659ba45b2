"""A case opened beside the list: the same task, in a pane; a decision is read there and taken on its own page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError, NotFound
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_pages, desk_task
from zhengtong.systems.service_hall.web.desk_forms import TaskForm
from zhengtong.systems.service_hall.web.desk_queue import DeskState


def pane_context(
    request: HttpRequest,
    actor: Actor,
    state: DeskState,
    *,
    form: TaskForm | None = None,
    refusal: DomainError | None = None,
) -> dict[str, Any]:
    """The opened task of a list; without one, or when it is gone, only the sentence that says so."""
    base: dict[str, Any] = {"beside": True, "back": state.query(), "list_url": state.address()}
    if state.opened is None:
        return base | {"opened": False}
    try:
        item = cases.work_item(actor=actor, work_item_id=state.opened)
    except NotFound as gone:
        return base | {"opened": True, "gone": gone.message}
    if item.subject.kind != OBJECT_KIND:
        return base | {"opened": True, "gone": _("这个事项不在审批工作台办理，请从列表中单独打开。")}
    return base | _opened(request, actor, item, form, refusal)


def _opened(
    request: HttpRequest, actor: Actor, item: cases.WorkItemView, form: TaskForm | None, refusal: DomainError | None
) -> dict[str, Any]:
    mine, deciding = desk_pages.is_mine(actor, item), desk_pages.is_decision(item)
    purpose = _("办理：%(step)s") % {"step": item.step} if mine else _("查看办件")
    context = desk_task.task_context(request, actor, item, form or TaskForm.fresh(), purpose=purpose, refusal=refusal)
    return context | {
        "opened": True,
        "gone": "",
        "mine": context["mine"] and not deciding,
        "decision_url": desk_pages.task_url(item) if mine and deciding else "",
        "own_page": desk_pages.task_url(item) if mine else desk_pages.case_url(item.case_id),
    }
