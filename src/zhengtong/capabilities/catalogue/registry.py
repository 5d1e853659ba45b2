"""What higher systems plug into the catalogue."""

import dataclasses
from collections.abc import Callable, Mapping

from zhengtong.kernel.registry import Registry

#: system → (what is under way, how many) for the item with a code: said before an item is taken out of use
item_uses: Registry[Callable[[str, str], tuple[str, int]]] = Registry("item_uses")


@dataclasses.dataclass(frozen=True)
class Experience:
    """How an item went lately: applications of the last 90 days and of this year, decisions of the last 365 days.

    ``days`` is the median of days from handing in to the decision, holidays included; None without decisions.
    """

    recent: int = 0
    this_year: int = 0
    decided: int = 0
    days: float | None = None


#: system → experience with every item applied for lately, by code, for a tenant; asked on public pages, so it is quick
experience: Registry[Callable[[str], Mapping[str, Experience]]] = Registry("experience")
