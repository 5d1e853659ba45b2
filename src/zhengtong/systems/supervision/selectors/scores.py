"""What pages show of scores, each scoped by the actor: rankings, one subject's months, periods, what-if."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.constants import UNIT_ROLES, FormulaState, ProposalState, ScoreState, SubjectKind
from zhengtong.systems.supervision.models import ScoreAppeal, ScoreFormula, ScoreRow, ScoreRun, YearDeduction
from zhengtong.systems.supervision.permissions import check_supervisor, is_supervisor
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.score_subjects import Scored, scored
from zhengtong.systems.supervision.rules.scores import PeriodScore, period_score
from zhengtong.systems.supervision.selectors.score_inputs import (
    case_records,
    input_labels,
    input_record,
    month_after,
    month_rows,
    span_of,
)

#: period → months from the first of the year on
PERIODS = {
    "year": (1, 12),
    "h1": (1, 6),
    "h2": (7, 6),
    "q1": (1, 3),
    "q2": (4, 3),
    "q3": (7, 3),
    "q4": (10, 3),
}
_YEARLY = ("year", "h1", "h2")


def formulas(tenant: str) -> list[ScoreFormula]:
    """Formulas that score now, by key."""
    return list(ScoreFormula.objects.filter(tenant=tenant, state=FormulaState.ENABLED).order_by("key"))


def all_formulas(actor: Actor) -> list[ScoreFormula]:
    """Every version of every formula, the newest first."""
    check_supervisor(actor)
    return list(ScoreFormula.objects.filter(tenant=actor.tenant).order_by("key", "-version"))


def formula(actor: Actor, formula_id: uuid.UUID) -> ScoreFormula:
    """One version of a formula; NotFound in another county."""
    check_supervisor(actor)
    found = ScoreFormula.objects.filter(tenant=actor.tenant, pk=formula_id).first()
    if found is None:
        raise NotFound(_("没有找到这份评分办法。"))
    return found


def runs_of(actor: Actor, month: dt.date, key: str) -> list[ScoreRun]:
    """Frozen runs of a month, the newest first, for supervisors."""
    check_supervisor(actor)
    rows = ScoreRun.objects.filter(tenant=actor.tenant, month=month, formula_key=key, version__gt=0)
    return list(rows.select_related("formula").order_by("-version"))


def standing_run(tenant: str, month: dt.date, key: str, *, published: bool = False) -> ScoreRun | None:
    """The run that stands for a month: what was published, else (for supervisors) what is frozen or worked out."""
    rows = ScoreRun.objects.filter(tenant=tenant, month=month, formula_key=key).select_related("formula")
    found = {run.state: run for run in rows.filter(state__in=["published", "proposed", "computed"])}
    if published:
        return found.get(ScoreState.PUBLISHED)
    return found.get(ScoreState.PUBLISHED) or found.get(ScoreState.PROPOSED) or found.get(ScoreState.COMPUTED)


def run(actor: Actor, run_id: uuid.UUID) -> ScoreRun:
    """One run, for supervisors."""
    check_supervisor(actor)
    found = ScoreRun.objects.filter(tenant=actor.tenant, pk=run_id).select_related("formula").first()
    if found is None:
        raise NotFound(_("没有找到这一份得分。它可能已经重新计算，请从排名页面打开。"))
    return found


def rows_of(run: ScoreRun, kind: str) -> list[ScoreRow]:
    """Rows of a run by place."""
    return list(run.rows.filter(kind=kind).order_by("place", "name", "key"))


def row(actor: Actor, row_id: uuid.UUID) -> ScoreRow:
    """One row: any for a supervisor, published ones of his own unit for an official."""
    rows = ScoreRow.objects.filter(tenant=actor.tenant).select_related("run", "run__formula")
    found = rows.filter(visible_rows(actor), pk=row_id).first()
    if found is None:
        raise NotFound(_("没有找到这一份得分。它可能已经重新计算，请从排名页面打开；未公布的得分只有监察员能看。"))
    return found


def visible_rows(actor: Actor) -> Q:
    """Rows an actor may open one by one."""
    if is_supervisor(actor):
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, org_id=actor.org_id, run__state__in=["published", "superseded"])


@dataclasses.dataclass(frozen=True, kw_only=True)
class MonthOf:
    """A month of one subject: its row where there is one."""

    month: dt.date
    row: ScoreRow | None
    of: int = 0


def months_of(
    actor: Actor, *, kind: str, key: str, formula_key: str, until: dt.date, number: int = 12
) -> list[MonthOf]:
    """The last months of one subject, oldest first; published ones only for its own unit."""
    first = month_after(until.replace(day=1), 1 - number)
    states = ["published"] if not is_supervisor(actor) else ["published", "proposed", "computed"]
    found = ScoreRow.objects.filter(
        visible_rows(actor),
        kind=kind,
        key=key,
        run__formula_key=formula_key,
        run__month__gte=first,
        run__month__lte=until,
        run__state__in=states,
    ).select_related("run")
    by_month: dict[dt.date, ScoreRow] = {}
    for one in sorted(found, key=lambda one: states.index(one.run.state), reverse=True):
        by_month[one.run.month] = one
    counts = _subjects([one.run_id for one in by_month.values()], kind)
    months = [month_after(first, place) for place in range(number)]
    return [
        MonthOf(
            month=month, row=by_month.get(month), of=counts.get(by_month[month].run_id, 0) if month in by_month else 0
        )
        for month in months
    ]


def _subjects(run_ids: Sequence[uuid.UUID], kind: str) -> dict[uuid.UUID, int]:
    found: dict[uuid.UUID, int] = {}
    for run_id in ScoreRow.objects.filter(run_id__in=run_ids, kind=kind).values_list("run_id", flat=True):
        found[run_id] = found.get(run_id, 0) + 1
    return found


def opened(row: ScoreRow, opens: str) -> list[dict[str, Any]]:
    """The rows a figure stands for, as they are told now: ``cards[:level]``, ``cases[:late|early]``, ``input:key``.

    Cards are those of the run itself; cases and inputs are read again, so a difference to the run shows.
    """
    what, _colon, which = opens.partition(":")
    since, until = span_of(row.run.month)
    if what == "cards":
        cards = row.detail["cards"]
        return [
            card for card in cards if not which or which in (card["counts_as"], "" if card["counts_as"] else "none")
        ]
    if what == "input" and which in score_inputs:
        records = [input_record(one) for one in score_inputs.get(which).read(row.tenant, since, until)]
        return [record for record in records if _belongs(record, row)]
    if what == "cases":
        cases = [record for record in case_records(row.tenant, since, until) if _belongs(record, row)]
        return [case for case in cases if _wanted(case, which)]
    return []


def _belongs(record: Mapping[str, Any], row: ScoreRow) -> bool:
    if row.kind == SubjectKind.UNIT:
        return bool(record["org_id"] == row.key)
    return row.kind == SubjectKind.ITEM and bool(record["item_code"] == row.key)


def _wanted(case: Mapping[str, Any], which: str) -> bool:
    if which == "early":
        return bool(case["promised_last"]) and bool(case["closed_on"] < case["promised_last"])
    return not case["in_time"] if which == "late" else True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Changed:
    """A subject whose score differs between two versions."""

    name: str
    before: ScoreRow | None
    after: ScoreRow | None


def changes(before: ScoreRun, after: ScoreRun) -> list[Changed]:
    """Units whose score, place or cards differ between two runs."""
    old = {one.key: one for one in rows_of(before, SubjectKind.UNIT)}
    new = {one.key: one for one in rows_of(after, SubjectKind.UNIT)}
    found = []
    for key in sorted(old.keys() | new.keys(), key=lambda key: (new.get(key) or old[key]).name):
        a, b = old.get(key), new.get(key)
        if a is None or b is None or (a.total, a.place, a.sentence) != (b.total, b.place, b.sentence):
            found.append(Changed(name=(b or old[key]).name, before=a, after=b))
    return found


def is_stale(run: ScoreRun) -> bool:
    """Whether the rows of the month have changed since (a card cancelled, an event that came late)."""
    return month_rows(run.tenant, run.month).digest() != run.inputs_digest


def what_if(actor: Actor, month: dt.date, content: Mapping[str, Any], present: Mapping[str, Any]) -> "list[Compared]":
    """Units under changed numbers beside the present ones, worked out now; nothing is stored."""
    check_supervisor(actor)
    rows, labels = month_rows(actor.tenant, month), input_labels()
    now = {one.subject.key: one for one in scored(rows, present, labels) if one.subject.kind == "unit"}
    then = [one for one in scored(rows, content, labels) if one.subject.kind == "unit"]
    return [Compared(now=now[one.subject.key], then=one) for one in then]


def without_cards(
    actor: Actor, month: dt.date, content: Mapping[str, Any], falling: Collection[str]
) -> list["Compared"]:
    """Units as they score now beside what they would without some cards (by their ids); nothing is stored."""
    check_supervisor(actor)
    rows, labels = month_rows(actor.tenant, month), input_labels()
    cards = [{**card, "state": "cancelled"} if card["id"] in falling else card for card in rows.cards]
    fewer = dataclasses.replace(rows, cards=cards)
    now = {one.subject.key: one for one in scored(rows, content, labels) if one.subject.kind == "unit"}
    then = [one for one in scored(fewer, content, labels) if one.subject.kind == "unit"]
    return [Compared(now=now[one.subject.key], then=one) for one in then]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compared:
    """One unit as it scores now and as it would."""

    now: Scored
    then: Scored


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeriodRow:
    """A unit's quarter, half-year or year with its months."""

    org_id: uuid.UUID
    name: str
    months: Sequence[ScoreRow]
    outcome: PeriodScore
    place: int


