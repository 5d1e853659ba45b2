"""Jobs of the site group: old sites are read and brought in outside the request, a stretch at a time."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.systems.sites import api

_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="sites.plan_migration", queue="sites", retry=_AGAIN)
def plan_migration(tenant: str, migration_id: str, person_id: str, post_id: str) -> None:
    """A stretch of a trial run, and the next one; safe to repeat."""
    if api.run_planning(actor=_actor(tenant, person_id, post_id), migration_id=uuid.UUID(migration_id)):
        plan_migration.defer(tenant=tenant, migration_id=migration_id, person_id=person_id, post_id=post_id)


@app.task(name="sites.write_migration", queue="sites", retry=_AGAIN)
def write_migration(tenant: str, migration_id: str, person_id: str, post_id: str) -> None:
    """A stretch of an import, and the next one; safe to repeat."""
    if api.run_writing(actor=_actor(tenant, person_id, post_id), migration_id=uuid.UUID(migration_id)):
        write_migration.defer(tenant=tenant, migration_id=migration_id, person_id=person_id, post_id=post_id)


def _actor(tenant: str, person_id: str, post_id: str) -> Actor:
    return identity.actor_for(tenant, person_id=uuid.UUID(person_id), post_id=uuid.UUID(post_id) if post_id else None)
