"""Working out paths: cases about which something new was told are held against their drawing, many at once."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.models import CasePath, PathDue, PathVariant, StepTime, WatchedCase, WatchedStep
from zhengtong.systems.supervision.registry import LogEntry
from zhengtong.systems.supervision.rules.conformance import Replay, digest_of, path_of
from zhengtong.systems.supervision.rules.times import rounded, working_seconds
from zhengtong.systems.supervision.rules.traces import EVENTS, MIGRATED, Trace, fault_rows, trace_of
from zhengtong.systems.supervision.selectors.drawn import drawing_of, held
from zhengtong.systems.supervision.selectors.log import histories_of
from zhengtong.systems.supervision.services.raising import Watched
from zhengtong.systems.supervision.services.tallying import forget_tallies

#: cases of one turn; watching waits for those it touches meanwhile
_BATCH = 40
_CHANGES = frozenset({"opened", "step_opened", "step_done", "step_dropped", "step_moved", "closed"})
_UPDATED = ("tenant", "variant", "process_id", "item_code", "title", "org_id", "closed_at", "seconds", "faults")


@dataclasses.dataclass(frozen=True)
class _Found:
    case: WatchedCase
    trace: Trace
    replay: Replay

    @property
    def process_id(self) -> uuid.UUID:
        return uuid.UUID(self.trace.processes[-1])

    @property
    def digest(self) -> str:
        return digest_of(self.replay)


def note_paths(watched: Sequence[Watched]) -> None:
    """Have paths worked out again of which events tell; part of the caller's transaction, which holds the cases."""
    told = {
        one.case.pk: PathDue(tenant=one.case.tenant, case=one.case)
        for one in watched
        if one.case is not None and (one.seen.change in _CHANGES or one.event.NAME == MIGRATED)
    }
    PathDue.objects.bulk_create(told.values())


@transaction.atomic
def assess_paths() -> int:
    """Work out the paths of some cases that wait for it; how many were dealt with."""
    waiting = list(PathDue.objects.order_by("id").values_list("case_id", flat=True)[: _BATCH * 10])
    wanted = list(dict.fromkeys(waiting))[:_BATCH]
    if not wanted:
        return 0
    # a case that is being watched right now comes next time; of the others nothing more can be told meanwhile
    locked = {one.pk: one for one in WatchedCase.objects.select_for_update(skip_locked=True).filter(pk__in=wanted)}
    PathDue.objects.filter(case_id__in=locked).delete()
    histories = histories_of([one.case_id for one in locked.values()], EVENTS)
    found = [one for case in locked.values() if (one := _found(case, histories.get(case.case_id, ())))]
    if found:
        _write(found)
    return len(locked)


def _found(case: WatchedCase, history: Sequence[LogEntry]) -> _Found | None:
    trace = trace_of(history)
    replay = held(trace) if trace else None
    return _Found(case, trace, replay) if trace and replay else None


def _write(found: Sequence[_Found]) -> None:
    variants = _variants(found)
    calendars = {tenant: cases.calendar_of(tenant) for tenant in {one.case.tenant for one in found}}
    paths = [_path(one, variants, calendars[one.case.tenant]) for one in found]
    CasePath.objects.bulk_create(
        paths, update_conflicts=True, unique_fields=["case"], update_fields=list(_UPDATED), batch_size=_BATCH
    )
    keys = dict(CasePath.objects.filter(case__in=[one.case for one in found]).values_list("case_id", "pk"))
    forget_tallies(keys.values())
    StepTime.objects.filter(path_id__in=keys.values()).delete()
    steps = WatchedStep.objects.filter(case__in=list(keys), late_at__isnull=False)
    late = set(steps.values_list("step_id", flat=True))
    times = [row for one in found for row in _times(one, keys[one.case.pk], late, calendars[one.case.tenant])]
    StepTime.objects.bulk_create(times, batch_size=1000)
    forget_tallies(keys.values())


def _variants(found: Sequence[_Found]) -> Mapping[tuple[str, uuid.UUID, str], uuid.UUID]:
    fresh = {
        (one.case.tenant, one.process_id, one.digest): PathVariant(
            tenant=one.case.tenant,
            process_id=one.process_id,
            digest=one.digest,
            legs=[list(leg) for leg in path_of(one.replay)],
            flows=dict(one.replay.flows),
            deviations=[[fault.kind, fault.node] for fault in one.replay.deviations],
            deviating=len(one.replay.deviations),
            loops=one.replay.loops,
            fit=one.replay.fit,
            whole=one.replay.whole,
        )
        for one in found
    }
    PathVariant.objects.bulk_create(list(fresh.values()), ignore_conflicts=True)
    rows = PathVariant.objects.filter(digest__in=[digest for _tenant, _process, digest in fresh])
    return {(row.tenant, row.process_id, row.digest): row.pk for row in rows.defer("legs", "flows", "deviations")}


def _path(one: _Found, variants: Mapping[tuple[str, uuid.UUID, str], uuid.UUID], calendar: WorkCalendar) -> CasePath:
    case, trace = one.case, one.trace
    names = {
        element.id: element.name
        for key in trace.processes
        for drawn in [drawing_of(key)]
        if drawn is not None
        for element in drawn.elements.values()
    }
    ended = trace.closed_at
    return CasePath(
        tenant=case.tenant,
        case=case,
        variant_id=variants[case.tenant, one.process_id, one.digest],
        process_id=one.process_id,
        item_code=case.item_code,
        title=case.title,
        org_id=case.org_id,
        closed_at=ended,
        seconds=working_seconds(calendar, trace.opened_at, ended, trace.stops) if ended else None,
        faults=fault_rows(trace, one.replay.deviations, names),
    )


def _times(one: _Found, path_id: uuid.UUID, late: set[uuid.UUID], calendar: WorkCalendar) -> list[StepTime]:
    rows = []
    for step in one.trace.steps:
        times = step.times(calendar, one.trace.stops)
        if times is not None and step.done_at is not None:
            rows.append(
                StepTime(
                    tenant=one.case.tenant,
                    path_id=path_id,
                    process_id=one.process_id,
                    node=step.node,
                    step_id=step.step_id,
                    org_id=step.org_id,
                    item_code=one.case.item_code,
                    done_at=step.done_at,
                    waited=rounded(times[0]),
                    worked=rounded(times[1]),
                    total=rounded(sum(times)),
                    late=step.step_id in late,
                )
            )
    return rows
