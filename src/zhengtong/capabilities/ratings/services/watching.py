"""The clock of follow-ups: limits that pass are noticed and told, once; the worker asks every few seconds."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.ratings.constants import AGAIN_WITHIN, OPEN_STATES, ActKind, FollowUpState
from zhengtong.capabilities.ratings.models import FollowUp
from zhengtong.capabilities.ratings.rules.follow_up import Limits, due_after, due_dates
from zhengtong.capabilities.ratings.selectors.subjects import calendar_of
from zhengtong.capabilities.ratings.services.follow_ups import close, write_act
from zhengtong.capabilities.ratings.services.telling import event_fields, tell_unit, unit_words
from zhengtong.contracts.ratings import BadRatingOverdue
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.simulation import not_before

_BATCH = 100
_UNANSWERED = (FollowUpState.TO_CONTACT, FollowUpState.CONTACTED)


def tick() -> int:
    """Notice one batch of limits that have passed; returns how much was done.

    Each follow-up has a transaction of its own: see ``loops.each``.
    """
    waiting = FollowUp.objects.filter(_due())
    earliest = not_before()
    if earliest is not None:  # a demonstration's invented past is watched by its simulator
        waiting = waiting.filter(created_at__gte=earliest)
    return each(_one, due_first(_one, waiting.order_by("created_at").values_list("id"), size=_BATCH))


def _due() -> Q:
    """Open follow-ups that were not projected today, or whose limit has passed unnoticed."""
    present = now()
    contact = Q(state=FollowUpState.TO_CONTACT, contact_due_at__lte=present, contact_late_at__isnull=True)
    rectify = Q(state__in=_UNANSWERED, rectify_due_at__lte=present, rectify_late_at__isnull=True)
    again = Q(state=FollowUpState.RECTIFIED, again_due_at__lte=present)
    return Q(state__in=OPEN_STATES) & (Q(projected_on__lt=local_date()) | contact | rectify | again)


@transaction.atomic
def _one(key: uuid.UUID) -> int:
    rows = FollowUp.objects.select_for_update(of=("self",), skip_locked=True).select_related("rating")
    row = rows.filter(_due(), pk=key).first()
    if row is None:
        return 0
    _project(row)
    present = now()
    if row.state == FollowUpState.TO_CONTACT and row.contact_due_at <= present and row.contact_late_at is None:
        row.contact_late_at = present
        _overdue(row, "contact", row.contact_due_at)
    if row.state in _UNANSWERED and row.rectify_due_at <= present and row.rectify_late_at is None:
        row.rectify_late_at = present
        _overdue(row, "rectify", row.rectify_due_at)
    row.save()
    if row.state == FollowUpState.RECTIFIED and row.again_due_at is not None and row.again_due_at <= present:
        close(row)
    return 1


def _project(row: FollowUp) -> None:
    """Compute the limits anew from the calendar of today: rest days may have been decreed since."""
    calendar = calendar_of(row.tenant)
    limits = Limits(row.contact_days, row.simple_days, row.complex_days)
    row.contact_due_at, row.rectify_due_at = due_dates(row.opened_on, limits, calendar, is_complex=row.is_complex)
    if row.rectified_at is not None:
        day = local_date(row.rectified_at)
        row.again_due_at = due_after(day, int(parameters.value(AGAIN_WITHIN, tenant=row.tenant, on=day)), calendar)
    row.projected_on = local_date()


def _overdue(row: FollowUp, stage: str, due_at: dt.datetime) -> None:
    what = {"contact": _("联系评价人"), "rectify": _("整改")}[stage]
    write_act(row, None, ActKind.OVERDUE, _("没有在期限内%(what)s。") % {"what": what})
    publish(BadRatingOverdue(**event_fields(row.rating, at=now(), org=row), stage=stage, due_at=due_at))
    tell_unit(
        row,
        title=_("差评处理已经超期"),
        body=_("%(what)s的差评没有在期限内%(act)s，监察已经收到记录。请立即处理。")
        % {"what": unit_words(row), "act": what},
    )
