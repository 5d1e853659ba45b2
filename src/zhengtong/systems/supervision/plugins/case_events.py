"""Online approvals: how supervision reads the events of the case engine and of the service hall."""

from typing import Any, Final

from zhengtong.capabilities.cases.constants import DeadlineKind
from zhengtong.contracts import cases, service_hall
from zhengtong.systems.supervision.registry import Change, EventSource, Sighting, register_source
from zhengtong.systems.supervision.rules import met_kinds

AREA: Final = "审批"


def _of_case(event: cases.CaseEvent, change: Change, **more: Any) -> Sighting:
    return Sighting(
        change=change,
        case_id=event.case_id,
        number=event.number,
        title=event.title,
        item_code=event.item_code,
        org_id=event.org_id,
        org_name=event.org_name,
        **more,
    )


def _opened(event: cases.CaseOpened) -> Sighting:
    return _of_case(event, "opened", opened_at=event.at)


def _accepted(event: cases.CaseAccepted) -> Sighting:
    return _of_case(
        event,
        "accepted",
        accepted_on=event.accepted_on,
        deemed=event.deemed,
        promised_due=event.promised_due_at,
        statutory_due=event.statutory_due_at,
        met=("acceptance",),
    )


def _step_opened(event: cases.StepOpened) -> Sighting:
    return _of_case(
        event,
        "step_opened",
        step_id=event.work_item_id,
        node=event.node,
        step=event.step,
        phase=event.phase,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        opened_at=event.at,
        due_at=event.due_at,
    )


def _step_done(event: cases.StepDone) -> Sighting:
    return _of_case(
        event,
        "step_done",
        step_id=event.work_item_id,
        node=event.node,
        step=event.step,
        phase=event.phase,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        post_name=event.post_name,
        outcome=event.outcome,
        opened_at=event.opened_at,
        met=met_kinds(event.outcome, phase=event.phase),
    )


def _step_cancelled(event: cases.StepCancelled) -> Sighting:
    return _of_case(
        event,
        "step_dropped",
        step_id=event.work_item_id,
        node=event.node,
        step=event.step,
        phase=event.phase,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        opened_at=event.opened_at,
    )


def _step_moved(event: cases.StepMoved) -> Sighting:
    return _of_case(
        event,
        "step_moved",
        step_id=event.work_item_id,
        node=event.node,
        step=event.step,
        phase=event.phase,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        due_at=event.due_at,
    )


def _step_urged(event: cases.StepUrged) -> Sighting:
    return _of_case(event, "noted")


def _handed_over(event: cases.CaseHandedOver) -> Sighting:
    return _of_case(event, "noted")


def _intervened(event: cases.CaseIntervened) -> Sighting:
    return _of_case(event, "noted")


def _deadline(event: cases.DeadlineReached) -> Sighting:
    return _of_case(
        event,
        "deadline",
        step_id=event.work_item_id,
        step=event.step,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        deadline_id=event.deadline_id,
        deadline_kind=event.kind,
        level=event.level,
        due_at=event.due_at,
        arithmetic=event.arithmetic,
    )


def _paused(event: cases.ClockPaused) -> Sighting:
    return _of_case(event, "paused")


def _resumed(event: cases.ClockResumed) -> Sighting:
    return _of_case(event, "resumed", promised_due=event.promised_due_at, statutory_due=event.statutory_due_at)


def _moved(event: cases.DeadlineMoved) -> Sighting:
    return _of_case(
        event,
        "deadline_moved",
        step_id=event.work_item_id,
        step=event.step,
        step_org_id=event.step_org_id,
        step_org_name=event.step_org_name,
        deadline_id=event.deadline_id,
        deadline_kind=event.kind,
        due_at=event.due_at,
    )


def _noted(event: cases.CaseEvent) -> Sighting:
    return _of_case(event, "noted")


def _closed(event: cases.CaseClosed) -> Sighting:
    return _of_case(
        event,
        "closed",
        opened_at=event.opened_at,
        outcome=event.outcome,
        in_time=event.in_time,
        met=tuple(DeadlineKind.values),
    )


def _submitted(event: service_hall.ApplicationSubmitted) -> Sighting:
    return Sighting(
        change="noted",
        case_id=event.case_id,
        number=event.number,
        item_code=event.item_code,
        org_id=event.org_id,
        org_name=event.org_name,
    )


def _supplement(event: service_hall.SupplementTold) -> Sighting:
    return Sighting(
        change="supplement",
        case_id=event.case_id,
        number=event.number,
        org_id=event.org_id,
        org_name=event.org_name,
        count=event.no,
    )


SOURCES = (
    EventSource(service_hall.ApplicationSubmitted, "提交申请", AREA, _submitted),
    EventSource(cases.CaseOpened, "收到申请", AREA, _opened),
    EventSource(cases.CaseAccepted, "受理", AREA, _accepted),
    EventSource(service_hall.SupplementTold, "一次性告知补正", AREA, _supplement),
    EventSource(cases.StepOpened, "环节到达", AREA, _step_opened),
    EventSource(cases.StepDone, "环节办理", AREA, _step_done),
    EventSource(cases.StepCancelled, "环节撤销", AREA, _step_cancelled),
    EventSource(cases.StepMoved, "转办或改派", AREA, _step_moved),
    EventSource(cases.StepUrged, "催办督办", AREA, _step_urged),
    EventSource(cases.CaseHandedOver, "移交主办单位", AREA, _handed_over),
    EventSource(cases.CaseIntervened, "流程干预", AREA, _intervened),
    EventSource(cases.CaseMigrated, "换用流程版本", AREA, _noted),
    EventSource(cases.DeadlineReached, "时限临近或届满", AREA, _deadline),
    EventSource(cases.ClockPaused, "停止计时", AREA, _paused),
    EventSource(cases.ClockResumed, "恢复计时", AREA, _resumed),
    EventSource(cases.DeadlineMoved, "时限重新计算", AREA, _moved),
    EventSource(cases.PauseEnding, "停止计时即将期满", AREA, _noted),
    EventSource(cases.ExtensionRequested, "申请延长期限", AREA, _noted),
    EventSource(cases.ExtensionDecided, "延长期限审批", AREA, _noted),
    EventSource(cases.RenewalDeemed, "视为准予延续", AREA, _noted),
    EventSource(cases.HearingMoved, "听证", AREA, _noted),
    EventSource(cases.CaseClosed, "办结", AREA, _closed),
)


def register() -> None:
    """Watch online approvals."""
    for source in SOURCES:
        register_source(source)
