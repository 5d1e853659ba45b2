"""导出: one site as a portable archive; the same site gives the same digest, wherever and whenever it is packed."""

import dataclasses
import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.models import (
    ArticlePage,
    ColumnPage,
    GovernmentSite,
    HomePage,
    OldAddress,
    OldHost,
    SiteDocument,
    SiteLook,
    SitePage,
    SitePicture,
)
from zhengtong.systems.sites.rules import archives
from zhengtong.systems.sites.services.portable import DOCUMENT, PAGE, PICTURE, turned
from zhengtong.systems.sites.services.telling import record, site_ref

#: what of a site is its own content, and not whose it is or where it answers
SETTINGS: Final = ("name", "theme", "identity_code", "icp", "police_filing", "phone", "address")
#: kind of page → its own columns
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "home": ("modules",),
    "column": ("kind", "intro", "takes", "modules"),
    "article": ("published_on", "source", "author", "summary", "keywords", "body"),
}
KINDS: Final = {HomePage: "home", ColumnPage: "column", ArticlePage: "article"}
_OF_ALL: Final = ("title", "seo_title", "search_description", "show_in_menus")
_MOMENTS: Final = ("first_published_at", "last_published_at")
_AGE: Final = (1980, 1, 1, 0, 0, 0)


@dataclasses.dataclass(frozen=True)
class Packed:
    """What was packed: the digest of all content, how many pages and files, links to what is not in it."""

    digest: str
    pages: int
    files: int
    lost: int


def export_site(*, actor: Actor, code: str, target: Path) -> Packed:
    """Write the archive of a site; a file that stands there is replaced when the new one is whole.

    Published pages as they stand, all pictures and documents, old addresses. Raises NotFound, NotPermitted, OSError.
    """
    permissions.check_may_open_sites(actor)
    site = GovernmentSite.objects.select_related("home").filter(tenant=actor.tenant, code=code).first()
    if site is None:
        raise NotFound(_("没有网站“%(site)s”。") % {"site": code})
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        begins = not connection.in_atomic_block
        with transaction.atomic():
            if begins:
                # one moment of the whole site, however long the packing takes
                with connection.cursor() as cursor:
                    cursor.execute("set transaction isolation level repeatable read")
            packed = _Packing(site, partial).pack()
        payload = {"digest": packed.digest, "pages": packed.pages, "files": packed.files}
        with transaction.atomic():
            record(actor, "sites.export", site_ref(site), site=site.name, **payload)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return packed


