"""The catalogue as its pages, the export and search read it."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.search.registry import Entry
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.disclosure.constants import AUTHORITY, ENTRY, WRITERS, EntryState
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureCategory, DisclosureGuide, SitePageSeen


@dataclasses.dataclass(frozen=True)
class Branch:
    """A category with the number of its open entries."""

    code: str
    title: str
    article: str
    level: str
    count: int


@dataclasses.dataclass(frozen=True)
class Wanted:
    """How the list is narrowed; empty takes all."""

    unit: str = ""
    category: str = ""
    year: str = ""
    validity: str = ""
    words: str = ""


def open_entries(tenant: str) -> "QuerySet[CatalogueEntry]":
    """What stands open to everybody, newest first."""
    rows = CatalogueEntry.objects.filter(tenant=tenant, state=EntryState.PUBLISHED)
    return rows.order_by("-made_on", "-index_number")


def narrowed(tenant: str, wanted: Wanted) -> "QuerySet[CatalogueEntry]":
    """The open entries of a unit, category, year, validity, with these words."""
    rows = open_entries(tenant)
    for field, value in (("org_code", wanted.unit), ("category", wanted.category), ("validity", wanted.validity)):
        rows = rows.filter(**{field: value}) if value else rows
    if len(wanted.year) == 4 and wanted.year.isascii() and wanted.year.isdigit():
        rows = rows.filter(made_on__year=int(wanted.year))
    if wanted.words:
        said = wanted.words
        named = Q(title__icontains=said) | Q(document_number__icontains=said) | Q(index_number__icontains=said)
        rows = rows.filter(named | Q(summary__icontains=said))
    return rows


def categories(tenant: str, year: int | None = None) -> "QuerySet[DisclosureCategory]":
    """The version of a year: the newest not after it (this year by default)."""
    rows = DisclosureCategory.objects.filter(tenant=tenant)
    newest = rows.filter(year__lte=year or local_date().year).order_by("-year").values_list("year", flat=True).first()
    return rows.filter(year=newest or 0).order_by("place")


def tree(tenant: str, unit: str = "") -> list[Branch]:
    """The categories in force with how much stands in each."""
    rows = open_entries(tenant).filter(org_code=unit) if unit else open_entries(tenant)
    counts = dict(rows.order_by().values_list("category").annotate(n=Count("id")))
    return [Branch(one.code, one.title, one.article, one.level, counts.get(one.code, 0)) for one in categories(tenant)]


def open_entry(tenant: str, entry_id: Any) -> CatalogueEntry:
    """One that stands open; raises NotFound."""
    row = open_entries(tenant).select_related("replaced_by").filter(pk=entry_id).first()
    if row is None:
        raise NotFound(_("没有找到这条信息，可能已经撤下。"))
    return row


def desk_entries(actor: Actor) -> "QuerySet[CatalogueEntry]":
    """What an officer reads at his desk: his unit's, the authority all; unpublished first, by the day they are due."""
    rows = CatalogueEntry.objects.filter(_reach(actor))
    return rows.order_by(F("published_at").asc(nulls_first=True), "due_on")


def desk_entry(actor: Actor, entry_id: Any) -> CatalogueEntry:
    """One of them; raises NotFound."""
    row = desk_entries(actor).filter(pk=entry_id).first()
    if row is None:
        raise NotFound(_("没有找到这个条目，或者它属于别的单位。"))
    return row


def late_entries(tenant: str) -> "QuerySet[CatalogueEntry]":
    """Not published though their working days are over."""
    waiting = (EntryState.DRAFT, EntryState.REVIEWED)
    return CatalogueEntry.objects.filter(tenant=tenant, state__in=waiting, due_on__lt=local_date())


def pages_without_entry(actor: Actor) -> "QuerySet[SitePageSeen]":
    """Published pages of the unit's site that no entry points to yet."""
    kept = CatalogueEntry.objects.filter(tenant=actor.tenant).exclude(page_id="").exclude(state=EntryState.WITHDRAWN)
    rows = SitePageSeen.objects.filter(tenant=actor.tenant, org_code=actor.org_code, live=True)
    return rows.exclude(page_id__in=kept.values("page_id")).order_by("-created_at")


def guide_of(tenant: str, org_code: str) -> DisclosureGuide | None:
    """The guide of a unit that is in force."""
    return DisclosureGuide.objects.filter(tenant=tenant, org_code=org_code, ended_at__isnull=True).first()


def guides(tenant: str) -> "QuerySet[DisclosureGuide]":
    """All guides in force."""
    return DisclosureGuide.objects.filter(tenant=tenant, ended_at__isnull=True).order_by("org_code")


def units_with_entries(tenant: str) -> list[tuple[str, str]]:
    """(code, name) of the units that have something open."""
    return list(open_entries(tenant).order_by("org_code").values_list("org_code", "org_name").distinct())


def index_prefix(org: identity.OrganisationInfo) -> str:
    """What the index numbers of a unit begin with: its credit code, or division and unit."""
    return org.uscc or f"{org.division_code}{org.code}"


def found_entry(row: CatalogueEntry) -> Entry:
    """How search knows an entry."""
    facts = (
        (_("索引号"), row.index_number),
        (_("文号"), row.document_number),
        (_("效力"), row.get_validity_display()),
        (_("发文机关"), row.maker),
    )
    return Entry(
        kind=ENTRY,
        object_id=str(row.pk),
        title=row.title,
        url=reverse("disclosure:entry", args=[row.pk]),
        summary=row.summary[:120],
        body=" ".join((row.index_number, row.document_number, row.maker, row.subject, row.summary)),
        updated_at=row.published_at,
        part=row.kind,
        org_code=row.org_code,
        org_name=row.org_name,
        dated=row.made_on,
        facts=tuple((label, str(text)) for label, text in facts if text),
    )


def found_entries(tenant: str) -> Iterator[Entry]:
    """All open entries, for the index."""
    for row in open_entries(tenant).iterator(chunk_size=200):
        yield found_entry(row)


def _reach(actor: Actor) -> Q:
    if actor.kind != "official":
        return Q(pk__in=[])
    if actor.has_role(AUTHORITY):
        return Q(tenant=actor.tenant)
    if actor.org_id is None or not actor.has_role(*WRITERS):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, org_id=actor.org_id)
