"""An installation in earnest starts safe: nothing of a developer's or the demonstration's, no plain connection."""

import os
import re
import smtplib
import ssl
import subprocess
import sys
import urllib.parse
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core.mail.backends.smtp import EmailBackend
from django.test import RequestFactory

from tests.fitness.tree import REPOSITORY
from zhengtong.capabilities.exchange.plugins import http as upward
from zhengtong.entry.commands.run import children
from zhengtong.entry.runtime.database_address import checked_address, on_this_machine
from zhengtong.entry.runtime.problems import StartProblem

_NEEDED = {
    "DATABASE_URL": "postgresql://zt_app@/zhengtong?host=/run/postgresql",
    "ZHENGTONG_SECRET_KEY": "x" * 60,
    "ZHENGTONG_FIELD_KEY": "0" * 64,
    "ZHENGTONG_KEYSTORE_PASSPHRASE": "x" * 40,
    "ZHENGTONG_DEMO": "0",
    "ZHENGTONG_HTTPS": "1",
}


def _asked(question: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """What the settings of an installation answer, in a process of its own."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    code = f"from zhengtong.entry.settings import base as s; print({question})"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**inherited, "PYTHONPATH": os.pathsep.join(sys.path), **_NEEDED, **changed},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_debugging_cannot_be_switched_on() -> None:
    tried = {"DEBUG": "1", "DJANGO_DEBUG": "1", "PYTHONDEVMODE": "0"}

    said = _asked("getattr(s, 'DEBUG', False), 'debug' in ' '.join(s.INSTALLED_APPS + s.MIDDLEWARE).lower()", **tried)

    assert said.stdout.split() == ["False", "False"], said.stderr
    settings = REPOSITORY / "src" / "zhengtong" / "entry" / "settings"
    assert not [path for path in settings.glob("*.py") if re.search(r"^\s*DEBUG\s*=", path.read_text(), re.M)]


def test_an_installation_in_earnest_holds_nothing_of_the_demonstration() -> None:
    question = "s.ZHENGTONG_SIMULATED_GATEWAY, s.ZHENGTONG_UPPER_WAY, s.ZHENGTONG_SMS_GATEWAY, s.ZHENGTONG_CLOCK_FILE"

    said = _asked(question, ZHENGTONG_CLOCK_FILE="/somewhere/clock")

    assert said.stdout.rstrip("\n") == "False   ", said.stderr


def test_the_gallery_and_the_simulator_have_no_address_in_earnest() -> None:
    code = (
        "import django; django.setup();"
        "from django.urls import get_resolver, NoReverseMatch, reverse;"
        "print([name for name in ('ui-gallery',) if name in get_resolver().reverse_dict])"
    )
    environment = {**_NEEDED, "DJANGO_SETTINGS_MODULE": "zhengtong.entry.settings.base"}
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    said = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env={**inherited, "PYTHONPATH": os.pathsep.join(sys.path), **environment, "ZHENGTONG_DEMO": demo},
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for demo in ("0", "1")
    ]  # fmt: skip

    assert said == ["[]", "['ui-gallery']"]


@pytest.mark.parametrize("missing", ["ZHENGTONG_SECRET_KEY", "ZHENGTONG_FIELD_KEY", "ZHENGTONG_KEYSTORE_PASSPHRASE"])
def test_no_secret_has_a_default(missing: str) -> None:
    environment = {name: value for name, value in _NEEDED.items() if name != missing}
    code = "from zhengtong.entry.settings import base"

    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert said.returncode != 0
    assert missing in said.stderr


def test_cookies_go_over_https_only_and_to_no_script() -> None:
    said = _asked("s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS")

    assert said.stdout.split() == ["True", "True", "True", "31536000"]


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql://a:b@db.example/zt", "verify-full"),
        ("postgresql://a@/zt?host=db1.example,db2.example&target_session_attrs=read-write", "verify-full"),
        ("postgresql://a@/zt?host=/run/postgresql,db2.example", "verify-full"),
        ("postgresql://a@db.example/zt?sslmode=verify-ca", "verify-ca"),
        ("postgresql://a@db.example/zt?sslmode=require", "require"),
        ("postgresql://a@/zt?host=/run/postgresql", ""),
        ("postgresql://a@127.0.0.1:5432/zt", ""),
        ("postgresql://a@[::1]/zt", ""),
    ],
)
def test_a_database_elsewhere_shows_its_certificate(address: str, mode: str) -> None:
    found = urllib.parse.parse_qs(urllib.parse.urlsplit(checked_address(address)).query)

    assert found.get("sslmode", [""]) == [mode]
    kept = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert {**found, "sslmode": kept.get("sslmode")} == {**kept, "sslmode": kept.get("sslmode")}


@pytest.mark.parametrize("mode", ["prefer", "allow"])
def test_a_mode_that_falls_back_to_plain_text_is_refused(mode: str) -> None:
    with pytest.raises(StartProblem, match="悄悄改用明文"):
        checked_address(f"postgresql://a@db.example/zt?sslmode={mode}")


def test_the_settings_use_the_checked_address() -> None:
    said = _asked("s.DATABASES['default']['OPTIONS']['sslmode']", DATABASE_URL="postgresql://a:b@db.example/zt")

    assert said.stdout.strip() == "verify-full", said.stderr


@pytest.mark.parametrize(
    ("changed", "starts"),
    [
        ({}, False),
        ({"ZHENGTONG_SMTP_TLS": "1"}, True),
        ({"ZHENGTONG_SMTP_SSL": "1"}, True),
        ({"ZHENGTONG_SMTP_HOST": "127.0.0.1"}, True),
        ({"ZHENGTONG_SMTP_PASSWORD": ""}, True),
    ],
)
def test_a_mail_password_is_never_sent_in_plain_text(changed: dict[str, str], starts: bool) -> None:
    given = {"ZHENGTONG_SMTP_HOST": "mail.example", "ZHENGTONG_SMTP_USER": "u", "ZHENGTONG_SMTP_PASSWORD": "p"}

    said = _asked("'started'", **{**given, **changed})

    assert (said.stdout.strip() == "started") is starts
    assert starts or "明文" in said.stderr


def test_what_is_here_and_what_is_elsewhere() -> None:
    assert on_this_machine("/run/postgresql")
    assert on_this_machine("127.0.0.1,::1")
    assert not on_this_machine("127.0.0.1,10.0.0.7")
    assert not on_this_machine("127.0.0.1.evil.example")


def test_tls_clients_check_name_and_chain() -> None:
    mail = EmailBackend(host="mail.example", use_tls=True)
    upper = upward._connection(urllib.parse.urlsplit("https://upper.example/api"))
    context = upper._context  # type: ignore[attr-defined]  # the standard library keeps it so

    for each in (mail.ssl_context, context, ssl.create_default_context()):
        assert each.verify_mode is ssl.CERT_REQUIRED
        assert each.check_hostname
        assert each.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_mail_goes_to_no_server_that_offers_no_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Plain(smtplib.SMTP):
        """A server that knows no STARTTLS."""

        def __init__(self, *_args: Any, **_more: Any) -> None:
            self.esmtp_features = {"auth": "PLAIN"}

        def ehlo_or_helo_if_needed(self) -> None:
            """Greeted already."""

        def login(self, *_args: Any, **_more: Any) -> tuple[int, bytes]:
            said.append("login")
            return 235, b""

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(EmailBackend, "connection_class", Plain)

    with pytest.raises(smtplib.SMTPNotSupportedError):
        EmailBackend(host="mail.example", use_tls=True, username="u", password="p", fail_silently=False).open()

    assert not said


def test_the_server_listens_on_this_machine_unless_told_otherwise_and_logs_no_addresses() -> None:
    argv = list(children("127.0.0.1", 8000, 2)[0].argv)

    assert argv[argv.index("--host") + 1] == "127.0.0.1"
    assert "--no-ws" in argv
    assert not {"--reload", "--access-log", "--static-path-mount"} & set(argv)


def test_the_administrators_pages_of_django_are_not_there() -> None:
    said = _asked("[a for a in s.INSTALLED_APPS if 'admin' in a or 'debug' in a or 'silk' in a]")

    # Wagtail's screens for writing pages: which of them are open says systems/sites/web/content.py
    assert said.stdout.strip() == "['wagtail.admin']"


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (0, "10.9.9.9", "127.0.0.1"),
        (0, None, "127.0.0.1"),
    ],
)
def test_only_the_proxys_word_counts_for_the_address(
    rf: RequestFactory, settings: Any, count: int, forwarded: str | None, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    request = rf.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})

    assert get_adapter().get_client_ip(request) == address


def test_one_proxy_is_trusted_where_https_is_set_and_none_elsewhere() -> None:
    question = "s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SECURE_PROXY_SSL_HEADER is not None"

    assert _asked(question).stdout.split() == ["1", "True"]
    assert _asked(question, ZHENGTONG_HTTPS="0").stdout.split() == ["0", "False"]
