"""Several tasks at one stroke: what may be, what may not, and that each stands for itself."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
BATCH = "/services/desk/batch/"


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def text_of(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]  # a test response


def some(count: int, *, owes_sign: bool = False) -> list[Application]:
    people = [
        factories.citizen(name, phone=f"1380000001{n}") for n, name in enumerate(("张一", "李四", "王五")[:count])
    ]
    return [hall.submitted(one, owes_sign=owes_sign) for one in people]


def picks(rows: list[Application], node: str = "accept") -> list[str]:
    return [str(hall.task_of(row, node).id) for row in rows]


def status_of(row: Application) -> list[str]:
    case = cases.case_view(actor=system(hall.TENANT), case_id=hall.case_id(row))
    return [item.node for item in case.open_items]


def post(client: Client, keys: list[str], **data: object) -> object:
    return client.post(BATCH, {"pick": keys, "outcome": "accept"} | data)


def test_the_chosen_are_listed_with_what_they_lack() -> None:
    rows = some(2, owes_sign=True)

    page = text_of(hall.signed_in(hall.clerk()).get(BATCH, {"pick": picks(rows)}))

    assert page.count('name="pick"') == 2
    assert "没有提交：招牌效果图" in page
    assert "张*" in page
    assert "张一" not in page
    assert all(status_of(row) == ["accept"] for row in rows)


def test_each_is_done_by_itself_with_its_own_opinion_and_entry() -> None:
    rows = some(3)
    keys = picks(rows)

    response = post(
        hall.signed_in(hall.clerk()), keys[:2], opinion="材料齐全，予以受理。", **{f"opinion-{keys[1]}": "已当面核对"}
    )

    assert "办结 2 件，没有办结 0 件" in text_of(response)
    said = [cases.case_view(actor=system(hall.TENANT), case_id=hall.case_id(row)).opinions[0].text for row in rows[:2]]
    assert said == ["材料齐全，予以受理。", "已当面核对"]
    for row in rows[:2]:
        found = ledger.entries_of(ObjectRef(kind="case", id=str(row.case_id)), hall.TENANT)
        assert [entry.act for entry in found].count("cases.accept.accept") == 1
    assert status_of(rows[2]) == ["accept"]


def test_what_is_refused_stays_with_its_reason_and_the_rest_is_done() -> None:
    rows = some(2)
    keys = picks(rows)
    hall.do(hall.clerk(), rows[0], "accept", "accept")

    response = post(hall.signed_in(hall.clerk()), [*keys, str(uuid.uuid4())])

    page = text_of(response)
    assert "办结 1 件，没有办结 2 件" in page
    assert "“受理”这一步已经办结。" in page
    assert "没有找到这个待办事项" in page
    assert "accept" not in status_of(rows[1])


@pytest.mark.parametrize("outcome", ["supplement", "refuse", "reject", "disagree", "fail", "", "x"])
def test_what_must_be_said_to_each_is_never_said_to_many(outcome: str) -> None:
    rows = some(2)

    response = post(hall.signed_in(hall.clerk()), picks(rows), outcome=outcome)

    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert all(status_of(row) == ["accept"] for row in rows)
    with pytest.raises(Invalid):
        api.complete_batch(actor=hall.clerk(), outcome=outcome, acts=[])


def test_what_was_typed_for_the_batch_and_for_one_comes_back() -> None:
    rows = some(2)
    keys = picks(rows)
    own = {f"opinion-{keys[1]}": "已当面核对"}

    wrong = post(hall.signed_in(hall.clerk()), keys, outcome="x", opinion="材料齐全，予以受理。", **own)
    long = post(hall.signed_in(hall.clerk()), keys, opinion="长" * 2001, **own)

    assert "补正、不予受理、不同意等结论要逐件办理" in text_of(wrong)
    assert ">材料齐全，予以受理。</textarea>" in text_of(wrong)
    assert 'value="已当面核对"' in text_of(wrong)
    assert "意见最多 2000 个字，现在有 2001 个字" in text_of(long)
    assert "长" * 2001 in text_of(long)
    assert all(status_of(row) == ["accept"] for row in rows)


def test_the_opinion_on_what_was_refused_is_shown_with_the_reason() -> None:
    rows = some(2)
    keys = picks(rows)
    hall.do(hall.clerk(), rows[0], "accept", "accept")

    page = text_of(post(hall.signed_in(hall.clerk()), keys, **{f"opinion-{keys[0]}": "原件已核对"}))

    assert "“受理”这一步已经办结。" in page
    assert "刚才写的意见：原件已核对" in page


def test_tasks_of_another_step_are_left_out_with_the_reason() -> None:
    first, second = some(2)
    hall.do(hall.clerk(), first, "accept", "accept")
    fire = hall.clerk("H05")

    found = selectors.batch_of(
        actor=fire, work_item_ids=[hall.task_of(first, "review_fire").id, hall.task_of(second).id]
    )

    assert [row.refusal for row in found.rows] == [""]
    assert found.left_out == 1


def test_no_more_at_once_than_the_county_allows() -> None:
    acts = [api.BatchAct(uuid.uuid4(), "", uuid.uuid4().hex) for _ in range(21)]

    with pytest.raises(Conflict, match="一次最多批量办理 20 件"):
        api.complete_batch(actor=hall.clerk(), outcome="accept", acts=acts)


def test_decisions_ask_for_the_second_factor_first() -> None:
    rows = some(2)
    for row in rows:
        hall.reviewed(row)
    leader = hall.clerk("G22", "leader")
    keys = picks(rows, "decide")
    client = hall.signed_in(leader)

    led_on = client.get(BATCH, {"pick": keys})
    slipped_in = post(client, keys, outcome="approve", opinion="准予许可")

    decisions = reverse("service_hall:desk-batch-decisions")
    assert led_on["Location"].startswith(decisions)
    assert "作出决定要先确认身份" in text_of(slipped_in)
    assert all(status_of(row) == ["decide"] for row in rows)
    done = api.complete_batch(
        actor=leader,
        outcome="approve",
        acts=[api.BatchAct(uuid.UUID(key), "准予许可", uuid.uuid4().hex) for key in keys],
        decisions=True,
    )
    assert [one.done for one in done] == [True, True]


def test_the_page_of_decisions_is_for_leaders_alone() -> None:
    address = reverse("service_hall:desk-batch-decisions")

    assert hall.signed_in(hall.clerk()).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert hall.signed_in(factories.citizen("张一")).get(address).status_code == 403


def test_nothing_chosen_leads_back_to_the_list() -> None:
    response = hall.signed_in(hall.clerk()).get(BATCH, {"pick": "x", "back": "sort=-time"}, follow=True)

    assert response.redirect_chain == [("/services/desk/?sort=-time", 302)]
    assert "请先在列表中勾选" in text_of(response)
