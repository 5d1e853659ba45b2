"""Messages of a person who is erased, and messages and addresses that are past their period."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from zhengtong.capabilities.notify.constants import ADDRESSES, MESSAGES, DeliveryState
from zhengtong.capabilities.notify.models import ChannelChoice, Delivery, ShortMessagePart, SiteMessage
from zhengtong.kernel import retention
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces

_OVER = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.GIVEN_UP,
    DeliveryState.NO_ADDRESS,
    DeliveryState.TOLD,
)


def message_eraser() -> Eraser:
    """After the matters, so that what is about a matter that stays keeps its time and title as proof of the notice."""
    covers = frozenset(model._meta.label for model in (SiteMessage, Delivery, ChannelChoice))
    return Eraser(turn=50, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    messages = SiteMessage.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).exclude(body=ERASED)
    deliveries = Delivery.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).exclude(address="")
    return [
        Finding(label="发给本人的消息", count=messages.count(), fate=Fate.ERASE, reason="依法保留的办件只留标题和时间"),
        Finding(label="短信、邮件的地址和内容", count=deliveries.count(), fate=Fate.ERASE),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    messages = SiteMessage.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).exclude(body=ERASED)
    proof: list[uuid.UUID] = []
    others: list[uuid.UUID] = []
    for row in messages.only("pk", "object_kind", "object_id"):
        ref = ObjectRef(kind=row.object_kind, id=row.object_id)
        stays = ref not in traces.gone and (ref in traces.matters or ref.kind in traces.kept_kinds)
        (proof if stays else others).append(row.pk)
    _delete_messages(others)
    SiteMessage.objects.filter(pk__in=proof).update(body=ERASED)
    deliveries = Delivery.objects.filter(tenant=subject.tenant).filter(
        Q(person_id__in=subject.person_ids) | Q(message__in=proof)
    )
    _delete_deliveries(deliveries.exclude(state__in=_OVER).values_list("pk", flat=True))
    _delete_deliveries(deliveries.filter(message__isnull=True).values_list("pk", flat=True))
    named = deliveries.exclude(address="", corrected_from="", text="", told_note="")
    blanked = named.update(address="", corrected_from="", text="", told_note="")
    ChannelChoice.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).delete()
    traces.count("消息", len(proof) + len(others))
    traces.count("短信、邮件", blanked)


def _delete_messages(keys: Collection[uuid.UUID]) -> None:
    _delete_deliveries(Delivery.objects.filter(message__in=keys).values_list("pk", flat=True))
    SiteMessage.objects.filter(pk__in=keys).delete()


def _delete_deliveries(found: Any) -> None:
    keys = list(found)
    ShortMessagePart.objects.filter(delivery__in=keys).delete()
    Delivery.objects.filter(pk__in=keys).delete()


def _read_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[SiteMessage]":
    return SiteMessage.objects.filter(tenant=tenant, read_at__lt=before)


def _sent_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[Delivery]":
    ended = Q(sent_at__lt=before) | Q(sent_at__isnull=True, created_at__lt=before)
    rows = Delivery.objects.filter(ended, tenant=tenant, state__in=_OVER)
    return rows.exclude(address="", corrected_from="", text="")


def _forget_messages(rows: Sequence[Any], _left: Traces) -> None:
    _delete_messages([row.pk for row in rows])


def _forget_addresses(rows: Sequence[Any], _left: Traces) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(address="", corrected_from="", text="")


def register_sweeps() -> None:
    """What of messages goes by age."""
    retention.sweeps.register(
        "notify.messages",
        Sweep(label="已读的站内消息", period=MESSAGES.period, does="删除", rows=_read_long_ago, take=_forget_messages),
    )
    retention.sweeps.register(
        "notify.addresses",
        Sweep(
            label="短信、邮件的地址和内容",
            period=ADDRESSES.period,
            does="隐去",
            rows=_sent_long_ago,
            take=_forget_addresses,
        ),
    )
