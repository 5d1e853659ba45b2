"""Delivery of the paper licence: chosen by the applicant, carried on by officials and carriers, until he has it."""

import dataclasses
import functools
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.loops import each
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    COLLECT_REMINDER_DAYS,
    COLLECT_REMINDERS,
    OBJECT_KIND,
    ApplicationStatus,
    DeliveryState,
    DeliveryWay,
    IdentityProof,
)
from zhengtong.systems.service_hall.models import Application, Delivery, DeliveryEvent
from zhengtong.systems.service_hall.registry import Parcel, carriers
from zhengtong.systems.service_hall.rules import address_errors, may_choose_delivery, may_move_delivery, reminder_due
from zhengtong.systems.service_hall.services.telling import tell_applicant

_CODE_DIGITS = 6


@dataclasses.dataclass(frozen=True)
class Choice:
    """How an applicant wants the paper: the way, the organisation where he picks it up, or where the post goes."""

    way: str
    place_code: str = ""
    recipient: str = ""
    phone: str = ""
    address: str = ""


@dataclasses.dataclass(frozen=True)
class Collection:
    """Who stands at the window: his name, the code or the paper that was seen, his signature."""

    name: str
    code: str = ""
    proof: str = ""
    signature: bytes = b""


@transaction.atomic
def choose_delivery(*, actor: Actor, application_id: uuid.UUID, choice: Choice) -> Delivery:
    """Choose how the paper licence comes, or change it until it has left the unit; the electronic one comes anyway.

    For the applicant, and for the official who took the application in. Raises Invalid naming what is wrong with an
    address, Conflict when the paper is on its way or the case ended without a choice.
    """
    row = selectors.application_of_chooser(actor=actor, application_id=application_id)
    row = Application.objects.select_for_update().get(pk=row.pk)
    found = Delivery.objects.select_for_update().filter(application=row).first()
    if not may_choose_delivery(found.state if found else ""):
        raise Conflict(_("证照已经在送达途中，不能再改领取方式。需要更改请联系办理单位。"))
    if found is None and row.status == ApplicationStatus.CLOSED:
        # nothing follows the end of a case any more that would bring such a paper on its way
        raise Conflict(_("办件已经办结，不能再登记领取方式。需要纸质证照的，请联系办理单位。"))
    given = _checked(row, choice)
    if found and all(getattr(found, name) == value for name, value in given.items()):
        return found  # a second press on the button
    delivery = found or Delivery(tenant=row.tenant, application=row)
    for name, value in given.items():
        setattr(delivery, name, value)
    delivery.moved_at = now()
    if delivery.state == DeliveryState.NOT_NEEDED and delivery.way != DeliveryWay.ELECTRONIC:
        raise Conflict(_("证照已经以电子形式送达。需要纸质证照的，请联系办理单位。"))
    delivery.save()
    _record(actor, delivery, "service_hall.delivery_choose", {"way": delivery.way, "place": delivery.place_name})
    return delivery


def _checked(row: Application, choice: Choice) -> dict[str, Any]:
    given: dict[str, Any] = {"way": choice.way, "place_org_id": None, "place_name": ""}
    given |= {"recipient": "", "phone": "", "address": ""}
    if choice.way == DeliveryWay.POST:
        parts = {"recipient": choice.recipient, "phone": choice.phone, "address": choice.address}
        parts = {name: " ".join(text.split()) for name, text in parts.items()}
        errors = address_errors(**parts)
        if errors:
            raise Invalid(_("收件地址不完整，请更正标出的内容。"), errors=errors)
        given |= parts
    elif choice.way == DeliveryWay.WINDOW:
        given |= {"place_org_id": row.org_id, "place_name": row.org_name}
    elif choice.way == DeliveryWay.TOWNSHIP:
        places = {place.code: place for place in selectors.pick_up_places(row.tenant)}
        if choice.place_code not in places:
            raise Invalid(_("请选择到哪个乡镇领取。"), field="place_code")
        place = places[choice.place_code]
        given |= {"place_org_id": place.id, "place_name": place.name}
    elif choice.way != DeliveryWay.ELECTRONIC:
        raise Invalid(_("请选择领取方式。"), field="way")
    return given


def awaits_paper(row: Application) -> bool:
    """Whether the applicant has chosen to have a paper: the time for delivery then runs until he has it."""
    return Delivery.objects.filter(application=row).exclude(way=DeliveryWay.ELECTRONIC).exists()


@transaction.atomic
def open_delivery(*, tenant: str, application_id: uuid.UUID, granted: bool) -> None:
    """The case has ended: a licence that was granted is to be delivered, other ends need none; repeatable."""
    delivery = Delivery.objects.select_for_update().filter(tenant=tenant, application_id=application_id).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return
    wanted = granted and delivery.way != DeliveryWay.ELECTRONIC
    delivery.state = DeliveryState.TO_PREPARE if wanted else DeliveryState.NOT_NEEDED
    delivery.moved_at = now()
    delivery.save(update_fields=["state", "moved_at"])
    if wanted:
        _record(system(tenant), delivery, "service_hall.delivery_open", {"way": delivery.way})


