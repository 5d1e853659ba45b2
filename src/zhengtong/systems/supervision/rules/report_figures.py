"""电子监察月报的指标: what each figure counts, in words, and the sentences that are computed from them."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.kernel import measures
from zhengtong.kernel.measures import Value, against, named, percent, plain, too_few, words

GROUPS = {
    "cases": "办理",
    "cards": "亮牌",
    "judged": "处理和整改",
    "complaints": "投诉",
    "inspections": "督查",
}


@dataclasses.dataclass(frozen=True)
class MonthTally:
    """What supervision counted in a month, for the county or for a unit.

    Cards are those raised in the month, with what had become of them when it was counted; appeals, rectifications and
    explanations are acts and limits of the month. ``complaints`` and its parts are None where too few to be told.
    """

    closed: int = 0
    in_time: int = 0
    steps: int = 0
    steps_in_time: int = 0
    hint: int = 0
    yellow: int = 0
    red: int = 0
    breach: int = 0
    confirmed: int = 0
    cancelled: int = 0
    cleared: int = 0
    pending: int = 0
    appeals: int = 0
    explain_late: int = 0
    rectified: int = 0
    rectify_late: int = 0
    complaints: int | None = 0
    founded: int | None = 0
    complaints_late: int | None = 0
    visits: int = 0
    findings: int = 0
    serious: int = 0
    findings_late: int = 0
    referred: int = 0

    @property
    def raised(self) -> int:
        """All cards of the month."""
        return self.hint + self.yellow + self.red + self.breach

    @property
    def empty(self) -> bool:
        """True when nothing at all happened."""
        return not any(value != 0 for value in dataclasses.astuple(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "MonthTally":
        """As a report keeps it; figures added to the platform since then are empty."""
        names = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, to be kept."""
        return dataclasses.asdict(self)

    def hidden(self, *, complaints: bool, late: bool) -> "MonthTally":
        """The same without numbers so small that who complained could be found out."""
        found = dataclasses.replace(self, complaints=None, founded=None) if complaints else self
        return dataclasses.replace(found, complaints_late=None) if late else found


Measure = measures.Measure[MonthTally]


def _count(key: str, label: str, group: str, formula: str, unit: str = "件", better: str = "") -> Measure:
    def of(tally: MonthTally) -> Value:
        found = getattr(tally, key)
        return None if found is None else int(found)

    return Measure(key, label, unit, group, formula, of, better)


def _share(key: str, label: str, group: str, formula: str, part: str, whole: str) -> Measure:
    def of(tally: MonthTally) -> Value:
        return percent(getattr(tally, part), getattr(tally, whole))

    return Measure(key, label, "%", group, formula, of, "up")


_ALL = (
    _count("closed", "办结", "cases", "当月办结的办件，含撤回和终止的"),
    _share("on_time", "按期办结率", "cases", "没有超过时限的办件 ÷ 办结", "in_time", "closed"),
    _count("steps", "办理环节", "cases", "当月办理完毕的环节", "个"),
    _share("steps_on_time", "环节按期率", "cases", "没有超过环节时限的环节 ÷ 办理环节", "steps_in_time", "steps"),
    _count("raised", "亮牌", "cards", "当月发生的情形亮出的牌，后来撤销的也在内", "张", "down"),
    _count("hint", "提示", "cards", "其中提示", "张"),
    _count("yellow", "黄牌", "cards", "其中黄牌", "张", "down"),
    _count("red", "红牌", "cards", "其中红牌", "张", "down"),
    _count("breach", "严重红牌", "cards", "其中严重红牌", "张", "down"),
    _count("confirmed", "已认定", "judged", "当月的牌中监察员已经认定的", "张", "down"),
    _count("cancelled", "已撤销", "judged", "当月的牌中已经撤销的，不计分", "张"),
    _count("cleared", "自动销号", "judged", "当月的预警中按期办理、自动销号的", "张"),
    _count("pending", "待说明、待核定", "judged", "当月的牌中还没有核定的", "张"),
    _count("appeals", "申诉", "judged", "当月责任单位对亮牌提出的申诉", "次"),
    _count("explain_late", "逾期没有说明", "judged", "当月期满、责任单位没有说明的", "次", "down"),
    _count("rectified", "按期整改", "judged", "当月在整改期限内报告整改的", "张", "up"),
    _count("rectify_late", "逾期没有整改", "judged", "当月整改期限届满、没有报告整改的", "张", "down"),
    _count(
        "complaints",
        "投诉",
        "complaints",
        "当月办结的投诉、举报；各单位的只算署名的，件数太少的不显示，免得查出是谁写的",
        "件",
        "down",
    ),
    _count("founded", "其中属实", "complaints", "其中认定属实或者部分属实的", "件", "down"),
    _count("complaints_late", "超期的投诉", "complaints", "当月超过办理期限的投诉", "件", "down"),
    _count("visits", "督查", "inspections", "当月完成的督查", "次"),
    _count("findings", "发现问题", "inspections", "当月督查发现的问题", "个", "down"),
    _count("serious", "其中严重", "inspections", "其中严重的问题", "个", "down"),
    _count("findings_late", "督查整改超期", "inspections", "当月被督查单位超过整改期限的", "次", "down"),
    _count("referred", "移交监察", "inspections", "当月没有整改到位、移交监察的问题", "个", "down"),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _ALL}
