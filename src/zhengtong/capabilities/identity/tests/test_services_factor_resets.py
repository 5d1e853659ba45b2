"""A lost second factor: two persons, one code, no way round."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api, services
from zhengtong.capabilities.identity.models import Account, AccountCertificate, FactorReset
from zhengtong.capabilities.identity.services.factor_resets import use_enrolment_code
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

REASON = "手机丢失，本人持工作证到场"


def _asked() -> tuple[Account, object, object]:
    clerk = factories.official("clerk", "clerk")
    first, second = factories.official("sec", "sec_admin"), factories.official("sys", "sys_admin")
    account = factories.account_of(clerk)
    reset = services.request_factor_reset(actor=first, account_id=account.pk, reason=REASON)
    return account, reset, second


def test_one_asks_another_confirms_and_only_then_the_old_factor_ends() -> None:
    account, reset, second = _asked()
    assert api.totp_code("clerk", tenant=factories.tenant())

    code = services.confirm_factor_reset(actor=second, reset_id=reset)

    assert not Authenticator.objects.filter(user=account).exists()
    assert code.username == "clerk"
    assert len(code.code.replace("-", "")) == 12
    use_enrolment_code(account=account, code=code.code)
    assert code.code.replace("-", "") not in FactorReset.objects.get().code


def test_who_asked_does_not_confirm_and_nobody_resets_himself() -> None:
    account, reset, _second = _asked()
    first = api.find_actor("sec")

    with pytest.raises(NotPermitted, match="申请人不能自己确认"):
        services.confirm_factor_reset(actor=first, reset_id=reset)
    with pytest.raises(NotPermitted, match="自己"):
        services.request_factor_reset(actor=first, account_id=factories.account_of(first).pk, reason=REASON)
    with pytest.raises(NotPermitted):
        services.confirm_factor_reset(actor=api.find_actor("clerk"), reset_id=reset)
    with pytest.raises(NotPermitted, match="两个人"):
        services.reset_second_factor(actor=first, account_id=account.pk, reason=REASON)
    with pytest.raises(Conflict):
        services.request_factor_reset(actor=first, account_id=account.pk, reason=REASON)
    with pytest.raises(Invalid):
        services.request_factor_reset(actor=first, account_id=account.pk, reason=" ")


def test_a_request_that_was_sent_back_changes_nothing() -> None:
    account, reset, second = _asked()

    services.refuse_factor_reset(actor=second, reset_id=reset)

    assert Authenticator.objects.filter(user=account).exists()
    with pytest.raises(NotFound):
        services.confirm_factor_reset(actor=second, reset_id=reset)


def test_a_code_grows_old_and_wrong_ones_lock() -> None:
    account, reset, second = _asked()
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        code = services.confirm_factor_reset(actor=second, reset_id=reset).code
        clock.shift(dt.timedelta(hours=24, seconds=1))

        for _attempt in range(5):
            account.refresh_from_db()
            with pytest.raises(Invalid, match="开通码不正确"):
                use_enrolment_code(account=account, code=code)
        account.refresh_from_db()
        with pytest.raises(NotPermitted, match="已锁定"):
            use_enrolment_code(account=account, code=code)


def test_a_confirmed_reset_signs_the_owner_out(client: Client) -> None:
    account, reset, second = _asked()
    factories.sign_in(client, api.find_actor("clerk"))
    client.get(reverse("account_home"))

    services.confirm_factor_reset(actor=second, reset_id=reset)

    assert client.get(reverse("account_home")).status_code == 302
    assert "_auth_user_id" not in client.session
    assert account.is_active


def test_an_administrator_binds_his_first_factor_only_with_a_code(client: Client) -> None:
    account = factories.account_of(factories.official("sys", "sys_admin"))
    account.set_password(factories.PASSWORD)
    account.save()
    Authenticator.objects.filter(user=account).delete()

    client.post(reverse("account_login"), {"login": "sys", "password": factories.PASSWORD})

    assert client.get(reverse("account_home")).url.startswith(reverse("mfa_activate_totp"))
    assert "开通码" in client.get(reverse("mfa_activate_totp")).content.decode()
    refused = client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    assert "请填写开通码" in refused.content.decode()
    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("mfa_activate_totp"))
    services.reset_second_factor(actor=system(factories.tenant()), account_id=account.pk, reason="首次")
    services.close_enrolment(account)
    assert services.needs_enrolment_code(account)


def test_the_pages_lead_from_the_request_to_the_code(client: Client) -> None:
    clerk = factories.official("clerk", "clerk")
    other = Client()
    factories.sign_in(client, factories.official("sec", "sec_admin"))
    factories.sign_in(other, factories.official("sys", "sys_admin"))

    unknown = client.post(reverse("account_resets"), {"username": "nobody", "reason": REASON, "act": "reset"})
    client.post(reverse("account_resets"), {"username": "clerk", "reason": REASON, "act": "reset"})
    reset = FactorReset.objects.get()
    own = client.post(reverse("account_decide_reset", args=[reset.pk]), {"act": "confirm"})
    page = other.get(reverse("account_resets")).content.decode()
    shown = other.post(reverse("account_decide_reset", args=[reset.pk]), {"act": "confirm"}).content.decode()

    assert "没有这个用户名" in unknown.content.decode()
    assert own.status_code == 403
    assert REASON in page
    assert "开通码" in shown
    assert not Authenticator.objects.filter(user=factories.account_of(clerk)).exists()


def test_the_security_administrator_signs_somebody_out(client: Client) -> None:
    victim = factories.sign_in(Client(), factories.official("clerk", "clerk"))
    victim.get(reverse("account_home"))
    factories.sign_in(client, factories.official("sec", "sec_admin"))

    client.post(reverse("account_resets"), {"username": "clerk", "reason": "账户疑似被盗用", "act": "sign_out"})

    assert victim.get(reverse("account_home")).status_code == 302


def test_a_reset_ends_the_certificates_that_open_the_account() -> None:
    account, reset, second = _asked()
    AccountCertificate.objects.create(tenant=factories.tenant(), account=account, fingerprint="ab" * 32, serial="1")

    services.confirm_factor_reset(actor=second, reset_id=reset)

    assert AccountCertificate.objects.get().ended_at is not None


def test_a_passkey_is_no_way_around_the_code(client: Client) -> None:
    citizen = factories.citizen()
    first, second = factories.official("sec", "sec_admin"), factories.official("sys", "sys_admin")
    account = factories.account_of(citizen)
    factories.sign_in(client, citizen, second_factor=False)
    assert client.get(reverse("mfa_add_webauthn"))["Location"] != reverse("mfa_activate_totp")

    reset = services.request_factor_reset(actor=first, account_id=account.pk, reason=REASON)
    services.confirm_factor_reset(actor=second, reset_id=reset)
    factories.sign_in(client, citizen)

    assert client.get(reverse("mfa_add_webauthn"))["Location"] == reverse("mfa_activate_totp")


def test_whoever_opens_an_account_binds_no_factor_before_the_owner_is_appointed() -> None:
    system_administrator = factories.official("sys", "sys_admin")
    opened = services.administration.create_staff_account(actor=system_administrator, name="钱七", username="qian7")
    account = Account.objects.get(pk=opened.account_id)

    assert services.needs_enrolment_code(account)

    post = api.create_post(actor=system(factories.tenant()), organisation_code="G22", title="窗口岗")
    api.appoint(actor=system(factories.tenant()), person_id=opened.person_id, post_id=post)
    assert not services.needs_enrolment_code(account)
