"""Open sessions: seen by their owner, ended at the next request, one at a time for administrators."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.rules import device_name
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


def _opened(login: str, **extra: str) -> Client:
    client = Client(**extra)
    client.post(reverse("account_login"), {"login": login, "password": factories.PASSWORD})
    return client


def test_a_person_sees_his_sessions_and_ends_one(client: Client) -> None:
    factories.citizen(phone="13800000001")
    here = _opened("13800000001", REMOTE_ADDR="10.0.0.1")
    there = _opened("13800000001", REMOTE_ADDR="10.0.0.2", HTTP_USER_AGENT=EDGE)

    page = here.get(reverse("account_sessions")).content.decode()
    other = UserSession.objects.get(ip="10.0.0.2")
    here.post(reverse("account_end_session", args=[other.pk]))

    assert "Windows 电脑，Edge" in page
    assert "10.0.0.2" in page
    assert "本次登录" in page
    assert there.get(reverse("account_home")).status_code == 302
    assert here.get(reverse("account_home")).status_code == 200
    assert Entry.objects.filter(act="identity.session_ended").count() == 1


def test_all_others_end_at_once() -> None:
    factories.citizen(phone="13800000001")
    clients = [_opened("13800000001") for _place in range(3)]

    clients[0].post(reverse("account_end_other_sessions"))

    assert [one.get(reverse("account_home")).status_code for one in clients] == [200, 302, 302]


def test_nobody_ends_the_session_of_another() -> None:
    factories.citizen(phone="13800000001")
    factories.citizen("王三", phone="13900000003")
    mine, his = _opened("13800000001"), _opened("13900000003")
    row = UserSession.objects.get(session_key=his.session.session_key)

    response = mine.post(reverse("account_end_session", args=[row.pk]))

    assert response.status_code == 404
    assert his.get(reverse("account_home")).status_code == 200


def _administrator_signs_in(password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": "sys", "password": password})
    Account.objects.filter(username="sys").update(totp_step=0)  # the next code of the same half minute may be used
    client.post(reverse("mfa_authenticate"), {"code": api.totp_code("sys", tenant=factories.tenant())})
    return client


def test_an_administrator_has_one_session() -> None:
    factories.official("sys", "sys_admin")
    account = Account.objects.get(username="sys")
    account.set_password(factories.PASSWORD)
    account.save()

    first = _administrator_signs_in(factories.PASSWORD)
    assert first.get(reverse("account_home")).status_code == 200
    second = _administrator_signs_in(factories.PASSWORD)

    assert second.get(reverse("account_home")).status_code == 200
    assert first.get(reverse("account_home")).status_code == 302


def test_a_session_is_listed_under_its_new_key_after_enrolment(client: Client) -> None:
    actor = factories.citizen(phone="13800000001")
    here = _opened("13800000001")
    account = factories.account_of(actor)

    here.get(reverse("mfa_activate_totp"))
    from zhengtong.capabilities.identity.tests.test_web_entrance import _code_of

    here.post(reverse("mfa_activate_totp"), {"code": _code_of(here.session["mfa.totp.secret"])})
    page = here.get(reverse("account_sessions")).content.decode()

    assert UserSession.objects.filter(user=account).count() == 1
    assert "本次登录" in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (EDGE, "Windows 电脑，Edge"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0 Chrome/120", "安卓设备，微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "苹果手机，Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Firefox/115.0", "统信电脑，Firefox"),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_devices_have_names_people_know(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_a_session_is_listed_under_its_new_key_after_a_new_password() -> None:
    actor = factories.citizen(phone="13800000001")
    here = _opened("13800000001")
    new = "Xin-Mi_Ma9876"
    given = {"old_password": factories.PASSWORD, "password": new, "password_again": new}

    assert here.post(reverse("account_change_password"), given).status_code == 302

    keys = UserSession.objects.filter(user=factories.account_of(actor)).values_list("session_key", flat=True)
    assert here.session.session_key in keys


def test_showing_again_who_one_is_gives_the_session_another_key() -> None:
    client = factories.sign_in(Client(), factories.official("clerk", "clerk"))
    client.get(reverse("account_home"))
    before, row = client.session.session_key, UserSession.objects.get()
    thief = Client()
    thief.cookies["sessionid"] = before
    code = api.totp_code("clerk", tenant=factories.tenant())

    client.post(reverse("account_step_up"), {"fresh_factor_code": code})

    assert client.session.session_key != before
    assert client.get(reverse("account_home")).status_code == 200
    assert thief.get(reverse("account_home")).status_code == 302
    row.refresh_from_db()
    assert row.session_key == client.session.session_key


def test_an_old_sign_in_asks_for_the_password_before_it_ends_others() -> None:
    factories.citizen(phone="13800000001")
    here, there = _opened("13800000001"), _opened("13800000001")
    session = here.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()

    answer = here.post(reverse("account_end_other_sessions"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert there.get(reverse("account_home")).status_code == 200
    here.post(answer["Location"], {"password": factories.PASSWORD})
    assert there.get(reverse("account_home")).status_code == 302
