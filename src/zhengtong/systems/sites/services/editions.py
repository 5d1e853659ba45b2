"""Editions of the sites: what their pages show has changed, so they are made anew.

The edition of a site grows within the transaction that changes something; when it has ended, the shelf of this machine
is turned at once, and within half a second by the worker of each other machine, and of this one had it died between.
"""

import functools
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.engine.shelf import Shelf
from zhengtong.systems.sites.models import GovernmentSite

# in the order of their keys: two acts that renew the same sites wait for each other and never both
_NEXT = """
UPDATE sites_governmentsite SET edition = edition + 1
WHERE id IN (SELECT id FROM sites_governmentsite WHERE tenant = %s AND {which} ORDER BY id FOR UPDATE)
RETURNING tenant, code, edition
"""


def shelf_folder() -> Path:
    """Where the published pages of this machine stand."""
    return Path(settings.ZHENGTONG_SITES_SHELF or Path(settings.ZHENGTONG_VAR) / "pages")


@functools.cache
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def shelf() -> Shelf:
    """The shelf of this machine, without a memory of its own."""
    return _shelf(shelf_folder())


@transaction.atomic
def renew(tenant: str, site_ids: Collection[uuid.UUID] | None = None) -> int:
    """Have the pages of these sites (None: of all of the county) made anew; returns how many sites it meets.

    Call it within the transaction of the change, after the change. No entry in the ledger: the change has one.
    """
    which = "TRUE" if site_ids is None else "id = ANY(%s)"
    values: list[Any] = [tenant] if site_ids is None else [tenant, list(site_ids)]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT.format(which=which), values)
        rows = cursor.fetchall()
    transaction.on_commit(functools.partial(_turn, rows), robust=True)
    return len(rows)


def county_changed(events: Sequence[Any]) -> None:
    """Items were published or retired, sites opened, the public asked: any site of the county may list them."""
    for tenant in sorted({event.tenant for event in events}):
        renew(tenant)


def follow() -> int:
    """Turn the shelves of this machine to the editions of the database; returns how many were behind."""
    rows = GovernmentSite.objects.filter(state=SiteState.OPEN).values_list("tenant", "code", "edition")
    return _turn(list(rows))


def renew_in_time() -> int:
    """Have all pages made anew, for they also show what other systems tell no events of; 0: then there is no more."""
    for tenant in GovernmentSite.objects.order_by("tenant").values_list("tenant", flat=True).distinct():
        renew(tenant)
    return 0


def sweep() -> int:
    """Remove what nobody reads any more from the shelves of this machine."""
    return shelf().sweep()


def _turn(rows: Sequence[tuple[str, str, int]]) -> int:
    ours = shelf()
    return sum(
        ours.turn(tenant, code, edition) for tenant, code, edition in rows if ours.edition(tenant, code) != edition
    )
