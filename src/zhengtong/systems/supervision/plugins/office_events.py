"""Papers, items, tickets, special procedures, complaints, inspections, cards: how supervision reads their events."""

import datetime as dt

from zhengtong.contracts import (
    catalogue,
    complaints,
    disclosure,
    documents,
    identity,
    inspections,
    opinions,
    payments,
    service_centre,
    service_hall,
    supervision,
)
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.registry import EventSource, Sighting, register_source


def _paper(event: documents.DocumentIssued) -> Sighting:
    """The case is found by the matter the paper was issued for."""
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        title=event.title,
        org_id=event.org_id,
        org_name=event.org_name,
    )


def _order(event: payments.OrderRaised) -> Sighting:
    """The unit that collects answers; the case is found by the matter that is paid for."""
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        title=event.title,
        item_code=event.item_code,
        org_id=event.payee_org_id,
        org_name=event.payee_org_name,
    )


def _posts(event: identity.PostsUsed) -> None:
    """Counted by scores only: no card is raised over who signed in."""


def _training(event: service_hall.TrainingFinished) -> None:
    """Counted by scores only: no card is raised over who learns."""


def _special(event: service_hall.SpecialStepMoved) -> Sighting:
    return Sighting(
        change="noted", case_id=event.case_id, number=event.number, org_id=event.org_id, org_name=event.org_name
    )


def _ticket(event: service_centre.TicketFinished) -> Sighting | None:
    """Who is answerable for a wait: the unit of the window; None where the window belongs to no unit.

    Numbers begin anew every day: the day stands before it.
    """
    if event.org_id is None:
        return None
    return Sighting(
        change="noted",
        case_id=None,
        number=f"{local_date(event.taken_at):%Y%m%d}-{event.number}",
        title=event.item_name or event.zone,
        item_code=event.item_code,
        org_id=event.org_id,
        org_name=event.org_name,
    )


def _request(event: disclosure.RequestEvent) -> Sighting:
    """The unit that answers a request for information."""
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        org_id=event.org_id,
        org_name=event.org_name,
        due_at=getattr(event, "due_at", None),
        arithmetic=getattr(event, "arithmetic", ""),
    )


def _topic(event: opinions.OpinionsEvent) -> Sighting:
    """The unit that asked the public answers for the feedback."""
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        org_id=event.org_id,
        org_name=event.org_name,
        due_at=getattr(event, "due_at", None),
        arithmetic=getattr(event, "arithmetic", ""),
    )


def _complaint(event: complaints.ComplaintEvent) -> Sighting | None:
    """Only the unit that handles it answers for its limits: whom it is about must not learn of it from here."""
    if event.org_id is None:
        return None
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        item_code=event.item_code,
        org_id=event.org_id,
        org_name=event.org_name,
        due_at=getattr(event, "due_at", None),
        arithmetic=getattr(event, "arithmetic", ""),
    )


def _visit(event: inspections.VisitEvent) -> Sighting | None:
    """The unit that was inspected answers; nobody does where the inspectors themselves are late."""
    if isinstance(event, inspections.RectificationOverdue) and not event.by_unit:
        return None
    due_on = event.due_on if isinstance(event, inspections.RectificationOverdue) else None
    return Sighting(
        change="noted",
        case_id=None,
        number=event.number,
        title=event.subject,
        org_id=event.org_id,
        org_name=event.org_name,
        due_at=start_of_day(due_on + dt.timedelta(days=1)) if due_on else None,
    )


def _card(event: supervision.CardMoved) -> Sighting:
    return Sighting(
        change="noted",
        case_id=event.case_id,
        number=event.case_number,
        org_id=event.org_id,
        org_name=event.org_name,
    )


def _listed(event: catalogue.ItemEvent) -> None:
    """Known to facts only: nobody answers for an item that is published."""


_OF_COMPLAINTS = frozenset({"case_id", "number", "accused_org_id", "accused_org_name"})
SOURCES = (
    EventSource(documents.DocumentIssued, "签发文书证照", "证照", _paper),
    EventSource(payments.OrderRaised, "开具缴费单", "收费", _order),
    EventSource(service_hall.SpecialStepMoved, "勘验评审公示", "审批", _special),
    EventSource(service_centre.TicketFinished, "窗口办结排队号", "窗口", _ticket),
    EventSource(complaints.ComplaintAccepted, "受理投诉", "投诉", _complaint, _OF_COMPLAINTS),
    EventSource(complaints.ComplaintDue, "投诉期限临近或届满", "投诉", _complaint, _OF_COMPLAINTS),
    EventSource(complaints.ComplaintAnswered, "答复投诉", "投诉", _complaint, _OF_COMPLAINTS),
    EventSource(complaints.ComplaintClosed, "办结投诉", "投诉", _complaint, _OF_COMPLAINTS),
    EventSource(disclosure.RequestReceived, "收到信息公开申请", "信息公开", _request),
    EventSource(disclosure.RequestDue, "信息公开申请期限临近或届满", "信息公开", _request),
    EventSource(disclosure.RequestClosed, "办结信息公开申请", "信息公开", _request),
    EventSource(opinions.TopicMoved, "意见征集进展", "民意征集", _topic),
    EventSource(opinions.FeedbackDue, "意见采纳情况公布期限临近或届满", "民意征集", _topic),
    EventSource(inspections.VisitDone, "完成督查", "督查", _visit),
    EventSource(inspections.FindingMade, "督查发现问题", "督查", _visit),
    EventSource(inspections.FindingReferred, "督查问题移交监察", "督查", _visit),
    EventSource(inspections.RectificationOverdue, "督查整改超期", "督查", _visit),
    EventSource(identity.PostsUsed, "岗位登录情况", "使用情况", _posts),
    EventSource(service_hall.TrainingFinished, "岗位完成练习", "培训情况", _training),
    EventSource(catalogue.ItemPublished, "公布事项", "权力公开", _listed),
    EventSource(catalogue.ItemRetired, "取消事项", "权力公开", _listed),
    EventSource(supervision.CardMoved, "办理亮牌", "监察", _card),
)


def register() -> None:
    """Watch these."""
    for source in SOURCES:
        register_source(source)
