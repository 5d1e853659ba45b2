"""Sign-in with certificates made by an independent program (OpenSSL): by signature and by the TLS connection."""

import base64
import dataclasses
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import services
from zhengtong.capabilities.identity.models import AccountCertificate, SignIn
from zhengtong.capabilities.identity.registry import certificate_checkers
from zhengtong.capabilities.identity.services.certificates import bind_certificate, end_certificate, read_certificate
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.openssl import KEYS, cms_signed, pair_of, signed
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue

pytestmark = pytest.mark.django_db


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Verdict:
    valid: bool = True
    reason: str = ""
    subject: str = "李二"
    serial: str = "1"
    person_id: uuid.UUID | None = None


@pytest.fixture
def verdict() -> Iterator[dict[str, _Verdict]]:
    """What the certificate service says; a test may change it."""
    said = {"now": _Verdict()}
    before = dict(certificate_checkers.items())
    certificate_checkers._items.clear()
    certificate_checkers.register("test", lambda _certificate: said["now"])
    yield said
    certificate_checkers._items.clear()
    certificate_checkers._items.update(before)


@pytest.fixture(params=sorted(KEYS))
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    """(kind, certificate, key) made by OpenSSL once a run."""
    return (request.param, *pair_of(request.param, tmp_path_factory))


@pytest.fixture
def ec(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    """The same for one kind where the kind does not matter."""
    return ("ec", *pair_of("ec", tmp_path_factory))


def _challenge(client: Client, name: str = "account_certificate_login") -> str:
    return str(client.get(reverse(name)).context["challenge"])


def _post(client: Client, certificate: Path, signature: str, **more: Any) -> Any:
    upload = SimpleUploadedFile("certificate.pem", certificate.read_bytes())
    given = {"certificate": upload, "signature": signature, **more}
    return client.post(reverse("account_certificate_login"), given)


def _clerk(verdict: dict[str, _Verdict]) -> Actor:
    actor = factories.official("clerk", "clerk")
    verdict["now"] = _Verdict(person_id=actor.person_id)
    return actor


def test_a_signature_opens_the_account(verdict: dict[str, _Verdict], pair: tuple[str, Path, Path]) -> None:
    kind, certificate, key = pair
    actor, client = _clerk(verdict), Client()

    response = _post(client, certificate, signed(kind, key, _challenge(client)))

    assert response.status_code == 302, response.content.decode()
    page = client.get(reverse("account_home"))
    assert page.status_code == 200
    assert "证书登录成功" in page.content.decode()
    assert SignIn.objects.get().outcome == "certificate"
    assert client.get(reverse("account_sessions")).status_code == 200
    assert actor.person_id


def test_a_text_is_good_once_and_for_five_minutes(verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]) -> None:
    kind, certificate, key = ec
    _clerk(verdict)
    first = Client()
    signature = signed(kind, key, _challenge(first))
    assert _post(first, certificate, signature).status_code == 302

    again = Client()
    _challenge(again)
    assert _post(again, certificate, signature).status_code == 422

    late = Client()
    signature = signed(kind, key, _challenge(late))
    session = late.session
    session["identity_certificate_challenge"] |= {"at": int(time.time()) - 301}
    session.save()
    assert _post(late, certificate, signature).status_code == 422
    assert SignIn.objects.filter(outcome="wrong_certificate").count() == 2
    assert "_auth_user_id" not in late.session


def test_a_stranger_with_the_certificate_only_opens_nothing_and_locks_nothing(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]
) -> None:
    _kind, certificate, _key = ec
    actor = _clerk(verdict)
    for signature in ("AAAA", "不是签名", "MEUCIQ==") * 3:
        client = Client()
        _challenge(client)
        assert _post(client, certificate, signature).status_code == 422

    assert factories.account_of(actor).locked_until is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (_Verdict(valid=False, reason="证书已经吊销。"), "证书已经吊销"),
        (_Verdict(), "没有绑定可用的账户"),
        (_Verdict(person_id=uuid.UUID(int=7)), "没有绑定可用的账户"),
    ],
)
def test_certificates_nobody_answers_for_are_refused(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], said: _Verdict, sentence: str
) -> None:
    kind, certificate, key = ec
    verdict["now"] = said
    client = Client()

    response = _post(client, certificate, signed(kind, key, _challenge(client)))

    assert sentence in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_without_a_certificate_service_nothing_opens(ec: tuple[str, Path, Path]) -> None:
    kind, certificate, key = ec
    before = dict(certificate_checkers.items())
    certificate_checkers._items.clear()
    client = Client()

    response = _post(client, certificate, signed(kind, key, _challenge(client)))

    certificate_checkers._items.update(before)
    assert "没有接入证书验证服务" in response.content.decode()


