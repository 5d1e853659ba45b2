"""关注事项: whoever wants to hear of changes is told of each, in words, with the way to the guide."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.constants import ITEM_KIND, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion, ItemWatch
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound, NotPermitted


@transaction.atomic
def watch_item(*, actor: Actor, code: str) -> None:
    """Hear of every change of a published item from now on; a second time changes nothing. Raises NotFound."""
    item = _item(actor, code)
    _watch, fresh = ItemWatch.objects.get_or_create(tenant=actor.tenant, item=item, person_id=_person(actor))
    if fresh:
        _record(actor, "catalogue.item_watched", item)


@transaction.atomic
def unwatch_item(*, actor: Actor, code: str) -> None:
    """Hear of it no more; also for an item taken out of use. Raises NotFound for an unknown code."""
    item = Item.objects.filter(tenant=actor.tenant, code=code).first()
    if item is None:
        raise NotFound(_("没有这个事项。"))
    if ItemWatch.objects.filter(item=item, person_id=_person(actor)).delete()[0]:
        _record(actor, "catalogue.item_unwatched", item)


def tell_watchers(*, tenant: str, item_id: uuid.UUID, title: str, body: str, link: str) -> int:
    """A site message to everybody who watches the item, in the caller's transaction; gives their number."""
    ref = ObjectRef(kind=ITEM_KIND, id=str(item_id))
    people = ItemWatch.objects.filter(tenant=tenant, item_id=item_id).values_list("person_id", flat=True)
    for person_id in people:
        notify.send_message(tenant=tenant, person_id=person_id, title=title, body=body, object_ref=ref, link=link)
    return len(people)


def _item(actor: Actor, code: str) -> Item:
    version = ItemVersion.objects.filter(tenant=actor.tenant, item__code=code, status=VersionStatus.PUBLISHED)
    found = version.select_related("item").first()
    if found is None:
        raise NotFound(_("没有这个事项，或者它已经停用。"))
    return found.item


def _person(actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise NotPermitted(_("请先登录，再关注事项。"))
    return actor.person_id


def _record(actor: Actor, act: str, item: Item) -> None:
    ref = ObjectRef(kind=ITEM_KIND, id=str(item.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload={"code": item.code})
