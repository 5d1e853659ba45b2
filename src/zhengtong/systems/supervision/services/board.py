"""The one-row version of a tenant's board; lock order everywhere: watched case, cards, board."""

from django.db import connection

from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.supervision.models import Board


def touch(tenant: str) -> None:
    """Tell the live pages that something changed; part of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into supervision_board (tenant, version, changed_at, year, last_number) values (%s, 1, %s, 0, 0)"
            " on conflict (tenant) do update"
            " set version = supervision_board.version + 1, changed_at = excluded.changed_at",
            [tenant, now()],
        )


def next_card_numbers(tenant: str, count: int) -> list[str]:
    """监察编号 of new cards: year and numbers without gaps (they fall back with their transaction)."""
    touch(tenant)
    board = Board.objects.select_for_update().get(tenant=tenant)
    year = local_date().year
    first = board.last_number + 1 if board.year == year else 1
    board.year, board.last_number = year, first + count - 1
    board.save(update_fields=["year", "last_number"])
    return [f"{year}-{number:06d}" for number in range(first, first + count)]
