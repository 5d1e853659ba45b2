"""The clock of a complaint as its pages explain it: the same words for who wrote, unit and supervisor."""

from zhengtong.capabilities.cases import api as cases
from zhengtong.systems.complaints.constants import YELLOW_RATIO, ClockKind, ExtensionState
from zhengtong.systems.complaints.models import Complaint, ComplaintClock, ComplaintExtension, ComplaintPause

_BASIS = "监察机构批准延期"


def terms_of(row: ComplaintClock) -> cases.LimitTerms:
    """Stops and more time count for the limit to answer only."""
    limit = cases.Limit(row.amount, cases.Unit(row.unit))
    if row.kind != ClockKind.ANSWER:
        return cases.LimitTerms(limit)
    pauses = [_pause(one) for one in ComplaintPause.objects.filter(complaint_id=row.complaint_id).order_by("start_day")]
    longer = ComplaintExtension.objects.filter(complaint_id=row.complaint_id, state=ExtensionState.GRANTED)
    return cases.LimitTerms(limit, pauses, [cases.Extension(one.days, cases.Unit.WD, _BASIS) for one in longer])


def instants_of(row: ComplaintClock) -> cases.LimitInstants:
    """The instants by the calendar of today; the time to ask for a review warns nobody."""
    warned = row.kind != ClockKind.ASK_REVIEW
    return cases.limit_instants(row, terms_of(row), yellow=YELLOW_RATIO if warned else "")


def arithmetic_of(row: ComplaintClock) -> str:
    """One sentence that shows how the last day came about."""
    return cases.limit_arithmetic(row, terms_of(row))


def lamp_of(row: ComplaintClock | None) -> str:
    """green, yellow, red, or none where nothing runs."""
    return cases.NO_LAMP if row is None or row.kind == ClockKind.ASK_REVIEW else cases.limit_lamp(row)


def clocks_of(row: Complaint) -> list[cases.LimitView]:
    """All limits of a complaint in the order they began; each county confirms its own."""
    rows = row.clocks.order_by("started_on", "created_at")
    return [cases.limit_view(one, terms_of(one), lamp=lamp_of(one), confirmed=False) for one in rows]


def _pause(row: ComplaintPause) -> cases.Pause:
    cap = cases.Limit(row.cap_amount, cases.Unit(row.cap_unit))
    return cases.Pause(start=row.start_day, end=row.end_day, reason_code=row.reason, legal_basis="", cap=cap)
