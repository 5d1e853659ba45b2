"""Published pages read for wrong words and links: each version once, and again when the dictionary changes."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Final

from django.db import transaction

from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, HomePage, PageReading, SitePage
from zhengtong.systems.sites.rules.checks import Found, check
from zhengtong.systems.sites.rules.inspection import kind_of_error
from zhengtong.systems.sites.selectors.checking import dictionary, links_of, words_of
from zhengtong.systems.sites.selectors.inspected import unread

CHUNK: Final = 300


@transaction.atomic
def read_pages(tenant: str, site_ids: Sequence[uuid.UUID]) -> int:
    """Read the next pages that are due; 0 when all are read. No entry in the ledger: what is found gets one."""
    words, version = dictionary(tenant)
    keys = unread(site_ids, version, CHUNK)
    today, rows = local_date(), []
    for page in _pages(keys):
        found = check(words_of(page), today=today, dictionary=words)
        rows.append(
            PageReading(
                tenant=tenant,
                site_id=page.site_id,
                page_id=page.pk,
                revision=page.live_revision_id,
                published_at=page.last_published_at,
                words_version=version,
                found=list(_kept(found)),
                links=[list(one) for one in links_of(page)],
                since=today,
            )
        )
    PageReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["site", "revision", "published_at", "words_version", "found", "links", "since"],
    )
    return len(rows)


def _pages(keys: list[int]) -> Iterator[SitePage]:
    if keys:
        for model in (ArticlePage, ColumnPage, HomePage):
            yield from model.objects.filter(pk__in=keys)


def _kept(found: Sequence[Found]) -> Iterator[list[str]]:
    """What the inspection counts of the checks before publication: serious errors and wrong words."""
    for one in found:
        kind = kind_of_error(one.kind, blocks=one.blocks)
        if kind:
            yield [kind, one.place, one.message]
