"""Numbers of papers without gaps."""

from django.db import connection

from zhengtong.capabilities.documents import rules
from zhengtong.capabilities.documents.constants import NUMBER_PREFIXES
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date


def next_number(*, tenant: str, kind: str, prefix: str = "", year: int | None = None) -> str:
    """The next number of a series, e.g. 青市监受〔2026〕12号; must run in the transaction that uses it.

    ``prefix`` is the unit's 代字; the kind's own word follows it (parameter ``documents.number_prefixes``).
    The counter's row stays locked until that transaction ends: no gaps, no doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    series = prefix + parameters.value(NUMBER_PREFIXES, tenant=tenant).get(kind, "")
    in_year = year or local_date().year
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into documents_numbercounter (tenant, kind, prefix, year, last) values (%s, %s, %s, %s, 1)"
            " on conflict on constraint documents_counter_once"
            " do update set last = documents_numbercounter.last + 1 returning last",
            [tenant, kind, series, in_year],
        )
        (sequence,) = cursor.fetchone()
    return rules.document_number(prefix=series, year=in_year, sequence=sequence)