def send_by_post(*, actor: Actor, delivery_id: uuid.UUID, carrier: str, tracking_no: str = "") -> Delivery:
    """Hand the paper over to a carrier; one that is connected gives the tracking number itself.

    A carrier is asked before the delivery is locked; asked twice, it gives the number of the same parcel again.
    Raises Invalid without carrier or number, Conflict when the delivery is elsewhere or the carrier does not answer.
    """
    delivery = selectors.delivery_for_official(actor=actor, delivery_id=delivery_id)
    _check(actor, delivery, DeliveryState.POSTED)
    adapter = carriers.get(carrier) if carrier in dict(carriers.items()) else None
    label = str(adapter.label) if adapter else carrier.strip()
    number = tracking_no.strip()
    if adapter is not None and not number:
        refuse_inside("a carrier is asked")
        parcel = Parcel(str(delivery.id), delivery.recipient, delivery.phone, delivery.address)
        try:
            number = adapter.accept(parcel)
        except OSError as error:
            raise Conflict(
                _("%(carrier)s没有应答，还没有交寄。请稍后再试，或者填写面单上的单号。") % {"carrier": label}
            ) from error
    if not label or not number:
        raise Invalid(_("请选择寄递企业，并填写寄递单号。"), field="tracking_no")
    return _post(actor, delivery_id, carrier.strip(), label, number)


@transaction.atomic
def _post(actor: Actor, delivery_id: uuid.UUID, carrier: str, label: str, number: str) -> Delivery:
    delivery = _locked(actor, delivery_id)
    _check(actor, delivery, DeliveryState.POSTED)
    same = Delivery.objects.filter(tenant=delivery.tenant, carrier=carrier, tracking_no=number)
    if same.exclude(pk=delivery.pk).exists():
        raise Invalid(_("这个单号已经登记给另一份证照，请核对面单。"), field="tracking_no")
    delivery.carrier, delivery.tracking_no = carrier, number
    _move(
        actor, delivery, DeliveryState.POSTED, _("已交%(carrier)s寄出，单号 %(no)s") % {"carrier": label, "no": number}
    )
    told = _("您的证照已交%(carrier)s寄出，单号 %(no)s。") % {"carrier": label, "no": number}
    tell_applicant(delivery.application, _("证照已寄出"), told)
    return delivery