class _Packing:
    """Writes the parts one after another and remembers their digests."""

    def __init__(self, site: GovernmentSite, path: Path) -> None:
        self._site, self._path = site, path
        self._parts: dict[str, str] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._lost = 0

    def pack(self) -> Packed:
        """All parts, the manifest last."""
        site = self._site
        with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as archive:
            self._archive = archive
            pages = self._shown()
            self._names.update({(PAGE, key): f"page:{number}" for number, (key, _above) in enumerate(pages)})
            files = self._files()
            self._put("site.json", archives.plain({name: getattr(site, name) for name in SETTINGS} | self._look()))
            self._pages(pages)
            self._addresses()
            head: dict[str, Any] = {"code": site.code, "kind": site.kind, "org_code": site.org_code, "host": site.host}
            head["old_hosts"] = sorted(OldHost.objects.filter(site=site).values_list("host", flat=True))
            digest = archives.digest_of(self._parts)
            manifest = {"format": archives.FORMAT, "head": head, "parts": self._parts, "digest": digest}
            self._write(archives.MANIFEST, archives.plain(manifest))
        return Packed(digest, len(pages), files, self._lost)

    def _look(self) -> dict[str, Any]:
        """What the site shows over its theme; nothing where it shows nothing."""
        row = SiteLook.objects.filter(site=self._site).first()
        if row is None:
            return {}
        said = {"colour": row.colour, "tagline": row.tagline}
        pictures = {"emblem": row.emblem_id, "header": row.header_id}
        said |= {name: self._names[PICTURE, key] for name, key in pictures.items() if key is not None}
        return {"look": said}

    def _put(self, name: str, content: bytes) -> None:
        if name not in self._parts:
            self._parts[name] = hashlib.sha256(content).hexdigest()
            self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, _AGE)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        self._archive.writestr(entry, content)

    def _shown(self) -> list[tuple[int, int | None]]:
        """Keys of the pages before the public in the order of the tree, each with the number of the page above."""
        rows = Page.objects.filter(path__startswith=self._site.home.path).order_by("path")
        quoted = set(ArticlePage.objects.filter(site=self._site, quoted=True).values_list("pk", flat=True))
        found: list[tuple[int, int | None]] = []
        numbers: dict[str, int] = {}
        for key, path, live in rows.values_list("pk", "path", "live"):
            above = numbers.get(path[: -Page.steplen])
            if path != self._site.home.path and (above is None or not live or key in quoted):
                continue
            numbers[path] = len(found)
            found.append((key, above))
        return found

    def _pages(self, pages: list[tuple[int, int | None]]) -> None:
        for part in range(0, len(pages), archives.PAGES_IN_A_PART):
            some = pages[part : part + archives.PAGES_IN_A_PART]
            rows = Page.objects.filter(pk__in=[key for key, _above in some]).specific(defer=False)
            held = {row.pk: row for row in rows}
            name = f"pages/{part // archives.PAGES_IN_A_PART:05}.jsonl"
            self._put(name, archives.lines([self._page(held[key], above) for key, above in some]))

    def _page(self, page: SitePage, above: int | None) -> dict[str, Any]:
        kind = KINDS[type(page)]
        said: dict[str, Any] = {"type": kind, "above": above, "slug": "" if above is None else page.slug}
        said |= {name: getattr(page, name) for name in _OF_ALL}
        for name in _MOMENTS:
            at = getattr(page, name)
            said[name] = None if at is None else at.isoformat()
        for name in FIELDS[kind]:
            field = page._meta.get_field(name)
            value = getattr(page, name)
            if hasattr(field, "stream_block"):
                value = turned(field.stream_block, list(value.raw_data), self._named, self._words)
            said[name] = value.isoformat() if hasattr(value, "isoformat") else value
        return said

    def _named(self, kind: str, key: Any) -> str | None:
        number = int(key) if str(key).isdecimal() else -1
        found = self._names.get((kind, number))
        self._lost += found is None
        return found

    def _words(self, text: str) -> str:
        return archives.without_code(text, self._site.code)

    def _files(self) -> int:
        """The files of the site, each content once; returns how many there are."""
        said: list[dict[str, Any]] = []
        for kind, row in self._kept():
            self._names[kind, row.pk] = f"{kind}:{len(said)}"
            _stored, content = storage.read(tenant=row.tenant, file_id=row.stored_id)
            self._put(f"files/{row.stored.digest}", content)
            line = {"kind": kind, "title": row.title, "digest": row.stored.digest, "type": row.stored.content_type}
            line |= {"name": row.stored.name}
            said.append(line | ({"description": row.description} if kind == PICTURE else {}))
        for part in range(0, len(said), archives.PAGES_IN_A_PART):
            some = said[part : part + archives.PAGES_IN_A_PART]
            self._put(f"files/{part // archives.PAGES_IN_A_PART:05}.jsonl", archives.lines(some))
        return len(said)

    def _kept(self) -> Iterator[tuple[str, Any]]:
        for kind, model in ((PICTURE, SitePicture), (DOCUMENT, SiteDocument)):
            rows = model.objects.filter(collection_id=self._site.collection_id).select_related("stored")
            for row in rows.order_by("stored__digest", "title", "pk"):
                yield kind, row

    def _addresses(self) -> None:
        """Old addresses with what they stand for, and what of a page is known of its old content."""
        said = []
        for row in OldAddress.objects.filter(site=self._site).order_by("key"):
            keys = ((PAGE, row.page_id), (PICTURE, row.picture_id), (DOCUMENT, row.document_id))
            names = [self._names.get((kind, key)) for kind, key in keys if key is not None]
            said.append({"address": row.address, "key": row.key, "to": (names or [None])[0], "digest": row.digest})
        for part in range(0, len(said), archives.PAGES_IN_A_PART):
            some = said[part : part + archives.PAGES_IN_A_PART]
            self._put(f"addresses/{part // archives.PAGES_IN_A_PART:05}.jsonl", archives.lines(some))
