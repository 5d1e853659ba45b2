"""The desk around its pages: who may open it, the queues with their counts, the table of a queue."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.registry import matter_pages
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND

HANDLERS = (Role.CLERK, Role.REVIEWER, Role.LEADER)
#: who may have to answer for data of persons: handlers, and the windows that keep identities
COUNTER_AND_HANDLERS = (*HANDLERS, Role.COUNTER)
READERS = (*HANDLERS, Role.SUPERVISOR)


def frame(
    request: HttpRequest,
    actor: Actor,
    *,
    queue: str = "",
    on_case: bool = False,
    counts: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The desk around a page: queues with counts, the person, the parts of a case's page."""
    nav = [*_queues(actor, queue, counts), *_works(actor, queue), *(_parts_of_case() if on_case else [])]
    return {
        "desk_title": _("审批工作台"),
        "desk_nav": nav,
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "user_menu": [{"label": _("切换岗位"), "url": reverse("account_choose_identity")}],
        "desk_sign_out_url": reverse("account_logout"),
        "may_find": actor.has_role(*HANDLERS),
    }


def _queues(actor: Actor, queue: str, counts: Mapping[str, int] | None) -> list[dict[str, Any]]:
    if not actor.has_role(*HANDLERS):
        return []
    counts = counts or cases.desk_counts(actor=actor)
    return [
        {"label": _("办件")},
        *(
            {
                "label": str(label),
                "url": queue_url(key),
                "count": counts.get(key),
                "late": key == "overdue",
                "active": key == queue,
            }
            for key, label in cases.QUEUES.items()
        ),
    ]


def _works(actor: Actor, queue: str) -> list[dict[str, Any]]:
    """What else there is on the desk, as far as the actor's roles go."""
    nav: list[dict[str, Any]] = []
    if actor.has_role(Role.CLERK, Role.LEADER):
        nav.append({"label": _("承诺跟踪"), "url": reverse("service_hall:follow_ups")})
    if actor.has_role(*HANDLERS):
        nav.append({"label": _("我的勘验"), "url": reverse("service_hall:inspections")})
    if actor.has_role(Role.LEADER):
        waiting = len(cases.extensions_to_decide(actor))
        if waiting or queue == "extensions":
            url, active = reverse("service_hall:extensions"), queue == "extensions"
            nav.append({"label": _("延长期限审批"), "url": url, "count": waiting, "active": active})
        nav.append({"label": _("待我决定"), "url": reverse("service_hall:decisions")})
        nav.append({"label": _("派件规则"), "url": reverse("tasks:routing")})
    if actor.has_role(*HANDLERS):
        url, active = reverse("service_hall:desk-phrases"), queue == "phrases"
        nav.append({"label": _("常用语"), "url": url, "active": active})
        url, active = reverse("service_hall:desk-practice"), queue == "practice"
        nav.append({"label": _("练习"), "url": url, "active": active})
    if actor.has_role(*HANDLERS):
        url, active = reverse("service_hall:desk-licences"), queue == "licences"
        nav.append({"label": _("证照管理"), "url": url, "active": active})
    if actor.has_role(*COUNTER_AND_HANDLERS):
        asked = len(selectors.corrections_waiting(actor=actor))
        if asked or queue == "corrections":
            url, active = reverse("service_hall:desk-corrections"), queue == "corrections"
            nav.append({"label": _("个人信息更正"), "url": url, "count": asked, "active": active})
    return nav


def _parts_of_case() -> list[dict[str, Any]]:
    parts = (
        ("application", _("申请内容")),
        ("opinions", _("各部门意见")),
        ("clocks", _("时限")),
        ("papers", _("文书")),
        ("events", _("办理经过")),
    )
    return [{"label": _("本办件")}, *({"label": label, "url": f"#{anchor}"} for anchor, label in parts)]


def queue_url(queue: str) -> str:
    """The address of a queue; 待办 is the desk itself."""
    return reverse("service_hall:desk") + ("" if queue == "todo" else f"?queue={queue}")


def outcome_label(item: cases.WorkItemView) -> str:
    """What was decided in a task that is done, in Chinese."""
    return str(OUTCOMES.get(item.outcome, item.outcome))


#: words of the outcomes of tasks that are done; an open task brings those of its own drawing
OUTCOMES = {
    "accept": gettext_lazy("受理"),
    "supplement": gettext_lazy("一次性告知补正"),
    "refuse": gettext_lazy("不予受理"),
    "agree": gettext_lazy("同意"),
    "disagree": gettext_lazy("不同意"),
    "pass": gettext_lazy("审查通过"),
    "fail": gettext_lazy("审查不通过"),
    "approve": gettext_lazy("准予许可"),
    "reject": gettext_lazy("不予许可"),
    "return": gettext_lazy("退回重新审查"),
    "submit": gettext_lazy("已补正"),
    "done": gettext_lazy("办结"),
}


def task_url(item: cases.WorkItemView) -> str:
    """The address of a task: in the system whose matter it is, else where any task is handled.

    A decision asks for a fresh second factor.
    """
    if item.subject.kind != OBJECT_KIND:
        known = item.subject.kind in matter_pages
        return matter_pages.get(item.subject.kind)(item) if known else reverse("tasks:task", args=[item.id])
    return reverse("service_hall:decision" if is_decision(item) else "service_hall:task", args=[item.id])


def is_decision(item: cases.WorkItemView) -> bool:
    """Whether an open task is the leader's decision (an instant item is decided at the counter)."""
    return selectors.is_decision(item)


def batch_url(*, decisions: bool) -> str:
    """The address of acts on several cases; decisions ask for a fresh second factor."""
    return reverse("service_hall:desk-batch-decisions" if decisions else "service_hall:desk-batch")


def case_url(case_id: uuid.UUID) -> str:
    """The address of a case."""
    return reverse("service_hall:case", args=[case_id])


def place_of(item: cases.WorkItemView) -> str:
    """Where a task is worked on while it is open, else its case."""
    return task_url(item) if item.status == "open" and item.org_id else case_url(item.case_id)


def is_mine(actor: Actor, item: cases.WorkItemView) -> bool:
    """Whether the page offers the acts of a task; the engine asks again."""
    return item.waits_for(actor)
