"""Matters that may be rated, the calendar limits are counted with, and links to rate while signed out."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.registry import CALENDAR, RateableSubject, rateable, work_calendar
from zhengtong.capabilities.ratings.rules.signing import Link, make_token, read_token
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound


def subject_of(tenant: str, ref: ObjectRef) -> RateableSubject:
    """The matter; raises NotFound for one that nobody knows."""
    found = rateable.get(ref.kind).subject(tenant, ref) if ref.kind in rateable else None
    if found is None:
        raise NotFound(_("没有找到要评价的事项。"))
    return found


def calendar_of(tenant: str) -> WorkCalendar:
    """The working calendar of a tenant; Monday to Friday where no app brings one."""
    if CALENDAR in work_calendar:
        return work_calendar.get(CALENDAR)(tenant)
    year = local_date().year
    return WorkCalendar((), first_year=year - 1, last_year=year + 2)


def token_of(ref: ObjectRef, service: str) -> str:
    """The token that lets its holder rate one service event of a matter, once."""
    return make_token(_key(), Link(ref.kind, ref.id, service))


def link_of(token: str) -> tuple[ObjectRef, str]:
    """Matter and service event of a token; raises NotFound for one we did not make."""
    found = read_token(_key(), token)
    if found is None:
        raise NotFound(_("这个评价链接打不开：可能没有复制完整。请重新扫码，或者登录后在“我的办件”中评价。"))
    return ObjectRef(kind=found.kind, id=found.key), found.event


def rating_path(ref: ObjectRef, service: str) -> str:
    """Path of the page on which the holder rates."""
    return reverse("ratings:link", args=[token_of(ref, service)])


def rating_url(ref: ObjectRef, service: str) -> str:
    """The full address, for QR codes on paper and for short messages."""
    base: str = settings.ZHENGTONG_BASE_URL
    return base + rating_path(ref, service)


def deadline_to_rate(happened_at: dt.datetime, days: int) -> dt.datetime:
    """Until when a service event may be rated."""
    return happened_at + dt.timedelta(days=days)


def _key() -> bytes:
    return salted_hmac("ratings.link", "key", algorithm="sha256").digest()
