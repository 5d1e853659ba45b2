"""Complaints as the watch over answers sees them: units and dates, nothing of who wrote or of what."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum

from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.letters import LetterBox, Waiting, YearOfLetters
from zhengtong.systems.complaints.constants import State
from zhengtong.systems.complaints.models import Complaint

#: answered together with the one it was merged into
_COUNTED = Q(merged_into__isnull=True)


def waiting(tenant: str, before: dt.date) -> Sequence[Waiting]:
    """What was received before a day and never answered, by the unit that was charged with it."""
    rows = Complaint.objects.filter(_COUNTED, tenant=tenant, answered_at__isnull=True)
    rows = rows.exclude(state=State.CLOSED).filter(received_at__lt=start_of_day(before))
    found = rows.order_by().values_list("handler_org_id").annotate(n=Count("id"), oldest=Min("received_at"))
    return [Waiting(org_id, count, local_date(oldest)) for org_id, count, oldest in found]


def year(tenant: str, number: int) -> Mapping[uuid.UUID | None, YearOfLetters]:
    """What was received and what ended in a year, by unit."""
    first, after = (start_of_day(dt.date(one, 1, 1)) for one in (number, number + 1))
    ended = Q(closed_at__gte=first, closed_at__lt=after)
    span = ExpressionWrapper(F("closed_at") - F("received_at"), output_field=DurationField())
    rows = Complaint.objects.filter(_COUNTED, tenant=tenant).order_by().values_list("handler_org_id")
    found = rows.annotate(
        received=Count("id", filter=Q(received_at__gte=first, received_at__lt=after)),
        ended=Count("id", filter=ended),
        lasted=Sum(span, filter=ended),
    )
    return {org: YearOfLetters(n, done, lasted.days if lasted else 0) for org, n, done, lasted in found}


LETTERS = LetterBox("咨询投诉", waiting, year)
