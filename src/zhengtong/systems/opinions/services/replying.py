"""What becomes of the opinions: taken down one by one or several alike at once, then published with figures."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import (
    GIST_MAX,
    REASON_MAX,
    REASON_MIN,
    SIGNERS,
    TEXT_MAX,
    ActKind,
    Phase,
    State,
    Verdict,
)
from zhengtong.systems.opinions.models import Comment, Reply, Topic
from zhengtong.systems.opinions.rules.feedback import names_somebody
from zhengtong.systems.opinions.selectors.comments import figures
from zhengtong.systems.opinions.selectors.finding import words_of
from zhengtong.systems.opinions.selectors.found import found_entry
from zhengtong.systems.opinions.services.drafting import refuse
from zhengtong.systems.opinions.services.taking import clean, unit_takes, words_in
from zhengtong.systems.opinions.services.telling import moved, note, tell, tell_public

_JUDGED_IN = (Phase.OPEN, Phase.CLOSED)


@transaction.atomic
def reply(
    *, actor: Actor, topic_id: uuid.UUID, comments: Collection[int], verdict: str, gist: str = "", reason: str = ""
) -> Reply:
    """Take down what becomes of these opinions (their numbers). Raises Invalid, Conflict, NotPermitted.

    The gist and the reason are the unit's own words and public: they name nobody who gave an opinion.
    """
    row = unit_takes(Topic, actor, topic_id, *_JUDGED_IN)
    chosen = list(row.comments.select_for_update().filter(no__in=comments).order_by("no"))
    errors: dict[str, str] = {}
    if not chosen:
        errors["comments"] = _("请先勾选意见。")
    if any(one.reply_id for one in chosen):
        raise Conflict(_("勾选的意见里有已经记录采纳情况的。要改的，先取消原来的记录。"))
    if verdict not in Verdict.values:
        errors["verdict"] = _("请选择采纳情况。")
    said, why = clean(gist), clean(reason)
    unrelated = verdict == Verdict.UNRELATED
    if not (0 if unrelated else REASON_MIN) <= len(said) <= GIST_MAX:
        errors["gist"] = _("请用自己的话归纳这些意见，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": GIST_MAX}
    if not (0 if verdict == Verdict.ADOPTED else REASON_MIN) <= len(why) <= REASON_MAX:
        errors["reason"] = _("没有全部采纳的，请写明理由，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": REASON_MAX}
    _check_names(chosen, {"gist": said, "reason": why}, errors)
    refuse(errors)
    made = Reply.objects.create(
        tenant=row.tenant,
        topic=row,
        no=(row.replies.aggregate(last=Max("no"))["last"] or 0) + 1,
        gist=said or _("与本次征集的内容无关"),
        verdict=verdict,
        reason=why,
        written_by=actor.name,
        written_by_id=_person_of(actor),
    )
    Comment.objects.filter(pk__in=[one.pk for one in chosen]).update(reply=made)
    words = {"n": len(chosen), "verdict": made.get_verdict_display()}
    note(
        actor, row, "opinions.reply", ActKind.REPLY, _("%(n)d 条意见：%(verdict)s") % words, no=made.no, verdict=verdict
    )
    return made


@transaction.atomic
def undo_reply(*, actor: Actor, topic_id: uuid.UUID, no: int) -> Topic:
    """Take a verdict back, while nothing is published; its opinions wait again."""
    row = unit_takes(Topic, actor, topic_id, *_JUDGED_IN)
    made = row.replies.select_for_update().filter(no=no).first()
    if made is None:
        raise NotFound(_("没有这条采纳记录。"))
    freed = Comment.objects.filter(reply=made).update(reply=None)
    made.delete()
    note(actor, row, "opinions.undo_reply", ActKind.UNDO, _("%(n)d 条意见重新处理") % {"n": freed}, no=no)
    return row


@transaction.atomic
def write_feedback(*, actor: Actor, topic_id: uuid.UUID, text: str) -> Topic:
    """Write the words of the feedback, once the consultation has closed; the figures are computed."""
    row = unit_takes(Topic, actor, topic_id, Phase.CLOSED)
    said = words_in(text, field="feedback", least=10, most=TEXT_MAX)
    errors: dict[str, str] = {}
    _check_names(row.comments.all(), {"feedback": said}, errors)
    refuse(errors)
    row.feedback, row.feedback_by, row.feedback_by_id = said, actor.name, actor.person_id
    row.feedback_for_id = actor.delegator_id
    row.save(update_fields=["feedback", "feedback_by", "feedback_by_id", "feedback_for_id"])
    note(actor, row, "opinions.write_feedback", ActKind.FEEDBACK)
    people = permissions.unit_people(row, *SIGNERS) - {row.feedback_by_id}
    body = _("%(what)s“%(title)s”的采纳情况公告已经拟好，请签发。") % words_of(row)
    tell(row, people, title=_("请签发采纳情况公告"), body=body)
    return row


@transaction.atomic
def publish_feedback(*, actor: Actor, topic_id: uuid.UUID) -> Topic:
    """Publish what became of the opinions, by another person than wrote it. Raises Conflict while any is unjudged."""
    row = unit_takes(Topic, actor, topic_id, Phase.CLOSED)
    permissions.check_signer(actor, row, row.feedback_by_id, row.feedback_for_id)
    if not row.feedback:
        raise Conflict(_("还没有起草采纳情况公告。"))
    found = figures(row)
    if found.open:
        raise Conflict(_("还有 %(n)d 条意见没有记录采纳情况，全部记录以后才能公布。") % {"n": found.open})
    row.figures, row.state, row.answered_at = found.as_json(), State.ANSWERED, now()
    row.answered_by, row.answered_by_id, row.next_at = actor.name, actor.person_id, None
    row.in_time = row.due_at is None or row.answered_at < row.due_at
    row.save()
    text = _("收到 %(n)d 条，采纳 %(a)d 条，部分采纳 %(p)d 条。") % {
        "n": found.received,
        "a": found.adopted,
        "p": found.partly,
    }
    note(actor, row, "opinions.publish_feedback", ActKind.ANSWER, text, **found.as_json())
    moved(row, "answered", in_time=row.in_time)
    search.index_many(tenant=row.tenant, entries=[found_entry(row)])
    people = row.comments.filter(person_id__isnull=False).values_list("person_id", flat=True).distinct()
    tell_public(row, [one for one in people if one is not None])
    return row


def _person_of(actor: Actor) -> uuid.UUID:
    """Who acts in person; raises NotFound for the platform."""
    if actor.person_id is None:
        raise NotFound(_("这一步由工作人员本人办理。"))
    return actor.person_id


def _check_names(comments: Collection[Comment], texts: dict[str, str], errors: dict[str, str]) -> None:
    people = [word for one in comments for word in (one.name, one.phone) if word]
    for field, text in texts.items():
        if field not in errors and names_somebody(text, people):
            errors[field] = _("这里会公开，不能写提出人的姓名、电话和证件号码，请改写。")
