"""What a month of supervision comes to: counted once for the county, its units and its rules, without persons."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import TruncDate, TruncMonth

from zhengtong.contracts import complaints, inspections
from zhengtong.kernel import parameters
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.measures import percent
from zhengtong.systems.supervision.constants import CardActKind, Cause, LimitKind, LimitState, SubjectKind
from zhengtong.systems.supervision.models import (
    BulkCancelCard,
    Card,
    CardAct,
    CardLimit,
    WatchedCase,
    WatchedEvent,
    WatchedStep,
)
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.report_figures import MonthTally, hide_few
from zhengtong.systems.supervision.selectors.score_inputs import month_after, span_of
from zhengtong.systems.supervision.selectors.scores import formulas, rows_of, standing_run

FEWEST = parameters.declare(
    "supervision.report_fewest",
    default=5,
    label="月报中投诉多少件以上的单位才列出件数",
    unit="件",
    source="保护投诉人的做法（件数太少会暴露是谁写的）",
    confirmed=False,
).key
_MONTHS_SHOWN = 13
_MOST_CANCELLED = 200
_CLOSED_WORDS = ("complaint", "report")


@dataclasses.dataclass
class _Counts:
    """Counts of one place while they are gathered."""

    name: str = ""
    values: dict[str, int] = dataclasses.field(default_factory=dict)

    def add(self, **more: int) -> None:
        for key, number in more.items():
            self.values[key] = self.values.get(key, 0) + number

    def tally(self) -> MonthTally:
        return MonthTally(**self.values)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MonthCount:
    """A month: the county, and each unit with its name."""

    whole: MonthTally
    units: Mapping[uuid.UUID, tuple[str, MonthTally]]

    def of(self, org_id: uuid.UUID) -> MonthTally:
        """A unit's month, empty where nothing happened."""
        return self.units[org_id][1] if org_id in self.units else MonthTally()


def month_count(tenant: str, month: dt.date) -> MonthCount:
    """Count a month; a dozen statements, however many units there are. Complaints that are few are hidden."""
    since, until = span_of(month)
    found: dict[uuid.UUID, _Counts] = {}
    for rows in (
        _done(tenant, since, until),
        _carded(tenant, since, until),
        _moved(tenant, since, until),
        _inspected(tenant, since, until),
        _complained(tenant, since, until),
    ):
        for row in rows:
            counts = found.setdefault(row.pop("org_id"), _Counts())
            counts.name = max(counts.name, row.pop("name"))
            counts.add(**row)
    whole = _Counts()
    for counts in found.values():
        whole.add(**counts.values)
    smallest = int(parameters.value(FEWEST, tenant=tenant))
    shown = hide_few([counts.tally() for counts in found.values()], smallest)
    return MonthCount(
        whole=_county(tenant, since, until, whole.tally(), smallest),
        units={key: (counts.name, tally) for (key, counts), tally in zip(found.items(), shown, strict=True)},
    )


def _county(tenant: str, since: dt.datetime, until: dt.datetime, whole: MonthTally, smallest: int) -> MonthTally:
    """The county's complaints: all that were closed, also those in confidence, which are counted for no unit."""
    rows = WatchedEvent.objects.filter(tenant=tenant, occurred_at__gte=since, occurred_at__lt=until)
    closed = rows.filter(name=complaints.ComplaintClosed.NAME, fields__kind__in=_CLOSED_WORDS)
    number = closed.count()
    whole = dataclasses.replace(
        whole, complaints=number, founded=closed.filter(fields__finding__in=("founded", "partly")).count()
    )
    late = 0 < (whole.complaints_late or 0) < smallest
    return whole.hidden(complaints=0 < number < smallest, late=late)


