"""从导出包恢复: an archive into a site that holds nothing yet, whole or not at all."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.models import Page

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.old_office_files import checked_old_attachment
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import MAX_BYTES, CheckedUpload, checked_upload
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.engine.old_site.holdings import Refused, Zip
from zhengtong.systems.sites.engine.old_site.pages import Unreadable
from zhengtong.systems.sites.models import (
    ArticlePage,
    ColumnPage,
    GovernmentSite,
    OldAddress,
    OldHost,
    SiteDocument,
    SiteLook,
    SitePage,
    SitePicture,
)
from zhengtong.systems.sites.rules import archives
from zhengtong.systems.sites.rules.looks import faults, read_colour
from zhengtong.systems.sites.rules.pictures import LONGEST
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.files import PlainPicture, keep_document, keep_picture, note_uses
from zhengtong.systems.sites.services.opening import open_site
from zhengtong.systems.sites.services.packing import FIELDS, SETTINGS, Packed
from zhengtong.systems.sites.services.portable import PICTURE, turned
from zhengtong.systems.sites.services.telling import record, site_ref
from zhengtong.systems.sites.services.tree import plant

_MODELS: Final[dict[str, type[SitePage]]] = {"column": ColumnPage, "article": ArticlePage}
_STREAMS: Final = {"modules", "body"}
_MOST_PART: Final = 256 * 1024 * 1024
_AT_ONCE: Final = 200
#: what a picture may say of itself beside its points
_PLAIN_INFO: Final = frozenset(
    {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "dpi", "interlace"}
    | {"transparency", "gamma", "srgb"}
)


def import_site(*, actor: Actor, path: Path, code: str = "", org_code: str = "") -> Packed:
    """Restore a site from its archive, as ``code``; it is opened for the unit where there is none yet.

    Raises Conflict for a site that holds articles, files or old addresses, Invalid for an archive that is damaged or
    was changed, NotFound for an unknown unit, NotPermitted; RuntimeError inside a transaction.
    """
    permissions.check_may_open_sites(actor)
    refuse_inside("an archive is read")
    opened = _Archive(path)
    files = opened.values("files")
    for one in files:
        opened.checked_file(one)
    with transaction.atomic():
        site = _empty_site(actor, opened.head, code, org_code)
        restored = _Restoring(actor, site, opened, files).restore()
        record(
            actor, "sites.restore_site", site_ref(site),
            site=site.name, digest=opened.digest, pages=restored.pages, files=restored.files,
        )  # fmt: skip
        editions.renew(site.tenant, [site.pk])
    return restored


class _Archive:
    """An archive whose every part is what its manifest says."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = Zip(path)
            manifest = json.loads(self._zip.read(archives.MANIFEST, _MOST_PART))
            self._parts = archives.parts_of(manifest)
            self.head, self.digest = manifest["head"], str(manifest["digest"])
            for name in self._parts:
                self.read(name)
        except (Unreadable, Refused, ValueError, KeyError) as error:
            raise Invalid(
                _("导出包已损坏、被改过，或者不是本平台的导出包，没有导入任何内容。"), field="file"
            ) from error

    def read(self, name: str) -> bytes:
        """A part; ValueError for one that is not what the manifest says."""
        content = self._zip.read(name, MAX_BYTES if name.startswith("files/") else _MOST_PART)
        if hashlib.sha256(content).hexdigest() != self._parts[name]:
            raise ValueError(name)
        return content

    def values(self, folder: str) -> list[dict[str, Any]]:
        """The lines of the parts of one kind."""
        return [one for some in self.batches(folder) for one in some]

    def batches(self, folder: str) -> Iterator[list[dict[str, Any]]]:
        """The same part by part."""
        for name in sorted(self._parts):
            if name.startswith(f"{folder}/") and name.endswith(".jsonl"):
                yield [json.loads(line) for line in self.read(name).splitlines()]

    def settings(self) -> dict[str, Any]:
        """What the site says of itself."""
        return dict(json.loads(self.read("site.json")))

    def checked_file(self, one: dict[str, Any]) -> PlainPicture | CheckedUpload:
        """A file through the same door as any other; it stays as it is, so that the site stays what it was."""
        name, content = str(one["name"]), self.read(f"files/{one['digest']}")
        if one["kind"] != PICTURE:
            return checked_old_attachment(name, content)
        upload = checked_upload(name, content)
        with Image.open(io.BytesIO(content)) as image:
            if set(image.info) - _PLAIN_INFO or max(image.size) > LONGEST or not upload.is_picture:
                raise Invalid(_("图片“%(name)s”带有附带信息，不是本平台保存的图片。") % {"name": name}, field="file")
            return PlainPicture(upload, *image.size)


