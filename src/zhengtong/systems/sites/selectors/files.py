"""Who may read a picture or document, and its content in one size; sizes are made once and lie beside the files."""

import io
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from PIL import Image

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.folders import made
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.models import FileUse, GovernmentSite, SiteDocument, SiteLook, SitePage, SitePicture
from zhengtong.systems.sites.rules.pictures import steps

_QUALITY = 82


def readable_picture(actor: Actor, key: int) -> SitePicture | None:
    """A picture that stands on a published page or over an open site, or in a site the actor keeps."""
    found = SitePicture.objects.select_related("stored").filter(tenant=actor.tenant, pk=key).first()
    if found is None:
        return None
    over = SiteLook.objects.filter(Q(emblem=found) | Q(header=found), site__state=SiteState.OPEN)
    return found if over.exists() or _may_read(actor, found, picture=found) else None


def readable_document(actor: Actor, key: int) -> SiteDocument | None:
    """The same for a document."""
    found = SiteDocument.objects.select_related("stored").filter(tenant=actor.tenant, pk=key).first()
    return found if found is not None and _may_read(actor, found, document=found) else None


def content_of(file: SitePicture | SiteDocument) -> bytes:
    """What is stored; raises NotFound where it is damaged."""
    return storage.read(tenant=file.tenant, file_id=file.stored_id)[1]


def picture_content(picture: SitePicture, width: int) -> bytes | None:
    """A picture so wide, 0 for as it is kept; None for a width nobody is offered."""
    if width not in steps(picture.width):
        return None
    if not width:
        return content_of(picture)
    path = _sizes(picture.stored.digest) / f"{picture.stored.digest}-{width}"
    if not path.is_file():
        _write(path, _drawn(content_of(picture), width))
    return path.read_bytes()


def drop_sizes(digest: str) -> None:
    """Take the sizes of a picture off the disk."""
    for path in _sizes(digest).glob(f"{digest}-*"):
        path.unlink(missing_ok=True)


def _may_read(actor: Actor, file: SitePicture | SiteDocument, **use: Any) -> bool:
    pages = [one.page for one in FileUse.objects.filter(page__live=True, **use).select_related("page")]
    return any(_stands(page) for page in pages) or (
        actor.kind == "official" and permissions.editable_sites(actor).filter(collection_id=file.collection_id).exists()
    )


def _stands(page: Any) -> bool:
    """True when the public can read the page: all above it is published, and its site is open."""
    above = page.get_ancestors().filter(depth__gte=SitePage.HOME_DEPTH)
    if above.filter(live=False).exists():
        return False
    home = page.path[: page.steplen * SitePage.HOME_DEPTH]
    return GovernmentSite.objects.filter(home__path=home, state=SiteState.OPEN).exists()


def _drawn(content: bytes, width: int) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        kind = image.format or "PNG"
        height = max(1, round(image.height * width / image.width))
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, kind, **({"quality": _QUALITY, "progressive": True} if kind == "JPEG" else {"optimize": True}))
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """In one step: another process may read it meanwhile, and a half one would be shown for ever."""
    partial = made(path.parent) / f"{uuid.uuid4().hex}.partial"
    partial.write_bytes(content)
    partial.replace(path)


def _sizes(digest: str) -> Path:
    return Path(settings.ZHENGTONG_VAR) / "pictures" / digest[:2]
