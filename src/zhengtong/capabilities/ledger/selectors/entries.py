"""Entries for people: what was done to an object, the newest acts, filters of the audit page."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.models import Entry, Leaf, SimulatedEntry
from zhengtong.capabilities.ledger.registry import act_label, object_label
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One entry as a page shows it; ``act_label`` and ``object_label`` are Chinese, ``commitment`` is hex.

    ``at`` is when the act was done; for a ``simulated`` one that is invented, and ``recorded_at`` tells the truth.
    """

    id: uuid.UUID
    tenant: str
    at: dt.datetime
    actor_kind: str
    actor_person_id: uuid.UUID | None
    actor_name: str
    actor_post_name: str
    actor_org_name: str
    act: str
    act_label: str
    object_ref: ObjectRef
    object_label: str
    purpose: str
    basis: str
    commitment: str
    recorded_at: dt.datetime
    simulated: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """What the audit administrator looks for; an empty field filters nothing. ``person`` is a name or a key."""

    object_kind: str = ""
    object_id: str = ""
    person: str = ""
    act: str = ""
    day: dt.date | None = None


def entries_of(object_ref: ObjectRef, tenant: str) -> list[EntryRow]:
    """All entries about an object, oldest first."""
    return entry_rows(_about(tenant=tenant, kind=object_ref.kind, key=object_ref.id))


@prepared
def _about(*, tenant: str, kind: str, key: str) -> "QuerySet[Entry]":
    return Entry.objects.filter(tenant=tenant, object_kind=kind, object_id=key).order_by("id")


def readings_about(
    tenant: str,
    objects: Iterable[tuple[str, Collection[str], Collection[str]]],
    *,
    but_person: uuid.UUID | None,
    page: object = 1,
) -> Page[EntryRow]:
    """Entries of the acts on objects, given as (kind, ids, acts), newest first; acts of ``but_person`` are left out.

    The caller answers for the right to see them.
    """
    wanted = Q(pk__in=[])
    for kind, ids, acts in objects:
        wanted |= Q(object_kind=kind, object_id__in=list(ids), act__in=list(acts))
    found = Entry.objects.filter(wanted, tenant=tenant).order_by("-id")
    if but_person is not None:
        found = found.exclude(actor_person_id=but_person)
    shown = page_of(found, page, size=20)
    return dataclasses.replace(shown, rows=entry_rows(shown.rows))


def latest(tenant: str, wanted: EntryFilter | None = None) -> QuerySet[Entry]:
    """The tenant's entries, newest first, as a query to be paged."""
    wanted = wanted or EntryFilter()
    found = Entry.objects.filter(tenant=tenant).order_by("-id")
    if wanted.object_kind:
        found = found.filter(object_kind=wanted.object_kind)
    if wanted.object_id:
        found = found.filter(object_id=wanted.object_id)
    if wanted.act:
        found = found.filter(act=wanted.act)
    if wanted.person:
        key = _uuid(wanted.person)
        found = found.filter(actor_person_id=key) if key else found.filter(actor_name=wanted.person)
    if wanted.day:
        start = dt.datetime.combine(wanted.day, dt.time(), SHANGHAI)
        found = found.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
    return found


def entry_of(tenant: str, entry_id: uuid.UUID) -> EntryRow:
    """One entry of the tenant; raises NotFound."""
    try:
        return entry_rows([Entry.objects.get(tenant=tenant, uuid=entry_id)])[0]
    except Entry.DoesNotExist:
        raise NotFound(_("账上没有这条账目。请核对账目编号。")) from None


def entry_rows(entries: Iterable[Entry]) -> list[EntryRow]:
    """The rows of entries, with Chinese words."""
    entries = list(entries)
    invented: dict[uuid.UUID, dt.datetime] = {}
    if settings.ZHENGTONG_CLOCK_FILE:
        simulated = SimulatedEntry.objects.filter(entry__in=[entry.uuid for entry in entries])
        invented = dict(simulated.values_list("entry", "at"))
    return [_entry_row(entry, invented.get(entry.uuid)) for entry in entries]


def _entry_row(entry: Entry, invented: dt.datetime | None) -> EntryRow:
    return EntryRow(
        id=entry.uuid,
        tenant=entry.tenant,
        at=invented or entry.at,
        recorded_at=entry.at,
        simulated=invented is not None,
        actor_kind=entry.actor_kind,
        actor_person_id=entry.actor_person_id,
        actor_name=entry.actor_name,
        actor_post_name=entry.actor_post_name,
        actor_org_name=entry.actor_org_name,
        act=entry.act,
        act_label=act_label(entry.act),
        object_ref=ObjectRef(kind=entry.object_kind, id=entry.object_id),
        object_label=object_label(entry.object_kind),
        purpose=entry.purpose,
        basis=entry.basis,
        commitment=bytes(entry.commitment).hex(),
    )


def place_of(entry_id: uuid.UUID) -> tuple[Entry, int] | None:
    """The entry and its place in the tree (from 0), None while it is not sealed; raises NotFound."""
    entry = Entry.objects.filter(uuid=entry_id).first()
    if entry is None:
        raise NotFound(_("账上没有这条账目。请核对账目编号。"))
    leaf = Leaf.objects.filter(entry_id=entry.pk).first()
    return (entry, leaf.sequence) if leaf else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
