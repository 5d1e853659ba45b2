"""What the upper platform is told of an application, from acceptance to rating: valid rows, nothing more."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.exchange import api as exchange
from zhengtong.capabilities.exchange.engine.judging import problems_of
from zhengtong.capabilities.exchange.models import ChangedRow
from zhengtong.capabilities.exchange.registry import SourceRow, data_sets
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> None:
    hall.found_county()


def marked(dataset: str) -> list[SourceRow]:
    """The rows that changed, as they are to be reported."""
    keys = ChangedRow.objects.filter(dataset=dataset).values_list("row_key", flat=True)
    rows = list(data_sets.get(dataset).source.rows(hall.TENANT, list(keys)))
    for row in rows:
        assert problems_of(data_sets.get(dataset).columns, row.values) == []
    return rows


def test_an_approved_application_is_told_step_by_step() -> None:
    owner = hall.people.agent(hall.people.citizen())
    row = hall.act(hall.accepted(owner), "pass")
    hall.act(row, "approve", role="leader")
    do_all_work()
    row.refresh_from_db()
    ratings.give_rating(
        actor=owner,
        ref=ObjectRef(kind="application", id=str(row.id)),
        service="close",
        answer=ratings.Answer(grade="dissatisfied", text="等得太久"),
        channel="pc",
    )
    do_all_work()

    accepted, steps, closed, rated = (marked(code) for code in ("accept", "process", "result", "rating"))

    assert row.legal_person_id is not None
    body = identity.legal_person(hall.TENANT, row.legal_person_id)
    assert body is not None
    assert [one.values["project_no"] for one in (*accepted, *closed)] == [row.number] * 2
    values = accepted[0].values
    assert (values["task_code"], values["task_version"], values["applyer_page_code"]) == (hall.SIMPLE, 1, body.uscc)
    assert (values["applyer_name"], values["apply_type"]) == (row.applicant_name, "2")
    assert (closed[0].values["result_type"], closed[0].values["result_cert_name"]) == ("1", "小餐饮经营许可证")
    assert closed[0].values["result_cert_no"]
    assert len(steps) == 3
    assert {step.values["project_no"] for step in steps} == {row.number}
    assert {step.values["opinion"] for step in steps} == {"符合要求"}
    assert (rated[0].values["satisfaction"], rated[0].values["evaluation_text"]) == ("4", "等得太久")
    assert row.applicant_name not in str(rated[0])
    items = {one.key: one.values for one in marked("item")}
    assert set(items) == {hall.SIMPLE, hall.PERSONS_ONLY}
    assert (items[hall.SIMPLE]["task_name"], items[hall.SIMPLE]["task_state"]) == ("小餐饮测试许可", "在用")


def test_all_the_way_to_the_simulated_upper_platform(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR, settings.ZHENGTONG_DEMO = str(tmp_path), True
    owner = hall.people.citizen()
    row = hall.act(hall.submitted(owner), "refuse")
    running = hall.accepted(owner)
    do_all_work()
    told = set(ChangedRow.objects.values_list("dataset", "row_key"))
    values = marked("accept")[0].values
    number = identity.person_contact(owner.person_id, actor=system(hall.TENANT), purpose="核对上报内容").citizen_number

    assert [one.values["project_no"] for one in marked("accept")] == [running.number]
    assert (values["applyer_type"], values["applyer_page_code"]) == ("1", "")
    assert number not in str(values)
    assert [(one.values["result_type"], one.org_id) for one in marked("result")] == [("3", row.org_id)]
    # what no event told is found by the sweep, and nothing is found twice
    ChangedRow.objects.all().delete()
    settings.ZHENGTONG_UPPER_WAY = "simulated"
    exchange.sweep_due()
    assert told <= set(ChangedRow.objects.values_list("dataset", "row_key"))
    assert exchange.sweep_due() == 0
    later = data_sets.get("process").source.keys(hall.TENANT, since=dt.date(2999, 1, 1), after="", limit=10)
    assert (list(later.keys), later.after) == ([], "")

    for code in ("accept", "process", "result", "item"):
        assert exchange.build_package(actor=system(hall.TENANT), dataset=code) is not None
    exchange.send_due()

    found = {one.dataset.code: one for one in exchange.standings(tenant=hall.TENANT)}
    assert (found["result"].accepted, found["accept"].accepted, found["item"].accepted) == (1, 1, 2)
    assert not any(one.refused or one.held or one.open_packages for one in found.values())
    assert row.number is not None
    stored = next((tmp_path / "upper" / "packages" / hall.TENANT / "result").glob("*.json"))
    assert row.number in stored.read_text(encoding="utf-8")
