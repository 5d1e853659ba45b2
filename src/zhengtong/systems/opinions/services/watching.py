"""What the clock does: opens, closes, lights the lamps of feedback that is waited for."""

import uuid
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.contracts.opinions import FeedbackDue
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import ActKind, State
from zhengtong.systems.opinions.models import Announced, Poll, Topic
from zhengtong.systems.opinions.selectors.clocks import feedback_limit
from zhengtong.systems.opinions.services.publishing import begin_feedback, come_to_moment
from zhengtong.systems.opinions.services.telling import event_fields, note, tell

_BATCH = 100


def tick() -> int:
    """One batch of each kind; returns how many were dealt with. One that fails holds up no other."""
    return each(_attend, [*_waiting(Topic), *_waiting(Poll)])


def _waiting(kind: type[Announced]) -> Iterator[tuple[type[Announced], uuid.UUID]]:
    due = Q(next_at__lte=now())
    if kind is Topic:
        due |= Q(projected_on__lt=local_date(), closed=True)
    rows = kind._default_manager.filter(due, state=State.PUBLISHED)
    keys = rows.order_by("next_at").values_list("pk", flat=True)
    return ((kind, key) for key in due_first(_attend, keys, size=_BATCH, before=(kind,)))


@transaction.atomic
def _attend(kind: type[Announced], key: uuid.UUID) -> int:
    row = kind._default_manager.select_for_update().filter(pk=key, state=State.PUBLISHED).first()
    if row is None:
        return 0
    if come_to_moment(row):
        return 1
    return int(isinstance(row, Topic) and row.closed and _watched(row))


def _watched(row: Topic) -> bool:
    """The calendar may have changed since yesterday; then the lamp."""
    projected = row.projected_on is not None and row.projected_on < local_date()
    if projected:
        begin_feedback(row)
        row.save()
    return _lit(row) or projected


def _lit(row: Topic) -> bool:
    if row.next_at is None or row.due_at is None or row.due_on is None or row.next_at > now():
        return False
    passed = now() >= row.due_at
    row.level = "red" if passed else "yellow"
    row.next_at = None if passed else row.due_at
    row.save(update_fields=["level", "next_at"])
    kind, act = (ActKind.OVERDUE, "opinions.overdue") if passed else (ActKind.WARN, "opinions.warn")
    note(system(row.tenant), row, act, kind, cn_date(row.due_on), due_on=row.due_on)
    sentence = feedback_limit(row).sentence
    publish(FeedbackDue(**event_fields(row), level=row.level, due_at=row.due_at, arithmetic=sentence))
    title = _("意见采纳情况已经超期") if passed else _("意见采纳情况临近公布期限")
    how = _("已经超过公布期限，请立即公布") if passed else _("请抓紧公布")
    words = {"title": row.title, "day": cn_date(row.due_on), "how": how}
    body = _("意见征集“%(title)s”的采纳情况应当在%(day)s前公布，%(how)s。") % words
    tell(row, permissions.unit_people(row), title=title, body=body)
    return True
