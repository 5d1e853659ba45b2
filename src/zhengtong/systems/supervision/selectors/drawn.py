"""Drawings of frozen versions and cases held against them, kept in memory: neither changes any more."""

import functools
import uuid
from collections.abc import Sequence

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.registry import LogEntry
from zhengtong.systems.supervision.rules.conformance import Move, Replay, replay
from zhengtong.systems.supervision.rules.drawing import Drawing, Element, drawing
from zhengtong.systems.supervision.rules.traces import Trace, trace_of


@functools.lru_cache(maxsize=256)
def drawing_of(process_id: str) -> Drawing | None:
    """The drawing of a version; None for one that does not exist here."""
    try:
        drawn = cases.drawn_process(uuid.UUID(process_id))
    except (NotFound, ValueError):
        return None
    elements = (
        Element(one.id, one.kind, one.name, one.parent, one.attached_to, one.interrupting, one.multi)
        for one in drawn.elements
    )
    flows = ((one.id, one.source, one.target) for one in drawn.flows)
    return drawing(process_id, elements, flows, {one.id: one.outcomes for one in drawn.flows if one.outcomes})


@functools.lru_cache(maxsize=4096)
def _replayed(processes: tuple[str, ...], moves: tuple[Move, ...]) -> Replay | None:
    """Most cases of a process take one of a few ways: each is held against the drawing once."""
    drawings = {key: found for key in processes if (found := drawing_of(key)) is not None}
    return replay(drawings, processes[0], moves) if processes[0] in drawings else None


def held(trace: Trace) -> Replay | None:
    """A case against its drawing; None where the drawing does not exist here."""
    return _replayed(trace.processes, trace.moves)


def path_so_far(history: Sequence[LogEntry]) -> Replay | None:
    """The same from the entries of a case up to some event, for facts."""
    trace = trace_of(history)
    return None if trace is None else held(trace)
