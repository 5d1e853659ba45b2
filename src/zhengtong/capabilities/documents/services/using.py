"""Who used a paper: in an application as a material, at the public counter of verification."""

import uuid

from django.db import connection, transaction

from zhengtong.capabilities.documents.constants import CheckWay
from zhengtong.capabilities.documents.selectors import readable_document
from zhengtong.capabilities.documents.services.composing import ref_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date

_COUNT = (
    "insert into documents_checkcount as c (tenant, document_id, day, way, count)"
    " select d.tenant, d.id, %s, %s, 1 from documents_document d where d.id = %s"
    " on conflict (document_id, day, way) do update set count = c.count + 1"
)


def record_use(*, actor: Actor, document_id: uuid.UUID, purpose: str) -> None:
    """Enter in the ledger that a paper was given as a material; raises NotFound and NotPermitted as reading does."""
    row = readable_document(actor=actor, document_id=document_id)
    with transaction.atomic():
        ledger.append(
            actor=actor, act="documents.use", object_ref=ref_of(row), payload={"number": row.number}, purpose=purpose
        )


def record_reading(*, actor: Actor, document_id: uuid.UUID, purpose: str) -> None:
    """Enter in the ledger that what a paper says was read on a page; raises NotFound and NotPermitted."""
    row = readable_document(actor=actor, document_id=document_id)
    with transaction.atomic():
        ledger.append(
            actor=actor, act="documents.read", object_ref=ref_of(row), payload={"number": row.number}, purpose=purpose
        )


def count_check(*, document_id: uuid.UUID, way: CheckWay) -> None:
    """One verification more on this day; nobody is asked who he is, so nobody is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [local_date(), way.value, document_id])
