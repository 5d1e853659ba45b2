"""The page on which a leader says who gets which tasks: who may open it, what it does, what a refusal keeps."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Absence, RoutingRule, WorkItem
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.identity.tests import factories

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
PAGE = "/tasks/routing/"


@pytest.fixture(autouse=True)
def county():
    with time_machine.travel(START, tick=False):
        found_county()
        yield


def person(username, *roles, code="G22", name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


def client_of(actor):
    return factories.sign_in(Client(), actor)


@pytest.fixture
def clerk():
    return person("clerk", "clerk", name="张岗")


@pytest.fixture
def leader(clerk):
    return client_of(person("boss", "leader", name="赵局"))


def test_strangers_sign_in_first_clerks_and_citizens_are_refused_leaders_see_only_their_unit(clerk, leader):
    other = client_of(person("oboss", "leader", code="H05", name="消队"))
    leader.post(reverse("tasks:set_routing"), {"mode": "fixed", "officers": [str(clerk.person_id)]})
    rule = RoutingRule.objects.get()

    for address in (PAGE, reverse("tasks:set_routing"), reverse("tasks:drop_routing", args=[rule.id])):
        send = "get" if address == PAGE else "post"
        assert getattr(Client(), send)(address).status_code == 302
        assert getattr(client_of(factories.citizen()), send)(address).status_code == 403
        assert getattr(client_of(clerk), send)(address).status_code == 403
    assert other.post(reverse("tasks:drop_routing", args=[rule.id])).status_code == 404
    assert "张岗" not in other.get(PAGE).content.decode()
    shown = leader.get(PAGE).content.decode()
    assert "指定人员（按顺序），张岗" in shown
    assert leader.post(reverse("tasks:drop_routing", args=[rule.id])).status_code == 302
    assert not RoutingRule.objects.exists()


def test_a_refused_rule_keeps_what_was_typed(leader):
    answer = leader.post(reverse("tasks:set_routing"), {"mode": "fixed", "phase": "review"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "指定人员的，请至少选择一个人" in page
    assert '<option value="review" selected' in page


def test_the_first_choice_stands_first(clerk, leader):
    second = person("second", "clerk", name="王岗")
    typed = {
        "mode": "fixed",
        "officers": [str(clerk.person_id), str(second.person_id)],
        "first": str(second.person_id),
    }

    assert leader.post(reverse("tasks:set_routing"), typed).status_code == 302

    assert [one["name"] for one in RoutingRule.objects.get().officers] == ["王岗", "张岗"]


def test_an_absence_is_noted_its_tasks_shared_out_and_ended(clerk, leader):
    case_id = open_restaurant_case(citizen())
    item = WorkItem.objects.get(case_id=case_id, node="accept")
    api.claim_step(actor=clerk, work_item_id=item.id)
    typed = {"person_id": str(clerk.person_id), "from_day": "2026-11-09", "until_day": "2026-11-25"}

    wrong = leader.post(reverse("tasks:note_absence"), typed | {"until_day": "2026-11-01"})
    assert wrong.status_code == 422
    assert "截止日期不能早于起始日期" in wrong.content.decode()
    assert leader.post(reverse("tasks:note_absence"), typed).status_code == 302
    page = leader.get(PAGE).content.decode()
    assert "把张岗手上的 1 件重新分派" in page
    assert "请假至11月25日" in page

    leader.post(reverse("tasks:share_out", args=[clerk.person_id]))
    item.refresh_from_db()
    assert item.holder_id is None
    leader.post(reverse("tasks:end_absence", args=[Absence.objects.get().id]))
    assert Absence.objects.get().ended_on == dt.date(2026, 11, 9)
