"""An event, once written, is the application's to read and to mark as delivered, nothing else."""

import importlib

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

FORBIDDEN = [
    "delete from kernel_outboxevent",
    "truncate kernel_outboxevent",
    "update kernel_outboxevent set data = data",
    "update kernel_outboxevent set name = name",
    "update kernel_outboxevent set xid = xid",
]
DELIVERY = (
    "update kernel_outboxevent set attempts = attempts + 1, next_try_at = now(), last_error = '', delivered_at = now()"
)
INSERT = (
    "insert into kernel_outboxevent (event_id, tenant, name, object_kind, object_id, at, data, attempts, last_error)"
    " values (gen_random_uuid(), '980723', 'x.y.v1', 'case', 'c-1', now(), '{}', 0, '')"
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_neither_changes_nor_deletes_an_event(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_application_marks_how_delivery_goes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT)
        cursor.execute(DELIVERY)

        assert cursor.rowcount == 1


def test_a_database_that_granted_more_before_is_narrowed_by_the_migration(database_urls: dict[str, str]) -> None:
    migration = importlib.import_module("zhengtong.kernel.migrations.0002_outbox_rights")
    with psycopg.connect(database_urls["owner"], autocommit=True) as owner:
        for statement in migration.release("zt_app"):
            owner.execute(statement)
        with psycopg.connect(database_urls["app"], autocommit=True) as app:
            app.execute("update kernel_outboxevent set data = data")
            app.execute("delete from kernel_outboxevent")
            for statement in migration.restrict("zt_app"):
                owner.execute(statement)

            for statement in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(statement)
            app.execute(DELIVERY)
