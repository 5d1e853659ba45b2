"""Writing the index: entries come and go with the objects they tell of, in the same transaction.

The index is no record: nothing here is entered in the ledger, the act that changes the object is.
"""

import datetime as dt
import itertools
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from zhengtong.capabilities.search import rules
from zhengtong.capabilities.search.models import SearchEntry
from zhengtong.capabilities.search.registry import Entry, SearchSource, search_sources
from zhengtong.capabilities.search.rules.sounds import title_sounds
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.traces import Traces
from zhengtong.kernel.transactions import hold

_BATCH = 200
_UPSERT = """
insert into search_searchentry
    (id, tenant, created_at, kind, object_id, title, summary, body, url, tsv, access, weight, updated_at,
    part, site, org_code, org_name, dated, facts, acts)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::tsvector, %s::varchar[], %s, %s,
    %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)
on conflict (tenant, kind, object_id) do update set
    title = excluded.title, summary = excluded.summary, body = excluded.body, url = excluded.url,
    tsv = excluded.tsv, access = excluded.access, weight = excluded.weight, updated_at = excluded.updated_at,
    created_at = excluded.created_at, part = excluded.part, site = excluded.site, org_code = excluded.org_code,
    org_name = excluded.org_name, dated = excluded.dated, facts = excluded.facts, acts = excluded.acts
"""


def index_entries(*, tenant: str, entries: Iterable[Entry]) -> int:
    """Put entries into the index or renew them; returns how many."""
    rows: list[Any] = [_row(tenant, entry) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)
    return len(rows)


def remove_entry(*, tenant: str, kind: str, object_id: str) -> None:
    """Take an entry out, in the transaction of the act; nothing happens when there is none."""
    hold(_removals(tenant), shared=True)
    SearchEntry.objects.filter(tenant=tenant, kind=kind, object_id=object_id).delete()


def remove_traces(actor: Actor, traces: Traces, _reason: str) -> None:
    """Take entries about objects that are gone out of the index."""
    for ref in traces.gone:
        remove_entry(tenant=actor.tenant, kind=ref.kind, object_id=ref.id)


def rebuild_index(*, tenant: str) -> int:
    """Index again all that the registered sources tell of, and drop what none of them knows; returns how many.

    Each batch is a transaction of its own: the page can be searched meanwhile, and a second run repairs a broken one.
    What was taken out since the source told of it has come back with its batch: the sources are asked once more, after
    everybody who was taking something out has finished.
    """
    count = 0
    for source in _sources():
        entries = iter(source.entries(tenant))
        while batch := list(itertools.islice(entries, _BATCH)):
            with transaction.atomic():
                count += index_entries(tenant=tenant, entries=batch)
        with transaction.atomic():
            hold(_removals(tenant))
        begun = now()
        _drop_unknown(tenant, source.kind, {entry.object_id for entry in source.entries(tenant)}, begun)
    kinds = [source.kind for source in _sources()]
    SearchEntry.objects.filter(tenant=tenant).exclude(kind__in=kinds).delete()
    return count


def _sources() -> list[SearchSource]:
    return [source for _name, source in search_sources.items()]


def _drop_unknown(tenant: str, kind: str, known: set[str], begun: dt.datetime) -> None:
    """What came into the index, or was renewed, since is none the source could have told of: it stays."""
    present = SearchEntry.objects.filter(tenant=tenant, kind=kind, created_at__lt=begun)
    stale = [object_id for object_id in present.values_list("object_id", flat=True) if object_id not in known]
    for start in range(0, len(stale), _BATCH):
        batch = stale[start : start + _BATCH]
        SearchEntry.objects.filter(tenant=tenant, kind=kind, object_id__in=batch).delete()


def _removals(tenant: str) -> str:
    return f"search:removals:{tenant}"


def _row(tenant: str, entry: Entry) -> tuple[object, ...]:
    title, summary, body = (_clean(text) for text in (entry.title, entry.summary, entry.body))
    words = rules.vector([("A", title), ("B", summary), ("D", body)], title_sounds(title))
    instant = now()
    return (
        new_id(),
        tenant,
        instant,
        entry.kind,
        entry.object_id,
        title,
        summary,
        body,
        entry.url,
        words,
        list(entry.access),
        entry.weight,
        entry.updated_at or instant,
        entry.part,
        entry.site,
        entry.org_code,
        entry.org_name,
        entry.dated or local_date(entry.updated_at or instant),
        json.dumps(entry.facts, ensure_ascii=False),
        json.dumps(entry.acts, ensure_ascii=False),
    )


def _clean(text: str) -> str:
    """PostgreSQL stores no NUL and no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
