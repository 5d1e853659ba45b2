"""Numbers of orders (F), payments (P) and refunds (R): letter, tenant, day, running number of the day."""

from django.db import connection

from zhengtong.kernel.clock import local_date


def next_number(tenant: str, series: str) -> str:
    """The next number, without gaps within a committed day; must run in the transaction that uses it."""
    day = local_date()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into payments_paymentcounter as c (tenant, series, day, last) values (%s, %s, %s, 1)"
            " on conflict (tenant, series, day) do update set last = c.last + 1 returning last",
            [tenant, series, day],
        )
        (last,) = cursor.fetchone()
    return f"{series}{tenant}{day:%Y%m%d}{last:05d}"
