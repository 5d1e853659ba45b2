"""The hearing of a case as its pages show it, and who may preside over it."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineKind, DeadlineState, Phase, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, Deadline, Hearing, WorkItem
from zhengtong.capabilities.cases.permissions import HANDLERS
from zhengtong.capabilities.cases.rules.hearing import earliest_day, hold_until
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import Timing
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.prepared import prepared
from zhengtong.kernel.ui.formats import cn_date


@dataclasses.dataclass(frozen=True)
class HearingView:
    """A hearing: ``state`` is told, lapsed, waived, requested, announced, held, declined or dropped (with its case).

    ``sentence`` says what it means, ``ask_until`` is the last day to ask for it, ``hold_by`` the last day to organise
    it, ``earliest`` the first day that a notice sent out today allows, ``notices`` how many notices went out.
    """

    state: str
    sentence: str
    told_on: dt.date
    ask_until: dt.date | None
    requested_on: dt.date | None
    requested_by: str
    request_text: str
    hold_by: dt.date | None
    earliest: dt.date
    notified_on: dt.date | None
    day: dt.date | None
    place: str
    host: str
    minutes: str
    decline_reason: str
    recorded_by: str
    notices: int

    @property
    def may_ask(self) -> bool:
        """The right was told and its time runs; the applicant may ask for the hearing or waive it."""
        return self.state == "told"

    @property
    def may_enter(self) -> bool:
        """A request on paper may be entered: also an interested party's, while only the applicant has waived his."""
        in_time = self.ask_until is not None and local_date() <= self.ask_until
        return self.may_ask or (self.state == "waived" and in_time)

    @property
    def bars_decision(self) -> bool:
        """It may still be asked for, or was asked for and is not over."""
        return self.may_ask or self.waits

    @property
    def waits(self) -> bool:
        """It was asked for and is neither held nor declined."""
        return self.state in ("requested", "announced")

    @property
    def may_record(self) -> bool:
        """The announced day has come."""
        return self.state == "announced" and self.day is not None and self.day <= local_date()


def hearing_of(case: Case, timing: Timing) -> HearingView | None:
    """The hearing of a case, None where the right to one was never told."""
    row = next(iter(_hearings(case_id=case.id)), None)
    if row is None:
        return None
    ask = timing.latest(DeadlineKind.HEARING_ASK)
    calendar = calendar_of(case.tenant)
    hold_by = hold_until(row.requested_on, calendar) if row.requested_on else None
    state = _state(row, ask, is_open=case.status == CaseStatus.OPEN)
    return HearingView(
        state=state,
        sentence=_sentence(state, row, ask.due_on if ask else None, hold_by),
        told_on=row.told_on,
        ask_until=ask.due_on if ask else None,
        requested_on=row.requested_on,
        requested_by=row.requested_by,
        request_text=row.request_text,
        hold_by=hold_by,
        earliest=earliest_day(local_date(), calendar),
        notified_on=row.notified_on,
        day=row.day,
        place=row.place,
        host=row.host,
        minutes=row.minutes,
        decline_reason=row.decline_reason,
        recorded_by=row.recorded_by,
        notices=row.notices,
    )


@prepared
def _hearings(*, case_id: uuid.UUID) -> "QuerySet[Hearing]":
    return Hearing.objects.filter(case_id=case_id)


def hearing_hosts(case: Case) -> tuple[tuple[str, str], ...]:
    """Officials of the unit that may preside, as (key, name with post): none who reviews the application."""
    reviewers = reviewers_of(case.id)
    people: dict[uuid.UUID, str] = {}
    for role in HANDLERS:
        for one in identity.people_in(case.tenant, case.org_id, role):
            people.setdefault(one.person_id, f"{one.name}（{one.post_name}）")
    return tuple((str(key), name) for key, name in people.items() if key not in reviewers)


def reviewers_of(case_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Who has reviewed a case or has taken its review in hand: none of them presides (第四十八条第一款第（三）项)."""
    rows = WorkItem.objects.filter(case_id=case_id, phase=Phase.REVIEW).exclude(status=WorkItemStatus.CANCELLED)
    people = rows.values_list("done_by_id", "holder_id", "helper_id")
    return frozenset(key for found in people for key in found if key is not None)


def _state(row: Hearing, ask: Deadline | None, *, is_open: bool) -> str:
    if row.held_on is not None:
        return "held"
    if row.declined_on is not None:
        return "declined"
    if row.requested_on is not None:
        waiting = "announced" if row.day is not None else "requested"
        return waiting if is_open else "dropped"
    if row.waived_on is not None:
        return "waived"
    open_still = ask is not None and ask.state == DeadlineState.RUNNING
    in_time = open_still and ask is not None and ask.due_on is not None and ask.due_on >= local_date()
    if not is_open and ask is not None and ask.state == DeadlineState.CANCELLED:
        return "dropped"
    return "told" if in_time else "lapsed"


def _sentence(state: str, row: Hearing, ask_until: dt.date | None, hold_by: dt.date | None) -> str:
    words = {
        "told": cn_date(row.told_on),
        "until": cn_date(ask_until) if ask_until else "",
        "waived": cn_date(row.waived_on) if row.waived_on else "",
        "asked": cn_date(row.requested_on) if row.requested_on else "",
        "hold": cn_date(hold_by) if hold_by else "",
        "day": cn_date(row.day) if row.day else "",
        "place": row.place,
        "host": row.host,
        "over": cn_date(row.declined_on) if row.declined_on else "",
        "why": row.decline_reason,
    }
    said = {
        "told": _("%(told)s告知了听证权利，可以在%(until)s以前申请听证；期限届满以前不能作出决定。"),
        "lapsed": _("%(told)s告知了听证权利，到%(until)s没有人申请听证，可以作出决定。"),
        "waived": _("%(told)s告知了听证权利，申请人于%(waived)s声明放弃听证，可以作出决定。"),
        "dropped": _("%(told)s告知了听证权利；办件已经办结，不再组织听证。"),
        "requested": _(
            "%(asked)s申请听证，须在%(hold)s以前组织。组织听证所需的时间不计入办理期限，听证举行以前不能作出决定。"
        ),
        "announced": _(
            "听证定于%(day)s在%(place)s举行，主持人%(host)s。组织听证所需的时间不计入办理期限，听证举行以前不能作出决定。"
        ),
        "held": _("听证已于%(day)s在%(place)s举行，主持人%(host)s；决定根据听证笔录作出。"),
        "declined": _("%(over)s决定不组织听证，从这一天起恢复计时。理由：%(why)s"),
    }
    return said[state] % words
