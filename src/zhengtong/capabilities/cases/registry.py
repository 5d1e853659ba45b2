"""What higher apps plug into the case engine."""

import dataclasses
import uuid
from collections.abc import Callable, Mapping
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


#: topic of a service task → function that does it, outside the step, and returns variables for the process;
#: it must be safe to repeat: the same call may come twice
service_topics: Registry[Callable[[ServiceCall], Mapping[str, Any]]] = Registry("service_topics")
