"""Pages of the payer and of the unit that collects, each for four readers; nobody reaches another's by its id."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import OrderState, RefundState
from zhengtong.capabilities.payments.models import FeeOrder, Payment, ReconciliationDifference, Refund
from zhengtong.capabilities.payments.tests import factories as made
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    people.sign_in(client, actor)
    return client


def other_citizen() -> Actor:
    return people.citizen("王五", phone="13800000002")


def test_only_the_payer_opens_his_order() -> None:
    actor = people.citizen()
    row = made.order(actor)
    url = reverse("payments:order", args=[row.pk])

    assert Client().get(url).status_code == 302
    assert signed_in(other_citizen()).get(url).status_code == 404
    assert signed_in(made.official("clerk")).get(url).status_code == 404
    page = signed_in(actor).get(url).content.decode()
    assert "45.50 元" in page
    assert "城市道路管理条例 第三十七条" in page
    assert "财政电子票据由财政部门" in page


def test_only_the_payer_begins_to_pay_and_comes_back() -> None:
    actor = people.citizen()
    row = made.order(actor)
    url = reverse("payments:pay", args=[row.pk])
    given = {"gateway": "simulated"}

    assert Client().post(url, given).status_code == 302
    assert signed_in(other_citizen()).post(url, given).status_code == 404
    assert signed_in(made.official("clerk")).post(url, given).status_code == 404
    assert not Payment.objects.exists()
    client = signed_in(actor)
    answer = client.post(url, given)
    assert answer["Location"].startswith("/payments/simulated/")
    back = reverse("payments:return", args=[Payment.objects.get().no])
    assert signed_in(people.citizen("赵六", phone="13800000003")).get(back).status_code == 404
    assert client.get(back)["Location"] == reverse("payments:order", args=[row.pk])
    assert client.get("/payments/return/P0/").status_code == 404


def test_a_payer_pays_sees_the_result_and_downloads_the_receipt() -> None:
    actor = people.citizen()
    row = made.order(actor)
    client = signed_in(actor)
    pay_page = client.post(reverse("payments:pay", args=[row.pk]), {"gateway": "simulated"})["Location"]

    assert "不会扣款" in client.get(pay_page).content.decode()
    back = client.post(pay_page, {"outcome": "paid", "refund_mode": "at_once"})["Location"]
    waiting = client.get(back, follow=True).content.decode()
    assert "支付还没有结果" in waiting
    made.callbacks()
    do_all_work()
    page = client.get(reverse("payments:order", args=[row.pk])).content.decode()

    view = api.own_order(actor=actor, order_id=row.pk)
    assert view.receipt is not None
    assert "已缴费" in page
    assert reverse("papers:file", args=[view.receipt.id, "pdf"]) in page
    assert "已缴费" in client.get(reverse("payments:mine")).content.decode()
    assert client.post(pay_page, {"outcome": "paid"}).status_code == 409
    assert client.post(reverse("payments:pay", args=[row.pk]), {"gateway": "simulated"}).status_code == 409


@pytest.mark.parametrize("given", [{"gateway": "strange"}, {}])
def test_a_gateway_that_is_not_offered_is_refused_with_a_sentence(given: dict[str, str]) -> None:
    actor = people.citizen()
    row = made.order(actor)

    answer = signed_in(actor).post(reverse("payments:pay", args=[row.pk]), given)

    assert answer.status_code == 409
    assert "请选择别的渠道" in answer.content.decode()


def test_my_list_holds_only_mine() -> None:
    actor, other = people.citizen(), other_citizen()
    mine, others = made.order(actor), made.order(other)

    page = signed_in(actor).get(reverse("payments:mine")).content.decode()

    assert mine.number in page
    assert others.number not in page
    assert "没有缴费单" in signed_in(made.official("clerk")).get(reverse("payments:mine")).content.decode()


DESK = ("payments:desk", "payments:refunds", "payments:reconciliation")


@pytest.mark.parametrize("name", DESK)
def test_the_desk_is_for_officials_and_shows_their_unit_only(name: str) -> None:
    row = made.paid(people.citizen())
    made.asked(made.official("clerk"), row)
    url = reverse(name)

    assert Client().get(url).status_code == 302
    assert signed_in(other_citizen()).get(url).status_code == 403
    assert signed_in(made.official("supervisor", org="A02")).get(url).status_code == 403
    elsewhere = signed_in(made.official("leader", org="G10")).get(url)
    assert elsewhere.status_code == 200
    assert row.title not in elsewhere.content.decode()
    assert signed_in(made.official("leader")).get(url).status_code == 200


def test_the_list_filters_sums_and_exports() -> None:
    paid = made.paid(people.citizen())
    opened = made.order(people.citizen("王五", phone="13800000002"))
    client = signed_in(made.official("clerk"))
    url = reverse("payments:desk")

    page = client.get(url).content.decode()
    assert paid.number in page
    assert opened.number in page
    assert "城镇垃圾处理费" in page
    only = client.get(
        url, {"state": "open", "q": opened.number[-5:], "since": local_date().isoformat()}
    ).content.decode()
    assert opened.number in only
    assert paid.number not in only
    assert client.get(url, {"since": "昨天", "state": "nothing", "q": "\x00"}).status_code == 200
    book = load_workbook(io.BytesIO(client.get(url, {"export": "xlsx"}).content))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]  # the book has a sheet
    assert len(rows) == 5
    assert {row[0] for row in rows[1:]} == {paid.number, opened.number}


def _acts(row: FeeOrder, refund: Refund) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "order": (reverse("payments:desk-order", args=[row.pk]), {}),
        "ask": (reverse("payments:ask-refund", args=[row.pk]), {"whole": "1", "reason": made.REASON}),
        "cancel": (reverse("payments:cancel", args=[row.pk]), {"reason": "金额算错，重新开具"}),
        "refund": (reverse("payments:refund", args=[refund.pk]), {}),
        "decide": (reverse("payments:decide-refund", args=[refund.pk]), {"decision": "approve"}),
        "handle": (reverse("payments:handle-refund", args=[refund.pk]), {"act": "retry"}),
    }


@pytest.mark.parametrize("act", ["order", "ask", "cancel", "refund", "decide", "handle"])
def test_nobody_reaches_another_units_orders_and_refunds(act: str) -> None:
    row = made.paid(people.citizen())
    refund = made.asked(made.official("clerk"), row)
    url, given = _acts(row, refund)[act]

    def asked_by(client: Client) -> int:
        return (client.post(url, given) if given else client.get(url)).status_code

    assert asked_by(Client()) == 302
    assert asked_by(signed_in(other_citizen())) == 403
    assert asked_by(signed_in(made.official("leader", org="G10"))) == 404
    refund.refresh_from_db()
    row.refresh_from_db()
    assert (refund.state, row.state, Refund.objects.count()) == (RefundState.ASKED, OrderState.PAID, 1)


def test_a_reviewer_reads_and_moves_nothing() -> None:
    row = made.paid(people.citizen())
    refund = made.asked(made.official("clerk"), row)
    client = signed_in(made.official("reviewer"))

    for name, (url, given) in _acts(row, refund).items():
        status = (client.post(url, given) if given else client.get(url)).status_code
        assert status == {"order": 200, "refund": 200, "cancel": 403}.get(name, 403)


def test_a_part_is_given_back_in_the_browser() -> None:
    actor = people.citizen()
    row = made.paid(actor)
    clerk, leader = signed_in(made.official("clerk")), signed_in(made.official("leader"))
    first = row.lines.order_by("no")[0]

    page = clerk.get(reverse("payments:desk-order", args=[row.pk])).content.decode()
    assert f"line-{first.pk}" in page
    wrong = clerk.post(
        reverse("payments:ask-refund", args=[row.pk]), {f"line-{first.pk}": "三十", "reason": made.REASON}
    )
    assert wrong.status_code == 422
    assert "三十" in wrong.content.decode()
    much = clerk.post(reverse("payments:ask-refund", args=[row.pk]), {f"line-{first.pk}": "99", "reason": made.REASON})
    assert "最多可以退 37.50 元" in much.content.decode()
    answer = clerk.post(
        reverse("payments:ask-refund", args=[row.pk]), {f"line-{first.pk}": "7.50", "reason": made.REASON}
    )
    refund = Refund.objects.get()
    assert answer["Location"] == reverse("payments:refund", args=[refund.pk])
    decide = reverse("payments:decide-refund", args=[refund.pk])
    assert clerk.post(decide, {"decision": "approve"}).status_code == 403
    assert leader.post(decide, {}).status_code == 422
    assert leader.post(decide, {"decision": "reject", "note": "不"}).status_code == 422
    assert leader.post(decide, {"decision": "approve"}).status_code == 302
    assert leader.post(decide, {"decision": "approve"}).status_code in (403, 409)
    do_all_work()

    shown = signed_in(actor).get(reverse("payments:order", args=[row.pk])).content.decode()
    assert "部分退费" in shown
    assert "7.50 元：已退款" in shown
    assert "下载退费通知书" in shown
    assert "李二" not in shown.split("退费和退回")[1]


def test_who_approves_has_just_given_the_second_factor() -> None:
    refund = made.asked(made.official("clerk"), made.paid(people.citizen()))
    client = Client()
    people.sign_in(client, made.official("leader"), second_factor=False)

    answer = client.post(reverse("payments:decide-refund", args=[refund.pk]), {"decision": "approve"})

    refund.refresh_from_db()
    assert answer.status_code == 302
    assert refund.state == RefundState.ASKED


def test_a_proposal_is_confirmed_and_a_refused_refund_retried_or_dropped() -> None:
    row = made.paid(people.citizen(), refund_mode="refused")
    subject = api.order_for_desk(actor=made.official("clerk"), order_id=row.pk).row
    ref = made.ObjectRef(kind=subject.subject_kind, id=subject.subject_id)
    (refund,) = api.propose_refunds(tenant=made.TENANT, subject=ref, reason="申请人撤回申请")
    clerk, leader = signed_in(made.official("clerk", name="second")), signed_in(made.official("leader"))
    handle = reverse("payments:handle-refund", args=[refund.pk])

    assert "确认退费" in clerk.get(reverse("payments:refund", args=[refund.pk])).content.decode()
    assert clerk.post(handle, {"act": "confirm"}).status_code == 302
    assert clerk.post(handle, {"act": "confirm"}).status_code == 409
    leader.post(reverse("payments:decide-refund", args=[refund.pk]), {"decision": "approve"})
    api.run_refunds()
    assert "重新提交支付渠道" in clerk.get(reverse("payments:refund", args=[refund.pk])).content.decode()
    assert clerk.post(handle, {"act": "drop", "reason": "短"}).status_code == 422
    assert clerk.post(handle, {"act": "retry"}).status_code == 302
    api.run_refunds()

    refund.refresh_from_db()
    assert refund.state == RefundState.DONE


def test_an_order_is_cancelled_with_a_reason() -> None:
    row = made.order(people.citizen())
    clerk = signed_in(made.official("clerk"))
    url = reverse("payments:cancel", args=[row.pk])

    assert clerk.post(url, {"reason": "错"}).status_code == 422
    assert clerk.post(url, {"reason": "金额算错，重新开具"}).status_code == 302
    browser = {"Origin": "http://testserver", "Accept": "text/html"}
    late = clerk.post(url, {"reason": "金额算错，另行开具"}, headers=browser)
    assert (late.status_code, "<p>金额算错，另行开具</p>" in late.content.decode()) == (409, True)

    row.refresh_from_db()
    assert row.state == OrderState.CANCELLED


def test_a_day_is_checked_and_a_difference_explained() -> None:
    row = made.paid(people.citizen())
    Payment.objects.filter(order=row).update(gateway_no="S-unknown")
    clerk = signed_in(made.official("clerk"))
    check = {"gateway": "simulated", "day": local_date().isoformat()}

    assert clerk.post(reverse("payments:reconcile"), {"gateway": "simulated", "day": "x"}).status_code == 422
    assert clerk.post(reverse("payments:reconcile"), check).status_code == 302
    assert "渠道有、我方没有" in clerk.get(reverse("payments:reconciliation")).content.decode()
    difference = ReconciliationDifference.objects.get(kind="only_ours")
    url = reverse("payments:settle", args=[difference.pk])
    assert Client().post(url, {"note": "已核对"}).status_code == 302
    assert signed_in(other_citizen()).post(url, {"note": "已经核对过"}).status_code == 403
    assert signed_in(made.official("clerk", org="G10")).post(url, {"note": "已经核对过"}).status_code == 404
    assert clerk.post(url, {"note": ""}).status_code == 422
    assert clerk.post(url, {"note": "已经核对过"}).status_code == 302
    assert "已经核对过" in clerk.get(reverse("payments:reconciliation")).content.decode()


@pytest.mark.parametrize("actor", ["stranger", "citizen", "supervisor"])
def test_checking_a_day_is_for_who_collects(actor: str) -> None:
    clients: dict[str, Any] = {
        "stranger": Client,
        "citizen": lambda: signed_in(people.citizen()),
        "supervisor": lambda: signed_in(made.official("supervisor")),
    }

    answer = clients[actor]().post(reverse("payments:reconcile"), {"gateway": "simulated", "day": "2026-11-20"})

    assert answer.status_code == (302 if actor == "stranger" else 403)


def test_a_simulated_charge_nobody_knows_is_not_found() -> None:
    assert Client().get(reverse("payments:simulated", args=["nothing"])).status_code == 404
    assert Client().get(reverse("payments:callback", args=["simulated"])).status_code == 405
