"""The limits of cards whose moment has come: reminders, and what is overdue becomes an act, an event and news."""

import datetime as dt
import logging
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.supervision import CardOverdue
from zhengtong.kernel.actors import system
from zhengtong.kernel.calendar import end_of_day
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish_all
from zhengtong.kernel.simulation import not_before
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.supervision.constants import CardActKind, LimitState
from zhengtong.systems.supervision.models import Card, CardLimit
from zhengtong.systems.supervision.rules import PASSED, RIGHTS, UNIT_LIMITS
from zhengtong.systems.supervision.services.acting import Done, event_fields, write_acts
from zhengtong.systems.supervision.services.limits import Terms, start_limits
from zhengtong.systems.supervision.services.telling import add_news

log = logging.getLogger(__name__)

_BATCH = 500
_CHUNK = 50  # whose cards are locked at once: supervisors press meanwhile
_FIELDS = ["next_at", "level", "state", "ended_at", "due_on"]


def tick_limits() -> int:
    """Remind of limits that are near and note those that have passed; returns how many.

    Many of one instant go together, some at a time; the cards are locked first, as everywhere. Where one fails, those
    beside it are tried alone. A limit whose last day the calendar has moved since is moved with it.
    """
    waiting = CardLimit.objects.filter(state=LimitState.RUNNING, next_at__lte=now())
    earliest = not_before()
    if earliest is not None:  # a demonstration's invented past is lit by its simulator
        waiting = waiting.filter(next_at__gte=earliest)
    due = due_first(_alone, waiting.order_by("next_at").values_list("id", "card_id", "tenant"), size=_BATCH)
    by_tenant: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for key, card_id, tenant in due:
        by_tenant[tenant].append((key, card_id))
    done, left = 0, list[tuple[uuid.UUID, uuid.UUID, str]]()
    for tenant, pairs in by_tenant.items():
        for start in range(0, len(pairs), _CHUNK):
            chunk = pairs[start : start + _CHUNK]
            try:
                done += _tick(tenant, chunk)
            except (InterfaceError, OperationalError):
                raise
            except Exception:  # one bad card must not keep the others waiting: all of them are tried alone
                log.exception("the limits of %s could not be dealt with together", tenant)
                left += [(key, card_id, tenant) for key, card_id in chunk]
    return done + each(_alone, left)


def _alone(key: uuid.UUID, card_id: uuid.UUID, tenant: str) -> int:
    return _tick(tenant, [(key, card_id)])


@transaction.atomic
def _tick(tenant: str, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> int:
    locked = Card.objects.select_for_update(of=("self",)).select_related("rule").order_by("id")
    cards = {card.id: card for card in locked.filter(pk__in=[card_id for _key, card_id in pairs])}
    rows = list(
        CardLimit.objects.filter(
            pk__in=[key for key, _card in pairs], state=LimitState.RUNNING, next_at__lte=now()
        ).order_by("next_at", "id")
    )
    terms, instant = Terms(tenant), now()
    near, passed = [], []
    for row in rows:
        row.card = cards[row.card_id]
        _project(row, terms)
        over_at = end_of_day(row.due_on)
        if over_at <= instant:
            row.level, row.state, row.ended_at, row.next_at = "red", LimitState.MISSED, instant, None
            passed.append(row)
        elif terms.warns_at(row.started_on, row.due_on) <= instant:
            row.level, row.next_at = "yellow", over_at
            near.append(row)
        else:
            row.next_at = terms.warns_at(row.started_on, row.due_on)
    CardLimit.objects.bulk_update(rows, _FIELDS)
    _remind(near)
    _overdue(tenant, passed, terms)
    return len(rows)


def _project(row: CardLimit, terms: Terms) -> None:
    """Never blame anybody for a holiday decreed meanwhile: the last day is counted anew before it counts."""
    if row.amount:
        row.due_on = max(row.due_on, terms.calendar.add_workdays(row.started_on, row.amount))
    elif not terms.calendar.is_workday(row.due_on):
        row.due_on = terms.calendar.add_workdays(row.due_on, 1)


def _remind(rows: Sequence[CardLimit]) -> None:
    for (kind, due_on), found in _alike(rows).items():
        text = _("%(limit)s截至%(day)s。") % {"limit": found[0].get_kind_display(), "day": cn_date(due_on)}
        add_news([row.card for row in found], "remind", text=text, to_unit=kind in UNIT_LIMITS)


def _overdue(tenant: str, rows: Sequence[CardLimit], terms: Terms) -> None:
    faults = [row for row in rows if row.kind not in RIGHTS]
    done = []
    for row in faults:
        text = _("%(limit)s（%(day)s）已过。") % {"limit": row.get_kind_display(), "day": cn_date(row.due_on)}
        done.append(Done(row.card, CardActKind.OVERDUE, text, row.card.state))
    write_acts(system(tenant), done)
    publish_all(
        [
            CardOverdue(
                **event_fields(row.card),
                rule_version=row.card.rule.version,
                limit=row.kind,
                due_on=row.due_on,
                by_unit=row.kind in UNIT_LIMITS,
            )
            for row in faults
        ]
    )
    for kind, next_kind in PASSED.items():
        start_limits([row.card for row in rows if row.kind == kind], next_kind, terms)
    for (kind, due_on), found in _alike(faults).items():
        text = _("%(limit)s（%(day)s）已过，请尽快办理。") % {
            "limit": found[0].get_kind_display(),
            "day": cn_date(due_on),
        }
        add_news([row.card for row in found], "overdue", text=text, to_unit=kind in UNIT_LIMITS)


def _alike(rows: Sequence[CardLimit]) -> dict[tuple[str, dt.date], list[CardLimit]]:
    found: dict[tuple[str, dt.date], list[CardLimit]] = defaultdict(list)
    for row in rows:
        found[row.kind, row.due_on].append(row)
    return found
