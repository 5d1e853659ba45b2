"""One case of the corpus."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Case:
    """``entrance`` names who throws it (``entrances.py``), ``given`` is what; the answer has ``status`` and ``says`` this.

    ``keeps`` are texts that must stand on the page that comes back. ``leaves`` are the tables that may change, each with
    its reason where the case stands; everything else must be as before. ``taken``: the input is acceptable after all.
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
