"""Items on the desk of those who make them: the version at work of each, with what it lacks."""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import BooleanField, Case, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ItemKind, PowerType, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

#: which version of an item is the one at work
_ORDER = (
    VersionStatus.DRAFT,
    VersionStatus.REVIEW,
    VersionStatus.SCHEDULED,
    VersionStatus.PUBLISHED,
    VersionStatus.RETIRED,
    VersionStatus.REFUSED,
    VersionStatus.DISCARDED,
)
#: roles that see the items of the whole county
COUNTY_ROLES = (Role.ITEM_ADMIN, Role.LEGAL_REVIEWER, Role.PROCESS_ADMIN)
UNIT_ROLES = (Role.ITEM_EDITOR, Role.LEADER)
READERS = (*UNIT_ROLES, *COUNTY_ROLES)
_NONE: list[Any] = []
_ELEMENTS = 7  # what 行政许可法 第三十条 names, as ``rules.guide_gaps`` counts it


def _has_sample() -> Func:
    path = Value('$[*] ? (@.example != "" || @.sample_file != "")')
    return Func(
        F("materials"), path, function="jsonb_path_exists", template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )  # fmt: skip


#: element a guide must state (行政许可法 第三十条) → its label and the rows that lack it
_MISSING: Mapping[str, tuple[Any, Q]] = {
    "basis": (gettext_lazy("设定依据"), Q(legal_basis="")),
    "limits": (gettext_lazy("时限"), Q(statutory_limit="") | Q(promised_limit="")),
    "conditions": (gettext_lazy("办理条件"), Q(conditions=_NONE)),
    "quantity": (gettext_lazy("数量限制"), Q(quantity="")),
    "materials": (gettext_lazy("申请材料"), Q(materials=_NONE)),
    "sample": (gettext_lazy("示范文本"), Q(has_sample=False)),
    "flow": (gettext_lazy("办理程序"), Q(flow=_NONE)),
}
MISSING = {key: label for key, (label, _rows) in _MISSING.items()}


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeskFilters:
    """What the list is narrowed to; ``state`` is a value of ``VersionStatus``, ``problems`` yes or no."""

    q: str = ""
    state: str = ""
    power_type: str = ""
    unit: str = ""
    kind: str = ""
    problems: str = ""
    missing: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeskItem:
    """An item in the list: its version at work, the version in force, what is missing."""

    item_id: uuid.UUID
    version_id: uuid.UUID
    code: str
    name: str
    kind: str
    org_code: str
    org_name: str
    power_type_label: str
    state: str
    published: int
    case_id: uuid.UUID | None
    revision: int
    author: str
    saved_at: dt.datetime | None
    stated: int
    elements: int
    problems: tuple[str, ...]


def desk_items(actor: Actor, filters: DeskFilters, page: object = 1, *, size: int = 20) -> Page[Any]:
    """Items of the actor's reach, those at work first, then by unit and name: a page of ``DeskItem``."""
    rows = _filtered(_heads(actor), filters).select_related("item", "item__parent")
    found = page_of(rows.order_by(F("saved_at").desc(nulls_last=True), "item__org_code", "name", "id"), page, size=size)
    return dataclasses.replace(found, rows=[_desk_item(row) for row in found.rows])


def desk_units(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the units that have items in the actor's reach."""
    rows = Item.objects.filter(reach(actor)).values_list("org_code", "org_name").distinct()
    return sorted(dict(rows).items())


def desk_totals(actor: Actor) -> dict[str, int]:
    """How many items stand in which state."""
    found: Counter[str] = Counter(_heads(actor).values_list("status", flat=True))
    return {state: found[state] for state in VersionStatus.values}


def reach(actor: Actor, prefix: str = "") -> Q:
    """Items an official sees on the desk: the county's for those who keep the list, else those of the unit."""
    own = Q(**{f"{prefix}tenant": actor.tenant})
    if actor.has_role(*COUNTY_ROLES):
        return own
    if actor.has_role(*UNIT_ROLES):
        return own & Q(**{f"{prefix}org_code": actor.org_code})
    return Q(pk__in=[])


def desk_item(actor: Actor, item_id: uuid.UUID) -> Item:
    """An item in the actor's reach; raises NotFound."""
    item = Item.objects.select_related("parent").filter(reach(actor), pk=item_id).first()
    if item is None:
        raise NotFound(
            _("没有找到这个事项，或者它属于别的单位。如需查看，请向该单位的事项编制人或者权力清单管理员提出。")
        )
    return item


def item_versions(item: Item) -> list[ItemVersion]:
    """Every version of an item: the one at work first, then by number, the newest first."""
    rows = ItemVersion.objects.filter(item=item).select_related("item", "item__parent")
    places = {str(status): place for place, status in enumerate(_ORDER)}
    return sorted(rows, key=lambda row: (places[row.status], -(row.version or 0), -row.created_at.timestamp()))


def item_named(tenant: str, name: str, unit: str) -> Item | None:
    """The item of a unit that is at work or in force under this name, None when there is none."""
    rows = ItemVersion.objects.filter(tenant=tenant, name=name, item__org_name=unit)
    row = rows.exclude(status=VersionStatus.RETIRED).select_related("item").first()
    return row.item if row else None


def version_of_case(actor: Actor, case_id: uuid.UUID) -> ItemVersion:
    """The version a review is about, in the actor's reach; raises NotFound."""
    rows = ItemVersion.objects.filter(tenant=actor.tenant, case_id=case_id).select_related("item", "item__parent")
    row = rows.filter(item__in=Item.objects.filter(reach(actor))).first()
    if row is None:
        raise NotFound(_("没有找到这个审核任务，或者它不由您所在的单位办理。"))
    return row


def published_items(tenant: str, words: str, *, most: int = 20) -> list[ItemVersion]:
    """Single items in force whose name, code or unit contains the words, for choosing the members of a bundle."""
    rows = ItemVersion.objects.filter(
        tenant=tenant, status=VersionStatus.PUBLISHED, item__kind=ItemKind.SINGLE, item__code__isnull=False
    )
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(item__code__icontains=word) | Q(item__org_name__icontains=word))
    return list(rows.select_related("item").order_by("name", "id")[:most])


