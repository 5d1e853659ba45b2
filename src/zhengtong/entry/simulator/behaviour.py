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

    ``fate`` is what is to be planted in the application it belongs to, empty for nearly all.
    """

    key: str
    phase: str
    outcomes: tuple[str, ...]
    opened_at: dt.datetime
    days: int | None
    fate: str = ""


@dataclasses.dataclass(frozen=True)
class Handling:
    """When a task is done, how, in which words; ``fault`` names what is planted in it, empty for none."""

    at: dt.datetime
    outcome: str
    opinion: str
    fault: str = ""


#: a promise of any length
ANY = 0


@dataclasses.dataclass(frozen=True)
class Kind:
    """Something that supervision exists to find: its share of all applications, and where it can show.

    ``days`` is how long it takes at most until it has shown, ``phase`` that of the task it stands in (empty: the whole
    case), ``routes`` the processes that have such a task (empty: all), ``most`` the longest promise in working days
    that is over in time. Where there are ``ALL_FROM`` applications, at least ``least`` are planted.
    """

    share: float
    days: int
    phase: str = ""
    routes: tuple[str, ...] = ()
    most: int = ANY
    least: int = 1


_ACCEPTING = ("standard", "joint", "restaurant", "commitment")
_REVIEWING = ("standard", "joint", "restaurant")
_WHOLE = ("standard", "restaurant")
ALL_FROM = 60
#: kind of fault → what is known of it; the shares are chosen to make each visible, they are no statistics
KINDS: dict[str, Kind] = {
    "paused_on_last_day": Kind(0.01, 24, routes=("standard",), most=8),
    "reviewed_late": Kind(0.015, 24, "review", _REVIEWING, most=8),
    "decided_late": Kind(0.01, 24, "decide", ("standard", "commitment"), most=8),
    "bad_rating_left": Kind(0.01, 22, routes=("standard", "instant", "commitment"), most=8),
    "complaint_late": Kind(0.008, 20),
    "accepted_late": Kind(0.01, 16, "accept", _ACCEPTING),
    "rated_by_staff": Kind(0.015, 16, routes=("standard", "instant", "commitment"), most=8),
    "decided_by_who_accepted": Kind(0.01, 16, routes=_WHOLE, most=8),
    "entered_afterwards": Kind(0.01, 8, routes=_WHOLE),
    "kept_waiting": Kind(0.01, 10),
    "refused_in_two_words": Kind(0.008, 7, "accept", _ACCEPTING),
    "reviewed_in_seconds": Kind(0.012, 8, "review", _REVIEWING),
    "copied_opinion": Kind(0.012, 12, "review", ("standard",), least=3),
    "at_an_impossible_hour": Kind(0.01, 9, "review", _REVIEWING),
    "split_into_three": Kind(0.008, 7),
}
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
#: no review that is in time takes longer, in working days
_LONGEST = 9
BAD_GRADES = ("dissatisfied", "very_dissatisfied")
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


def fates(times: Sequence[dt.datetime], until: dt.datetime, seed: int) -> dict[int, str]:
    """What is planted in which application, by its number among those who come: early enough to show before the end.

    One application has one fate at most. In a stretch too short for a kind it may fall on anybody.
    """
    dice, found = drawn(seed, "fates"), dict[int, str]()
    for name, kind in KINDS.items():
        wanted = max(kind.least if len(times) >= ALL_FROM else 0, round(kind.share * len(times)))
        free = [number for number in range(len(times)) if number not in found]
        early = [number for number in free if times[number] <= until - dt.timedelta(days=kind.days)]
        pool = early if len(early) >= wanted else free
        found.update(dict.fromkeys(dice.sample(pool, min(wanted, len(pool))), name))
    return found


def splits(came_at: dt.datetime, dice: random.Random) -> list[dt.datetime]:
    """When somebody comes again with the same thing, to keep each of them small."""
    return [came_at + dt.timedelta(hours=dice.uniform(20, 40)), came_at + dt.timedelta(hours=dice.uniform(60, 90))]


def handling(task: Task, seed: int, calendar: WorkCalendar) -> Handling:
    """What an official does with a task."""
    dice = drawn(seed, task.key)
    kind = KINDS.get(task.fate)
    if task.fate == "entered_afterwards" and task.phase != "accept":
        outcome = _outcome(task, task.fate, dice)
        at = task.opened_at + dt.timedelta(seconds=dice.randrange(61, 150))
        opinion = dice.choice(_OPINIONS.get(outcome, ("已办理。",)))
        return Handling(at, outcome, opinion, task.fate if task.phase == "decide" else "")
    fault = task.fate if kind is not None and kind.phase == task.phase else ""
    outcome = _outcome(task, task.fate, dice)
    opinion = _COPIED if fault == "copied_opinion" else dice.choice(_OPINIONS.get(outcome, ("已办理。",)))
    if fault == "refused_in_two_words":
        opinion = "不行。"
    return Handling(_done_at(task, fault, dice, calendar), outcome, opinion, fault)


def last_day(due_at: dt.datetime) -> dt.datetime:
    """A moment in the afternoon of the last day of a limit that ends at ``due_at``."""
    day = (due_at - dt.timedelta(microseconds=1)).astimezone(LOCAL).date()
    return dt.datetime.combine(day, dt.time(16, 10), LOCAL).astimezone(dt.UTC)


def next_morning(since: dt.datetime, days: int, calendar: WorkCalendar) -> dt.datetime:
    """Half past nine on the first working day that is at least so many days later."""
    day = since.astimezone(LOCAL).date() + dt.timedelta(days=days)
    while not calendar.is_workday(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(9, 30), LOCAL).astimezone(dt.UTC)


def _outcome(task: Task, fate: str, dice: random.Random) -> str:
    """Most are granted; where something else is planted the case goes straight to its end."""
    if fate == "refused_in_two_words" and "refuse" in task.outcomes:
        return "refuse"
    for outcome in task.outcomes:
        if dice.random() < _BAD.get(outcome, 0.0) and not fate:
            return outcome
    return next((outcome for outcome in _GOOD if outcome in task.outcomes), task.outcomes[0])


def _done_at(task: Task, fault: str, dice: random.Random, calendar: WorkCalendar) -> dt.datetime:
    if fault == "reviewed_in_seconds":
        return task.opened_at + dt.timedelta(seconds=dice.randrange(3, 25))
    if task.fate == "paused_on_last_day" and task.phase == "decide":
        return task.opened_at + dt.timedelta(minutes=40)  # the clock has just begun to run again
    day = task.opened_at.astimezone(LOCAL).date()
    if fault in ("accepted_late", "reviewed_late", "decided_late"):
        waited = (task.days or 5) + dice.randrange(1, 5)
    else:
        most = min(_LONGEST, max(0, (task.days if task.days is not None else 5) - 1))
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


def office_time(since: dt.datetime, days: int, dice: random.Random, calendar: WorkCalendar) -> dt.datetime:
    """A moment of office hours so many working days after something, or later on the same day."""
    day = since.astimezone(LOCAL).date()
    return _in_office_hours(since, calendar.add_workdays(day, days) if days else day, dice, calendar)


def answering(opened_at: dt.datetime, dice: random.Random) -> dt.datetime | None:
    """When an applicant answers a one-time notice; None for one who never does."""
    if dice.random() < 0.06:
        return None
    return opened_at + dt.timedelta(hours=dice.triangular(3, 24 * 9, 30))


def rating(decided_at: dt.datetime, dice: random.Random, *, granted: bool) -> tuple[dt.datetime, str] | None:
    """When an applicant rates and how; None for the many who do not. Who was refused is seldom pleased."""
    if dice.random() > 0.4:
        return None
    weights = (52, 33, 9, 4, 2) if granted else (8, 22, 30, 25, 15)
    return decided_at + dt.timedelta(hours=dice.triangular(0.2, 72, 4)), dice.choices(_GRADES, weights)[0]


def withdrawing(submitted_at: dt.datetime, dice: random.Random) -> dt.datetime | None:
    """When an applicant takes his application back; None for nearly all."""
    return submitted_at + dt.timedelta(hours=dice.uniform(2, 60)) if dice.random() < 0.015 else None


def chosen(options: Sequence[str], weights: Sequence[float], seed: int, key: str) -> str:
    """One of the options."""
    return drawn(seed, key).choices(options, weights)[0]
