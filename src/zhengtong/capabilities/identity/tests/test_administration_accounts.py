"""Accounts in the hands of the administrators, and the job that closes idle ones."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.services import (
    create_staff_account,
    disable_account,
    enable_account,
    lock_account,
    lock_of,
    record_sign_in,
    request_disabling,
    reset_password,
    unlock_account,
)
from zhengtong.capabilities.identity.tasks import disable_idle_accounts
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """A clock that stands in March."""
    with time_machine.travel(START, tick=False) as moved:
        api.create_tenant(actor=system(factories.tenant()), name="青禾县")
        yield moved


def _account(actor: Actor) -> Account:
    return factories.account_of(actor)


def test_whoever_is_locked_by_hand_stays_so_until_the_security_administrator_opens() -> None:
    keeper, guard, clerk = (
        office.system_administrator(),
        office.security_administrator(),
        factories.official("clerk", "clerk"),
    )

    lock_account(actor=keeper, account_id=_account(clerk).pk, reason="可疑登录")

    assert lock_of(_account(clerk)) == (
        "账户已由管理员锁定，现在不能登录。请拨打页面底部的电话；工作人员请联系安全管理员解锁。"
    )
    with time_machine.travel(clock.now() + dt.timedelta(days=3000), tick=False):
        assert lock_of(_account(clerk))
    for other in (keeper, office.audit_administrator(), clerk):
        with pytest.raises(NotPermitted, match="安全管理员"):
            unlock_account(actor=other, account_id=_account(clerk).pk, reason="请求")
    with pytest.raises(Conflict, match="没有再锁定一次"):
        lock_account(actor=keeper, account_id=_account(clerk).pk, reason="可疑登录")
    unlock_account(actor=guard, account_id=_account(clerk).pk, reason="已核实")
    assert not lock_of(_account(clerk))


def test_a_closed_account_is_out_at_once_and_opened_by_the_other_administrator() -> None:
    keeper, guard, clerk = (
        office.system_administrator(),
        office.security_administrator(),
        factories.official("clerk", "clerk"),
    )
    client = factories.sign_in(Client(), clerk)
    assert client.get(reverse("account_home")).status_code == 200

    disable_account(actor=keeper, account_id=_account(clerk).pk, reason="停职")

    assert client.get(reverse("account_home")).status_code == 302
    with pytest.raises(NotFound):
        api.find_actor("clerk")
    with pytest.raises(Conflict, match="已经停用"):
        disable_account(actor=keeper, account_id=_account(clerk).pk, reason="停职")
    with pytest.raises(NotPermitted):
        enable_account(actor=keeper, account_id=_account(clerk).pk, reason="复职")
    enable_account(actor=guard, account_id=_account(clerk).pk, reason="复职")
    with pytest.raises(Conflict, match="没有停用"):
        enable_account(actor=guard, account_id=_account(clerk).pk, reason="复职")
    acts = [row.act for row in ledger.entries_of(ObjectRef(kind="account", id=str(_account(clerk).pk)), clerk.tenant)]
    assert acts[-2:] == ["identity.account_disabled", "identity.account_enabled"]


def test_a_new_password_is_shown_once_and_has_to_be_changed() -> None:
    keeper, clerk = office.system_administrator(), factories.official("clerk", "clerk")
    client = factories.sign_in(Client(), clerk)

    password = reset_password(actor=keeper, account_id=_account(clerk).pk, reason="本人到场申请")

    account = _account(clerk)
    assert account.check_password(password)
    assert account.must_change_password
    assert client.get(reverse("account_home")).status_code == 302
    with pytest.raises(NotPermitted, match="自己的账户"):
        reset_password(actor=keeper, account_id=_account(keeper).pk, reason="忘了")
    with pytest.raises(NotPermitted):
        reset_password(actor=office.security_administrator(), account_id=account.pk, reason="忘了")


def test_citizens_accounts_are_not_the_administrators_business() -> None:
    keeper, citizen = office.system_administrator(), factories.citizen()

    for act in (reset_password, disable_account, lock_account):
        with pytest.raises(NotFound):
            act(actor=keeper, account_id=_account(citizen).pk, reason="试一试")
    with pytest.raises(Invalid, match="理由"):
        disable_account(actor=keeper, account_id=_account(citizen).pk, reason=" ")


def test_the_last_administrator_of_his_kind_stays() -> None:
    keeper, guard = office.system_administrator(), office.security_administrator()

    with pytest.raises(Conflict, match="最后一个"):
        disable_account(actor=keeper, account_id=_account(guard).pk, reason="停职")
    with pytest.raises(Conflict, match="最后一个"):
        lock_account(actor=keeper, account_id=_account(guard).pk, reason="停职")
    second = office.security_administrator("sec2")
    disable_account(actor=system(guard.tenant), account_id=_account(guard).pk, reason="很久没有登录")
    for act in (disable_account, request_disabling):
        with pytest.raises(Conflict, match="最后一个"):
            act(actor=keeper, account_id=_account(second).pk, reason="停职")


def test_a_new_official_has_an_account_but_no_right() -> None:
    keeper = office.system_administrator()

    made = create_staff_account(actor=keeper, name="赵新", username=" Zhao.Xin ", phone="138 0000 0001")

    account = Account.objects.get(pk=made.account_id)
    assert (account.username, account.must_change_password) == ("zhao.xin", True)
    assert account.check_password(made.password)
    assert api.find_actor("zhao.xin").kind == "citizen"
    with pytest.raises(Conflict, match="用户名"):
        create_staff_account(actor=keeper, name="赵新", username="zhao.xin")
    assert Account.objects.filter(person__name="赵新").count() == 1
    for wrong in ({"name": "1"}, {"username": "赵"}, {"phone": "123"}):
        with pytest.raises(Invalid) as refusal:
            create_staff_account(actor=keeper, **{"name": "钱新", "username": "qian.xin", **wrong})
        assert refusal.value.field == next(iter(wrong))


def test_accounts_nobody_uses_are_closed_after_ninety_days(traveller: time_machine.Traveller) -> None:
    keeper, used, idle = (
        office.system_administrator(),
        factories.official("used", "clerk"),
        factories.official("idle", "clerk"),
    )
    citizen = factories.citizen()
    traveller.move_to(START + dt.timedelta(days=60))
    record_sign_in(actor=used, account_id=_account(used).pk, second_factor=True)

    traveller.move_to(START + dt.timedelta(days=90))
    disable_idle_accounts()
    assert _account(idle).is_active
    traveller.move_to(START + dt.timedelta(days=90, seconds=1))
    disable_idle_accounts()

    active = {actor.name: _account(actor).is_active for actor in (used, citizen, keeper)}
    assert set(active.values()) == {True}
    assert not _account(idle).is_active
    entry = ledger.entries_of(ObjectRef(kind="account", id=str(_account(idle).pk)), idle.tenant)[-1]
    assert (entry.act, entry.actor_kind) == ("identity.account_disabled", "system")


def test_an_account_that_was_opened_again_has_its_days_anew(traveller: time_machine.Traveller) -> None:
    guard, idle = office.security_administrator(), factories.official("idle", "clerk")
    traveller.move_to(START + dt.timedelta(days=100))
    assert api.close_idle_accounts() == 1

    enable_account(actor=guard, account_id=_account(idle).pk, reason="返岗")

    assert api.close_idle_accounts() == 0
    traveller.move_to(START + dt.timedelta(days=191))
    assert api.close_idle_accounts() == 1


def test_a_demonstrations_clock_closes_nothing(
    traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.official("idle", "clerk")
    traveller.move_to(START + dt.timedelta(days=100))
    monkeypatch.setattr(api, "simulated_offset", lambda: dt.timedelta(days=100))

    assert api.close_idle_accounts() == 0


def test_a_password_that_was_handed_out_grows_old() -> None:
    keeper, clerk = office.system_administrator(), factories.official("clerk", "clerk")
    password = reset_password(actor=keeper, account_id=_account(clerk).pk, reason="本人到场申请")
    given = {"login": "clerk", "password": password}

    with time_machine.travel(now() + dt.timedelta(hours=71)):
        in_time = Client().post(reverse("account_login"), given)
    with time_machine.travel(now() + dt.timedelta(hours=73)):
        late = Client().post(reverse("account_login"), given)

    assert in_time.status_code == 302
    assert "初始密码已经过了有效时间" in late.content.decode()


def test_first_accounts_of_an_installation_wait_for_their_owners() -> None:
    row = api.FirstAccount(
        username="keeper", display_name="李二", org_code="G22", post_title="系统管理岗", roles=("sys_admin",)
    )
    factories.organisation()
    [made] = api.create_first_accounts(actor=system(factories.tenant()), rows=[row])

    with time_machine.travel(now() + dt.timedelta(days=30)):
        answer = Client().post(reverse("account_login"), {"login": "keeper", "password": made.password})

    assert answer.status_code == 302