def _empty_site(actor: Actor, head: dict[str, Any], code: str, org_code: str) -> GovernmentSite:
    """The site to restore into, locked; opened where there is none."""
    code = code or str(head.get("code", ""))
    rows = GovernmentSite.objects.select_for_update(of=("self",)).select_related("home")
    site = rows.filter(tenant=actor.tenant, code=code).first()
    if site is None:
        unit = org_code or str(head.get("org_code", ""))
        kind = str(head.get("kind", ""))
        made = open_site(actor=actor, org_code=unit, kind=kind, code=code)
        site = rows.get(pk=made.pk)
    full = (
        ArticlePage.objects.filter(site=site).exists()
        or OldAddress.objects.filter(site=site).exists()
        or any(kind.objects.filter(collection_id=site.collection_id).exists() for kind in (SitePicture, SiteDocument))
    )
    if full:
        raise Conflict(_("“%(site)s”里已经有文章、文件或旧网址，只能恢复到空网站。") % {"site": site.name})
    try:
        for column in Page.objects.get(pk=site.home_id).get_children().specific(defer=False):
            column.delete()
    except ProtectedError as error:
        raise Conflict(_("“%(site)s”的栏目已经在用，不能恢复到这个网站。") % {"site": site.name}) from error
    site.home.refresh_from_db()
    return site


