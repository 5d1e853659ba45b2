"""Drafts of items: everything an office enters is kept, right or wrong; only publication asks for completeness."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ITEM_KIND, OPEN, REASON_MAX, UNPUBLISHED, Origin, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_editor
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, content_of, draft_of
from zhengtong.capabilities.catalogue.selectors.contents import SAME
from zhengtong.capabilities.catalogue.services.publishing import Prepared, item_values
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ui.formats import cn_datetime


class DraftConflict(Conflict):
    """Somebody saved the draft meanwhile: ``sent`` is what was typed here, ``current`` what is stored now.

    ``current`` is None and ``revision`` 0 when the draft is no longer there (published, refused or given up).
    """

    def __init__(self, message: str, *, sent: ItemDraft, current: ItemDraft | None, revision: int) -> None:
        super().__init__(message)
        self.sent = sent
        self.current = current
        self.revision = revision


@transaction.atomic
def draft_item(
    *,
    actor: Actor,
    draft: ItemDraft,
    source: Origin = Origin.PAGE,
    remarks: Sequence[str] = (),
    reason: str = "",
    item_id: uuid.UUID | None = None,
    revision: int | None = None,
    answers: Mapping[str, str] | None = None,
) -> ItemVersion:
    """Enter a draft of an item: the open one is replaced, else the next is begun; found by id, code or name and unit.

    A draft needs a name, a unit of the register and a power type, nothing else. ``remarks`` are sentences for those
    who look it over; ``revision`` is the one the writer began from (0 for none; None is not compared); ``answers``
    give a reason for an oddity by its key. Raises Invalid, NotPermitted, DraftConflict, and Conflict while the item
    is under review.
    """
    units = UnitDirectory(actor.tenant)
    check_reason(reason)
    prepared = _prepare(draft, units, remarks)
    require_editor(actor, org_code=prepared.unit.code)
    item = _locked_item(actor, prepared, item_id or _known(actor.tenant, prepared))
    row = ItemVersion.objects.select_for_update().filter(item=item, status__in=OPEN).first()
    if row is not None and row.status == VersionStatus.REVIEW:
        raise Conflict(_("“%(name)s”正在审核，不能改动。请等审核结束，或者先撤回送审。") % {"name": row.name})
    fresh = row is None
    row = row or ItemVersion(tenant=actor.tenant, item=item)
    row.item = item
    _check_revision(row, draft, revision)
    _check_unit(row, prepared, units)
    values: dict[str, Any] = {
        **content_of(prepared.draft, prepared.notes),
        "origin": source,
        "change_reason": reason or row.change_reason,
        "revision": row.revision + 1,
        "author_id": actor.person_id,
        "author_name": actor.name,
        "saved_at": now(),
        "authors": _with(row.authors, actor.person_id),
    }
    if answers is not None:
        values["answers"] = {key: text.strip() for key, text in answers.items() if text.strip()}
    for field, value in values.items():
        setattr(row, field, value)
    row.save(force_insert=fresh)
    if fresh:
        record(actor, row, "catalogue.item_drafted", {"code": item.code or "", "source": str(source)})
    return row


@transaction.atomic
def draft_from_version(*, actor: Actor, version_id: uuid.UUID, reason: str = "") -> ItemVersion:
    """Begin the next version from what one says, in force, older, or one that was refused; its form is the newest.

    Raises NotFound, NotPermitted, and Conflict where a draft is open already.
    """
    source = ItemVersion.objects.filter(tenant=actor.tenant, pk=version_id).select_related("item__parent").first()
    if source is None or source.status == VersionStatus.DISCARDED:
        raise NotFound(_("没有这个事项版本。"))
    item = source.item
    require_editor(actor, org_code=item.org_code)
    Item.objects.select_for_update().get(pk=item.pk)
    if ItemVersion.objects.filter(item=item, status__in=OPEN).exists():
        raise Conflict(_("“%(name)s”已经有一份草稿，请在那份草稿上修改，或者先作废它。") % {"name": source.name})
    said = draft_of(source)
    draft = dataclasses.replace(said, department=item.org_name, form_version=None, code=item.code or said.code)
    return draft_item(actor=actor, draft=draft, reason=reason, item_id=item.id)


def locked_draft(actor: Actor, version_id: uuid.UUID) -> ItemVersion:
    """A version that has not been published, with its item, both locked: the item first, as publication does.

    Raises NotFound outside the actor's tenant.
    """
    if not ItemVersion.objects.filter(tenant=actor.tenant, pk=version_id, status__in=UNPUBLISHED).exists():
        raise NotFound(_("没有这份事项草稿，它可能已经发布。请刷新后查看。"))
    return locked_version(version_id)


def locked_version(version_id: uuid.UUID) -> ItemVersion:
    """A version with its item, both locked, the item first."""
    item_id = ItemVersion.objects.values_list("item_id", flat=True).get(pk=version_id)
    item = Item.objects.select_for_update().get(pk=item_id)
    row = ItemVersion.objects.select_for_update().get(pk=version_id)
    row.item = item
    return row


def _check_revision(row: ItemVersion, sent: ItemDraft, revision: int | None) -> None:
    if revision is None or revision == row.revision:
        return
    if not row.revision:
        raise DraftConflict(
            _("这份草稿已经送审、发布或者作废，没有保存。您填写的内容还在页面上。"), sent=sent, current=None, revision=0
        )
    raise DraftConflict(
        _("%(name)s已经在%(time)s保存过这份草稿。您填写的内容还在页面上，没有丢失，也没有覆盖对方的。")
        % {"name": row.author_name, "time": cn_datetime(row.saved_at)},
        sent=sent,
        current=draft_of(row),
        revision=row.revision,
    )


def _check_unit(row: ItemVersion, prepared: Prepared, units: UnitDirectory) -> None:
    """While a review is under way (sent back to be changed) its unit stays: its leader has judged it."""
    if not row.under_review:
        return
    before = units.find(row.header["department"])
    if before is not None and before.id != prepared.unit.id:
        raise Invalid(_("这份草稿是审核中退回修改的，不能更换实施部门。需要更换的，请先撤回送审。"), field="department")


def _locked_item(actor: Actor, prepared: Prepared, item_id: uuid.UUID | None) -> Item:
    """The item as it is (a draft moves nothing of it), or a new one; only editors of its present unit may go on."""
    if item_id is None:
        code = prepared.draft.code if rules.is_code(prepared.draft.code) else None
        headless = dataclasses.replace(prepared, draft=dataclasses.replace(prepared.draft, parent_code=""))
        try:
            with transaction.atomic():
                return Item.objects.create(tenant=actor.tenant, code=code, **item_values(actor.tenant, headless))
        except IntegrityError:
            raise Conflict(_("刚刚有人用同一个实施编码建了事项，请刷新后在那份草稿上修改。")) from None
    item = Item.objects.select_for_update().filter(tenant=actor.tenant, pk=item_id).first()
    if item is None:
        raise NotFound(_("没有这个事项。"))
    require_editor(actor, org_code=item.org_code)
    return item


def _prepare(draft: ItemDraft, units: UnitDirectory, remarks: Sequence[str]) -> Prepared:
    errors = _too_long(draft)
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


def _too_long(draft: ItemDraft) -> dict[str, str]:
    """What does not fit into its column, by field."""
    found = {}
    for field in SAME:
        column, value = ItemVersion._meta.get_field(field), getattr(draft, field)
        most = getattr(column, "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            found[field] = _("%(label)s最多 %(most)d 个字，现在有 %(count)d 个。") % {
                "label": rules.LABELS[field],
                "most": most,
                "count": len(value),
            }
    return found


def check_reason(reason: str) -> None:
    """Raises Invalid for a reason that is a document by itself."""
    if len(reason.strip()) > REASON_MAX:
        raise Invalid(_("理由最多 %(most)d 个字。") % {"most": REASON_MAX}, field="reason")


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


def _with(people: Sequence[uuid.UUID], person: uuid.UUID | None) -> list[uuid.UUID]:
    return list(dict.fromkeys([*people, *([person] if person else [])]))


def record(actor: Actor, row: ItemVersion, act: str, payload: Mapping[str, Any]) -> None:
    """One entry about a version, under its item."""
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=ITEM_KIND, id=str(row.item_id)),
        payload={"name": row.name, "version_id": row.id, **payload},
    )
