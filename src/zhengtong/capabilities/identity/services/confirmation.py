"""A code to the person's own telephone: he confirms one thing in one wording, himself or by telling the window.

Only a number that was verified counts: a code sent to it came back from the person. So nobody confirms by a number
that somebody else has written down for him.
"""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.models import ConfirmationCode, Person
from zhengtong.capabilities.identity.registry import reset_message_senders
from zhengtong.capabilities.identity.selectors import same_person
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.identity.services import one_time_codes
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ui.formats import mask_phone

_DIGITS = 6
_PAUSE = dt.timedelta(seconds=60)
_MOST_A_DAY = 10  # codes to one person for one purpose: with five tries each, one in twenty thousand is guessed a day
_PHONE = "identity.phone"


@dataclasses.dataclass(frozen=True)
class SentCode:
    """A code that is on its way: to which number (masked), good until when."""

    phone: str
    expires_at: dt.datetime


def phone_is_verified(tenant: str, person_id: uuid.UUID) -> bool:
    """Whether the person has proved to have the telephone whose number is on file."""
    found = Person.objects.filter(tenant=tenant, pk=person_id).values_list("phone_index", "verified_phone_index")
    return any(index and index == verified for index, verified in found)


def send_phone_code(*, actor: Actor, person_id: uuid.UUID) -> SentCode:
    """Send a code to the number on file, to prove it; for the person himself and for the window he stands at.

    Raises NotPermitted for everybody else, Conflict without a number, for the number of somebody in office, without a
    way to send, and too soon after the last one.
    """
    person = _person_for(actor, person_id)
    if not person.phone:
        raise Conflict(_("没有登记手机号，不能发送验证码。"))
    _refuse_official_number(person)
    text = _(
        "您正在核验政务服务平台登记的手机号，验证码 %(code)s，%(minutes)d 分钟内有效。请当面告诉窗口，或者自己填写。"
    )
    return _send(
        actor,
        person,
        purpose=_PHONE,
        about=str(person.id),
        digest=_digest_of_phone(person),
        text=lambda code, minutes: text % {"code": code, "minutes": minutes},
    )


def confirm_phone(*, actor: Actor, person_id: uuid.UUID, code: str) -> None:
    """The code came back: the person has the telephone. Raises Invalid for a wrong, old or used code."""
    person = _person_for(actor, person_id)
    key = check_confirmation(
        tenant=person.tenant,
        person_id=person.id,
        purpose=_PHONE,
        about=str(person.id),
        digest=_digest_of_phone(person),
        code=code,
    )
    with transaction.atomic():
        use_confirmation(tenant=person.tenant, confirmation_id=key)
        person.verified_phone_index = person.phone_index
        person.save(update_fields=["verified_phone_index"])
        ledger.append(
            actor=actor,
            act="identity.phone_verified",
            object_ref=ObjectRef(kind="person", id=str(person.id)),
            payload={"by_self": actor.kind != "official"},
        )


def send_confirmation(
    *, actor: Actor, person_id: uuid.UUID, purpose: str, about: str, digest: str, text: Callable[[str, int], str]
) -> SentCode:
    """Send a code with which the person confirms the content ``digest`` of ``about`` (an id), and nothing else.

    ``text`` puts the code, and the minutes it is good for, into words. An earlier code about the same is void. Raises
    Conflict for a number that is not verified, without a way to send, and too soon after the last one.
    """
    person = _find(actor.tenant, person_id)
    if not person.phone_index or person.phone_index != person.verified_phone_index:
        raise Conflict(_("%(name)s的手机号没有核验过，不能用短信验证码表示同意。") % {"name": person.name})
    _refuse_official_number(person)
    return _send(actor, person, purpose=purpose, about=about, digest=digest, text=text)


