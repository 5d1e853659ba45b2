"""Importing an office's list: what is clear is published, what is not is held with its reasons, nothing is lost."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.selectors import UnitDirectory
from zhengtong.capabilities.catalogue.services.publishing import Prepared, pinned, prepare, write_version
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid

_BATCH = 25  # a transaction that writes the ledger stays well below a second


@dataclasses.dataclass(frozen=True)
class RowRemark:
    """What is to be said of one line (counted from 1 without the heading)."""

    row: int
    code: str
    name: str
    sentences: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class ImportReport:
    """What became of a list: ``held`` lines were not published, ``noted`` ones were, but should be looked at.

    ``incomplete`` counts published guides that do not yet say all that 行政许可法 第三十条 wants.
    """

    published: int
    unchanged: int
    incomplete: int
    held: tuple[RowRemark, ...]
    noted: tuple[RowRemark, ...]


@dataclasses.dataclass(frozen=True)
class _Line:
    row: int
    prepared: Prepared


def import_items(
    *,
    actor: Actor,
    rows: Iterable[Mapping[str, str]],
    details: Mapping[str, Mapping[str, Any]] | None = None,
    defaults: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Publish the items of a list, each with its own ledger entry; a line that says nothing new publishes nothing.

    ``details`` adds to the line of a code, ``defaults`` to every line, both in the fields of ``ItemDraft``.
    ``progress(done, total)`` is called after each batch. Raises NotPermitted; other troubles are in the report.
    """
    held: list[RowRemark] = []
    lines = _read(list(rows), UnitDirectory(actor.tenant), details or {}, defaults or {}, held)
    published = done = 0
    batches = iter(lines)
    while batch := list(itertools.islice(batches, _BATCH)):
        with transaction.atomic():
            published += _publish_changed(actor, batch)
        done += len(batch)
        if progress is not None:
            progress(done, len(lines))
    return ImportReport(
        published=published,
        unchanged=len(lines) - published,
        incomplete=sum(bool(rules.guide_gaps(line.prepared.draft)) for line in lines),
        held=tuple(held),
        noted=tuple(
            RowRemark(line.row, line.prepared.draft.code, line.prepared.draft.name, tuple(line.prepared.notes))
            for line in lines
            if line.prepared.notes
        ),
    )


def count_use(*, tenant: str, code: str) -> None:
    """One more application for an item: orders the often used ones."""
    Item.objects.filter(tenant=tenant, code=code).update(uses=F("uses") + 1)


def _read(
    rows: list[Mapping[str, str]],
    units: UnitDirectory,
    details: Mapping[str, Mapping[str, Any]],
    defaults: Mapping[str, Any],
    held: list[RowRemark],
) -> list[_Line]:
    lines: list[_Line] = []
    first_row: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        code = (row.get("item_code") or "").strip()
        try:
            if code in first_row:
                raise rules.UnclearRow([f"与第 {first_row[code]} 行的实施编码相同。一个编码只能有一个事项。"])
            first_row[code] = number
            draft = rules.draft_of_row(row, {**defaults, **details.get(code, {})})
            lines.append(_Line(number, prepare(draft, units)))
        except rules.UnclearRow as problem:
            held.append(RowRemark(number, code, row.get("name") or "", tuple(problem.reasons)))
        except Invalid as problem:
            held.append(RowRemark(number, code, row.get("name") or "", tuple(problem.errors.values())))
    return lines


def _publish_changed(actor: Actor, batch: list[_Line]) -> int:
    codes = [line.prepared.draft.code for line in batch]
    rows = ItemVersion.objects.filter(tenant=actor.tenant, item__code__in=codes, status=VersionStatus.PUBLISHED)
    current = {row.item.code: row for row in rows.select_related("item")}
    changed = [line.prepared for line in batch if not _says_the_same(current.get(line.prepared.draft.code), line)]
    for prepared in changed:
        write_version(actor, prepared)
    return len(changed)


def _says_the_same(row: ItemVersion | None, line: _Line) -> bool:
    if row is None:
        return False
    prepared, item = line.prepared, row.item
    same_item = (item.power_type, item.org_code, item.featured) == (
        prepared.draft.power_type,
        prepared.unit.code,
        prepared.draft.featured,
    )
    content = pinned(row.tenant, prepared.content) | ({} if row.header else {"header": {}})
    return same_item and all(getattr(row, name) == value for name, value in content.items())