def test_a_locked_account_is_locked_for_certificates_too(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]
) -> None:
    kind, certificate, key = ec
    account = factories.account_of(_clerk(verdict))
    from zhengtong.capabilities.identity import services

    for _attempt in range(5):
        services.record_failure(account_id=account.pk, outcome="wrong_code")
    client = Client()

    assert "已锁定" in _post(client, certificate, signed(kind, key, _challenge(client))).content.decode()


def test_a_county_may_want_the_password_too(verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]) -> None:
    import datetime as dt

    kind, certificate, key = ec
    account = factories.account_of(_clerk(verdict))
    account.set_password(factories.PASSWORD)
    account.save()
    ParameterValue.objects.create(
        tenant=factories.tenant(),
        key="identity.certificate_alone",
        value=0,
        source="试行",
        valid_from=dt.date(2020, 1, 1),
    )
    client = Client()

    without = _post(client, certificate, signed(kind, key, _challenge(client)))
    with_it = _post(client, certificate, signed(kind, key, _challenge(client)), password=factories.PASSWORD)

    assert without.status_code == 422
    assert with_it.status_code == 302


def test_the_proxys_header_counts_only_from_the_proxy(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], settings: Any
) -> None:
    _kind, certificate, _key = ec
    _clerk(verdict)
    header = {"X-Client-Certificate": urllib.parse.quote(certificate.read_text())}
    there = reverse("account_certificate_login")

    assert Client().post(there, headers=header).status_code == 422  # not switched on
    settings.ZHENGTONG_CERTIFICATE_HEADER = "X-Client-Certificate"
    settings.ZHENGTONG_TRUSTED_PROXIES = ["10.0.0.1"]
    stranger = Client(REMOTE_ADDR="10.0.0.9").post(there, headers=header)
    proxied = Client(REMOTE_ADDR="10.0.0.1")

    assert stranger.status_code == 422
    assert "浏览器已出示" in proxied.get(there, headers=header).content.decode()
    assert proxied.post(there, headers=header).status_code == 302
    assert proxied.get(reverse("account_home")).status_code == 200


def test_the_owner_binds_with_his_key_and_unbinds(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], client: Client
) -> None:
    kind, certificate, key = ec
    factories.sign_in(client, factories.citizen())
    there = reverse("account_bind_certificate")

    def sent(signature: str) -> Any:
        upload = SimpleUploadedFile("certificate.pem", certificate.read_bytes())
        return client.post(there, {"certificate": upload, "signature": signature})

    _challenge(client, "account_bind_certificate")
    wrong = sent("AAAA")
    right = sent(signed(kind, key, _challenge(client, "account_bind_certificate")))
    other = Client()
    opened = _post(other, certificate, signed(kind, key, _challenge(other)))
    row = AccountCertificate.objects.get()
    assert "Li Er" in client.get(reverse("account_passkeys")).content.decode()
    client.post(reverse("account_end_certificate", args=[row.pk]))
    closed = Client()

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert opened.status_code == 302
    assert _post(closed, certificate, signed(kind, key, _challenge(closed))).status_code == 422


def test_who_binds_for_whom(verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]) -> None:
    _kind, certificate, _key = ec
    clerk, security = factories.official("clerk", "clerk"), factories.official("sec", "sec_admin")
    account = factories.account_of(clerk)
    given = certificate.read_bytes()

    with pytest.raises(NotPermitted):
        bind_certificate(actor=factories.citizen(), account_id=account.pk, certificate=given)
    with pytest.raises(Invalid, match="签名与证书不符"):
        bind_certificate(actor=clerk, account_id=account.pk, certificate=given)
    row = bind_certificate(actor=security, account_id=account.pk, certificate=given)
    with pytest.raises(Conflict):
        bind_certificate(actor=security, account_id=factories.account_of(factories.citizen()).pk, certificate=given)
    with pytest.raises(NotFound):
        end_certificate(actor=factories.citizen("王三", phone="13900000003"), certificate_id=row)
    verdict["now"] = _Verdict(person_id=uuid.UUID(int=7))
    with pytest.raises(Invalid, match="另一个人名下"):
        bind_certificate(actor=security, account_id=account.pk, certificate=given)
    end_certificate(actor=clerk, certificate_id=row)


