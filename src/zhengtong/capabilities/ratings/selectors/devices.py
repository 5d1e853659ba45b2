"""Evaluators: those a person manages or may ask at, and what one is asked to show."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.models import Device, DeviceCall
from zhengtong.capabilities.ratings.permissions import manageable_devices
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared


def devices(*, actor: Actor, page: object = 1) -> Page[Device]:
    """Evaluators the actor manages, those in use first."""
    rows = Device.objects.filter(manageable_devices(actor))
    return page_of(rows.order_by("ended_at", "org_name", "window", "code"), page)


def devices_at(*, tenant: str, org_id: uuid.UUID) -> list[Device]:
    """Evaluators in use of a unit."""
    return _devices_at(tenant=tenant, org_id=org_id)


@prepared
def _devices_at(*, tenant: str, org_id: uuid.UUID) -> "QuerySet[Device]":
    return Device.objects.filter(tenant=tenant, org_id=org_id, ended_at__isnull=True).order_by("window", "code")


def active_device(*, tenant: str, code: str) -> Device:
    """An evaluator in use by its number; raises NotFound."""
    row = Device.objects.filter(tenant=tenant, code=code.strip().upper()[:16], ended_at__isnull=True).first()
    if row is None:
        raise NotFound(_("没有这个编号的评价器，或者它已经停用。"))
    return row


def open_call(device: Device) -> DeviceCall | None:
    """The matter the evaluator is asked to show now; None when there is none or its time is over."""
    return DeviceCall.objects.filter(device=device, ended_at__isnull=True, expires_at__gt=now()).first()
