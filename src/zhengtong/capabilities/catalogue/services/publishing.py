"""Publishing an item: a new version is in force, the former one is kept for the cases that began with it."""

import dataclasses
import hashlib
import json
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ITEM_KIND, VersionStatus
from zhengtong.capabilities.catalogue.events import ItemPublished
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_publisher
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import (
    ItemVersionView,
    UnitDirectory,
    content_of,
    draft_of,
    entry_of,
    version_view,
)
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity.api import OrganisationInfo
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api as search
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A draft whose units are known, with what somebody should look at again."""

    draft: ItemDraft
    unit: OrganisationInfo
    odd: list[str]
    notes: list[str]

    @property
    def content(self) -> dict[str, Any]:
        """The values of the version's own fields."""
        return content_of(self.draft, self.notes)


def prepare(draft: ItemDraft, units: UnitDirectory) -> Prepared:
    """Look up the units, choose the route, collect notes; raises Invalid with a sentence for each wrong field."""
    return prepare_with(draft, units, rules.refusals(draft))


def prepare_with(draft: ItemDraft, units: UnitDirectory, errors: dict[str, str]) -> Prepared:
    """The same, for a draft whose faults have been found; those of its units are added to them."""
    errors = dict(errors)
    unit = units.find(draft.department)
    if unit is None and "department" not in errors:
        errors["department"] = _("机构名录里没有“%(name)s”。请使用机构全称，或者先导入机构。") % {
            "name": draft.department
        }
    executors = {name: units.find(name) for name in draft.executors}
    if unknown := [name for name, found in executors.items() if found is None]:
        errors["executors"] = _("机构名录里没有实施单位“%(names)s”。请使用机构全称。") % {"names": "”“".join(unknown)}
    if errors or unit is None:
        raise Invalid("".join(errors.values()), errors=errors)
    joined = dataclasses.replace(
        draft,
        joint_units=tuple(units.joined(each) for each in draft.joint_units),
        executors=tuple(found.name for found in executors.values() if found),
    )
    routed = rules.with_route(joined)
    odd = rules.odd_limits(routed)
    notes = [*odd, *(each.note for each in routed.joint_units if each.note)]
    if unit.uscc and unit.uscc != draft.code[:18]:
        notes.append(_("实施编码前 18 位不是%(name)s的统一社会信用代码，请核对。") % {"name": unit.name})
    return Prepared(routed, unit, odd, notes)


def publish_item(*, actor: Actor, draft: ItemDraft, accept_odd_limits: bool = False) -> ItemVersionView:
    """发布 without a review, by the platform itself: the draft becomes the version in force of its item.

    Raises Invalid for a draft that may not be published; a promise longer than the statute is refused unless
    ``accept_odd_limits``, for a county's list is what it is: then it is noted. Raises NotPermitted.
    """
    prepared = prepare(draft, UnitDirectory(actor.tenant))
    if prepared.odd and not accept_odd_limits:
        raise Invalid("".join(prepared.odd), field="promised_limit")
    with transaction.atomic():
        return write_version(actor, prepared)


def write_version(actor: Actor, prepared: Prepared) -> ItemVersionView:
    """One publication without review, inside the caller's transaction: version, ledger, search entry, event."""
    require_publisher(actor)
    item = locked_item(actor.tenant, prepared)
    version = ItemVersion(tenant=actor.tenant, item=item, version=next_number(item))
    fill(version, prepared)
    return put_in_force(actor, version, fresh=True)


def enter_into_force(actor: Actor, version: ItemVersion, prepared: Prepared) -> ItemVersionView:
    """A version whose content is final comes into force; its item says from now on what the version says of it."""
    former = version.item.code
    version.item = locked_item(version.tenant, prepared, known=version.item_id)
    version.version = version.version or next_number(version.item)
    if former and former != version.item.code:
        search.remove(tenant=version.tenant, kind=ITEM_KIND, object_id=former)
    return put_in_force(actor, version)


