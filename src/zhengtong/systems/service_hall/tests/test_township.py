"""上报: the case runs from the day the town took it in; its papers are somewhere, and everybody can see where."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, PassedBatch
from zhengtong.systems.service_hall.rules import batch_number, paper_place
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Actor:
    hall.found_county()
    return counter.town()


def market(name: str = "clerk.market") -> Actor:
    return counter.window(name, unit=("G22", hall.UNITS["G22"]), role="clerk")


def received(batch: PassedBatch, state: str = "received", reason: str = "") -> dict[uuid.UUID, api.PapersVerdict]:
    return {line.id: api.PapersVerdict(state, reason) for line in api.lines_of(batch)}


def test_where_papers_are_is_one_sentence() -> None:
    say = {"intake": "东河镇", "unit": "县市场监管局", "day": dt.date(2026, 11, 23)}

    assert "在东河镇，还没有送到县市场监管局" in paper_place(state="", **say)
    assert "11月23日由东河镇送往县市场监管局" in paper_place(state="sent", **say)
    assert "11月23日已由县市场监管局签收" in paper_place(state="received", **say)
    assert "没有收到您的纸质材料（清单少一份）" in paper_place(state="missing", reason="清单少一份", **say)
    assert "退回东河镇：没有盖章" in paper_place(state="returned", reason="没有盖章", **say)
    assert batch_number("T02", dt.date(2026, 11, 23), 4) == "DJT0220261123004"


def test_the_clock_begins_when_the_town_takes_in_and_does_not_wait_for_paper(town: Actor) -> None:
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        row = counter.handed_in(town).application
    case = cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)
    acceptance = next(clock for clock in case.clocks if clock.kind == "acceptance")

    with time_machine.travel(hall_factories.MONDAY + dt.timedelta(days=1), tick=False):
        (batch,) = api.pass_up(actor=town, pieces={row.id: 2})
    with time_machine.travel(hall_factories.MONDAY + dt.timedelta(days=2), tick=False):
        api.receive_list(actor=market(), batch_id=batch.id, verdicts=received(batch))
    after = cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)

    assert row.channel == "township"
    assert acceptance.due_on == dt.date(2026, 11, 16)
    assert next(clock for clock in after.clocks if clock.kind == "acceptance").due_on == acceptance.due_on
    assert "11月11日已由青禾县市场监督管理局签收" in api.paper_place_of(row).sentence


def test_papers_go_up_on_one_list_for_each_unit_and_lie_in_one_place(town: Actor) -> None:
    row = counter.handed_in(town).application
    assert [one.id for one in api.papers_here(actor=town)] == [row.id]
    assert "还没有送到" in api.paper_place_of(row).sentence

    (batch,) = api.pass_up(actor=town, pieces={row.id: 3})

    assert api.papers_here(actor=town) == []
    assert (batch.from_org_name, batch.to_org_name, batch.number[:5]) == (
        counter.TOWN[1],
        hall.UNITS["G22"],
        "DJT02",
    )
    assert [line.pieces for line in api.lines_of(batch)] == [3]
    with pytest.raises(Conflict):
        api.pass_up(actor=town, pieces={row.id: 3})


@pytest.mark.parametrize("state", ["missing", "returned"])
def test_what_is_missing_or_handed_back_needs_a_reason_and_can_go_up_again(town: Actor, state: str) -> None:
    row = counter.handed_in(town).application
    (batch,) = api.pass_up(actor=town, pieces={row.id: 1})
    clerk = market()

    with pytest.raises(Invalid):
        api.receive_list(actor=clerk, batch_id=batch.id, verdicts={})
    with pytest.raises(Invalid):
        api.receive_list(actor=clerk, batch_id=batch.id, verdicts=received(batch, state))
    with pytest.raises(Invalid) as long:
        api.receive_list(actor=clerk, batch_id=batch.id, verdicts=received(batch, state, "长" * 201))
    assert "最多 200 个字，现在有 201 个字" in next(iter(long.value.errors.values()))
    api.receive_list(
        actor=clerk, batch_id=batch.id, verdicts=received(batch, state, "没有盖章"), signature=counter.signature()
    )

    assert "没有盖章" in api.paper_place_of(row).sentence
    (again,) = api.pass_up(actor=town, pieces={row.id: 1})
    assert again.number.endswith("002")
    with pytest.raises(Conflict, match="已由"):
        api.receive_list(actor=market("clerk.second"), batch_id=batch.id, verdicts=received(batch))


def test_only_the_unit_it_goes_to_signs_for_a_list(town: Actor) -> None:
    row = counter.handed_in(town).application
    (batch,) = api.pass_up(actor=town, pieces={row.id: 1})
    fire = counter.window("clerk.fire", unit=("H05", hall.UNITS["H05"]), role="clerk")

    assert [one.id for one in api.lists_to_receive(actor=market())] == [batch.id]
    assert api.lists_to_receive(actor=fire) == []
    with pytest.raises(NotFound):
        api.list_of(actor=fire, batch_id=batch.id)
    for wrong in (fire, town):
        with pytest.raises(NotFound):
            api.receive_list(actor=wrong, batch_id=batch.id, verdicts=received(batch))


def test_a_town_passes_up_only_what_it_took_in(town: Actor) -> None:
    other = counter.town("town.two", unit=("T03", "青禾县西岭镇人民政府"))
    row = counter.handed_in(town).application
    online = hall.submitted(hall.people.citizen())

    assert api.papers_here(actor=other) == []
    for key in (row.id, online.id):
        with pytest.raises(Conflict):
            api.pass_up(actor=other, pieces={key: 1})
    for wrong in ({}, {row.id: 0}):
        with pytest.raises(Invalid):
            api.pass_up(actor=town, pieces=wrong)
    assert api.paper_place_of(online) is None


def test_a_helper_brings_what_a_notice_asked_for_with_a_new_signature(town: Actor) -> None:
    row = counter.handed_in(town).application
    hall.act(row, "supplement", points={hall.REQUIRED: "缺少出租方签字"})
    assert [one.id for one in api.people_helped(actor=town).rows] == [row.id]

    sitting = api.begin_supplement(actor=town, application_id=row.id, proof="id_card")
    assert api.begin_supplement(actor=town, application_id=row.id, proof="id_card").id == sitting.id
    hall.give(town, row, text="签过字的")
    with pytest.raises(Conflict, match="还没有申请人的同意"):
        api.answer_notice(actor=town, application_id=row.id, command_key="a")
    counter.agreed(town, sitting)
    api.answer_notice(actor=town, application_id=row.id, command_key="a")

    assert Application.objects.get(pk=row.id).status == "submitted"
    assert [one.purpose for one in api.sittings_of_application(row)] == ["apply", "supplement"]
    with pytest.raises(NotFound):
        api.view_to_fill(actor=town, application_id=row.id)


def test_a_helper_of_another_place_brings_nothing_and_two_do_not_type_at_once(town: Actor) -> None:
    row = counter.handed_in(town).application
    with pytest.raises(Conflict, match="没有等待补正"):
        api.begin_supplement(actor=town, application_id=row.id, proof="id_card")
    hall.act(row, "supplement", points={hall.REQUIRED: "缺少出租方签字"})
    other = counter.town("town.two", unit=("T03", "青禾县西岭镇人民政府"))
    colleague = counter.town("town.three")

    with pytest.raises(NotFound):
        api.begin_supplement(actor=other, application_id=row.id, proof="id_card")
    with pytest.raises(Invalid):
        api.begin_supplement(actor=town, application_id=row.id, proof="")
    api.begin_supplement(actor=town, application_id=row.id, proof="id_card")
    with pytest.raises(Conflict, match="正在代交"):
        api.begin_supplement(actor=colleague, application_id=row.id, proof="id_card")


def test_who_sent_a_list_does_not_sign_for_it(town: Actor) -> None:
    row = counter.handed_in(town).application
    (batch,) = api.pass_up(actor=town, pieces={row.id: 1})
    clerk = market()
    PassedBatch.objects.filter(pk=batch.pk).update(sent_by_id=clerk.person_id)

    with pytest.raises(NotPermitted):
        api.receive_list(actor=clerk, batch_id=batch.id, verdicts=received(batch))


def test_papers_that_lie_here_are_placed_together(client: Client, town: Actor) -> None:
    hall.people.sign_in(client, town)
    address = reverse("service_hall:papers")

    def statements() -> int:
        counter.handed_in(town)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        assert page.status_code == 200
        return len(asked)

    first, second, third = statements(), statements(), statements()

    assert len(api.papers_here(actor=town)) == 3
    assert first == second == third
