"""In whose name one applies: a guardian for one ward at a time, an agent for the items of his letter."""

import dataclasses

import pytest
import time_machine

from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    with time_machine.travel(hall.MONDAY, tick=False):
        hall.found_hall()
        yield


def test_what_a_guardian_applies_for_is_the_wards_and_stands_apart_from_his_own(town):
    guardian = factories.citizen("张一", phone="13800000001")
    ward = factories.citizen("张小", phone="13800000002")
    for_ward = dataclasses.replace(guardian, ward_id=ward.person_id, on_behalf_of="张小")

    row = hall.submitted(for_ward)
    own = hall.submitted(guardian)

    assert (row.applicant_name, row.person_name, row.ward_id) == ("张小", "张一", ward.person_id)
    assert own.applicant_name == "张一"
    assert api.own_view(actor=for_ward, application_id=row.id).row.id == row.id
    with pytest.raises(NotFound):
        api.own_view(actor=guardian, application_id=row.id)
    with pytest.raises(NotFound):
        api.own_view(actor=for_ward, application_id=own.id)
    other = dataclasses.replace(guardian, ward_id=factories.citizen("李小").person_id)
    with pytest.raises(NotFound):
        api.own_view(actor=other, application_id=row.id)


def test_an_agent_applies_only_for_the_items_of_his_letter(town):
    agent = factories.agent(factories.citizen("张一"))

    with pytest.raises(NotPermitted, match="授权委托书"):
        api.start_application(
            actor=dataclasses.replace(agent, delegated_items=frozenset({"other"})), item_code=hall.ITEM
        )

    limited = dataclasses.replace(agent, delegated_items=frozenset({hall.ITEM}))
    row = api.start_application(actor=limited, item_code=hall.ITEM)
    assert api.own_view(actor=limited, application_id=row.id).row.id == row.id
    with pytest.raises(NotFound):
        api.own_view(actor=dataclasses.replace(agent, delegated_items=frozenset({"other"})), application_id=row.id)
