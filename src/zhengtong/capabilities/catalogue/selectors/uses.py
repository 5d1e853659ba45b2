"""Who uses what: items a form, people an item."""

import uuid

from zhengtong.capabilities.catalogue.constants import VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion, ItemWatch
from zhengtong.capabilities.forms.registry import FormUser
from zhengtong.kernel.actors import Actor


def items_of_form(tenant: str, key: str) -> list[FormUser]:
    """Items in force or being drawn up with the form, and the version each is pinned to."""
    rows = (
        ItemVersion.objects.filter(tenant=tenant, form_key=key)
        .exclude(status__in=[VersionStatus.RETIRED, VersionStatus.REFUSED, VersionStatus.DISCARDED])
        .select_related("item")
        .order_by("name")
    )
    return [
        FormUser(
            label=row.name,
            url=f"/items/desk/{row.item_id}/",
            note=f"{VersionStatus(row.status).label}，表单第 {row.form_version} 版"
            if row.form_version
            else str(VersionStatus(row.status).label),
        )
        for row in rows
    ]


def watches_item(actor: Actor, item_id: uuid.UUID) -> bool:
    """Whether the one who asks is told of the item's changes."""
    if actor.person_id is None:
        return False
    return ItemWatch.objects.filter(tenant=actor.tenant, item_id=item_id, person_id=actor.person_id).exists()
