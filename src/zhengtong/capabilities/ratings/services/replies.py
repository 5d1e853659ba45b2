"""Rating by short message: the invitation, and what a reply means. The gateway belongs to the app that sends."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.constants import RATE_WITHIN, Channel
from zhengtong.capabilities.ratings.models import Rating, ReplyInvitation
from zhengtong.capabilities.ratings.rules.grades import grade_of_reply
from zhengtong.capabilities.ratings.selectors.subjects import link_of, rating_url, subject_of
from zhengtong.capabilities.ratings.services.rating import Answer, give_rating
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.fields import blind_index


@dataclasses.dataclass(frozen=True)
class ReplyOutcome:
    """What became of a reply: the rating, if one was given, and the words to send back."""

    rating: Rating | None
    words: str


@transaction.atomic
def invite_by_message(*, tenant: str, phone: str, ref: ObjectRef, service: str) -> str:
    """Remember that a number is asked to rate a service event; returns the text to send.

    Raises NotFound for an unknown matter and Invalid without a number.
    """
    index = blind_index(_digits(phone))
    if not index:
        raise Invalid(_("没有手机号，不能发出评价邀请。"), field="phone")
    subject = subject_of(tenant, ref)
    ReplyInvitation.objects.update_or_create(
        tenant=tenant,
        phone_index=index,
        subject_kind=ref.kind,
        subject_id=ref.id,
        service=service,
        defaults={"created_at": now(), "answered_at": None},
    )
    return _(
        "%(org)s请您评价“%(title)s”的服务，回复数字即可：1非常满意 2满意 3基本满意 4不满意 5非常不满意，"
        "数字后面可以写意见。不满意的，办理单位会回电。也可以打开 %(link)s 评价。"
    ) % {"org": subject.org_name, "title": subject.title, "link": rating_url(ref, service)}


def rate_by_reply(*, tenant: str, text: str, phone: str = "", token: str = "") -> ReplyOutcome:
    """Take a reply as a rating: of the link's matter (``token``), else of the newest one the number was asked about.

    Never raises for what a person wrote: the outcome says what to send back.
    """
    understood = grade_of_reply(text)
    if understood is None:
        return ReplyOutcome(None, _("没有看懂您的回复。请回复数字：1非常满意 2满意 3基本满意 4不满意 5非常不满意。"))
    grade, words = understood
    invitation = None if token else _newest(tenant, phone)
    try:
        if token:
            ref, service = link_of(token)
        elif invitation is not None:
            ref = ObjectRef(kind=invitation.subject_kind, id=invitation.subject_id)
            service = invitation.service
        else:
            return ReplyOutcome(None, _("没有等您评价的事项，或者评价的期限已经过了。"))
        with transaction.atomic():
            answer = Answer(grade=grade, text=words[:500], phone=_digits(phone))
            rating = give_rating(
                actor=anonymous(tenant), ref=ref, service=service, answer=answer, channel=Channel.SMS, bearer=True
            )
            if invitation is not None:
                invitation.answered_at = now()
                invitation.save(update_fields=["answered_at"])
    except DomainError as refusal:
        return ReplyOutcome(None, refusal.message)
    said = _("已收到您的评价“%(grade)s”，谢谢。") % {"grade": rating.get_grade_display()}
    return ReplyOutcome(rating, said + (_("办理单位会尽快与您联系。") if hasattr(rating, "follow_up") else ""))


def _newest(tenant: str, phone: str) -> ReplyInvitation | None:
    since = now() - dt.timedelta(days=int(parameters.value(RATE_WITHIN, tenant=tenant)))
    index = blind_index(_digits(phone))
    rows = ReplyInvitation.objects.filter(tenant=tenant, phone_index=index, answered_at__isnull=True)
    return rows.filter(created_at__gt=since).order_by("-created_at").first() if index else None


def _digits(phone: str) -> str:
    """The number as it is compared: digits only, without the country's 86."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    return digits[-11:] if len(digits) > 11 else digits
