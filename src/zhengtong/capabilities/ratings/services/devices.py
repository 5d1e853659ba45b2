"""Evaluators: registration with a key, invitations to rate, signed requests that cannot be repeated."""

import datetime as dt
import hmac
import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ratings import permissions
from zhengtong.capabilities.ratings.constants import (
    DEVICE_CALL_MINUTES,
    DEVICE_KIND,
    DEVICE_SKEW_SECONDS,
    Channel,
    DeviceKind,
    ServiceEvent,
    Turn,
)
from zhengtong.capabilities.ratings.models import Device, DeviceCall, DeviceNonce, Rating
from zhengtong.capabilities.ratings.rules.signing import sign_request, time_problem
from zhengtong.capabilities.ratings.selectors.devices import active_device
from zhengtong.capabilities.ratings.selectors.ratings import places_of
from zhengtong.capabilities.ratings.selectors.subjects import subject_of
from zhengtong.capabilities.ratings.services.rating import Answer, give_rating
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import query_code

_CODE_LENGTH = 6
_NONCE = range(8, 65)
_BAD_SIGNATURE = "评价器没有登记、已经停用，或者签名不对。请核对设备编号和密钥。"


@transaction.atomic
def register_device(*, actor: Actor, org_code: str, name: str, window: str, kind: str) -> tuple[Device, str]:
    """Register an evaluator of a unit; returns it and its key (64 hex digits), which is shown only now."""
    org = identity.organisation(actor.tenant, org_code)
    permissions.check_manages(actor, org.id)
    if not name.strip():
        raise Invalid(_("请写设备名称，例如“3 号窗口评价器”。"), field="name")
    if kind not in DeviceKind.values:
        raise Invalid(_("请选择设备类型。"), field="kind")
    same = {"tenant": actor.tenant, "org_id": org.id, "name": name.strip()[:60], "window": window.strip()[:40]}
    if Device.objects.filter(**same, ended_at__isnull=True).exists():
        raise Invalid(
            _("这个窗口已经有同名的评价器，没有再登记一台。忘记密钥的请更换密钥；另有一台的请起个不同的名称。"),
            field="name",
        )
    key = secrets.token_hex(32)
    row = Device.objects.create(
        tenant=actor.tenant,
        code=query_code(_CODE_LENGTH),
        kind=kind,
        name=name.strip()[:60],
        window=window.strip()[:40],
        org_id=org.id,
        org_name=org.name,
        key=key,
        registered_by=actor.name,
    )
    _to_ledger(actor, "ratings.register_device", row, {"code": row.code, "org": row.org_name, "window": row.window})
    return row, key


@transaction.atomic
def renew_key(*, actor: Actor, device_id: uuid.UUID) -> tuple[Device, str]:
    """Give an evaluator a new key; the old one and every tablet bound with it are no longer accepted."""
    row = _managed(actor, device_id)
    key = secrets.token_hex(32)
    row.key, row.key_no = key, row.key_no + 1
    row.save(update_fields=["key", "key_no"])
    _to_ledger(actor, "ratings.renew_device_key", row, {"code": row.code, "key_no": row.key_no})
    return row, key


@transaction.atomic
def end_device(*, actor: Actor, device_id: uuid.UUID) -> Device:
    """Take an evaluator out of use; its ratings stay."""
    row = _managed(actor, device_id)
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    DeviceCall.objects.filter(device=row, ended_at__isnull=True).update(ended_at=now())
    _to_ledger(actor, "ratings.end_device", row, {"code": row.code})
    return row


def _managed(actor: Actor, device_id: uuid.UUID) -> Device:
    rows = Device.objects.select_for_update().filter(permissions.manageable_devices(actor), pk=device_id)
    row = rows.filter(ended_at__isnull=True).first()
    if row is None:
        raise NotFound(_("没有找到这台评价器，它已经停用，或者不归您管理。"))
    return row


