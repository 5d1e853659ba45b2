"""Jobs of supervision."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import system
from zhengtong.systems.supervision.services.bulk import carry_out_bulk_cancel
from zhengtong.systems.supervision.services.reports import issue_report as issue_report_paper
from zhengtong.systems.supervision.services.scores import tend_scores
from zhengtong.systems.supervision.services.tallying import tally_months
from zhengtong.systems.supervision.services.trying import run_trial


@app.task(name="supervision.try_rule", queue="supervision", retry=RetryStrategy(max_attempts=3, exponential_wait=4))
def try_rule(tenant: str, trial_id: str) -> None:
    """Try a draft of a rule over the past."""
    run_trial(tenant=tenant, trial_id=uuid.UUID(trial_id))


@app.task(name="supervision.bulk_cancel", queue="supervision", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def bulk_cancel(tenant: str, batch_id: str) -> None:
    """Cancel some cards of an approved list and ask for the next; safe to repeat."""
    if carry_out_bulk_cancel(tenant=tenant, batch_id=uuid.UUID(batch_id)):
        bulk_cancel.defer(tenant=tenant, batch_id=batch_id)


@app.task(name="supervision.issue_report", queue="papers", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def issue_report(tenant: str, report_id: str) -> None:
    """Typeset a published monthly report; a later issue replaces the paper."""
    issue_report_paper(tenant=tenant, report_id=uuid.UUID(report_id))


@app.periodic(cron="17 1 * * *")
@app.task(name="supervision.tally_paths", queue="supervision", queueing_lock="supervision.tally_paths")
def tally_all_paths(timestamp: int = 0) -> None:
    """Count the times of steps of months that are over, in every tenant; ``timestamp`` is the scheduler's."""
    for tenant in identity.tenants():
        tally_months(tenant)


@app.periodic(cron="41 2 * * *")
@app.task(name="supervision.tend_scores", queue="supervision", queueing_lock="supervision.tend_scores")
def tend_all_scores(timestamp: int = 0) -> None:
    """Work out scores of this month and the last one, in every tenant; ``timestamp`` is the scheduler's."""
    for tenant in identity.tenants():
        tend_scores(system(tenant))
