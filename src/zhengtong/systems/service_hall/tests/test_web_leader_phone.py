"""The leader's decisions: what he sees first, in whose place he acts, and the list for the phone."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules.deciding import points
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
LIST = "/services/desk/decisions/"


@pytest.fixture(autouse=True)
def county() -> Iterator[None]:
    with time_machine.travel(hall.MONDAY, tick=False):
        hall.found_hall()
        cases.forget_calendars()
        yield
        cases.forget_calendars()


@pytest.fixture
def row() -> Application:
    row = hall.submitted(factories.citizen("张一"), owes_sign=True)
    hall.do(hall.clerk(), row, "accept", "accept")
    for code, node in hall.REVIEWS.items():
        outcome = "disagree" if code == "H05" else "agree"
        hall.do(hall.clerk(code), row, f"review_{node}", outcome, opinion="意见")
    return row


def test_who_may_open_the_list_and_what_it_shows(row: Application) -> None:
    assert Client().get(LIST).status_code == 302
    assert hall.signed_in(factories.citizen("李二", phone="13800000002")).get(LIST).status_code == 403
    assert hall.signed_in(hall.clerk()).get(LIST).status_code == 403
    other = hall.signed_in(hall.clerk("H05", "leader")).get(LIST).content.decode()
    assert "没有等您决定的办件" in other

    shown = hall.signed_in(hall.clerk("G22", "leader")).get(LIST).content.decode()

    assert "开办餐饮店一件事" in shown
    assert "张*" in shown
    assert hall.task_address(row, "decide") in shown


def test_the_page_of_a_decision_says_first_what_matters(row: Application) -> None:
    page = hall.signed_in(hall.clerk("G22", "leader")).get(hall.task_address(row, "decide")).content.decode()

    first = page.index("3 个部门同意，1 个不同意：青禾县消防救援大队")
    assert first < page.index("决定意见")
    assert "材料 2/3 项已经提交" in page
    assert "承诺补交还没有交：招牌效果图" in page
    assert "各部门审查情况" in page
    assert "您代" not in page


def test_who_stands_in_is_told_for_whom(row: Application) -> None:
    boss: Actor = hall.clerk("G22", "leader")
    deputy = hall.clerk("G22", "reviewer")
    key = identity.delegate_post(
        actor=boss,
        delegate_id=deputy.person_id,
        roles=["leader"],
        valid_from=dt.date(2026, 11, 9),
        valid_until=dt.date(2026, 11, 20),
        reason="外出学习",
    )
    client = hall.signed_in(deputy)
    session = client.session
    session["identity_choice"] = f"delegation:{key}"
    session.save()

    listed = client.get(LIST).content.decode()
    page = client.get(hall.task_address(row, "decide")).content.decode()

    assert f"您代{boss.name}行使青禾县市场监督管理局的决定权" in listed
    assert f"您代{boss.name}行使这项职权" in page


def test_rules_of_the_summary() -> None:
    found = points(
        verdicts=[("甲", "agree")], materials=(0, 0), waits=["公示还没有结束。"], owed=[], late_units=["甲"], returned=1
    )

    assert [(one.tone, one.text) for one in found] == [
        ("green", "1 个部门审查，全部同意"),
        ("green", "没有要求另外提交材料"),
        ("red", "公示还没有结束。"),
        ("yellow", "超过时限提出意见：甲"),
        ("yellow", "审查退回重办 1 次，以前的意见在联合审查页"),
    ]
    assert reverse("service_hall:decisions") == LIST
