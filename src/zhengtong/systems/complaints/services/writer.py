"""What the person who wrote may do: withdraw, say whether the answer satisfies, ask once for a review."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.complaints import ComplaintReviewed
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.complaints.constants import REASON_MAX, ActKind, ClockKind, Ending, Satisfaction, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.deciding import close
from zhengtong.systems.complaints.services.taking import reason_of, writer_takes
from zhengtong.systems.complaints.services.telling import (
    event_fields,
    record,
    tell_office,
    tell_unit,
    words_of,
    write_act,
)


@transaction.atomic
def withdraw(*, actor: Actor, complaint_id: uuid.UUID, reason: str = "", bearer: bool = False) -> Complaint:
    """Take it back before it was answered; a report is looked into all the same and cannot be taken back."""
    row = writer_takes(actor, complaint_id, "withdraw", bearer=bearer)
    write_act(row, None, ActKind.WITHDRAW, reason.strip()[:REASON_MAX], told=True, shared=True)
    record(actor, row, "complaints.withdraw")
    tell_unit(row, title=_("来件已撤回"), body=_("%(what)s已由本人撤回，不再办理。") % {"what": words_of(row)})
    close(row, Ending.WITHDRAWN)
    return row


@transaction.atomic
def satisfy(
    *, actor: Actor, complaint_id: uuid.UUID, satisfaction: str, text: str = "", bearer: bool = False
) -> Complaint:
    """Say once whether the answer satisfies; who is satisfied ends the matter with it."""
    row = writer_takes(actor, complaint_id, "satisfy", bearer=bearer)
    if satisfaction not in Satisfaction.values:
        raise Invalid(_("请选择是否满意。"), field="satisfaction")
    row.satisfaction = satisfaction
    row.satisfaction_text = text.replace("\x00", "").strip()[:REASON_MAX]
    row.save(update_fields=["satisfaction", "satisfaction_text"])
    write_act(row, None, ActKind.SATISFY, row.get_satisfaction_display(), told=True, shared=True)
    record(actor, row, "complaints.satisfy", {"satisfaction": satisfaction})
    if row.state == State.ANSWERED and satisfaction != Satisfaction.DISSATISFIED:
        close(row, Ending.ANSWERED)
    return row


@transaction.atomic
def ask_review(*, actor: Actor, complaint_id: uuid.UUID, reason: str, bearer: bool = False) -> Complaint:
    """Ask once for a review of the answer, with the reason, within its limit."""
    row = writer_takes(actor, complaint_id, "ask_review", bearer=bearer)
    row.review_reason, row.review_asked_at, row.state = reason_of(reason), now(), State.REVIEW
    row.save(update_fields=["review_reason", "review_asked_at", "state"])
    clocks.end(row, ClockKind.ASK_REVIEW)
    clocks.begin(row, ClockKind.REVIEW)
    write_act(row, None, ActKind.ASK_REVIEW, row.review_reason, told=True)
    record(actor, row, "complaints.ask_review")
    publish(ComplaintReviewed(**event_fields(row), result=""))
    tell_office(row, title=_("申请复核"), body=_("%(what)s的提出人申请复核。") % {"what": words_of(row)})
    return row
