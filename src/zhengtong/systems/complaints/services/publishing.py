"""Selected answers for everybody: written anew without persons, only where who wrote agreed, never of a report."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.complaints.constants import TEXT_MAX, TEXT_MIN, TITLE_MAX, ActKind, Ending, Kind, State
from zhengtong.systems.complaints.models import Complaint, PublicAnswer
from zhengtong.systems.complaints.selectors.identities import tells_anybody
from zhengtong.systems.complaints.services.taking import office_takes, reason_of
from zhengtong.systems.complaints.services.telling import record, write_act


@transaction.atomic
def publish_answer(*, actor: Actor, complaint_id: uuid.UUID, title: str, question: str, answer: str) -> PublicAnswer:
    """Show question and answer to everybody. Raises Conflict where it may not be, Invalid for words that tell who."""
    row = office_takes(actor, complaint_id, "publish")
    refusal = refusal_to_publish(row)
    if refusal:
        raise Conflict(refusal)
    errors = {}
    for field, text, least, most in (
        ("title", title, 2, TITLE_MAX),
        ("question", question, TEXT_MIN, TEXT_MAX),
        ("answer", answer, TEXT_MIN, TEXT_MAX),
    ):
        if not least <= len(text.strip()) <= most:
            errors[field] = _("请写 %(a)d 到 %(b)d 个字。") % {"a": least, "b": most}
        elif tells_anybody(row, text):
            errors[field] = _("这里写着提出人的姓名、称呼、证件号码、电话或者地址。公开前请全部删去。")
    if errors:
        raise Invalid(_("公开的内容还有 %(n)d 处需要改正。") % {"n": len(errors)}, errors=errors)
    made = PublicAnswer.objects.create(
        tenant=row.tenant,
        complaint=row,
        kind=row.kind,
        org_name=row.handler_org_name,
        title=title.strip(),
        question=question.strip(),
        answer=answer.strip(),
        answered_on=local_date(row.answered_at),
        approved_by=actor.name,
    )
    write_act(row, actor, ActKind.PUBLISH, told=True)
    record(actor, row, "complaints.publish", {"title": made.title})
    return made


@transaction.atomic
def unpublish_answer(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> Complaint:
    """Take a published answer back, with the reason."""
    row = office_takes(actor, complaint_id, "publish")
    shown = PublicAnswer.objects.filter(complaint=row, ended_at__isnull=True).first()
    if shown is None:
        raise Conflict(_("这件的答复没有公开。"))
    why = reason_of(reason)
    shown.ended_at = now()
    shown.save(update_fields=["ended_at"])
    write_act(row, actor, ActKind.UNPUBLISH, why)
    record(actor, row, "complaints.unpublish", {"reason": why})
    return row


def refusal_to_publish(row: Complaint) -> str:
    """Why the answer may not be shown to everybody, in Chinese; empty when it may."""
    if row.kind == Kind.REPORT:
        return _("举报的答复不公开。")
    if not row.may_publish:
        return _("提出人没有同意公开。")
    if row.state not in (State.ANSWERED, State.CLOSED) or (row.state == State.CLOSED and row.ending != Ending.ANSWERED):
        return _("只有已经答复的才能公开。")
    if PublicAnswer.objects.filter(complaint=row, ended_at__isnull=True).exists():
        return _("这件的答复已经公开。")
    return ""
