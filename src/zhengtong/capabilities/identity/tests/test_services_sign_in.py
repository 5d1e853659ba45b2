"""Locks, codes that count once, passwords and their history."""

import datetime as dt
import itertools

import pytest

from zhengtong.capabilities.identity import api, services
from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import Account, FormerPassword, SignIn
from zhengtong.capabilities.identity.services import second_factor
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.kernel.models import OutboxEvent, ParameterValue

pytestmark = pytest.mark.django_db


def _fail(account: Account, times: int) -> Account:
    for _attempt in range(times):
        services.record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_PASSWORD)
    account.refresh_from_db()
    return account


def test_the_fifth_failure_locks_for_half_an_hour() -> None:
    account = _fail(factories.account_of(factories.citizen()), 4)
    assert services.lock_of(account) == ""

    _fail(account, 1)

    assert "已锁定" in services.lock_of(account)
    assert account.locked_until is not None
    assert dt.timedelta(minutes=29) < account.locked_until - now() <= dt.timedelta(minutes=30)
    assert OutboxEvent.objects.filter(name="identity.account_locked.v1").count() == 1


def test_a_county_may_set_its_own_limit() -> None:
    ParameterValue.objects.create(
        tenant=factories.tenant(), key="identity.lock_after", value=2, source="试行", valid_from=dt.date(2020, 1, 1)
    )

    account = _fail(factories.account_of(factories.citizen()), 2)

    assert services.lock_of(account)


def test_after_the_lock_the_count_begins_again() -> None:
    account = _fail(factories.account_of(factories.citizen()), 5)
    Account.objects.update(locked_until=now() - dt.timedelta(seconds=1))
    account.refresh_from_db()
    assert services.lock_of(account) == ""

    _fail(account, 1)

    assert account.failed_sign_ins == 1
    assert services.lock_of(account) == ""


def test_only_the_security_administrator_unlocks() -> None:
    account = _fail(factories.account_of(factories.citizen()), 5)
    with pytest.raises(NotPermitted):
        services.unlock_account(actor=factories.official("clerk", "clerk"), account_id=account.pk, reason="本人到场")

    services.unlock_account(actor=factories.official("sec", "sec_admin"), account_id=account.pk, reason="本人到场")

    account.refresh_from_db()
    assert services.lock_of(account) == ""


def test_a_code_counts_once_and_an_older_one_never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.official("clerk", "clerk")
    account = Account.objects.get(username="clerk")
    monkeypatch.setattr(second_factor.time, "time", lambda: 1_800_000_000.0)
    code = services.current_totp_code(tenant=factories.tenant(), username="clerk")

    services.check_second_factor(account_id=account.pk, code=code)

    with pytest.raises(Invalid, match="已经用过"):
        services.check_second_factor(account_id=account.pk, code=code)
    following = services.current_totp_code(tenant=factories.tenant(), username="clerk")
    assert following != code
    services.check_second_factor(account_id=account.pk, code=following)
    monkeypatch.setattr(second_factor.time, "time", lambda: 1_800_000_030.0)
    with pytest.raises(Invalid):
        services.check_second_factor(account_id=account.pk, code=code)


def test_wrong_codes_lock_like_wrong_passwords() -> None:
    factories.official("clerk", "clerk")
    account = Account.objects.get(username="clerk")
    for _attempt in range(5):
        with pytest.raises(Invalid):
            services.check_second_factor(account_id=account.pk, code="abcdef")

    right = services.current_totp_code(tenant=factories.tenant(), username="clerk")

    with pytest.raises(NotPermitted, match="已锁定"):
        services.check_second_factor(account_id=account.pk, code=right)
    assert SignIn.objects.filter(outcome=SignInOutcome.WRONG_CODE).count() == 5


def test_codes_are_given_away_in_a_demonstration_only(settings: object) -> None:
    factories.official("clerk", "clerk")
    assert len(api.totp_code("clerk", tenant=factories.tenant())) == 6

    settings.ZHENGTONG_DEMO = False  # type: ignore[attr-defined]  # pytest-django's wrapper

    with pytest.raises(NotPermitted):
        api.totp_code("clerk", tenant=factories.tenant())


def test_the_secret_is_not_readable_in_the_database() -> None:
    from allauth.mfa.models import Authenticator

    organisation = factories.organisation()
    row = api.FirstAccount(
        username="clerk", display_name="李二", org_code=organisation.code, post_title="窗口受理岗", roles=("clerk",)
    )
    [made] = api.create_first_accounts(actor=_platform(), rows=[row])

    assert made.totp_secret not in str(Authenticator.objects.get().data)


def test_a_password_is_changed_by_its_owner_who_knows_the_old_one() -> None:
    actor = factories.citizen()
    account = factories.account_of(actor)
    stranger = factories.citizen("王三", phone="13900000003")

    with pytest.raises(Invalid) as refusal:
        services.change_password(actor=actor, account_id=account.pk, old_password="x", new_password="Xin-Mi_Ma9876")
    with pytest.raises(NotPermitted):
        _change(stranger, account, factories.PASSWORD, "Xin-Mi_Ma9876")

    assert refusal.value.field == "old_password"
    _change(actor, account, factories.PASSWORD, "Xin-Mi_Ma9876")
    account.refresh_from_db()
    assert account.check_password("Xin-Mi_Ma9876")


def test_former_passwords_are_refused_and_only_five_are_kept() -> None:
    actor = factories.citizen()
    account = factories.account_of(actor)
    used = [factories.PASSWORD] + [f"Xin-Mi_Ma{number}99" for number in range(6)]
    for old, new in itertools.pairwise(used):
        with pytest.raises(Invalid, match="用过的密码相同"):
            _change(actor, account, old, old)
        _change(actor, account, old, new)

    assert FormerPassword.objects.count() == 5
    with pytest.raises(Invalid, match="用过的密码相同"):
        _change(actor, account, used[-1], used[-3])
    _change(actor, account, used[-1], used[0])


def test_first_accounts_are_made_once() -> None:
    organisation = factories.organisation()
    rows = [
        api.FirstAccount(
            username="clerk", display_name="李二", org_code=organisation.code, post_title="窗口受理岗", roles=("clerk",)
        ),
        api.FirstAccount(
            username="clerk", display_name="李二", org_code=organisation.code, post_title="审查岗", roles=("reviewer",)
        ),
    ]

    made = api.create_first_accounts(actor=_platform(), rows=rows)
    again = api.create_first_accounts(actor=_platform(), rows=rows)

    assert [m.username for m in made] == ["clerk"]
    assert again == []
    account = Account.objects.get(username="clerk")
    assert account.check_password(made[0].password)
    assert account.must_change_password
    assert account.person.appointments.count() == 2
    with pytest.raises(NotPermitted):
        api.create_first_accounts(actor=factories.official("sys", "sys_admin"), rows=rows)


def _platform() -> object:
    from zhengtong.kernel.actors import system

    return system(factories.tenant())


def _change(actor: object, account: Account, old: str, new: str) -> None:
    services.change_password(actor=actor, account_id=account.pk, old_password=old, new_password=new)  # type: ignore[arg-type]  # an Actor
