"""办件月报的文字说明: every sentence computed from the figures, none from taste."""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

from zhengtong.kernel.measures import against, named, plain, words
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally


@dataclasses.dataclass(frozen=True)
class UnitTally:
    """A unit and what was counted of it."""

    name: str
    tally: Tally


@dataclasses.dataclass(frozen=True)
class Compared:
    """A month with the one before and the same month a year ago, which may hold nothing."""

    label: str
    now: Tally
    before: Tally
    last_year: Tally

    def of(self, key: str) -> str:
        """A figure in words."""
        return words(MEASURES[key], MEASURES[key].of(self.now))

    def against(self, key: str) -> str:
        """，比上月……，比去年同月……; empty where there is nothing to compare with."""
        return against(MEASURES[key], self.now, self.before, self.last_year)


def report_sentences(month: Compared, units: Sequence[UnitTally], *, smallest: int) -> list[str]:
    """The sentences of a monthly report; units with fewer than ``smallest`` decisions are not ranked."""
    now, of, against = month.now, month.of, month.against
    if now.empty:
        return [f"{month.label}没有办件。"]
    volumes = f"{month.label}全县收到申请 {of('applied')}{against('applied')}；受理 {of('accepted')}"
    found = [f"{volumes}，办结 {of('decided')}{against('decided')}；月末在办 {of('open')}。"]
    if now.decided:
        found.append(
            f"办结的办件中，准予 {of('granted')}，不予许可 {of('refused')}。"
            f"另有不予受理 {of('not_accepted')}，撤回和终止 {of('dropped')}。"
        )
        found.append(f"按期办结率 {of('on_time')}{against('on_time')}。{_days(month)}")
    if now.applied:
        found.append(
            f"网上申请占 {of('online')}{against('online')}，县窗口代录占 {of('counter')}，乡镇和村代录占 {of('town')}。"
            f"免提交材料 {of('reused')}；补正率 {of('corrected')}{against('corrected')}。"
        )
    if now.decided:
        found.append(f"全程网办率 {of('no_trip')}，最多跑一次率 {of('one_trip')}，群众和企业少跑 {of('saved')}。")
    if now.rated:
        contacted = f"；差评 {now.bad} 个，已联系评价人 {now.contacted} 个" if now.bad else "；没有差评"
        found.append(f"收到评价 {of('rated')}，满意率 {of('satisfied')}{against('satisfied')}{contacted}。")
    return [*found, *_of_units(units, smallest)]


def _days(month: Compared) -> str:
    now = month.now
    if now.median is None:
        return ""
    limits = [
        f"{name} {plain(Decimal(str(days)).quantize(Decimal('0.1')))} 个工作日"
        for name, days in (("承诺时限平均", now.promised), ("法定时限平均", now.statutory))
        if days is not None
    ]
    said = f"办理用时中位数 {month.of('median')}{month.against('median')}，九成办件不超过 {month.of('p90')}"
    return "；".join([said, *limits]) + "。"


def _of_units(units: Sequence[UnitTally], smallest: int) -> list[str]:
    found = []
    busiest = max(units, key=lambda unit: unit.tally.decided, default=None)
    if busiest is not None and busiest.tally.decided and len(units) > 1:
        found.append(f"办结最多的是{busiest.name}（{busiest.tally.decided:,} 件）。")
    ranked = [unit for unit in units if unit.tally.decided >= max(smallest, 1)]
    if len(ranked) > 1:
        rate = MEASURES["on_time"].of
        best = max(ranked, key=lambda unit: (rate(unit.tally) or 0, unit.tally.decided))
        worst = min(ranked, key=lambda unit: (rate(unit.tally) or 0, -unit.tally.decided))
        if rate(best.tally) != rate(worst.tally):
            found.append(
                f"办结 {smallest} 件以上的单位中，按期办结率最高的是{best.name}（{plain(rate(best.tally))}%），"
                f"最低的是{worst.name}（{plain(rate(worst.tally))}%）。"
            )
        else:
            found.append(f"办结 {smallest} 件以上的 {len(ranked)} 个单位，按期办结率都是 {plain(rate(best.tally))}%。")
    late = named([(unit.name, unit.tally.decided - unit.tally.on_time) for unit in units])
    found.append(f"有超期办结的单位：{late}。" if late else "没有单位超期办结。")
    open_late = named([(unit.name, unit.tally.overdue) for unit in units])
    found.append(f"月末仍有超期在办的单位：{open_late}。" if open_late else "月末没有超期在办的办件。")
    return found
