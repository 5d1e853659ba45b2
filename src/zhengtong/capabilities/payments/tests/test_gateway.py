"""Faults of gateways: wrong, lost, doubled, late and forged callbacks; a simulation that is not allowed."""

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import (
    ORDER_KIND,
    OrderState,
    PaymentState,
    RefundState,
    UncreditedCause,
)
from zhengtong.capabilities.payments.models import GatewayCallback, Payment, Refund, SimulatedCharge
from zhengtong.capabilities.payments.registry import Charge, GatewayUnavailable, Started, Transaction, gateways
from zhengtong.capabilities.payments.services.simulated import message_of
from zhengtong.capabilities.payments.tests import factories as made
from zhengtong.contracts.payments import PaymentMoved
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.signed_messages import signature

URL = "/payments/callbacks/simulated/"


def post(body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    answer = Client().generic("POST", URL, body, "application/json", **given)  # type: ignore[arg-type]  # headers
    return answer.status_code, json.loads(answer.content)["result"]


def signed(said: dict[str, Any], *, at: dt.datetime | None = None) -> tuple[bytes, dict[str, str]]:
    body, timestamp, nonce = json.dumps(said).encode(), str(int((at or now()).timestamp())), uuid.uuid4().hex
    made_by_us = signature(api.simulation_key(), timestamp=timestamp, nonce=nonce, body=body)
    return body, {"X-Gateway-Timestamp": timestamp, "X-Gateway-Nonce": nonce, "X-Gateway-Signature": made_by_us}


def said_of(charge: SimulatedCharge, **changes: Any) -> dict[str, Any]:
    return json.loads(message_of(charge)[0]) | changes


def under_way() -> tuple[Payment, SimulatedCharge]:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))
    return payment, made.pay_at_gateway(payment, "lost")


@pytest.mark.django_db
def test_a_callback_settles_the_order_once() -> None:
    payment, charge = under_way()

    first, second = post(*message_of(charge)), post(*message_of(charge))

    payment.refresh_from_db()
    payment.order.refresh_from_db()
    assert (first, second) == ((200, "credited"), (200, "again"))
    assert (payment.state, payment.order.state, payment.order.paid_fen) == ("succeeded", OrderState.PAID, 4550)
    assert not Refund.objects.exists()


@pytest.mark.django_db
def test_a_message_that_is_sent_again_is_refused() -> None:
    _payment, charge = under_way()
    body, headers = message_of(charge)

    assert post(body, headers) == (200, "credited")
    assert post(body, headers) == (409, "replayed")
    assert GatewayCallback.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body, headers: (body, {**headers, "X-Gateway-Signature": "0" * 64}),
        lambda body, headers: (body.replace(b"4550", b"1"), headers),
        lambda body, headers: (body, {**headers, "X-Gateway-Nonce": "other"}),
        lambda body, headers: (body, {**headers, "X-Gateway-Timestamp": "1"}),
        lambda body, headers: (body, {**headers, "X-Gateway-Timestamp": "二"}),
        lambda body, headers: (body, {}),
        lambda body, headers: (b"", headers),
    ],
)
def test_what_the_gateway_did_not_sign_changes_nothing(spoil: Callable[..., Any]) -> None:
    payment, charge = under_way()

    status, result = post(*spoil(*message_of(charge)))

    payment.refresh_from_db()
    assert (status, result, payment.state) == (400, "refused", PaymentState.STARTED)
    assert not GatewayCallback.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": "4550"},
        {"amount_fen": True},
        {"state": "maybe"},
        {"at": "2026-11-20T10:00:00"},
        {"at": 5},
    ],
)
def test_a_signed_message_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    _payment, charge = under_way()

    assert post(*signed(said_of(charge, **changes))) == (400, "refused")


@pytest.mark.django_db
def test_an_old_signature_is_refused() -> None:
    _payment, charge = under_way()

    assert post(*signed(said_of(charge), at=now() - dt.timedelta(minutes=11))) == (400, "refused")
    assert post(*signed(said_of(charge), at=now() + dt.timedelta(minutes=11))) == (400, "refused")


@pytest.mark.django_db
def test_a_payment_that_is_none_of_ours_is_not_taken() -> None:
    _payment, charge = under_way()

    assert post(*signed(said_of(charge, payment_no="P0"))) == (404, "unknown")
    assert Client().post("/payments/callbacks/strange/", b"{}", "application/json").status_code == 404


