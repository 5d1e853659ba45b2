"""Drafts of items: everything an office enters is kept, right or wrong; only publication asks for completeness."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ITEM_KIND, Origin, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_editor
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, content_of
from zhengtong.capabilities.catalogue.services.publishing import Prepared, item_values
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

_OPEN = (VersionStatus.DRAFT, VersionStatus.REVIEW)


@transaction.atomic
def draft_item(
    *,
    actor: Actor,
    draft: ItemDraft,
    source: Origin = Origin.PAGE,
    remarks: Sequence[str] = (),
    reason: str = "",
    item_id: uuid.UUID | None = None,
) -> ItemVersion:
    """Enter a draft of an item: the open one is replaced, else the next is begun; found by id, code or name and unit.

    A draft needs a name, a unit of the register and a power type, nothing else. ``remarks`` are sentences for those
    who look it over. Raises Invalid, NotPermitted, and Conflict while the item is under review.
    """
    prepared = _prepare(draft, UnitDirectory(actor.tenant), remarks)
    require_editor(actor, org_code=prepared.unit.code)
    item = _locked_item(actor.tenant, prepared, item_id or _known(actor.tenant, prepared))
    row = ItemVersion.objects.select_for_update().filter(item=item, status__in=_OPEN).first()
    if row is not None and row.status == VersionStatus.REVIEW:
        raise Conflict(_("“%(name)s”正在审核，不能改动。请等审核结束，或者先撤回送审。") % {"name": row.name})
    fresh = row is None
    row = row or ItemVersion(tenant=actor.tenant, item=item)
    values: dict[str, Any] = {
        **content_of(prepared.draft, prepared.notes),
        "origin": source,
        "change_reason": reason or row.change_reason,
        "revision": row.revision + 1,
        "author_id": actor.person_id,
        "author_name": actor.name,
        "saved_at": now(),
    }
    for field, value in values.items():
        setattr(row, field, value)
    row.save(force_insert=fresh)
    if fresh:
        ledger.append(
            actor=actor,
            act="catalogue.item_drafted",
            object_ref=ObjectRef(kind=ITEM_KIND, id=str(item.id)),
            payload={"code": item.code or "", "name": row.name, "version_id": row.id, "source": str(source)},
        )
    return row


def _locked_item(tenant: str, prepared: Prepared, item_id: uuid.UUID | None) -> Item:
    """The item as it is (a draft moves nothing of it), or a new one."""
    if item_id is None:
        values = item_values(tenant, prepared)
        return Item.objects.create(tenant=tenant, code=prepared.draft.code or None, **values)
    item = Item.objects.select_for_update().filter(tenant=tenant, pk=item_id).first()
    if item is None:
        raise NotFound(_("没有这个事项。"))
    return item


def _prepare(draft: ItemDraft, units: UnitDirectory, remarks: Sequence[str]) -> Prepared:
    errors = {}
    unit = units.find(draft.department) if draft.department.strip() else None
    if not draft.name.strip():
        errors["name"] = _("没有填写事项名称。")
    if unit is None:
        errors["department"] = _("机构名录里没有“%(name)s”。请使用机构全称，或者先导入机构。") % {
            "name": draft.department
        }
    if draft.power_type not in rules.POWER_TYPES.values():
        errors["power_type"] = _("请选择事项类型。")
    if errors or unit is None:
        raise Invalid("".join(errors.values()), errors=errors)
    return Prepared(draft, unit, [], list(remarks))


def _known(tenant: str, prepared: Prepared) -> uuid.UUID | None:
    """The item without a code, or one that is drafted without it, that has this name in this unit."""
    draft = prepared.draft
    items = Item.objects.filter(tenant=tenant, org_code=prepared.unit.code)
    if draft.code:
        coded = Item.objects.filter(tenant=tenant, code=draft.code).values_list("pk", flat=True).first()
        if coded is not None:
            return coded
        items = items.filter(code__isnull=True)
    named = ItemVersion.objects.filter(item__in=items, name=draft.name).exclude(status=VersionStatus.RETIRED)
    return named.values_list("item_id", flat=True).first()
