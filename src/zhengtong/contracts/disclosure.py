"""What disclosure tells: requests received, near or past a limit, answered. No words and no person."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestEvent(Event):
    """Base of all; ``object_ref`` is the request.

    ``kind`` is a word of ``disclosure.constants.AskKind``, ``channel`` of ``Channel``; ``org_*`` the unit that answers.
    """

    number: str
    kind: str
    channel: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestReceived(RequestEvent):
    """It came in; ``due_at`` is when it must be answered, none while its receipt is to be confirmed."""

    NAME: ClassVar[str] = "disclosure.request_received.v1"
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestDue(RequestEvent):
    """The limit to answer is near (``level`` yellow) or has passed (``level`` red)."""

    NAME: ClassVar[str] = "disclosure.request_due.v1"
    level: str
    due_at: dt.datetime
    arithmetic: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestClosed(RequestEvent):
    """It was answered, withdrawn or given up; ``outcome`` is a word of ``disclosure.rules.outcomes``."""

    NAME: ClassVar[str] = "disclosure.request_closed.v1"
    outcome: str
    in_time: bool | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryEvent(Event):
    """Base of both; ``object_ref`` is the entry of the catalogue, ``page_id`` the page of the sites it points to."""

    index_number: str
    category: str
    org_code: str
    org_name: str
    page_id: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryPublished(EntryEvent):
    """Information stands in the catalogue; ``in_time``: within the working days the law gives."""

    NAME: ClassVar[str] = "disclosure.entry_published.v1"
    in_time: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryWithdrawn(EntryEvent):
    """It was taken out of the catalogue."""

    NAME: ClassVar[str] = "disclosure.entry_withdrawn.v1"
