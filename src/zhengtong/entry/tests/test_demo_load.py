import pytest

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Agency, Person
from zhengtong.entry.demo import cast
from zhengtong.entry.demo.load import load
from zhengtong.kernel.fields import blind_index

pytestmark = pytest.mark.django_db


def test_demo_loads_all_published_items_with_guide_and_route_and_a_second_load_adds_nothing():
    first = list(load(lambda _text: None))
    second = list(load(lambda _text: None))

    page = catalogue.items("980723", size=500)
    assert page.total == 150
    assert {account.username for account in first} >= {"clerk.market", "leader.market", "supervisor", "13900000001"}
    assert second == []
    showcase = catalogue.find_item("980723", "1198072300720319364980131801000")
    assert showcase.process_key == "restaurant"
    assert [unit["org_code"] for unit in showcase.joint_departments] == ["H05", "G11", "G10", "H04"]
    for summary in page.rows:
        item = catalogue.find_item("980723", summary.code)
        if not item.on_application:
            continue
        assert item.conditions, f"the guide of {item.name} names no conditions"
        assert item.flow, f"the guide of {item.name} names no procedure"
        assert item.quantity, f"the guide of {item.name} says nothing of the quantity"
        assert identity.people_in("980723", item.org_id, "clerk"), f"nobody can accept {item.name}"
        assert identity.people_in("980723", item.org_id, "leader"), f"nobody can decide {item.name}"
        for unit in item.joint_departments:
            if unit["org_code"]:
                org = identity.organisation("980723", unit["org_code"])
                assert identity.people_in("980723", org.id, "clerk"), f"nobody of {org.name} can review {item.name}"


def test_owner_speaks_for_the_company():
    accounts = {account.username for account in load(lambda _text: None)}

    assert cast.OWNER.phone in accounts
    person = Person.objects.get(phone_index=blind_index(cast.OWNER.phone))
    assert Agency.objects.get(person=person).legal_person.name == cast.COMPANY[0]
    agent = Person.objects.get(phone_index=blind_index(cast.AGENT.phone))
    assert Agency.objects.get(person=agent).role == "agent"
