"""Pictures and files of old pages: from the source through the one door of files, kept once for each address."""

import dataclasses
import io
import warnings
from collections.abc import Sequence
from typing import Final

from PIL import Image, UnidentifiedImageError

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.old_office_files import checked_old_attachment
from zhengtong.kernel.uploads import CheckedUpload, checked_upload, clean_name
from zhengtong.systems.sites.engine.old_site.addresses import canonical, host_of, key_of
from zhengtong.systems.sites.engine.old_site.holdings import Refused
from zhengtong.systems.sites.models import GovernmentSite, OldAddress, SiteDocument, SitePicture
from zhengtong.systems.sites.services.files import PlainPicture, keep_document, keep_picture, plain_picture
from zhengtong.systems.sites.services.old_pages import Judged
from zhengtong.systems.sites.services.old_sources import Source

_TITLE_MAX: Final = 200
_MOST_POINTS: Final = 40_000_000
_TAKEN_AS_THEY_ARE: Final = frozenset({"JPEG", "PNG"})


@dataclasses.dataclass(frozen=True)
class Fetched:
    """A file that may come in, or why it may not."""

    address: str
    words: str
    content: PlainPicture | CheckedUpload | None
    refusal: str = ""


def fetch(
    source: Source, site: GovernmentSite, pages: Sequence[Judged], hosts: frozenset[str] = frozenset()
) -> dict[str, Fetched]:
    """The files of some pages that are not here yet, by key; RuntimeError inside a transaction (the scanner is slow).

    Files that other hosts than ``hosts`` and the page's own offer stay links.
    """
    wanted: dict[str, tuple[str, str, bool]] = {}
    for page in pages:
        for kind, value in page.text.parts:
            if kind == "picture":
                wanted.setdefault(key_of(value[0]), (value[0], value[1] or page.title, True))
        ours = hosts | {page.host, "-"}
        titles = page.titles
        for address in (one for one in page.documents if host_of(one) in ours):
            words = titles.get(address, "")
            wanted.setdefault(key_of(address), (address, words or address.rpartition("/")[2], False))
    rows = OldAddress.objects.filter(site=site, key__among=list(wanted))
    there = {row.key for row in rows if row.picture_id or row.document_id}
    return {
        key: _fetched(source, address, words, is_picture=is_picture)
        for key, (address, words, is_picture) in wanted.items()
        if key and key not in there
    }


def keep(actor: Actor, site: GovernmentSite, fetched: dict[str, Fetched]) -> int:
    """Keep them in the site's folder, each under its old address; in the caller's transaction. Returns how many."""
    rows = {row.key: row for row in OldAddress.objects.filter(site=site, key__among=list(fetched))}
    kept = 0
    for key, one in fetched.items():
        row = rows.get(key) or OldAddress(tenant=site.tenant, site=site, key=key, address=canonical(one.address))
        title = one.words[:_TITLE_MAX]
        if isinstance(one.content, PlainPicture):
            picture = SitePicture(title=title, collection_id=site.collection_id)
            row.picture = keep_picture(actor=actor, picture=picture, plain=one.content)
        elif isinstance(one.content, CheckedUpload):
            document = SiteDocument(title=title, collection_id=site.collection_id)
            row.document = keep_document(actor=actor, document=document, upload=one.content)
        else:
            continue
        row.page = None
        row.save()
        kept += 1
    return kept


def _fetched(source: Source, address: str, words: str, *, is_picture: bool) -> Fetched:
    name = clean_name(address.rpartition("/")[2].partition("?")[0]) or "附件"
    try:
        content = source.file(address)
        if content is None:
            return Fetched(address, words, None, f"来源里没有“{name}”。")
        if not content:
            return Fetched(address, words, None, f"“{name}”是空文件。")
        if is_picture:
            return Fetched(address, words, plain_picture(checked_upload(name, _redrawn(name, content))))
        return Fetched(address, words, checked_old_attachment(name, content))
    except (Refused, Invalid) as refusal:
        said = refusal.message if isinstance(refusal, Invalid) else f"“{name}”：{refusal}"
        return Fetched(address, words, None, said)


def _redrawn(name: str, content: bytes) -> bytes:
    """A picture of the kinds that are taken; GIF, BMP and WebP become PNG. Raises Invalid."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF", "BMP", "WEBP")) as image:
                if image.format in _TAKEN_AS_THEY_ARE:
                    return content
                if image.width * image.height > _MOST_POINTS:
                    raise Invalid(f"图片“{name}”尺寸过大，没有接收。", field="file")
                out = io.BytesIO()
                image.convert("RGBA" if image.has_transparency_data else "RGB").save(out, "PNG")
                return out.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(f"图片“{name}”打不开，或者不是 JPG、PNG、GIF、BMP、WebP。", field="file") from error
    except Image.DecompressionBombWarning as error:
        raise Invalid(f"图片“{name}”尺寸过大，没有接收。", field="file") from error
