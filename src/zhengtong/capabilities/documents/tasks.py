"""Jobs of documents."""

import logging
import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.documents import api

log = logging.getLogger(__name__)

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)


@app.task(name="documents.make_ofd", queue="papers", retry=_RETRY)
def make_ofd(tenant: str, document_id: str) -> None:
    """Make the OFD of a paper; one that ended meanwhile needs none.

    A seal that cannot be used now, or a full disk, is tried again, and then left to be seen among the failed jobs.
    """
    try:
        api.ensure_ofd(tenant=tenant, document_id=uuid.UUID(document_id))
    except api.NoLongerInForce as refusal:
        log.info("no OFD for document %s: %s", document_id, refusal.message)
