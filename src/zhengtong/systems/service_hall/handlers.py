"""What the hall does when the engine or its own acts tell of something."""

from collections.abc import Callable
from typing import Any

from zhengtong.contracts.cases import (
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseHandedOver,
    ClockPaused,
    ClockResumed,
    DeadlineMoved,
    ExtensionDecided,
    ExtensionRequested,
    HearingMoved,
    PauseEnding,
    RenewalDeemed,
)
from zhengtong.contracts.catalogue import ItemRetired
from zhengtong.contracts.service_hall import ApplicationSubmitted, SupplementTold
from zhengtong.kernel.outbox import subscribe
from zhengtong.systems.service_hall import api, tasks


def on_submitted(event: ApplicationSubmitted) -> None:
    """Make the receipt."""
    tasks.issue_receipt.defer(tenant=event.tenant, application_id=str(event.application_id))


def on_supplement_told(event: SupplementTold) -> None:
    """Make the written notice."""
    tasks.issue_supplement_notice.defer(tenant=event.tenant, application_id=str(event.application_id))


def on_accepted(event: CaseAccepted) -> None:
    """Make the notice of acceptance; cases of other systems are not ours."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None:
        tasks.issue_acceptance_notice.defer(tenant=event.tenant, application_id=str(application_id))


def on_closed(event: CaseClosed) -> None:
    """Close a withdrawn application; the other ends close with their paper."""
    application_id = api.application_of_case(tenant=event.tenant, case_id=event.case_id)
    if application_id is not None and event.outcome == "withdrawn":
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
        (CaseHandedOver.NAME, on_handed_over, "service_hall.handed_over"),
        (ClockPaused.NAME, on_paused, "service_hall.paused"),
        (ExtensionDecided.NAME, on_extension_decided, "service_hall.extension_decided"),
        (HearingMoved.NAME, on_hearing_moved, "service_hall.hearing_moved"),
        (ItemRetired.NAME, on_item_retired, "service_hall.item_retired"),
        *((event.NAME, on_clock_news, "service_hall.clock_news") for event in _NEWS),
    ]
    for name, handler, key in listeners:
        subscribe(name, handler, key=key)
