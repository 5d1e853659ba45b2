"""What higher apps give to ratings: which matters may be rated and by whom, and the working calendar."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class RateableSubject:
    """A matter that may be rated.

    ``events`` are the service events that have happened (words of ``constants.ServiceEvent``) with their time; only
    these can be rated. ``number`` is what people know it by, ``handlers`` names the posts that handled it, without
    persons. ``own_url`` is the applicant's page, ``desk_url`` the officials'; ``case_id`` joins it to supervision.
    """

    ref: ObjectRef
    title: str
    number: str
    org_id: uuid.UUID
    org_name: str
    item_code: str = ""
    events: Mapping[str, dt.datetime]
    handlers: str = ""
    window: str = ""
    case_id: uuid.UUID | None = None
    own_url: str = ""
    desk_url: str = ""


class Rateable(Protocol):
    """Knows the matters of one kind."""

    def subject(self, tenant: str, ref: ObjectRef) -> RateableSubject | None:
        """The matter, None when there is none."""

    def may_rate(self, actor: Actor, ref: ObjectRef) -> bool:
        """Whether a person who signed in has been served in this matter."""


#: kind of ``ObjectRef`` → who knows the matters of that kind
rateable: Registry[Rateable] = Registry("ratings.rateable")

CALENDAR: Final = "working_days"
#: under ``CALENDAR``: tenant → its working calendar; without one Monday to Friday count
work_calendar: Registry[Callable[[str], WorkCalendar]] = Registry("ratings.work_calendar")