#: figures of the table of units
TABLE = ("closed", "on_time", "yellow", "red", "breach", "confirmed", "cancelled", "rectified", "rectify_late")


def hide_few(tallies: Sequence[MonthTally], smallest: int) -> list[MonthTally]:
    """The units' tallies with complaints hidden where they are few, and where the others would tell how few."""
    few, _total = too_few([tally.complaints or 0 for tally in tallies], smallest)
    late, _total = too_few([tally.complaints_late or 0 for tally in tallies], smallest)
    return [tally.hidden(complaints=place in few, late=place in late) for place, tally in enumerate(tallies)]


@dataclasses.dataclass(frozen=True)
class Compared:
    """A month of the county or of a unit, with the month before and the same month a year ago."""

    label: str
    now: MonthTally
    before: MonthTally
    last_year: MonthTally

    def of(self, key: str) -> str:
        """A figure in words."""
        return words(MEASURES[key], MEASURES[key].of(self.now))

    def with_change(self, key: str) -> str:
        """A figure with how it changed."""
        return self.of(key) + against(MEASURES[key], self.now, self.before, self.last_year)


def sentences(
    month: Compared, units: Sequence[tuple[str, MonthTally]], best: Sequence[str], *, smallest: int
) -> list[str]:
    """The report in words; ``best`` names the first of the published ranking. Few cases give no rate of a unit."""
    now, of = month.now, month.of
    if now.empty:
        return [f"{month.label}没有办件，也没有亮牌。"]
    found = [*_work(month), *_cards(month)]
    lit = named([(name, tally.yellow + tally.red + tally.breach) for name, tally in units], "张")
    found.append(f"黄牌以上最多的单位：{lit}。" if lit else "没有单位亮黄牌以上的牌。")
    slow = [
        (name, tally.closed - tally.in_time)
        for name, tally in units
        if tally.closed >= smallest and tally.in_time < tally.closed
    ]
    if slow:
        found.append(f"有超期办结的单位：{named(slow)}。")
    if now.complaints is None:
        found.append("办结的投诉很少，不列件数。")
    elif now.complaints:
        found.append(f"办结投诉 {month.with_change('complaints')}，其中属实 {of('founded')}。")
    if now.visits or now.findings:
        found.append(f"完成督查 {of('visits')}，发现问题 {of('findings')}，其中严重 {of('serious')}。")
    if best:
        found.append(f"已公布的监察得分中，排在第一的是{'、'.join(best[:3])}{'等' if len(best) > 3 else ''}。")
    return found


def _work(month: Compared) -> list[str]:
    if not month.now.closed and not month.now.steps:
        return [f"{month.label}没有办结的办件。"]
    said = f"{month.label}没有办结的办件。"
    if month.now.closed:
        said = f"{month.label}办结 {month.with_change('closed')}；按期办结率 {month.with_change('on_time')}。"
    steps = f"办理环节 {month.of('steps')}，环节按期率 {month.of('steps_on_time')}。" if month.now.steps else ""
    return [said + steps]


def _cards(month: Compared) -> list[str]:
    now, of = month.now, month.of
    if not now.raised:
        return ["当月没有亮牌。"]
    levels = "，".join(f"{MEASURES[key].label} {of(key)}" for key in ("hint", "yellow", "red", "breach"))
    become = "，".join(f"{MEASURES[key].label} {of(key)}" for key in ("confirmed", "cancelled", "cleared", "pending"))
    found = [f"亮牌 {month.with_change('raised')}：{levels}。", f"其中{become}；责任单位申诉 {of('appeals')}。"]
    found.append(f"按期整改 {of('rectified')}，逾期没有整改 {of('rectify_late')}。")
    return found


def unit_sentences(name: str, month: Compared, place: int | None, of: int) -> list[str]:
    """A unit's own part in words."""
    found = [f"{name}：{one}" if number == 0 else one for number, one in enumerate([*_work(month), *_cards(month)])]
    if place is not None:
        found.append(f"监察得分排在 {of} 个单位的第 {plain(place)} 名。")
    return found
