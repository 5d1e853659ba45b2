"""The complaints of the demonstration: every state, once, in their own time."""

import datetime as dt
from collections import Counter

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.demo.complaints import load_complaints
from zhengtong.kernel import clock
from zhengtong.kernel.actors import system
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import Channel, Ending, Kind, Protection, State
from zhengtong.systems.complaints.models import Complaint, ComplaintClock, PublicAnswer

TENANT = "980723"


def test_every_state_kind_channel_and_end_and_a_second_load_adds_nothing(demonstration: None) -> None:
    first = Counter(Complaint.objects.values_list("state", flat=True))

    assert load_complaints(system(TENANT)) == 0

    rows = list(Complaint.objects.all())
    assert 12 <= len(rows) <= 20
    assert first.keys() == set(State.values)
    assert {row.kind for row in rows} == set(Kind.values)
    assert {row.channel for row in rows} == set(Channel.values)
    assert {row.protection for row in rows} == set(Protection.values)
    assert {row.ending for row in rows if row.ending} == set(Ending.values)
    assert PublicAnswer.objects.count() == 2
    # their own days: the oldest weeks ago, nothing in the days to come, one limit passed and one near
    ages = sorted(clock.now() - row.received_at for row in rows)
    assert dt.timedelta(0) < ages[0] < dt.timedelta(days=5)
    assert ages[-1] > dt.timedelta(days=45)
    office = identity.find_actor("supervisor", tenant=TENANT)
    assert api.queue(actor=office, name="late").total == 1
    assert ComplaintClock.objects.filter(ended_at__isnull=True, kind="answer", due_at__gt=clock.now()).count() >= 3
