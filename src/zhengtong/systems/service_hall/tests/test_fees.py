"""Fees of applications: proposed from item and members, ordered by hand or by themselves, barring, coming back."""

import dataclasses
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.payments import api as payments
from zhengtong.capabilities.payments.constants import OrderState, RefundKind, RefundState
from zhengtong.capabilities.payments.models import FeeOrder, Refund
from zhengtong.capabilities.payments.tests import factories as tills
from zhengtong.contracts.payments import OrderRaised
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors import fees
from zhengtong.systems.service_hall.selectors.fees import proposed_fees
from zhengtong.systems.service_hall.services.fees import ChosenFee, raise_fees
from zhengtong.systems.service_hall.tests import factories as made

pytestmark = pytest.mark.django_db
WASTE = "城镇垃圾处理费"
ROAD = "城市道路占用费"


@pytest.fixture(autouse=True)
def simulated_gateway(settings: Any) -> None:
    settings.ZHENGTONG_SIMULATED_GATEWAY = True


def fee(name: str = ROAD, amount: str = "1.50", **more: Any) -> catalogue.Fee:
    return catalogue.Fee(name=name, amount=amount, unit="证", basis="城市道路管理条例 第三十七条", **more)


def county_with(*fees: catalogue.Fee, **changes: Any) -> None:
    """The plain item with these fees, and without a paper that may follow."""
    made.found_county()
    draft = made.item_draft(fee="按标准收费", fees=fees, **changes)
    given = tuple(material for material in draft.materials if not material.tolerable)
    draft = dataclasses.replace(draft, materials=given)
    catalogue.publish_item(actor=system(made.TENANT), draft=draft)


def chosen(row: Application, **changes: Any) -> dict[str, ChosenFee]:
    """Every fee as proposed."""
    return {
        one.key: ChosenFee(**({"unit_fen": one.unit_fen or 0, "quantity": one.quantity or Decimal(1)} | changes))
        for one in proposed_fees(row)
    }


def raised(row: Application, key: str = "k") -> list[FeeOrder]:
    clerk = made.official("G22", "clerk")
    return raise_fees(actor=clerk, application_id=row.id, chosen=chosen(row), command_key=key)


def test_an_item_without_fees_proposes_none() -> None:
    made.found_county()

    assert proposed_fees(made.submitted(made.people.citizen())) == []


def test_each_unit_that_collects_gets_an_order_of_its_own() -> None:
    county_with(fee(payee=made.UNITS["G11"]), fee(WASTE, "3", payee=made.UNITS["G10"]), fee("工本费", "5"))
    row = made.accepted(made.people.citizen())

    orders = raised(row)
    again = raised(row)

    assert {(one.payee_org_name, one.total_fen) for one in orders} == {
        (made.UNITS["G11"], 150),
        (made.UNITS["G10"], 300),
        (made.UNITS["G22"], 500),
    }
    assert [one.pk for one in again] == [one.pk for one in orders]
    with pytest.raises(Conflict, match="已经开具"):
        raised(row, "another press")
    assert orders[0].payer_person_id == row.person_id


def test_the_unit_that_collects_finds_the_order_by_the_number_of_the_case() -> None:
    county_with(fee())
    row = made.accepted(made.people.citizen())
    raised(row)
    clerk = made.official("G22", "clerk")
    number = row.number or ""

    def found(text: str) -> int:
        return payments.unit_orders(actor=clerk, filters=payments.OrderFilters(text=text)).total

    assert found(number) == 1
    assert found(f"{number[:4]} {number[4:]}") == 1
    assert found(number[:-1]) == 0


def test_members_of_a_bundle_bring_their_fees() -> None:
    made.found_county()
    boss = system(made.TENANT)
    member = made.item_draft(
        code=made.PERSONS_ONLY, name="招牌设置", department=made.UNITS["G11"], fee="按标准", fees=(fee(),)
    )
    catalogue.publish_item(actor=boss, draft=member)
    part = catalogue.Member(code=member.code, name=member.name, org_code="G11", org_name=made.UNITS["G11"], version=1)
    bundle = made.item_draft(kind="bundle", members=(part,), fee="按标准", fees=(fee("工本费", "5"),))
    catalogue.publish_item(actor=boss, draft=bundle)

    found = proposed_fees(made.submitted(made.people.citizen()))

    assert [(one.name, one.item_name, one.payee_name) for one in found] == [
        ("工本费", bundle.name, made.UNITS["G22"]),
        (ROAD, "招牌设置", made.UNITS["G11"]),
    ]