def fill(version: ItemVersion, prepared: Prepared) -> None:
    """Set what the version says for good, with its form pinned."""
    for field, value in pinned(version.tenant, prepared.content).items():
        setattr(version, field, value)


def next_number(item: Item) -> int:
    """The number after the last one of an item."""
    last = ItemVersion.objects.filter(item=item, version__isnull=False).order_by("-version")
    return (last.values_list("version", flat=True).first() or 0) + 1


def put_in_force(actor: Actor, version: ItemVersion, *, fresh: bool = False) -> ItemVersionView:
    """The version is in force from today on, the former one retired; its item is locked and says what it says."""
    item, today = version.item, local_date()
    ItemVersion.objects.filter(item=item, status=VersionStatus.PUBLISHED).update(
        status=VersionStatus.RETIRED, valid_until=today
    )
    version.status, version.valid_from, version.published_at = VersionStatus.PUBLISHED, today, now()
    version.save(force_insert=fresh)
    ref = ObjectRef(kind=ITEM_KIND, id=str(item.id))
    ledger.append(
        actor=actor,
        act="catalogue.item_published",
        object_ref=ref,
        payload={
            "code": item.code,
            "name": version.name,
            "version": version.version,
            "version_id": version.id,
            "digest": digest_of(version),
            "notes": version.notes,
        },
        basis="行政许可法 第三十条",
    )
    outbox.publish(ItemPublished(**event_fields(item, version, ref), version_id=version.id))
    info = version_view(version)
    search.index_many(tenant=item.tenant, entries=[entry_of(info)])
    return info


def pinned(tenant: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content with the form's newest version, where the draft names none.

    A process is pinned only when one was chosen: its versions have a second person's approval of their own.
    """
    return {**content, "form_version": content["form_version"] or forms.newest_version(tenant, content["form_key"])}


def locked_item(tenant: str, prepared: Prepared, *, known: uuid.UUID | None = None) -> Item:
    """The item of a draft, locked and set to what the draft says of it: the known one, else by its code, else new."""
    rows, values, draft = Item.objects.select_for_update(), item_values(tenant, prepared), prepared.draft
    if known is not None:
        coded = {"code": draft.code} if draft.code else {}
        item, _created = rows.update_or_create(tenant=tenant, pk=known, defaults=values | coded)
    else:
        item, _created = rows.update_or_create(tenant=tenant, code=draft.code, defaults=values)
    return item


def item_values(tenant: str, prepared: Prepared) -> dict[str, Any]:
    """What an item itself holds besides its code."""
    draft, unit = prepared.draft, prepared.unit
    return {
        "kind": draft.kind,
        "parent_id": parent_id(tenant, draft),
        "power_type": draft.power_type,
        "org_id": unit.id,
        "org_code": unit.code,
        "org_name": unit.name,
        "featured": draft.featured,
    }


def parent_id(tenant: str, draft: ItemDraft) -> uuid.UUID | None:
    """The main item (主项) of a sub-item; raises Invalid when there is none with that code."""
    if not draft.parent_code:
        return None
    found = Item.objects.filter(tenant=tenant, code=draft.parent_code).values_list("pk", flat=True).first()
    if found is None or draft.parent_code == draft.code:
        raise Invalid(_("没有实施编码为“%(code)s”的主项，请核对。") % {"code": draft.parent_code}, field="parent_code")
    return found


def event_fields(item: Item, version: ItemVersion, ref: ObjectRef) -> dict[str, Any]:
    """What every event of an item names."""
    return {
        "tenant": item.tenant,
        "object_ref": ref,
        "at": now(),
        "item_id": item.id,
        "code": item.code,
        "name": version.name,
        "org_id": item.org_id,
        "org_name": item.org_name,
        "version": version.version or 0,
    }


def digest_of(version: ItemVersion) -> str:
    """SHA-256 of the content in one written form: the ledger proves which words were published."""
    content = content_of(draft_of(version), version.notes)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
