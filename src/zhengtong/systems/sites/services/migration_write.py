"""导入: the pages of a trial run come before the public, a batch a transaction; what was written stays."""

import collections
import dataclasses
import html
import json
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.systems.sites.constants import PAGE_KIND, MigrationState, RowOutcome, RowVerdict
from zhengtong.systems.sites.engine.old_site.addresses import canonical, host_of, key_of
from zhengtong.systems.sites.engine.old_site.pages import OldPage, Unreadable
from zhengtong.systems.sites.models import ArticlePage, Migration, MigrationRow, OldAddress
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions, migration_files
from zhengtong.systems.sites.services.files import note_uses
from zhengtong.systems.sites.services.migration_plan import SLICE_SECONDS
from zhengtong.systems.sites.services.old_pages import Judge, Judged
from zhengtong.systems.sites.services.old_sources import Source
from zhengtong.systems.sites.services.standing import keep_in_step
from zhengtong.systems.sites.services.telling import migration_ref, record
from zhengtong.systems.sites.services.tree import plant

_BATCH, _AT_ONCE, _MOST_LOSSES, _LOSS_MAX = 25, 500, 30, 200
_ANCHOR: Final = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_WRITES: Final = (RowVerdict.NEW, RowVerdict.CHANGED)
_CHANGED_SINCE: Final = "来源在试运行以后变了，请重新试运行。"


@dataclasses.dataclass
class _Ready:
    """A row with the page it stands for, read again; ``losses`` grow while it is written."""

    row: MigrationRow
    page: Judged
    losses: list[str]


def run_writing(*, actor: Actor, migration_id: uuid.UUID, seconds: float = SLICE_SECONDS) -> bool:
    """A stretch of the import; True while there is more. Goes on where another stretch ended or was killed."""
    row = Migration.objects.select_related("site__home", "upload").get(tenant=actor.tenant, pk=migration_id)
    if row.state != MigrationState.WRITING:
        return False
    until = time.monotonic() + seconds
    source, judge = Source(row), Judge(row)
    batch: list[_Ready] = []
    try:
        for ready in _read_again(row, source, judge):
            batch.append(ready)
            if len(batch) < _BATCH:
                continue
            if not _write(actor, row, source, judge, batch):
                return False
            batch = []
            if time.monotonic() > until:
                return True
    except Unreadable as fault:
        Migration.objects.filter(pk=row.pk, state=MigrationState.WRITING).update(
            state=MigrationState.STOPPED, message=str(fault)[:500]
        )
        return False
    if not batch or _write(actor, row, source, judge, batch):
        _finish(actor, row)
    return False


def _read_again(row: Migration, source: Source, judge: Judge) -> Iterator[_Ready]:
    """The rows still to be written, each with its page as the source has it now."""
    pages: Iterator[tuple[int, Any]] | None = None
    at, found = -1, None
    for one in _pending(row):
        if pages is None:
            pages = source.read_from(one.place)
        while at < one.place:
            at, found = next(pages, (1 << 62, None))
        judged = judge.judge(found) if at == one.place and isinstance(found, OldPage) else None
        if judged is None or judged.refusal or judged.digest != one.digest:
            _refuse(one, _CHANGED_SINCE)
            continue
        yield _Ready(one, judged, list(one.losses))


def _pending(row: Migration) -> Iterator[MigrationRow]:
    last = 0
    while True:
        rows = MigrationRow.objects.filter(migration=row, verdict__in=_WRITES, outcome="", number__gt=last)
        part = list(rows.order_by("number")[:_AT_ONCE])
        yield from part
        if len(part) < _AT_ONCE:
            return
        last = part[-1].number


def _refuse(one: MigrationRow, reason: str) -> None:
    MigrationRow.objects.filter(pk=one.pk, outcome="").update(outcome=RowOutcome.REFUSED, reason=reason)


def _write(actor: Actor, row: Migration, source: Source, judge: Judge, batch: Sequence[_Ready]) -> bool:
    """Write a batch with its files; False where it was stopped or another run has it."""
    fetched = migration_files.fetch(source, row.site, [one.page for one in batch], judge.hosts)
    with transaction.atomic():
        held = Migration.objects.select_for_update().filter(pk=row.pk, state=MigrationState.WRITING).first()
        rows = MigrationRow.objects.select_for_update().filter(pk__in=[one.row.pk for one in batch], outcome="")
        if held is None or rows.count() != len(batch):
            return False
        files = migration_files.keep(actor, row.site, fetched)
        bodies = _bodies(row, judge, batch, fetched)
        known = {
            one.key: one
            for one in OldAddress.objects.filter(site=row.site, key__among=[each.row.key for each in batch])
            .select_related("page")
            .select_for_update(of=("self",))
        }
        planted = _planted(row, judge, batch, bodies, known)
        _keep_addresses(row, batch, planted, known)
        shown = [page for one, page in zip(batch, planted, strict=True) if page is not None and not one.page.holds]
        note_uses(shown)
        search.index_many(tenant=row.tenant, entries=[entry_of(page) for page in shown])
        counts = collections.Counter(held.counts)
        renewed = {row.site_id}
        for one, page in zip(batch, planted, strict=True):
            if page is not None and page in shown and one.row.verdict == RowVerdict.CHANGED:
                renewed |= set(keep_in_step(actor, page))
            one.row.outcome = _outcome(one, page)
            one.row.page_id, one.row.losses = getattr(page, "pk", None), _short(one.losses)
            counts[f"outcome_{one.row.outcome}"] += 1
        counts["files"] += files
        counts["files_lost"] += sum(1 for one in fetched.values() if one.content is None)
        MigrationRow.objects.bulk_update([one.row for one in batch], ["outcome", "reason", "page", "losses"])
        Migration.objects.filter(pk=row.pk).update(counts=dict(counts), done=held.done + len(batch))
        first, last = batch[0].row.number, batch[-1].row.number
        record(
            actor, "sites.migration_batch", migration_ref(row), site=row.site.name,
            pages=len(batch), files=files, first=first, last=last,
        )  # fmt: skip
        editions.renew(row.tenant, renewed)
    return True


