"""An opinion comes in: signed in or not, with a receipt; looked up by it."""

import dataclasses
import json
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.actors import anonymous as stranger
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.ids import query_code
from zhengtong.systems.opinions.constants import (
    COMMENT,
    COMMENT_MAX,
    COMMENT_MIN,
    NAME_MAX,
    PHONE_MAX,
    Phase,
    Voice,
)
from zhengtong.systems.opinions.models import Comment, Topic
from zhengtong.systems.opinions.selectors.finding import find_public, phase
from zhengtong.systems.opinions.services.drafting import refuse
from zhengtong.systems.opinions.services.publishing import not_open
from zhengtong.systems.opinions.services.taking import clean, locked

_LENGTH = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommentWords:
    """What somebody says, and of himself what he wants to say; ``answers`` in the order of the questions."""

    content: str
    answers: Sequence[str] = ()
    voice: str = Voice.PERSON
    name: str = ""
    phone: str = ""


@dataclasses.dataclass(frozen=True)
class CommentReceipt:
    """An opinion that came in, and its receipt, which is shown once and kept nowhere."""

    comment: Comment
    receipt: str


@transaction.atomic
def give_opinion(*, actor: Actor, topic_id: uuid.UUID, words: CommentWords) -> CommentReceipt:
    """Give an opinion. Raises Invalid with a sentence for each field, Conflict outside the period, NotPermitted.

    An official's account is not kept with it: he speaks as anybody.
    """
    row = locked(Topic, find_public(Topic, actor.tenant, topic_id).pk)
    if phase(row) != Phase.OPEN:
        raise not_open(row)
    own = actor.signed_in and actor.kind != "official"
    if row.signed_in_only and not own:
        raise NotPermitted(_("这次征集要求以个人或者单位账户登录后提交，请登录后再试。"))
    _check(row, words)
    receipt, last = query_code(_LENGTH), row.comments.order_by("-no").values_list("no", flat=True).first()
    made = Comment.objects.create(
        tenant=row.tenant,
        topic=row,
        no=(last or 0) + 1,
        receipt_digest=digest_of(receipt),
        person_id=actor.person_id if own else None,
        voice=words.voice,
        name=clean(words.name),
        phone=clean(words.phone),
        content=clean(words.content),
        answers=json.dumps([clean(one) for one in words.answers], ensure_ascii=False) if any(words.answers) else "",
        received_at=now(),
    )
    ledger.append(
        actor=actor if own else stranger(row.tenant),
        act="opinions.comment",
        object_ref=ObjectRef(kind=COMMENT, id=str(made.pk)),
        payload={"topic": row.number, "no": made.no},
    )
    return CommentReceipt(made, receipt)


def find_by_receipt(*, tenant: str, receipt: str) -> Comment:
    """The opinion with that receipt; raises NotFound."""
    rows = Comment.objects.select_related("topic", "reply")
    row = rows.filter(tenant=tenant, receipt_digest=digest_of("".join(receipt.split()).upper())).first()
    if row is None:
        raise NotFound(_("没有这个回执号。请照回执核对；回执号只显示过一次，遗失的不能补。"))
    return row


def digest_of(receipt: str) -> str:
    """What is kept of a receipt."""
    return salted_hmac("opinions.receipt", receipt, algorithm="sha256").hexdigest()


def _check(row: Topic, words: CommentWords) -> None:
    errors: dict[str, str] = {}
    content, told = clean(words.content), [clean(one) for one in words.answers]
    if (content or not any(told)) and not COMMENT_MIN <= len(content) <= COMMENT_MAX:
        errors["content"] = _("请写您的意见，%(a)d 到 %(b)d 个字，现在有 %(n)d 个字。") % {
            "a": COMMENT_MIN,
            "b": COMMENT_MAX,
            "n": len(content),
        }
    for place, answer in enumerate(told):
        if place >= len(row.questions) or len(answer) > COMMENT_MAX:
            errors[f"answer_{place}"] = _("最多 %(n)d 个字。") % {"n": COMMENT_MAX}
    if words.voice not in Voice.values:
        errors["voice"] = _("请选择以谁的名义。")
    for name, most in (("name", NAME_MAX), ("phone", PHONE_MAX)):
        if len(clean(getattr(words, name))) > most:
            errors[name] = _("最多 %(n)d 个字。") % {"n": most}
    refuse(errors)
