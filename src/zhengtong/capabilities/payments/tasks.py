"""Jobs of payments: papers are typeset outside the act that calls for them."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.payments import api

_RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="payments.issue_receipt", queue="papers", retry=_RETRY)
def issue_receipt(tenant: str, order_id: str) -> None:
    """Typeset and seal the receipt of a paid order."""
    api.issue_receipt(tenant=tenant, order_id=uuid.UUID(order_id))


@app.task(name="payments.issue_refund_notice", queue="papers", retry=_RETRY)
def issue_refund_notice(tenant: str, refund_id: str) -> None:
    """Typeset and seal the notice of a refund that is done."""
    api.issue_refund_notice(tenant=tenant, refund_id=uuid.UUID(refund_id))
