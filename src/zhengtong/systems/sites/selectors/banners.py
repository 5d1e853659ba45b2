"""Which emergency banners stand on a site now, and those the keeper of the group works on."""

from django.db.models import Q

from zhengtong.kernel.clock import now
from zhengtong.systems.sites.models import Banner


def standing(tenant: str, site_code: str) -> list[Banner]:
    """The banners over a site at this moment, the newest first: one statement by its own index, never cached."""
    moment = now()
    rows = Banner.objects.filter(tenant=tenant, approved_at__isnull=False, ended_at__isnull=True, ends_at__gt=moment)
    rows = rows.filter(starts_at__lte=moment).filter(Q(site_codes=[]) | Q(site_codes__contains=[site_code]))
    return list(rows.order_by("-starts_at", "-pk")[:3])


def newest(tenant: str, number: int = 50) -> list[Banner]:
    """All banners, the newest first."""
    return list(Banner.objects.filter(tenant=tenant).order_by("-created_at")[:number])
