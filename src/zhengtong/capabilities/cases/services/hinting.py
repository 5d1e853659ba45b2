"""提示: a working day before a limit ends, its handlers are told at their desks, thousands of one instant together.

A hint lights no lamp, is no event and scores nothing: it changes nothing but what people know.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, OBJECT_KIND, DeadlineState, WorkItemStatus
from zhengtong.capabilities.cases.models import Deadline, WorkItem
from zhengtong.capabilities.cases.services.ticking import since
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import each
from zhengtong.kernel.ui.formats import cn_date

_BATCH = 5000
_MOST_LISTED = 20


class Hint(NamedTuple):
    """One task that somebody should finish: which limit ends on which day."""

    item: WorkItem
    due_on: dt.date
    whole_case: bool


def hint_limits() -> int:
    """Tell of the limits that end soon, one message a person; returns how many limits were dealt with."""
    due = Deadline.objects.filter(state=DeadlineState.RUNNING, hint_at__lte=now(), **since("hint_at"))
    by_tenant: dict[str, list[uuid.UUID]] = defaultdict(list)
    for key, tenant in due.order_by("hint_at").values_list("id", "tenant")[:_BATCH]:
        by_tenant[tenant].append(key)
    return each(_hint, by_tenant.items())


@transaction.atomic
def _hint(tenant: str, keys: Sequence[uuid.UUID]) -> int:
    rows = list(
        Deadline.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=keys, state=DeadlineState.RUNNING, hint_at__lte=now())
        .order_by("due_at", "id")
    )
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(hint_at=None)
    instant = now()
    # where a lamp is lit, or the limit is over (the worker stood still), there is nothing left to hint at
    _tell(tenant, _hints([row for row in rows if not row.level and row.due_at is not None and row.due_at > instant]))
    return len(rows)


def _hints(rows: Sequence[Deadline]) -> list[Hint]:
    """The open tasks these limits are about, each once, with the limit that ends first."""
    of_tasks = {row.work_item_id: row for row in reversed(rows) if row.work_item_id}
    of_cases = {row.case_id: row for row in reversed(rows) if not row.work_item_id}
    open_items = WorkItem.objects.filter(status=WorkItemStatus.OPEN).exclude(role=APPLICANT_ROLE).select_related("case")
    found = {item.id: item for item in open_items.filter(pk__in=list(of_tasks))}
    found |= {item.id: item for item in open_items.filter(case_id__in=list(of_cases))}
    hints = []
    for item in found.values():
        own, whole = of_tasks.get(item.id), of_cases.get(item.case_id)
        first = own if own is not None and (whole is None or _due(own) <= _due(whole)) else whole
        if first is not None:
            hints.append(Hint(item, _due(first), first is not own))
    return sorted(hints, key=lambda one: (one.due_on, one.item.case.number, one.item.step))


def _due(row: Deadline) -> dt.date:
    if row.due_on is None:
        raise ValueError("a limit that stands still is not hinted at")
    return row.due_on


def _tell(tenant: str, hints: Iterable[Hint]) -> None:
    people: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = {}
    by_person: dict[uuid.UUID, list[Hint]] = defaultdict(list)
    for hint in hints:
        item = hint.item
        if item.holder_id is not None:
            by_person[item.holder_id].append(hint)
        elif item.org_id is not None:
            place = item.org_id, item.role
            if place not in people:
                people[place] = sorted({one.person_id for one in identity.people_in(tenant, *place)})
            for person_id in people[place]:
                by_person[person_id].append(hint)
    for person_id, found in sorted(by_person.items()):
        title, body, link = _words(found)
        notify.send_message(
            tenant=tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(found[0].item.case_id)),
            link=link,
        )


def _words(hints: Sequence[Hint]) -> tuple[str, str, str]:
    lines = [_line(hint) for hint in hints]
    first = reverse("tasks:task", args=[hints[0].item.id])
    if len(hints) == 1:
        return _("提示：时限将到"), lines[0], first
    body = "\n".join(lines[:_MOST_LISTED])
    if len(lines) > _MOST_LISTED:
        body += "\n" + _("另有 %(n)d 件，请打开待办查看。") % {"n": len(lines) - _MOST_LISTED}
    return _("提示：%(n)d 件事项的时限将到") % {"n": len(hints)}, body, first


def _line(hint: Hint) -> str:
    told = {
        "number": hint.item.case.number,
        "title": hint.item.case.title,
        "step": hint.item.step,
        "day": cn_date(hint.due_on),
    }
    if hint.whole_case:
        return _("办件 %(number)s“%(title)s”的时限%(day)s届满，正在“%(step)s”，请抓紧办理。") % told
    return _("办件 %(number)s“%(title)s”的“%(step)s”%(day)s届满，请抓紧办理。") % told
