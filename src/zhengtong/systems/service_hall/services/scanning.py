"""Photographed papers: several pages become one PDF, a page that lies on its side is turned."""

import io
import pathlib
import uuid
from collections.abc import Sequence

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.uploads import MAX_BYTES, checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.models import MaterialFile
from zhengtong.systems.service_hall.services.applying import attach_material

PAGES_MAX = 40
_QUARTER = 90  # degrees, to the right
_DPI = 150.0
#: the longer side of A4 at 300 dots an inch: a telephone's photograph has more than any reader needs
_LONGEST_SIDE = 3508


def one_file(given: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """One file from what was chosen: a single one as it is, several as the pages of one PDF, in their order.

    Raises Invalid for what may not come in, for too many pages, and when the whole is too large.
    """
    if len(given) == 1:
        return given[0]
    if len(given) > PAGES_MAX:
        raise Invalid(_("一次最多合成 %(most)d 页，请分开上传。") % {"most": PAGES_MAX}, field="file")
    if sum(len(content) for _name, content in given) > MAX_BYTES:
        raise Invalid(_("这些文件加起来超过 50 MB。请压缩后重新上传，已填写的内容都还在。"), field="file")
    with pikepdf.new() as bound:
        for name, content in given:
            mime = checked_upload(name, content).content_type
            part = content if mime == "application/pdf" else picture_page(content)
            with pikepdf.open(io.BytesIO(part)) as pages:
                bound.pages.extend(pages.pages)
        out = io.BytesIO()
        bound.save(out, deterministic_id=True)  # the same files again make the same file
    stem = pathlib.PurePosixPath(given[0][0]).stem or _("材料")
    return f"{stem}.pdf", out.getvalue()


def turn_material(*, actor: Actor, application_id: uuid.UUID, file_id: uuid.UUID) -> MaterialFile:
    """Turn a file by a quarter to the right; the turned one takes its place, the old one is kept as replaced."""
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    given = selectors.material_file(application=row, file_id=file_id)
    stored, content = storage.read(tenant=row.tenant, file_id=given.file_id)
    turned = turned_pdf(content) if stored.content_type == "application/pdf" else _turned_picture(content)
    return attach_material(
        actor=actor, application_id=row.id, material_key=given.material_key, name=stored.name, content=turned
    )


def add_pages(
    *, actor: Actor, application_id: uuid.UUID, file_id: uuid.UUID, pages: Sequence[tuple[str, bytes]]
) -> MaterialFile:
    """Put further pages behind a file that was given; the longer one takes its place."""
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    given = selectors.material_file(application=row, file_id=file_id)
    stored, content = storage.read(tenant=row.tenant, file_id=given.file_id)
    name, whole = one_file([(stored.name, content), *pages])
    return attach_material(
        actor=actor, application_id=row.id, material_key=given.material_key, name=name, content=whole
    )


def picture_page(content: bytes) -> bytes:
    """A photograph as a page, upright as the telephone says."""
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "PDF", resolution=_DPI)
    return out.getvalue()


def _turned_picture(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        kind = picture.format or "PNG"
        turned = ImageOps.exif_transpose(picture).rotate(-_QUARTER, expand=True)
    out = io.BytesIO()
    turned.save(out, kind, **({"quality": 90} if kind == "JPEG" else {}))
    return out.getvalue()


def turned_pdf(content: bytes) -> bytes:
    """A PDF with every page turned by a quarter to the right."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.rotate(_QUARTER, relative=True)
        pdf.save(out)
    return out.getvalue()
