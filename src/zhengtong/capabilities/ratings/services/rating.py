"""Giving a rating, by whatever way: page, link, evaluator, short message."""

import dataclasses
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ratings import permissions
from zhengtong.capabilities.ratings.constants import RATING_KIND, TEXT_MAX, Channel, Grade, ServiceEvent, Turn
from zhengtong.capabilities.ratings.models import Device, Rating
from zhengtong.capabilities.ratings.registry import RateableSubject, rateable
from zhengtong.capabilities.ratings.rules.grades import is_bad, known_tags, tag_words
from zhengtong.capabilities.ratings.selectors.ratings import Place, places_of
from zhengtong.capabilities.ratings.selectors.subjects import subject_of
from zhengtong.capabilities.ratings.services import follow_ups
from zhengtong.capabilities.ratings.services.telling import event_fields
from zhengtong.contracts.ratings import RatingGiven
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish

_PHONE_MAX = 20


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a person chose and wrote; ``anonymous`` hides him from the unit, ``phone`` is for the call-back."""

    grade: str
    tags: Collection[str] = ()
    text: str = ""
    anonymous: bool = False
    phone: str = ""


@transaction.atomic
def give_rating(
    *,
    actor: Actor,
    ref: ObjectRef,
    service: str,
    answer: Answer,
    channel: str,
    turn: str = Turn.FIRST,
    device: Device | None = None,
    bearer: bool = False,
) -> Rating:
    """Rate a service event once; a bad grade opens its follow-up, a rating after rectification closes it.

    ``bearer``: the person holds the link, stands before the evaluator or was written to, and need not be signed in.
    Raises NotFound, NotPermitted (not served, or works in the unit), Conflict (rated already, not yet, too late) and
    Invalid (no grade, text too long).
    """
    subject = subject_of(actor.tenant, ref)
    permissions.check_may_rate(actor, subject, bearer=bearer)
    checked = _checked(answer)
    _check_turn(_place(subject, actor.tenant, service), turn)
    served = actor.kind != "official" and actor.person_id is not None and _is_served(actor, ref)
    row = Rating(
        tenant=actor.tenant,
        subject_kind=ref.kind,
        subject_id=ref.id,
        service=service,
        turn=turn,
        grade=checked.grade,
        tags=known_tags(checked.grade, list(checked.tags)),
        text=checked.text,
        anonymous=checked.anonymous,
        channel=Channel(channel),
        person_id=actor.person_id if served else None,
        phone="" if checked.anonymous else checked.phone,
        device=device,
        own_device=device is not None and device.org_id == subject.org_id,
        number=subject.number[:80],
        title=subject.title[:200],
        item_code=subject.item_code,
        org_id=subject.org_id,
        org_name=subject.org_name,
        handlers=subject.handlers[:200],
        window=(device.window if device else subject.window)[:40],
        case_id=subject.case_id,
        happened_at=subject.events[service],
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这一项刚刚已经评价过，每个服务环节只评价一次。")) from None
    _record(actor, row)
    follow_ups.after_rating(row, subject)
    return row


def _place(subject: RateableSubject, tenant: str, service: str) -> Place:
    place = next((one for one in places_of(subject, tenant=tenant) if one.service == service), None)
    if place is None:
        label = ServiceEvent(service).label if service in ServiceEvent.values else service
        raise Conflict(_("“%(event)s”这个环节还没有发生，现在不能评价。") % {"event": label})
    return place


def _check_turn(place: Place, turn: str) -> None:
    if place.may == turn:
        return
    if turn == Turn.FIRST and place.rated:
        raise Conflict(_("这一项已经评价过，每个服务环节只评价一次，评价后不能修改。"))
    if turn == Turn.FIRST:
        raise Conflict(_("评价的期限已经过了。如有意见，可以拨打监督电话反映。"))
    if turn == Turn.AGAIN:
        raise Conflict(_("现在不能再次评价：单位还没有报告整改，或者已经再次评价过。"))
    raise Conflict(_("现在不能追评：追评只有一次，并且在首次评价之后的期限以内。"))


def _is_served(actor: Actor, ref: ObjectRef) -> bool:
    return rateable.get(ref.kind).may_rate(actor, ref)


def _checked(answer: Answer) -> Answer:
    if answer.grade not in Grade.values:
        raise Invalid(_("请选择一个满意度。"), field="grade")
    text = answer.text.replace("\x00", "").strip()
    if len(text) > TEXT_MAX:
        raise Invalid(_("文字评价超过 %(n)d 个字，请删减后再提交。") % {"n": TEXT_MAX}, field="text")
    phone = "".join(sign for sign in answer.phone if sign.isdigit() or sign in "+-")
    if len(phone) > _PHONE_MAX or (answer.phone.strip() and len(phone) < 5):
        raise Invalid(_("回访电话写得不对。请写手机号或者座机号，也可以不写。"), field="phone")
    return dataclasses.replace(answer, text=text, phone=phone)


def _record(actor: Actor, row: Rating) -> None:
    # an entry would show the unit's auditors who rated; who asked to stay unknown to the unit stays so there, too
    who = anonymous(actor.tenant) if row.anonymous or row.person_id is None else actor
    ledger.append(
        actor=who,
        act="ratings.rate",
        object_ref=ObjectRef(kind=RATING_KIND, id=str(row.id)),
        payload={
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "service": row.service,
            "turn": row.turn,
            "grade": row.grade,
            "tags": tag_words(row.tags),
            "text": row.text,
            "channel": row.channel,
            "device": row.device.code if row.device else "",
        },
    )
    publish(
        RatingGiven(
            **event_fields(row, at=now()),
            grade=row.grade,
            bad=is_bad(row.grade),
            turn=row.turn,
            channel=row.channel,
            own_device=row.own_device,
            device_id=row.device_id,
        )
    )
