"""Codes: long enough, kept so that nobody reads them, good once and for a short while."""

import importlib
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection

from zhengtong.capabilities.identity.services import check_second_factor, claim_totp_code, one_time_codes
from zhengtong.capabilities.identity.services.confirmation import _DIGITS as CONFIRMATION_DIGITS
from zhengtong.capabilities.identity.services.recovery import _DIGITS as RECOVERY_DIGITS
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.errors import Invalid


@pytest.mark.django_db
def test_a_recovery_code_works_once() -> None:
    account = factories.account_of(factories.official("clerk", "clerk"))
    code = RecoveryCodes.activate(account).get_unused_codes()[0]

    assert check_second_factor(account_id=account.pk, code=code).type == Authenticator.Type.RECOVERY_CODES
    with pytest.raises(Invalid):
        check_second_factor(account_id=account.pk, code=code)


@pytest.mark.django_db
def test_codes_are_kept_so_that_nobody_reads_them() -> None:
    account = factories.account_of(factories.official("clerk", "clerk"))
    codes = RecoveryCodes.activate(account).get_unused_codes()
    sent, kept = one_time_codes.new_code(8)
    with connection.cursor() as cursor:
        cursor.execute("select data::text from mfa_authenticator where user_id = %s", [account.pk])
        stored = " ".join(row[0] for row in cursor.fetchall())

    # tests hash faster than the platform does
    in_earnest = importlib.import_module("zhengtong.entry.settings.security").PASSWORD_HASHERS
    assert in_earnest == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert sent not in kept
    assert len(codes) == 10
    assert not [code for code in codes if code in stored]
    assert stored.count('"k') >= 2  # ciphertexts begin with the name of their key


def test_codes_are_long_enough() -> None:
    assert 10 ** min(CONFIRMATION_DIGITS, RECOVERY_DIGITS) >= 10**6
    assert len({one_time_codes.new_code(RECOVERY_DIGITS)[0] for _n in range(20)}) == 20
    assert len(generate_totp_secret()) >= 32  # 160 bits in base 32


@pytest.mark.django_db
@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_time_code_is_good_for_its_step_and_one_beside_it(steps: int, good: bool) -> None:
    account = factories.account_of(factories.official("clerk", "clerk"))
    secret = generate_totp_secret()
    with time_machine.travel("2026-11-09 02:00:10+00:00", tick=False):
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))

        assert claim_totp_code(account.pk, secret, code) is good
        assert not claim_totp_code(account.pk, secret, code)
