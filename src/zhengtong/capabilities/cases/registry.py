"""What higher apps plug into the case engine."""

import dataclasses
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True)
class ServiceCall:
    """A service task that waits: which case, which token, and whose subject."""

    tenant: str
    case_id: uuid.UUID
    token: int
    topic: str
    subject: ObjectRef


class ServiceFailure(Exception):
    """A service says no for a reason of the trade; the drawing catches ``code`` with an error event."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


#: topic of a service task → function that does it, outside the step, and returns variables for the process;
#: it must be safe to repeat: the same call may come twice
service_topics: Registry[Callable[[ServiceCall], Mapping[str, Any]]] = Registry("service_topics")

#: name → function (tenant, key of a unit) → items it handles as (code, name), for rules about who gets its tasks
items_of_unit: Registry[Callable[[str, uuid.UUID], Sequence[tuple[str, str]]]] = Registry("items_of_unit")

#: name → function (tenant) → parts of the county as (beginning of the division's code, name), for the same rules
areas_of_county: Registry[Callable[[str], Sequence[tuple[str, str]]]] = Registry("areas_of_county")

#: kind of a case's subject → address of the page on which its own system shows a task of it
matter_pages: Registry[Callable[[Any], str]] = Registry("matter_pages")