def check_confirmation(
    *, tenant: str, person_id: uuid.UUID, purpose: str, about: str, digest: str, code: str
) -> uuid.UUID:
    """The key of the code typed, to be used up with the act it serves; not inside that act's transaction.

    A refusal must count the try, so it must not be rolled back with the act. Raises Invalid that says what is wrong:
    none was sent, it is old or used up by wrong tries, it is for other content, it is wrong and how many tries remain.
    """
    mine = ConfirmationCode.objects.filter(tenant=tenant, person_id=person_id, purpose=purpose, about=about)
    latest = mine.order_by("-created_at").first()
    if latest is None or latest.closed_at is not None:
        raise Invalid(_("还没有发送验证码，或者验证码已经用过。请重新发送。"), field="code")
    if latest.digest != digest:
        raise Invalid(_("发送验证码以后内容又改过，原来的验证码作废。请给本人看过改动，再重新发送。"), field="code")
    if latest.expires_at <= now():
        raise Invalid(_("验证码已经过了有效时间。请重新发送。"), field="code")
    row = one_time_codes.count_try(mine.filter(pk=latest.pk))
    right = one_time_codes.is_right(row, code)
    if row is None:
        raise Invalid(_("验证码输错的次数太多，已经作废。请重新发送。"), field="code")
    if not right:
        left = one_time_codes.TRIES - row.wrong_codes
        said = _("验证码不正确，还可以再试 %(left)d 次。") if left else _("验证码不正确，已经作废。请重新发送。")
        raise Invalid(said % {"left": left} if left else said, field="code")
    one_time_codes.give_back_try(row)
    return row.id


def use_confirmation(*, tenant: str, confirmation_id: uuid.UUID) -> None:
    """Use a checked code up, in the transaction of the act it serves; Conflict when another was faster."""
    row = ConfirmationCode.objects.filter(tenant=tenant, pk=confirmation_id).first()
    if row is None or not one_time_codes.use_up(row):
        raise Conflict(_("验证码已经用过。请重新发送。"))


def _send(
    actor: Actor, person: Person, *, purpose: str, about: str, digest: str, text: Callable[[str, int], str]
) -> SentCode:
    code, hashed = one_time_codes.new_code(_DIGITS)
    minutes = limits_of(person.tenant).confirmation_minutes
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two requests count one after another
        _refuse_too_many(person, purpose)
        one_time_codes.forget_old(ConfirmationCode)
        mine = ConfirmationCode.objects.filter(person=person, purpose=purpose, about=about, closed_at__isnull=True)
        mine.update(closed_at=now())
        row = ConfirmationCode.objects.create(
            tenant=person.tenant,
            person=person,
            purpose=purpose,
            about=about,
            digest=digest,
            code=hashed,
            expires_at=now() + dt.timedelta(minutes=minutes),
        )
        said = text(code, minutes)
        sent = [
            key
            for key, sender in reset_message_senders.items()
            if sender(tenant=person.tenant, person_id=person.id, text=said)
        ]
        if not sent:
            raise Conflict(_("本平台还没有接入短信，验证码发不出去。请用签名的方式。"))
        ledger.append(
            actor=actor,
            act="identity.confirmation_sent",
            object_ref=ObjectRef(kind="person", id=str(person.id)),
            payload={"purpose": purpose, "about": about, "digest": digest, "ways": sent},
        )
    return SentCode(phone=mask_phone(person.phone), expires_at=row.expires_at)


def _refuse_too_many(person: Person, purpose: str) -> None:
    day = ConfirmationCode.objects.filter(person=person, purpose=purpose, created_at__gt=now() - dt.timedelta(days=1))
    latest = day.order_by("-created_at").values_list("created_at", flat=True).first()
    if latest is not None and now() - latest < _PAUSE:
        raise Conflict(_("验证码刚刚发过。一分钟以后才能再发，原来的验证码仍然有效。"))
    if day.count() >= _MOST_A_DAY:
        raise Conflict(_("今天发送的验证码已经很多。请用签名的方式，或者明天再试。"))


def _refuse_official_number(person: Person) -> None:
    """Nobody behind the window confirms for who stands before it."""
    same = Person.objects.filter(tenant=person.tenant, phone_index=person.phone_index).exclude(
        pk__in=same_person(person.tenant, person.id)
    )
    if current_appointments().filter(person__in=same).exists():
        raise Conflict(_("登记的手机号是工作人员的号码，不能用来核验本人。请登记本人自己的手机号。"))


def _person_for(actor: Actor, person_id: uuid.UUID) -> Person:
    """The person, for himself in his own name or for a window that serves him."""
    own = actor.person_id is not None and person_id in same_person(actor.tenant, actor.person_id)
    at_window = actor.kind == "official" and actor.has_role(Role.COUNTER, Role.CLERK) and not own
    if not (own and actor.kind == "citizen") and not at_window:
        raise NotPermitted(_("手机号由本人核验，或者由本人到窗口核验。"))
    return _find(actor.tenant, person_id)


def _find(tenant: str, person_id: uuid.UUID) -> Person:
    person = Person.objects.filter(tenant=tenant, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个人员。"))
    return person


def _digest_of_phone(person: Person) -> str:
    return hashlib.sha256(person.phone_index.encode()).hexdigest()