def _outcome(one: _Ready, page: ArticlePage | None) -> str:
    if page is None:
        return RowOutcome.REFUSED
    return RowOutcome.HELD if one.page.holds else RowOutcome.WRITTEN


def _planted(
    row: Migration,
    judge: Judge,
    batch: Sequence[_Ready],
    bodies: Sequence[str],
    known: dict[str, OldAddress],
) -> list[ArticlePage | None]:
    """The pages of a batch, new ones planted column by column, others changed where they stand."""
    pages: list[ArticlePage | None] = []
    fresh: dict[str, list[ArticlePage]] = collections.defaultdict(list)
    for one, body in zip(batch, bodies, strict=True):
        there = known.get(one.row.key)
        if one.row.verdict == RowVerdict.CHANGED:
            pages.append(_changed(one, there, body))
            continue
        page = ArticlePage(tenant=row.tenant, site=row.site, slug=one.page.slug, **_fields(one.page, body))
        if _is_taken(judge, one.page):
            one.row.reason = "栏目里已经有同名的网页，没有导入。"
            pages.append(None)
            continue
        fresh[one.page.column].append(page)
        pages.append(page)
    for column, some in fresh.items():
        plant(judge.columns[column], some)
    held = [page for one, page in zip(batch, pages, strict=True) if page is not None and one.page.holds]
    for page in held:
        _take_back(page)
    return pages


def _is_taken(judge: Judge, page: Judged) -> bool:
    return Page.objects.child_of(judge.columns[page.column]).filter(slug=page.slug).exists()


def _fields(page: Judged, body: str) -> dict[str, Any]:
    return {
        "title": page.title,
        "published_on": page.day,
        "source": page.source,
        "author": page.author,
        "summary": page.summary,
        "body": body,
    }


def _changed(one: _Ready, there: OldAddress | None, body: str) -> ArticlePage | None:
    """A page that was taken over before, as the old site has it now; None where it was changed here meanwhile."""
    pages = ArticlePage.objects.select_for_update(of=("self",)).select_related("site")
    page = pages.filter(pk=there.page_id).first() if there is not None else None
    if page is None or page.latest_revision_id is not None or not page.live:
        one.row.reason = "上次导入的文章已经在本平台改过、撤下或者删除，没有覆盖。"
        return None
    for name, value in _fields(one.page, body).items():
        setattr(page, name, value)
    page.draft_title, page.last_published_at = page.title, now()
    page.save(clean=False)
    return page


def _take_back(page: ArticlePage) -> None:
    """What may not come before the public waits as a draft."""
    Page.objects.filter(pk=page.pk).update(live=False)
    page.live = False
    page.save_revision()
    if page.site is not None:
        search.remove(tenant=page.tenant, kind=PAGE_KIND, object_id=str(page.pk))


def _keep_addresses(
    row: Migration, batch: Sequence[_Ready], pages: Sequence[ArticlePage | None], known: dict[str, OldAddress]
) -> None:
    for one, page in zip(batch, pages, strict=True):
        if page is None:
            continue
        there = known.get(one.row.key) or OldAddress(
            tenant=row.tenant, site=row.site, key=one.row.key, address=one.row.address or f"record:{one.row.key}"
        )
        there.page_id, there.document, there.picture, there.digest = page.pk, None, None, one.page.digest
        there.save()


def _bodies(
    row: Migration, judge: Judge, batch: Sequence[_Ready], fetched: dict[str, migration_files.Fetched]
) -> list[str]:
    """The texts of a batch as they are stored: files and pages of the old site by what they are here."""
    keys = {key_of(link) for one in batch for link in [*one.page.text.links, *one.page.documents, *one.page.pictures]}
    there = {
        one.key: one for one in OldAddress.objects.filter(site=row.site, key__among=list(keys)).select_related("page")
    }
    planned = MigrationRow.objects.filter(migration=row, key__among=list(keys), verdict=RowVerdict.NEW, held=False)
    coming = {
        key: f"{judge.columns[column].relative_address()}{slug}/"
        for key, column, slug in planned.values_list("key", "column", "slug")
        if column in judge.columns
    }
    return [_Body(row, judge, one, there, coming, fetched).text() for one in batch]


