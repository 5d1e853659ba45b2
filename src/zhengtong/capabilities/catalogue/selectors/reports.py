"""Reports over the county's list: how much of it is online, and what changes of items have spared people."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import GENERAL_FORM, ItemKind, OnlineDepth, PowerType, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.catalogue.selectors.versions import ItemVersionView, version_view
from zhengtong.kernel import parameters
from zhengtong.kernel.errors import NotFound

LEAST_DEPTH = parameters.declare(
    "catalogue.online_from",
    default="III",
    label="从哪一级网办深度起算作网上办理",
    unit="网办深度",
    source="四级深度的含义见事项要素；从哪一级起算没有查到原文",
    confirmed=False,
)
TRIP_WEIGHT = parameters.declare(
    "catalogue.trip_weight",
    default=5,
    label="流程优化排序中，少跑一次相当于少几个环节或材料",
    unit="倍",
    source="没有查到规定，用于排序，不影响单项数字",
    confirmed=False,
)


@dataclasses.dataclass(frozen=True)
class Gap:
    """An item that is not wholly online yet, and why."""

    unit: str
    code: str
    name: str
    depth: str
    online: bool
    missing: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class DepthReport:
    """网上办理率: the county's share, by depth and by unit; ``gaps`` are the items of one unit, or of all."""

    whole: rules.Share
    units: list[rules.Share]
    depths: list[tuple[str, str, int]]
    gaps: list[Gap]
    least: str


@dataclasses.dataclass(frozen=True)
class Improvement:
    """One item before and after: its first version in the period against the one in force."""

    code: str
    name: str
    org_code: str
    org_name: str
    before: int
    after: int
    changes: tuple[rules.Change, ...]
    score: int


def depth_report(tenant: str, *, power_type: str = PowerType.LICENCE, department: str = "") -> DepthReport:
    """Of the published items of a type (empty: of all types people apply for), the share that is online."""
    least = str(parameters.value(LEAST_DEPTH.key, tenant=tenant))
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED).select_related("item")
    rows = rows.filter(item__power_type=power_type) if power_type else rows.exclude(process_key="")
    reaches = [_reach(row) for row in rows.order_by("item__org_code", "name")]
    units = rules.shares(reaches, least=least)
    counted = [row for row in reaches if not department or row.org_code == department]
    return DepthReport(
        whole=rules.whole(units),
        units=units,
        depths=[
            (depth.value, str(depth.label), sum(row.depth == depth.value for row in counted)) for depth in OnlineDepth
        ],
        gaps=[
            Gap(
                row.org_name,
                row.code,
                row.name,
                str(OnlineDepth(row.depth).label),
                rules.is_online(row, least=least),
                missing,
            )
            for row in counted
            if (missing := rules.hindrances(row))
        ],
        least=least,
    )


def improvements(tenant: str, *, since: dt.date | None = None, department: str = "") -> list[Improvement]:
    """Items whose version in force differs from the one at ``since`` (their first), those that spare most first."""
    rows = _finished(tenant)
    if department:
        rows = rows.filter(item__org_code=department)
    by_item: dict[Any, list[ItemVersion]] = {}
    for row in rows:
        by_item.setdefault(row.item_id, []).append(row)
    weight = int(parameters.value(TRIP_WEIGHT.key, tenant=tenant))
    found = [made for versions in by_item.values() if (made := _improvement(versions, since, weight)) is not None]
    return sorted(found, key=lambda each: (-each.score, each.org_code, each.name))


def improvement_of(tenant: str, code: str) -> tuple[Improvement, ItemVersionView, ItemVersionView]:
    """One item's first version against the one in force, with both; raises NotFound when there are no two."""
    versions = list(_finished(tenant).filter(item__code=code))
    made = _improvement(versions, None, int(parameters.value(TRIP_WEIGHT.key, tenant=tenant)))
    if made is None:
        raise NotFound(_("这个事项还没有前后两个版本可以对照。"))
    return made, version_view(versions[0]), version_view(versions[-1])


def by_unit(found: Iterable[Improvement]) -> list[Mapping[str, Any]]:
    """What each unit has spared in all: items changed, steps, papers, trips; the largest sum first."""
    units: dict[str, dict[str, Any]] = {}
    for each in found:
        row = units.setdefault(each.org_code, {"label": each.org_name, "items": 0, "score": 0, "saved": {}})
        row["items"] += 1
        row["score"] += each.score
        for change in each.changes:
            row["saved"][change.label] = row["saved"].get(change.label, 0) + (change.saved or 0)
    return sorted(units.values(), key=lambda row: (-row["score"], row["label"]))


def _finished(tenant: str) -> "QuerySet[ItemVersion]":
    rows = ItemVersion.objects.filter(tenant=tenant, status__in=[VersionStatus.PUBLISHED, VersionStatus.RETIRED])
    return rows.select_related("item", "item__parent").order_by("item_id", "version")


def _improvement(versions: list[ItemVersion], since: dt.date | None, weight: int) -> Improvement | None:
    if len(versions) < 2 or versions[-1].status != VersionStatus.PUBLISHED:
        return None
    last, earlier = versions[-1], versions[:-1]
    in_force = [row for row in earlier if since is None or row.valid_from is None or row.valid_from <= since]
    first = in_force[-1] if since is not None and in_force else earlier[0]
    found = rules.changes(rules.measures_of(draft_of(first)), rules.measures_of(draft_of(last)))
    if all(change.before == change.after for change in found):
        return None
    item = last.item
    return Improvement(
        code=item.code or "",
        name=last.name,
        org_code=item.org_code,
        org_name=item.org_name,
        before=first.version or 0,
        after=last.version or 0,
        changes=found,
        score=rules.score(found, trip_weight=weight),
    )


def _reach(row: ItemVersion) -> rules.Reach:
    return rules.Reach(
        code=row.item.code or "",
        name=row.name,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        power_type=row.item.power_type,
        depth=row.online_depth,
        has_route=bool(row.process_key),
        own_form=row.form_key != GENERAL_FORM or row.item.kind == ItemKind.BUNDLE,
        visits=row.visits,
        papers_by_hand=sum(material["form"] == "原件" for material in row.materials),
        result_online=bool(row.result_template and row.result_title),
    )