def test_the_quantity_comes_from_the_answers_and_its_absence_waits_for_an_official() -> None:
    made.found_county("restaurant")
    units = tuple(catalogue.JointUnit(name=made.UNITS[code], limit="5 WD") for code in ("H05", "G11", "G10", "H04"))
    draft = made.item_draft(
        code=made.JOINT,
        name="开办餐饮店一件事",
        joint_units=units,
        process_key="restaurant",
        form_key="restaurant",
        fee="按标准",
        fees=(fee(WASTE, "3.00", quantity_from="seats"), fee("检测费", ""), fee(quantity_from="nothing")),
    )
    catalogue.publish_item(actor=system(made.TENANT), draft=draft)

    waste, unpriced, uncounted = proposed_fees(made.submitted(made.people.citizen(), made.JOINT))

    assert (waste.unit_fen, waste.quantity, waste.complete) == (300, Decimal(24), True)
    assert (unpriced.unit_fen, unpriced.complete) == (None, False)
    assert (uncounted.quantity, uncounted.complete) == (None, False)


def test_an_order_is_told_beside_what_the_list_allows() -> None:
    county_with(fee(), fee("检测费", ""))
    row = made.submitted(made.people.citizen())
    clerk = made.official("G22", "clerk")
    typed = chosen(row, unit_fen=200, quantity=Decimal(3))

    raise_fees(actor=clerk, application_id=row.id, chosen=typed, command_key="k")

    told = OutboxEvent.objects.get(name=OrderRaised.NAME).data
    # one paper at 1.50 yuan is what the list allows; for the other charge it names no amount
    assert (told["listed_fen"], told["beyond_fen"], told["total_fen"]) == (150, 450, 1200)
    assert told["list_basis"] == f"{ROAD} 1.50 元/证（城市道路管理条例 第三十七条）"
    assert told["item_code"] == row.item_code


def test_only_officials_of_the_unit_make_orders_out() -> None:
    county_with(fee())
    row = made.accepted(made.people.citizen())

    stranger = made.people.citizen("王五", phone="13800000002")
    for actor in (made.official("G11", "clerk"), made.official("G22", "leader"), stranger):
        with pytest.raises(NotPermitted):
            raise_fees(actor=actor, application_id=row.id, chosen=chosen(row), command_key="k")
    with pytest.raises(Invalid):
        raise_fees(actor=made.official("G22", "clerk"), application_id=row.id, chosen={}, command_key="k")
    assert not FeeOrder.objects.exists()


def test_orders_go_out_by_themselves_at_acceptance_once() -> None:
    county_with(fee(raised="acceptance"), fee(WASTE, "3", raised="decision"))
    made.accepted(made.people.citizen())

    do_all_work()

    (order,) = FeeOrder.objects.all()
    assert (order.lines.get().name, order.raised_by) == (ROAD, "系统")


def _to_decision(row: Application) -> None:
    """Every review agrees until the leader's decision waits."""
    for _step in range(4):
        assert row.case_id is not None
        case = made.cases.case_view(actor=system(made.TENANT), case_id=row.case_id)
        item = next(one for one in case.open_items)
        if item.phase == "decide":
            return
        good = next(code for code, _label in item.outcomes if code in ("pass", "agree"))
        made.act(row, good, role=item.role)


def test_a_fee_to_be_paid_first_bars_the_decision() -> None:
    county_with(fee(pay_first=True), fee(WASTE, "3", raised="decision"))
    citizen = made.people.citizen()
    row = made.accepted(citizen)
    _to_decision(row)

    with pytest.raises(Conflict, match="没有有效的缴费单"):
        made.act(row, "approve", role="leader")
    (order, _later) = sorted(raised(row), key=lambda one: not one.pay_first)
    assert order.pay_first
    with pytest.raises(Conflict, match="还没有缴清"):
        made.act(row, "approve", role="leader")
    tills.paid(citizen, order)
    made.act(row, "approve", role="leader")

    do_all_work()
    row.refresh_from_db()
    assert row.status == "closed"


def test_an_order_cancelled_with_a_reason_bars_no_more() -> None:
    county_with(fee(pay_first=True))
    row = made.accepted(made.people.citizen())
    _to_decision(row)
    (order,) = raised(row)

    payments.cancel_order(actor=made.official("G22", "clerk"), order_id=order.pk, reason="依法免收，不占用道路")

    made.act(row, "approve", role="leader")


