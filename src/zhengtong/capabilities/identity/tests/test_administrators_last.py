"""The three administrators: two persons disable one of them, and the last of each kind stays."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.models import Account, Appointment, RoleRequest
from zhengtong.capabilities.identity.selectors.administration import administrator_roles_end, administrator_roles_held
from zhengtong.capabilities.identity.services import (
    appoint,
    create_post,
    decide_request,
    disable_account,
    enable_account,
    end_appointment,
    grant_role,
    lock_account,
    request_disabling,
    revoke_role,
    withdraw_request,
)
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db

KINDS = {
    "sys_admin": office.system_administrator,
    "sec_admin": office.security_administrator,
    "audit_admin": office.audit_administrator,
}


@pytest.fixture
def three() -> dict[str, Actor]:
    """One administrator of each kind."""
    return {role: make() for role, make in KINDS.items()}


def _account(actor: Actor) -> Account:
    return factories.account_of(actor)


def test_no_system_administrator_disables_an_administrator_alone(three: dict[str, Actor]) -> None:
    keeper = three["sys_admin"]
    for role, make in KINDS.items():
        other = make(f"second.{role[:3]}")

        with pytest.raises(NotPermitted, match="两人"):
            disable_account(actor=keeper, account_id=_account(other).pk, reason="停职")
        with pytest.raises(NotPermitted, match="安全管理员"):
            lock_account(actor=keeper, account_id=_account(other).pk, reason="停职")

        assert _account(other).is_active
        assert _account(other).locked_until is None


def test_one_asks_and_the_security_administrator_disables(three: dict[str, Actor]) -> None:
    keeper, guard = three["sys_admin"], three["sec_admin"]
    rogue = office.system_administrator("rogue")
    client = factories.sign_in(Client(), rogue)

    key = request_disabling(actor=keeper, account_id=_account(rogue).pk, reason="停职检查")
    with pytest.raises(Conflict, match="正在等待"):
        request_disabling(actor=keeper, account_id=_account(rogue).pk, reason="停职检查")
    with pytest.raises(NotPermitted):
        decide_request(actor=keeper, request_id=key, approve=True)
    assert _account(rogue).is_active
    decide_request(actor=guard, request_id=key, approve=True)

    assert not _account(rogue).is_active
    assert client.get(reverse("account_home")).status_code == 302
    acts = list(Entry.objects.filter(act__startswith="identity.right").values_list("act", flat=True))
    assert acts == ["identity.right_requested", "identity.right_approved"]
    assert Entry.objects.filter(act="identity.account_disabled", actor_person_id=guard.person_id).count() == 1
    enable_account(actor=guard, account_id=_account(rogue).pk, reason="查清了")


def test_a_refused_or_withdrawn_request_changes_nothing(three: dict[str, Actor]) -> None:
    keeper, guard = three["sys_admin"], three["sec_admin"]
    other = office.audit_administrator("audit2")

    key = request_disabling(actor=keeper, account_id=_account(other).pk, reason="停职")
    with pytest.raises(Invalid):
        decide_request(actor=guard, request_id=key, approve=False)
    decide_request(actor=guard, request_id=key, approve=False, answer="没有依据")
    second = request_disabling(actor=keeper, account_id=_account(other).pk, reason="停职")
    withdraw_request(actor=keeper, request_id=second)

    assert _account(other).is_active
    assert set(RoleRequest.objects.values_list("state", flat=True)) == {"refused", "withdrawn"}


def test_nobody_asks_about_himself_or_approves_his_own_end(three: dict[str, Actor]) -> None:
    keeper = three["sys_admin"]
    guard, second = three["sec_admin"], office.security_administrator("sec2")
    office.system_administrator("sys2")

    with pytest.raises(NotPermitted, match="自己"):
        request_disabling(actor=keeper, account_id=_account(keeper).pk, reason="不干了")
    with pytest.raises(Conflict, match="不是管理员"):
        request_disabling(actor=keeper, account_id=_account(factories.official("clerk", "clerk")).pk, reason="停职")
    with pytest.raises(NotPermitted):
        request_disabling(actor=guard, account_id=_account(keeper).pk, reason="停职")
    key = request_disabling(actor=keeper, account_id=_account(guard).pk, reason="停职")
    with pytest.raises(NotPermitted, match="自己"):
        decide_request(actor=guard, request_id=key, approve=True)
    decide_request(actor=second, request_id=key, approve=True)
    assert not _account(guard).is_active


def test_who_became_the_last_meanwhile_is_not_disabled(three: dict[str, Actor]) -> None:
    keeper, guard = three["sys_admin"], three["sec_admin"]
    second = office.audit_administrator("audit2")
    key = request_disabling(actor=keeper, account_id=_account(second).pk, reason="停职")
    Account.objects.filter(pk=_account(three["audit_admin"]).pk).update(is_active=False)

    with pytest.raises(Conflict, match="最后一个"):
        decide_request(actor=guard, request_id=key, approve=True)

    assert _account(second).is_active
    assert RoleRequest.objects.get(pk=key).state == "pending"


@pytest.mark.parametrize("role", sorted(KINDS))
def test_the_last_of_each_kind_loses_neither_post_nor_role(three: dict[str, Actor], role: str) -> None:
    last = three[role]
    boss = system(last.tenant)
    assert last.person_id
    assert last.post_id

    for act in (
        lambda: end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id),
        lambda: end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id, last_day=local_date()),
        lambda: revoke_role(actor=boss, post_id=last.post_id, role=role),
        lambda: disable_account(actor=boss, account_id=_account(last).pk, reason="停职"),
        lambda: lock_account(actor=boss, account_id=_account(last).pk, reason="停职"),
    ):
        with pytest.raises(Conflict, match="最后一个"):
            act()

    assert administrator_roles_held(last.tenant) == set(KINDS)
    second = KINDS[role](f"second.{role[:3]}")
    end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id)
    with pytest.raises(Conflict, match="最后一个"):
        revoke_role(actor=boss, post_id=second.post_id, role=role)  # type: ignore[arg-type]  # an official's post


def test_one_whose_account_is_closed_is_no_other_administrator(three: dict[str, Actor]) -> None:
    guard = three["sec_admin"]
    closed = office.security_administrator("sec2")
    Account.objects.filter(pk=_account(closed).pk).update(is_active=False)

    with pytest.raises(Conflict, match="安全管理员"):
        end_appointment(actor=system(guard.tenant), person_id=guard.person_id, post_id=guard.post_id)  # type: ignore[arg-type]  # ids

    assert Appointment.objects.get(person_id=guard.person_id).valid_until is None


def test_the_system_administrator_ends_no_administrators_appointment(three: dict[str, Actor]) -> None:
    keeper, second = three["sys_admin"], office.system_administrator("sys2")
    given = {"person_id": second.person_id, "post_id": second.post_id, "reason": "调离"}

    with pytest.raises(NotPermitted, match="安全管理员"):
        end_appointment(actor=keeper, **given)  # type: ignore[arg-type]  # ids
    end_appointment(actor=three["sec_admin"], **given)  # type: ignore[arg-type]  # ids


def test_on_the_page_disabling_an_administrator_becomes_a_request(three: dict[str, Actor]) -> None:
    keeper, other = three["sys_admin"], office.audit_administrator("audit2")
    client = factories.sign_in(Client(), keeper)
    page = client.get(reverse("administration:person", args=[other.person_id])).content.decode()
    there = reverse("administration:account_act", args=[_account(other).pk, "disable"])

    asked = client.get(there).content.decode()
    response = client.post(there, {"reason": "停职检查"})

    assert "申请停用" in page
    assert "申请停用管理员账户" in asked
    row = RoleRequest.objects.get()
    assert response["Location"] == reverse("administration:request", args=[row.pk])
    assert "停用" in client.get(response["Location"]).content.decode()
    assert _account(other).is_active
    guard = factories.sign_in(Client(), three["sec_admin"])
    guard.post(reverse("administration:decide", args=[row.pk]), {"decision": "approve", "answer": ""})
    assert not _account(other).is_active


def _day(days: int) -> dt.date:
    return local_date() + dt.timedelta(days=days)


@pytest.mark.parametrize("role", sorted(KINDS))
def test_no_act_leaves_an_office_to_people_whose_appointments_end(three: dict[str, Actor], role: str) -> None:
    last, boss = three[role], system(three[role].tenant)
    second = KINDS[role](f"second.{role[:3]}")
    for one in (last, second):
        assert one.person_id
        assert one.post_id
    end_appointment(actor=boss, person_id=second.person_id, post_id=second.post_id, last_day=_day(30))

    for act in (
        lambda: end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id),
        lambda: end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id, last_day=_day(60)),
        lambda: revoke_role(actor=boss, post_id=last.post_id, role=role),
    ):
        with pytest.raises(Conflict, match=r"最后一个|到期将无人管理"):
            act()

    assert administrator_roles_end(last.tenant)[role] is None
    third = KINDS[role](f"third.{role[:3]}")
    end_appointment(actor=boss, person_id=last.person_id, post_id=last.post_id)
    with pytest.raises(Conflict, match="到期将无人管理"):
        end_appointment(actor=boss, person_id=third.person_id, post_id=third.post_id)  # type: ignore[arg-type]  # ids


def test_the_first_of_an_office_is_appointed_without_end_and_a_substitute_for_a_time() -> None:
    boss = system(factories.tenant())
    clerk = factories.official("clerk", "clerk", org_code="G26", org_name="青禾县数据局")
    other = factories.official("clerk2", "clerk", org_code="G26", org_name="青禾县数据局")
    post = create_post(actor=boss, organisation_code="G26", title="审计岗")
    grant_role(actor=boss, post_id=post, role="audit_admin")
    for one in (clerk, other):
        end_appointment(actor=boss, person_id=one.person_id, post_id=one.post_id)  # type: ignore[arg-type]  # ids

    with pytest.raises(Conflict, match="不填截止日期"):
        appoint(actor=boss, person_id=clerk.person_id, post_id=post, valid_until=_day(30))  # type: ignore[arg-type]  # ids
    appoint(actor=boss, person_id=clerk.person_id, post_id=post)  # type: ignore[arg-type]  # ids
    appoint(actor=boss, person_id=other.person_id, post_id=post, valid_until=_day(30))  # type: ignore[arg-type]  # ids

    assert administrator_roles_end(boss.tenant) == {"audit_admin": None}


def test_an_office_that_will_be_empty_is_announced_on_the_first_page(three: dict[str, Actor]) -> None:
    client = factories.sign_in(Client(), three["sec_admin"])
    there = reverse("administration:home")
    assert "任期将满" not in client.get(there).content.decode()

    Appointment.objects.filter(person_id=three["audit_admin"].person_id).update(valid_until=_day(30))

    assert "审计管理员只有任期到" in client.get(there).content.decode()
