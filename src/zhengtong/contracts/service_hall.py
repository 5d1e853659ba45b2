"""What the service hall tells. No personal data: numbers, items and units only."""

import dataclasses
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Event):
    """An application was handed in; ``online`` as opposed to the counter."""

    NAME: ClassVar[str] = "service_hall.application_submitted.v1"
    application_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    item_code: str
    org_id: uuid.UUID
    org_name: str
    online: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupplementTold(Event):
    """A one-time notice was given; ``no`` counts the notices of this application."""

    NAME: ClassVar[str] = "service_hall.supplement_told.v1"
    application_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    org_id: uuid.UUID
    org_name: str
    no: int
    points: int
