"""The door of the case engine for other apps."""

from zhengtong.capabilities.cases.rules import STOP_REASONS, DayLine, Lamp, Limit, Unit
from zhengtong.capabilities.cases.selectors.calendar import calendar_of, forget_calendars
from zhengtong.capabilities.cases.selectors.cases import (
    QUEUES,
    CaseView,
    OpinionView,
    PauseView,
    WorkItemView,
    case_of_subject,
    case_view,
    desk,
    desk_counts,
    process_drawing,
    service_call,
    work_item,
)
from zhengtong.capabilities.cases.selectors.clocks import ClockView
from zhengtong.capabilities.cases.selectors.processes import process_picture
from zhengtong.capabilities.cases.services.acts import (
    complete_step,
    finish_service,
    fire_timers,
    open_case,
    withdraw_case,
)
from zhengtong.capabilities.cases.services.calendar import import_calendar
from zhengtong.capabilities.cases.services.clock import tick
from zhengtong.capabilities.cases.services.processes import deploy_process
from zhengtong.capabilities.cases.services.special import pause_clock, resume_clock

__all__ = [
    "QUEUES",
    "STOP_REASONS",
    "CaseView",
    "ClockView",
    "DayLine",
    "Lamp",
    "Limit",
    "OpinionView",
    "PauseView",
    "Unit",
    "WorkItemView",
    "calendar_of",
    "case_of_subject",
    "case_view",
    "complete_step",
    "deploy_process",
    "desk",
    "desk_counts",
    "finish_service",
    "fire_timers",
    "forget_calendars",
    "import_calendar",
    "open_case",
    "pause_clock",
    "process_drawing",
    "process_picture",
    "resume_clock",
    "service_call",
    "tick",
    "withdraw_case",
    "work_item",
]
