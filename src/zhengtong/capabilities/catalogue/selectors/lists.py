"""Published items in lists: filtered, counted, grouped."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Value, When

from zhengtong.capabilities.cases.api import Limit
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ApplicantType, OnlineDepth, PowerType, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors.versions import version_view
from zhengtong.kernel.paging import Page, page_of

PAGE_SIZE = 20
FILTERS = ("department", "theme", "applicant", "power_type", "depth")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemFilters:
    """What a list is narrowed to: codes as in ``constants``, the unit's code, the theme's name; empty for all.

    ``themes`` are those of an event of life: an item has one of them. ``for_applicants`` leaves out the powers nobody
    applies for: penalties, coercion, levies, inspections.
    """

    department: str = ""
    theme: str = ""
    applicant: str = ""
    power_type: str = ""
    depth: str = ""
    themes: tuple[str, ...] = ()
    for_applicants: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemSummary:
    """One published item in a list."""

    id: uuid.UUID
    version_id: uuid.UUID
    code: str
    name: str
    org_code: str
    org_name: str
    power_type_label: str
    applicant_label: str
    depth_label: str
    promised: Limit
    joint: bool

    @property
    def promise(self) -> str:
        """承诺 8 个工作日办结, 当日办结, 没有规定办理时限."""
        return rules.promise_words(str(self.promised))


@dataclasses.dataclass(frozen=True)
class Option:
    """One choice of a filter, with how many items it leaves."""

    key: str
    label: str
    count: int


def list_items(
    tenant: str, filters: ItemFilters | None = None, page: object = 1, *, size: int = PAGE_SIZE
) -> Page[Any]:
    """Published items, the often used ones first, then by department: a page of ``ItemSummary``."""
    rows = _filtered(tenant, filters or ItemFilters()).select_related("item").order_by(*_often_used_first())
    found = page_of(rows, page, size=size)
    return dataclasses.replace(found, rows=[summary_of(row) for row in found.rows])


def power_list(tenant: str, filters: ItemFilters, page: object, *, size: int) -> Page[Any]:
    """Published items by unit and type with all their columns: a page of ``ItemVersionView``."""
    rows = (
        _filtered(tenant, filters).select_related("item").order_by("item__org_code", "item__power_type", "name", "id")
    )
    found = page_of(rows, page, size=size)
    return dataclasses.replace(found, rows=[version_view(row) for row in found.rows])


def filter_options(tenant: str, filters: ItemFilters | None = None) -> dict[str, list[Option]]:
    """The choices of each filter, counted with the other filters applied; those that leave nothing are left out."""
    chosen = filters or ItemFilters()
    return {
        "department": _departments(_filtered(tenant, chosen, without="department")),
        "theme": _themes(_filtered(tenant, chosen, without="theme")),
        "applicant": _applicants(_filtered(tenant, chosen, without="applicant")),
        "power_type": _coded(_filtered(tenant, chosen, without="power_type"), "item__power_type", PowerType),
        "depth": _coded(_filtered(tenant, chosen, without="depth"), "online_depth", OnlineDepth),
    }


def sub_items(tenant: str, code: str) -> list[ItemSummary]:
    """The sub-items (子项) in force of a main item, by code."""
    rows = ItemVersion.objects.filter(tenant=tenant, item__parent__code=code, status=VersionStatus.PUBLISHED)
    return [summary_of(row) for row in rows.select_related("item").order_by("item__code", "id")]


def main_item(tenant: str, item_id: uuid.UUID) -> ItemSummary | None:
    """The main item (主项) with that key while it is in force."""
    rows = ItemVersion.objects.filter(tenant=tenant, item_id=item_id, status=VersionStatus.PUBLISHED)
    row = rows.select_related("item").first()
    return summary_of(row) if row else None


def popular_items(tenant: str, count: int = 6) -> list[ItemSummary]:
    """The items applied for most; among equals those the county put forward."""
    rows = _filtered(tenant, ItemFilters()).exclude(process_key="").select_related("item")
    return [summary_of(row) for row in rows.order_by(*_often_used_first())[:count]]


def list_themes(tenant: str) -> list[Option]:
    """Themes with the number of published items, the largest first."""
    return _themes(_filtered(tenant, ItemFilters()))


def list_departments(tenant: str) -> list[Option]:
    """Departments with the number of published items, the largest first."""
    return _departments(_filtered(tenant, ItemFilters()))


_NOT_APPLIED_FOR = (PowerType.PENALTY, PowerType.COERCION, PowerType.LEVY, PowerType.INSPECTION)


def _often_used_first() -> tuple[Any, ...]:
    last = Value(10_000)
    put_forward = Case(When(item__featured=0, then=last), default=F("item__featured"), output_field=IntegerField())
    return ("-item__uses", put_forward, "item__org_code", "name", "id")


def _filtered(tenant: str, filters: ItemFilters, *, without: str = "") -> "QuerySet[ItemVersion]":
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED)
    conditions: Mapping[str, Q] = {
        "department": Q(item__org_code=filters.department),
        "theme": Q(themes__contains=[filters.theme]),
        "applicant": Q(applicant_type__in=[filters.applicant, ApplicantType.BOTH]),
        "power_type": Q(item__power_type=filters.power_type),
        "depth": Q(online_depth=filters.depth),
        "themes": Q(themes__overlap=list(filters.themes)),
    }
    for name in (*FILTERS, "themes"):
        if getattr(filters, name) and name != without:
            rows = rows.filter(conditions[name])
    return rows.exclude(item__power_type__in=_NOT_APPLIED_FOR) if filters.for_applicants else rows


def _departments(rows: "QuerySet[ItemVersion]") -> list[Option]:
    found = rows.values_list("item__org_code", "item__org_name").annotate(count=Count("id"))
    return [Option(*row) for row in found.order_by("-count", "item__org_code")]


def _themes(rows: "QuerySet[ItemVersion]") -> list[Option]:
    each = rows.annotate(theme=Func("themes", function="unnest")).values_list("theme").annotate(count=Count("id"))
    return [Option(theme, theme, count) for theme, count in each.order_by("-count", "theme")]


def _applicants(rows: "QuerySet[ItemVersion]") -> list[Option]:
    counts = dict(rows.values_list("applicant_type").annotate(count=Count("id")).order_by())
    both = counts.get(ApplicantType.BOTH, 0)
    options = (ApplicantType.PERSON, ApplicantType.LEGAL)
    return [Option(o.value, str(o.label), counts.get(o, 0) + both) for o in options if counts.get(o, 0) + both]


def _coded(rows: "QuerySet[ItemVersion]", field: str, choices: Any) -> list[Option]:
    counts = dict(rows.values_list(field).annotate(count=Count("id")).order_by())
    return [Option(choice.value, str(choice.label), counts[choice.value]) for choice in choices if choice in counts]


def summary_of(row: ItemVersion) -> ItemSummary:
    """The line of a version whose item was read with it."""
    return ItemSummary(
        id=row.item_id,
        version_id=row.id,
        code=row.item.code or "",
        name=row.name,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        power_type_label=str(PowerType(row.item.power_type).label),
        applicant_label=str(ApplicantType(row.applicant_type).label),
        depth_label=str(OnlineDepth(row.online_depth).label),
        promised=Limit.parse(row.promised_limit),
        joint=bool(row.joint_departments),
    )
