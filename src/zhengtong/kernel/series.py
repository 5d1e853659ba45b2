"""Numbers without gaps within a series: an app keeps a counter of its own (``tenant``, ``series``, ``last``)."""

from django.db import connection
from django.db.models import Model


def next_in(counter: type[Model], *, tenant: str, series: str) -> int:
    """The next number of a series, the first is 1; its row stays locked until the transaction ends."""
    table = connection.ops.quote_name(counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} as c (tenant, series, last) values (%s, %s, 1)"  # noqa: S608  (our own table, quoted)
            " on conflict (tenant, series) do update set last = c.last + 1 returning last",
            [tenant, series],
        )
        return int(cursor.fetchone()[0])
