"""Signing in and out, the second factor, registration: through the pages."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api, services
from zhengtong.capabilities.identity.models import Account, Person, SignIn
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, anonymous, system

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"
WRONG = "Cuo-wu_2026abc"


def _official(must_change: bool = False) -> tuple[Account, str]:
    organisation = factories.organisation()
    row = api.FirstAccount(
        username="clerk", display_name="李二", org_code=organisation.code, post_title="窗口受理岗", roles=("clerk",)
    )
    [made] = api.create_first_accounts(actor=system(factories.tenant()), rows=[row], must_change=must_change)
    return Account.objects.get(username="clerk"), made.password


def _sign_in(client: Client, login: str, password: str = factories.PASSWORD) -> object:
    return client.post(reverse("account_login"), {"login": login, "password": password})


def _text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


@pytest.mark.parametrize("login", ["13800000001", NUMBER, "11010519491231002x", "138 0000 0001"])
def test_a_citizen_signs_in_with_telephone_or_citizen_number(client: Client, login: str) -> None:
    factories.citizen(number=NUMBER)

    response = _sign_in(client, login)

    assert response.status_code == 302  # type: ignore[attr-defined]  # a test response
    assert client.get(reverse("account_home")).status_code == 200
    assert SignIn.objects.get().outcome == "signed_in"


def test_the_session_key_changes_when_signing_in(client: Client) -> None:
    factories.citizen(number=NUMBER)
    _sign_in(client, "13800000001", WRONG)
    client.get(reverse("account_login"))
    before = client.session.session_key

    _sign_in(client, "13800000001")

    assert client.session.session_key != before


def test_a_shared_telephone_leads_each_to_his_own_account(client: Client) -> None:
    factories.citizen("张一", number=NUMBER)
    api.register_citizen(
        actor=anonymous(factories.tenant()),
        name="张三",
        citizen_number="440524188001010014",
        phone="13800000001",
        password="Ling-wai_2026q",
        consent=True,
    )

    _sign_in(client, "13800000001", "Ling-wai_2026q")

    assert "张三" in _text(client.get(reverse("account_home")))


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client) -> None:
    factories.citizen(number=NUMBER)

    wrong = _text(_sign_in(client, NUMBER, WRONG))
    unknown = _text(_sign_in(client, "nobody", WRONG))

    sentence = "账号或密码不正确"
    assert sentence in wrong
    assert sentence in unknown
    assert NUMBER in wrong
    assert WRONG not in wrong


def test_five_wrong_passwords_lock_also_for_the_right_one(client: Client) -> None:
    factories.citizen(number=NUMBER)
    for _attempt in range(4):
        _sign_in(client, NUMBER, WRONG)
    fifth = _sign_in(client, NUMBER, WRONG)

    right = _sign_in(client, NUMBER)

    assert "已锁定" in _text(fifth)
    assert "已锁定" in _text(right)
    assert "_auth_user_id" not in client.session


def test_an_official_needs_password_and_code(client: Client) -> None:
    _account, password = _official()

    response = _sign_in(client, "clerk", password)
    assert response.url == reverse("mfa_authenticate")  # type: ignore[attr-defined]  # a test response
    assert "_auth_user_id" not in client.session
    page = client.get(reverse("mfa_authenticate"))
    assert "动态口令" in _text(page)
    code = api.totp_code("clerk", tenant=factories.tenant())
    response = client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})

    assert response.status_code == 302
    assert "窗口受理岗" in _text(client.get(reverse("account_home")))


def test_a_code_does_not_open_a_second_session(client: Client) -> None:
    _account, password = _official()
    _sign_in(client, "clerk", password)
    code = api.totp_code("clerk", tenant=factories.tenant())
    client.post(reverse("mfa_authenticate"), {"code": code})
    thief = Client()
    _sign_in(thief, "clerk", password)

    response = thief.post(reverse("mfa_authenticate"), {"code": code})

    assert "已经用过" in _text(response)
    assert "_auth_user_id" not in thief.session


def test_codes_cannot_be_guessed_without_end(client: Client) -> None:
    account, password = _official()
    for _attempt in range(3):
        _sign_in(client, "clerk", password)
        client.post(reverse("mfa_authenticate"), {"code": "x"})
        client.post(reverse("account_logout"))
    _sign_in(client, "clerk", password)
    client.post(reverse("mfa_authenticate"), {"code": "x"})
    response = client.post(reverse("mfa_authenticate"), {"code": "x"})

    assert "动态口令不正确" in _text(response)
    account.refresh_from_db()
    assert services.lock_of(account)
    assert "已锁定" in _text(client.post(reverse("mfa_authenticate"), {"code": "x"}))


def test_an_official_without_second_factor_enrols_before_anything_else(client: Client) -> None:
    account, password = _official()
    code = services.reset_second_factor(actor=system(factories.tenant()), account_id=account.pk, reason="手机丢失").code
    _sign_in(client, "clerk", password)

    response = client.get(reverse("account_home"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("mfa_activate_totp"))
    page = client.get(response.url)
    assert "<svg" not in _text(page)
    assert "data:image/svg+xml;base64," in _text(page)
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000x", "enrolment_code": code})
    assert "动态口令不正确" in _text(wrong)
    right = _code_of(client.session["mfa.totp.secret"])
    without = client.post(reverse("mfa_activate_totp"), {"code": right, "enrolment_code": "AAAA-AAAA-AAAA"})
    assert "开通码不正确" in _text(without)
    response = client.post(reverse("mfa_activate_totp"), {"code": right, "enrolment_code": code.lower()})

    assert response.url == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", _text(client.get(response.url)))
    assert len(codes) == 10
    assert re.findall(r"<code>(\d{4} \d{4})</code>", _text(client.get(response.url))) == []
    assert client.get(reverse("account_home")).status_code == 200
    other = Client()
    _sign_in(other, "clerk", password)
    other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert "_auth_user_id" in other.session
    assert client.get(reverse("mfa_activate_totp")).url == reverse("account_home")


def test_a_session_older_than_the_second_factor_ends(client: Client) -> None:
    account, _password = _official()
    factories.sign_in(client, api.find_actor("clerk"), second_factor=False)

    response = client.get(reverse("account_home"))

    assert response.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert account.is_active


def test_a_first_password_is_changed_first(client: Client) -> None:
    _account, password = _official(must_change=True)
    _sign_in(client, "clerk", password)
    client.post(reverse("mfa_authenticate"), {"code": api.totp_code("clerk", tenant=factories.tenant())})
    response = client.get(reverse("account_home"))
    assert response.url.startswith(reverse("account_change_password"))

    response = client.post(
        response.url, {"old_password": password, "password": "Xin-Mi_Ma9876", "password_again": "Xin-Mi_Ma9876"}
    )

    assert response.url == reverse("account_home")
    assert client.get(reverse("account_home")).status_code == 200


def test_a_closed_account_is_told_so(client: Client) -> None:
    actor = factories.citizen(number=NUMBER)
    Account.objects.filter(person_id=actor.person_id).update(is_active=False)

    response = _sign_in(client, NUMBER)

    assert response.url == reverse("account_inactive")  # type: ignore[attr-defined]  # a test response
    assert "已经停用" in _text(client.get(reverse("account_inactive")))
    assert "_auth_user_id" not in client.session


def test_an_account_of_another_tenant_is_unknown_here(client: Client) -> None:
    actor = factories.citizen(number=NUMBER)
    account = factories.account_of(actor)
    factories.sign_in(client, actor)
    Account.objects.filter(pk=account.pk).update(tenant="980724")

    assert client.get(reverse("account_home")).status_code == 302
    assert "账号或密码不正确" in _text(_sign_in(Client(), NUMBER))


def test_registration_opens_a_session_and_keeps_what_was_typed_on_error(client: Client) -> None:
    given = {"name": "张一", "citizen_number": NUMBER, "phone": "123", "password": WRONG, "password_again": WRONG}

    empty = client.post(reverse("account_signup"), given)
    bad = client.post(reverse("account_signup"), {**given, "consent": "on"})
    good = client.post(reverse("account_signup"), {**given, "phone": "13800000001", "consent": "on"})

    assert bad.status_code == 422
    page = _text(bad)
    assert 'value="张一"' in page
    assert f'value="{NUMBER}"' in page
    assert WRONG not in page
    assert "请填写 11 位手机号" in page
    assert "请先阅读并同意" in _text(empty)
    assert good.status_code == 302
    assert "张一" in _text(client.get(reverse("account_home")))
    assert Person.objects.count() == 1


def test_two_different_passwords_are_refused(client: Client) -> None:
    response = client.post(
        reverse("account_signup"),
        {
            "name": "张一",
            "citizen_number": NUMBER,
            "phone": "13800000001",
            "password": WRONG,
            "password_again": "x",
            "consent": "on",
        },
    )

    assert "两次输入的密码不一致" in _text(response)
    assert not Person.objects.exists()


def test_after_signing_in_one_stays_on_this_site(client: Client) -> None:
    factories.citizen(number=NUMBER)

    inside = client.post(
        reverse("account_login") + "?next=/accounts/identity/", {"login": NUMBER, "password": factories.PASSWORD}
    )
    outside = Client().post(
        reverse("account_login") + "?next=https://evil.example/", {"login": NUMBER, "password": factories.PASSWORD}
    )

    assert inside.url == "/accounts/identity/"
    assert outside.url == reverse("service_hall:home")


def test_signing_out_is_a_post(client: Client) -> None:
    factories.sign_in(client, factories.citizen())

    assert client.get(reverse("account_logout")).status_code == 405
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_citizen_may_have_a_second_factor_too(client: Client) -> None:
    actor: Actor = factories.citizen(number=NUMBER)
    _sign_in(client, NUMBER)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200

    client.post(reverse("mfa_activate_totp"), {"code": _code_of(client.session["mfa.totp.secret"])})

    response = _sign_in(Client(), NUMBER)
    assert response.url == reverse("mfa_authenticate")  # type: ignore[attr-defined]  # a test response
    assert factories.account_of(actor).totp_step > 0


def _code_of(secret: str) -> str:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
