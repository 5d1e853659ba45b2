"""What ``docs/security.md`` says is decided is what is in force."""

import re

import pytest
from django.conf import settings

from tests.security.surface import ADDRESSES
from tests.security.table import text
from zhengtong.capabilities.identity.services.limits import limits_of, password_strength
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.uploads import _MAX_PIXELS, ACCEPTED, MAX_BYTES

pytestmark = pytest.mark.django_db


def _line(subject: str) -> str:
    found = re.search(rf"^\| {re.escape(subject)} \|(.*)\|$", text(), re.MULTILINE)
    assert found, subject
    return found[1]


def _numbers(subject: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", _line(subject))]


def test_the_numbers_of_the_document_are_those_in_force() -> None:
    limits = limits_of(factories.tenant())
    strength, _words = password_strength(factories.tenant())

    assert _numbers("Password") == [
        limits.password_minimum, limits.password_classes, 4, 10, strength,
        limits.password_history, limits.password_days,
    ]  # fmt: skip
    assert _numbers("Lock of an account, or of a name nobody has") == [limits.lock_after, limits.lock_minutes]
    assert _numbers("Lock of an address") == [limits.source_lock_after, limits.source_lock_minutes, 30]
    assert _numbers("First password handed out by an administrator") == [limits.first_password_hours]
    assert _numbers("Code to recover a password") == [limits.recovery_minutes, 5, 8]
    assert _numbers("Code that stands for consent") == [limits.confirmation_minutes, 5, 6]
    assert _numbers("Code to bind a new factor") == [limits.enrolment_hours]
    assert _numbers("Session without a request") == [limits.idle_minutes, limits.idle_minutes_citizen]
    assert _numbers("Longest session") == [limits.session_hours]
    assert _numbers("Second factor before a sensitive act") == [limits.fresh_factor_minutes]
    assert _numbers("Uploads") == [MAX_BYTES / 1024**2, _MAX_PIXELS / 10**6]
    assert _numbers("Form without its files") == [settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024**2]
    assert _numbers("Sessions of applications (single sign-on)") == [settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN / 60]
    assert all(kind in _line("Uploads") for kind in ACCEPTED.values())


def test_the_words_of_the_place_are_those_refused() -> None:
    _strength, words = password_strength(factories.tenant())

    assert _line("Words of the place").split("|")[0].split() == list(words)


def test_every_way_to_sign_in_is_named() -> None:
    """Addresses a stranger may post to below ``/accounts/``, besides those that end a session or only tell."""
    ways = {
        name for name, one in ADDRESSES.items() if one.route.startswith("/accounts/") and one.policy.kind == "public"
    } - {"account_logout", "account_inactive", "account_privacy", "account_recover"}

    assert ways == {
        "account_login", "mfa_authenticate", "account_certificate_login", "account_signup", "account_recover_finish",
    }  # fmt: skip
    assert all(f"`{name}`" in text() for name in ways)
    assert settings.AUTHENTICATION_BACKENDS == ["zhengtong.capabilities.identity.web.sign_in.AccountBackend"]


def test_what_is_encrypted_is_named() -> None:
    assert "`EncryptedTextField`" in text()
    assert "masked in lists" in text()
