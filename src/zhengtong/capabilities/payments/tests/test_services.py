"""Orders, refunds and reconciliation on the database."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import ORDER_KIND, REFUND_KIND, OrderState, RefundState
from zhengtong.capabilities.payments.models import FeeOrder, Payment, ReconciliationDifference, Refund, SimulatedCharge
from zhengtong.capabilities.payments.permissions import RefundPapers
from zhengtong.capabilities.payments.services import orders
from zhengtong.capabilities.payments.tests import factories as made
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


def acts(row: FeeOrder) -> list[str]:
    return [entry.act for entry in ledger.entries_of(ObjectRef(kind=ORDER_KIND, id=str(row.pk)), made.TENANT)]


def test_an_order_is_numbered_told_recorded_and_raised_once() -> None:
    actor = people.citizen()

    row = made.order(actor, command_key="one", subject=ObjectRef(kind="nothing", id="1"))
    again = made.order(actor, command_key="one", subject=ObjectRef(kind="nothing", id="1"))

    assert again.pk == row.pk
    assert (row.total_fen, row.state) == (4550, OrderState.OPEN)
    assert [line.amount_fen for line in row.lines.all()] == [3750, 800]
    assert row.number == f"F{made.TENANT}{local_date():%Y%m%d}00001"
    assert acts(row) == ["payments.raise"]
    assert OutboxEvent.objects.filter(name="payments.order_raised.v1").count() == 1
    assert "45.50 元" in notify.inbox(actor=actor).rows[0].title


def test_officials_of_the_matter_raise_and_others_do_not() -> None:
    actor, clerk, stranger = people.citizen(), made.official("clerk", org="G22"), made.official("clerk")
    payee = api.Payee(org_id=clerk.org_id or uuid.uuid4(), org_name=clerk.org_name)

    with made.matters(made.Matter(made.payer_of(actor), payee.org_id)) as ref:
        values = {"subject": ref, "title": "甲", "payee": payee, "lines": [made.line()], "command_key": "k"}
        with pytest.raises(NotPermitted):
            api.raise_order(actor=stranger, **values)
        with pytest.raises(NotPermitted):
            api.raise_order(actor=actor, **values)
        row = api.raise_order(actor=clerk, **values)

    assert row.payer_person_id == actor.person_id


def test_lines_that_make_no_order_are_refused() -> None:
    with pytest.raises(Invalid, match="没有收费依据"):
        made.order(people.citizen(), made.line(basis=""))


def test_the_database_refuses_amounts_that_cannot_be() -> None:
    row = made.paid(people.citizen())

    for values in ({"refunded_fen": 5000}, {"paid_fen": 1}, {"state": "open"}, {"state": "refunded"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeOrder.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.lines.update(refunded_fen=99999)


def test_an_unpaid_order_is_cancelled_with_a_reason_and_a_paid_one_is_not() -> None:
    actor, clerk = people.citizen(), made.official("clerk")
    row, other = made.order(actor), made.paid(actor)

    with pytest.raises(Invalid):
        api.cancel_order(actor=clerk, order_id=row.pk, reason="错")
    with pytest.raises(NotPermitted):
        api.cancel_order(actor=made.official("clerk", org="G10"), order_id=row.pk, reason="金额算错，重新开具")
    api.cancel_order(actor=clerk, order_id=row.pk, reason="金额算错，重新开具")
    with pytest.raises(Conflict):
        api.cancel_order(actor=clerk, order_id=other.pk, reason="金额算错，重新开具")

    row.refresh_from_db()
    assert (row.state, row.close_reason) == (OrderState.CANCELLED, "金额算错，重新开具")
    assert acts(row) == ["payments.raise", "payments.cancel"]


def test_orders_of_an_invented_past_are_left_to_its_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    row = made.order(people.citizen())
    with time_machine.travel(row.expires_at, tick=False):
        monkeypatch.setattr(orders, "not_before", lambda: row.expires_at)
        assert api.expire_orders() == 0
        monkeypatch.setattr(orders, "not_before", lambda: row.created_at)
        assert api.expire_orders() == 1


def test_orders_that_always_fail_keep_no_other_from_expiring(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        bad, good = (made.order(people.citizen()) for _number in range(2))
    close = orders._close

    def failing(actor: Actor, row: FeeOrder, *more: str) -> None:
        if row.pk == bad.pk:
            raise ValueError("broken")
        close(actor, row, *more)

    monkeypatch.setattr(orders, "_close", failing)
    monkeypatch.setattr(orders, "_BATCH", 1)
    with time_machine.travel(good.expires_at + dt.timedelta(hours=1), tick=False):
        with pytest.raises(RuntimeError, match="1 of what was due failed"):
            api.expire_orders()
        assert api.expire_orders() == 1
        monkeypatch.setattr(orders, "_close", close)
        assert api.expire_orders() == 1  # what failed is not forgotten

    for row in (good, bad):
        row.refresh_from_db()
        assert row.state == OrderState.EXPIRED


def test_an_order_expires_after_its_last_day() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        row = made.order(people.citizen())
    with time_machine.travel(row.expires_at - dt.timedelta(seconds=1), tick=False):
        assert api.expire_orders() == 0
    with time_machine.travel(row.expires_at, tick=False):
        assert api.expire_orders() == 1

    row.refresh_from_db()
    assert row.state == OrderState.EXPIRED
    assert row.expires_at.astimezone(dt.timezone(dt.timedelta(hours=8))).date() == dt.date(2026, 11, 25)


def test_only_the_payer_begins_to_pay() -> None:
    actor, other = people.citizen(), people.citizen("王五", phone="13800000002")
    row = made.order(actor)

    with pytest.raises(NotFound):
        made.started(other, row)
    with pytest.raises(NotFound):
        made.started(made.official("clerk"), row)
    assert made.started(actor, row).pk == made.started(actor, row).pk


def test_a_legal_persons_order_is_paid_by_who_speaks_for_it() -> None:
    person = people.citizen()
    agent = people.agent(person)
    row = made.order(agent)

    with pytest.raises(NotFound):
        made.started(person, row)
    assert made.started(agent, row).order_id == row.pk


def test_a_paid_order_has_a_sealed_receipt_its_payer_can_read() -> None:
    actor = people.citizen()
    row = made.paid(actor)
    do_all_work()

    view = api.own_order(actor=actor, order_id=row.pk)
    assert view.receipt is not None
    assert view.receipt.sealed
    assert view.receipt.issuing_org_id == row.payee_org_id
    _name, content = documents.read_file(actor=actor, document_id=view.receipt.id, purpose="下载")
    assert content.startswith(b"%PDF")
    with pytest.raises(NotPermitted):
        documents.read_file(
            actor=people.citizen("王五", phone="13800000002"), document_id=view.receipt.id, purpose="下载"
        )


def test_a_refund_takes_two_people_and_ends_with_a_notice() -> None:
    actor, clerk, leader = people.citizen(), made.official("clerk"), made.official("leader")
    row = made.paid(actor)

    refund = made.asked(clerk, row)
    with pytest.raises(NotPermitted):
        api.decide_refund(actor=clerk, refund_id=refund.pk, approve=True)
    with pytest.raises(NotFound):
        api.decide_refund(actor=made.official("leader", org="G10"), refund_id=refund.pk, approve=True)
    api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)
    do_all_work()

    row.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.state, row.state, row.refunded_fen) == (RefundState.DONE, OrderState.PARTLY_REFUNDED, 3750)
    assert [line.refunded_fen for line in row.lines.all()] == [3750, 0]
    view = api.own_order(actor=actor, order_id=row.pk)
    assert view.refunds[0].paper is not None
    assert view.refunds[0].paper.kind == "refund_notice"
    assert acts(row)[-3:] == ["payments.refund_ask", "payments.refund_approve", "payments.refund_done"]


def test_a_leader_does_not_approve_what_he_asked_for() -> None:
    leader, second = made.official("leader"), made.official("leader", name="second")
    refund = made.asked(leader, made.paid(people.citizen()))

    with pytest.raises(NotPermitted):
        api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(decided_by_id=leader.person_id, state="approved")
    assert api.decide_refund(actor=second, refund_id=refund.pk, approve=True).state == RefundState.APPROVED


def test_one_refund_at_a_time_and_never_more_than_is_left() -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen())
    first = made.asked(clerk, row, 1000)

    with pytest.raises(Conflict, match="已有一笔退费"):
        made.asked(clerk, row, 1000)
    api.decide_refund(actor=leader, refund_id=first.pk, approve=True)
    do_all_work()
    with pytest.raises(Invalid, match=r"27\.50"):
        made.asked(clerk, row, 2751)
    second = made.asked(clerk, row, 2750)
    with pytest.raises(Invalid, match="不同意的理由"):
        api.decide_refund(actor=leader, refund_id=second.pk, approve=False)
    api.decide_refund(actor=leader, refund_id=second.pk, approve=False, note="不符合退费规定")

    row.refresh_from_db()
    assert row.refunded_fen == 1000


def test_the_whole_comes_back_in_two_steps() -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen())

    for number in (0, 1):
        line = row.lines.order_by("no")[number]
        refund = api.ask_refund(actor=clerk, order_id=row.pk, amounts={line.pk: line.amount_fen}, reason=made.REASON)
        api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)
        do_all_work()

    row.refresh_from_db()
    assert (row.state, row.refunded_fen) == (OrderState.REFUNDED, 4550)
    with pytest.raises(Conflict):
        made.asked(clerk, row)


def test_a_refund_the_gateway_refuses_is_seen_and_sent_again() -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen(), refund_mode="refused")
    refund = made.asked(clerk, row)
    api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)

    api.run_refunds()
    refund.refresh_from_db()
    assert (refund.state, refund.note) == (RefundState.FAILED, "模拟渠道拒绝退款")
    assert [one.pk for one in api.refunds_to_do(actor=clerk).rows] == [refund.pk]
    api.retry_refund(actor=clerk, refund_id=refund.pk)
    api.run_refunds()

    refund.refresh_from_db()
    assert refund.state == RefundState.DONE


def test_a_slow_refund_is_asked_after_until_it_is_done() -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen(), refund_mode="slow")
    refund = made.asked(clerk, row)
    api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)

    api.run_refunds()
    refund.refresh_from_db()
    assert refund.state == RefundState.SENT
    with time_machine.travel(now() + dt.timedelta(minutes=2), tick=False):
        api.run_refunds()

    refund.refresh_from_db()
    row.refresh_from_db()
    assert (refund.state, row.refunded_fen) == (RefundState.DONE, 3750)


def test_a_proposal_is_taken_up_or_dropped_by_the_unit() -> None:
    actor, clerk, leader = people.citizen(), made.official("clerk"), made.official("leader")
    row = made.paid(actor)
    subject = ObjectRef(kind=row.subject_kind, id=row.subject_id)

    (proposal,) = api.propose_refunds(tenant=made.TENANT, subject=subject, reason="申请人撤回申请")
    assert api.propose_refunds(tenant=made.TENANT, subject=subject, reason="申请人撤回申请") == []
    assert (proposal.state, proposal.amount_fen) == (RefundState.PROPOSED, 4550)
    assert not api.own_order(actor=actor, order_id=row.pk).shown_refunds
    api.confirm_proposal(actor=clerk, refund_id=proposal.pk)
    api.decide_refund(actor=leader, refund_id=proposal.pk, approve=True)
    do_all_work()

    row.refresh_from_db()
    assert row.state == OrderState.REFUNDED
    other = made.paid(actor)
    ref = ObjectRef(kind=other.subject_kind, id=other.subject_id)
    (second,) = api.propose_refunds(tenant=made.TENANT, subject=ref, reason="申请人撤回申请")
    dropped = api.drop_refund(actor=clerk, refund_id=second.pk, reason="已经开始现场勘验")
    assert dropped.state == RefundState.DROPPED


def test_the_end_of_a_matter_cancels_what_is_unpaid() -> None:
    row = made.order(people.citizen())
    subject = ObjectRef(kind=row.subject_kind, id=row.subject_id)

    assert api.cancel_open_orders(tenant=made.TENANT, subject=subject, reason="申请人撤回申请") == 1
    assert api.cancel_open_orders(tenant=made.TENANT, subject=subject, reason="申请人撤回申请") == 0


def test_a_day_that_agrees_has_no_differences() -> None:
    clerk, leader = made.official("clerk"), made.official("leader")
    row = made.paid(people.citizen())
    refund = made.asked(clerk, row)
    api.decide_refund(actor=leader, refund_id=refund.pk, approve=True)
    do_all_work()

    found = api.reconcile(actor=clerk, gateway="simulated", day=local_date())

    assert (found.entries, found.paid_fen, found.refunded_fen) == (2, 4550, 3750)
    assert not found.differences.exists()


def test_money_we_do_not_know_and_money_they_do_not_know_are_listed() -> None:
    actor, clerk = people.citizen(), made.official("clerk")
    known, unknown = made.paid(actor), made.paid(actor)
    payment = Payment.objects.get(order=known)
    SimulatedCharge.objects.filter(payment_no=payment.no).update(received_fen=1)
    SimulatedCharge.objects.filter(payment_no=Payment.objects.get(order=unknown).no).update(payment_no="P1")

    row = api.reconcile(actor=clerk, gateway="simulated", day=local_date())

    kinds = sorted(row.differences.values_list("kind", "ours_fen", "theirs_fen"))
    assert kinds == [("amount", 4550, 1), ("only_gateway", None, 4550), ("only_ours", 4550, None)]
    strange = row.differences.get(kind="only_gateway")
    mine = row.differences.get(kind="amount")
    assert strange.payee_org_id is None
    assert mine.payee_org_id == known.payee_org_id
    other = made.official("clerk", org="G10")
    assert {one.pk for one in api.differences(actor=other).rows} == {strange.pk}
    with pytest.raises(NotFound):
        api.settle_difference(actor=other, difference_id=mine.pk, note="已与渠道核对")
    api.settle_difference(actor=clerk, difference_id=mine.pk, note="已与渠道核对，渠道记账错误")
    api.reconcile(actor=clerk, gateway="simulated", day=local_date())
    assert ReconciliationDifference.objects.filter(settled_at__isnull=False).get().pk == mine.pk
    assert ReconciliationDifference.objects.count() == 3


def test_yesterday_is_compared_by_itself_once_its_statement_is_there() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        made.paid(people.citizen())
    with time_machine.travel(dt.datetime(2026, 11, 9, 17, tzinfo=dt.UTC), tick=False):  # 1:00 of the 10th
        assert api.reconcile_due() == 0
    with time_machine.travel(dt.datetime(2026, 11, 9, 19, tzinfo=dt.UTC), tick=False):
        assert api.reconcile_due() == 1
        assert api.reconcile_due() == 0


def test_totals_by_day_and_charge_and_the_list_are_the_units_own() -> None:
    actor, clerk = people.citizen(), made.official("clerk")
    made.paid(actor)
    made.order(actor, org="G10")
    everything = api.OrderFilters()

    (day,) = api.unit_totals(actor=clerk, filters=everything)
    assert (day.day, day.count, day.paid_fen) == (local_date(), 1, 4550)
    charges = [one["name"] for one in api.item_totals(actor=clerk, filters=everything)]
    assert charges == ["城市道路占用费", "城镇垃圾处理费"]
    assert api.unit_orders(actor=clerk, filters=everything).total == 1
    assert len(list(api.export_rows(actor=clerk, filters=everything))) == 2
    assert api.unit_orders(actor=made.official("supervisor"), filters=everything).total == 0
    assert api.unit_orders(actor=clerk, filters=api.OrderFilters(state="open")).total == 0


def test_papers_of_refunds_have_readers_of_their_own() -> None:
    actor, clerk = people.citizen(), made.official("clerk")
    refund = made.asked(clerk, made.paid(actor))
    ref = ObjectRef(kind=REFUND_KIND, id=str(refund.pk))

    readers = RefundPapers()
    assert readers.may_read(actor, ref)
    assert readers.may_read(clerk, ref)
    assert not readers.may_read(made.official("clerk", org="G10"), ref)
    assert not readers.may_issue(actor, ref, kind="x", issuing_org_id=uuid.uuid4())
    assert not readers.may_read(system(made.TENANT), ref)