@transaction.atomic
def send_to_place(*, actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """The paper leaves the unit for the town where it is collected."""
    delivery = _locked(actor, delivery_id)
    _check(actor, delivery, DeliveryState.ON_WAY)
    _move(actor, delivery, DeliveryState.ON_WAY, _("送往%(place)s") % {"place": delivery.place_name})
    return delivery


@transaction.atomic
def put_at_place(*, actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """The paper lies where it is collected; the applicant gets a code."""
    delivery = _locked(actor, delivery_id)
    _check(actor, delivery, DeliveryState.AT_PLACE)
    delivery.collect_code = "".join(secrets.choice("0123456789") for _digit in range(_CODE_DIGITS))
    _move(actor, delivery, DeliveryState.AT_PLACE, _("已到%(place)s，等待领取") % {"place": delivery.place_name})
    told = _("您的证照已到%(place)s，请带身份证领取；委托他人领取的，请把办件页上的领取码告诉他。")
    tell_applicant(delivery.application, _("证照可以领取"), told % {"place": delivery.place_name})
    return delivery


def hand_out(*, actor: Actor, delivery_id: uuid.UUID, to: Collection) -> Delivery:
    """Who stands at the window has the paper: he is the applicant by his card, or he knows the code.

    Raises Invalid without name or proof and for a wrong code, Conflict when it is not at the place.
    """
    signed = checked_upload(_("领取签名.png"), to.signature) if to.signature else None
    with transaction.atomic():
        delivery = _locked(actor, delivery_id)
        if delivery.way == DeliveryWay.POST:
            raise Conflict(_("这份证照邮寄送达，以寄递企业的签收为准。"))
        _check(actor, delivery, DeliveryState.DONE)
        name = to.name.strip()
        if not name:
            raise Invalid(_("请填写领取人姓名。"), field="name")
        if to.code.strip():
            if not delivery.collect_code or not constant_time_compare(delivery.collect_code, to.code.strip()):
                raise Invalid(_("领取码不对。请核对申请人办件页上的 6 位数字。"), field="code")
        elif to.proof not in IdentityProof.values:
            raise Invalid(_("请选择核对了哪一种证件，或者填写领取码。"), field="proof")
        elif name not in (delivery.application.applicant_name, delivery.application.person_name):
            raise Invalid(_("领取人不是申请人，请他提供申请人的领取码。"), field="code")
        delivery.collected_by, delivery.proof = name, to.proof if not to.code.strip() else ""
        if signed:
            delivery.signature = storage.store_upload(tenant=delivery.tenant, upload=signed)
        how = _("凭领取码") if to.code.strip() else _("核对证件")
        _move(actor, delivery, DeliveryState.DONE, _("已领取（%(how)s）") % {"how": how})
        return delivery


@transaction.atomic
def confirm_post(*, actor: Actor, delivery_id: uuid.UUID, delivered: bool, reason: str = "") -> Delivery:
    """What the slip of a carrier that is not connected says: delivered, or come back and why."""
    delivery = _locked(actor, delivery_id)
    to = DeliveryState.DONE if delivered else DeliveryState.RETURNED
    _check(actor, delivery, to)
    if not delivered and not reason.strip():
        raise Invalid(_("请写明为什么没有送达。"), field="reason")
    words = _("寄递企业回执：已签收") if delivered else _("没有送达：%(why)s") % {"why": reason.strip()}
    _move(actor, delivery, to, words)
    if not delivered:
        tell_returned(delivery, reason.strip())
    return delivery


def tell_returned(delivery: Delivery, why: str) -> None:
    """Tell the applicant that his paper came back."""
    told = _("您的证照没有送达（%(why)s），已退回办理单位，请联系办理单位核对地址。") % {"why": why}
    tell_applicant(delivery.application, _("证照没有送达"), told)


def remind_to_collect() -> int:
    """Remind who has not collected, some days apart and not without end; returns how many messages went out."""
    due = []
    for delivery in Delivery.objects.filter(state=DeliveryState.AT_PLACE).order_by("moved_at", "id"):
        limits = parameters.values(COLLECT_REMINDER_DAYS, COLLECT_REMINDERS, tenant=delivery.tenant)
        if reminder_due(
            since=delivery.moved_at,
            reminded_at=delivery.reminded_at,
            reminders=delivery.reminders,
            now=now(),
            days=int(limits[COLLECT_REMINDER_DAYS]),
            most=int(limits[COLLECT_REMINDERS]),
        ):
            due.append((delivery.pk,))
    return each(_remind, due)


@transaction.atomic
def _remind(delivery_id: uuid.UUID) -> int:
    delivery = Delivery.objects.select_for_update().select_related("application").get(pk=delivery_id)
    if delivery.state != DeliveryState.AT_PLACE:
        return 0
    delivery.reminders, delivery.reminded_at = delivery.reminders + 1, now()
    delivery.save(update_fields=["reminders", "reminded_at"])
    told = _("您的证照在%(place)s等待领取，请带身份证领取。") % {"place": delivery.place_name}
    tell_applicant(delivery.application, _("请领取证照"), told)
    return 1


def read_address(*, actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """A delivery with its address in the clear, for the label; the reading is an entry."""
    delivery = selectors.delivery_for_official(actor=actor, delivery_id=delivery_id)
    with transaction.atomic():
        _record(actor, delivery, "service_hall.delivery_read", {}, purpose=_("打印寄递面单"))
    return delivery


def _locked(actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    found = selectors.delivery_for_official(actor=actor, delivery_id=delivery_id)
    return Delivery.objects.select_for_update(of=("self",)).select_related("application").get(pk=found.pk)


def _check(actor: Actor, delivery: Delivery, to: str) -> None:
    may = functools.partial(may_move_delivery, way=delivery.way, state=delivery.state, to=to)
    at_place = actor.org_id == delivery.place_org_id
    if not at_place and not may(at_place=False) and may(at_place=True):
        raise Conflict(_("这份证照在%(place)s领取，到达和领取由%(place)s登记。") % {"place": delivery.place_name})
    if not may(at_place=at_place):
        raise Conflict(
            _("这份证照现在是“%(state)s”，不能这样登记。请刷新后查看。") % {"state": delivery.get_state_display()}
        )


def _move(actor: Actor, delivery: Delivery, to: str, words: str) -> None:
    set_state(actor, delivery, to)
    note(delivery, words, actor.org_name)


def set_state(actor: Actor, delivery: Delivery, to: str) -> None:
    """A locked delivery goes on to a state; the time for delivery ends with ``done``."""
    delivery.state, delivery.moved_at = to, now()
    if to == DeliveryState.DONE:
        delivery.done_at = delivery.moved_at
    delivery.save()
    _record(actor, delivery, "service_hall.delivery_move", {"state": to, "way": delivery.way})
    if to == DeliveryState.DONE and delivery.application.case_id is not None:
        cases.end_delivery(actor=actor, case_id=delivery.application.case_id)


def note(delivery: Delivery, words: str, source: str, *, at: Any = None, key: str = "") -> bool:
    """Write down what has happened; False for what was written under that key before."""
    if key and DeliveryEvent.objects.filter(delivery=delivery, key=key).exists():
        return False
    DeliveryEvent.objects.create(
        tenant=delivery.tenant, delivery=delivery, at=at or now(), words=words, source=source, key=key
    )
    return True


def _record(actor: Actor, delivery: Delivery, act: str, payload: Mapping[str, Any], *, purpose: str = "") -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(delivery.application_id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, purpose=purpose)
