"""A queue as a list: what it is narrowed to and sorted by stands in the address, its rows, and how to go on in it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui import tables
from zhengtong.kernel.ui.formats import cn_date, cn_day, cn_time
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.rules import batch_outcome
from zhengtong.systems.service_hall.web import desk_clocks, desk_pages

FIRST = "decide"  # decisions stand first on a desk
_LONGEST = 120
_EMPTY = {
    "todo": (gettext_lazy("没有待办事项"), gettext_lazy("新的申请和转来的审查任务会出现在这里。")),
    "overdue": (gettext_lazy("没有超期事项"), gettext_lazy("本单位由您办理的事项都在时限以内。")),
    "held": (gettext_lazy("没有同事在办的事项"), gettext_lazy("本单位已由同事签收、您不必办理的事项会列在这里。")),
    "waiting": (gettext_lazy("没有等待他人的办件"), gettext_lazy("本单位主办、正由其他单位或申请人办理的会列在这里。")),
    "done": (gettext_lazy("还没有办理过的事项"), gettext_lazy("您所在岗位办结的环节会列在这里。")),
}


@dataclasses.dataclass(frozen=True)
class DeskState:
    """A queue as somebody looks at it, and the task opened beside it."""

    queue: str = "todo"
    wanted: cases.Narrowing = dataclasses.field(default_factory=cases.Narrowing)
    page: str = ""
    opened: uuid.UUID | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "DeskState":
        """What an address says; anything strange is left out."""
        queue = query.get("queue", "todo")
        return cls(
            queue=queue if queue in cases.QUEUES else "todo",
            wanted=cases.Narrowing(
                item=_clean(query.get("item")),
                step=_clean(query.get("step")),
                unit=_key(query.get("unit")),
                late=query.get("late") == "1",
                sort=_clean(query.get(tables.SORT)),
            ),
            page=_clean(query.get("page")),
            opened=_key(query.get("open")),
        )

    @classmethod
    def of_text(cls, text: str) -> "DeskState":
        """The same from a query string that a page carried with it."""
        return cls.of(QueryDict(text[:1000]).dict())

    def query(self, opened: uuid.UUID | None = None) -> str:
        """The query string of the list, with a task opened; empty for the plain desk."""
        wanted = self.wanted
        parts = {
            "queue": "" if self.queue == "todo" else self.queue,
            "item": wanted.item,
            "step": wanted.step,
            "unit": str(wanted.unit or ""),
            "late": "1" if wanted.late else "",
            tables.SORT: wanted.sort,
            "page": "" if self.page in ("", "1") else self.page,
            "open": str(opened or ""),
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def address(self, opened: uuid.UUID | None = None) -> str:
        """The address of the list, with a task opened."""
        query = self.query(opened)
        return reverse("service_hall:desk") + (f"?{query}" if query else "")


def list_context(actor: Actor, state: DeskState, counts: Mapping[str, int]) -> dict[str, Any]:
    """The list of a queue: filters, table, pages; applicants that are natural persons are masked."""
    page = cases.desk(
        actor=actor,
        queue=state.queue,
        page=state.page,
        first_phase=FIRST,
        wanted=state.wanted,
        total=None if state.wanted.narrows else counts.get(state.queue),
    )
    said = _("%(count)d 件以上") if page.more else _("共 %(count)d 件")
    narrow = state.wanted.narrows
    columns = tables.columns_of(_columns(state.queue), QueryDict(state.query()))
    rows = tables.rows_of(columns, _rows(actor, state, page.rows))
    return {
        "state": state,
        "back": state.query(),
        "filters": _filters(actor, state) if page.total or narrow else [],
        "narrowed": narrow,
        "columns": columns,
        "rows": rows,
        "pick_form": "batch-form" if sum(bool(row.pick) for row in rows) > 1 else "",
        "caption": str(cases.QUEUES[state.queue]),
        "total": said % {"count": page.total} if page.total else "",
        "page": page,
        "empty": _empty(state),
    }


def next_after(actor: Actor, state: DeskState, order: list[uuid.UUID], done: uuid.UUID) -> uuid.UUID | None:
    """The task to go on with: the one that stood behind the done one and still waits, else the first of the queue."""
    left = cases.desk_order(actor=actor, queue=state.queue, first_phase=FIRST, wanted=state.wanted)
    still = set(left) - {done}
    behind = order[order.index(done) + 1 :] if done in order else []
    return next((key for key in behind if key in still), next((key for key in left if key in still), None))


def order_of(actor: Actor, state: DeskState) -> list[uuid.UUID]:
    """The tasks of the queue in the order of the list."""
    return cases.desk_order(actor=actor, queue=state.queue, first_phase=FIRST, wanted=state.wanted)


def _empty(state: DeskState) -> dict[str, str]:
    if state.wanted.narrows:
        address = DeskState(queue=state.queue).address()
        why = _("换一个条件，或者清除条件后再看。")
        return {"title": _("没有符合条件的事项"), "why": why, "act_label": _("清除条件"), "act_url": address}
    title, reason = _EMPTY[state.queue]
    act = {} if state.queue == "todo" else {"act_label": _("回到待办"), "act_url": DeskState().address()}
    return {"title": str(title), "why": str(reason), **act}


def _filters(actor: Actor, state: DeskState) -> list[dict[str, Any]]:
    """What the queue may be narrowed to, with counts; a filter with one value says nothing and is left out."""
    found = cases.desk_choices(actor=actor, queue=state.queue)
    wanted = state.wanted
    unit_label = _("由谁办理") if state.queue == "waiting" else _("主办单位")
    parts = [
        ("item", _("事项"), found.items, wanted.item),
        ("step", _("环节"), found.steps, wanted.step),
        ("unit", unit_label, found.units, str(wanted.unit or "")),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {"value": one.value, "label": f"{one.label}（{one.count}）", "chosen": one.value == chosen}
                for one in choices
            ],
        }
        for name, label, choices, chosen in parts
        if len(choices) > 1 or chosen
    ]


def _columns(queue: str) -> list[dict[str, Any]]:
    done = queue == "done"
    return [
        {"key": "number", "label": _("编号"), "kind": "code", "sortable": True},
        {"key": "item", "label": _("事项"), "sortable": True},
        {"key": "step", "label": _("环节"), "sortable": True},
        {"key": "applicant", "label": _("申请人")},
        {"key": "time", "label": _("办理时间") if done else _("到达时间"), "sortable": True},
        {"key": "result", "label": _("结论")}
        if done
        else {"key": "due", "label": _("时限"), "kind": "lamp", "sortable": True},
        {"key": "unit", "label": _("由谁办理") if queue == "waiting" else _("主办单位"), "sortable": True},
    ]


def _rows(actor: Actor, state: DeskState, items: Iterable[cases.WorkItemView]) -> list[dict[str, Any]]:
    items = list(items)
    ours = [uuid.UUID(item.subject.id) for item in items if item.subject.kind == OBJECT_KIND]
    found = selectors.masked_applicants(tenant=actor.tenant, application_ids=ours)
    names = {str(key): name for key, name in found.items()}
    calendar = cases.calendar_of(actor.tenant)
    query, list_url = state.query(), state.address()
    opening = f"{list_url}{'&' if query else '?'}open="
    return [_row(actor, state, item, names.get(item.subject.id, ""), calendar, query, opening) for item in items]


def _row(
    actor: Actor, state: DeskState, item: cases.WorkItemView, applicant: str, calendar: Any, query: str, opening: str
) -> dict[str, Any]:
    queue = state.queue
    own = item.subject.kind == OBJECT_KIND
    picked = own and queue in ("todo", "overdue") and item.waits_for(actor) and bool(_outcome(item))
    words = {"title": item.title, "number": item.number, "step": item.step}
    return {
        "number": item.number,
        "item": item.title,
        "step": item.step,
        "applicant": applicant,
        "time": _short_time(item.done_at if queue == "done" else item.opened_at),
        "due": desk_clocks.task_lamp(item, calendar),
        "result": desk_pages.outcome_label(item),
        "unit": (item.org_name or _("申请人")) if queue == "waiting" else item.case_org_name,
        "row_id": str(item.id),
        "url": _page_of(item, state, query),
        "beside": f"{opening}{item.id}" if own else "",
        "active": state.opened == item.id,
        "pick": _("选择 %(title)s %(number)s %(step)s") % words if picked else "",
    }


def _outcome(item: cases.WorkItemView) -> str:
    return batch_outcome([code for code, _label in item.outcomes])


def _page_of(item: cases.WorkItemView, state: DeskState, query: str) -> str:
    """The own page of a row; it knows the way back into a list that is narrowed or sorted."""
    if state.queue not in ("todo", "overdue"):
        return desk_pages.case_url(item.case_id) if item.subject.kind == OBJECT_KIND else desk_pages.task_url(item)
    address = desk_pages.task_url(item)
    return f"{address}?{urlencode({'back': query})}" if query and item.subject.kind == OBJECT_KIND else address


def _short_time(moment: dt.datetime | None) -> str:
    """11月12日 11:00; with the year when it is not this one."""
    if moment is None:
        return ""
    same_year = local_date(moment).year == local_date().year
    return f"{cn_day(moment) if same_year else cn_date(moment)} {cn_time(moment)}"


def _clean(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()[:_LONGEST]


def _key(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None
