"""How people of the demonstration behave: when they come, how long they take, what they decide, what they do wrong.

Plain Python. Every decision is drawn from the seed and the key of what it is about, so that a simulation that was
interrupted goes on as it would have. The shares are chosen to make every state and every human fault visible; they
are no statistics of any place.
"""

import dataclasses
import datetime as dt
import random
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from zhengtong.kernel.calendar import WorkCalendar

LOCAL = ZoneInfo("Asia/Shanghai")
#: hours of the day at which people hand in online (weights by hour), and at which officials work
_COMING = (1, 0, 0, 0, 0, 1, 2, 6, 18, 30, 28, 16, 10, 12, 22, 26, 22, 12, 8, 10, 12, 10, 6, 3)
_WORKING = ((9, 0, 180), (14, 30, 180))  # (hour, minute, minutes)
_RESTING_SHARE = 0.18  # of the day's comers on a day off


@dataclasses.dataclass(frozen=True)
class Task:
    """What is known of a task that an official has to do; ``days`` is its limit in working days, None without one.

    ``case`` is what it belongs to: some faults are those of a whole case.
    """

    key: str
    phase: str
    outcomes: tuple[str, ...]
    opened_at: dt.datetime
    days: int | None
    case: str = ""


@dataclasses.dataclass(frozen=True)
class Handling:
    """When a task is done, how, in which words; ``fault`` names what is planted in it, empty for none."""

    at: dt.datetime
    outcome: str
    opinion: str
    fault: str = ""


#: fault → share of the tasks of its phase; each is something that supervision exists to find
FAULTS: dict[str, tuple[str, float]] = {
    "accepted_late": ("accept", 0.008),
    "refused_in_two_words": ("accept", 0.006),
    "reviewed_late": ("review", 0.02),
    "reviewed_in_seconds": ("review", 0.012),
    "copied_opinion": ("review", 0.01),
    "at_an_impossible_hour": ("review", 0.006),
    "decided_late": ("decide", 0.012),
}
#: fault of a whole case → share of the cases
CASE_FAULTS: dict[str, float] = {
    "entered_afterwards": 0.012,
    "decided_by_who_accepted": 0.012,
    "paused_on_last_day": 0.015,
    "rated_by_staff": 0.02,
}
#: share of the applicants who come with the same thing three times within days
SPLIT_SHARE = 0.008
_BAD = {"supplement": 0.14, "refuse": 0.012, "fail": 0.02, "disagree": 0.02, "reject": 0.022, "return": 0.0}
_GOOD = ("accept", "pass", "agree", "approve")
_OPINIONS = {
    "accept": ("材料齐全，符合法定形式，予以受理。", "经核对，申请材料齐全，受理。", "符合受理条件，予以受理。"),
    "pass": ("经审查，符合法定条件，建议准予。", "材料与实际情况相符，符合条件。", "审查通过，报请决定。"),
    "agree": ("经审查，同意。", "符合本部门管理要求，同意。", "现有材料符合规定，同意办理。", "无不同意见。"),
    "approve": ("同意准予许可。", "符合法定条件，准予许可。", "同意。"),
    "supplement": ("请按告知补正后再提交。",),
    "refuse": ("申请事项依法不属于本机关职权范围，请向有权机关申请。", "所申请的事项依法不需要取得行政许可。"),
    "fail": ("经审查，申请材料所述情况与法定条件第二项不符，建议不予许可。",),
    "disagree": ("经审查，该场所不符合本部门管理规定的间距要求，不同意。",),
    "reject": ("申请不符合法定条件，经审查决定不予许可。",),
}
_GRADES = ("very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied")
_COPIED = "经现场核查和材料审查，各项指标均符合要求，未发现问题，同意办理，请按程序报批。"


def drawn(seed: int, key: str) -> random.Random:
    """The dice of one thing."""
    return random.Random(f"{seed}:{key}")  # noqa: S311  (invented behaviour, no secret)


def comings(
    first: dt.datetime, last: dt.datetime, wanted: int, seed: int, is_workday: Callable[[dt.date], bool]
) -> list[dt.datetime]:
    """When people hand in: ``wanted`` instants between two others, more on working days and in office hours."""
    days = [first.astimezone(LOCAL).date()]
    while days[-1] < last.astimezone(LOCAL).date():
        days.append(days[-1] + dt.timedelta(days=1))
    dice = drawn(seed, "comings")
    weights = [(1.0 if is_workday(day) else _RESTING_SHARE) * (1 + 0.25 * (day.month % 3)) for day in days]
    hours = range(24)
    found: list[dt.datetime] = []
    while len(found) < wanted:
        day = dice.choices(days, weights)[0]
        hour = dice.choices(hours, _COMING)[0]
        at = dt.datetime.combine(day, dt.time(hour), LOCAL) + dt.timedelta(seconds=dice.randrange(3600))
        if first <= at <= last:
            found.append(at.astimezone(dt.UTC))
    return sorted(found)


def case_fault(case: str, seed: int) -> str:
    """What is planted in a case as a whole, empty for nothing."""
    dice = drawn(seed, f"case:{case}") if case else None
    return next((name for name, share in CASE_FAULTS.items() if dice and dice.random() < share), "")


def splits(key: str, came_at: dt.datetime, seed: int) -> list[dt.datetime]:
    """When somebody comes again with the same thing, to keep each of them small; empty for nearly all."""
    dice = drawn(seed, f"split:{key}")
    if dice.random() >= SPLIT_SHARE:
        return []
    return [came_at + dt.timedelta(hours=dice.uniform(20, 40)), came_at + dt.timedelta(hours=dice.uniform(60, 90))]


