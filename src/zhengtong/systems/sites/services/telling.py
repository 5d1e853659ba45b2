"""How acts of the site group are told: the entry in the ledger and the fields its events share."""

from typing import Any

from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.systems.sites.constants import MIGRATION_KIND, PAGE_KIND, SITE_KIND
from zhengtong.systems.sites.models import GovernmentSite, Migration, SitePage


def site_ref(site: GovernmentSite) -> ObjectRef:
    """How ledger and events name a site."""
    return ObjectRef(kind=SITE_KIND, id=str(site.pk))


def page_ref(page: SitePage | int) -> ObjectRef:
    """How ledger and events name a page, given itself or by its key."""
    return ObjectRef(kind=PAGE_KIND, id=str(page if isinstance(page, int) else page.pk))


def migration_ref(migration: Migration) -> ObjectRef:
    """How the ledger names the taking over of an old site."""
    return ObjectRef(kind=MIGRATION_KIND, id=str(migration.pk))


def desk_url(page_id: int) -> str:
    """Where those who keep the site find the page."""
    return reverse("sites_desk:one", args=[page_id])


def file_ref(kind: str, key: int) -> ObjectRef:
    """How the ledger names a picture or document of a site."""
    return ObjectRef(kind=kind, id=str(key))


def record(actor: Actor, act: str, ref: ObjectRef, **payload: Any) -> None:
    """The entry in the ledger."""
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload)


def page_event(page: SitePage, site: GovernmentSite, column: str) -> dict[str, Any]:
    """The fields both events of a page share."""
    return {
        "tenant": page.tenant,
        "object_ref": page_ref(page),
        "at": now(),
        "site_id": site.pk,
        "org_code": site.org_code,
        "org_name": site.org_name,
        "column": column,
        "path": page.relative_address(),
    }
