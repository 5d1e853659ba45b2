"""Applications that one person begins, one after the other."""

from django.db import connection

from zhengtong.kernel.actors import Actor


def begin_alone(applicant: Actor) -> None:
    """Who begins an application waits for what he has just begun: there is no row yet that could be locked."""
    with connection.cursor() as cursor:
        name = f"service_hall.begin {applicant.tenant} {applicant.person_id}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
