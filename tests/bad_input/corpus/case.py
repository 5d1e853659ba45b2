"""One case of the corpus."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Case:
    """``entrance`` names who throws it (``entrances.py``), ``given`` is what; ``status`` and ``says`` are the answer.

    ``keeps`` are texts that must stand on the page that comes back. ``leaves`` are the tables that may change,
    with their reason where the case stands; everything else must be as before. ``taken``: it is acceptable after all.
    """

    id: str
    entrance: str
    given: Mapping[str, Any]
    says: str
    status: int = 422
    keeps: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    taken: bool = False
    never: tuple[str, ...] = ()