class _Body:
    """The text of one page, written part by part."""

    def __init__(
        self,
        row: Migration,
        judge: Judge,
        one: _Ready,
        there: dict[str, OldAddress],
        coming: dict[str, str],
        fetched: dict[str, migration_files.Fetched],
    ) -> None:
        self._row, self._judge, self._one = row, judge, one
        self._there, self._coming, self._fetched = there, coming, fetched
        self._dead = 0

    def text(self) -> str:
        """As the column of the database holds it."""
        parts = [part for kind, value in self._one.page.text.parts for part in self._part(kind, value)]
        parts += self._offered()
        if self._dead:
            self._one.losses.append(f"{self._dead} 个链接指向没有迁移的旧网页，保留旧网址。")
        return json.dumps(parts, ensure_ascii=False)

    def _part(self, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        if kind == "text":
            yield {"type": "text", "value": _ANCHOR.sub(self._linked, value)}
        elif kind == "table":
            yield {"type": "table", "value": {"caption": "", "headed": True, "cells": "\n".join(value)}}
        else:
            address, words = value
            found = self._there.get(key_of(address))
            if found is None or found.picture_id is None:
                self._lost(address, "图片")
                return
            shown = {"image": found.picture_id, "decorative": False, "alt_text": words or self._one.page.title[:200]}
            if not words:
                self._one.losses.append("有图片没有替代文字，用标题代替，请补写。")
            yield {"type": "picture", "value": {"picture": shown, "caption": ""}}

    def _offered(self) -> list[dict[str, Any]]:
        files = []
        for address, words in self._one.page.attachments:
            found = self._there.get(key_of(address))
            if found is None or found.document_id is None:
                self._lost(address, "附件")
                continue
            files.append({"type": "item", "value": {"file": found.document_id, "words": words[:200]}})
        return [{"type": "attachments", "value": {"files": files}}] if files else []

    def _linked(self, found: re.Match[str]) -> str:
        address, words = html.unescape(found[1]), found[2]
        if address.startswith("mailto:"):
            return found[0]
        key = key_of(address)
        there = self._there.get(key)
        if there is not None and there.document_id is not None:
            return f'<a linktype="document" id="{there.document_id}">{words}</a>'
        if address in self._one.page.documents and self._is_ours(address):
            self._lost(address, "附件")
            return words
        if self._is_ours(address):
            if there is not None and there.page_id is not None:
                return f'<a linktype="page" id="{there.page_id}">{words}</a>'
            if key in self._coming:
                return f'<a href="{self._coming[key]}">{words}</a>'
            self._dead += 1
        return found[0]

    def _is_ours(self, address: str) -> bool:
        host = host_of(address)
        return host in self._judge.hosts or host in {"-", self._one.page.host}

    def _lost(self, address: str, what: str) -> None:
        got = self._fetched.get(key_of(address))
        why = got.refusal if got is not None and got.refusal else "没有收到。"
        self._one.losses.append(f"{what} {canonical(address)[-80:]}：{why}")


def _short(losses: Sequence[str]) -> list[str]:
    found = [one[:_LOSS_MAX] for one in dict.fromkeys(losses)]
    return found if len(found) <= _MOST_LOSSES else [*found[:_MOST_LOSSES], f"还有 {len(found) - _MOST_LOSSES} 处。"]


def _finish(actor: Actor, row: Migration) -> None:
    """The addresses that moved, and the end."""
    with transaction.atomic():
        held = Migration.objects.select_for_update().filter(pk=row.pk, state=MigrationState.WRITING).first()
        if held is None:
            return
        moves = list(row.rows.filter(verdict=RowVerdict.MOVED, outcome=""))
        ends = {one.key: one for one in OldAddress.objects.filter(site=row.site, key__among=[m.target for m in moves])}
        there = {one.key for one in OldAddress.objects.filter(site=row.site, key__among=[m.key for m in moves])}
        for one in moves:
            end = ends.get(one.target)
            one.outcome = RowOutcome.WRITTEN if end is not None else RowOutcome.REFUSED
            if end is None:
                one.reason = "跳转到的网页没有导入。"
            elif one.key not in there:
                OldAddress.objects.create(
                    tenant=row.tenant, site=row.site, key=one.key, address=one.address,
                    page_id=end.page_id, document_id=end.document_id, picture_id=end.picture_id,
                )  # fmt: skip
        MigrationRow.objects.bulk_update(moves, ["outcome", "reason"], batch_size=500)
        row.files.all().delete()
        refused = row.rows.filter(Q(verdict=RowVerdict.REFUSED) | Q(outcome=RowOutcome.REFUSED)).count()
        held.state, held.ended_at = MigrationState.DONE, now()
        held.save()
        payload = {**held.counts, "refused": refused}
        record(actor, "sites.migration_done", migration_ref(held), site=row.site.name, place=row.place, **payload)
