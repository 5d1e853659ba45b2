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
from zhengtong.capabilities.catalogue.events import ItemPublished, ItemRetired
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_publisher
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import ItemVersionView, UnitDirectory, entry_of, version_view
from zhengtong.capabilities.identity.api import OrganisationInfo
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api as search
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid, NotFound

_COPIED = (
    "name",
    "legal_basis",
    "applicant_type",
    "handling_kind",
    "statutory_limit",
    "promised_limit",
    "fee",
    "result_document",
    "result_title",
    "result_template",
    "validity",
    "online_depth",
    "quantity",
    "window",
    "address",
    "hours",
    "phone",
    "complaint",
    "process_key",
    "form_key",
)


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
        draft = self.draft
        joint = [
            {"org_code": u.org_code, "org_name": u.name, "limit": u.limit, "note": u.note} for u in draft.joint_units
        ]
        return {name: getattr(draft, name) for name in _COPIED} | {
            "joint_departments": joint,
            "special_steps": [dataclasses.asdict(step) for step in draft.special_steps],
            "materials": [dataclasses.asdict(material) for material in draft.materials],
            "conditions": list(draft.conditions),
            "flow": list(draft.flow),
            "faq": [dataclasses.asdict(entry) for entry in draft.faq],
            "themes": list(draft.themes),
            "confirmed": list(draft.confirmed),
            "notes": self.notes,
        }


def prepare(draft: ItemDraft, units: UnitDirectory) -> Prepared:
    """Look up the units, choose the route, collect notes; raises Invalid with a sentence for each wrong field."""
    errors = rules.refusals(draft)
    unit = units.find(draft.department)
    if unit is None and "department" not in errors:
        errors["department"] = _("机构名录里没有“%(name)s”。请使用机构全称，或者先导入机构。") % {
            "name": draft.department
        }
    if errors or unit is None:
        raise Invalid("".join(errors.values()), errors=errors)
    joined = dataclasses.replace(draft, joint_units=tuple(units.joined(each) for each in draft.joint_units))
    routed = rules.with_route(joined)
    odd = rules.odd_limits(routed)
    notes = [*odd, *(each.note for each in routed.joint_units if each.note)]
    if unit.uscc and unit.uscc != draft.code[:18]:
        notes.append(_("实施编码前 18 位不是%(name)s的统一社会信用代码，请核对。") % {"name": unit.name})
    return Prepared(routed, unit, odd, notes)


def publish_item(*, actor: Actor, draft: ItemDraft, accept_odd_limits: bool = False) -> ItemVersionView:
    """发布: the draft becomes the version in force of its item, the number after the last one.

    Raises Invalid for a draft that may not be published; a promise longer than the statute is refused unless
    ``accept_odd_limits``, for a county's list is what it is: then it is noted. Raises NotPermitted.
    """
    prepared = prepare(draft, UnitDirectory(actor.tenant))
    if prepared.odd and not accept_odd_limits:
        raise Invalid("".join(prepared.odd), field="promised_limit")
    with transaction.atomic():
        return write_version(actor, prepared)


def write_version(actor: Actor, prepared: Prepared) -> ItemVersionView:
    """One publication inside the caller's transaction: version, ledger entry, search entry, event."""
    require_publisher(actor, org_code=prepared.unit.code)
    item = _locked_item(actor.tenant, prepared)
    today, instant, content = local_date(), now(), prepared.content
    last = ItemVersion.objects.filter(item=item).order_by("-version").values_list("version", flat=True).first() or 0
    ItemVersion.objects.filter(item=item, status=VersionStatus.PUBLISHED).update(
        status=VersionStatus.RETIRED, valid_until=today
    )
    version = ItemVersion.objects.create(
        tenant=actor.tenant,
        item=item,
        version=last + 1,
        status=VersionStatus.PUBLISHED,
        valid_from=today,
        published_at=instant,
        **content,
    )
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
            "digest": _digest(content),
            "notes": version.notes,
        },
        basis="行政许可法 第三十条",
    )
    outbox.publish(ItemPublished(**_event_fields(item, version, ref), version_id=version.id))
    info = version_view(version)
    search.index_many(tenant=actor.tenant, entries=[entry_of(info)])
    return info


def retire_item(*, actor: Actor, code: str, reason: str) -> None:
    """停用: nobody can find or apply for the item any more; running cases go on.

    Raises NotFound, Invalid (no reason), NotPermitted.
    """
    if not reason.strip():
        raise Invalid(_("请写明停用的理由，例如所依据的文件。"), field="reason")
    with transaction.atomic():
        version = (
            ItemVersion.objects.select_for_update(of=("self",))
            .filter(tenant=actor.tenant, item__code=code, status=VersionStatus.PUBLISHED)
            .select_related("item")
            .first()
        )
        if version is None:
            raise NotFound(_("没有这个事项，或者它已经停用。"))
        item = version.item
        require_publisher(actor, org_code=item.org_code)
        ItemVersion.objects.filter(pk=version.pk).update(status=VersionStatus.RETIRED, valid_until=local_date())
        ref = ObjectRef(kind=ITEM_KIND, id=str(item.id))
        payload = {"code": item.code, "name": version.name, "version": version.version, "reason": reason.strip()}
        ledger.append(actor=actor, act="catalogue.item_retired", object_ref=ref, payload=payload)
        outbox.publish(ItemRetired(**_event_fields(item, version, ref)))
        search.remove(tenant=actor.tenant, kind=ITEM_KIND, object_id=item.code)


def _locked_item(tenant: str, prepared: Prepared) -> Item:
    draft, unit = prepared.draft, prepared.unit
    values: dict[str, str | int | uuid.UUID] = {
        "power_type": draft.power_type,
        "org_id": unit.id,
        "org_code": unit.code,
        "org_name": unit.name,
        "featured": draft.featured,
    }
    item, _created = Item.objects.select_for_update().update_or_create(tenant=tenant, code=draft.code, defaults=values)
    return item


def _event_fields(item: Item, version: ItemVersion, ref: ObjectRef) -> dict[str, Any]:
    return {
        "tenant": item.tenant,
        "object_ref": ref,
        "at": now(),
        "item_id": item.id,
        "code": item.code,
        "name": version.name,
        "org_id": item.org_id,
        "org_name": item.org_name,
        "version": version.version,
    }


def _digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content in one written form: the ledger proves which words were published."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
