"""试运行: the old site is read to its end and judged page by page; nothing of the site changes."""

import collections
import time
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, transaction

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.many import insert_values
from zhengtong.systems.sites.constants import MigrationState, RowVerdict
from zhengtong.systems.sites.engine.old_site.addresses import canonical, key_of
from zhengtong.systems.sites.engine.old_site.pages import Found, Held, Moved, Unreadable
from zhengtong.systems.sites.models import Migration, MigrationFile, MigrationRow, OldAddress
from zhengtong.systems.sites.rules.migrating import ends_of
from zhengtong.systems.sites.services.old_pages import Judge, Judged, counted
from zhengtong.systems.sites.services.old_sources import Source
from zhengtong.systems.sites.services.telling import migration_ref, record

#: a job gives its place to others after so many seconds, and is asked for anew
SLICE_SECONDS: Final = 20.0
_BATCH: Final = 50
_REASON_MAX: Final = 500


def run_planning(*, actor: Actor, migration_id: uuid.UUID, seconds: float = SLICE_SECONDS) -> bool:
    """A stretch of the trial run; True while there is more. Goes on where another stretch ended."""
    row = Migration.objects.select_related("site__home", "upload").get(tenant=actor.tenant, pk=migration_id)
    if row.state != MigrationState.PLANNING:
        return False
    until = time.monotonic() + seconds
    batch: list[tuple[int, Found]] = []
    try:
        judge = Judge(row)
        for one in Source(row).read(row.position):
            batch.append(one)
            if len(batch) < _BATCH:
                continue
            if not _keep(row, judge, batch):
                return False
            batch = []
            if time.monotonic() > until:
                return True
    except Unreadable as fault:
        if not batch or _keep(row, judge, batch):
            _failed(row, str(fault))
        return False
    if not batch or _keep(row, judge, batch):
        _finish(actor, row)
    return False


def _keep(row: Migration, judge: Judge, batch: Sequence[tuple[int, Found]]) -> bool:
    """Write the rows of a batch; False where another run goes on, or somebody has stopped it."""
    judged = [(place, found if isinstance(found, Moved | Held) else judge.judge(found)) for place, found in batch]
    with transaction.atomic():
        held = Migration.objects.select_for_update().filter(pk=row.pk, state=MigrationState.PLANNING).first()
        if held is None or held.position != row.position:
            return False
        _keep_files(row, [one for _place, one in judged if isinstance(one, Held)])
        pages = [(place, one) for place, one in judged if not isinstance(one, Held)]
        rows = _rows(row, pages)
        insert_values(MigrationRow._meta.db_table, rows)
        counts = collections.Counter(held.counts)
        counts.update(one["verdict"] for one in rows)
        counts.update("held" for one in rows if one["held"])
        counts.update(counted([one for _place, one in pages if isinstance(one, Judged)]))
        row.position, row.done, row.counts = batch[-1][0], held.done + len(rows), dict(counts)
        row.save(update_fields=["position", "done", "counts"])
    return True


def _keep_files(row: Migration, files: Sequence[Held]) -> None:
    values = [
        {"tenant": row.tenant, "migration_id": row.pk, "key": key, "archive": one.archive, "offset": one.offset}
        for one in files
        if (key := key_of(one.address))
    ]
    keys = _ids(MigrationFile, len(values))
    rows = [{"id": key, **one} for key, one in zip(keys, values, strict=True)]
    insert_values(MigrationFile._meta.db_table, rows, ignore_conflicts=True)


def _rows(row: Migration, pages: Sequence[tuple[int, Judged | Moved]]) -> list[dict[str, Any]]:
    """The rows of a batch; an address that came before is refused."""
    keys = [one.key if isinstance(one, Judged) else key_of(one.address) for _place, one in pages]
    there = MigrationRow.objects.filter(migration=row, key__among=keys).exclude(verdict=RowVerdict.REFUSED)
    before: dict[str, int] = dict(there.values_list("key", "number"))
    known = {one.key: one for one in OldAddress.objects.filter(site=row.site, key__among=keys).select_related("page")}
    found: list[dict[str, Any]] = []
    for (place, one), key in zip(pages, keys, strict=True):
        number = row.done + len(found) + 1
        verdict, reason = _verdict(one, key, known.get(key))
        if verdict != RowVerdict.REFUSED and key in before:
            verdict, reason = RowVerdict.REFUSED, f"网址重复，与第 {before[key]} 行相同。"
        if verdict != RowVerdict.REFUSED:
            before[key] = number
        found.append(_values(row, number, place, one, key) | {"verdict": str(verdict), "reason": reason[:_REASON_MAX]})
    for each, number in zip(found, _ids(MigrationRow, len(found)), strict=True):
        each["id"] = number
    return found