@dataclasses.dataclass
class _Restoring:
    """Puts an archive into an empty site; part of the caller's transaction."""

    actor: Actor
    site: GovernmentSite
    archive: _Archive
    files: list[dict[str, Any]]
    keys: dict[str, int] = dataclasses.field(default_factory=dict)

    def restore(self) -> Packed:
        """Files, pages, then what the pages say, for they name each other."""
        for name, value in self.archive.settings().items():
            if name in SETTINGS:
                setattr(self.site, name, value)
        self._checked(self.site.full_clean)
        self.site.save()
        self._keep_files()
        self._look()
        pages = self._plant()
        self._fill()
        self._addresses()
        return Packed(self.archive.digest, pages, len(self.files), 0)

    def _keep_files(self) -> None:
        for number, one in enumerate(self.files):
            content = self.archive.read(f"files/{one['digest']}")
            title = str(one["title"])[:255]
            upload = CheckedUpload(name=str(one["name"]), content=content, content_type=str(one["type"]))
            if one["kind"] == PICTURE:
                row = SitePicture(title=title, description=one["description"], collection_id=self.site.collection_id)
                with Image.open(io.BytesIO(content)) as image:
                    plain = PlainPicture(upload, *image.size)
                key = keep_picture(actor=self.actor, picture=row, plain=plain).pk
            else:
                document = SiteDocument(title=title, collection_id=self.site.collection_id)
                key = keep_document(actor=self.actor, document=document, upload=upload).pk
            self.keys[f"{one['kind']}:{number}"] = key

    def _look(self) -> None:
        """What the site shows over its theme, held to the same rules as on the desk."""
        said = self.archive.settings().get("look")
        if said is None:
            SiteLook.objects.filter(site=self.site).delete()
            return
        keys = {name: self._key(PICTURE, said[name]) for name in ("emblem", "header") if name in said}
        pictures = {name: SitePicture.objects.get(pk=key) for name, key in keys.items() if key is not None}
        sizes = {name: (one.width, one.height) for name, one in pictures.items()}
        colour, tagline = str(said.get("colour", "")), str(said.get("tagline", ""))
        wrong = faults(colour=colour, tagline=tagline, sizes=sizes)
        if wrong:
            raise Invalid(_("导出包里的内容不合要求：%(said)s") % {"said": "".join(wrong.values())})
        row, _made = SiteLook.objects.get_or_create(site=self.site, defaults={"tenant": self.site.tenant})
        row.colour, row.tagline = read_colour(colour), tagline
        row.emblem, row.header = pictures.get("emblem"), pictures.get("header")
        row.save()

    def _plant(self) -> int:
        """All pages, empty, in the order of the tree; returns how many."""
        planted: list[Page] = []
        waiting: list[SitePage] = []
        above: int | None = None

        def put() -> None:
            if waiting:
                plant(Page.objects.get(pk=planted[above].pk), waiting)  # type: ignore[index]  # a page waits below one
            waiting.clear()

        for said in (one for some in self.archive.batches("pages") for one in some):
            if said["above"] is None:
                planted.append(self.site.home)
                continue
            kind = _MODELS[said["type"]]
            if waiting and (said["above"] != above or type(waiting[0]) is not kind):
                put()
            above = said["above"]
            page = kind(tenant=self.site.tenant, site=self.site, title=said["title"], slug=said["slug"])
            page.clean_fields(exclude=[f.name for f in page._meta.fields if f.name not in {"title", "slug"}])
            waiting.append(page)
            planted.append(page)
        put()
        self.keys.update({f"page:{number}": page.pk for number, page in enumerate(planted)})
        return len(planted)

    def _fill(self) -> None:
        """What the pages say and when they were published."""
        number = 0
        for some in self.archive.batches("pages"):
            rows = {f"page:{number + place}": said for place, said in enumerate(some)}
            number += len(some)
            held = Page.objects.filter(pk__in=[self.keys[name] for name in rows]).specific(defer=False)
            pages = {page.pk: page for page in held}
            for name, said in rows.items():
                self._say(pages[self.keys[name]], said)
            shown = [pages[self.keys[name]] for name in rows]
            note_uses(shown)
            articles = [page for page in shown if isinstance(page, ArticlePage)]
            search.index_many(tenant=self.site.tenant, entries=[entry_of(page) for page in articles])

    def _say(self, page: SitePage, said: dict[str, Any]) -> None:
        for name in ("title", "seo_title", "search_description", "show_in_menus"):
            setattr(page, name, said[name])
        page.draft_title, page.site = page.title, self.site
        for name in ("first_published_at", "last_published_at"):
            setattr(page, name, None if said[name] is None else dt.datetime.fromisoformat(said[name]))
        for name in FIELDS[said["type"]]:
            value = said[name]
            if name in _STREAMS:
                block = page._meta.get_field(name).stream_block
                value = json.dumps(turned(block, value, self._key, self._words), ensure_ascii=False)
            elif name == "published_on":
                value = dt.date.fromisoformat(value)
            setattr(page, name, value)
        self._checked(lambda: page.clean_fields(exclude=["slug", "site", "owner", "latest_revision", "content_type"]))
        page.save(clean=False)

    def _key(self, kind: str, name: Any) -> Any:
        return self.keys.get(str(name)) if str(name).startswith(f"{kind}:") else None

    def _words(self, text: str) -> str:
        return archives.with_code(text, self.site.code)

    def _addresses(self) -> None:
        rows = []
        for one in (one for some in self.archive.batches("addresses") for one in some):
            kind, key = str(one["to"] or "").partition(":")[0], self.keys.get(str(one["to"]))
            row = OldAddress(
                tenant=self.site.tenant, site=self.site, address=one["address"], key=one["key"], digest=one["digest"]
            )
            if kind and key is not None:
                setattr(row, f"{kind}_id", key)
            rows.append(row)
        OldAddress.objects.bulk_create(rows, batch_size=_AT_ONCE)
        for host in self.archive.head.get("old_hosts", []):
            taken = GovernmentSite.objects.filter(host=host).exclude(pk=self.site.pk)
            if not OldHost.objects.filter(host=host).exists() and not taken.exists():
                OldHost.objects.create(tenant=self.site.tenant, site=self.site, host=host)

    @staticmethod
    def _checked(act: Callable[[], Any]) -> None:
        try:
            act()
        except ValidationError as error:
            raise Invalid(_("导出包里的内容不合要求：%(said)s") % {"said": "；".join(error.messages)[:300]}) from error
