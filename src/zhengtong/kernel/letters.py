"""What the public writes to offices and waits for an answer to, as others may know it: dates and units, no words.

A system that takes letters registers its own; who watches over the answering asks all of them.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True)
class Waiting:
    """Letters of one unit without an answer: how many, and when the oldest was received.

    ``org_id`` is None while no unit is charged with them.
    """

    org_id: uuid.UUID | None
    count: int
    oldest: dt.date


@dataclasses.dataclass(frozen=True)
class YearOfLetters:
    """Letters of one unit in a year: received, ended, and the days from receipt to end of all that ended."""

    received: int = 0
    ended: int = 0
    days: int = 0


@dataclasses.dataclass(frozen=True)
class LetterBox:
    """A kind of letters: ``label`` names it for people.

    ``waiting(tenant, before)`` tells what was received before a day and has no answer, ``year(tenant, year)`` the
    figures of a year by unit; both take one statement or two.
    """

    label: Any
    waiting: Callable[[str, dt.date], Sequence[Waiting]]
    year: Callable[[str, int], Mapping[uuid.UUID | None, YearOfLetters]]


#: name → a kind of letters, in the order of registration
letter_boxes: Registry[LetterBox] = Registry("letter_boxes")
