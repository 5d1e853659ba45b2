"""A county with a portal and two departments' sites, and the people who keep them."""

import datetime as dt
import io
import json
import uuid
import zipfile
from typing import Any

from PIL import Image

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.office_files import checked_attachment
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SiteDocument, SitePicture
from zhengtong.systems.sites.services import files

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
OFFICE, MARKET, CIVIL = ("C02", "青禾县人民政府办公室"), ("G22", "青禾县市场监督管理局"), ("G08", "青禾县民政局")


def county() -> None:
    """The county and its three units."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    for code, name in (OFFICE, MARKET, CIVIL):
        people.organisation(code, name)


def group() -> dict[str, GovernmentSite]:
    """Portal and two departments' sites, by code."""
    county()
    boss = system(people.tenant())
    return {
        "portal": api.open_site(actor=boss, org_code="C02", kind="portal", code="portal", name="青禾县人民政府"),
        "g22": api.open_site(actor=boss, org_code="G22", kind="department"),
        "g08": api.open_site(actor=boss, org_code="G08", kind="department"),
    }


def keeper(username: str, *roles: str, org: tuple[str, str] = MARKET) -> Actor:
    """An official who keeps sites."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1], name=f"{username}甲")


def column(site: GovernmentSite, slug: str = "news") -> ColumnPage:
    """A column of a site."""
    return ColumnPage.objects.get(site=site, slug=slug)


def drafted(
    site: GovernmentSite, writer: Actor, *, title: str = "开展食品安全检查", slug: str = "", **fields: Any
) -> ArticlePage:
    """An article as an editor leaves it: a version that is not published."""
    account = Account.objects.get(person_id=writer.person_id)
    values = {"source": site.org_name, "body": [("text", "<p>本周对 42 家餐饮店开展检查。</p>")], **fields}
    page = ArticlePage(
        title=title,
        slug=slug or f"a{uuid.uuid4().hex[:8]}",
        tenant=site.tenant,
        site=site,
        owner=account,
        live=False,
        **values,
    )
    column(site).add_child(instance=page)
    page.save_revision(user=account)
    return page


_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_WORDS = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}</w:body></w:document>'
)


def docx(body: str = "<w:p><w:r><w:t>通知</w:t></w:r></w:p>", **parts: str | bytes) -> bytes:
    """A text of an office program; ``parts`` are added, ``__`` stands for ``/``, ``_x_`` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("word/document.xml", _WORDS.format(body=body))
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_x_", "."), part)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (1000, 600), *, gps: bool = False, colour: str = "#2a6f97") -> bytes:
    """A photograph; with ``gps`` it says where and by what it was taken."""
    exif = Image.Exif()
    if gps:
        exif[0x010F] = "SecretPhone"
        exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def picture(site: GovernmentSite, keeper: Actor, *, title: str = "新广场", **drawn: Any) -> SitePicture:
    """A picture of a site."""
    row = SitePicture(title=title, collection_id=site.collection_id)
    plain = files.plain_picture(checked_upload("a.jpg", jpeg(**drawn)))
    return files.keep_picture(actor=keeper, picture=row, plain=plain)


def document(site: GovernmentSite, keeper: Actor, *, title: str = "申请表", content: bytes = b"") -> SiteDocument:
    """A document of a site."""
    row = SiteDocument(title=title, collection_id=site.collection_id)
    upload = checked_attachment("a.docx", content or docx())
    return files.keep_document(actor=keeper, document=row, upload=upload)


def with_files(one: SitePicture | None, other: SiteDocument | None) -> str:
    """The text of an article that shows a picture and offers a document, as it is stored."""
    found: list[dict[str, Any]] = [{"type": "text", "value": "<p>本周对 42 家餐饮店开展检查。</p>"}]
    if one is not None:
        value = {"image": one.pk, "decorative": False, "alt_text": "广场全景"}
        found.append({"type": "picture", "value": {"picture": value, "caption": "改造后的广场"}})
    if other is not None:
        offered = {"type": "item", "id": "1", "value": {"file": other.pk, "words": "申请表（样式）"}}
        found.append({"type": "attachments", "value": {"files": [offered]}})
    return json.dumps(found)
