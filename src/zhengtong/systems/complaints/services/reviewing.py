"""The only review: the answer stands, or the matter is handled anew by another unit or by the office."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.complaints import ComplaintReviewed
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.outbox import publish
from zhengtong.systems.complaints import permissions
from zhengtong.systems.complaints.constants import ActKind, ClockKind, Ending, ReviewResult, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.deciding import close
from zhengtong.systems.complaints.services.taking import office_takes, reason_of
from zhengtong.systems.complaints.services.telling import event_fields, record, tell_writer, words_of, write_act


@transaction.atomic
def uphold(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> Complaint:
    """The answer stands, with the reason, which the person is told; that is final."""
    row = _reviewed(actor, complaint_id, "uphold", ReviewResult.UPHELD)
    why = reason_of(reason)
    write_act(row, actor, ActKind.UPHOLD, why, told=True)
    record(actor, row, "complaints.uphold", {"reason": why})
    close(row, Ending.ANSWERED, fields=["review_result"])
    tell_writer(row, title=_("复核结果"), body=_("您的%(what)s已经复核，请在查询页面查看。") % {"what": words_of(row)})
    return row


@transaction.atomic
def redo(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> Complaint:
    """The matter is handled anew: it waits to be given out a second time, with a new limit to answer."""
    row = _reviewed(actor, complaint_id, "redo", ReviewResult.REDONE)
    why = reason_of(reason)
    row.state, row.turn = State.ACCEPTED, 2
    row.handler_org_id, row.handler_org_name, row.by_office = None, "", False
    row.save(update_fields=["state", "turn", "review_result", "handler_org_id", "handler_org_name", "by_office"])
    clocks.end(row, ClockKind.REVIEW)
    clocks.begin(row, ClockKind.ANSWER)
    write_act(row, actor, ActKind.REDO, why, told=True)
    record(actor, row, "complaints.redo", {"reason": why})
    tell_writer(row, title=_("复核结果"), body=_("您的%(what)s经复核，将重新办理。") % {"what": words_of(row)})
    return row


def _reviewed(actor: Actor, complaint_id: uuid.UUID, act: str, result: ReviewResult) -> Complaint:
    row = office_takes(actor, complaint_id, act)
    if permissions.needs_another(actor, row, row.answered_by_id, row.answered_for_id):
        raise Conflict(_("原答复是您（或者您代理的人、代理您的人）审定的，复核请由监察机构的另一人办理。"))
    row.review_result = result
    publish(ComplaintReviewed(**event_fields(row), result=result))
    return row
