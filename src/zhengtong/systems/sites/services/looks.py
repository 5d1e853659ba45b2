"""外观: a colour, an emblem, a header and a line of the site's own, over its theme."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.models import GovernmentSite, SiteLook, SitePicture
from zhengtong.systems.sites.rules import looks as rules
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.files import PlainPicture, keep_picture
from zhengtong.systems.sites.services.review_plans import site_to_keep
from zhengtong.systems.sites.services.telling import record, site_ref

#: picture of a look → how it is called in the library
PICTURES: Final = {"emblem": "网站标识", "header": "网站头图"}


@dataclasses.dataclass(frozen=True)
class WishedLook:
    """A look as it shall be: a picture that is not given stays, one named in ``without`` is taken off."""

    colour: str = ""
    tagline: str = ""
    pictures: Mapping[str, PlainPicture] = dataclasses.field(default_factory=dict)
    without: frozenset[str] = frozenset()


@transaction.atomic
def set_look(*, actor: Actor, site_id: uuid.UUID, wish: WishedLook) -> GovernmentSite:
    """Give a site a look of its own; all its pages show it at once, and keep it when its theme changes.

    New pictures are kept in the folder of the site. Raises Invalid with a sentence for each field, Conflict for a
    closed site, NotFound, NotPermitted.
    """
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    if site.state != SiteState.OPEN:
        raise Conflict(_("网站已经关停，外观不能再改。"))
    tagline = " ".join(wish.tagline.replace("\x00", "").split())
    sizes = {name: (one.width, one.height) for name, one in wish.pictures.items()}
    wrong = rules.faults(colour=wish.colour, tagline=tagline, sizes=sizes)
    if wrong:
        raise Invalid(_("有内容需要改正，网站外观没有改变。"), errors=wrong)
    row = SiteLook.objects.filter(site=site).first() or SiteLook(tenant=site.tenant, site=site)
    before = _said(row)
    row.colour, row.tagline = rules.read_colour(wish.colour), tagline
    row.emblem = _chosen(actor, site, wish, "emblem", row.emblem)
    row.header = _chosen(actor, site, wish, "header", row.header)
    after = _said(row)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        row.save()
        record(actor, "sites.look", site_ref(site), changed=changed)
        editions.renew(site.tenant, [site.pk])
    return site


def _chosen(
    actor: Actor, site: GovernmentSite, wish: WishedLook, name: str, stands: SitePicture | None
) -> SitePicture | None:
    plain = wish.pictures.get(name)
    if plain is None:
        return None if name in wish.without else stands
    # sent twice, or chosen again: the picture that stands there
    if stands is not None and stands.stored.digest == storage.digest_of(plain.upload.content):
        return stands
    picture = SitePicture(title=str(PICTURES[name]), collection_id=site.collection_id)
    return keep_picture(actor=actor, picture=picture, plain=plain)


def _said(row: SiteLook) -> dict[str, Any]:
    return {"colour": row.colour, "tagline": row.tagline, "emblem": row.emblem_id, "header": row.header_id}