def period_rows(
    actor: Actor, year: int, period: str, form: ScoreFormula, targets: Mapping[uuid.UUID, Decimal]
) -> list[PeriodRow]:
    """Every unit's published months of a period, their mean, deductions for discipline and targets, by place."""
    first, number = PERIODS[period]
    since = dt.date(year, first, 1)
    rows = ScoreRow.objects.filter(
        visible_or_published(actor),
        kind=SubjectKind.UNIT,
        run__formula_key=form.key,
        run__state="published",
        run__month__gte=since,
        run__month__lt=month_after(since, number),
        org_id__isnull=False,
    ).select_related("run")
    by_unit: dict[uuid.UUID, list[ScoreRow]] = {}
    for one in rows.order_by("run__month"):
        if one.org_id is not None:
            by_unit.setdefault(one.org_id, []).append(one)
    lost = discipline(actor.tenant, since, month_after(since, number)) if period in _YEARLY else {}
    found = []
    for org_id, months in by_unit.items():
        outcome = period_score(
            [one.total for one in months if one.total is not None],
            form.content,
            wanted=number,
            discipline=lost.get(org_id, {}),
            targets=targets.get(org_id) if period == "year" else None,
        )
        found.append(PeriodRow(org_id=org_id, name=months[-1].name, months=months, outcome=outcome, place=0))
    found.sort(key=lambda one: (-(one.outcome.total or Decimal(0)), one.name))
    totals = [one.outcome.total or Decimal(0) for one in found]
    return [
        dataclasses.replace(one, place=1 + sum(total > totals[at] for total in totals)) for at, one in enumerate(found)
    ]


