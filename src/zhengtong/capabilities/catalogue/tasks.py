"""Jobs of the catalogue: long lists are entered outside the request."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.identity import api as identity


@app.task(name="catalogue.enter_list", queue="papers", retry=RetryStrategy(max_attempts=3, exponential_wait=4))
def enter_list(tenant: str, list_id: str, person_id: str, post_id: str) -> None:
    """Enter the accepted lines of a list; lines already entered change nothing, so it may be repeated."""
    actor = identity.actor_for(tenant, person_id=uuid.UUID(person_id), post_id=uuid.UUID(post_id) if post_id else None)
    api.run_entering(actor=actor, list_id=uuid.UUID(list_id))
