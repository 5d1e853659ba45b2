"""The door of the case engine for other apps."""

from zhengtong.capabilities.cases.engine.draw import Note
from zhengtong.capabilities.cases.rules import (
    STOP_REASONS,
    DayLine,
    Due,
    Extension,
    Lamp,
    Limit,
    Pause,
    Unit,
    deadline_of,
    explain,
    lamp_at,
    last_day_of,
    stop_label,
    warning_at,
)
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.selectors.calendar import Outlook, calendar_of, calendar_outlook, forget_calendars
from zhengtong.capabilities.cases.selectors.cases import (
    CaseView,
    OpinionView,
    PauseView,
    case_of_subject,
    case_view,
    check_may_see,
    drawing_of,
    hosts_for_hearing,
    open_count,
    open_tasks,
    process_drawing,
    service_call,
    visible_of,
    work_item,
)
from zhengtong.capabilities.cases.selectors.clocks import (
    ClockView,
    MoveView,
    case_of_pause,
    last_day_within,
    open_and_overdue,
    renewal_terms,
)
from zhengtong.capabilities.cases.selectors.desk import QUEUES, desk, desk_choices, desk_counts, desk_order
from zhengtong.capabilities.cases.selectors.drafts import drafts_to_decide
from zhengtong.capabilities.cases.selectors.extensions import (
    ExtensionOffer,
    ExtensionView,
    extension_to_decide,
    extensions_to_decide,
)
from zhengtong.capabilities.cases.selectors.facts import CaseFacts, StepFacts, case_facts, step_ids_done, steps_done
from zhengtong.capabilities.cases.selectors.handling import HandlingView, acts_of, handling_of
from zhengtong.capabilities.cases.selectors.hearings import HearingView
from zhengtong.capabilities.cases.selectors.interventions import (
    InterventionView,
    interventions,
    pending_interventions,
)
from zhengtong.capabilities.cases.selectors.marks import CaseMarks, marks_of
from zhengtong.capabilities.cases.selectors.migration import MigrationPreview, preview_migration
from zhengtong.capabilities.cases.selectors.narrowing import Choice, Choices, Narrowing
from zhengtong.capabilities.cases.selectors.processes import (
    DrawnElement,
    DrawnFlow,
    DrawnProcess,
    ProcessInfo,
    draw_process,
    drawn_process,
    process_choices,
    process_of_case,
    process_picture,
    process_versions,
)
from zhengtong.capabilities.cases.selectors.returning import ReturnTarget, return_targets
from zhengtong.capabilities.cases.selectors.standings import CaseStanding, standings_of
from zhengtong.capabilities.cases.selectors.tasks import WorkItemView
from zhengtong.capabilities.cases.services.acts import (
    complete_step,
    fail_service,
    finish_service,
    fire_timers,
    open_case,
    terminate_case,
    withdraw_case,
)
from zhengtong.capabilities.cases.services.calendar import import_calendar, reproject_tenant
from zhengtong.capabilities.cases.services.delivery import end_delivery
from zhengtong.capabilities.cases.services.drafts import create_draft as begin_process_draft
from zhengtong.capabilities.cases.services.extensions import approve_extension, refuse_extension, request_extension
from zhengtong.capabilities.cases.services.handling import (
    answer_colleague,
    ask_colleague,
    assign_step,
    claim_step,
    release_step,
    take_back_from_colleague,
    transfer_step,
)
from zhengtong.capabilities.cases.services.hearings import (
    announce_hearing,
    decline_hearing,
    hold_hearing,
    request_hearing,
    tell_hearing_right,
    waive_hearing,
)
from zhengtong.capabilities.cases.services.hinting import hint_limits
from zhengtong.capabilities.cases.services.intervening import migrate_batch
from zhengtong.capabilities.cases.services.interventions import (
    approve_intervention,
    refuse_intervention,
    request_intervention,
    take_back_intervention,
)
from zhengtong.capabilities.cases.services.lamps import tick
from zhengtong.capabilities.cases.services.processes import deploy_process
from zhengtong.capabilities.cases.services.prompting import answer_prompt, supervise_step, urge_step
from zhengtong.capabilities.cases.services.returning import recall_step, return_branch, return_step
from zhengtong.capabilities.cases.services.routing import route_step
from zhengtong.capabilities.cases.services.signers import add_signer, remove_signer
from zhengtong.capabilities.cases.services.special import (
    end_stop,
    pause_clock,
    pause_unless_stopped,
    resume_clock,
    tick_pauses,
)

__all__ = [
    "QUEUES",
    "STOP_REASONS",
    "CaseFacts",
    "CaseMarks",
    "CaseStanding",
    "CaseView",
    "Choice",
    "Choices",
    "ClockView",
    "DayLine",
    "DrawnElement",
    "DrawnFlow",
    "DrawnProcess",
    "Due",
    "Extension",
    "ExtensionOffer",
    "ExtensionView",
    "HandlingView",
    "HearingView",
    "InterventionView",
    "Lamp",
    "Limit",
    "MigrationPreview",
    "MoveView",
    "Narrowing",
    "Note",
    "OpinionView",
    "Outlook",
    "Pause",
    "PauseView",
    "ProcessInfo",
    "ReturnTarget",
    "StepFacts",
    "Unit",
    "WorkItemView",
    "acts_of",
    "add_signer",
    "announce_hearing",
    "answer_colleague",
    "answer_prompt",
    "approve_extension",
    "approve_intervention",
    "arithmetic",
    "ask_colleague",
    "assign_step",
    "begin_process_draft",
    "calendar_of",
    "calendar_outlook",
    "case_facts",
    "case_of_pause",
    "case_of_subject",
    "case_view",
    "check_may_see",
    "claim_step",
    "complete_step",
    "deadline_of",
    "decline_hearing",
    "deploy_process",
    "desk",
    "desk_choices",
    "desk_counts",
    "desk_order",
    "drafts_to_decide",
    "draw_process",
    "drawing_of",
    "drawn_process",
    "end_delivery",
    "end_stop",
    "explain",
    "extension_to_decide",
    "extensions_to_decide",
    "fail_service",
    "finish_service",
    "fire_timers",
    "forget_calendars",
    "handling_of",
    "hint_limits",
    "hold_hearing",
    "hosts_for_hearing",
    "import_calendar",
    "interventions",
    "lamp_at",
    "last_day_of",
    "last_day_within",
    "marks_of",
    "migrate_batch",
    "open_and_overdue",
    "open_case",
    "open_count",
    "open_tasks",
    "pause_clock",
    "pause_unless_stopped",
    "pending_interventions",
    "preview_migration",
    "process_choices",
    "process_drawing",
    "process_of_case",
    "process_picture",
    "process_versions",
    "recall_step",
    "refuse_extension",
    "refuse_intervention",
    "release_step",
    "remove_signer",
    "renewal_terms",
    "reproject_tenant",
    "request_extension",
    "request_hearing",
    "request_intervention",
    "resume_clock",
    "return_branch",
    "return_step",
    "return_targets",
    "route_step",
    "service_call",
    "standings_of",
    "step_ids_done",
    "steps_done",
    "stop_label",
    "supervise_step",
    "take_back_from_colleague",
    "take_back_intervention",
    "tell_hearing_right",
    "terminate_case",
    "tick",
    "tick_pauses",
    "transfer_step",
    "urge_step",
    "visible_of",
    "waive_hearing",
    "warning_at",
    "withdraw_case",
    "work_item",
]
