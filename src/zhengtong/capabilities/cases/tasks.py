"""Jobs of the case engine: a service task is done outside the step and answers with a command."""

import logging
import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.registry import ServiceFailure, service_topics

log = logging.getLogger(__name__)


@app.task(name="cases.run_service", queue="cases", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def run_service(tenant: str, case_id: str, token: int, topic: str) -> None:
    """Do the service of a waiting token and hand its result to the process; safe to repeat."""
    call = api.service_call(tenant=tenant, case_id=uuid.UUID(case_id), token=token, topic=topic)
    if call is not None:
        try:
            result = service_topics.get(topic)(call)
        except ServiceFailure as failure:
            api.fail_service(tenant=tenant, case_id=call.case_id, token=token, code=failure.code)
            return
        except Exception:
            log.exception("service %s of case %s failed and will be tried again", topic, case_id)
            raise
        api.finish_service(tenant=tenant, case_id=call.case_id, token=token, result=result)


@app.task(name="cases.migrate_cases", queue="cases", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def migrate_cases(tenant: str, intervention_id: str, after: str) -> None:
    """Move one batch of the cases of an approved migration and ask for the next; safe to repeat."""
    last = api.migrate_batch(tenant=tenant, intervention_id=uuid.UUID(intervention_id), after=after)
    if last:
        migrate_cases.defer(tenant=tenant, intervention_id=intervention_id, after=last)


@app.task(name="cases.reproject_deadlines", queue="cases", retry=RetryStrategy(max_attempts=12, exponential_wait=2))
def reproject_deadlines(tenant: str, change_id: str) -> None:
    """Project all running limits of a tenant anew after its calendar changed; safe to repeat."""
    api.reproject_tenant(tenant=tenant, change_id=uuid.UUID(change_id) if change_id else None)
