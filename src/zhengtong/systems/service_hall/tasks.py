"""Jobs of the hall: papers are typeset outside the act that calls for them."""

import logging
import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.systems.service_hall import api

log = logging.getLogger(__name__)

_RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="service_hall.issue_receipt", queue="papers", retry=_RETRY)
def issue_receipt(tenant: str, application_id: str) -> None:
    """Typeset the receipt of a submitted application."""
    api.make_paper(tenant=tenant, application_id=uuid.UUID(application_id), paper="receipt")


@app.task(name="service_hall.issue_acceptance_notice", queue="papers", retry=_RETRY)
def issue_acceptance_notice(tenant: str, application_id: str) -> None:
    """Typeset and seal the notice of acceptance."""
    api.make_paper(tenant=tenant, application_id=uuid.UUID(application_id), paper="acceptance_notice")


@app.task(name="service_hall.issue_supplement_notice", queue="papers", retry=_RETRY)
def issue_supplement_notice(tenant: str, application_id: str) -> None:
    """Typeset and seal the one-time notices that have no paper yet."""
    api.make_paper(tenant=tenant, application_id=uuid.UUID(application_id), paper="supplement_notice")


@app.task(name="service_hall.issue_pause_notice", queue="papers", retry=_RETRY)
def issue_pause_notice(tenant: str, application_id: str, pause_id: str) -> None:
    """Typeset and seal the notice of a stop of the clock."""
    api.make_pause_notice(tenant=tenant, application_id=uuid.UUID(application_id), pause_id=uuid.UUID(pause_id))


@app.task(name="service_hall.issue_extension_notice", queue="papers", retry=_RETRY)
def issue_extension_notice(tenant: str, application_id: str) -> None:
    """Typeset and seal the notice of a granted extension."""
    api.make_paper(tenant=tenant, application_id=uuid.UUID(application_id), paper="extension_notice")


@app.task(name="service_hall.issue_pledge", queue="papers", retry=_RETRY)
def issue_pledge(tenant: str, pledge_id: str) -> None:
    """Typeset what an applicant promised."""
    api.make_pledge_paper(tenant=tenant, pledge_id=uuid.UUID(pledge_id))


@app.task(name="service_hall.end_case", queue="papers", retry=_RETRY)
def end_case(tenant: str, case_id: str) -> None:
    """Typeset and seal the notice that a case was ended without a decision, and close it for the applicant."""
    api.end_case(tenant=tenant, case_id=uuid.UUID(case_id))


@app.task(name="service_hall.issue_special_paper", queue="papers", retry=_RETRY)
def issue_special_paper(tenant: str, step_id: str, moved: str) -> None:
    """Typeset and seal the paper of an inspection, an expert review or a public notice."""
    api.make_special_paper(tenant=tenant, step_id=uuid.UUID(step_id), moved=moved)


@app.task(name="service_hall.issue_hearing_notice", queue="papers", retry=_RETRY)
def issue_hearing_notice(tenant: str, application_id: str, no: int) -> None:
    """Typeset and seal the notice of day, place and host of a hearing."""
    api.make_hearing_notice(tenant=tenant, application_id=uuid.UUID(application_id), no=no)


@app.task(name="service_hall.issue_measure_paper", queue="papers", retry=_RETRY)
def issue_measure_paper(tenant: str, measure_id: str, step: str) -> None:
    """Typeset and seal the paper of a step of a measure on a licence."""
    api.make_measure_paper(tenant=tenant, measure_id=uuid.UUID(measure_id), step=step)


@app.periodic(cron="23 1 * * *")
@app.task(name="service_hall.remind_of_licences", queue="papers", queueing_lock="service_hall.remind_of_licences")
def remind_of_licences(timestamp: int = 0) -> None:
    """Remind holders whose licences end soon, in every tenant; safe to repeat.

    ``timestamp`` is the time the scheduler meant, which does not matter: the platform's clock decides.
    """
    told = api.remind_all()
    if told:
        log.info("%d holders were told that a licence ends", told)


@app.periodic(cron="*/10 * * * *")
@app.task(name="service_hall.poll_carriers", queue="papers", queueing_lock="service_hall.poll_carriers")
def poll_carriers(timestamp: int = 0) -> None:
    """Ask the carriers what has become of posted licences; ``timestamp`` is the scheduler's and does not matter."""
    ended = api.poll_carriers()
    if ended:
        log.info("%d posted licences were delivered or came back", ended)


@app.periodic(cron="37 1 * * *")
@app.task(name="service_hall.remind_to_collect", queue="papers", queueing_lock="service_hall.remind_to_collect")
def remind_to_collect(timestamp: int = 0) -> None:
    """Remind who has not collected his licence; ``timestamp`` is the scheduler's and does not matter."""
    told = api.remind_to_collect()
    if told:
        log.info("%d people were reminded to collect", told)


@app.periodic(cron="7 2 * * *")
@app.task(name="service_hall.tend_figures", queue="papers", queueing_lock="service_hall.tend_figures")
def tend_figures(timestamp: int = 0) -> None:
    """Fill in rows of statistics, then make the monthly reports that are due; ``timestamp`` does not matter."""
    log.info("%d rows of statistics were brought up to date", api.tend_figures())
    made = api.make_due_reports()
    if made:
        log.info("%d monthly reports were made", made)


@app.task(name="service_hall.issue_report", queue="papers", retry=_RETRY)
def issue_report(tenant: str, report_id: str) -> None:
    """Typeset a monthly report."""
    api.issue_report(tenant=tenant, report_id=uuid.UUID(report_id))


@app.task(name="service_hall.erase_person", queue="papers", retry=_RETRY)
def erase_person(tenant: str, request_id: str) -> None:
    """Carry out an erasure that was granted; safe to repeat."""
    counts = api.carry_out_erasure(tenant=tenant, request_id=uuid.UUID(request_id))
    log.info("a person was erased: %s", counts)
