"""Tables of the case engine: processes, cases, work items, opinions, the legal clock, the calendar."""

from zhengtong.capabilities.cases.models.clocks import CalendarDay, ClockPause, Deadline
from zhengtong.capabilities.cases.models.matters import Case, CommandKey
from zhengtong.capabilities.cases.models.processes import ProcessTimer, ProcessVersion
from zhengtong.capabilities.cases.models.work import Opinion, WorkItem

__all__ = [
    "CalendarDay",
    "Case",
    "ClockPause",
    "CommandKey",
    "Deadline",
    "Opinion",
    "ProcessTimer",
    "ProcessVersion",
    "WorkItem",
]
