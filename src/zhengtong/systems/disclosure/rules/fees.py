"""信息处理费: progressive tiers, given as data (国办函〔2020〕109号).

A table is lines of ``(last, price)``: units up to ``last`` cost ``price`` yuan each. The end of the table is either
``("rest", price)`` or ``("each", block, step)``: every further block of so many units costs ``step`` yuan more.
"""

from collections.abc import Sequence
from typing import Any, Final

Table = Sequence[Sequence[Any]]

BY_ITEM: Final[list[list[Any]]] = [[10, 0], [30, 100], ["each", 10, 100]]
BY_PAGE: Final[list[list[Any]]] = [[30, 0], [100, 10], [200, 20], ["rest", 40]]


def check(table: Table) -> None:
    """Raises ValueError for a table that cannot be counted by: bounds that fall, no end, prices below nothing."""
    last = 0
    *bounded, end = table
    for bound, price in bounded:
        if not isinstance(bound, int) or bound <= last or price < 0:
            raise ValueError("bounds rise")
        last = bound
    if not (end[0] == "rest" and len(end) == 2 and end[1] >= 0) and not (
        end[0] == "each" and len(end) == 3 and end[1] > 0 and end[2] >= 0
    ):
        raise ValueError("no end")


def price_of(table: Table, unit: int) -> int:
    """What the unit of that place (from 1) costs, in yuan."""
    last = price = 0
    for line in table:
        if line[0] == "rest":
            return int(line[1])
        if line[0] == "each":
            return int(price + line[2] * ((unit - last - 1) // line[1] + 1))
        last, price = int(line[0]), int(line[1])
        if unit <= last:
            return price
    raise ValueError("no end")


def fee(table: Table, units: int) -> int:
    """What so many units cost together, in yuan."""
    check(table)
    return sum(price_of(table, unit) for unit in range(1, units + 1))


def fee_of_next(table: Table, before: int, units: int = 1) -> int:
    """What ``units`` more cost after ``before`` in the same count."""
    return fee(table, before + units) - fee(table, before)
