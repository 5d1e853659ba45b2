"""What becomes of a page of an old site: its day, its name, where addresses that moved end."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

#: addresses of the platform that a web server before it answers by itself
TAKEN: Final = ("/static/",)


def day_fault(day: dt.date | None, said: str, today: dt.date) -> str:
    """Why a day cannot be that of an article; empty where it can."""
    if day is None:
        return f"日期“{said[:40]}”认不出来，或者不存在。" if said.strip() else "没有找到发布日期。"
    return f"发布日期 {day:%Y-%m-%d} 还没有到。" if day > today else ""


def slug_of(day: dt.date, key: str) -> str:
    """The name of an article in addresses: the same for the same old address, whenever it is taken over."""
    return f"{day:%Y%m%d}-{key[:10]}"


def ends_of(moved: Mapping[str, str]) -> dict[str, str]:
    """Where each address that moved ends, by key; an empty end for those that lead in a circle."""
    ends: dict[str, str] = {}
    for begun in moved:
        seen, at = [begun], begun
        while at in moved and at not in ends:
            at = moved[at]
            if at in seen:
                at = ""
                break
            seen.append(at)
        end = ends.get(at, at)
        for one in seen:
            if one in moved:
                ends.setdefault(one, end)
    return ends