def _done(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    cases: Any = WatchedCase.objects.filter(tenant=tenant, closed_at__gte=since, closed_at__lt=until).values("org_id")
    steps: Any = WatchedStep.objects.filter(
        tenant=tenant, done_at__gte=since, done_at__lt=until, org_id__isnull=False
    ).values("org_id")
    return [
        *cases.annotate(name=Max("org_name"), closed=Count("pk"), in_time=Count("pk", filter=Q(in_time=True))),
        *steps.annotate(
            name=Max("org_name"), steps=Count("pk"), steps_in_time=Count("pk", filter=Q(late_at__isnull=True))
        ),
    ]


def _cards(tenant: str, since: dt.datetime, until: dt.datetime) -> Any:
    acts = CardAct.objects.filter(card=OuterRef("pk"))
    return Card.objects.filter(tenant=tenant, raised_at__gte=since, raised_at__lt=until).annotate(
        upheld=Exists(acts.filter(kind=CardActKind.CONFIRM)), gone=Exists(acts.filter(kind=CardActKind.CLEAR))
    )


_BECOME: dict[str, Any] = {
    "confirmed": Count("pk", filter=Q(upheld=True) & ~Q(state="cancelled")),
    "cancelled": Count("pk", filter=Q(state="cancelled")),
}


def _carded(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    rows = _cards(tenant, since, until).values("org_id")
    levels = {level: Count("pk", filter=Q(level=level)) for level in ("hint", "yellow", "red", "breach")}
    return list(
        rows.annotate(
            name=Max("org_name"),
            **levels,
            **_BECOME,
            cleared=Count("pk", filter=Q(gone=True, upheld=False)),
            pending=Count("pk", filter=Q(state__in=("raised", "explained"))),
        )
    )


def _moved(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    acts: Any = CardAct.objects.filter(
        tenant=tenant, kind=CardActKind.APPEAL, created_at__gte=since, created_at__lt=until
    ).values(key=F("card__org_id"))
    limits: Any = CardLimit.objects.filter(tenant=tenant, ended_at__gte=since, ended_at__lt=until).values(
        key=F("card__org_id")
    )

    def ended(kind: LimitKind, state: LimitState) -> Any:
        return Count("pk", filter=Q(kind=kind, state=state))

    rows = [
        *acts.annotate(said=Max("card__org_name"), appeals=Count("pk")),
        *limits.annotate(
            said=Max("card__org_name"),
            explain_late=ended(LimitKind.EXPLAIN, LimitState.MISSED),
            rectified=ended(LimitKind.RECTIFY, LimitState.MET),
            rectify_late=ended(LimitKind.RECTIFY, LimitState.MISSED),
        ),
    ]
    return [_of_unit(row) for row in rows]


def _of_unit(row: dict[str, Any]) -> dict[str, Any]:
    return {"org_id": row.pop("key"), "name": row.pop("said"), **row}


def _inspected(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    rows: Any = WatchedEvent.objects.filter(
        tenant=tenant, occurred_at__gte=since, occurred_at__lt=until, org_id__isnull=False
    )
    found = inspections.FindingMade.NAME
    counted = {
        "visits": Q(name=inspections.VisitDone.NAME),
        "findings": Q(name=found),
        "serious": Q(name=found, fields__serious=True),
        "findings_late": Q(name=inspections.RectificationOverdue.NAME),
        "referred": Q(name=inspections.FindingReferred.NAME),
    }
    names = [
        inspections.VisitDone.NAME,
        found,
        inspections.RectificationOverdue.NAME,
        inspections.FindingReferred.NAME,
    ]
    rows = rows.filter(name__in=names).values(key=F("org_id"))
    rows = rows.annotate(said=Max("org_name"), **{key: Count("pk", filter=when) for key, when in counted.items()})
    return [_of_unit(row) for row in rows]


def _complained(tenant: str, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    """Complaints that lead to a unit: only those whose writer put his name to them."""
    closed = score_inputs.get("complaints_founded").read(tenant, since, until)
    late = score_inputs.get("complaints_overdue").read(tenant, since, until)
    return [
        *({"org_id": row.org_id, "name": row.org_name, "complaints": 1, "founded": int(row.counted)} for row in closed),
        *({"org_id": row.org_id, "name": row.org_name, "complaints_late": 1} for row in late),
    ]


def by_rule(tenant: str, month: dt.date) -> list[dict[str, Any]]:
    """Each rule that raised cards in the month, the most first, with what became of them, by unit."""
    rows = _cards(tenant, *span_of(month)).values("rule_key", "level", "org_id")
    rows = rows.annotate(rule_name=Max("rule__name"), raised=Count("pk"), **_BECOME)
    return [
        {
            "rule": row["rule_key"],
            "name": row["rule_name"],
            "level": row["level"],
            "org": str(row["org_id"]),
            **{key: row[key] for key in ("raised", "confirmed", "cancelled")},
        }
        for row in rows.order_by("-raised", "rule_key", "level", "org_id")
    ]


def cancelled_cards(tenant: str, month: dt.date) -> list[dict[str, Any]]:
    """Cards of the month that were cancelled, each with its reason; the cause where it was done in bulk."""
    rows = _cards(tenant, *span_of(month)).filter(state="cancelled").select_related("rule").order_by("number")
    cards = list(rows[:_MOST_CANCELLED])
    causes = dict(
        BulkCancelCard.objects.filter(card__in=[card.id for card in cards], batch__state__in=("approved", "done"))
        .order_by("created_at")
        .values_list("card_id", "batch__cause")
    )
    return [
        {
            "number": card.number,
            "org": str(card.org_id),
            "org_name": card.org_name,
            "rule": card.rule.name,
            "level": card.level,
            "cause": str(Cause(causes[card.id]).label) if card.id in causes else "个别撤销",
            "reason": card.cancel_reason[:200],
        }
        for card in cards
    ]


def ranking(tenant: str, month: dt.date) -> dict[str, Any]:
    """The published scores of the month under the first formula in force; empty rows where none are published."""
    known = formulas(tenant)
    run = standing_run(tenant, month, known[0].key, published=True) if known else None
    rows = rows_of(run, SubjectKind.UNIT) if run else []
    return {
        "formula": run.formula.name if run else "",
        "version": run.version if run else 0,
        "rows": [
            {
                "org": str(row.org_id or ""),
                "name": row.name,
                "place": row.place,
                "total": "" if row.total is None else f"{row.total.normalize():f}",
            }
            for row in rows
        ],
    }


def course(tenant: str, month: dt.date) -> list[dict[str, Any]]:
    """Cards of each day of the month by level."""
    since, until = span_of(month)
    rows: Any = Card.objects.filter(tenant=tenant, raised_at__gte=since, raised_at__lt=until)
    rows = rows.annotate(day=TruncDate("raised_at", tzinfo=SHANGHAI)).values("day").order_by("day")
    counted = rows.annotate(
        yellow=Count("pk", filter=Q(level="yellow")), red=Count("pk", filter=Q(level__in=("red", "breach")))
    )
    found = {row["day"]: row for row in counted}
    last = (month_after(month) - month).days
    return [
        {"label": f"{day}日", **{key: found.get(month.replace(day=day), {}).get(key, 0) for key in ("yellow", "red")}}
        for day in range(1, last + 1)
    ]


def months(tenant: str, month: dt.date) -> list[dict[str, Any]]:
    """The last thirteen months: on-time rate and cards from yellow up; a month without cases is a gap."""
    first = month_after(month, 1 - _MONTHS_SHOWN)
    since, until = span_of(first, _MONTHS_SHOWN)
    cases: Any = WatchedCase.objects.filter(tenant=tenant, closed_at__gte=since, closed_at__lt=until)
    cases = cases.annotate(at=TruncMonth("closed_at", tzinfo=SHANGHAI)).values("at").order_by("at")
    closed = {row["at"].date(): row for row in cases.annotate(n=Count("pk"), on=Count("pk", filter=Q(in_time=True)))}
    cards: Any = Card.objects.filter(tenant=tenant, raised_at__gte=since, raised_at__lt=until).exclude(level="hint")
    cards = cards.annotate(at=TruncMonth("raised_at", tzinfo=SHANGHAI)).values("at").order_by("at")
    lit = {row["at"].date(): row["n"] for row in cards.annotate(n=Count("pk"))}
    found = []
    for number in range(_MONTHS_SHOWN):
        day = month_after(first, number)
        row = closed.get(day, {"n": 0, "on": 0})
        rate = percent(row["on"], row["n"])
        found.append(
            {
                "label": f"{day:%y}.{day.month}",
                "on_time": None if rate is None else float(rate),
                "cards": lit.get(day, 0),
            }
        )
    return found


def unit_rows(now: MonthCount, before: MonthCount, last_year: MonthCount) -> Sequence[dict[str, Any]]:
    """Every unit of the month with its three months, those with the gravest cards first."""
    found = [
        {
            "key": str(key),
            "label": name,
            "tally": tally.to_json(),
            "before": before.of(key).to_json(),
            "last_year": last_year.of(key).to_json(),
        }
        for key, (name, tally) in now.units.items()
    ]

    def weight(row: dict[str, Any]) -> tuple[int, int, int, str]:
        tally = row["tally"]
        return -tally["breach"], -tally["red"], -tally["yellow"], row["label"]

    return sorted(found, key=weight)
