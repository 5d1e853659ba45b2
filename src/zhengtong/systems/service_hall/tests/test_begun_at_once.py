"""Two presses of one button arrive at the same time: one draft, one sitting, one request."""

import pytest

from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, ErasureRequest, Sitting
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_presses_at_once_begin_one_draft() -> None:
    hall.found_county()
    applicant = hall.people.citizen()

    begun = meeting(
        lambda: api.start_application(actor=applicant, item_code=hall.SIMPLE),
        lambda: api.start_application(actor=applicant, item_code=hall.SIMPLE),
    )

    assert begun == Application.objects.get()


def test_two_presses_at_once_begin_one_sitting() -> None:
    hall.found_county()
    official = counter.window()
    person_id = counter.stranger(official)

    begun = meeting(
        lambda: counter.begun(official, person_id=person_id), lambda: counter.begun(official, person_id=person_id)
    )

    assert begun == Sitting.objects.get()
    assert Application.objects.count() == 1


def test_of_two_requests_for_erasure_at_once_the_second_is_told() -> None:
    hall.found_county()
    person = hall.people.citizen()

    refused = meeting(
        lambda: api.ask_erasure(actor=person, reason="不再使用"), lambda: api.ask_erasure(actor=person, reason="不用了")
    )

    assert isinstance(refused, Conflict)
    assert ErasureRequest.objects.get().reason == "不再使用"