def visible_or_published(actor: Actor) -> Q:
    """Rows that lists of the county show an official: published ones."""
    return Q(tenant=actor.tenant) if actor.kind in ("official", "system") else Q(pk__in=[])


def discipline(tenant: str, since: dt.date, until: dt.date) -> dict[uuid.UUID, dict[str, int]]:
    """Unit → kind of discipline → persons, of approved deductions decided in the time."""
    rows: Any = (
        YearDeduction.objects.filter(
            tenant=tenant, state=ProposalState.APPROVED, decided_on__gte=since, decided_on__lt=until
        )
        .values("org_id", "kind")
        .annotate(number=Sum("persons"))
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for one in rows:
        found.setdefault(one["org_id"], {})[one["kind"]] = one["number"]
    return found


def deductions(actor: Actor) -> "QuerySet[YearDeduction]":
    """All of the county for supervisors, approved ones of his own unit for an official."""
    rows = YearDeduction.objects.filter(tenant=actor.tenant).order_by("-decided_on", "-created_at")
    if is_supervisor(actor):
        return rows
    return rows.filter(org_id=actor.org_id, state=ProposalState.APPROVED) if actor.org_id else rows.none()


def appeals(actor: Actor, run: ScoreRun | None = None) -> "QuerySet[ScoreAppeal]":
    """Appeals: all for supervisors, those of his own unit for an official; those that wait first, then the newest."""
    rows = ScoreAppeal.objects.filter(tenant=actor.tenant).select_related("run")
    if not is_supervisor(actor):
        rows = rows.filter(org_id=actor.org_id) if actor.org_id else rows.none()
    if run is not None:
        rows = rows.filter(run=run)
    return rows.order_by(Case(When(state="filed", then=0), default=1), "-created_at", "id")


def published_months(tenant: str, key: str) -> list[dt.date]:
    """Months with a published ranking, the newest first."""
    rows = ScoreRun.objects.filter(tenant=tenant, formula_key=key, state=ScoreState.PUBLISHED)
    return list(rows.order_by("-month").values_list("month", flat=True)[:36])
