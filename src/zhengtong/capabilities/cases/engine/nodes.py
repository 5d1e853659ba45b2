"""One element of a drawing: kinds, nodes, arrows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ROOT = ""


class Kind(StrEnum):
    """What a node is; anything BPMN knows beyond this list is refused at upload."""

    START = "start"
    MESSAGE_START = "message_start"
    END = "end"
    TERMINATE = "terminate"
    ERROR_END = "error_end"
    USER = "user"
    SERVICE = "service"
    SEND = "send"
    RULE = "rule"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    EVENT_BASED = "event_based"
    SUBPROCESS = "subprocess"
    CALL = "call"
    TIMER = "timer"
    MESSAGE = "message"
    BOUNDARY_TIMER = "boundary_timer"
    BOUNDARY_MESSAGE = "boundary_message"
    BOUNDARY_ERROR = "boundary_error"


STARTS = frozenset({Kind.START, Kind.MESSAGE_START})
ENDS = frozenset({Kind.END, Kind.TERMINATE, Kind.ERROR_END})
CALLS = frozenset({Kind.SERVICE, Kind.SEND, Kind.RULE})
ACTIVITIES = CALLS | {Kind.USER, Kind.SUBPROCESS, Kind.CALL}
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_BASED})
CATCHES = frozenset({Kind.TIMER, Kind.MESSAGE})
BOUNDARIES = frozenset({Kind.BOUNDARY_TIMER, Kind.BOUNDARY_MESSAGE, Kind.BOUNDARY_ERROR})


@dataclass(frozen=True, slots=True)
class Multi:
    """Multi-instance: one instance per entry of the list variable; `until` ends it early when true."""

    collection: str
    sequential: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow; `condition` is the source text of a whitelisted expression, empty when unconditional."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the drawing; `settings` holds its own attributes of the namespace urn:zhengtong:bpmn.

    `error`: code that an error end throws or an error event on a border catches ("" catches every code).
    """

    id: str
    kind: Kind
    name: str = ""
    parent: str = ROOT
    line: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    attached_to: str = ""
    interrupting: bool = True
    duration: str = ""
    message: str = ""
    error: str = ""
    boundaries: tuple[str, ...] = ()
    multi: Multi | None = None

    @property
    def label(self) -> str:
        """Name and id as people find it in the designer."""
        return f"“{self.name or self.id}”（{self.id}）"

    @property
    def outcomes(self) -> dict[str, str]:
        """Possible outcomes of a user task: key → label of the button, in drawing order; empty means just done."""
        return parse_outcomes(self.settings.get("outcomes", ""))


def parse_outcomes(text: str) -> dict[str, str]:
    """Read "accept:受理;refuse:不予受理" into a mapping; a part without a label is its own label."""
    pairs = (part.partition(":") for part in text.split(";") if part.strip())
    return {key.strip(): (label.strip() or key.strip()) for key, _, label in pairs}