@pytest.mark.django_db
def test_a_wrong_amount_does_not_count_and_goes_back() -> None:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))
    made.pay_at_gateway(payment, "wrong")

    made.callbacks()
    api.run_refunds()

    payment.refresh_from_db()
    payment.order.refresh_from_db()
    refund = Refund.objects.get()
    assert (payment.uncredited, payment.received_fen) == (UncreditedCause.AMOUNT, 4549)
    assert (payment.order.state, payment.order.paid_fen) == (OrderState.OPEN, 0)
    assert (refund.state, refund.amount_fen) == (RefundState.DONE, 4549)
    paid = made.paid(actor, payment.order)
    assert paid.state == OrderState.PAID


@pytest.mark.django_db
def test_a_callback_for_another_order_does_not_pay_this_one() -> None:
    actor = people.citizen()
    cheap, dear = made.order(actor, made.line(fen=1)), made.order(actor)
    charge = made.pay_at_gateway(made.started(actor, cheap), "lost")
    other = made.started(actor, dear)

    assert post(*signed(said_of(charge, payment_no=other.no))) == (200, "returned")

    dear.refresh_from_db()
    assert dear.state == OrderState.OPEN


@pytest.mark.django_db
def test_a_declined_payment_may_be_tried_again() -> None:
    actor = people.citizen()
    order = made.order(actor)
    first = made.started(actor, order)
    made.pay_at_gateway(first, "declined")
    made.callbacks()

    second = made.started(actor, order)
    made.pay_at_gateway(second)
    made.callbacks()

    first.refresh_from_db()
    order.refresh_from_db()
    assert (first.state, second.no != first.no, order.state) == (PaymentState.FAILED, True, OrderState.PAID)


@pytest.mark.django_db
def test_a_lost_callback_is_found_by_asking() -> None:
    payment, _charge = under_way()

    assert api.query_waiting() == 0
    with time_machine.travel(now() + dt.timedelta(seconds=11), tick=False):
        assert api.query_waiting() == 1

    payment.order.refresh_from_db()
    assert payment.order.state == OrderState.PAID


@pytest.mark.django_db
def test_who_never_pays_is_asked_about_less_and_less_and_then_no_more() -> None:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))

    with time_machine.travel(now() + dt.timedelta(seconds=11), tick=False):
        assert api.query_waiting() == 0
        assert api.query_waiting() == 0
    payment.refresh_from_db()
    assert payment.queries == 1
    with time_machine.travel(now() + dt.timedelta(hours=25), tick=False):
        assert api.query_waiting() == 1

    payment.refresh_from_db()
    assert payment.state == PaymentState.LAPSED
    assert OutboxEvent.objects.filter(name=PaymentMoved.NAME, data__step="lapsed").count() == 1
    entries = ledger.entries_of(ObjectRef(kind=ORDER_KIND, id=str(payment.order_id)), made.TENANT)
    assert entries[-1].act == "payments.lapse"
    assert made.started(actor, payment.order).pk != payment.pk


@pytest.mark.django_db
def test_a_callback_that_comes_twice_counts_once() -> None:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))
    made.pay_at_gateway(payment, "twice")

    assert made.callbacks() + made.callbacks() + made.callbacks() == 2

    assert Payment.objects.filter(state="succeeded").count() == 1
    assert not Refund.objects.exists()


@pytest.mark.django_db
def test_a_payer_charged_twice_gets_the_second_back_by_itself() -> None:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))
    made.pay_at_gateway(payment, "double")

    with time_machine.travel(now() + dt.timedelta(seconds=5), tick=False):
        made.callbacks()
        api.run_refunds()

    second = Payment.objects.get(no=f"{payment.no}-2")
    refund = Refund.objects.get()
    view = api.own_order(actor=actor, order_id=payment.order_id)
    assert (second.uncredited, refund.payment_id, refund.state) == (UncreditedCause.DOUBLE, second.pk, "done")
    assert (view.row.state, view.row.refunded_fen, len(view.returned)) == (OrderState.PAID, 0, 1)
    with time_machine.travel(now() + dt.timedelta(seconds=10), tick=False):
        checked = api.reconcile(actor=made.official("clerk"), gateway="simulated", day=local_date())
    assert not checked.differences.exists()


