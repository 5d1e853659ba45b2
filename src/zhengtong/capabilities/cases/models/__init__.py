"""Tables of the case engine: processes, cases, work items, opinions, the legal clock, the calendar."""

from zhengtong.capabilities.cases.models.calendars import CalendarChange, CalendarDay
from zhengtong.capabilities.cases.models.clocks import ClockExtension, ClockPause, Deadline, DeadlineMove, Hearing
from zhengtong.capabilities.cases.models.interventions import Intervention
from zhengtong.capabilities.cases.models.matters import Case, CommandKey, HandOver
from zhengtong.capabilities.cases.models.processes import (
    ProcessDraft,
    ProcessTimer,
    ProcessTrial,
    ProcessVersion,
)
from zhengtong.capabilities.cases.models.routing import Absence, RoutingRule
from zhengtong.capabilities.cases.models.work import Opinion, Prompt, WorkItem, WorkItemMove

__all__ = [
    "Absence",
    "CalendarChange",
    "CalendarDay",
    "Case",
    "ClockExtension",
    "ClockPause",
    "CommandKey",
    "Deadline",
    "DeadlineMove",
    "HandOver",
    "Hearing",
    "Intervention",
    "Opinion",
    "ProcessDraft",
    "ProcessTimer",
    "ProcessTrial",
    "ProcessVersion",
    "Prompt",
    "RoutingRule",
    "WorkItem",
    "WorkItemMove",
]
