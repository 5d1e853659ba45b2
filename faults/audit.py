"""Counting after the faults: what was acknowledged and is not there, what is there twice, what stands still.

Plain Python over what ``records`` read from the town. What counts as what:

- **lost**: an acknowledged act without its row (a case, a file with its bytes, a task done with its opinion and its
  command key); a task done, an application handed in or a paper issued without its ledger entry; a stored file
  without its bytes; an approved application of the writers without a licence.
- **doubled**: two opinions on one task, two cases of one application, two papers of one kind of one object where the
  older one was not ended by a named successor, two ledger entries or two events of one act, two messages of the same
  words about one object to one person, more copies of a mail than attempts were made (at-least-once delivery: an
  attempt whose end nobody saw is repeated, under the same Message-ID).
- **stuck**: what neither moves nor waits for a person nor is visibly given up: see ``Records.stuck``.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Set

from faults.acknowledged import Acknowledgement

_Act = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    what: str
    key: str


@dataclasses.dataclass
class Records:
    """What stands in the town's database and on its disk, as plain values.

    Keys are the identifiers as text. ``counts`` holds, by what is counted, how often each act is there; ``allowed``
    how often it may be there at most (once where it is not named). ``expected`` and ``entered`` are acts and their
    ledger entries by (act, object).
    """

    submitted: Mapping[str, str] = dataclasses.field(default_factory=dict)
    files: Set[tuple[str, str]] = dataclasses.field(default_factory=set)
    steps: Mapping[str, str] = dataclasses.field(default_factory=dict)
    commands: Set[str] = dataclasses.field(default_factory=set)
    opinions: Mapping[str, int] = dataclasses.field(default_factory=dict)
    licensed: Set[str] = dataclasses.field(default_factory=set)
    approved: Set[str] = dataclasses.field(default_factory=set)
    without_bytes: Iterable[str] = ()
    expected: Mapping[tuple[str, str], int] = dataclasses.field(default_factory=dict)
    entered: Mapping[tuple[str, str], int] = dataclasses.field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)
    allowed: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)
    stuck: Mapping[str, Iterable[str]] = dataclasses.field(default_factory=dict)
    given_up: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """All findings of an audit."""

    lost: tuple[Finding, ...]
    doubled: tuple[Finding, ...]
    stuck: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not (self.lost or self.doubled or self.stuck)


def audit(acknowledgements: Iterable[Acknowledgement], records: Records) -> Verdict:
    """Compare what was acknowledged with what is there."""
    acts = list(dict.fromkeys(acknowledgements))
    return Verdict(
        lost=(*lost_acts(acts, records), *lost_traces(records)),
        doubled=tuple(doubled(records)),
        stuck=tuple(Finding(what, key) for what, keys in records.stuck.items() for key in keys),
    )


def lost_acts(acts: Iterable[Acknowledgement], records: Records) -> list[Finding]:
    """Acknowledged acts that are not there."""
    return [
        Finding(f"acknowledged {act.act}", f"{act.key} {act.detail}".strip())
        for act in acts
        if not _there(act, records)
    ]


def _there(act: Acknowledgement, records: Records) -> bool:
    match act.act:
        case "submit":
            return act.key in records.submitted
        case "upload":
            return (act.key, act.detail) in records.files
        case "step":
            done = records.steps.get(act.key) == act.detail and records.opinions.get(act.key, 0) >= 1
            return done and (not act.command or act.command in records.commands)
    raise ValueError(f"nobody acknowledges {act.act}")


def lost_traces(records: Records) -> list[Finding]:
    """Acts without their ledger entry, files without their bytes, approvals without their licence."""
    missing = _missing(records.expected, records.entered)
    found = [Finding("act without its ledger entry", f"{act} {key}") for act, key in missing]
    found += [Finding("stored file without its bytes", key) for key in records.without_bytes]
    found += [Finding("approved without a licence", key) for key in sorted(records.approved - records.licensed)]
    return found


def doubled(records: Records) -> list[Finding]:
    """What is there more often than it may be."""
    found = [
        Finding(f"two of one {what}", key)
        for what, counted in records.counts.items()
        for key, number in counted.items()
        for _ in range(number - records.allowed.get(what, {}).get(key, 1))
    ]
    found += [Finding("two opinions on one task", key) for key, number in records.opinions.items() if number > 1]
    surplus = _missing(records.entered, records.expected)
    return found + [Finding("ledger entry without an act of its own", f"{act} {key}") for act, key in surplus]


def _missing(wanted: Mapping[_Act, int], there: Mapping[_Act, int]) -> list[_Act]:
    """What of ``wanted`` is not ``there``, as often as it is missing."""
    return list((Counter(wanted) - Counter(there)).elements())
