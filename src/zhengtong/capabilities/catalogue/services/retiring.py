"""Taking items out of use, and taking back versions that were approved but are not yet in force."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.constants import ITEM_KIND, ItemKind, SuccessionOutcome, VersionStatus
from zhengtong.capabilities.catalogue.events import ItemRetired
from zhengtong.capabilities.catalogue.models import Item, ItemSuccession, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_keeper, require_list_keeper
from zhengtong.capabilities.catalogue.services.publishing import event_fields
from zhengtong.capabilities.catalogue.services.telling import tell_keepers
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api as search
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


@transaction.atomic
def retire_item(*, actor: Actor, code: str, reason: str) -> None:
    """停用: nobody can find or apply for the item any more; running cases go on, on their version.

    Raises NotFound, Invalid (no reason), NotPermitted, Conflict for a main item whose sub-items are in use.
    """
    if not reason.strip():
        raise Invalid(_("请写明停用的理由，例如所依据的文件。"), field="reason")
    item = Item.objects.select_for_update().filter(tenant=actor.tenant, code=code).first()
    version = ItemVersion.objects.filter(item=item, status=VersionStatus.PUBLISHED).first() if item else None
    if item is None or version is None:
        raise NotFound(_("没有这个事项，或者它已经停用。"))
    require_keeper(actor, org_code=item.org_code)
    _check_no_sub_items(item)
    version.item = item
    ItemVersion.objects.filter(pk=version.pk).update(status=VersionStatus.RETIRED, valid_until=local_date())
    waiting = ItemVersion.objects.filter(item=item, status=VersionStatus.SCHEDULED)
    dropped = list(waiting.values_list("version", flat=True))
    waiting.update(status=VersionStatus.DISCARDED)
    _settle(actor, item, reason)
    bundles = _tell_of_bundles(item, version)
    ref = ObjectRef(kind=ITEM_KIND, id=str(item.id))
    payload = {
        "code": item.code,
        "name": version.name,
        "version": version.version,
        "reason": reason.strip(),
        "dropped": dropped,
        "bundles": bundles,
    }
    ledger.append(actor=actor, act="catalogue.item_retired", object_ref=ref, payload=payload)
    outbox.publish(ItemRetired(**event_fields(item, version, ref)))
    search.remove(tenant=actor.tenant, kind=ITEM_KIND, object_id=code)


@transaction.atomic
def cancel_scheduled(*, actor: Actor, version_id: uuid.UUID, reason: str) -> None:
    """Take back a version that was approved and is not yet in force; the one in force stays.

    Raises NotFound, NotPermitted, Invalid (no reason), Conflict when it came into force meanwhile.
    """
    require_list_keeper(actor)
    if not reason.strip():
        raise Invalid(_("请写明取消的理由。"), field="reason")
    version = ItemVersion.objects.select_for_update().filter(tenant=actor.tenant, pk=version_id).first()
    if version is None:
        raise NotFound(_("没有这个事项版本。"))
    if version.status != VersionStatus.SCHEDULED:
        raise Conflict(_("这个版本不在待生效的状态，可能已经生效。请刷新后查看。"))
    version.status = VersionStatus.DISCARDED
    version.save(update_fields=["status"])
    ledger.append(
        actor=actor,
        act="catalogue.item_unscheduled",
        object_ref=ObjectRef(kind=ITEM_KIND, id=str(version.item_id)),
        payload={"name": version.name, "version": version.version, "version_id": version.id, "reason": reason.strip()},
    )


def _check_no_sub_items(item: Item) -> None:
    if item.kind != ItemKind.MAIN:
        return
    used = ItemVersion.objects.filter(item__parent=item, status=VersionStatus.PUBLISHED)
    names = list(used.order_by("name").values_list("name", flat=True)[:3])
    if names:
        raise Conflict(
            _("它的子项还在使用（%(names)s等），请先停用子项，或者为子项另定主项。") % {"names": "、".join(names)}
        )


def _tell_of_bundles(item: Item, version: ItemVersion) -> list[str]:
    """Bundles in force that name the item go on with a member that is gone: who keeps the list is told."""
    rows = ItemVersion.objects.filter(
        tenant=item.tenant, status=VersionStatus.PUBLISHED, members__contains=[{"code": item.code}]
    )
    names = list(rows.order_by("name").values_list("name", flat=True))
    if names:
        tell_keepers(
            item.tenant,
            title=_("一件事的成员事项已停用：%(name)s") % {"name": version.name},
            body=_("%(names)s还包含这个事项，请修订或者停用。") % {"names": "、".join(names)},
            object_id=str(item.id),
        )
    return names


def _settle(actor: Actor, item: Item, reason: str) -> None:
    """An item that is retired needs no heir any more."""
    ItemSuccession.objects.filter(item=item, outcome=SuccessionOutcome.OPEN).update(
        outcome=SuccessionOutcome.RETIRED, reason=reason.strip(), settled_by=actor.name, settled_at=now()
    )
