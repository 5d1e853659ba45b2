"""Passwords: what is refused, what must not be, and that they count as typed."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.rules import password_problem
from zhengtong.capabilities.identity.services.passwords import refuse_weak_password
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.models import ParameterValue

GOOD = "qiao shan yue ban 石桥 2026!"
_PAGES = (
    "account_login",
    "account_signup",
    "account_change_password",
    "account_recover_finish",
    "account_reauthenticate",
)


def test_the_commonest_passwords_are_refused() -> None:
    commonest = FREQUENCY_LISTS["passwords"][:3000]
    passing = [one for one in commonest if password_problem(one, minimum=8, classes=1) is None]
    dressed = [f"{one.capitalize()}1!" for one in commonest[:300]]

    assert len(commonest) == 3000
    assert passing == []
    assert [one for one in dressed if password_problem(one, minimum=8, classes=1) is None] == []


def test_a_county_may_ask_for_no_kinds() -> None:
    assert password_problem("correcthorsebatterystaplegranite", minimum=10, classes=1) is None


@pytest.mark.parametrize("sign", [*" \t\"'<>;%\\/", "密", "é", "😀", "\u3000"])
def test_no_character_is_forbidden(sign: str) -> None:
    assert password_problem(f"Qi4o-sh{sign}n{sign}-yue-ban{sign}", minimum=10, classes=3) is None


@pytest.mark.django_db
@pytest.mark.parametrize("password", [f" {GOOD} ", GOOD + "长" * 60, "Aa1-" + "ziqu9wo4" * 100])
def test_a_password_counts_as_it_was_typed(password: str) -> None:
    person = factories.citizen(phone="13800000001")
    account = factories.account_of(person)
    refuse_weak_password(password, tenant=factories.tenant())
    account.set_password(password)
    account.save()

    def opens(typed: str) -> bool:
        return Client().post(reverse("account_login"), {"login": "13800000001", "password": typed}).status_code == 302

    assert opens(password)
    assert not any(opens(other) for other in (password.strip() + "x", password[:-1], password.swapcase()))


@pytest.mark.django_db
def test_a_citizens_password_stays_good() -> None:
    factories.citizen(phone="13800000001")
    client = Client()

    with time_machine.travel(now() + dt.timedelta(days=3650)):
        client.post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})

        assert client.get(reverse("account_home")).status_code == 200


@pytest.mark.django_db
def test_fields_are_masked_and_take_what_is_pasted() -> None:
    client = factories.sign_in(Client(), factories.official("clerk", "clerk"))
    stranger = Client()
    stranger.post(reverse("account_recover"), {"login": "nobody"})
    seen = 0
    for name in _PAGES:
        one = client if name in {"account_change_password", "account_reauthenticate"} else stranger
        for field in html.fromstring(one.get(reverse(name)).content).xpath("//input[contains(@name,'password')]"):
            seen += 1
            assert field.get("type") == "password"
            assert field.get("autocomplete") in {"current-password", "new-password"}
            assert not {"onpaste", "readonly", "maxlength"} & set(field.keys())

    assert seen >= 8


@pytest.mark.django_db
def test_first_passwords_are_drawn_for_each_installation() -> None:
    rows = [
        api.FirstAccount(username=f"keeper{n}", display_name="李二", org_code="G22", post_title=f"岗{n}", roles=())
        for n in range(20)
    ]
    factories.organisation()

    made = api.create_first_accounts(actor=system(factories.tenant()), rows=rows)

    assert len({one.password for one in made}) == len({one.totp_secret for one in made}) == 20
    assert all(len(one.password) == 16 for one in made)
    assert not Account.objects.filter(username__in=["admin", "root", "sa", "test"]).exists()
    assert all(account.must_change_password for account in Account.objects.all())


@pytest.mark.django_db
def test_a_countys_own_words_are_refused() -> None:
    ParameterValue.objects.create(
        tenant=factories.tenant(),
        key="identity.weak_words",
        value="hulupozhen",
        source="青禾县",
        valid_from=local_date(),
    )

    with pytest.raises(Invalid):
        refuse_weak_password("Hulupozhen1!", tenant=factories.tenant())


def test_there_are_no_hints_and_no_secret_questions() -> None:
    names = [field.name for model in (Account,) for field in model._meta.get_fields()]

    assert [name for name in names if re.search(r"hint|question|answer", name)] == []