@pytest.mark.django_db
def test_money_for_a_cancelled_order_goes_back_and_late_news_of_a_timely_payment_counts() -> None:
    payment, charge = under_way()
    api.cancel_order(actor=made.official("clerk"), order_id=payment.order_id, reason="金额算错，重新开具")
    assert post(*message_of(charge)) == (200, "returned")

    other, told_late = under_way_of_another()
    with time_machine.travel(other.order.expires_at + dt.timedelta(hours=1), tick=False):
        api.expire_orders()
        assert post(*message_of(told_late)) == (200, "credited")

    other.order.refresh_from_db()
    assert other.order.state == OrderState.PAID


def under_way_of_another() -> tuple[Payment, SimulatedCharge]:
    actor = people.citizen("王五", phone="13800000002")
    payment = made.started(actor, made.order(actor))
    return payment, made.pay_at_gateway(payment, "lost")


@pytest.mark.django_db
def test_the_loops_bring_everything_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhengtong.capabilities.payments.services.simulated.post", made.deliver)
    actor = people.citizen()
    order = made.order(actor)
    made.pay_at_gateway(made.started(actor, order))

    run_until_idle()

    order.refresh_from_db()
    assert order.state == OrderState.PAID


@pytest.mark.django_db
def test_a_callback_nobody_takes_is_given_up_after_a_few_tries() -> None:
    actor = people.citizen()
    payment = made.started(actor, made.order(actor))
    charge = made.pay_at_gateway(payment)

    for turn in range(6):
        with time_machine.travel(now() + dt.timedelta(hours=turn), tick=False):
            api.deliver_simulated(deliver=lambda _url, _body, _headers: 503)

    charge.refresh_from_db()
    assert (charge.notify_left, charge.notify_tries) == (0, 5)


@pytest.mark.django_db
def test_the_simulation_is_refused_where_it_is_not_allowed(settings: Any) -> None:
    actor = people.citizen()
    order = made.order(actor)
    charge = made.charge_of(made.started(actor, order))
    settings.ZHENGTONG_SIMULATED_GATEWAY = False

    assert api.available_gateways() == []
    with pytest.raises(Invalid):
        made.started(actor, order)
    with pytest.raises(NotFound):
        api.pay_simulated(token=charge.token, outcome="paid")
    assert post(*message_of(charge)) == (404, "no_gateway")
    assert Client().get(reverse("payments:simulated", args=[charge.token])).status_code == 404
    assert api.deliver_simulated(deliver=made.deliver) == 0
    with pytest.raises(GatewayUnavailable):
        gateways.get("simulated").query("P1")


