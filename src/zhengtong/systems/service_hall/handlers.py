"""What the hall does when the engine or its own acts tell of something."""

from collections.abc import Callable, Sequence
from typing import Any

from zhengtong.contracts.cases import (
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseHandedOver,
    ClockPaused,
    ClockResumed,
    DeadlineMoved,
    DeadlineReached,
    ExtensionDecided,
    ExtensionRequested,
    HearingMoved,
    PauseEnding,
    RenewalDeemed,
)
from zhengtong.contracts.catalogue import ItemRetired
from zhengtong.contracts.service_hall import (
    ApplicationSubmitted,
    LicenceMeasureMoved,
    ReportMade,
    SpecialStepMoved,
    SupplementTold,
)
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import subscribe, subscribe_group
from zhengtong.systems.service_hall import api, tasks
from zhengtong.systems.service_hall.services import fees, special_steps


def on_submitted(event: ApplicationSubmitted) -> None:
    """Make the receipt."""
    tasks.issue_receipt.defer(tenant=event.tenant, application_id=str(event.application_id))


def on_supplement_told(event: SupplementTold) -> None:
    """Make the written notice."""
    tasks.issue_supplement_notice.defer(tenant=event.tenant, application_id=str(event.application_id))


def on_accepted(event: CaseAccepted) -> None:
    """Tell the applicant, and make the notice of acceptance; cases of other systems are not ours."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None:
        api.tell_clock_news(event)
        tasks.issue_acceptance_notice.defer(tenant=event.tenant, application_id=str(application_id))


def on_closed(event: CaseClosed) -> None:
    """Nothing is inspected or on public notice any longer; a withdrawn application closes, others with their paper."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is None:
        return
    special_steps.drop_with_case(tenant=event.tenant, application_id=application_id)
    if event.outcome == "withdrawn":
        api.close_withdrawn(application_id, tenant=event.tenant, outcome_label="申请人撤回")


def on_handed_over(event: CaseHandedOver) -> None:
    """From now on the new unit seals the papers and is told of the clock."""
    api.hand_over(tenant=event.tenant, case_id=event.case_id, org_id=event.org_id, org_name=event.org_name)


def on_paused(event: ClockPaused) -> None:
    """Make the written notice that the law asks for, and tell the applicant."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is None or event.pause_id is None:
        return
    api.tell_clock_news(event)
    tasks.issue_pause_notice.defer(
        tenant=event.tenant, application_id=str(application_id), pause_id=str(event.pause_id)
    )


def on_extension_decided(event: ExtensionDecided) -> None:
    """A granted extension is told with its reason, in writing."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None and event.granted:
        api.tell_clock_news(event)
        tasks.issue_extension_notice.defer(tenant=event.tenant, application_id=str(application_id))


def on_item_retired(event: ItemRetired) -> None:
    """Whoever has a draft of the item is told; what was handed in goes on."""
    api.tell_drafts(event)


def on_hearing_moved(event: HearingMoved) -> None:
    """Tell whom it concerns; day and place also go out in writing (行政许可法 第四十八条)."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is None:
        return
    api.tell_clock_news(event)
    if event.step == "announced" and event.notice:
        tasks.issue_hearing_notice.defer(tenant=event.tenant, application_id=str(application_id), no=event.notice)


def on_clock_news(event: CaseEvent) -> None:
    """Tell whom it concerns; cases of other systems are not ours."""
    api.tell_clock_news(event)


def on_measure_moved(event: LicenceMeasureMoved) -> None:
    """The warning before a revocation, and the decision, in writing."""
    if event.step in ("proposed", "carried"):
        tasks.issue_measure_paper.defer(tenant=event.tenant, measure_id=str(event.measure_id), step=event.step)


def on_accepted_raise_fees(event: CaseAccepted) -> None:
    """Orders that go out by themselves at acceptance."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None:
        fees.raise_due_fees(tenant=event.tenant, application_id=application_id, moment="acceptance")


def on_closed_settle_fees(event: CaseClosed) -> None:
    """Orders that wait for the decision go out; those of a case that came to nothing are cancelled."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None:
        fees.settle_fees_of_closed(tenant=event.tenant, application_id=application_id, outcome=event.outcome)


def on_closed_deliver(event: CaseClosed) -> None:
    """A paper that was asked for is to be handed over; other ends need no delivery."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None:
        api.open_delivery(tenant=event.tenant, application_id=application_id, granted=event.outcome == "approved")


