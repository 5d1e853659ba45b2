"""Two declare to act for one company at the same moment: the second is told what the first became."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Agency, LegalPerson
from zhengtong.capabilities.identity.services import legal_persons
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting

pytestmark = pytest.mark.usefixtures("committed_db")
COMPANY = {"name": "青禾县一品餐饮店", "uscc": "92341300MA2ABCDEX8", "representative_name": "张一"}


@pytest.fixture(autouse=True)
def known(committed_db: str) -> None:
    """The company is on file, with nobody who acts for it now."""
    owner = factories.citizen("张一", phone="13800000001", number=factories.citizen_number(1))
    agency = factories.agent(owner)
    legal_persons.end_agency(actor=agency, agency_id=agency.post_id or uuid.UUID(int=0))


def pressing(actor: Actor, role: str) -> Callable[[], object]:
    until = local_date() + dt.timedelta(days=30) if role == "agent" else None
    return lambda: api.register_legal_person(actor=actor, **COMPANY, role=role, valid_until=until)


def test_an_agent_who_presses_twice_is_one_agent() -> None:
    press = pressing(factories.citizen("李二", phone="13800000002", number=factories.citizen_number(2)), "agent")

    answer = meeting(press, press)

    assert isinstance(answer, Conflict)
    assert Agency.objects.filter(role="agent").count() == 1


def test_a_second_representative_at_the_counter_is_told_of_the_first() -> None:
    first, second = (
        factories.citizen("张一", phone=f"1380000001{n}", number=factories.citizen_number(10 + n)) for n in range(2)
    )
    counter = factories.official("window", "counter")

    answer = meeting(
        pressing(first, "legal_representative"),
        lambda: api.take_in_agency(actor=counter, person_id=second.person_id, **COMPANY, role="legal_representative"),
    )

    assert isinstance(answer, Conflict)
    assert LegalPerson.objects.get().representative_id == first.person_id


def test_an_agency_is_ended_while_its_successor_is_declared() -> None:
    first, second = (
        factories.citizen("张一", phone=f"1380000002{n}", number=factories.citizen_number(20 + n)) for n in range(2)
    )
    agency = factories.agent(first)

    answer = meeting(
        lambda: legal_persons.end_agency(actor=agency, agency_id=agency.post_id or uuid.UUID(int=0)),
        pressing(second, "legal_representative"),
    )

    assert isinstance(answer, uuid.UUID)
    assert LegalPerson.objects.get().representative_id == second.person_id
