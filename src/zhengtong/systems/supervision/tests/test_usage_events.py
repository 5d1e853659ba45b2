"""Use of posts and training count for scores without names: working days only, units with few posts not at all."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Account, SignIn
from zhengtong.capabilities.identity.tests.factories import official
from zhengtong.contracts.service_hall import TrainingFinished
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision.models import Card, WatchedEvent
from zhengtong.systems.supervision.plugins.score_inputs import posts_used, training
from zhengtong.systems.supervision.selectors.score_inputs import month_rows, span_of
from zhengtong.systems.supervision.tests.county import TENANT, install

pytestmark = pytest.mark.django_db
FRIDAY = dt.datetime(2026, 10, 16, 1, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture(autouse=True)
def clock():
    cases.forget_calendars()
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        install()
        identity.create_tenant(actor=system(TENANT), name="青禾县")
        yield traveller


def signed_in(who):
    account = Account.objects.get(person_id=who.person_id)
    SignIn.objects.create(tenant=TENANT, account=account, outcome="signed_in")


def test_posts_that_were_used_count_for_the_unit_and_nobody_is_named(clock):
    people = [official(f"user{number}", "clerk") for number in range(4)]
    alone = official("alone", "clerk", org_code="H05", org_name="青禾县消防救援大队")
    before = month_rows(TENANT, OCTOBER).digest()
    for who in (people[0], people[0], people[1], alone):
        signed_in(who)

    clock.shift(dt.timedelta(days=1))
    assert identity.tell_posts_used() == 1
    assert identity.tell_posts_used() == 0
    # nobody works on Saturday: it is told, and does not count
    clock.shift(dt.timedelta(days=1))
    assert identity.tell_posts_used() == 1
    run_until_idle()

    assert WatchedEvent.objects.filter(name="identity.posts_used.v1").count() == 2
    rows = posts_used(TENANT, *span_of(OCTOBER))
    assert (len(rows), sum(row.counted for row in rows)) == (4, 2)
    assert {row.org_id for row in rows} == {people[0].org_id}
    told = str(list(OutboxEvent.objects.filter(name="identity.posts_used.v1").values_list("data", flat=True)))
    assert not any(str(who.person_id) in told for who in people)
    assert not Card.objects.exists()
    assert month_rows(TENANT, OCTOBER).digest() != before


def test_exercises_that_were_done_count_for_the_unit_and_raise_no_card():
    before = month_rows(TENANT, OCTOBER).digest()
    learner = official("learner", "clerk")
    for exercise, result in (("two_gaps", "later"), ("complete", "first_try")):
        publish(
            TrainingFinished(
                tenant=TENANT,
                object_ref=ObjectRef(kind="service_hall.training", id=exercise),
                at=FRIDAY,
                org_id=learner.org_id,
                org_name=learner.org_name,
                post_id=learner.post_id,
                post_name="受理岗",
                exercise=exercise,
                result=result,
                tries=2,
            )
        )
    run_until_idle()

    rows = training(TENANT, *span_of(OCTOBER))
    assert [(row.org_id, row.words, row.counted) for row in rows] == [(learner.org_id, "受理岗完成练习", True)] * 2
    assert not Card.objects.exists()
    assert month_rows(TENANT, OCTOBER).digest() != before
    assert not training(TENANT, *span_of(dt.date(2026, 9, 1)))


def test_a_month_before_the_figures_came_keeps_its_digest():
    rows = month_rows(TENANT, OCTOBER)

    assert "posts_used" not in rows.inputs
    assert "training" not in rows.inputs
    assert "satisfaction" in rows.inputs
