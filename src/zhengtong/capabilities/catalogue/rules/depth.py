"""网上办理率：which items can be handled online, the share of them, and what keeps the others back (plan J-29)."""

import dataclasses
from collections.abc import Iterable, Sequence

_ORDER = ("I", "II", "III", "IV")
_WORDS = {"I": "只能到窗口办理", "II": "网上只能预审", "III": "网上受理", "IV": "全程网办"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reach:
    """What the share is reckoned from: an item's depth, route, form, and what still has to be handed in by hand."""

    code: str
    name: str
    org_code: str
    org_name: str
    power_type: str
    depth: str
    has_route: bool
    own_form: bool
    visits: int | None
    papers_by_hand: int
    result_online: bool


@dataclasses.dataclass(frozen=True)
class Share:
    """Items of a unit: how many, how many of them online, and the names of what keeps the others back, by item."""

    key: str
    label: str
    total: int
    online: int

    @property
    def percent(self) -> float:
        """Share of online items in per cent, one decimal; 100 for a unit without items."""
        return 100.0 if not self.total else round(1000 * self.online / self.total) / 10


def is_online(reach: Reach, *, least: str) -> bool:
    """Whether an item counts: it has a route an application can take, and at least the depth ``least``."""
    return reach.has_route and _ORDER.index(reach.depth) >= _ORDER.index(least)


def hindrances(reach: Reach) -> tuple[str, ...]:
    """What is missing before nobody has to come to the hall for the item; empty when nothing is."""
    found = []
    if not reach.has_route:
        found.append("没有办理流程，不能接收申请")
    if reach.depth != "IV":
        found.append(_WORDS[reach.depth] + "，尚未全程网办")
    if reach.has_route and not reach.own_form:
        found.append("使用通用申请表，没有专用的电子表单")
    if reach.visits:
        found.append(f"还要到现场 {reach.visits} 次")
    if reach.papers_by_hand:
        found.append(f"{reach.papers_by_hand} 份材料须交原件，未改为数据共享或电子件")
    if reach.has_route and not reach.result_online:
        found.append("办理结果没有电子文书模板")
    return tuple(found)


def shares(reaches: Iterable[Reach], *, least: str) -> list[Share]:
    """By unit, the lowest share first, then the largest unit."""
    units: dict[str, list[Reach]] = {}
    for reach in reaches:
        units.setdefault(reach.org_code, []).append(reach)
    found = [
        Share(code, rows[0].org_name, len(rows), sum(is_online(row, least=least) for row in rows))
        for code, rows in units.items()
    ]
    return sorted(found, key=lambda share: (share.percent, -share.total, share.key))


def whole(parts: Sequence[Share]) -> Share:
    """The county's share: all items, not the mean of the units."""
    return Share("", "全县", sum(part.total for part in parts), sum(part.online for part in parts))
