"""The case engine as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class CasesConfig(SystemConfig):
    """One engine and one clock for approvals, documents, letters, petitions and tenders."""

    name = "zhengtong.capabilities.cases"
    label = "cases"
    verbose_name = "工作流引擎"
    aliases = ("流程与时限", "办件", "并联审批引擎")
    plan_refs = ("Q-21", "J-42")

    def ready(self) -> None:
        """Have the worker light lamps and fire timers; name the acts for the ledger."""
        from zhengtong.capabilities.cases import api, handlers, tasks  # noqa: F401  (declares the job)
        from zhengtong.capabilities.cases.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.cases.plugins import participation
        from zhengtong.capabilities.cases.services import handover
        from zhengtong.capabilities.cases.web.home_block import calendar_block
        from zhengtong.capabilities.identity.registry import (
            OrganisationWork,
            PersonWork,
            grant_providers,
            organisation_work,
            person_work,
        )
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.ratings.registry import CALENDAR, work_calendar
        from zhengtong.contracts.cases import StepMoved, StepOpened, StepUrged
        from zhengtong.kernel.outbox import subscribe
        from zhengtong.kernel.pages import home_blocks

        grant_providers.register("cases", participation.covers)
        organisation_work.register(
            "cases",
            OrganisationWork(
                label="在办办件",
                count=handover.count_organisation_work,
                hand_over=handover.hand_over_organisation_work,
            ),
        )
        person_work.register(
            "cases",
            PersonWork(
                label="已签收的待办", count=handover.count_person_work, hand_over=handover.hand_over_person_work
            ),
        )
        subscribe(StepMoved.NAME, handlers.on_moved, key="cases.moved")
        subscribe(StepUrged.NAME, handlers.on_urged, key="cases.urged")
        subscribe(StepOpened.NAME, handlers.on_step_opened, key="cases.route_opened")
        subscribe(StepMoved.NAME, handlers.on_step_sent, key="cases.route_sent")
        register_loop("cases_clock", api.tick, interval=0.5, timed=True)
        register_loop("cases_hints", api.hint_limits, interval=5.0, timed=True)
        register_loop("cases_pauses", api.tick_pauses, interval=1.0, timed=True)
        register_loop("cases_timers", api.fire_timers, interval=1.0, timed=True)
        register_loop("cases_hand_overs", handover.continue_hand_overs, interval=2.0)
        home_blocks.register("cases_calendar", calendar_block)
        work_calendar.register(CALENDAR, api.calendar_of)
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
