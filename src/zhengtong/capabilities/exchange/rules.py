"""Rules of reporting upward: when to try again, what a receipt makes of a package, where two sides differ."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

#: state of a package → what a receipt of a kind makes of it; anything else leaves it as it is
_NEXT = {
    ("built", "received"): "received",
    ("built", "verified"): "settled",
    ("built", "rejected"): "rejected",
    ("received", "verified"): "settled",
    ("received", "rejected"): "rejected",
    ("given_up", "received"): "received",
    ("given_up", "verified"): "settled",
    ("rejected", "received"): "received",
    ("rejected", "verified"): "settled",
}
#: states from which a person may have a package sent again
RESENDABLE = ("built", "given_up", "rejected")


def after_receipt(state: str, receipt: str) -> str:
    """The state of a package after a receipt; a late or second one never takes anything back."""
    return _NEXT.get((state, receipt), state)


def wait_after(failures: int, *, first: int, longest: int) -> dt.timedelta:
    """How long until the next try: doubling with every failure in a row."""
    return dt.timedelta(seconds=min(first * 2 ** min(max(failures - 1, 0), 20), longest))


def is_given_up(*, failing_since: dt.datetime, at: dt.datetime, hours: float) -> bool:
    """Whether trying has gone on long enough without success."""
    return at - failing_since >= dt.timedelta(hours=hours)


def is_due(*, waiting: int, oldest: dt.datetime | None, at: dt.datetime, most: int, minutes: float) -> bool:
    """Whether what waits fills a package, or has waited long enough."""
    if oldest is None or waiting == 0:
        return False
    return waiting >= most or at - oldest >= dt.timedelta(minutes=minutes)


@dataclasses.dataclass(frozen=True)
class DayBook:
    """What one side has of a day: rows, those accepted, one digest over all; by sequence (digest, rows, accepted)."""

    rows: int
    accepted: int
    digest: str
    packages: Mapping[int, tuple[str, int, int]]


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where the two sides differ about a package; ``kind`` is missing_there, missing_here, content or verdicts."""

    sequence: int
    kind: str


def differences_of(ours: DayBook, theirs: DayBook) -> list[Difference]:
    """Package by package; empty exactly when nothing is missing and every verdict is the same on both sides."""
    found = []
    for sequence in sorted({*ours.packages, *theirs.packages}):
        here, there = ours.packages.get(sequence), theirs.packages.get(sequence)
        if there is None:
            found.append(Difference(sequence, "missing_there"))
        elif here is None:
            found.append(Difference(sequence, "missing_here"))
        elif here[0] != there[0]:
            found.append(Difference(sequence, "content"))
        elif here != there:
            found.append(Difference(sequence, "verdicts"))
    if not found and ours.digest != theirs.digest:
        found = [Difference(sequence, "verdicts") for sequence in sorted(ours.packages)]
    return found
