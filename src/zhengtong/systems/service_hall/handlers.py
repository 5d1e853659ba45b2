"""What the hall does when the engine or its own acts tell of something."""

from zhengtong.contracts.cases import CaseAccepted, CaseClosed
from zhengtong.contracts.service_hall import ApplicationSubmitted, SupplementTold
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