def handling(task: Task, seed: int, calendar: WorkCalendar) -> Handling:
    """What an official does with a task."""
    dice = drawn(seed, task.key)
    if case_fault(task.case, seed) == "entered_afterwards" and _in_hours(task.opened_at):
        outcome = _outcome(task, "entered_afterwards", dice)
        at = task.opened_at + dt.timedelta(seconds=dice.randrange(61, 150))
        opinion = dice.choice(_OPINIONS.get(outcome, ("已办理。",)))
        return Handling(at, outcome, opinion, "entered_afterwards" if task.phase == "decide" else "")
    fault = next((name for name, (phase, share) in FAULTS.items() if phase == task.phase and dice.random() < share), "")
    outcome = _outcome(task, fault, dice)
    opinion = _COPIED if fault == "copied_opinion" else dice.choice(_OPINIONS.get(outcome, ("已办理。",)))
    if fault == "refused_in_two_words":
        opinion = "不行。"
    return Handling(_done_at(task, fault, dice, calendar), outcome, opinion, fault)


def _in_hours(at: dt.datetime) -> bool:
    return 8 <= at.astimezone(LOCAL).hour < 18


def last_day(due_at: dt.datetime) -> dt.datetime:
    """A moment in the afternoon of the last day of a limit that ends at ``due_at``."""
    day = (due_at - dt.timedelta(microseconds=1)).astimezone(LOCAL).date()
    return dt.datetime.combine(day, dt.time(16, 10), LOCAL).astimezone(dt.UTC)


def _outcome(task: Task, fault: str, dice: random.Random) -> str:
    if fault == "refused_in_two_words" and "refuse" in task.outcomes:
        return "refuse"
    for outcome in task.outcomes:
        if dice.random() < _BAD.get(outcome, 0.0) and not fault:
            return outcome
    return next((outcome for outcome in _GOOD if outcome in task.outcomes), task.outcomes[0])


def _done_at(task: Task, fault: str, dice: random.Random, calendar: WorkCalendar) -> dt.datetime:
    if fault == "reviewed_in_seconds":
        return task.opened_at + dt.timedelta(seconds=dice.randrange(3, 25))
    day = task.opened_at.astimezone(LOCAL).date()
    if fault in ("accepted_late", "reviewed_late", "decided_late"):
        waited = (task.days or 5) + dice.randrange(1, 5)
    else:
        most = max(0, (task.days if task.days is not None else 5) - 1)
        waited = min(most, int(dice.triangular(0, most + 1, most * 0.3)))
        if task.phase in ("accept", "decide"):
            waited = min(waited, dice.choices((0, 1, 2, 3), (50, 30, 14, 6))[0])
    if fault == "at_an_impossible_hour":
        night = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(2, dice.randrange(60)), LOCAL)
        return night.astimezone(dt.UTC)
    if waited:
        day = calendar.add_workdays(day, waited)
    return _in_office_hours(task.opened_at, day, dice, calendar)


def _in_office_hours(opened_at: dt.datetime, day: dt.date, dice: random.Random, calendar: WorkCalendar) -> dt.datetime:
    """A moment of office hours on or after ``day``, some minutes after the task came."""
    earliest = opened_at + dt.timedelta(minutes=dice.randrange(6, 40))
    while True:
        if calendar.is_workday(day):
            hour, minute, span = dice.choice(_WORKING)
            start = dt.datetime.combine(day, dt.time(hour, minute), LOCAL)
            at = start + dt.timedelta(seconds=dice.randrange(span * 60))
            if at >= earliest:
                return at.astimezone(dt.UTC)
            later = dt.datetime.combine(day, dt.time(17, 20), LOCAL)
            if later >= earliest:
                return max(earliest, later - dt.timedelta(minutes=dice.randrange(60))).astimezone(dt.UTC)
        day += dt.timedelta(days=1)


def answering(key: str, opened_at: dt.datetime, seed: int) -> dt.datetime | None:
    """When an applicant answers a one-time notice; None for one who never does."""
    dice = drawn(seed, f"answer:{key}")
    if dice.random() < 0.06:
        return None
    return opened_at + dt.timedelta(hours=dice.triangular(3, 24 * 9, 30))


def rating(key: str, decided_at: dt.datetime, seed: int, *, granted: bool) -> tuple[dt.datetime, str] | None:
    """When an applicant rates and how; None for the many who do not. Who was refused is seldom pleased."""
    dice = drawn(seed, f"rate:{key}")
    if dice.random() > 0.4:
        return None
    weights = (52, 33, 9, 4, 2) if granted else (8, 22, 30, 25, 15)
    return decided_at + dt.timedelta(hours=dice.triangular(0.2, 72, 4)), dice.choices(_GRADES, weights)[0]


def withdrawing(key: str, submitted_at: dt.datetime, seed: int) -> dt.datetime | None:
    """When an applicant takes his application back; None for nearly all."""
    dice = drawn(seed, f"withdraw:{key}")
    return submitted_at + dt.timedelta(hours=dice.uniform(2, 60)) if dice.random() < 0.015 else None


def chosen(options: Sequence[str], weights: Sequence[float], seed: int, key: str) -> str:
    """One of the options."""
    return drawn(seed, key).choices(options, weights)[0]
