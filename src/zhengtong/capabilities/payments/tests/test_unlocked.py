"""The gateway is asked while no row is locked: who waits for a bank's answer holds up nobody."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import RefundState
from zhengtong.capabilities.payments.models import Refund
from zhengtong.capabilities.payments.registry import RefundOrder, gateways
from zhengtong.capabilities.payments.tests import factories as made
from zhengtong.kernel.clock import local_date, now

pytestmark = pytest.mark.usefixtures("committed_db")


def approved() -> Refund:
    clerk, leader = made.official("clerk"), made.official("leader")
    refund = made.asked(clerk, made.paid(people.citizen()))
    return api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)


def listen(patch: pytest.MonkeyPatch, call: str) -> list[bool]:
    """Whether a transaction was open at each call of the gateway."""
    gateway = gateways.get("simulated")
    asked: Callable[..., Any] = getattr(gateway, call)
    heard: list[bool] = []

    def called(*given: Any, **named: Any) -> Any:
        heard.append(connection.in_atomic_block)
        return asked(*given, **named)

    patch.setattr(gateway, call, called, raising=False)
    return heard


def test_a_refund_is_sent_outside_of_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    refund = approved()
    heard = listen(monkeypatch, "refund")

    assert api.run_refunds() == 1

    refund.refresh_from_db()
    assert (heard, refund.state, refund.attempts) == ([False], RefundState.DONE, 1)


def test_a_statement_is_fetched_outside_of_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listen(monkeypatch, "statement")

    api.reconcile(actor=made.official("clerk"), gateway="simulated", day=local_date())

    assert heard == [False]


def test_a_refund_whose_worker_is_gone_before_the_answer_is_asked_for_again_and_booked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refund = approved()
    gateway = gateways.get("simulated")
    asked = gateway.refund

    def killed(order: RefundOrder) -> Any:
        asked(order)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(gateway, "refund", killed, raising=False)
        with pytest.raises(KeyboardInterrupt):
            api.run_refunds()
    assert api.run_refunds() == 0
    with time_machine.travel(now() + dt.timedelta(minutes=3), tick=False):
        assert api.run_refunds() == 1

    refund.refresh_from_db()
    refund.order.refresh_from_db()
    assert (refund.state, refund.attempts, refund.order.refunded_fen) == (RefundState.DONE, 2, refund.amount_fen)


def test_an_answer_that_comes_after_the_refund_was_taken_again_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refund = approved()
    gateway = gateways.get("simulated")
    asked = gateway.refund

    def late(order: RefundOrder) -> Any:
        Refund.objects.filter(number=order.refund_no).update(attempts=2)
        return asked(order)

    monkeypatch.setattr(gateway, "refund", late, raising=False)

    assert api.run_refunds() == 0

    refund.refresh_from_db()
    assert (refund.state, refund.order.refunded_fen) == (RefundState.APPROVED, 0)
