"""A material page by page: photographed or scanned one after another, put in order, then put together as one PDF."""

import io
import uuid
from collections.abc import Iterator, Sequence

import pikepdf
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.loose_files import let_go
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.models import Application, MaterialFile, ScannedPage
from zhengtong.systems.service_hall.services.applying import keep_material, open_material
from zhengtong.systems.service_hall.services.scanning import PAGES_MAX, picture_page, turned_pdf

_PDF = "application/pdf"
_CHANGED = gettext_lazy("扫描页刚才在别处改动过。请刷新后再试。")


def add_scans(
    *, actor: Actor, application_id: uuid.UUID, material_key: str, given: Sequence[tuple[str, bytes]]
) -> list[ScannedPage]:
    """Put further pages behind those there are: a photograph is one, a PDF as many as it has.

    Raises Invalid for what may not come in, and for more pages than one material may have.
    """
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    open_material(row, material_key)
    if not given:
        raise Invalid(_("还没有选择文件。请先拍照或者选择文件，再加页。"), field="file")
    pages: list[bytes] = []
    for name, content in given:
        upload = checked_upload(name, content)
        pages.extend(_pages_of(upload.content, upload.content_type))
    with transaction.atomic():
        row = _locked(actor, application_id)
        open_material(row, material_key)
        return _added(row, material_key, pages)


def _added(row: Application, material_key: str, pages: Sequence[bytes]) -> list[ScannedPage]:
    there = selectors.scans_of(row, material_key)
    _check_count(len(there) + len(pages))
    return [
        ScannedPage.objects.create(
            tenant=row.tenant, application=row, material_key=material_key, file=_stored(row, content), place=place
        )
        for place, content in enumerate(pages, len(there) + 1)
    ]


def take_file_apart(*, actor: Actor, application_id: uuid.UUID, material_key: str) -> list[ScannedPage]:
    """Begin with the pages of the file that was given already; it stays until the new one takes its place.

    Raises Conflict where pages are collected already or no file was given.
    """
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    open_material(row, material_key)
    found = _to_take_apart(row, material_key)
    stored, content = storage.read(tenant=row.tenant, file_id=found)
    pages = list(_pages_of(content, stored.content_type))
    with transaction.atomic():
        row = _locked(actor, application_id)
        open_material(row, material_key)
        if _to_take_apart(row, material_key) != found:
            raise Conflict(_("没有可以拆开的文件，或者已经在逐页整理。请刷新后查看。"))
        return _added(row, material_key, pages)


def _to_take_apart(row: Application, material_key: str) -> uuid.UUID:
    current = selectors.current_file(row, material_key)
    if current is None or selectors.scans_of(row, material_key):
        raise Conflict(_("没有可以拆开的文件，或者已经在逐页整理。请刷新后查看。"))
    return current.file_id


@transaction.atomic
def move_scan(*, actor: Actor, application_id: uuid.UUID, page_id: uuid.UUID, by: int) -> ScannedPage:
    """Move a page up (-1) or down (1); at the end of the pages it stays."""
    row = _locked(actor, application_id)
    page = _page(row, page_id)
    pages = selectors.scans_of(row, page.material_key)
    here = next(place for place, one in enumerate(pages) if one.pk == page.pk)
    there = min(max(here + (1 if by > 0 else -1), 0), len(pages) - 1)
    pages.insert(there, pages.pop(here))
    _renumber(pages)
    return page


def turn_scan(*, actor: Actor, application_id: uuid.UUID, page_id: uuid.UUID) -> ScannedPage:
    """Turn a page by a quarter to the right."""
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    before = _page(row, page_id).file_id
    _stored_file, content = storage.read(tenant=row.tenant, file_id=before)
    turned = turned_pdf(content)
    with transaction.atomic():
        row = _locked(actor, application_id)
        page = _page(row, page_id)
        if page.file_id != before:
            raise Conflict(str(_CHANGED))
        page.file = _stored(row, turned)
        page.save(update_fields=["file"])
        let_go(tenant=row.tenant, file_ids=[before])
    return page


@transaction.atomic
def remove_scan(*, actor: Actor, application_id: uuid.UUID, page_id: uuid.UUID) -> ScannedPage:
    """Take a page out."""
    row = _locked(actor, application_id)
    page = _page(row, page_id)
    _drop([page])
    _renumber(selectors.scans_of(row, page.material_key))
    return page


@transaction.atomic
def drop_scans(*, actor: Actor, application_id: uuid.UUID, material_key: str) -> None:
    """Forget the pages that were collected; a file that was given before stays as it is."""
    row = _locked(actor, application_id)
    _drop(selectors.scans_of(row, material_key))


def bind_scans(*, actor: Actor, application_id: uuid.UUID, material_key: str) -> MaterialFile:
    """Put the pages together, in their order, as the one file of the material; Conflict without pages."""
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    material = open_material(row, material_key)
    pages = selectors.scans_of(row, material_key)
    if not pages:
        raise Conflict(_("还没有扫描页，不能合成。请先拍照或者选择文件。"))
    out = io.BytesIO()
    with pikepdf.new() as bound:
        for page in pages:
            _stored_file, content = storage.read(tenant=row.tenant, file_id=page.file_id)
            with pikepdf.open(io.BytesIO(content)) as one:
                bound.pages.extend(one.pages)
        bound.save(out)
    upload = checked_upload(_("%(material)s.pdf") % {"material": str(material["name"])[:80]}, out.getvalue())
    with transaction.atomic():
        row = _locked(actor, application_id)
        there = selectors.scans_of(row, material_key)
        if [(one.pk, one.file_id) for one in there] != [(one.pk, one.file_id) for one in pages]:
            raise Conflict(str(_CHANGED))
        _drop(there)
        return keep_material(actor=actor, application_id=row.id, material_key=material_key, upload=upload)


def _drop(pages: Sequence[ScannedPage]) -> None:
    """Take pages out, and their files with them: nothing of a page stays that was not handed in."""
    ScannedPage.objects.filter(pk__in=[page.pk for page in pages]).delete()
    if pages:
        let_go(tenant=pages[0].tenant, file_ids=[page.file_id for page in pages])


def _pages_of(content: bytes, content_type: str) -> Iterator[bytes]:
    if content_type != _PDF:
        yield picture_page(content)
        return
    with pikepdf.open(io.BytesIO(content)) as given:
        _check_count(len(given.pages))
        for page in given.pages:
            out = io.BytesIO()
            with pikepdf.new() as single:
                single.pages.append(page)
                # pages may share one list of pictures: each would carry those of all the others, taken out or not
                single.remove_unreferenced_resources()
                single.save(out)
            yield out.getvalue()


def _check_count(pages: int) -> None:
    if pages > PAGES_MAX:
        raise Invalid(_("一份材料最多 %(most)d 页，请分成几份上传。") % {"most": PAGES_MAX}, field="file")


def _stored(row: Application, content: bytes) -> StoredFile:
    return storage.store(tenant=row.tenant, name=_("扫描页.pdf"), content=content, content_type=_PDF)


def _locked(actor: Actor, application_id: uuid.UUID) -> Application:
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    return Application.objects.select_for_update().get(pk=row.pk)


def _page(row: Application, page_id: uuid.UUID) -> ScannedPage:
    page = ScannedPage.objects.filter(application=row, pk=page_id).first()
    if page is None:
        raise NotFound(_("没有找到这一页，可能已经移除。"))
    open_material(row, page.material_key)
    return page


def _renumber(pages: Sequence[ScannedPage]) -> None:
    for place, page in enumerate(pages, 1):
        page.place = place
    ScannedPage.objects.bulk_update(pages, ["place"])
