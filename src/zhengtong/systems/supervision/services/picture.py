"""The read model: what events change in the pictures of their cases, in memory, written together.

Applying an event twice changes nothing more.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence, Set

from django.db.models import Q

from zhengtong.kernel.many import insert_all, update_all
from zhengtong.systems.supervision.models import WatchedCase, WatchedStep
from zhengtong.systems.supervision.registry import Change, Sighting

_GRAVER = {"": 0, "yellow": 1, "red": 2, "breach": 3}
#: what may change the steps of a case
_OF_STEPS = frozenset(
    {"step_opened", "step_done", "step_dropped", "step_moved", "deadline", "deadline_moved", "paused", "closed"}
)
#: values of a watched case before its first event
BLANK = {
    "opened_at": None,
    "accepted_on": None,
    "deemed_accepted": False,
    "closed_at": None,
    "outcome": "",
    "in_time": None,
    "paused": False,
    "open_steps": 0,
    "supplements": 0,
    "promised_due": None,
    "statutory_due": None,
    "level": "",
    "last_event_id": None,
    "last_event_at": None,
}


class Pictures:
    """The watched cases of a batch of sightings of one tenant, locked until the transaction ends.

    ``apply`` changes them and their steps in memory, ``write`` writes what has changed with a few statements.
    """

    def __init__(self, tenant: str, sightings: Iterable[Sighting], *, also: Iterable[uuid.UUID] = ()) -> None:
        """Cases of sightings that are not there are made; those of ``also`` are only looked for."""
        self._tenant = tenant
        seen = [one for one in sightings if one.case_id is not None]
        first = {one.case_id: one for one in reversed(seen) if one.case_id is not None}
        self._cases = self._locked({*first, *also})
        missing = sorted(set(first) - set(self._cases))
        if missing:
            insert_all([self._blank(key, first[key]) for key in missing], ignore_conflicts=True)
            self._cases |= self._locked(set(missing))
        self._steps = self._load([one for one in seen if one.change in _OF_STEPS])
        self._changed: set[uuid.UUID] = set()
        #: what the steps that are in the database hold there
        self._stored = {step.id: _state(step) for steps in self._steps.values() for step in steps.values()}

    def case(self, case_id: uuid.UUID | None) -> WatchedCase | None:
        """The case of that identifier, None when there is none."""
        return None if case_id is None else self._cases.get(case_id)

    def apply(self, seen: Sighting, *, event_id: uuid.UUID, at: dt.datetime) -> WatchedCase:
        """Change a case and its steps by what an event says; once more changes nothing more."""
        case = self.case(seen.case_id)
        if case is None:
            raise ValueError("an event without a case is in the picture of none")
        _tell(case, seen, event_id=event_id, at=at)
        change = _CHANGES.get(seen.change)
        if change is not None:
            change(self, case, seen, at)
        self._changed.add(case.case_id)
        return case

    def blank(self, keys: Collection[uuid.UUID]) -> None:
        """Forget everything these cases hold, to build them again from their events."""
        cases = [self._cases[key] for key in keys if key in self._cases]
        if cases:
            WatchedStep.objects.filter(case__among=[case.id for case in cases]).delete()
        for case in cases:
            self._steps[case.id] = {}
            for name, value in BLANK.items():
                setattr(case, name, value)
            self._changed.add(case.case_id)

    def write(self) -> None:
        """Write the cases and steps that were changed."""
        cases = [self._cases[key] for key in sorted(self._changed)]
        steps = [step for case in cases for step in self._steps.get(case.id, {}).values()]
        for case in cases:
            if case.id in self._steps:
                open_steps = [step for step in self.undone(case) if not step.dropped]
                case.open_steps = len(open_steps)
        update_all(cases)
        insert_all([step for step in steps if step.id not in self._stored])
        update_all([step for step in steps if self._stored.get(step.id, _state(step)) != _state(step)])
        self._changed = set()
        self._stored |= {step.id: _state(step) for step in steps}

    def step(self, case: WatchedCase, seen: Sighting, at: dt.datetime) -> WatchedStep:
        """The step of a sighting, made when it is the first."""
        if seen.step_id is None:
            raise ValueError(f"a step without a number: {seen}")
        steps = self._steps.setdefault(case.id, {})
        found = steps.get(seen.step_id)
        if found is None:
            found = steps[seen.step_id] = WatchedStep(
                tenant=case.tenant,
                case=case,
                step_id=seen.step_id,
                node=seen.node,
                step=seen.step,
                phase=seen.phase,
                org_id=seen.step_org_id,
                org_name=seen.step_org_name,
                opened_at=seen.opened_at or at,
                due_at=seen.due_at,
            )
        return found

    def undone(self, case: WatchedCase) -> list[WatchedStep]:
        """The steps of a case that nobody has done."""
        return [step for step in self._steps.get(case.id, {}).values() if step.done_at is None]

    def _locked(self, keys: Set[uuid.UUID]) -> dict[uuid.UUID, WatchedCase]:
        rows = WatchedCase.objects.select_for_update().filter(tenant=self._tenant, case_id__among=list(keys))
        return {case.case_id: case for case in rows.order_by("case_id")} if keys else {}

    def _blank(self, case_id: uuid.UUID, seen: Sighting) -> WatchedCase:
        return WatchedCase(
            tenant=self._tenant, case_id=case_id, number=seen.number, org_id=seen.org_id, org_name=seen.org_name
        )

    def _load(self, sightings: Sequence[Sighting]) -> dict[uuid.UUID, dict[uuid.UUID, WatchedStep]]:
        """Of the cases whose steps may change: the steps that are not done, and those the sightings name."""
        cases = [self._cases[one.case_id].id for one in sightings if one.case_id is not None]
        if not cases:
            return {}
        named = [one.step_id for one in sightings if one.step_id is not None]
        found: dict[uuid.UUID, dict[uuid.UUID, WatchedStep]] = {case: {} for case in cases}
        open_or_named = Q(done_at__isnull=True) | Q(step_id__among=named)
        for step in WatchedStep.objects.filter(open_or_named, case__among=cases).order_by("opened_at", "id"):
            found[step.case_id][step.step_id] = step
        return found


def _state(step: WatchedStep) -> tuple[object, ...]:
    """All that events change in a step."""
    return (
        step.org_id,
        step.org_name,
        step.post_name,
        step.due_at,
        step.late_at,
        step.done_at,
        step.outcome,
        step.dropped,
    )


def _tell(case: WatchedCase, seen: Sighting, *, event_id: uuid.UUID, at: dt.datetime) -> None:
    """What every event says of its case."""
    case.number, case.org_id, case.org_name = seen.number, seen.org_id, seen.org_name
    case.title, case.item_code = seen.title or case.title, seen.item_code or case.item_code
    if case.last_event_at is None or at >= case.last_event_at:
        case.last_event_id, case.last_event_at = event_id, at


def _limit(case: WatchedCase, seen: Sighting) -> None:
    """Where the limits of a case end and how far they have come."""
    if seen.deadline_kind == "promised":
        case.promised_due = seen.due_at
    elif seen.deadline_kind == "statutory":
        case.statutory_due = seen.due_at
    if seen.deadline_kind in ("promised", "statutory") and _GRAVER.get(seen.level, 0) > _GRAVER[case.level]:
        case.level = seen.level


def _opened(_pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.opened_at = seen.opened_at or at


def _accepted(_pictures: Pictures, case: WatchedCase, seen: Sighting, _at: dt.datetime) -> None:
    case.accepted_on, case.deemed_accepted = seen.accepted_on, seen.deemed
    _due(case, seen)


def _due(case: WatchedCase, seen: Sighting) -> None:
    case.promised_due = seen.promised_due or case.promised_due
    case.statutory_due = seen.statutory_due or case.statutory_due


def _step_opened(pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    pictures.step(case, seen, at)


def _step_done(pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    step = pictures.step(case, seen, at)
    step.done_at, step.outcome, step.post_name, step.dropped = at, seen.outcome, seen.post_name, False


def _step_dropped(pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    step = pictures.step(case, seen, at)
    step.dropped = step.dropped or step.done_at is None


def _step_moved(pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    # a step that is late stays with the unit that let it become late
    step = pictures.step(case, seen, at)
    if step.late_at is None:
        step.org_id, step.org_name = seen.step_org_id, seen.step_org_name


def _deadline(pictures: Pictures, case: WatchedCase, seen: Sighting, _at: dt.datetime) -> None:
    _limit(case, seen)
    for step in _limited_by(pictures.undone(case), seen) if seen.due_at is not None else ():
        step.due_at = seen.due_at
        if seen.level in ("red", "breach"):
            step.late_at = step.late_at or seen.due_at


def _deadline_moved(pictures: Pictures, case: WatchedCase, seen: Sighting, _at: dt.datetime) -> None:
    # a later date does not take a lateness back that was there: the card for it is cancelled by a person
    if seen.deadline_kind == "promised":
        case.promised_due = seen.due_at
    elif seen.deadline_kind == "statutory":
        case.statutory_due = seen.due_at
    for step in _limited_by(pictures.undone(case), seen):
        step.due_at = seen.due_at


def _limited_by(steps: Iterable[WatchedStep], seen: Sighting) -> list[WatchedStep]:
    """The steps a deadline is about: its own, or for the limit of acceptance the steps that accept."""
    if seen.step_id is not None:
        return [step for step in steps if step.step_id == seen.step_id]
    return [step for step in steps if step.phase == "accept" and seen.deadline_kind == "acceptance"]


def _paused(pictures: Pictures, case: WatchedCase, _seen: Sighting, _at: dt.datetime) -> None:
    # while the clock stands still nobody knows the new date: the next event that names one brings it
    case.paused = True
    for step in pictures.undone(case):
        if step.late_at is None:
            step.due_at = None


def _resumed(_pictures: Pictures, case: WatchedCase, seen: Sighting, _at: dt.datetime) -> None:
    case.paused = False
    _due(case, seen)


def _supplement(_pictures: Pictures, case: WatchedCase, seen: Sighting, _at: dt.datetime) -> None:
    case.supplements = max(case.supplements, seen.count)


def _closed(pictures: Pictures, case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.closed_at, case.outcome, case.in_time, case.paused = at, seen.outcome or "closed", seen.in_time, False
    case.opened_at = seen.opened_at or case.opened_at
    for step in pictures.undone(case):
        step.dropped = True


_CHANGES: dict[Change, Callable[[Pictures, WatchedCase, Sighting, dt.datetime], None]] = {
    "opened": _opened,
    "accepted": _accepted,
    "step_opened": _step_opened,
    "step_done": _step_done,
    "step_dropped": _step_dropped,
    "step_moved": _step_moved,
    "deadline": _deadline,
    "deadline_moved": _deadline_moved,
    "paused": _paused,
    "resumed": _resumed,
    "supplement": _supplement,
    "closed": _closed,
}
