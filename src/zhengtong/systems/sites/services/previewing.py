"""Links by which somebody without an account reads one version for a time."""

import datetime as dt
import uuid

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import PREVIEW_HOURS, PREVIEW_READS
from zhengtong.systems.sites.models import GovernmentSite, PreviewLink, SitePage
from zhengtong.systems.sites.services.live import locked
from zhengtong.systems.sites.services.telling import page_ref, record

_SALT = "zhengtong.sites.preview"
_PURPOSE_MAX = 100


@transaction.atomic
def make_preview_link(*, actor: Actor, page_id: int, purpose: str) -> PreviewLink:
    """A link to the newest version. Raises Conflict without a version, Invalid without a purpose, NotFound."""
    page, site = locked(actor, page_id)
    purpose = purpose.replace("\x00", "").strip()
    if actor.person_id is None:
        raise NotPermitted(_("预览链接由编辑人开出。"))
    if not 2 <= len(purpose) <= _PURPOSE_MAX:
        raise Invalid(_("请写明给谁看、为什么，2 到 %(n)d 个字。") % {"n": _PURPOSE_MAX}, field="purpose")
    if page.latest_revision is None:
        raise Conflict(_("“%(title)s”还没有保存过一版，不能预览。") % {"title": page.draft_title})
    row = PreviewLink.objects.create(
        tenant=page.tenant,
        site=site,
        page_id=page.pk,
        revision=page.latest_revision,
        purpose=purpose,
        made_by_id=actor.person_id,
        made_by=actor.name,
        expires_at=now() + dt.timedelta(hours=PREVIEW_HOURS),
    )
    payload = {"link": str(row.pk), "revision": row.revision_id, "purpose": purpose}
    record(actor, "sites.preview_link", page_ref(page), title=page.draft_title, **payload)
    return row


@transaction.atomic
def end_preview_link(*, actor: Actor, link_id: uuid.UUID) -> PreviewLink:
    """Have a link lead nowhere from now on. Raises NotFound."""
    rows = PreviewLink.objects.select_for_update().filter(site__in=permissions.editable_sites(actor).values("pk"))
    row = rows.filter(pk=link_id).first()
    if row is None:
        raise NotFound(_("没有这个预览链接。"))
    if row.ended_at is None:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        record(actor, "sites.preview_end", page_ref(row.page_id), link=str(row.pk))
    return row


def token_of(link: PreviewLink) -> str:
    """What stands in the address: the key with a signature, so that nobody finds links by trying."""
    return signing.Signer(salt=_SALT).sign(link.pk.hex)


@transaction.atomic
def read_by_link(*, actor: Actor, token: str) -> tuple[SitePage, PreviewLink]:
    """The version a link leads to; each reading is counted. Raises NotFound for one that is wrong, ended or used up."""
    gone = NotFound(_("这个预览链接已经失效，请向给您链接的人再要一个。"))
    try:
        key = uuid.UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        raise gone from None
    rows = PreviewLink.objects.select_for_update(of=("self",)).select_related("site__home", "revision")
    row = rows.filter(pk=key, tenant=actor.tenant, ended_at=None, expires_at__gt=now(), reads__lt=PREVIEW_READS).first()
    if row is None:
        raise gone
    row.reads += 1
    row.save(update_fields=["reads"])
    record(actor, "sites.preview_read", page_ref(row.page_id), link=str(row.pk), times=row.reads)
    return version_of(row.revision, row.site), row


def version_of(revision: Revision, site: GovernmentSite) -> SitePage:
    """A page as a version has it, with its site."""
    page: SitePage = revision.as_object()
    page.site = site
    return page
