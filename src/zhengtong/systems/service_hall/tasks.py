"""Jobs of the hall: papers are typeset outside the act that calls for them."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.systems.service_hall import api

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


@app.task(name="service_hall.issue_hearing_notice", queue="papers", retry=_RETRY)
def issue_hearing_notice(tenant: str, application_id: str, no: int) -> None:
    """Typeset and seal the notice of day, place and host of a hearing."""
    api.make_hearing_notice(tenant=tenant, application_id=uuid.UUID(application_id), no=no)