@pytest.mark.parametrize("given", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused_with_a_sentence(given: bytes) -> None:
    with pytest.raises(Invalid, match="不是可以识别的数字证书"):
        read_certificate(given)


def test_a_held_key_does_not_buy_endless_passwords(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, certificate, key = ec
    account = factories.account_of(_clerk(verdict))
    monkeypatch.setattr("zhengtong.capabilities.identity.web.certificates.certificate_is_enough", lambda _tenant: False)
    client = Client()

    for _attempt in range(5):
        _post(client, certificate, signed(kind, key, _challenge(client)), password="x")

    account.refresh_from_db()
    assert services.lock_of(account)


def test_an_old_session_binds_nothing_before_the_owner_shows_himself_again(client: Client) -> None:
    factories.sign_in(client, factories.citizen())
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()

    answer = client.get(reverse("account_bind_certificate"))

    assert answer.status_code == 302
    assert reverse("account_reauthenticate") in answer["Location"]


@pytest.mark.parametrize(
    "options", [(), ("-nodetach",), ("-noattr",), ("-noattr", "-nodetach"), ("-nocerts",), ("-keyid",)]
)
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_what_the_middleware_of_a_usb_key_returns_opens_the_account(
    verdict: dict[str, _Verdict], tmp_path_factory: pytest.TempPathFactory, kind: str, options: tuple[str, ...]
) -> None:
    certificate, key = pair_of(kind, tmp_path_factory)
    _clerk(verdict)
    client = Client()

    response = _post(client, certificate, cms_signed(certificate, key, _challenge(client), *options).decode())

    assert response.status_code == 302, response.content.decode()
    assert SignIn.objects.get().outcome == "certificate"


def test_the_certificate_may_come_with_the_signature(verdict: dict[str, _Verdict], ec: tuple[str, Path, Path]) -> None:
    kind, certificate, key = ec
    _clerk(verdict)
    there = reverse("account_certificate_login")
    bare, without, whole = Client(), Client(), Client()

    no_certificate = bare.post(there, {"signature": signed(kind, key, _challenge(bare))})
    left_out = without.post(
        there, {"signature": cms_signed(certificate, key, _challenge(without), "-nocerts").decode()}
    )
    der = cms_signed(certificate, key, _challenge(whole), form="DER")
    opened = whole.post(there, {"signature": base64.b64encode(der).decode()})

    for refused in (no_certificate, left_out):
        assert refused.status_code == 422
        assert "请选择证书文件" in refused.content.decode()
    assert opened.status_code == 302


def test_a_message_for_another_text_or_by_another_key_opens_nothing(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _kind, certificate, key = ec
    _clerk(verdict)
    stranger, strange_key = pair_of("rsa", tmp_path_factory)
    for sign in (
        lambda text: cms_signed(certificate, key, text + "x"),
        lambda text: cms_signed(certificate, key, text + "x", "-nodetach"),
        lambda text: cms_signed(certificate, key, text + "x", "-noattr"),
        lambda text: cms_signed(stranger, strange_key, text),
        lambda text: cms_signed(certificate, key, text)[:-120] + b"-----END CMS-----",
    ):
        client = Client()
        assert _post(client, certificate, sign(_challenge(client)).decode()).status_code == 422
        assert "_auth_user_id" not in client.session


def test_the_owner_binds_with_what_the_middleware_returns(
    verdict: dict[str, _Verdict], ec: tuple[str, Path, Path], client: Client
) -> None:
    _kind, certificate, key = ec
    factories.sign_in(client, factories.citizen())
    challenge = _challenge(client, "account_bind_certificate")

    client.post(reverse("account_bind_certificate"), {"signature": cms_signed(certificate, key, challenge).decode()})

    assert AccountCertificate.objects.get().subject.startswith("Common Name: Li Er")
