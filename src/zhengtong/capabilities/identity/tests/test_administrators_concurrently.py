"""Two at the same moment cannot make one person two administrators, nor take the two last ones away."""

import concurrent.futures
import threading
import uuid

import psycopg
import pytest
from django.db import connection

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.selectors.administration import administrator_roles_held
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict
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


@pytest.mark.usefixtures("committed_db")
def test_two_who_take_away_the_two_last_at_once_leave_one() -> None:
    audits = [office.audit_administrator(), office.audit_administrator("audit2")]
    together = threading.Barrier(2)

    def end(person_id: uuid.UUID | None, post_id: uuid.UUID | None) -> str:
        assert person_id
        assert post_id
        try:
            together.wait(timeout=10)
            api.end_appointment(actor=system(factories.tenant()), person_id=person_id, post_id=post_id)
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "ended"

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = [pool.submit(end, one.person_id, one.post_id) for one in audits]
        answers = sorted(one.result(timeout=30) for one in running)

    assert answers == ["ended", "refused"]
    assert administrator_roles_held(factories.tenant()) == {"audit_admin"}
