"""特别环节规则：who must be there, when it may be, and whether the clock stops. Plain data and functions."""

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from typing import Protocol

INSPECTION, EXPERT_REVIEW, PUBLIC_NOTICE = "inspection", "expert_review", "public_notice"
#: 指派两名以上工作人员核查（行政许可法 第三十四条第三款）
LEAST_INSPECTORS = 2
_NAMES = {
    INSPECTION: re.compile(r"勘验|现场核查|现场检查|踏勘|实地核查"),
    EXPERT_REVIEW: re.compile(r"专家评审|专家审查|专家论证|技术评审"),
    PUBLIC_NOTICE: re.compile(r"公示|公告"),
}


class Days(Protocol):
    """What the rules need of a working calendar."""

    def add_workdays(self, start: dt.date, n: int) -> dt.date:
        """The n-th working day after a day."""

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work on it."""


@dataclasses.dataclass(frozen=True)
class PlannedStep:
    """A special step the guide of an item names."""

    name: str
    stops_clock: bool


def stop_of(kind: str, planned: Sequence[PlannedStep]) -> tuple[str, str] | None:
    """Ground and basis on which the clock stops for a step; None where it goes on.

    专家评审 stops it by law (行政许可法 第四十五条). 现场勘验 and 公示 are not among the grounds of law: they stop it
    only where the published guide of the item says so.
    """
    if kind == EXPERT_REVIEW:
        return "expert_review", ""
    named = next((one for one in planned if one.stops_clock and _NAMES[kind].search(one.name)), None)
    return (named.name[:40], f"办事指南：特别环节“{named.name}”不计入办理期限"[:200]) if named else None


def people_problem(kind: str, names: Sequence[str]) -> str:
    """Why these people are not enough; empty where they are."""
    named = [name for name in names if name]
    if len(set(named)) != len(named):
        return "同一个人只能填写一次。"
    if kind == INSPECTION and len(named) < LEAST_INSPECTORS:
        return "现场勘验应当由两名以上工作人员进行（行政许可法第三十四条），请至少选择两人。"
    if kind == EXPERT_REVIEW and not named:
        return "请填写评审专家的姓名。"
    return ""


def day_problem(
    kind: str,
    from_day: dt.date,
    until_day: dt.date,
    *,
    today: dt.date,
    calendar: Days,
    ahead: int,
    least: int,
) -> tuple[str, str]:
    """Field and reason why a step cannot be on these days; two empty texts where it can.

    ``ahead``: working days between the telling and an inspection; ``least``: working days a public notice lasts.
    """
    if until_day < from_day:
        return "until_day", "截止日期不能早于开始日期。"
    if from_day < today:
        return "from_day", "开始日期不能早于今天。"
    if kind == INSPECTION and ahead and from_day < calendar.add_workdays(today, ahead):
        return "from_day", f"现场勘验至少提前 {ahead} 个工作日告知申请人，请改到以后的日期。"
    if kind == PUBLIC_NOTICE and least:
        # 公示的第一天计算在内
        first = from_day if calendar.is_workday(from_day) else calendar.add_workdays(from_day, 1)
        last = calendar.add_workdays(first, least - 1) if least > 1 else first
        if until_day < last:
            return "until_day", f"公示不少于 {least} 个工作日，最早到 {last.month} 月 {last.day} 日。"
    return "", ""
