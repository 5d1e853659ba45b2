"""Telling people what came into their hands, and that somebody waits for them."""

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.constants import OBJECT_KIND
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.cases import CaseEvent, StepMoved, StepOpened, StepUrged
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.ui.formats import cn_date

#: ways in which a task comes to another unit
_SENT = ("transfer", "reassign", "hand_over", "migrate")
_TITLES = {
    "assign": gettext_lazy("有事项交给您办理"),
    "reassign": gettext_lazy("有事项交给您办理"),
    "hand_over": gettext_lazy("有事项移交给您办理"),
    "transfer": gettext_lazy("有事项转给本单位办理"),
    "migrate": gettext_lazy("按新版流程，有事项改由本单位办理"),
    "ask": gettext_lazy("同事请您协办"),
    "answer": gettext_lazy("协办意见已经答复"),
    "route": gettext_lazy("有事项分派给您办理"),
}


def on_moved(event: StepMoved) -> None:
    """Tell the person a task was given to, or the unit it went to; what one takes oneself needs no message."""
    if event.move not in _TITLES:
        return
    people = [event.to_person_id] if event.to_person_id else []
    if not people and event.step_org_id:
        people = [one.person_id for one in identity.people_in(event.tenant, event.step_org_id, event.role)]
    body = _("办件 %(number)s“%(title)s”的“%(step)s”。") % {
        "number": event.number,
        "title": event.title,
        "step": event.step,
    }
    _tell(event, event.work_item_id, people, str(_TITLES[event.move]), body)


def on_step_opened(event: StepOpened) -> None:
    """A new task of a unit goes to the officer its leader's rule names."""
    if event.step_org_id is not None:
        api.route_step(tenant=event.tenant, work_item_id=event.work_item_id, org_id=event.step_org_id)


def on_step_sent(event: StepMoved) -> None:
    """So does a task that came from another unit."""
    if event.move in _SENT and event.to_person_id is None and event.step_org_id is not None:
        api.route_step(tenant=event.tenant, work_item_id=event.work_item_id, org_id=event.step_org_id, after=event.move)


def on_urged(event: StepUrged) -> None:
    """Tell the holder, or everybody of the unit who could do it."""
    people = [event.holder_id] if event.holder_id else []
    if not people and event.step_org_id:
        people = [person.person_id for person in identity.people_in(event.tenant, event.step_org_id, event.role)]
    words = {"number": event.number, "title": event.title, "step": event.step, "org": event.from_org_name}
    if event.kind == "supervise" and event.answer_by:
        title = _("督办：请书面答复")
        body = _("%(org)s督办办件 %(number)s“%(title)s”的“%(step)s”，请于 %(day)s 前答复。") % {
            **words,
            "day": cn_date(event.answer_by),
        }
    else:
        title = _("催办提醒")
        body = _("%(org)s催办办件 %(number)s“%(title)s”的“%(step)s”，请抓紧办理。") % words
    _tell(event, event.work_item_id, people, title, body)


def _tell(event: CaseEvent, work_item_id: uuid.UUID, people: Iterable[uuid.UUID], title: str, body: str) -> None:
    for person_id in dict.fromkeys(people):
        notify.send_message(
            tenant=event.tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(event.case_id)),
            link=reverse("tasks:task", args=[work_item_id]),
        )
