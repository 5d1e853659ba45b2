"""监察事实：what can be worked out from an event and its case alone, as pure functions.

Each takes a ``Moment`` (the event, its case up to it, the working days) and gives a number, True or False, a text, or
None where the case does not tell. A case is judged by what had been recorded up to the event, never by what came
later: so a rule judges the past today as it judged the present then.
"""

import datetime as dt
from typing import Any, Final

from zhengtong.kernel.calendar import SHANGHAI, local_day
from zhengtong.systems.supervision.registry import LogEntry, Moment

SUBMITTED: Final = "service_hall.application_submitted.v1"
SUPPLEMENT: Final = "service_hall.supplement_told.v1"
OPENED: Final = "cases.case_opened.v1"
ACCEPTED: Final = "cases.case_accepted.v1"
STEP_OPENED: Final = "cases.step_opened.v1"
STEP_DONE: Final = "cases.step_done.v1"
DEADLINE_MOVED: Final = "cases.deadline_moved.v1"
PAUSED: Final = "cases.clock_paused.v1"
RESUMED: Final = "cases.clock_resumed.v1"
EXTENDED: Final = "cases.extension_decided.v1"
INTERVENED: Final = "cases.case_intervened.v1"
URGED: Final = "cases.step_urged.v1"
CLOSED: Final = "cases.case_closed.v1"
HEARING: Final = "cases.hearing_moved.v1"
ISSUED: Final = "documents.document_issued.v1"
RATED: Final = "ratings.rating_given.v1"
RATING_DUE: Final = "ratings.bad_rating_due.v1"
RATING_ANSWERED: Final = "ratings.bad_rating_answered.v1"
TICKET: Final = "service_centre.ticket_finished.v1"
CARD_MOVED: Final = "supervision.card_moved.v1"
ORDER_RAISED: Final = "payments.order_raised.v1"

_REFUSING = ("refuse", "supplement")
_GRANTING = ("approve", "done")
_SPOKEN = ("explain", "appeal")


