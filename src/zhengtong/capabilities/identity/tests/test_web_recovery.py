"""A forgotten password: codes go only to the owner, and the answer never tells who has an account."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account, PasswordRecovery, Person, SignIn
from zhengtong.capabilities.identity.services import one_time_codes
from zhengtong.capabilities.identity.services.recovery import start_recovery
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db

NEW = "Xin-Mi_Ma9876"


def _code(sent: list[tuple[uuid.UUID, str]]) -> str:
    found = re.search(r"验证码 (\d{8})", sent[-1][1])
    assert found
    return found[1]


def _ask(client: Client, login: str) -> Any:
    return client.post(reverse("account_recover"), {"login": login}, follow=True)


def _finish(client: Client, code: str, password: str = NEW, **more: str) -> Any:
    given = {"code": code, "password": password, "password_again": password, **more}
    return client.post(reverse("account_recover_finish"), given)


def test_a_citizen_sets_a_new_password_and_is_signed_out_elsewhere(
    client: Client, sent: list[tuple[uuid.UUID, str]]
) -> None:
    actor = factories.citizen(phone="13800000001", proved=True)
    elsewhere = factories.sign_in(Client(), actor)
    elsewhere.get(reverse("account_home"))

    _ask(client, "13800000001")
    response = _finish(client, _code(sent))

    assert response["Location"] == reverse("account_login")
    assert factories.account_of(actor).check_password(NEW)
    assert elsewhere.get(reverse("account_home")).status_code == 302
    assert sent[0][0] == actor.person_id
    assert {e.act for e in Entry.objects.all()} >= {"identity.password_recovery_sent", "identity.password_recovered"}
    assert _code(sent) not in str(list(Entry.objects.values()))
    assert client.get(reverse("account_recover_finish"))["Location"] == reverse("account_recover")


def test_no_code_goes_to_a_number_nobody_has_proved_to_have(client: Client, sent: list[tuple[uuid.UUID, str]]) -> None:
    actor = factories.citizen(phone="13800000001")
    page = _ask(client, "13800000001")
    Person.objects.filter(pk=actor.person_id).update(verified_phone_index="of another number")
    _ask(client, "13800000001")

    assert sent == []
    assert "政务服务大厅" in page.content.decode()
    assert _finish(client, "00000000").status_code == 422


def test_nothing_tells_whether_there_is_an_account(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    closed = factories.citizen("王三", phone="13900000003", proved=True)
    Account.objects.filter(person_id=closed.person_id).update(is_active=False)
    pages = []

    for login in ("13800000001", "13900000003", "nobody"):
        client = Client()
        page = _ask(client, login).content.decode()
        wrong = _finish(client, "00000000").content.decode()
        pages.append([re.sub(r'value="[^"]{60,}"', "", text) for text in (page, wrong)])

    assert pages[0] == pages[1] == pages[2]
    assert len(sent) == 1


def test_a_code_is_good_once_for_ten_minutes_and_five_tries(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        late = Client()
        _ask(late, "13800000001")
        clock.shift(dt.timedelta(minutes=10, seconds=1))
        assert _finish(late, _code(sent)).status_code == 422

        guessed = Client()
        _ask(guessed, "13800000001")
        for _attempt in range(5):
            _finish(guessed, "x")
        assert _finish(guessed, _code(sent)).status_code == 422

        clock.shift(dt.timedelta(minutes=2))
        good = Client()
        _ask(good, "13800000001")
        key = good.session["identity_recovery"]
        assert _finish(good, _code(sent)).status_code == 302
        session = good.session
        session["identity_recovery"] = key
        session.save()
        assert _finish(good, _code(sent), "Ling-wai_2026q").status_code == 422


def test_an_official_needs_his_second_factor_too(client: Client, sent: list[tuple[uuid.UUID, str]]) -> None:
    actor = factories.official("clerk", "clerk")
    _ask(client, "clerk")

    without = _finish(client, _code(sent))
    with_it = _finish(client, _code(sent), factor_code=api.totp_code("clerk", tenant=factories.tenant()))

    assert without.status_code == 422
    assert "动态口令不正确" in without.content.decode()
    assert with_it.status_code == 302
    assert factories.account_of(actor).check_password(NEW)


def test_a_weak_or_former_password_is_refused_and_the_code_stays_good(
    client: Client, sent: list[tuple[uuid.UUID, str]]
) -> None:
    factories.citizen(phone="13800000001", proved=True)
    _ask(client, "13800000001")

    assert "密码太短" in _finish(client, _code(sent), "Ab1!").content.decode()
    assert "用过的密码相同" in _finish(client, _code(sent), factories.PASSWORD).content.decode()
    assert _finish(client, _code(sent)).status_code == 302


def _start(address: str) -> None:
    start_recovery(tenant=factories.tenant(), typed="13800000001", address=address)


def test_codes_are_not_sent_without_end(sent: list[tuple[uuid.UUID, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    factories.citizen(phone="13800000001", proved=True)
    monkeypatch.setattr(one_time_codes, "make_password", lambda _text: "x")  # hashing takes most of the time
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        for attempt in range(60):  # a stranger who tries every minute of an hour, from ever other addresses
            _start(f"10.0.0.{attempt}")
            _start(f"10.0.1.{attempt}")
            clock.shift(dt.timedelta(seconds=61))
        after_an_hour = len(sent)
        for attempt in range(60):
            _start(f"10.0.2.{attempt}")
            clock.shift(dt.timedelta(minutes=10))

    assert after_an_hour == 7  # at 0, 1, 3, 7, 15, 30 and 45 minutes
    assert len(sent) == 10


def test_one_address_gets_few_codes_for_an_account(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        for _attempt in range(8):
            _start("10.0.0.1")
            clock.shift(dt.timedelta(minutes=16))
        assert len(sent) == 3
        clock.shift(dt.timedelta(days=1))
        _start("10.0.0.1")

    assert len(sent) == 4


def test_a_strangers_wrong_codes_close_nothing_of_the_owners(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        owner, stranger = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.6.6.6")
        _ask(owner, "13800000001")
        code = _code(sent)
        clock.shift(dt.timedelta(seconds=61))
        _ask(stranger, "13800000001")
        for guess in range(20):
            assert _finish(stranger, f"{guess:08d}").status_code == 422
        assert "16:00" in owner.get(reverse("account_recover_finish")).content.decode()
        assert "16:00" in sent[0][1]

        assert _finish(owner, code).status_code == 302
        assert _finish(stranger, _code(sent), "Ling-wai_2026q").status_code == 422  # the owner has closed the rest


def test_asking_again_too_soon_keeps_the_code_that_was_sent(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    factories.citizen("王三", phone="13900000003", proved=True)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        owner = Client()
        _ask(owner, "13800000001")
        clock.shift(dt.timedelta(seconds=30))
        _ask(owner, "13800000001")
        clock.shift(dt.timedelta(seconds=20))
        key = owner.session["identity_recovery"]
        _ask(owner, "13900000003")  # another account: its own attempt

        assert len(sent) == 2
        assert owner.session["identity_recovery"] != key
        _ask(owner, "13800000001")
        assert _finish(owner, _code(sent[:1])).status_code == 422
        session = owner.session
        session["identity_recovery"] = key
        session.save()
        assert _finish(owner, _code(sent[:1])).status_code == 302


def test_a_code_opens_only_where_it_was_asked_for(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        stranger, owner = Client(REMOTE_ADDR="10.6.6.6"), Client(REMOTE_ADDR="10.1.1.1")
        _ask(stranger, "13800000001")
        theirs = _code(sent)
        clock.shift(dt.timedelta(seconds=61))
        _ask(owner, "13800000001")

        assert _finish(owner, theirs).status_code == 422
        assert _finish(owner, _code(sent)).status_code == 302


def test_strangers_cannot_use_up_what_the_owner_may_ask_for(sent: list[tuple[uuid.UUID, str]]) -> None:
    account = factories.account_of(factories.citizen(phone="13800000001", proved=True))
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        SignIn.objects.create(tenant=account.tenant, account=account, outcome="signed_in", address="10.1.1.1")
        for attempt in range(40):
            _start(f"10.6.6.{attempt}")
            clock.shift(dt.timedelta(minutes=8))
        strangers = len(sent)
        _start("10.6.6.250")
        owner = Client(REMOTE_ADDR="10.1.1.1")
        _ask(owner, "13800000001")
        answer = _finish(owner, _code(sent))

    assert strangers == 10
    assert len(sent) == 11
    assert answer.status_code == 302
    assert PasswordRecovery.objects.filter(closed_at__isnull=True).count() == 0


def test_tries_at_the_same_moment_count_before_the_code_is_looked_at(
    sent: list[tuple[uuid.UUID, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.citizen(phone="13800000001", proved=True)
    client = Client()
    _ask(client, "13800000001")
    code, looked = _code(sent), []
    during: list[int] = []

    def slow(typed: str, encoded: str) -> bool:
        looked.append(typed)
        during.append(PasswordRecovery.objects.get().wrong_codes)
        return False

    monkeypatch.setattr(one_time_codes, "check_password", slow)
    for _attempt in range(5):
        _finish(client, "00000000")
    monkeypatch.undo()

    assert during == [1, 2, 3, 4, 5]
    assert _finish(client, code).status_code == 422


def test_a_shared_telephone_needs_the_citizen_number(sent: list[tuple[uuid.UUID, str]]) -> None:
    factories.citizen(phone="13800000001", proved=True)
    number = factories.citizen_number()
    second = factories.citizen("张三", number=number, phone="13800000001", proved=True)

    start_recovery(tenant=factories.tenant(), typed="13800000001")
    assert sent == []
    start_recovery(tenant=factories.tenant(), typed=number)

    assert [person for person, _text in sent] == [second.person_id]


def test_the_time_of_the_answer_does_not_tell_either(
    sent: list[tuple[uuid.UUID, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.citizen(phone="13800000001", proved=True)
    hashed: list[str] = []
    one_time_codes._nobodys_code()
    monkeypatch.setattr(one_time_codes, "make_password", lambda text: hashed.append(text) or "x")
    known, nobody = Client(), Client()
    for client, login in ((known, "13800000001"), (nobody, "nobody")):
        _ask(client, login)
    hashed.clear()

    for client in (known, nobody):
        _finish(client, "00000000")

    assert hashed == []