def in_force(tenant: str, codes: Collection[str]) -> dict[str, ItemVersion]:
    """The versions in force of these items, by code."""
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED, item__code__in=codes)
    return {str(row.item.code): row for row in rows.select_related("item", "item__parent")}


def problems_of(row: ItemVersion) -> tuple[str, ...]:
    """What keeps a version from publication or should be looked at, in sentences."""
    draft = draft_of(row)
    return (
        (*rules.refusals(draft).values(), *rules.odd_limits(draft), *row.notes)
        if _limits_read(draft)
        else (
            *rules.refusals(draft).values(),
            *row.notes,
        )
    )


def _limits_read(draft: rules.ItemDraft) -> bool:
    limits = (draft.statutory_limit, draft.promised_limit, *(unit.limit for unit in draft.joint_units))
    return all(rules.is_limit(limit) for limit in limits)


def _heads(actor: Actor) -> "QuerySet[ItemVersion]":
    """The version at work of each item: the open one, else the one in force, else the last that ended."""
    rank = Case(*(When(status=status, then=Value(place)) for place, status in enumerate(_ORDER)), default=Value(9))
    reached = ItemVersion.objects.filter(item__in=Item.objects.filter(reach(actor)))
    first = reached.annotate(rank=rank).order_by("item_id", "rank", "-version", "-saved_at", "id").distinct("item_id")
    in_force = ItemVersion.objects.filter(item=OuterRef("item_id"), status=VersionStatus.PUBLISHED).values("version")
    rows = ItemVersion.objects.filter(pk__in=first.values("pk"))
    return rows.annotate(has_sample=_has_sample(), in_force=Subquery(in_force[:1]))


def _filtered(rows: "QuerySet[Any]", filters: DeskFilters) -> "QuerySet[Any]":
    for word in filters.q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(item__code__icontains=word))
    if filters.state == VersionStatus.PUBLISHED:
        rows = rows.exclude(in_force=None)
    elif filters.state:
        rows = rows.filter(status=filters.state)
    else:
        rows = rows.exclude(status=VersionStatus.DISCARDED)
    if filters.power_type:
        rows = rows.filter(item__power_type=filters.power_type)
    if filters.unit:
        rows = rows.filter(item__org_code=filters.unit)
    if filters.kind:
        rows = rows.filter(item__kind=filters.kind)
    if filters.missing in _MISSING:
        rows = rows.filter(_MISSING[filters.missing][1])
    lacking = Q(legal_basis="") | _MISSING["limits"][1] | ~Q(notes=_NONE) | Q(item__code__isnull=True, header__code="")
    if filters.problems == "yes":
        rows = rows.filter(lacking)
    elif filters.problems == "no":
        rows = rows.exclude(lacking)
    return rows


def _desk_item(row: Any) -> DeskItem:
    draft = draft_of(row)
    gaps = rules.guide_gaps(draft)
    return DeskItem(
        item_id=row.item_id,
        version_id=row.id,
        code=draft.code,
        name=row.name,
        kind=draft.kind,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        power_type_label=str(PowerType(row.item.power_type).label),
        state=row.status,
        published=row.in_force or 0,
        case_id=row.case_id,
        revision=row.revision,
        author=row.author_name,
        saved_at=row.saved_at or row.published_at,
        stated=_ELEMENTS - len(gaps),
        elements=_ELEMENTS,
        problems=problems_of(row),
    )
