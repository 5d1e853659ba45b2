"""Items of a unit that was merged or abolished: listed for the keeper of the list, carried on only by his word."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.constants import (
    ITEM_KIND,
    OPEN,
    SuccessionOutcome,
    VersionStatus,
)
from zhengtong.capabilities.catalogue.models import Item, ItemSuccession, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_list_keeper
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, draft_of
from zhengtong.capabilities.catalogue.services.drafting import check_reason
from zhengtong.capabilities.catalogue.services.publishing import enter_into_force, fill, next_number, prepare
from zhengtong.capabilities.catalogue.services.telling import tell_keepers
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.api import OrganisationInfo
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

_LIVING = (*OPEN, VersionStatus.SCHEDULED, VersionStatus.PUBLISHED)


@transaction.atomic
def list_orphans(*, tenant: str, org_id: uuid.UUID, since: dt.date) -> int:
    """List the items of a unit that is no more for who keeps the county's list, and tell him; safe to repeat."""
    living = ItemVersion.objects.filter(status__in=_LIVING).values("item_id")
    heir = identity.heir_of(tenant, org_id)
    found = 0
    for item in Item.objects.filter(tenant=tenant, org_id=org_id, pk__in=living).order_by("code", "id"):
        row, fresh = ItemSuccession.objects.get_or_create(
            item=item,
            outcome=SuccessionOutcome.OPEN,
            defaults={
                "tenant": tenant,
                "from_org_id": org_id,
                "from_org_name": item.org_name,
                "heir_id": heir.id if heir else None,
                "heir_name": heir.name if heir else "",
                "since": since,
            },
        )
        if fresh:
            found += 1
            _record(system(tenant), "catalogue.item_orphaned", item, {"from": row.from_org_name, "heir": row.heir_name})
    if found:
        tell_keepers(
            tenant,
            title=_("有事项的实施部门已经撤并"),
            body=_("%(count)d 个事项待确定由谁实施，请在权力清单管理中处理。") % {"count": found},
            object_id=str(org_id),
        )
    return found


@transaction.atomic
def take_over_items(*, actor: Actor, succession_ids: Sequence[uuid.UUID], reason: str, heir_code: str = "") -> int:
    """由承继单位实施: each item's next version names the heir (or the unit ``heir_code``); running cases stay.

    Gives how many went over; those settled before are left out. Raises NotPermitted, Invalid (no reason), NotFound,
    Conflict where nobody carries on the unit's work and no other unit is named.
    """
    require_list_keeper(actor)
    if not reason.strip():
        raise Invalid(_("请写明依据，例如机构改革方案的文号。"), field="reason")
    check_reason(reason)
    named = identity.organisation(actor.tenant, heir_code) if heir_code else None
    rows = ItemSuccession.objects.select_for_update().filter(tenant=actor.tenant, pk__in=succession_ids)
    found = list(rows.order_by("id"))
    if len(found) < len(set(succession_ids)):
        raise NotFound(_("没有找到这个待承接的事项。"))
    waiting = [row for row in found if row.outcome == SuccessionOutcome.OPEN]
    units = UnitDirectory(actor.tenant)
    for row in waiting:
        heir = named or identity.heir_of(actor.tenant, row.from_org_id)
        if heir is None:
            raise Conflict(_("%(org)s没有承继单位，请选择由哪个单位实施，或者停用事项。") % {"org": row.from_org_name})
        _take_over(actor, row, heir, units, reason.strip())
    return len(waiting)


def _take_over(actor: Actor, row: ItemSuccession, heir: OrganisationInfo, units: UnitDirectory, reason: str) -> None:
    item = Item.objects.select_for_update().get(pk=row.item_id)
    for version in ItemVersion.objects.select_for_update().filter(
        item=item, status__in=(*OPEN, VersionStatus.SCHEDULED)
    ):
        version.header = {**version.header, "department": heir.name}
        version.save(update_fields=["header"])
    current = ItemVersion.objects.filter(item=item, status=VersionStatus.PUBLISHED).first()
    if current is None:
        item.org_id, item.org_code, item.org_name = heir.id, heir.code, heir.name
        item.save(update_fields=["org_id", "org_code", "org_name"])
    else:
        current.item = item
        draft = dataclasses.replace(draft_of(current), department=heir.name)
        prepared = prepare(draft, units)
        version = ItemVersion(
            tenant=item.tenant,
            item=item,
            version=next_number(item),
            change_reason=reason,
            author_id=actor.person_id,
            author_name=actor.name,
        )
        fill(version, prepared)
        enter_into_force(actor, version, prepared)
    row.outcome, row.reason, row.settled_by, row.settled_at = SuccessionOutcome.TAKEN_OVER, reason, actor.name, now()
    row.heir_id, row.heir_name = heir.id, heir.name
    row.save()
    _record(actor, "catalogue.item_taken_over", item, {"from": row.from_org_name, "heir": heir.name, "reason": reason})


def _record(actor: Actor, act: str, item: Item, payload: dict[str, str]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=ITEM_KIND, id=str(item.id)),
        payload={"code": item.code or "", **payload},
    )
