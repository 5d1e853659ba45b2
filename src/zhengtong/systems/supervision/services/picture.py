"""The read model: what an event changes in the picture of a case. Applying an event twice changes nothing more."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db.models import Q

from zhengtong.systems.supervision.models import WatchedCase, WatchedStep
from zhengtong.systems.supervision.registry import Change, Sighting

_GRAVER = {"": 0, "yellow": 1, "red": 2, "breach": 3}
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


def locked_case(tenant: str, seen: Sighting) -> WatchedCase:
    """The watched case of a sighting, made when it is the first, locked until the transaction ends."""
    if seen.case_id is None:
        raise ValueError("an event without a case is in the picture of none")
    fresh = WatchedCase(
        tenant=tenant, case_id=seen.case_id, number=seen.number, org_id=seen.org_id, org_name=seen.org_name
    )
    WatchedCase.objects.bulk_create([fresh], ignore_conflicts=True)
    return WatchedCase.objects.select_for_update().get(tenant=tenant, case_id=seen.case_id)


def apply(case: WatchedCase, seen: Sighting, *, event_id: uuid.UUID, at: dt.datetime) -> None:
    """Write what an event says into a locked case and its steps."""
    tell(case, seen, event_id=event_id, at=at)
    change = _CHANGES.get(seen.change)
    if change is not None:
        change(case, seen, at)
    case.open_steps = case.steps.filter(done_at__isnull=True, dropped=False).count()
    case.save()


def tell(case: WatchedCase, seen: Sighting, *, event_id: uuid.UUID, at: dt.datetime) -> None:
    """Note what every event says of its case; not yet written."""
    case.number, case.org_id, case.org_name = seen.number, seen.org_id, seen.org_name
    case.title, case.item_code = seen.title or case.title, seen.item_code or case.item_code
    if case.last_event_at is None or at >= case.last_event_at:
        case.last_event_id, case.last_event_at = event_id, at


def limit(case: WatchedCase, seen: Sighting) -> None:
    """Note where the limits of a case end and how far they have come; not yet written."""
    if seen.deadline_kind == "promised":
        case.promised_due = seen.due_at
    elif seen.deadline_kind == "statutory":
        case.statutory_due = seen.due_at
    if seen.deadline_kind in ("promised", "statutory") and _GRAVER.get(seen.level, 0) > _GRAVER[case.level]:
        case.level = seen.level


def _opened(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.opened_at = seen.opened_at or at


def _accepted(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.accepted_on, case.deemed_accepted = seen.accepted_on, seen.deemed
    _due(case, seen)


def _due(case: WatchedCase, seen: Sighting) -> None:
    case.promised_due = seen.promised_due or case.promised_due
    case.statutory_due = seen.statutory_due or case.statutory_due


def _step(case: WatchedCase, seen: Sighting, at: dt.datetime) -> WatchedStep:
    if seen.step_id is None:
        raise ValueError(f"a step without a number: {seen}")
    step, _ = WatchedStep.objects.get_or_create(
        tenant=case.tenant,
        step_id=seen.step_id,
        defaults={
            "case": case,
            "node": seen.node,
            "step": seen.step,
            "phase": seen.phase,
            "org_id": seen.step_org_id,
            "org_name": seen.step_org_name,
            "opened_at": seen.opened_at or at,
            "due_at": seen.due_at,
        },
    )
    return step


def _step_opened(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    _step(case, seen, at)


def _step_done(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    step = _step(case, seen, at)
    step.done_at, step.outcome, step.post_name, step.dropped = at, seen.outcome, seen.post_name, False
    step.save(update_fields=["done_at", "outcome", "post_name", "dropped"])


def _step_dropped(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    step = _step(case, seen, at)
    if step.done_at is None:
        step.dropped = True
        step.save(update_fields=["dropped"])


def _step_moved(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    # a step that is late stays with the unit that let it become late
    step = _step(case, seen, at)
    if step.late_at is None:
        step.org_id, step.org_name = seen.step_org_id, seen.step_org_name
        step.save(update_fields=["org_id", "org_name"])


def _deadline(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    limit(case, seen)
    steps = case.steps.filter(_limited_by(seen), done_at__isnull=True)
    if seen.due_at is not None:
        steps.update(due_at=seen.due_at)
        if seen.level in ("red", "breach"):
            steps.filter(late_at__isnull=True).update(late_at=seen.due_at)


def _deadline_moved(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    # a later date does not take a lateness back that was there: the card for it is cancelled by a person
    if seen.deadline_kind == "promised":
        case.promised_due = seen.due_at
    elif seen.deadline_kind == "statutory":
        case.statutory_due = seen.due_at
    case.steps.filter(_limited_by(seen), done_at__isnull=True).update(due_at=seen.due_at)


def _limited_by(seen: Sighting) -> Q:
    """The steps a deadline is about: its own, or for the limit of acceptance the steps that accept."""
    if seen.step_id is not None:
        return Q(step_id=seen.step_id)
    return Q(phase="accept") if seen.deadline_kind == "acceptance" else Q(pk__in=[])


def _paused(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    # while the clock stands still nobody knows the new date: the next event that names one brings it
    case.paused = True
    case.steps.filter(done_at__isnull=True, late_at__isnull=True).update(due_at=None)


def _resumed(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.paused = False
    _due(case, seen)


def _supplement(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.supplements = max(case.supplements, seen.count)


def _closed(case: WatchedCase, seen: Sighting, at: dt.datetime) -> None:
    case.closed_at, case.outcome, case.in_time, case.paused = at, seen.outcome or "closed", seen.in_time, False
    case.opened_at = seen.opened_at or case.opened_at
    case.steps.filter(done_at__isnull=True).update(dropped=True)


_CHANGES: dict[Change, Callable[[WatchedCase, Sighting, dt.datetime], None]] = {
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


def blank(case: WatchedCase) -> None:
    """Forget everything a locked case holds, to build it again from its events."""
    case.steps.all().delete()
    for name, value in BLANK.items():
        setattr(case, name, value)
    case.save()