@pytest.mark.django_db
def test_a_gateway_that_does_not_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen())
    refund = made.asked(clerk, row)
    api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)

    def silent(*_given: object) -> None:
        raise GatewayUnavailable("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(gateways.get("simulated"), "refund", silent, raising=False)
        assert api.run_refunds() == 0
    refund.refresh_from_db()
    assert (refund.state, refund.attempts, "没有应答" in refund.note) == (RefundState.APPROVED, 1, True)
    with time_machine.travel(now() + dt.timedelta(minutes=1), tick=False):
        assert api.run_refunds() == 1


@pytest.mark.django_db
def test_a_number_the_gateway_knows_is_never_another_payments(monkeypatch: pytest.MonkeyPatch) -> None:
    actor, other = people.citizen(), people.citizen("李二", phone="13800000002")
    order, gateway = made.order(actor), gateways.get("simulated")
    numbers: list[str] = []

    def loses_its_answer(charge: Charge) -> Started:
        numbers.append(charge.payment_no)
        raise GatewayUnavailable("opened, but the answer was lost")

    with monkeypatch.context() as broken:
        broken.setattr(gateway, "create", loses_its_answer, raising=False)
        for _ in range(2):
            with pytest.raises(GatewayUnavailable):
                made.started(actor, order)
    theirs, ours = made.started(other, made.order(other)), made.started(actor, order)

    assert numbers == [ours.no, ours.no]
    assert theirs.no != ours.no
    assert ours.redirect_url
    assert order.payments.count() == 1


@pytest.mark.django_db
def test_a_payment_no_gateway_has_opened_is_offered_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = people.citizen()
    order = made.order(actor)

    def silent(_charge: Charge) -> Started:
        raise GatewayUnavailable("no answer")

    people.sign_in(client, actor)
    with monkeypatch.context() as broken:
        broken.setattr(gateways.get("simulated"), "create", silent, raising=False)
        answer = client.post(reverse("payments:pay", args=[order.pk]), {"gateway": "simulated"})

    assert answer.status_code == 503
    assert "没有扣款" in answer.content.decode()
    assert 'name="gateway"' in answer.content.decode()
    assert "接着支付" not in answer.content.decode()


@pytest.mark.django_db
def test_one_payment_and_one_refund_that_fail_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, leader, actor = made.official("clerk"), made.official("leader"), people.citizen()
    bad, good = (made.asked(clerk, made.paid(actor)) for _ in range(2))
    for refund in (bad, good):
        api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)
    stuck, lost = (made.started(actor, made.order(actor)) for _ in range(2))
    made.pay_at_gateway(lost, "lost")
    gateway = gateways.get("simulated")
    query, back = gateway.query, gateway.refund

    def no_query(number: str) -> Any:
        return query(number) if number != stuck.no else int("not a number")

    def no_refund(order: Any) -> Any:
        return back(order) if order.refund_no != bad.number else int("not a number")

    monkeypatch.setattr(gateway, "query", no_query, raising=False)
    monkeypatch.setattr(gateway, "refund", no_refund, raising=False)
    with time_machine.travel(now() + dt.timedelta(seconds=30), tick=False):
        for work in (api.run_refunds, api.query_waiting):
            with pytest.raises(RuntimeError, match="1 of what was due failed"):
                work()
            assert work() == 0

    for row in (bad, good, stuck, lost):
        row.refresh_from_db()
    assert (good.state, bad.state, bad.attempts, bad.note) == ("done", "approved", 1, "处理退款时出错，稍后再试")
    assert (lost.state, stuck.state, stuck.queries) == ("succeeded", "started", 1)


@pytest.mark.usefixtures("committed_db")
def test_one_order_is_raised_by_two_who_press_the_button_at_once() -> None:
    actor = people.citizen()
    subject = ObjectRef(kind="nothing", id=str(uuid.uuid4()))
    people.organisation("G11", "青禾县测试单位G11")

    def raised() -> uuid.UUID:
        return made.order(actor, command_key="one", subject=subject).pk

    outcomes = _at_once([raised, raised, raised])

    assert len(set(outcomes)) == 1
    assert isinstance(outcomes[0], uuid.UUID)
    assert made.order(actor).number.endswith("00002")


@pytest.mark.django_db
def test_a_charge_is_paid_once() -> None:
    _payment, charge = under_way()

    with pytest.raises(Conflict):
        api.pay_simulated(token=charge.token, outcome="paid")


@pytest.mark.usefixtures("committed_db")
def test_callbacks_at_the_same_time_credit_the_order_once() -> None:
    actor = people.citizen()
    order = made.order(actor)
    payment = made.started(actor, order)
    told = [
        Transaction(payment_no=payment.no, gateway_no=number, state="paid", amount_fen=4550, at=now())
        for number in ("S1", "S1", "S2", "S2")
    ]

    outcomes = _at_once([lambda each=each: api.settle(gateway="simulated", given=each) for each in told])

    order.refresh_from_db()
    assert sorted(outcomes) == ["again", "again", "credited", "returned"]
    assert (order.state, order.paid_fen) == (OrderState.PAID, 4550)
    assert Payment.objects.filter(order=order, uncredited="double").count() == 1
    assert Refund.objects.get().amount_fen == 4550


@pytest.mark.usefixtures("committed_db")
def test_two_clerks_at_once_ask_for_one_refund() -> None:
    clerk = made.official("clerk")
    row = made.paid(people.citizen())

    outcomes = _at_once([lambda: made.asked(clerk, row).number, lambda: made.asked(clerk, row).number])

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert Refund.objects.count() == 1


def _at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Results (or errors) of works that start together, each on a connection of its own."""
    name = connection.settings_dict["NAME"]
    barrier = threading.Barrier(len(works))
    results: list[Any] = []

    def run(work: Callable[[], Any]) -> None:
        connections["default"].settings_dict["NAME"] = name
        try:
            barrier.wait()
            results.append(work())
        except Exception as error:  # noqa: BLE001  (the assertion of the test shows it)
            results.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
