"""The roster as a whole goes by age: half-days, what people asked for, who has left."""

import datetime as dt

import pytest

from zhengtong.capabilities.identity.tests.factories import tenant
from zhengtong.kernel import retention
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.service_centre.models import Attendant, Duty, DutyRequest
from zhengtong.systems.service_centre.services import ask, decide, dismiss_attendant
from zhengtong.systems.service_centre.tests import hall

pytestmark = pytest.mark.django_db


def sweep():
    for key in ("duties", "requests", "attendants"):
        retention.take_batch(f"service_centre.{key}", actor=system(tenant()))


def test_words_are_kept_whole_or_refused(county):
    one = hall.operator(1)
    duty = Duty.objects.get(person_id=one.person_id)
    with pytest.raises(Invalid, match="理由最多 200 个字"):
        ask(actor=one, duty_id=duty.id, reason="长" * 201)
    request = ask(actor=one, duty_id=duty.id, reason="长" * 200)

    with pytest.raises(Invalid, match="答复最多 200 个字"):
        decide(actor=hall.manager(), request_id=request.id, approved=False, answer="长" * 201)

    assert DutyRequest.objects.get().state == "asked"


def test_requests_and_who_has_left_go_with_their_half_days(county, clock):
    left, stays = hall.operator(1), hall.operator(2, "clerk2")
    ask(actor=left, duty_id=Duty.objects.get(person_id=left.person_id).id, reason="发烧就医")
    gone = Attendant.objects.get(person_id=left.person_id)
    dismiss_attendant(actor=hall.manager(), place=county, attendant_id=gone.id)
    clock.move_to(hall.START + dt.timedelta(days=729))
    sweep()
    assert (Duty.objects.count(), DutyRequest.objects.count(), Attendant.objects.count()) == (2, 1, 2)
    clock.move_to(hall.START + dt.timedelta(days=732))

    sweep()

    assert (Duty.objects.count(), DutyRequest.objects.count()) == (0, 0)
    assert [one.person_id for one in Attendant.objects.all()] == [stays.person_id]
