"""Locks per account, per name typed and per source address."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import services
from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.models import SignIn, SignInGuard
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue

pytestmark = pytest.mark.django_db

WRONG = "Cuo-wu_2026abc"
OFFICE = "10.1.2.3"


def _sign_in(login: str, password: str = WRONG, *, address: str = OFFICE) -> str:
    client = Client(REMOTE_ADDR=address)
    response = client.post(reverse("account_login"), {"login": login, "password": password})
    return "signed in" if "_auth_user_id" in client.session else response.content.decode()


def _source_locks_after(failures: int) -> None:
    ParameterValue.objects.create(
        tenant=factories.tenant(),
        key="identity.source_lock_after",
        value=failures,
        source="试行",
        valid_from=dt.date(2020, 1, 1),
    )


def test_an_unknown_name_locks_like_a_known_one() -> None:
    factories.citizen(phone="13800000001")
    answers = {}

    for login in ("13800000001", "13900000009"):
        answers[login] = [_sentence(_sign_in(login)) for _attempt in range(6)]

    assert answers["13800000001"] == answers["13900000009"]
    assert "已锁定" in answers["13900000009"][4]


def _sentence(page: str) -> str:
    for sentence in ("账号或密码不正确", "已锁定", "失败的次数太多"):
        if sentence in page:
            return sentence
    raise AssertionError(page)


def test_the_name_typed_is_kept_as_a_digest_only() -> None:
    _sign_in("13900000009")

    row = SignInGuard.objects.get(kind="name")
    assert "13900000009" not in row.key
    assert len(row.key) == 64


def test_many_names_from_one_address_lock_the_address() -> None:
    _source_locks_after(8)
    for number in range(7):
        assert "账号或密码不正确" in _sign_in(f"nobody{number}")

    assert "失败的次数太多" in _sign_in("nobody8")

    factories.citizen(phone="13800000001")
    assert "失败的次数太多" in _sign_in("13800000001", factories.PASSWORD)
    assert _sign_in("13800000001", factories.PASSWORD, address="10.9.9.9") == "signed in"
    assert Entry.objects.filter(act="identity.source_locked").count() == 1


def test_who_signed_in_there_lately_goes_on_behind_a_locked_address() -> None:
    _source_locks_after(3)
    factories.citizen(phone="13800000001")
    assert _sign_in("13800000001", factories.PASSWORD) == "signed in"
    for number in range(3):
        _sign_in(f"nobody{number}")

    assert _sign_in("13800000001", factories.PASSWORD) == "signed in"

    assert _sentence(_sign_in("13800000001")) == _sentence(_sign_in("nobody9"))


def test_an_address_opens_by_itself_and_counts_anew() -> None:
    _source_locks_after(3)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        for number in range(3):
            _sign_in(f"nobody{number}")
        assert "失败的次数太多" in _sign_in("nobody4")
        clock.shift(dt.timedelta(minutes=15, seconds=1))

        assert "账号或密码不正确" in _sign_in("nobody5")
        clock.shift(dt.timedelta(minutes=16))
        assert "账号或密码不正确" in _sign_in("nobody6")
        assert "账号或密码不正确" in _sign_in("nobody7")


def test_only_the_security_administrator_opens_an_address() -> None:
    _source_locks_after(1)
    _sign_in("nobody")
    clerk, security = factories.official("clerk", "clerk"), factories.official("sec", "sec_admin")

    with pytest.raises(NotPermitted):
        services.unlock_source(actor=clerk, address=OFFICE, reason="杀毒后恢复")
    services.unlock_source(actor=security, address=OFFICE, reason="杀毒后恢复")

    assert services.source_lock_of(factories.tenant(), OFFICE) == ""
    with pytest.raises(NotFound):
        services.unlock_source(actor=security, address=OFFICE, reason="杀毒后恢复")


def test_wrong_codes_count_for_the_address_too() -> None:
    actor = factories.official("clerk", "clerk")
    with pytest.raises(Exception, match="动态口令不正确"):
        services.check_second_factor(account_id=factories.account_of(actor).pk, code="x", address=OFFICE)

    assert SignInGuard.objects.get(kind="source", key=OFFICE).failures == 1


def test_old_counts_are_cleared_away() -> None:
    SignInGuard.objects.create(
        tenant=factories.tenant(), kind="source", key="10.0.0.1", counted_from=now() - dt.timedelta(days=2)
    )

    services.count_source_failure(tenant=factories.tenant(), address=OFFICE)

    assert [row.key for row in SignInGuard.objects.all()] == [OFFICE]


def test_sign_ins_of_long_ago_do_not_open_a_locked_address() -> None:
    account = factories.account_of(factories.citizen())
    row = SignIn.objects.create(tenant=account.tenant, account=account, outcome=SignInOutcome.SIGNED_IN, address=OFFICE)
    assert services.signed_in_here_lately(account.pk, OFFICE)

    SignIn.objects.filter(pk=row.pk).update(created_at=now() - dt.timedelta(days=31))

    assert not services.signed_in_here_lately(account.pk, OFFICE)
