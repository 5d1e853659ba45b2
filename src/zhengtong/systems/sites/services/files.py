"""Pictures and documents of a site: taken in, taken away, and which published page uses which."""

import dataclasses
import io
from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from zhengtong.kernel import loose_files, storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import CheckedUpload
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import DOCUMENT_KIND, PICTURE_KIND
from zhengtong.systems.sites.models import FileUse, GovernmentSite, SiteDocument, SiteLook, SitePage, SitePicture
from zhengtong.systems.sites.models.files import files_named, stored_name
from zhengtong.systems.sites.rules.pictures import LONGEST
from zhengtong.systems.sites.selectors.files import drop_sizes
from zhengtong.systems.sites.services.telling import file_ref, record

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
_QUALITY = 88

SiteFile = TypeVar("SiteFile", SitePicture, SiteDocument)


@dataclasses.dataclass(frozen=True)
class PlainPicture:
    """A picture drawn anew: nothing but its points is left of what was sent."""

    upload: CheckedUpload
    width: int
    height: int


def plain_picture(upload: CheckedUpload) -> PlainPicture:
    """Draw a checked picture anew, upright and no larger than any screen: place, device and hidden parts are gone.

    RuntimeError inside a transaction: it takes a processor for a while.
    """
    refuse_inside("a picture is drawn")
    kind = _FORMATS.get(upload.content_type)
    if kind is None:
        raise Invalid(_("“%(name)s”不是图片。请上传 JPG 或 PNG 图片。") % {"name": upload.name}, field="file")
    with Image.open(io.BytesIO(upload.content)) as source:
        source.draft("RGB", (LONGEST, LONGEST))
        image = ImageOps.exif_transpose(source)
    see_through = kind == "PNG" and image.has_transparency_data
    image = image.convert("RGBA" if see_through else "RGB")
    image.thumbnail((LONGEST, LONGEST))
    image.info.clear()
    out = io.BytesIO()
    image.save(out, kind, **({"quality": _QUALITY, "progressive": True} if kind == "JPEG" else {"optimize": True}))
    return PlainPicture(dataclasses.replace(upload, content=out.getvalue()), *image.size)


@transaction.atomic
def keep_picture(*, actor: Actor, picture: SitePicture, plain: PlainPicture) -> SitePicture:
    """Keep a picture in the folder it names. Raises NotPermitted for a folder of another site, NoRoom."""
    _keep(actor, picture, plain.upload)
    picture.width, picture.height = plain.width, plain.height
    picture.save()
    _told(actor, picture, "sites.file_add")
    return picture


@transaction.atomic
def keep_document(*, actor: Actor, document: SiteDocument, upload: CheckedUpload) -> SiteDocument:
    """Keep a document in the folder it names. Raises NotPermitted for a folder of another site, NoRoom."""
    _keep(actor, document, upload)
    document.save()
    _told(actor, document, "sites.file_add")
    return document


@transaction.atomic
def rename_file(*, actor: Actor, file: SiteFile) -> SiteFile:
    """Keep the changed title and description; what published pages say of a file stands in the pages."""
    _site(actor, file.collection_id)
    file.save(update_fields=["title", *(["description"] if hasattr(file, "description") else [])])
    _told(actor, file, "sites.file_rename")
    return file


@transaction.atomic
def remove_file(*, actor: Actor, file: SitePicture | SiteDocument) -> None:
    """Take a file away for good. Raises Conflict while a published page uses it, NotFound, NotPermitted."""
    kind = type(file)
    row = kind.objects.select_for_update(of=("self",)).select_related("stored").filter(pk=file.pk).first()
    if row is None:
        raise NotFound(_("没有这个文件，它可能已经删除。"))
    _site(actor, row.collection_id)
    pages = [use.page.title for use in row.uses.select_related("page").filter(page__live=True)[:3]]
    if pages:
        raise Conflict(
            _("“%(title)s”正用在已发布的网页里（%(pages)s），请先改好或撤下网页。")
            % {"title": row.title, "pages": "、".join(pages)}
        )
    if isinstance(row, SitePicture) and SiteLook.objects.filter(Q(emblem=row) | Q(header=row)).exists():
        raise Conflict(_("“%(title)s”是网站的标识或头图，请先在网站外观里换掉。") % {"title": row.title})
    row.uses.all().delete()
    _told(actor, row, "sites.file_remove")
    digest, stored = row.stored.digest, row.stored_id
    row.delete()
    loose_files.let_go(tenant=row.tenant, file_ids=[stored])
    transaction.on_commit(lambda: drop_sizes(digest))


def note_uses(pages: Sequence[SitePage]) -> None:
    """Write down which files the pages use as they now stand before the public; part of the caller's transaction."""
    named = {page.pk: files_named(page) for page in pages}
    FileUse.objects.filter(page_id__in=named).delete()
    there = {
        SitePicture: _there(SitePicture, {key for one in named.values() for key in one.pictures}),
        SiteDocument: _there(SiteDocument, {key for one in named.values() for key in one.documents}),
    }
    FileUse.objects.bulk_create(
        [
            FileUse(tenant=page.tenant, page_id=page.pk, **{field: key})
            for page in pages
            for field, kind, keys in (
                ("picture_id", SitePicture, named[page.pk].pictures),
                ("document_id", SiteDocument, named[page.pk].documents),
            )
            for key in sorted(keys & there[kind])
        ]
    )


def _there(kind: type[SitePicture] | type[SiteDocument], keys: set[int]) -> set[int]:
    return set(kind.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _keep(actor: Actor, file: SitePicture | SiteDocument, upload: CheckedUpload) -> None:
    site = _site(actor, file.collection_id)
    row = storage.store_upload(tenant=site.tenant, upload=upload)
    file.tenant, file.stored = site.tenant, row
    # the name of what is stored already: Wagtail's own saving has nothing left to write
    file.__dict__["file"] = file.file.field.attr_class(file, file.file.field, stored_name(row))
    # Wagtail looks for twins by the hash, and its question about them stops who chooses: each file has its own
    file.file_size, file.file_hash = row.size, row.pk.hex


def _site(actor: Actor, collection_id: int) -> GovernmentSite:
    site = permissions.editable_sites(actor).filter(collection_id=collection_id).first()
    if site is None:
        raise NotPermitted(_("这个文件夹属于别的网站，您没有权限。"))
    return site


def _told(actor: Actor, file: SitePicture | SiteDocument, act: str) -> None:
    kind = PICTURE_KIND if isinstance(file, SitePicture) else DOCUMENT_KIND
    record(actor, act, file_ref(kind, file.pk), title=file.title, size=file.file_size)
