"""One act at a time for an object and a kind of paper."""

from django.db import connection

from zhengtong.capabilities.documents.models import Document


def lock_subject(row: Document) -> None:
    """Until the transaction ends the second caller waits, and then finds what the first one did."""
    _lock(f"documents:{row.tenant}:{row.subject_kind}:{row.subject_id}:{row.kind}")


def lock_renditions(row: Document) -> None:
    """The same for making another format of one paper."""
    _lock(f"documents:rendition:{row.pk}")


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
