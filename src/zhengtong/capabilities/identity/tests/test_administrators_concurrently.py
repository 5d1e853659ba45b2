"""Two security administrators at the same moment cannot make one person two administrators."""

import concurrent.futures

import psycopg
import pytest
from django.db import connection

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ids import new_id

INSERT = (
    "insert into identity_appointment (id, tenant, created_at, person_id, post_id, valid_from)"
    " values (%s, %s, now(), %s, %s, %s)"
)


def test_the_second_of_two_transactions_is_refused(
    database_urls: dict[str, str], django_db_blocker: pytest.FixtureRequest
) -> None:
    actor = system(factories.tenant())
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        factories.organisation()
        person = api.create_staff(actor=actor, name="李二")
        posts = []
        for title, role in (("甲岗", "sys_admin"), ("乙岗", "audit_admin")):
            posts.append(api.create_post(actor=actor, organisation_code="G22", title=title))
            api.grant_role(actor=actor, post_id=posts[-1], role=role)
        connection.close()

    with (
        psycopg.connect(database_urls["app"]) as one,
        psycopg.connect(database_urls["app"]) as other,
        concurrent.futures.ThreadPoolExecutor(1) as pool,
    ):
        one.execute(INSERT, [new_id(), actor.tenant, person, posts[0], local_date()])
        waiting = pool.submit(other.execute, INSERT, [new_id(), actor.tenant, person, posts[1], local_date()])
        with pytest.raises(concurrent.futures.TimeoutError):
            waiting.result(timeout=0.5)
        one.commit()

        with pytest.raises(psycopg.errors.ExclusionViolation, match="two administrator roles"):
            waiting.result(timeout=10)
        other.rollback()