@transaction.atomic
def ask_on_device(*, actor: Actor, code: str, ref: ObjectRef, service: str) -> DeviceCall:
    """Have an evaluator ask the person at the window to rate a service event; an older question makes way.

    Raises NotPermitted (another unit's evaluator), NotFound, Conflict (nothing to rate).
    """
    device = active_device(tenant=actor.tenant, code=code)
    if not permissions.asks_at(actor, device):
        raise NotPermitted(_("这台评价器属于%(org)s，请使用本单位窗口的评价器。") % {"org": device.org_name})
    subject = subject_of(actor.tenant, ref)
    place = next((one for one in places_of(subject, tenant=actor.tenant) if one.service == service), None)
    if place is None or place.may != Turn.FIRST:
        label = ServiceEvent(service).label if service in ServiceEvent.values else service
        raise Conflict(_("“%(event)s”还没有发生，或者已经评价过，不用再请评价。") % {"event": label})
    present = now()
    DeviceCall.objects.filter(device=device, ended_at__isnull=True).update(ended_at=present)
    minutes = int(parameters.value(DEVICE_CALL_MINUTES, tenant=actor.tenant))
    call = DeviceCall.objects.create(
        tenant=actor.tenant,
        device=device,
        subject_kind=ref.kind,
        subject_id=ref.id,
        service=service,
        title=subject.title[:200],
        asked_by=actor.name,
        expires_at=present + dt.timedelta(minutes=minutes),
    )
    _to_ledger(actor, "ratings.ask_device", device, {"subject": str(ref), "service": service})
    return call


def check_request(
    *, tenant: str, code: str, at: str, nonce: str, signature: str, method: str, path: str, body: bytes
) -> Device:
    """The evaluator that signed a request; the nonce is used up even when the act itself is refused.

    Raises NotPermitted with a sentence: unknown device, wrong signature, wrong time, or a request seen before.
    """
    try:
        device = active_device(tenant=tenant, code=code)
    except NotFound:
        raise NotPermitted(_BAD_SIGNATURE) from None
    problem = time_problem(at, present=now().timestamp(), skew=DEVICE_SKEW_SECONDS)
    if problem:
        raise NotPermitted(problem)
    if len(nonce) not in _NONCE or not nonce.isascii() or not nonce.isalnum():
        raise NotPermitted(_("随机数须为 8 至 64 位字母和数字。"))
    made = sign_request(device.key, method=method, path=path, at=at, nonce=nonce, body=body)
    if not hmac.compare_digest(made.encode(), signature.strip().lower().encode()):
        raise NotPermitted(_BAD_SIGNATURE)
    DeviceNonce.objects.filter(created_at__lt=now() - 2 * dt.timedelta(seconds=DEVICE_SKEW_SECONDS)).delete()
    try:
        with transaction.atomic():
            DeviceNonce.objects.create(tenant=tenant, device=device, nonce=nonce)
    except IntegrityError:
        raise NotPermitted(_("这个请求已经收到过，不再处理。每次请求请使用新的随机数。")) from None
    seen(device)
    return device


def bind_tablet(*, tenant: str, code: str, key: str) -> Device:
    """The evaluator whose key somebody typed into a tablet; raises NotPermitted."""
    try:
        device = active_device(tenant=tenant, code=code)
    except NotFound:
        raise NotPermitted(_BAD_SIGNATURE) from None
    if not hmac.compare_digest(device.key.encode(), "".join(key.split()).lower().encode()):
        raise NotPermitted(_BAD_SIGNATURE)
    seen(device)
    return device


def seen(device: Device) -> None:
    """Remember that the evaluator is alive."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=now())


@transaction.atomic
def rate_on_device(*, device: Device, call_id: uuid.UUID, answer: Answer) -> Rating:
    """The rating a person gave on an evaluator, of the matter it showed. Raises Conflict when that is over."""
    rows = DeviceCall.objects.select_for_update().filter(device=device, ended_at__isnull=True)
    call = rows.filter(pk=call_id, expires_at__gt=now()).first()
    if call is None:
        raise Conflict(_("这次评价邀请已经结束，请窗口工作人员重新发起。"))
    rating = give_rating(
        actor=anonymous(device.tenant),
        ref=ObjectRef(kind=call.subject_kind, id=call.subject_id),
        service=call.service,
        answer=answer,
        channel=Channel.TABLET if device.kind == DeviceKind.TABLET else Channel.TERMINAL,
        device=device,
        bearer=True,
    )
    call.ended_at, call.rated = now(), True
    call.save(update_fields=["ended_at", "rated"])
    return rating


def _to_ledger(actor: Actor, act: str, device: Device, payload: dict[str, str | int]) -> None:
    ref = ObjectRef(kind=DEVICE_KIND, id=str(device.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload)
