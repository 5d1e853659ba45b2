"""What changed between page and press: the case, the role, the unit, the item, the process, the day."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from tests.bad_input.ground import MONDAY, Ground, changed, rows_of_all_tables, text_of
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity.models import Appointment, Organisation
from zhengtong.kernel.actors import system
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.tests import factories as hall

OPINION = "写了很久的意见，不能丢。"
READ = ("ledger_entry", "ledger_payload")


def press(ground: Ground, who: str, address: str, outcome: str, opinion: str = OPINION) -> object:
    sent = {"command_key": uuid.uuid4().hex, "outcome": outcome, "opinion": opinion}
    return ground.client(who).post(address, sent)


def test_two_clerks_decide_on_one_task(ground: Ground) -> None:
    address = ground.task_url("submitted")
    first = press(ground, "clerk", address, "accept")
    before = rows_of_all_tables()

    second = press(ground, "clerk", address, "refuse")

    assert (first.status_code, second.status_code) == (302, 409)
    assert "已经由他人办结" in text_of(second)
    assert OPINION in text_of(second)
    assert not changed(before, but=READ)


def test_the_applicant_withdrew_between_page_and_press(ground: Ground) -> None:
    address, row = ground.task_url("accepted"), ground.row("accepted")
    api.withdraw_application(actor=ground.people["citizen"], application_id=row.id, reason="不办了", command_key="w")
    before = rows_of_all_tables()

    answer = press(ground, "clerk", address, "pass")

    assert answer.status_code == 409
    assert OPINION in text_of(answer)
    assert not changed(before, but=READ)


def test_a_role_that_was_taken_away_meanwhile(ground: Ground) -> None:
    address = ground.task_url("submitted")
    Appointment.objects.filter(person_id=ground.people["clerk"].person_id).update(valid_from=dt.date(2026, 12, 1))
    before = rows_of_all_tables()

    answer = press(ground, "clerk", address, "accept")

    assert answer.status_code in {302, 403, 404}
    assert not changed(before, but=READ)


def test_a_unit_that_is_gone_meanwhile_fails_nowhere(ground: Ground) -> None:
    address = ground.task_url("submitted")
    Organisation.objects.filter(code="G22").update(status="abolished")

    page = ground.client("clerk").get(address)
    answer = press(ground, "clerk", address, "accept")

    assert page.status_code < 500
    assert answer.status_code < 500


def test_an_item_that_was_stopped_while_a_draft_was_filled_in(ground: Ground) -> None:
    row = ground.row("draft")
    catalogue.retire_item(actor=system(hall.TENANT), code=hall.SIMPLE, reason="县政府通知取消")
    before = rows_of_all_tables()

    page = ground.client("citizen").get(reverse("service_hall:materials", args=[row.id]))
    address = reverse("service_hall:review", args=[row.id])
    answer = ground.client("citizen").post(address, {"consent": "on"}, follow=True)

    assert page.status_code < 500
    assert answer.status_code < 500
    assert "请" in text_of(answer)
    assert not changed(before, but=READ)


def test_a_process_that_was_replaced_lets_its_cases_go_on(ground: Ground) -> None:
    address = ground.task_url("submitted")
    drawing = (hall.DATA / "processes" / "standard.bpmn").read_text(encoding="utf-8")
    cases.deploy_process(
        actor=hall.official("G22", "process_admin"),
        approver=hall.official("G22", "leader"),
        key="standard",
        title="一般事项办理流程（新）",
        bpmn_xml=drawing.replace("一般办件", "一般办件（新）"),
    )

    answer = press(ground, "clerk", address, "accept")

    assert answer.status_code == 302
    assert ground.row("submitted").case_id is not None


@pytest.mark.parametrize("second", [-1, 0, 1])
def test_the_clock_at_midnight(ground: Ground, second: int) -> None:
    midnight = dt.datetime(2026, 11, 9, 16, tzinfo=dt.UTC) + dt.timedelta(seconds=second)  # 24:00 in Shanghai
    address = ground.task_url("submitted")

    with time_machine.travel(midnight, tick=False):
        pages = [ground.client(who).get(path) for who, path in (("", "/"), ("citizen", "/services/mine/"))]

    assert [page.status_code < 500 for page in pages] == [True, True]
    assert press(ground, "clerk", address, "accept").status_code == 302
    assert midnight > MONDAY
