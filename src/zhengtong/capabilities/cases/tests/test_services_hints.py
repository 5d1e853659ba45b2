"""提示: a working day before a limit ends its handlers are told once; no lamp, no event; many at once cost little."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.constants import DeadlineKind
from zhengtong.capabilities.cases.models import Deadline, WorkItem
from zhengtong.capabilities.cases.rules import Due, hint_at
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.services.clock import HINT_BEFORE
from zhengtong.capabilities.cases.tests.clockwork import accepted_case, at, clerk, do, single_case
from zhengtong.capabilities.cases.tests.county import TENANT, UNITS, found_county
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent, ParameterValue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-09-01"), tick=False) as traveller:
        found_county()
        yield traveller


@pytest.fixture(autouse=True)
def people(clock):
    """Who works in the units: a clerk where cases come in, and in two others that review."""
    return {
        code: account(f"{role}.{code.lower()}", role, org_code=code, org_name=f"青禾县{UNITS[code]}").person_id
        for code, role in (("G22", "clerk"), ("H05", "clerk"), ("G11", "clerk"))
    }


def hints() -> list[SiteMessage]:
    return list(SiteMessage.objects.filter(title__startswith="提示").order_by("created_at", "id"))


def test_the_handlers_are_told_a_working_day_before_and_once(clock, people):
    single_case(number="980723-2026-7")
    item = WorkItem.objects.get(node="accept")
    # five working days from the first of September end on the eighth, a Tuesday; the day before is a Monday
    clock.move_to(at("2026-09-06", "23:59"))
    assert api.hint_limits() == 0
    told_before = OutboxEvent.objects.count()

    clock.move_to(at("2026-09-07", "00:00"))
    assert api.hint_limits() == 1
    assert api.hint_limits() == 0

    message = hints()[0]
    assert message.person_id == people["G22"]
    assert message.title == "提示：时限将到"
    assert "980723-2026-7" in message.body
    assert "2026年9月8日届满" in message.body
    assert str(item.id) in message.link
    assert (len(hints()), OutboxEvent.objects.count()) == (1, told_before)
    assert Deadline.objects.get(kind=DeadlineKind.ACCEPTANCE).level == ""


def test_of_a_task_that_was_claimed_only_its_holder_is_told(clock):
    single_case()
    item = WorkItem.objects.get(node="accept")
    holder = uuid.uuid4()
    WorkItem.objects.filter(pk=item.pk).update(holder_id=holder, holder="王五")

    clock.move_to(at("2026-09-07"))
    api.hint_limits()

    assert [message.person_id for message in hints()] == [holder]


def test_the_limit_of_the_whole_case_tells_all_who_have_a_task_in_it_in_one_message_each(clock, people):
    accepted_case()
    accepted_case(number="980723-2026-2")
    whole = Deadline.objects.filter(kind=DeadlineKind.PROMISED)
    assert {row.hint_at for row in whole} == {at("2026-09-10", "00:00")}
    Deadline.objects.exclude(kind=DeadlineKind.PROMISED).update(hint_at=None)

    clock.move_to(at("2026-09-10"))
    assert api.hint_limits() == 2

    assert sorted(message.person_id for message in hints()) == sorted([people["H05"], people["G11"]])
    assert all("2 件事项" in message.title for message in hints())
    assert "的时限2026年9月11日届满" in hints()[0].body


def test_a_limit_that_moves_takes_its_hint_with_it_and_what_is_done_is_not_hinted_at(clock):
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    clock.move_to(at("2026-09-03"))
    row = Deadline.objects.get(kind=DeadlineKind.PROMISED)
    assert row.hint_at == at("2026-09-10", "00:00")
    assert Deadline.objects.get(kind=DeadlineKind.STATUTORY).hint_at is None

    api.pause_clock(
        actor=clerk(), case_id=case_id, reason_code="expert_review", note="送专家评审", cap=api.Limit.parse("10 WD")
    )
    clock.move_to(at("2026-09-08"))
    api.resume_clock(actor=clerk(), case_id=case_id)

    row.refresh_from_db()
    assert row.hint_at > at("2026-09-10", "00:00")
    clock.move_to(at("2026-09-11"))
    assert not [message for message in hints() if "9月11日" in message.body]
    clock.move_to(at("2026-09-07"))
    assert api.hint_limits() == 0


@pytest.mark.parametrize("days", [0, 2])
def test_the_county_sets_how_long_before(clock, days):
    ParameterValue.objects.create(
        tenant=TENANT, key=HINT_BEFORE, value=days, source="测试", valid_from=dt.date(2026, 1, 1)
    )
    single_case()

    found = Deadline.objects.get(kind=DeadlineKind.ACCEPTANCE).hint_at

    assert found == (at("2026-09-04", "00:00") if days else None)


def test_where_yellow_comes_first_or_the_moment_is_over_there_is_no_hint():
    calendar, due = calendar_of(TENANT), Due(dt.date(2026, 9, 8), at("2026-09-09", "00:00"))
    moment, now = at("2026-09-07", "00:00"), at("2026-09-01")

    assert hint_at(due, calendar, before=1, yellow_at=at("2026-09-08", "00:00"), at=now) == moment
    assert hint_at(due, calendar, before=1, yellow_at=moment, at=now) is None
    assert hint_at(due, calendar, before=1, yellow_at=None, at=moment) is None
    assert hint_at(Due(None, None, stopped=True), calendar, before=1, yellow_at=None, at=now) is None


def test_a_worker_that_stood_still_does_not_hint_at_what_is_over(clock):
    single_case()

    clock.move_to(at("2026-09-09", "08:00"))
    assert api.hint_limits() == 1

    assert not hints()


def test_many_limits_of_one_instant_cost_as_few_statements_as_a_few(clock):
    def cost(count: int, first: int) -> int:
        for number in range(count):
            single_case(number=f"980723-2026-{first + number}")
        clock.move_to(at("2026-09-07"))
        with CaptureQueriesContext(connection) as queries:
            assert api.hint_limits() == count
        clock.move_to(at("2026-09-01"))
        return len(queries)

    few = cost(3, 100)
    many = cost(40, 200)

    assert many <= few
    gathered = next(message for message in hints() if "40 件事项" in message.title)
    assert "另有 20 件" in gathered.body


def test_the_worker_does_it_by_itself(clock):
    single_case()

    clock.move_to(at("2026-09-07", "00:01"))
    run_until_idle()

    assert len(hints()) == 1
