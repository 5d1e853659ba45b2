"""Requests for information as the watch over answers sees them: units and dates, nothing of who asked or for what."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum

from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.letters import LetterBox, Waiting, YearOfLetters
from zhengtong.systems.disclosure.constants import State
from zhengtong.systems.disclosure.selectors.statistics import counted_requests


def waiting(tenant: str, before: dt.date) -> Sequence[Waiting]:
    """What counts as received before a day and is not ended, by unit."""
    rows = counted_requests(tenant).exclude(state=State.CLOSED).filter(received_on__lt=before)
    found = rows.order_by().values_list("org_id").annotate(n=Count("id"), oldest=Min("received_on"))
    return [Waiting(org_id, count, oldest) for org_id, count, oldest in found]


def year(tenant: str, number: int) -> Mapping[uuid.UUID | None, YearOfLetters]:
    """What was received and what ended in a year, by unit."""
    first, after = (start_of_day(dt.date(one, 1, 1)) for one in (number, number + 1))
    ended = Q(closed_at__gte=first, closed_at__lt=after)
    span = ExpressionWrapper(F("closed_at") - F("received_at"), output_field=DurationField())
    rows = counted_requests(tenant).order_by().values_list("org_id")
    found = rows.annotate(
        received=Count("id", filter=Q(received_on__year=number)),
        ended=Count("id", filter=ended),
        lasted=Sum(span, filter=ended),
    )
    return {org: YearOfLetters(n, done, lasted.days if lasted else 0) for org, n, done, lasted in found}


LETTERS = LetterBox("信息公开申请", waiting, year)
