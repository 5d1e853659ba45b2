"""The limits of cards: they start and end with the acts, on the working-day clock, many with few statements."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.calendar import WorkCalendar, end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.many import insert_values
from zhengtong.systems.supervision.constants import LimitKind, LimitState
from zhengtong.systems.supervision.models import Card, CardLimit
from zhengtong.systems.supervision.rules import RIGHTS, limits_after

_DAYS: Mapping[str, str] = {
    LimitKind.EXPLAIN: "supervision.explain_limit",
    LimitKind.JUDGE: "supervision.judge_limit",
    LimitKind.APPEAL: "supervision.appeal_limit",
    LimitKind.RECTIFY: "supervision.rectify_limit",
    LimitKind.RECHECK: "supervision.recheck_limit",
    LimitKind.REPLY: "supervision.reply_limit",
}
_AHEAD = "supervision.remind_before"
for _key, _default, _label, _source in (
    (_DAYS[LimitKind.EXPLAIN], 3, "责任单位说明、申诉的期限", "地方电子监察规则（3 至 5 个工作日）"),
    (_DAYS[LimitKind.JUDGE], 5, "监察员核定亮牌的期限", "地方电子监察规则"),
    (_DAYS[LimitKind.APPEAL], 5, "责任单位对认定提出申诉的期限", "地方电子监察规则"),
    (_DAYS[LimitKind.RECTIFY], 10, "责任单位整改的期限", "地方电子监察规则"),
    (_DAYS[LimitKind.RECHECK], 5, "监察员复查整改的期限", "地方电子监察规则"),
    (_DAYS[LimitKind.REPLY], 15, "责任单位回复监察建议书的期限", "地方电子监察规则"),
    (_AHEAD, 1, "各项处理期限届满前提醒", "地方电子监察规则（届满前 1 个工作日提示）"),
):
    parameters.declare(_key, default=_default, label=_label, unit="个工作日", source=_source, confirmed=False)


class Terms:
    """What a county sets for the limits of its cards, and its calendar; read once for many cards."""

    def __init__(self, tenant: str) -> None:
        values = parameters.values(*_DAYS.values(), _AHEAD, tenant=tenant)
        self.calendar: WorkCalendar = cases.calendar_of(tenant)
        self._days = {kind: max(0, int(values[key])) for kind, key in _DAYS.items()}
        self._ahead = max(0, int(values[_AHEAD]))

    def days(self, kind: str) -> int:
        """How many working days a limit of that kind has."""
        return self._days[LimitKind(kind)]

    def last_day(self, kind: str, start: dt.date) -> dt.date:
        """The last day of a limit that begins on a day."""
        return self.calendar.add_workdays(start, self.days(kind))

    def warns_at(self, started_on: dt.date, due_on: dt.date) -> dt.datetime:
        """When the reminder comes: so many working days before the end, on the first morning at the earliest."""
        day = self.calendar.add_workdays(due_on, -self._ahead)
        return start_of_day(max(day, min(started_on + dt.timedelta(days=1), due_on)))


def start_limits(cards: Iterable[Card], kind: str, terms: Terms) -> None:
    """Start a limit today for cards that have none of its kind running."""
    today = local_date()
    due_on = terms.last_day(kind, today)
    warns_at = terms.warns_at(today, due_on)
    at = now()
    insert_values(
        CardLimit._meta.db_table,
        [
            {
                "id": new_id(),
                "tenant": card.tenant,
                "created_at": at,
                "card_id": card.id,
                "kind": kind,
                "level": "",
                "state": LimitState.RUNNING,
                "amount": terms.days(kind),
                "started_on": today,
                "due_on": due_on,
                "next_at": warns_at,
            }
            for card in cards
        ],
    )


def move_limits(cards: Sequence[Card], move: str, state: str, terms: Terms | None = None) -> None:
    """End and start the limits of cards that all made one move to one state."""
    ending, starting = limits_after(move, state)
    at = now()
    if ending:
        running = CardLimit.objects.filter(card__in=[card.id for card in cards], state=LimitState.RUNNING)
        over = {"ended_at": at, "next_at": None}
        running.filter(kind__in=_met_by(move, ending)).update(state=LimitState.MET, **over)
        running.filter(kind__in=ending).update(state=LimitState.ENDED, **over)
    for kind in starting:
        has = set(
            CardLimit.objects.filter(
                card__in=[card.id for card in cards], kind=kind, state=LimitState.RUNNING
            ).values_list("card_id", flat=True)
        )
        fresh = [card for card in cards if card.id not in has]
        if fresh:
            start_limits(fresh, kind, terms or Terms(fresh[0].tenant))


def _met_by(move: str, ending: Sequence[str]) -> list[str]:
    """Of the limits a move ends, those whose holder did what they were for; the others merely have no object left."""
    own = {
        "explain": ("explain",),
        "appeal": ("explain", "appeal"),
        "confirm": ("judge",),
        "cancel": ("judge", "recheck"),
        "rectify": ("rectify",),
        "send_back": ("recheck",),
        "close": ("recheck",),
        "reply": ("reply",),
    }
    return [kind for kind in own.get(move, ()) if kind in ending]


def newest_limits(card_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, CardLimit]]:
    """The newest limit of each kind by card."""
    found: dict[uuid.UUID, dict[str, CardLimit]] = {}
    for row in CardLimit.objects.filter(card__in=list(card_ids)).order_by("created_at", "id"):
        found.setdefault(row.card_id, {})[row.kind] = row
    return found


def ends_at(row: CardLimit) -> dt.datetime:
    """The instant after which a limit has passed."""
    return end_of_day(row.due_on)


def is_right(row: CardLimit) -> bool:
    """Whether its passing is nobody's fault."""
    return row.kind in RIGHTS
