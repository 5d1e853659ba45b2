"""What the catalogue tells: items published and retired. No personal data: codes, names and units only."""

import dataclasses
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemEvent(Event):
    """Base: ``object_ref`` is the item; ``version`` counts its publications from 1."""

    item_id: uuid.UUID
    code: str
    name: str
    org_id: uuid.UUID
    org_name: str
    version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemPublished(ItemEvent):
    """A version of an item was published; running cases stay on the version they began with."""

    NAME: ClassVar[str] = "catalogue.item_published.v1"
    version_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemRetired(ItemEvent):
    """An item was taken out of use; it can no longer be applied for."""

    NAME: ClassVar[str] = "catalogue.item_retired.v1"
