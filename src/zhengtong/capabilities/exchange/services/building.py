"""Building packages: what changed, judged, numbered without a gap, signed, all in one transaction."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import (
    ACT_BUILT,
    BUILD_MINUTES,
    PACKAGE_KIND,
    PACKAGE_ROWS,
    Operation,
    Verdict,
)
from zhengtong.capabilities.exchange.engine.judging import Problem, problems_of
from zhengtong.capabilities.exchange.engine.packages import FIRST, Line, Manifest, rows_text, sm3
from zhengtong.capabilities.exchange.models import ChangedRow, ReportedRow, ReportPackage, ReportStream
from zhengtong.capabilities.exchange.permissions import require_operator
from zhengtong.capabilities.exchange.registry import DataSet, SourceRow, data_sets
from zhengtong.capabilities.exchange.rules import is_due
from zhengtong.capabilities.exchange.services.ways import signer_of, why_not_reporting
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, DomainError

_ROWS_TYPE: Final = "application/x-ndjson"


@dataclasses.dataclass(frozen=True)
class _Ready:
    """A row that may go up: its mark, its source, its line without a number."""

    mark: ChangedRow
    row: SourceRow
    values: Mapping[str, str | int]

    def line(self, number: int, operation: str) -> Line:
        return Line(number=number, key=self.row.key, operation=operation, values=self.values)


def build_due() -> int:
    """Build what is due for every county and data set; how many packages. Nothing where nobody is reported to."""
    if why_not_reporting():
        return 0
    built = 0
    for tenant in identity.tenants():
        limits = parameters.values(PACKAGE_ROWS, BUILD_MINUTES, tenant=tenant)
        waiting = ChangedRow.objects.filter(tenant=tenant, held_at__isnull=True).order_by().values("dataset")
        for found in waiting.annotate(oldest=Min("marked_at"), waiting=Count("id")):
            due = is_due(
                waiting=found["waiting"],
                oldest=found["oldest"],
                at=now(),
                most=limits[PACKAGE_ROWS],
                minutes=limits[BUILD_MINUTES],
            )
            if due and found["dataset"] in data_sets:
                built += _built_or_told(system(tenant), found["dataset"])
    return built


def build_now(*, actor: Actor, dataset: str) -> list[ReportPackage]:
    """现在就打包：把等着的变动全部打包；没有变动的拒绝。"""
    require_operator(actor)
    problem = why_not_reporting()
    if problem:
        raise Conflict(problem)
    built = []
    while (package := build_package(actor=actor, dataset=dataset)) is not None:
        built.append(package)
    if not built:
        raise Conflict(_("没有等待上报的变动，没有生成上报包。"))
    return built


def build_package(*, actor: Actor, dataset: str) -> ReportPackage | None:
    """One package of the oldest changes, None where nothing is left that differs from what was reported.

    Rows are read outside the transaction; a row that changes meanwhile keeps its mark and goes into the next package.
    """
    declared = data_sets.get(dataset)
    most: int = parameters.value(PACKAGE_ROWS, tenant=actor.tenant)
    marks = ChangedRow.objects.filter(tenant=actor.tenant, dataset=dataset, held_at__isnull=True)
    while chosen := list(marks.order_by("marked_at", "id")[:most]):
        signer = signer_of(actor.tenant)
        rows = {row.key: row for row in declared.source.rows(actor.tenant, [mark.row_key for mark in chosen])}
        with transaction.atomic():
            package = _package(actor, declared, signer, chosen, rows)
        if package is not None:
            return package
        if not marks.exclude(pk__in=[mark.pk for mark in chosen]).exists():
            return None
    return None


def _built_or_told(actor: Actor, dataset: str) -> int:
    """1 for a package; a county without a certificate is told so at its data set, and nothing is lost."""
    try:
        return int(build_package(actor=actor, dataset=dataset) is not None)
    except DomainError as refusal:
        ReportStream.objects.filter(tenant=actor.tenant, dataset=dataset).update(last_error=refusal.message[:300])
        return 0


def _package(
    actor: Actor,
    dataset: DataSet,
    signer: trust.DataSigner,
    chosen: Sequence[ChangedRow],
    rows: Mapping[str, SourceRow],
) -> ReportPackage | None:
    ReportStream.objects.get_or_create(tenant=actor.tenant, dataset=dataset.code)
    stream = ReportStream.objects.select_for_update().get(tenant=actor.tenant, dataset=dataset.code)
    unchanged = {mark.pk: mark.marked_at for mark in chosen}
    still = ChangedRow.objects.select_for_update().filter(pk__in=unchanged)
    marks = [mark for mark in still.order_by("marked_at", "id") if mark.marked_at == unchanged[mark.pk]]
    before = _latest(actor.tenant, dataset.code, [mark.row_key for mark in marks])
    ready = _ready(dataset, marks, rows, before)
    ChangedRow.objects.filter(pk__in=[mark.pk for mark in marks if mark.held_at is None]).delete()
    if not ready:
        return None
    return _signed(actor, dataset, signer, stream, ready, before)


def _ready(
    dataset: DataSet, marks: Sequence[ChangedRow], rows: Mapping[str, SourceRow], before: Mapping[str, ReportedRow]
) -> list[_Ready]:
    """The rows that go up; those that may not are held with the reason, those that say nothing new are left out."""
    ready = []
    for mark in marks:
        row = rows.get(mark.row_key)
        if row is None:
            continue
        values = {element: value for element, value in row.values.items() if value != ""}
        problems = problems_of(dataset.columns, values)
        if problems:
            _hold(mark, row, problems)
            continue
        found = _Ready(mark, row, values)
        known = before.get(row.key)
        if mark.forced or known is None or known.digest != found.line(0, Operation.INSERT).digest:
            ready.append(found)
    return ready


def _hold(mark: ChangedRow, row: SourceRow, problems: Sequence[Problem]) -> None:
    mark.problems = [list(problem) for problem in problems]
    mark.held_at = now()
    mark.title, mark.org_id, mark.org_name = row.title[:200], row.org_id, row.org_name[:120]
    mark.save(update_fields=["problems", "held_at", "title", "org_id", "org_name"])


def _latest(tenant: str, dataset: str, keys: Sequence[str]) -> dict[str, ReportedRow]:
    found = ReportedRow.objects.filter(tenant=tenant, dataset=dataset, row_key__in=keys, latest=True)
    return {row.row_key: row for row in found}


def _signed(
    actor: Actor,
    dataset: DataSet,
    signer: trust.DataSigner,
    stream: ReportStream,
    ready: Sequence[_Ready],
    before: Mapping[str, ReportedRow],
) -> ReportPackage:
    at = now()
    known = _ever_accepted(actor.tenant, dataset.code, before)
    lines = [
        one.line(number, Operation.UPDATE if one.row.key in known else Operation.INSERT)
        for number, one in enumerate(ready, start=1)
    ]
    text = rows_text(lines)
    marked = [one.mark.marked_at for one in ready]
    manifest = Manifest(
        sender=actor.tenant,
        sender_name=settings.ZHENGTONG_SITE["organiser"],
        dataset=dataset.code,
        version=dataset.version,
        sequence=stream.last_sequence + 1,
        previous=stream.last_digest or FIRST,
        since=_local(min(marked)),
        until=_local(max(marked)),
        rows=len(lines),
        digest=sm3(text.encode()),
        built_at=_local(at),
        basis=dataset.basis,
    )
    package = _stored(actor, signer, manifest, text, at)
    ReportedRow.objects.filter(
        pk__in=[row.pk for row in before.values()], row_key__in=[one.key for one in lines]
    ).update(latest=False)
    ReportedRow.objects.bulk_create(
        [
            ReportedRow(
                tenant=actor.tenant,
                package=package,
                number=line.number,
                dataset=dataset.code,
                row_key=line.key,
                digest=line.digest,
                operation=line.operation,
                title=one.row.title[:200],
                org_id=one.row.org_id,
                org_name=one.row.org_name[:120],
            )
            for line, one in zip(lines, ready, strict=True)
        ]
    )
    stream.last_sequence, stream.last_digest = manifest.sequence, package.digest
    if not stream.failures:
        stream.last_error = ""
    stream.save(update_fields=["last_sequence", "last_digest", "last_error"])
    return package


def _stored(actor: Actor, signer: trust.DataSigner, manifest: Manifest, text: str, at: dt.datetime) -> ReportPackage:
    """The package's row and file, with the entry in the ledger."""
    written = manifest.text()
    file = storage.store(
        tenant=actor.tenant,
        name=f"{manifest.dataset}-{manifest.sequence:08d}.jsonl",
        content=text.encode(),
        content_type=_ROWS_TYPE,
    )
    package = ReportPackage.objects.create(
        tenant=actor.tenant,
        created_at=at,
        dataset=manifest.dataset,
        version=manifest.version,
        sequence=manifest.sequence,
        previous=manifest.previous,
        digest=sm3(written.encode()),
        manifest=written,
        signature=signer.sign(written.encode()),
        certificate=signer.certificate,
        signed_by=signer.organisation,
        serial=signer.serial[:40],
        file=file,
        rows=manifest.rows,
    )
    ledger.append(
        actor=actor,
        act=ACT_BUILT,
        object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(package.id)),
        payload={
            "dataset": manifest.dataset,
            "sequence": manifest.sequence,
            "rows": manifest.rows,
            "digest": package.digest,
            "certificate": package.serial,
        },
        basis=manifest.basis[:200],
    )
    return package


def _ever_accepted(tenant: str, dataset: str, before: Mapping[str, ReportedRow]) -> set[str]:
    """Keys the upper platform has, or may have: a package on its way counts."""
    rows = ReportedRow.objects.filter(tenant=tenant, dataset=dataset, row_key__in=list(before))
    return set(rows.exclude(verdict=Verdict.REFUSED).values_list("row_key", flat=True))


def _local(instant: dt.datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")