def on_accepted_with_promise(event: CaseAccepted) -> None:
    """The time runs in which what was promised is to follow."""
    api.start_tolerance(tenant=event.tenant, case_id=event.case_id, accepted_on=event.accepted_on)


def on_closed_with_promise(event: CaseClosed) -> None:
    """A licence granted on a promise is checked later; with any other end the promise is over."""
    if event.outcome == "terminated":
        tasks.end_case.defer(tenant=event.tenant, case_id=str(event.case_id))
    if event.outcome == "approved":
        api.start_check(tenant=event.tenant, case_id=event.case_id, closed_on=local_date(event.at))
    else:
        api.end_with_case(tenant=event.tenant, case_id=event.case_id)


def on_special_step(event: SpecialStepMoved) -> None:
    """The record, the opinion or the notice in writing."""
    tasks.issue_special_paper.defer(tenant=event.tenant, step_id=str(event.step_id), moved=event.step)


def on_counted(events: Sequence[CaseEvent | ApplicationSubmitted | SupplementTold]) -> None:
    """What statistics count of cases has changed; they are read anew, so that order and repetition do not matter.

    Many at once: thousands of limits may pass at one instant.
    """
    told = [event for event in events if not isinstance(event, DeadlineReached) or event.level in ("red", "breach")]
    for tenant in {event.tenant for event in told}:
        api.refresh_figures(tenant=tenant, case_ids={event.case_id for event in told if event.tenant == tenant})


def on_report_made(event: ReportMade) -> None:
    """The report as a paper."""
    tasks.issue_report.defer(tenant=event.tenant, report_id=str(event.report_id))


_COUNTED: tuple[type[Event], ...] = (
    ApplicationSubmitted,
    SupplementTold,
    CaseAccepted,
    CaseClosed,
    CaseHandedOver,
    DeadlineReached,
)
_NEWS: tuple[type[CaseEvent], ...] = (
    ClockResumed,
    DeadlineMoved,
    ExtensionRequested,
    PauseEnding,
    RenewalDeemed,
)


def subscribe_all() -> None:
    """Listen to the engine and to our own acts; called in ``apps.ready()``."""
    listeners: list[tuple[str, Callable[[Any], None], str]] = [
        (ApplicationSubmitted.NAME, on_submitted, "service_hall.submitted"),
        (SupplementTold.NAME, on_supplement_told, "service_hall.supplement"),
        (CaseAccepted.NAME, on_accepted, "service_hall.accepted"),
        (CaseClosed.NAME, on_closed, "service_hall.closed"),
        (CaseClosed.NAME, on_closed_deliver, "service_hall.closed_deliver"),
        (CaseAccepted.NAME, on_accepted_raise_fees, "service_hall.fees_accepted"),
        (CaseClosed.NAME, on_closed_settle_fees, "service_hall.fees_closed"),
        (CaseAccepted.NAME, on_accepted_with_promise, "service_hall.promise_accepted"),
        (CaseClosed.NAME, on_closed_with_promise, "service_hall.promise_closed"),
        (SpecialStepMoved.NAME, on_special_step, "service_hall.special_step"),
        (CaseHandedOver.NAME, on_handed_over, "service_hall.handed_over"),
        (ClockPaused.NAME, on_paused, "service_hall.paused"),
        (ExtensionDecided.NAME, on_extension_decided, "service_hall.extension_decided"),
        (HearingMoved.NAME, on_hearing_moved, "service_hall.hearing_moved"),
        (LicenceMeasureMoved.NAME, on_measure_moved, "service_hall.measure_moved"),
        (ItemRetired.NAME, on_item_retired, "service_hall.item_retired"),
        *((event.NAME, on_clock_news, "service_hall.clock_news") for event in _NEWS),
        (ReportMade.NAME, on_report_made, "service_hall.report_made"),
    ]
    for name, handler, key in listeners:
        subscribe(name, handler, key=key)
    for counted in _COUNTED:
        subscribe_group(counted.NAME, on_counted, key="service_hall.figures")
