"""Use of the platform by the posts of a unit, told once for each day, as counts."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import Appointment, Organisation, SignIn, Tenant
from zhengtong.contracts.identity import PostsUsed
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox import publish_all

FEWEST_POSTS = parameters.declare(
    "identity.usage_fewest_posts",
    default=3,
    label="统计登录情况的单位最少的岗位数（更少的不统计，免得等于考勤到个人）",
    unit="个",
    source="个人信息保护法 第六条（最小必要）",
    confirmed=False,
).key
_SIGNED_IN = (SignInOutcome.SIGNED_IN, SignInOutcome.CERTIFICATE)


def tell_posts_used() -> int:
    """Tell of yesterday, once, for every unit with enough posts; returns how many units. Safe to repeat."""
    day = local_date() - dt.timedelta(days=1)
    return sum(_tell(tenant, day) for tenant in Tenant.objects.values_list("code", flat=True))


@transaction.atomic
def _tell(tenant: str, day: dt.date) -> int:
    signed_in = SignIn.objects.filter(
        account__person_id=OuterRef("person_id"),
        outcome__in=_SIGNED_IN,
        created_at__gte=start_of_day(day),
        created_at__lt=end_of_day(day),
    )
    held = Appointment.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day), tenant=tenant, valid_from__lte=day, post__active=True
    ).annotate(there=Exists(signed_in))
    counted = held.values("post__organisation_id").annotate(
        posts=Count("post_id", distinct=True), used=Count("post_id", distinct=True, filter=Q(there=True))
    )
    fewest = int(parameters.value(FEWEST_POSTS, tenant=tenant))
    found = {row["post__organisation_id"]: row for row in counted if row["posts"] >= fewest}
    numbers = {org_id: uuid.uuid5(org_id, f"posts used {day}") for org_id in found}
    told = set(OutboxEvent.objects.filter(event_id__in=numbers.values()).values_list("event_id", flat=True))
    units = Organisation.objects.filter(pk__in=found).order_by("pk")
    events = [
        PostsUsed(
            tenant=tenant,
            object_ref=ObjectRef(kind="organisation", id=str(unit.pk)),
            at=now(),
            event_id=numbers[unit.pk],
            org_id=unit.pk,
            org_name=unit.name,
            day=day,
            posts=found[unit.pk]["posts"],
            used=found[unit.pk]["used"],
        )
        for unit in units
        if numbers[unit.pk] not in told
    ]
    publish_all(events)
    return len(events)