def test_orders_of_the_decision_go_out_when_it_is_granted() -> None:
    county_with(fee(raised="decision"))
    row = made.accepted(made.people.citizen())
    _to_decision(row)
    assert not FeeOrder.objects.exists()

    made.act(row, "approve", role="leader")
    do_all_work()

    assert FeeOrder.objects.get().state == OrderState.OPEN


def test_a_withdrawal_before_any_review_cancels_and_proposes() -> None:
    county_with(fee(payee=made.UNITS["G11"]), fee("工本费", "5"))
    citizen = made.people.citizen()
    row = made.accepted(citizen)
    first, second = raised(row)
    tills.paid(citizen, first)

    api.withdraw_application(actor=citizen, application_id=row.id, reason="不开店了", command_key=uuid.uuid4().hex)
    do_all_work()

    second.refresh_from_db()
    proposal = Refund.objects.get()
    assert (second.state, second.close_reason) == (OrderState.CANCELLED, "申请人撤回申请")
    assert (proposal.kind, proposal.state) == (RefundKind.PROPOSED, RefundState.PROPOSED)


def test_a_withdrawal_after_a_review_proposes_nothing() -> None:
    county_with(fee())
    citizen = made.people.citizen()
    row = made.accepted(citizen)
    tills.paid(citizen, raised(row)[0])
    _to_decision(row)

    api.withdraw_application(actor=citizen, application_id=row.id, reason="不开店了", command_key=uuid.uuid4().hex)
    do_all_work()

    assert not Refund.objects.exists()


# --- pages ------------------------------------------------------------------------------------------------------


def desk_of(*roles: str, code: str = "G22") -> Client:
    actor = made.people.official(f"{'.'.join(roles)}.{code.lower()}", *roles, org_code=code, org_name=made.UNITS[code])
    return made.people.sign_in(Client(), actor)


def test_the_page_of_fees_is_for_clerks_of_the_unit() -> None:
    county_with(fee())
    citizen = made.people.citizen()
    row = made.accepted(citizen)
    url = reverse("service_hall:desk-fees", args=[row.id])

    assert Client().get(url).status_code == 302
    assert made.people.sign_in(Client(), citizen).get(url).status_code == 403
    assert desk_of("leader").get(url).status_code == 403
    assert desk_of("clerk", code="H04").get(url).status_code == 404
    assert ROAD in desk_of("clerk").get(url).content.decode()


def test_an_official_orders_the_applicant_sees_and_pays() -> None:
    county_with(fee(payee=made.UNITS["G11"]), fee("检测费", ""))
    citizen = made.people.citizen()
    row = made.accepted(citizen)
    clerk, url = desk_of("clerk"), reverse("service_hall:desk-fees", args=[row.id])
    case = reverse("service_hall:case", args=[row.case_id])
    road, test = proposed_fees(row)

    assert "应收费用" in clerk.get(case).content.decode()
    given = {f"use-{road.key}": "on", f"quantity-{road.key}": "2.5", f"reduction-{road.key}": "9", "command_key": "x"}
    refused = clerk.post(url, given | {f"use-{test.key}": "on", f"quantity-{test.key}": "1"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "请填写单价" in page
    assert "有减免的，请写明减免依据" in page
    assert 'value="2.5"' in page
    given |= {f"reduction-{road.key}": "0.75", f"basis-{road.key}": "小微企业减免（示例）"}
    assert clerk.post(url, given).status_code == 302
    order = FeeOrder.objects.get()
    assert (order.total_fen, order.payee_org_name) == (300, made.UNITS["G11"])
    desk_page = clerk.get(case).content.decode()
    assert reverse("payments:desk-order", args=[order.pk]) in desk_page
    assert clerk.get(reverse("payments:desk-order", args=[order.pk])).status_code == 200

    mine = made.people.sign_in(Client(), citizen)
    page = mine.get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "去缴费 3.00 元" in page
    assert reverse("payments:order", args=[order.pk]) in page
    tills.paid(citizen, order)
    page = mine.get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "去缴费" not in page
    assert "已缴费" in page


def test_what_has_to_be_measured_waits_for_an_official() -> None:
    form = SimpleNamespace(cleaned={"seats": "24"})
    measured = dataclasses.replace(fee("占道费"), unit="平方米·日")

    assert fees._quantity(form, measured) is None  # type: ignore[arg-type]  # what is read of a form
    assert fees._quantity(form, dataclasses.replace(measured, unit="每证")) == 1  # type: ignore[arg-type]  # the same
    assert fees._quantity(form, dataclasses.replace(measured, quantity_from="seats")) == 24  # type: ignore[arg-type]  # the same
