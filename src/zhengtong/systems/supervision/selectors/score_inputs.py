"""The rows of a month that scores are counted from: one statement each for cases, cards, steps and inputs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.models import Card, CardAct, WatchedCase, WatchedStep
from zhengtong.systems.supervision.registry import InputRow, score_inputs
from zhengtong.systems.supervision.rules.score_subjects import MonthRows

_INSTANT = dt.timedelta(microseconds=1)
_CASE = (
    "case_id",
    "number",
    "title",
    "item_code",
    "org_id",
    "org_name",
    "accepted_on",
    "closed_at",
    "in_time",
    "promised_due",
    "statutory_due",
)


def first_of(month: dt.date) -> dt.date:
    """The first day of a day's month."""
    return month.replace(day=1)


def month_after(month: dt.date, number: int = 1) -> dt.date:
    """The first day of the month so many months later, or earlier."""
    index = month.year * 12 + month.month - 1 + number
    return dt.date(index // 12, index % 12 + 1, 1)


def span_of(month: dt.date, months: int = 1) -> tuple[dt.datetime, dt.datetime]:
    """The instants between which a month lies, or several from it on; the end is not included."""
    return start_of_day(first_of(month)), start_of_day(month_after(first_of(month), months))


def input_labels() -> dict[str, str]:
    """Key → Chinese name of every figure others give."""
    return {key: one.label for key, one in score_inputs.items()}


def month_rows(tenant: str, month: dt.date, months: int = 1) -> MonthRows:
    """Every row of a month (or of several), as plain records."""
    since, until = span_of(month, months)
    closed = case_records(tenant, since, until)
    read = {key: [input_record(row) for row in one.read(tenant, since, until)] for key, one in score_inputs.items()}
    return MonthRows(
        cases=closed,
        cards=card_records(tenant, since, until),
        steps=_steps(tenant, since, until),
        inputs={key: rows for key, rows in read.items() if rows or not score_inputs.get(key).later},
        workdays=_workdays(tenant, closed),
    )


def case_records(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    """Cases closed in the time; a withdrawn one counts as closed too, in time or not as the case engine said."""
    rows = WatchedCase.objects.filter(tenant=tenant, closed_at__gte=since, closed_at__lt=until)
    return [_case(dict(zip(_CASE, row, strict=True))) for row in rows.order_by("closed_at", "id").values_list(*_CASE)]


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case_id": str(row["case_id"]),
        "number": row["number"],
        "title": row["title"],
        "item_code": row["item_code"],
        "org_id": str(row["org_id"]),
        "org_name": row["org_name"],
        "accepted_on": _iso(row["accepted_on"]),
        "closed_on": local_date(row["closed_at"]).isoformat(),
        "in_time": bool(row["in_time"]),
        "promised_last": _last(row["promised_due"]),
        "statutory_last": _last(row["statutory_due"]),
    }


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _last(due: dt.datetime | None) -> str:
    return local_date(due - _INSTANT).isoformat() if due else ""


def card_records(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    """Cards of facts of the time, cancelled ones too: they stand in the list and do not score."""
    acts = CardAct.objects.filter(card=OuterRef("pk"))
    rows = (
        Card.objects.filter(tenant=tenant, raised_at__gte=since, raised_at__lt=until)
        .annotate(
            cleared=Exists(acts.filter(kind="clear")),
            upheld=Exists(acts.filter(kind="confirm")),
            item=Subquery(
                WatchedCase.objects.filter(tenant=tenant, case_id=OuterRef("case_id")).values("item_code")[:1]
            ),
            post=Subquery(
                WatchedStep.objects.filter(tenant=tenant, step_id=OuterRef("step_id")).values("post_name")[:1]
            ),
            rule_name=F("rule__name"),
            rule_points=F("rule__points"),
        )
        .order_by("raised_at", "number")
    )
    return [
        {
            "id": str(card.id),
            "number": card.number,
            "level": card.level,
            "warning": card.warning,
            "state": card.state,
            "cleared": card.cleared,
            "upheld": card.upheld,
            "raised_on": local_date(card.raised_at).isoformat(),
            "rule_key": card.rule_key,
            "rule_name": card.rule_name,
            "rule_points": str(card.rule_points),
            "org_id": str(card.org_id),
            "org_name": card.org_name,
            "item_code": card.item or "",
            "post": card.post or "",
        }
        for card in rows
    ]


def _steps(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    rows: Any = WatchedStep.objects.filter(tenant=tenant, done_at__gte=since, done_at__lt=until, org_id__isnull=False)
    found = rows.values("org_id", "post_name").annotate(
        name=Max("org_name"),
        done=Count("pk"),
        in_time=Count("pk", filter=Q(late_at__isnull=True)),
        early=Count("pk", filter=Q(late_at__isnull=True, done_at__lt=F("due_at") - dt.timedelta(days=1))),
    )
    return [
        {
            "org_id": str(row["org_id"]),
            "org_name": row["name"],
            "post": row["post_name"],
            "done": row["done"],
            "in_time": row["in_time"],
            "early": row["early"],
        }
        for row in found.order_by("org_id", "post_name")
    ]


def input_record(row: InputRow) -> dict[str, Any]:
    """A row of an input as it is counted and exported."""
    return {
        "org_id": str(row.org_id),
        "org_name": row.org_name,
        "item_code": row.item_code,
        "on": local_date(row.at).isoformat(),
        "number": row.number,
        "words": row.words,
        "counted": row.counted,
    }


def _workdays(tenant: str, closed: Sequence[Mapping[str, Any]]) -> list[str]:
    days = [row[key] for row in closed for key in ("accepted_on", "closed_on", "promised_last", "statutory_last")]
    days = [day for day in days if day]
    if not days:
        return []
    calendar = cases.calendar_of(tenant)
    day = max(dt.date.fromisoformat(min(days)), calendar.first_day)
    last = min(dt.date.fromisoformat(max(days)), calendar.last_day)
    found = []
    while day <= last:
        if calendar.is_workday(day):
            found.append(day.isoformat())
        day += dt.timedelta(days=1)
    return found