def _instant(value: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None


def _seconds(begin: dt.datetime | None, end: dt.datetime) -> int | None:
    return None if begin is None else int((end - begin).total_seconds())


def _first(moment: Moment, *names: str) -> LogEntry | None:
    return next(iter(moment.before(*names)), None)


def hour(moment: Moment) -> int:
    """The hour of the day in Shanghai, 0 to 23."""
    return moment.entry.at.astimezone(SHANGHAI).hour


def on_workday(moment: Moment) -> bool:
    """Whether the event fell on a working day."""
    return moment.calendar.is_workday(local_day(moment.entry.at))


def days_recorded_late(moment: Moment) -> int | None:
    """Days between the day the event itself names and its recording: what was entered afterwards shows here."""
    named = moment.entry.fields.get("day")
    if not isinstance(named, str):
        return None
    return (local_day(moment.entry.at) - dt.date.fromisoformat(named)).days


def step_seconds(moment: Moment) -> int | None:
    """Seconds from the arrival of a step to its completion."""
    return _seconds(_instant(moment.entry.fields.get("opened_at")), moment.entry.at)


def seconds_since_submission(moment: Moment) -> int | None:
    """Seconds since the application came in."""
    first = _first(moment, SUBMITTED, OPENED)
    return _seconds(first.at if first else None, moment.entry.at)


def seconds_since_acceptance(moment: Moment) -> int | None:
    """Seconds since the case was accepted."""
    accepted = _first(moment, ACCEPTED)
    return _seconds(accepted.at if accepted else None, moment.entry.at)


def workdays_unanswered(moment: Moment) -> int | None:
    """Working days from the handing in to this event, while neither notice nor acceptance nor refusal was given."""
    first = _first(moment, SUBMITTED, OPENED)
    if first is None:
        return None
    earlier = [one for one in moment.history if one.position < moment.entry.position]
    answered = any(
        one.name in (ACCEPTED, SUPPLEMENT) or (one.name == STEP_DONE and one.outcome in _REFUSING) for one in earlier
    )
    return 0 if answered else moment.calendar.workdays_between(local_day(first.at), local_day(moment.entry.at))


def notices(moment: Moment) -> int:
    """How many one-time notices have been given so far."""
    return len(moment.before(SUPPLEMENT))


def promised_due(moment: Moment) -> dt.datetime | None:
    """The last instant of the promised limit as it stood then."""
    due: dt.datetime | None = None
    for one in moment.history:
        if one.name in (ACCEPTED, RESUMED, EXTENDED):
            due = _instant(one.fields.get("promised_due_at")) or due
        elif one.name == DEADLINE_MOVED and one.fields.get("kind") == "promised":
            due = _instant(one.fields.get("due_at")) or due
    return due


def limit_used(moment: Moment) -> int | None:
    """How much of the promised limit has passed, in per cent of the time from acceptance to its end."""
    accepted, due = _first(moment, ACCEPTED), promised_due(moment)
    if accepted is None or due is None or due <= accepted.at:
        return None
    return int((moment.entry.at - accepted.at) * 100 / (due - accepted.at))


def workdays_left(moment: Moment) -> int | None:
    """Working days left until the end of the promised limit; 0 on its last day, below 0 after it."""
    due = promised_due(moment)
    if due is None:
        return None
    last = local_day(due - dt.timedelta(microseconds=1))
    return moment.calendar.workdays_between(local_day(moment.entry.at), last)


def pauses(moment: Moment) -> int:
    """How many times the clock was stopped so far."""
    return len(moment.before(PAUSED))


def paused_days(moment: Moment) -> int:
    """Calendar days during which the clock stood still so far."""
    total, since = 0, None
    for one in moment.before(PAUSED, RESUMED, CLOSED):
        if one.name == PAUSED:
            since = since or one.at
        elif since is not None:
            total, since = total + (local_day(one.at) - local_day(since)).days, None
    return total + ((local_day(moment.entry.at) - local_day(since)).days if since is not None else 0)


def extensions(moment: Moment) -> int:
    """How many times the limit was extended so far."""
    return sum(bool(one.fields.get("granted")) for one in moment.before(EXTENDED))


def interventions(moment: Moment) -> int:
    """How many times the drawn route was left by an administrator's intervention."""
    return len(moment.before(INTERVENED))


def urgings(moment: Moment) -> int:
    """How many times somebody asked for speed."""
    return len(moment.before(URGED))


def steps_done(moment: Moment) -> int:
    """How many steps officials have completed so far."""
    return len(_acts(moment))


def _acts(moment: Moment) -> list[LogEntry]:
    return [one for one in moment.before(STEP_DONE) if one.phase != "supplement"]


def posts_of_person(moment: Moment) -> int | None:
    """In how many posts the person who acts has acted in this case so far, this act included."""
    who = moment.entry.person_id
    if who is None:
        return None
    return len({(one.step_org_id, one.post_name) for one in _acts(moment) if one.person_id == who})


def decides_own_work(moment: Moment) -> bool | None:
    """Whether who decides has also accepted or reviewed the case, in another post (审办分离)."""
    entry = moment.entry
    if entry.person_id is None or entry.phase != "decide":
        return None
    return any(
        one.person_id == entry.person_id and one.phase != "decide" and one.post_name != entry.post_name
        for one in _acts(moment)
    )


def submitted_online(moment: Moment) -> bool | None:
    """Whether the applicant handed in online; None where the case does not tell."""
    found = _first(moment, SUBMITTED)
    return None if found is None else bool(found.fields.get("online"))


def decided_before(moment: Moment) -> bool | None:
    """Whether the decision to grant, or the end of the case, was recorded before this event."""
    if not moment.before(OPENED, STEP_OPENED):
        return None
    earlier = [one for one in moment.history if one.position < moment.entry.position]
    return any(one.name == CLOSED or (one.name == STEP_DONE and one.outcome in _GRANTING) for one in earlier)


def card_explained(moment: Moment) -> int | None:
    """How many times the unit had explained or appealed the card that this event moves."""
    card = moment.entry.fields.get("card_id")
    if moment.entry.name != CARD_MOVED or card is None or moment.entry.case_id is None:
        return None
    moved = [one for one in moment.before(CARD_MOVED) if one.fields.get("card_id") == card]
    return sum(one.fields.get("act") in _SPOKEN for one in moved)


def rating_days_unanswered(moment: Moment) -> int | None:
    """Days since a bad rating of the case asked for an act, while nobody has acted; 0 when somebody has."""
    asked = moment.before(RATING_DUE)
    if not asked:
        return None
    answered = [one for one in moment.before(RATING_ANSWERED) if one.position > asked[-1].position]
    return 0 if answered else (local_day(moment.entry.at) - local_day(asked[-1].at)).days


def yuan_beyond_list(moment: Moment) -> int | float | None:
    """By how much an order goes beyond the amounts of the published list, in yuan; None where the list names none."""
    beyond = moment.entry.fields.get("beyond_fen")
    if not isinstance(beyond, int):
        return None
    return beyond / 100 if beyond % 100 else beyond // 100