def _verdict(one: Judged | Moved, key: str, known: OldAddress | None) -> tuple[str, str]:
    if isinstance(one, Moved):
        if not key or not key_of(one.target):
            return RowVerdict.REFUSED, "跳转的网址无法识别。"
        return (RowVerdict.SAME, "跳转到它自己。") if key == key_of(one.target) else (RowVerdict.MOVED, "")
    if one.refusal:
        return RowVerdict.REFUSED, one.refusal
    if not key:
        return RowVerdict.REFUSED, "没有网址、编号，也没有标题，下次认不出来。"
    if known is None or not known.digest:
        return RowVerdict.NEW, "；".join(one.holds)
    if known.page is None:
        return RowVerdict.REFUSED, "上次导入的文章已经在本平台删除，没有再导入。"
    if known.digest == one.digest:
        return RowVerdict.SAME, ""
    if not known.page.live and known.page.latest_revision_id is None:
        return RowVerdict.REFUSED, "上次导入的文章已经在本平台撤下，没有再导入。"
    if known.page.latest_revision_id is not None:
        return RowVerdict.REFUSED, "上次导入的文章已经在本平台改过，没有覆盖。"
    return RowVerdict.CHANGED, "；".join(one.holds)


def _values(row: Migration, number: int, place: int, one: Judged | Moved, key: str) -> dict[str, Any]:
    """The columns of a row that say what the page is."""
    values: dict[str, Any] = {
        "tenant": row.tenant,
        "migration_id": row.pk,
        "number": number,
        "place": place,
        "key": key,
        "outcome": "",
    }
    if isinstance(one, Moved):
        return values | {
            "address": canonical(one.address),
            "title": f"→ {canonical(one.target)}"[:200],
            "column": "",
            "slug": "",
            "held": False,
            "digest": "",
            "target": key_of(one.target),
            "losses": [],
        }
    return values | {
        "address": one.address,
        "title": one.title,
        "column": one.column,
        "slug": one.slug,
        "held": bool(one.holds),
        "digest": one.digest,
        "target": "",
        "losses": list(one.losses),
    }


def _ids(model: Any, count: int) -> list[int]:
    """New keys of a table whose rows are written past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _finish(actor: Actor, row: Migration) -> None:
    with transaction.atomic():
        held = Migration.objects.select_for_update().filter(pk=row.pk, state=MigrationState.PLANNING).first()
        if held is None:
            return
        _end_moves(row)
        verdicts = collections.Counter(row.rows.values_list("verdict", flat=True))
        held.counts = {**held.counts, **{one: verdicts.get(one, 0) for one in RowVerdict.values}}
        held.state, held.total, held.position = MigrationState.PLANNED, held.done, -1
        held.save()
        record(
            actor, "sites.migration_planned", migration_ref(held), site=row.site.name, place=row.place, **held.counts
        )


def _end_moves(row: Migration) -> None:
    """Have each address that moved lead where its way ends; refuse circles and ways to what is not taken over."""
    moves = row.rows.filter(verdict=RowVerdict.MOVED)
    ends = ends_of(dict(moves.values_list("key", "target")))
    kept = {
        *row.rows.exclude(verdict=RowVerdict.REFUSED)
        .filter(key__among=list(ends.values()))
        .values_list("key", flat=True)
    }
    kept |= {*row.files.filter(key__among=list(ends.values())).values_list("key", flat=True)}
    kept |= {*OldAddress.objects.filter(site=row.site, key__among=list(ends.values())).values_list("key", flat=True)}
    changed = []
    for one in moves:
        end = ends[one.key]
        if not end:
            one.verdict, one.reason = RowVerdict.REFUSED, "跳转成环，没有导入。"
        elif end not in kept:
            one.verdict, one.reason = RowVerdict.REFUSED, "跳转到的网页没有迁移。"
        one.target = end
        changed.append(one)
    MigrationRow.objects.bulk_update(changed, ["verdict", "reason", "target"], batch_size=500)


def _failed(row: Migration, reason: str) -> None:
    Migration.objects.filter(pk=row.pk, state=MigrationState.PLANNING).update(
        state=MigrationState.FAILED, message=reason[:_REASON_MAX]
    )
