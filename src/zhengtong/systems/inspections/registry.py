"""What raises the weight of a unit in the draw: one source per kind of event, so that a further system joins by one.

Systems do not import each other: a source reads an event of ``zhengtong.contracts``; it lives in ``plugins/`` here, or
is registered by ``entry``.
"""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

from zhengtong.kernel.events import Event
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class Signal:
    """Something that speaks against a unit; ``kind`` is a key of ``constants.WEIGHTS``, ``case_number`` where known."""

    kind: str
    org_id: uuid.UUID
    case_number: str = ""


@dataclasses.dataclass(frozen=True)
class RiskSource:
    """One kind of event and how it is read; None for one that says nothing against anybody.

    ``key`` names what happened, so that a later event about it (a card cancelled) can take it back: ``withdraws``.
    """

    event: type[Event]
    read: Callable[[Any], Signal | None]
    key: Callable[[Any], str]
    withdraws: bool = False


#: event name → how the draw reads it
risk_sources: Registry[RiskSource] = Registry("inspections.risk_sources")


def register_risk_source(source: RiskSource) -> RiskSource:
    """Let one more kind of event weigh in the draw; called in ``apps.ready()``, before ``handlers.subscribe_all``."""
    return risk_sources.register(source.event.NAME, source)
