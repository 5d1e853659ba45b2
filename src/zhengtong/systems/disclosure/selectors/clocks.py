"""The clock of a request as its pages explain it: the same words for who asked, unit and authority."""

import datetime as dt

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.systems.disclosure.constants import YELLOW_RATIO, ClockKind, ExtensionKind, ExtensionState, PauseReason
from zhengtong.systems.disclosure.models import DisclosureRequest, RequestClock, RequestExtension, RequestPause

_BASIS = {ExtensionKind.EXTENSION: "条例第三十三条", ExtensionKind.DELAY: "条例第三十五条"}
_PAUSE_BASIS = {PauseReason.CONSULT: "条例第三十三条第三款", PauseReason.FEE: "国办函〔2020〕109号（待核实）"}


def terms_of(row: RequestClock) -> cases.LimitTerms:
    """Stops and more time count for the limit to answer only; what was before a correction does not."""
    limit = cases.Limit(row.amount, cases.Unit(row.unit))
    if row.kind != ClockKind.ANSWER:
        return cases.LimitTerms(limit)
    stops = RequestPause.objects.filter(request_id=row.request_id, start_day__gte=row.started_on).order_by("start_day")
    longer = RequestExtension.objects.filter(request_id=row.request_id, state=ExtensionState.GRANTED)
    return cases.LimitTerms(
        limit,
        [cases.Pause(one.start_day, one.end_day, one.reason, _PAUSE_BASIS[PauseReason(one.reason)]) for one in stops],
        [cases.Extension(one.days, cases.Unit.WD, _BASIS[ExtensionKind(one.kind)]) for one in longer],
    )


def instants_of(row: RequestClock) -> cases.LimitInstants:
    """The instants by the calendar of today."""
    return cases.limit_instants(row, terms_of(row), yellow=YELLOW_RATIO)


def arithmetic_of(row: RequestClock) -> str:
    """One sentence that shows how the last day came about."""
    return cases.limit_arithmetic(row, terms_of(row))


def clocks_of(row: DisclosureRequest) -> list[cases.LimitView]:
    """All limits of a request in the order they began."""
    rows = row.clocks.order_by("started_on", "created_at")
    return [cases.limit_view(one, terms_of(one), lamp=cases.limit_lamp(one), confirmed=one.confirmed) for one in rows]


def last_day(tenant: str, start: dt.date, parameter: str) -> dt.date:
    """The last day of the limit of a parameter begun on ``start``."""
    limit = cases.Limit.parse(str(parameters.value(parameter, tenant=tenant, on=start)))
    return cases.last_day_from(tenant, start, limit)
