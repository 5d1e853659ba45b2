"""The list with a case beside it: what the address remembers, what the pane shows, how one goes on to the next."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
DESK = "/services/desk/"
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def text_of(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]  # a test response


def three(county: time_machine.Traveller) -> list[Application]:
    """Three applications, each a minute after the other, so that the list has an order."""
    rows = []
    for number, name in enumerate(("张一", "李四", "王五")):
        rows.append(hall.submitted(factories.citizen(name, phone=f"1380000001{number}")))
        county.shift(60)
    return rows


def opened(row: Application, node: str = "accept", **more: str) -> dict[str, str]:
    return {"open": str(hall.task_of(row, node).id)} | more


def reads_of(row: Application) -> list[str]:
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
    return [entry.purpose for entry in found if entry.act == "service_hall.read"]


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


# --- the pane


def test_a_task_opens_beside_the_list_with_form_materials_and_acts() -> None:
    row = hall.submitted()

    page = text_of(hall.signed_in(hall.clerk()).get(DESK, opened(row)))

    assert 'class="zt-row-active"' in page
    for words in ("张一", "老街面馆", "lease.png", "受理期限", "办完转下一件", 'name="beside"'):
        assert words in page
    assert reads_of(row) == ["办理：受理"]


def test_the_list_alone_shows_no_case() -> None:
    row = hall.submitted()

    page = text_of(hall.signed_in(hall.clerk()).get(DESK))

    assert "老街面馆" not in page
    assert f"open={hall.task_of(row).id}" in page
    assert reads_of(row) == []


def test_the_pages_script_gets_the_pane_alone() -> None:
    row = hall.submitted()

    part = text_of(hall.signed_in(hall.clerk()).get(DESK, opened(row), headers=PART))

    assert "老街面馆" in part
    assert "<html" not in part
    assert "data-desk-rows" not in part


def test_a_task_of_another_unit_is_not_opened() -> None:
    row = hall.submitted()

    response = hall.signed_in(hall.clerk("H05")).get(DESK, opened(row))

    assert response.status_code == 200
    assert "没有找到这个待办事项" in text_of(response)
    assert "老街面馆" not in text_of(response)
    assert reads_of(row) == []


def test_a_decision_is_read_in_the_pane_and_taken_on_its_own_page() -> None:
    row = hall.submitted()
    hall.reviewed(row)

    part = text_of(hall.signed_in(hall.clerk("G22", "leader")).get(DESK, opened(row, "decide"), headers=PART))

    assert "去作出决定" in part
    assert reverse("service_hall:decision", args=[hall.task_of(row, "decide").id]) in part
    assert 'id="act-form"' not in part


def test_a_colleagues_task_shows_its_case_without_acts() -> None:
    row = hall.submitted()

    part = text_of(hall.signed_in(hall.clerk("G22", "leader")).get(DESK, opened(row), headers=PART))

    assert "老街面馆" in part
    assert 'id="act-form"' not in part
    assert reads_of(row) == ["查看办件"]


# --- going on


def send(client: Client, row: Application, **data: str) -> object:
    return client.post(hall.task_address(row), {"command_key": uuid.uuid4().hex, "beside": "1"} | data)


def test_done_goes_on_to_the_next_of_the_same_list(county: time_machine.Traveller) -> None:
    _first, second, third = three(county)
    client = hall.signed_in(hall.clerk())

    response = send(client, second, outcome="accept", then="next", back="step=受理&sort=time")

    assert response.status_code == 302  # type: ignore[attr-defined]  # a test response
    where = query_of(response["Location"])  # type: ignore[index]  # a test response
    assert where == {"step": "受理", "sort": "time", "open": str(hall.task_of(third).id)}
    assert "结论为“受理”" in text_of(client.get(response["Location"]))  # type: ignore[index]  # a test response


def test_after_the_last_one_the_first_of_the_list_comes(county: time_machine.Traveller) -> None:
    first, _second, third = three(county)

    response = send(hall.signed_in(hall.clerk()), third, outcome="accept", then="next")

    assert query_of(response["Location"]) == {"open": str(hall.task_of(first).id)}  # type: ignore[index]  # a response


def test_when_nothing_is_left_the_empty_list_comes() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())

    response = client.post(
        hall.task_address(row),
        {"command_key": uuid.uuid4().hex, "outcome": "accept", "then": "next"},
        follow=True,
    )

    assert response.redirect_chain == [(DESK, 302)]
    assert "待办已全部办完" in text_of(response)


def test_a_refusal_beside_the_list_keeps_list_and_words(county: time_machine.Traveller) -> None:
    _first, second, _third = three(county)

    response = send(
        hall.signed_in(hall.clerk()), second, outcome="refuse", opinion="", then="next", back="sort=-time", point="plan"
    )

    page = text_of(response)
    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "没有提交，已填写的内容都还在" in page
    assert "data-desk-rows" in page
    assert 'name="back" value="sort=-time"' in page
    assert re.search(r'value="refuse"\s+data-key="x"\s+checked', page)
    assert hall.task_of(second).status == "open"


def test_a_strange_way_back_leads_to_the_plain_desk() -> None:
    row = hall.submitted()

    response = send(hall.signed_in(hall.clerk()), row, outcome="accept", back="//elsewhere.example/?x=1&queue=none")

    assert response["Location"] == DESK  # type: ignore[index]  # a test response


# --- narrowing and sorting


def test_the_list_is_narrowed_by_step_and_unit_and_says_so(county: time_machine.Traveller) -> None:
    rows = three(county)
    hall.reviewed(rows[0])
    both = hall.signed_in(hall.clerk("G22", "clerk", "leader"))

    everything = text_of(both.get(DESK))
    narrowed = text_of(both.get(DESK, {"step": "受理"}))
    nothing = text_of(both.get(DESK, {"item": "000"}))

    assert everything.count("data-row-link") == 3
    assert "受理（2）" in everything
    assert narrowed.count("data-row-link") == 2
    assert "清除条件" in narrowed
    assert "没有符合条件的事项" in nothing


def test_late_tasks_alone(county: time_machine.Traveller) -> None:
    late = hall.submitted()
    county.shift(dt.timedelta(days=8))
    fresh = hall.submitted(factories.citizen("赵六", phone="13800000022"))

    page = text_of(hall.signed_in(hall.clerk()).get(DESK, {"late": "1"}))

    assert hall.task_address(late) in page
    assert hall.task_address(fresh) not in page


def test_sorting_turns_round_and_stays_in_the_links(county: time_machine.Traveller) -> None:
    rows = three(county)
    client = hall.signed_in(hall.clerk())

    down = text_of(client.get(DESK, {"sort": "-time"}))

    places = [down.index(hall.task_address(row)) for row in rows]
    assert places == sorted(places, reverse=True)
    assert "?back=sort%3D-time" in down
    assert 'aria-sort="descending"' in down


@pytest.mark.parametrize(
    "query",
    [{"open": "x"}, {"unit": "x"}, {"sort": "limit_at; drop"}, {"step": "\x00"}, {"item": "x" * 999}, {"late": "2"}],
)
def test_odd_addresses_still_show_a_desk(query: dict[str, str]) -> None:
    hall.submitted()

    assert hall.signed_in(hall.clerk()).get(DESK, query).status_code == 200


# --- differences since the last submission


def corrected(county: time_machine.Traveller) -> Application:
    """Told that lease and form are wrong; the applicant corrected an answer and gave another lease."""
    applicant = factories.citizen()
    row = hall.submitted(applicant)
    county.shift(60)
    hall.do(hall.clerk(), row, "accept", "supplement", opinion="", points={"lease": "缺少签字"})
    county.shift(60)
    api.save_answers(actor=applicant, application_id=row.id, answers={"area": "96"})
    hall.attach(applicant, row, "lease", "black")
    return api.answer_notice(actor=applicant, application_id=row.id, command_key="answer")


def test_changed_answers_and_files_stand_side_by_side(county: time_machine.Traveller) -> None:
    row = corrected(county)

    page = text_of(hall.signed_in(hall.clerk()).get(hall.task_address(row)))

    table = page[page.index('id="changes"') : page.index("</section>", page.index('id="changes"'))]
    assert re.search(r"经营面积.*86 ㎡.*96 ㎡", table, re.S)
    assert table.count("lease.png") == 2
    assert "店铺名称" not in table


def test_before_a_notice_nothing_has_changed() -> None:
    row = hall.submitted()

    assert 'id="changes"' not in text_of(hall.signed_in(hall.clerk()).get(hall.task_address(row)))


# --- what it costs


def statements(client: Client, query: dict[str, str]) -> int:
    client.get(DESK, query)
    with CaptureQueriesContext(connection) as taken:
        client.get(DESK, query)
    return len(taken)


def test_more_rows_cost_no_more_statements(county: time_machine.Traveller) -> None:
    hall.submitted(factories.citizen("赵六", phone="13800000022"))
    client = hall.signed_in(hall.clerk())
    one = statements(client, {})

    three(county)

    assert statements(client, {}) == one


def test_the_order_of_a_list_is_the_lists_own(county: time_machine.Traveller) -> None:
    three(county)
    clerk = hall.clerk()
    wanted = cases.Narrowing(sort="-time")

    order = cases.desk_order(actor=clerk, queue="todo", wanted=wanted)

    assert order == [item.id for item in cases.desk(actor=clerk, queue="todo", wanted=wanted).rows]


def test_every_count_is_that_of_its_list(county: time_machine.Traveller) -> None:
    rows = three(county)
    hall.do(hall.clerk(), rows[0], "accept", "accept")
    county.shift(dt.timedelta(days=9))
    colleague = hall.clerk("G22", "clerk", "leader")
    cases.claim_step(actor=colleague, work_item_id=hall.task_of(rows[1]).id)

    for actor in (hall.clerk(), colleague, hall.clerk("H05"), hall.clerk("G22", "leader")):
        counts = cases.desk_counts(actor=actor)
        assert counts == {
            queue: cases.desk(actor=actor, queue=queue).total for queue in cases.QUEUES if queue != "done"
        }
    assert sum(cases.desk_counts(actor=hall.clerk()).values()) > 3
