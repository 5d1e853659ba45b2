"""The page of a task in hand: who may open it, what each act does, what a refusal keeps."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Prompt, WorkItem
from zhengtong.capabilities.cases.registry import matter_pages, service_topics
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.cases.web.handling_forms import target_key
from zhengtong.capabilities.identity.tests import factories

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def county(monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    monkeypatch.setitem(matter_pages._items, "application", lambda item: f"/matters/{item.case_id}/")
    with time_machine.travel(START, tick=False):
        found_county()
        yield


def person(username, code, *roles, name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


@pytest.fixture
def clerk(county):
    return person("clerk", "G22", "clerk")


@pytest.fixture
def item(clerk):
    case_id = open_restaurant_case(citizen())
    return WorkItem.objects.get(case_id=case_id, node="accept")


def page(item):
    return reverse("tasks:task", args=[item.id])


def act(item, name):
    return reverse("tasks:act", args=[item.id, name])


def client_of(actor):
    return factories.sign_in(Client(), actor)


def test_strangers_sign_in_first_and_citizens_and_other_units_see_nothing(clerk, item):
    assert Client().get(page(item)).status_code == 302
    assert client_of(factories.citizen()).get(page(item)).status_code == 403
    assert client_of(person("other", "H04", "clerk")).get(page(item)).status_code == 404
    assert client_of(person("admin", "G22", "sys_admin")).get(page(item)).status_code == 403
    assert client_of(clerk).get(page(item)).status_code == 200


@pytest.mark.parametrize("name", ["claim", "transfer", "urge"])
def test_acts_are_closed_to_strangers_citizens_and_other_units(clerk, item, name):
    assert Client().post(act(item, name)).status_code == 302
    assert client_of(factories.citizen()).post(act(item, name)).status_code == 403
    assert client_of(person("other", "H04", "clerk")).post(act(item, name)).status_code == 404
    item.refresh_from_db()
    assert item.holder_id is None


def test_taking_a_task_and_giving_it_to_a_colleague(clerk, item):
    colleague = person("colleague", "G22", "clerk", name="王五")
    client = client_of(clerk)

    client.post(act(item, "claim"))
    answer = client.post(act(item, "assign"), {"person_id": str(colleague.person_id), "reason": "外出"}, follow=True)

    assert "王五" in answer.content.decode()
    item.refresh_from_db()
    assert item.holder_id == colleague.person_id


def test_a_refusal_keeps_what_was_typed_and_says_why(clerk, item):
    person("housing", "G10", "clerk", name="王五")
    client = client_of(clerk)

    empty = client.post(act(item, "add_signer"), {"org_code": "G10", "where": "before", "reason": ""})
    nobody = client.post(act(item, "add_signer"), {"org_code": "H04", "where": "before", "reason": "请看一看烟草"})

    assert empty.status_code == 422
    assert "请填写加签理由" in empty.content.decode()
    assert '<option value="G10" selected' in empty.content.decode()
    assert nobody.status_code == 422
    assert "还没有人能办理" in nobody.content.decode()
    assert "请看一看烟草" in nobody.content.decode()
    assert not WorkItem.objects.exclude(adhoc="").exists()


def test_an_act_that_is_no_longer_possible_shows_how_things_stand(clerk, item):
    client = client_of(clerk)
    api.claim_step(actor=person("colleague", "G22", "clerk", name="王五"), work_item_id=item.id)

    late = client.post(act(item, "claim"))

    assert late.status_code == 409
    assert "状态已经变化" in late.content.decode()
    assert "王五" in late.content.decode()
    assert client.post(act(item, "nonsense")).status_code == 404


def test_a_signer_is_added_and_taken_off_again(clerk, item):
    person("housing", "G10", "clerk", name="王五")
    client = client_of(clerk)
    client.post(act(item, "add_signer"), {"org_code": "G10", "where": "before", "reason": "核对", "command_key": "k"})
    signer = WorkItem.objects.exclude(adhoc="").get()

    shown = client.get(page(item)).content.decode()
    client.post(reverse("tasks:remove_signer", args=[item.id, signer.id]))

    assert "住房和城乡建设局" in shown
    signer.refresh_from_db()
    assert signer.status == "cancelled"


def test_supervision_is_asked_and_answered_on_the_page(clerk, item):
    boss = client_of(person("boss", "G22", "leader", name="赵六"))

    boss.post(act(item, "supervise"), {"text": "为什么还没有受理", "answer_by": "2026-11-12"})
    prompt = Prompt.objects.get()
    client = client_of(clerk)
    empty = client.post(reverse("tasks:answer_prompt", args=[item.id, prompt.id]), {"text": " "})
    client.post(reverse("tasks:answer_prompt", args=[item.id, prompt.id]), {"text": "正在核对"})

    assert empty.status_code == 422
    prompt.refresh_from_db()
    assert prompt.answer == "正在核对"


def test_a_leader_returns_one_branch_on_the_page(clerk, item):
    api.complete_step(actor=clerk, work_item_id=item.id, outcome="accept", command_key="a")
    for code, node in {"H05": "fire", "G11": "signboard", "G10": "housing", "H04": "tobacco"}.items():
        task = WorkItem.objects.get(node=f"review_{node}")
        actor = person(f"c{code.lower()}", code, "clerk", name="王五")
        api.complete_step(actor=actor, work_item_id=task.id, outcome="agree", opinion="同意", command_key=node)
    decide = WorkItem.objects.get(node="decide")
    client = client_of(person("boss", "G22", "leader", name="赵六"))

    shown = client.get(page(decide)).content.decode()
    targets = api.handling_of(actor=person("boss", "G22", "leader", name="赵六"), work_item_id=decide.id).targets
    wanted = next(target_key(t) for t in targets if t.node == "review_fire" and not t.whole)
    answer = client.post(act(decide, "return"), {"target": wanted, "reason": "意见不明确", "command_key": "r"})

    assert "只退回" in shown
    assert f'value="{wanted}"' in shown  # a name: a place in the list may have become another's meanwhile
    assert answer.status_code == 302
    assert set(WorkItem.objects.filter(status="open").values_list("node", flat=True)) == {"review_fire"}


def test_an_answer_too_long_is_refused_whole_and_stays_in_its_own_field(clerk, item):
    boss, client = client_of(person("boss", "G22", "leader", name="赵六")), client_of(clerk)
    for text in ("为什么还没有受理", "材料何时核对完"):
        boss.post(act(item, "supervise"), {"text": text, "answer_by": "2026-11-12"})
    prompt = Prompt.objects.get(text="材料何时核对完")
    answer = reverse("tasks:answer_prompt", args=[item.id, prompt.id])
    lines = "\r\n".join(["核对"] * 600)  # 1799 signs for the browser, 2398 on the way

    refused = client.post(answer, {"text": "长" * 2001})
    client.post(answer, {"text": lines})

    assert refused.status_code == 422
    assert refused.content.decode().count("长" * 2001) == 1
    prompt.refresh_from_db()
    assert prompt.answer == lines.replace("\r\n", "\n")


def test_what_was_written_for_an_act_that_is_gone_can_be_copied(clerk, item):
    helper = person("helper", "G22", "reviewer", name="王五")
    api.claim_step(actor=clerk, work_item_id=item.id)
    api.ask_colleague(actor=clerk, work_item_id=item.id, person_id=helper.person_id, reason="请核对面积")
    api.take_back_from_colleague(actor=clerk, work_item_id=item.id)

    late = client_of(helper).post(act(item, "answer"), {"text": "面积与图纸一致，已现场量过"})

    assert late.status_code == 409
    assert "面积与图纸一致，已现场量过" in late.content.decode()
