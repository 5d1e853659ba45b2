"""Which of the limits whose moment has come this process may act on."""

import datetime as dt

from zhengtong.kernel.simulation import not_before


def since(field: str) -> dict[str, dt.datetime]:
    """The condition that leaves the limits of a demonstration's invented past to its simulator; empty in earnest."""
    earliest = not_before()
    return {} if earliest is None else {f"{field}__gte": earliest}
