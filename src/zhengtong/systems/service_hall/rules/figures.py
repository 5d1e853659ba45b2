"""办件统计的指标：what each figure counts, its formula in words, and how it is computed from counted cases.

Groups after the plan's measures of services 实现程度、质量、效率、满意度 (S-50), with the volumes in front.
"""

import dataclasses
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhengtong.kernel import measures
from zhengtong.kernel.measures import Value, percent

GROUPS = {
    "volume": "办件量",
    "reach": "实现程度",
    "quality": "质量",
    "speed": "效率",
    "satisfaction": "满意度",
}


@dataclasses.dataclass(frozen=True)
class Tally:
    """What was counted in a time, for the county, a unit or an item; days are working days, None without cases."""

    applied: int = 0
    online: int = 0
    counter: int = 0
    town: int = 0
    accepted: int = 0
    decided: int = 0
    granted: int = 0
    refused: int = 0
    not_accepted: int = 0
    dropped: int = 0
    open: int = 0
    overdue: int = 0
    on_time: int = 0
    lawful: int = 0
    median: float | None = None
    p90: float | None = None
    mean: float | None = None
    promised: float | None = None
    statutory: float | None = None
    no_trip: int = 0
    one_trip: int = 0
    trips: int = 0
    trips_before: int = 0
    papers: int = 0
    reused: int = 0
    notices: int = 0
    corrected: int = 0
    repeated: int = 0
    rated: int = 0
    good: int = 0
    stars: float | None = None
    bad: int = 0
    contacted: int = 0

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Tally":
        """As a report keeps it; figures added to the platform since then are empty."""
        names = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, to be kept."""
        return dataclasses.asdict(self)

    @property
    def empty(self) -> bool:
        """True when nothing at all happened."""
        return not any(dataclasses.astuple(self))


def _rounded(number: float | None, digits: str = "0.1") -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(Decimal(digits), ROUND_HALF_UP)


def _faster(tally: Tally) -> Decimal | None:
    if tally.mean is None or not tally.statutory:
        return None
    return _rounded(100 - 100 * tally.mean / tally.statutory)


Measure = measures.Measure[Tally]


def _count(key: str, label: str, group: str, formula: str, unit: str = "件", better: str = "") -> Measure:
    return Measure(key, label, unit, group, formula, lambda tally: int(getattr(tally, key)), better)


def _share(key: str, label: str, group: str, formula: str, whole: str, better: str = "up") -> Measure:
    def of(tally: Tally) -> Value:
        return percent(getattr(tally, key), getattr(tally, whole))

    return Measure(key, label, "%", group, formula, of, better)


_ALL = (
    _count("applied", "收件", "volume", "收件日期在这段时间内的申请，草稿和已删除的不算"),
    _count("accepted", "受理", "volume", "受理日期在这段时间内的办件，含视为受理"),
    _count("decided", "办结", "volume", "这段时间内作出准予或者不予许可决定的办件"),
    _count("granted", "准予", "volume", "办结的办件中准予的"),
    _count("refused", "不予许可", "volume", "办结的办件中不予许可的"),
    _count("not_accepted", "不予受理", "volume", "这段时间内决定不予受理的，不计入办结"),
    _count("dropped", "撤回和终止", "volume", "这段时间内申请人撤回的和终止办理的，不计入办结"),
    _count("open", "期末在办", "volume", "最后一天还没有办结的办件"),
    _share("online", "网上申请率", "reach", "网上提交的申请 ÷ 收件", "applied"),
    _share("counter", "县窗口代录", "reach", "县级窗口代录的申请 ÷ 收件", "applied", ""),
    _share("town", "乡镇和村代录", "reach", "乡镇便民服务中心、村（社区）代办点代录的申请 ÷ 收件", "applied", ""),
    _share("no_trip", "全程网办率", "reach", "到现场 0 次的办件 ÷ 办结", "decided"),
    _share("one_trip", "最多跑一次率", "reach", "到现场不超过 1 次的办件 ÷ 办结", "decided"),
    Measure(
        "saved",
        "少跑",
        "次",
        "reach",
        "办结的办件相加：网办以前要到现场的次数（本地设定，待核实）减去实际到现场次数",
        lambda tally: tally.trips_before - tally.trips,
        "up",
    ),
    _count("reused", "免提交材料", "reach", "收件中用已有证照、以前的材料代替，不用再交的份数", "份", "up"),
    _share("corrected", "补正率", "quality", "发过一次性告知的申请 ÷ 收件", "applied", "down"),
    _count("notices", "一次性告知", "quality", "收件中各次一次性告知相加", "次", "down"),
    _count("repeated", "告知两次以上", "quality", "收件中一次性告知发过两次以上的申请", "件", "down"),
    _share("on_time", "按期办结率", "speed", "没有超过承诺时限的办件 ÷ 办结", "decided"),
    _share("lawful", "法定时限内办结率", "speed", "没有超过法定时限的办件 ÷ 办结", "decided"),
    Measure(
        "median",
        "用时中位数",
        "个工作日",
        "speed",
        "办结的办件从受理到决定的工作日数，停止计时的日子不算，取中位数",
        lambda tally: _rounded(tally.median),
        "down",
    ),
    Measure(
        "p90",
        "九成办件不超过",
        "个工作日",
        "speed",
        "同样的工作日数由少到多，排在百分之九十处的值",
        lambda tally: _rounded(tally.p90),
        "down",
    ),
    Measure(
        "faster",
        "比法定时限提速",
        "%",
        "speed",
        "1 − 平均用时 ÷ 平均法定时限，只算法定时限按工作日计的办件",
        _faster,
        "up",
    ),
    _count("overdue", "超期在办", "speed", "最后一天还没有办结、已经超过承诺时限的办件", "件", "down"),
    Measure(
        "satisfied",
        "满意率",
        "%",
        "satisfaction",
        "非常满意、满意、基本满意的评价 ÷ 计入的评价",
        lambda tally: percent(tally.good, tally.rated),
        "up",
        rows=False,
    ),
    Measure(
        "stars",
        "平均星级",
        "星",
        "satisfaction",
        "计入的评价的平均星级，五星最高",
        lambda tally: _rounded(tally.stars, "0.01"),
        "up",
        rows=False,
    ),
    Measure("rated", "评价", "个", "satisfaction", "这段时间内计入的评价", lambda tally: tally.rated, "up", rows=False),
    Measure(
        "contacted",
        "差评回访率",
        "%",
        "satisfaction",
        "已经联系评价人的差评 ÷ 差评",
        lambda tally: percent(tally.contacted, tally.bad),
        "up",
        rows=False,
    ),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _ALL}


def actual_trips(*, sat: int, collected: bool, visits: int | None) -> int:
    """How often somebody came: sittings at a counter and collecting the paper, at least what the guide says."""
    return max(sat + collected, visits or 0)
