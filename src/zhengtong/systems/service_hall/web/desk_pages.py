"""The desk around its pages: who may open it, the queues with their counts, the table of a queue."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.registry import matter_pages
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.paging import Page
from zhengtong.kernel.ui.formats import cn_date, cn_day, cn_time
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_clocks

HANDLERS = (Role.CLERK, Role.REVIEWER, Role.LEADER)
READERS = (*HANDLERS, Role.SUPERVISOR)

_EMPTY = {
    "todo": (gettext_lazy("没有待办事项"), gettext_lazy("新的申请和转来的审查任务会出现在这里。")),
    "overdue": (gettext_lazy("没有超期事项"), gettext_lazy("本单位由您办理的事项都在时限以内。")),
    "held": (gettext_lazy("没有同事在办的事项"), gettext_lazy("本单位已由同事签收、您不必办理的事项会列在这里。")),
    "waiting": (gettext_lazy("没有等待他人的办件"), gettext_lazy("本单位主办、正由其他单位或申请人办理的会列在这里。")),
    "done": (gettext_lazy("还没有办理过的事项"), gettext_lazy("您所在岗位办结的环节会列在这里。")),
}


def frame(request: HttpRequest, actor: Actor, *, queue: str = "", on_case: bool = False) -> dict[str, Any]:
    """The desk around a page: queues with counts, the person, the parts of a case's page."""
    nav: list[dict[str, Any]] = []
    if actor.has_role(*HANDLERS):
        counts = cases.desk_counts(actor=actor)
        nav.append({"label": _("办件")})
        nav += [
            {
                "label": str(label),
                "url": queue_url(key),
                "count": counts.get(key),
                "late": key == "overdue",
                "active": key == queue,
            }
            for key, label in cases.QUEUES.items()
        ]
    if actor.has_role(Role.LEADER):
        waiting = len(cases.extensions_to_decide(actor))
        if waiting or queue == "extensions":
            url, active = reverse("service_hall:extensions"), queue == "extensions"
            nav.append({"label": _("延长期限审批"), "url": url, "count": waiting, "active": active})
    if on_case:
        nav.append({"label": _("本办件")})
        parts = (
            ("application", _("申请内容")),
            ("opinions", _("各部门意见")),
            ("clocks", _("时限")),
            ("papers", _("文书")),
            ("events", _("办理经过")),
        )
        nav += [{"label": label, "url": f"#{anchor}"} for anchor, label in parts]
    return {
        "desk_title": _("审批工作台"),
        "desk_nav": nav,
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "user_menu": [{"label": _("切换岗位"), "url": reverse("account_choose_identity")}],
        "desk_sign_out_url": reverse("account_logout"),
        "may_find": actor.has_role(*HANDLERS),
    }


def queue_url(queue: str) -> str:
    """The address of a queue; 待办 is the desk itself."""
    return reverse("service_hall:desk") + ("" if queue == "todo" else f"?queue={queue}")


def queue_page(actor: Actor, queue: str, page: Page[cases.WorkItemView]) -> dict[str, Any]:
    """Table of a queue; applicants that are natural persons are masked."""
    done = queue == "done"
    columns = [
        {"key": "number", "label": _("编号"), "kind": "code"},
        {"key": "item", "label": _("事项")},
        {"key": "step", "label": _("环节")},
        {"key": "applicant", "label": _("申请人")},
        {"key": "time", "label": _("办理时间") if done else _("到达时间")},
        {"key": "result", "label": _("结论")} if done else {"key": "due", "label": _("时限"), "kind": "lamp"},
        {"key": "unit", "label": _("由谁办理") if queue == "waiting" else _("主办单位")},
    ]
    title, why = _EMPTY[queue]
    said = _("%(count)d 件以上") if page.more else _("共 %(count)d 件")
    total = said % {"count": page.total} if page.total else ""
    return {
        "columns": columns,
        "rows": _queue_rows(actor, queue, page.rows),
        "caption": str(cases.QUEUES[queue]),
        "total": total,
        "page": page,
        "empty": {
            "title": str(title),
            "why": str(why),
            "act_label": "" if queue == "todo" else _("回到待办"),
            "act_url": "" if queue == "todo" else queue_url("todo"),
        },
    }


def _queue_rows(actor: Actor, queue: str, items: Iterable[cases.WorkItemView]) -> list[dict[str, Any]]:
    items = list(items)
    ours = [uuid.UUID(item.subject.id) for item in items if item.subject.kind == OBJECT_KIND]
    found = selectors.masked_applicants(tenant=actor.tenant, application_ids=ours)
    names = {str(key): name for key, name in found.items()}
    calendar, done = cases.calendar_of(actor.tenant), queue == "done"
    return [
        {
            "number": item.number,
            "item": item.title,
            "step": item.step,
            "applicant": names.get(item.subject.id, ""),
            "time": _short_time(item.done_at if done else item.opened_at),
            "due": desk_clocks.task_lamp(item, calendar),
            "result": outcome_label(item),
            "unit": (item.org_name or _("申请人")) if queue == "waiting" else item.case_org_name,
            "url": task_url(item) if queue in ("todo", "overdue") else _read_url(item),
        }
        for item in items
    ]


def _short_time(moment: dt.datetime | None) -> str:
    """11月12日 11:00; with the year when it is not this one."""
    if moment is None:
        return ""
    same_year = local_date(moment).year == local_date().year
    return f"{cn_day(moment) if same_year else cn_date(moment)} {cn_time(moment)}"


def outcome_label(item: cases.WorkItemView) -> str:
    """What was decided in a task that is done, in Chinese."""
    return str(_OUTCOMES.get(item.outcome, item.outcome))


#: words of the outcomes of tasks that are done; an open task brings those of its own drawing
_OUTCOMES = {
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


def _read_url(item: cases.WorkItemView) -> str:
    return case_url(item.case_id) if item.subject.kind == OBJECT_KIND else task_url(item)


def is_decision(item: cases.WorkItemView) -> bool:
    """Whether an open task is the leader's decision (an instant item is decided at the counter)."""
    codes = {code for code, _label in item.outcomes}
    return item.phase == "decide" and item.role == Role.LEADER and bool(codes) and "supplement" not in codes


def case_url(case_id: uuid.UUID) -> str:
    """The address of a case."""
    return reverse("service_hall:case", args=[case_id])


def place_of(item: cases.WorkItemView) -> str:
    """Where a task is worked on while it is open, else its case."""
    return task_url(item) if item.status == "open" and item.org_id else case_url(item.case_id)


def is_mine(actor: Actor, item: cases.WorkItemView) -> bool:
    """Whether the page offers the acts of a task; the engine asks again."""
    return item.waits_for(actor)
