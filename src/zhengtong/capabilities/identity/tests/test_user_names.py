"""User names are unique in a county; the same name in another county is another account."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.core import checks
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.selectors import accounts_for_sign_in
from zhengtong.capabilities.identity.services import create_staff_account
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db

THERE = "980724"


def _elsewhere(username: str, name: str = "远甲") -> Account:
    """An official of the same user name in the other county."""
    boss = system(THERE)
    api.import_organisations(actor=boss, rows=[api.OrganisationRow(org_code="G22", name="青苗县市场监督管理局")])
    row = api.FirstAccount(username=username, display_name=name, org_code="G22", post_title="岗", roles=("clerk",))
    api.create_first_accounts(actor=boss, rows=[row], must_change=False)
    return Account.objects.get(tenant=THERE, username=username)


def _with_password(account: Account, password: str) -> Account:
    account.set_password(password)
    account.save(update_fields=["password"])
    return account


def test_two_counties_may_use_one_name_and_each_finds_its_own() -> None:
    far = _elsewhere("clerk")
    near = factories.official("clerk", "clerk", name="李二")

    assert [one.person.name for one in accounts_for_sign_in(factories.tenant(), "clerk")] == ["李二"]
    assert [one.person.name for one in accounts_for_sign_in(THERE, "clerk")] == ["远甲"]
    assert api.find_actor("clerk").person_id == near.person_id
    assert api.find_actor("clerk", tenant=THERE).person_id == far.person_id
    assert Account.objects.get_by_natural_key("clerk").tenant == factories.tenant()


def test_in_one_county_a_name_is_taken_once() -> None:
    keeper = office.system_administrator()
    create_staff_account(actor=keeper, name="赵新", username="zhao.xin")
    _elsewhere("qian.xin")

    with pytest.raises(Conflict, match="用户名"):
        create_staff_account(actor=keeper, name="钱新", username="zhao.xin")
    create_staff_account(actor=keeper, name="钱新", username="qian.xin")  # says nothing of the other county


def test_one_signs_in_to_the_county_of_the_installation(client: Client, settings: Any) -> None:
    far = _with_password(_elsewhere("clerk"), "Yuan-xian_2026q")
    near = _with_password(factories.account_of(factories.official("clerk", "clerk")), factories.PASSWORD)
    there = reverse("account_login")

    wrong = client.post(there, {"login": "clerk", "password": "Yuan-xian_2026q"})
    far.refresh_from_db()
    near.refresh_from_db()

    assert wrong.status_code == 200
    assert (far.failed_sign_ins, near.failed_sign_ins) == (0, 1)
    assert client.post(there, {"login": "clerk", "password": factories.PASSWORD}).status_code == 302
    settings.ZHENGTONG_TENANT = THERE
    other = Client()
    assert other.post(there, {"login": "clerk", "password": factories.PASSWORD}).status_code == 200
    assert other.post(there, {"login": "clerk", "password": "Yuan-xian_2026q"}).status_code == 302


def test_a_county_without_such_a_name_finds_nobody() -> None:
    _elsewhere("clerk")

    assert accounts_for_sign_in(factories.tenant(), "clerk") == []
    with pytest.raises(NotFound):
        api.find_actor("clerk")


def test_only_the_one_warning_is_silenced_and_our_backend_is_the_only_one() -> None:
    assert configured.SILENCED_SYSTEM_CHECKS == ["auth.W004"]
    assert configured.AUTHENTICATION_BACKENDS == ["zhengtong.capabilities.identity.web.sign_in.AccountBackend"]
    assert [one.id for one in checks.run_checks() if one.id == "auth.W004"] == ["auth.W004"]
