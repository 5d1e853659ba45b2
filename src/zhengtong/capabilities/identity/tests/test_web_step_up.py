"""Sensitive acts want a fresh second factor; nothing that was typed is lost."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import FactorReset
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db

GIVEN = {"username": "clerk", "reason": "手机丢失，<本人>到场", "act": "reset"}


@pytest.fixture
def stale(client: Client) -> Client:
    """A security administrator whose second factor was given twenty minutes ago."""
    factories.official("clerk", "clerk")
    factories.sign_in(client, factories.official("sec", "sec_admin"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 1200}]
    session.save()
    return client


def _code() -> str:
    return api.totp_code("sec", tenant=factories.tenant())


def test_a_page_is_shown_after_the_factor(stale: Client) -> None:
    response = stale.get(reverse("account_resets"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_step_up"))
    wrong = stale.post(response.url, {"fresh_factor_code": "x"})
    done = stale.post(response.url, {"fresh_factor_code": _code(), "next": reverse("account_resets")})

    assert wrong.status_code == 422
    assert "动态口令不正确" in wrong.content.decode()
    assert done.url == reverse("account_resets")
    assert stale.get(reverse("account_resets")).status_code == 200
    assert Entry.objects.filter(act="identity.factor_confirmed").count() == 1


def test_what_was_sent_comes_back_with_the_question_and_is_done_with_the_answer(stale: Client) -> None:
    asked = stale.post(reverse("account_resets"), GIVEN)
    assert asked.status_code == 403
    assert not FactorReset.objects.exists()
    page = asked.content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="(username|reason|act)" value="([^"]*)">', page))
    assert kept == {"username": "clerk", "reason": "手机丢失，&lt;本人&gt;到场", "act": "reset"}

    wrong = stale.post(reverse("account_resets"), {**GIVEN, "fresh_factor_code": "x"})
    right = stale.post(reverse("account_resets"), {**GIVEN, "fresh_factor_code": _code()})

    assert wrong.status_code == 422
    assert 'name="reason"' in wrong.content.decode()
    assert right.status_code == 302
    assert FactorReset.objects.get().reason == GIVEN["reason"]


def test_files_are_asked_for_again_by_name(stale: Client) -> None:
    response = stale.post(reverse("account_resets"), {**GIVEN, "paper": SimpleUploadedFile("授权书.pdf", b"%PDF")})

    page = response.content.decode()
    assert "请重新选择文件“授权书.pdf”" in page
    assert re.search(r'type="file"\s+name="paper"', page)
    assert 'enctype="multipart/form-data"' in page


def test_several_files_of_one_field_are_chosen_again_at_once(stale: Client) -> None:
    papers = [SimpleUploadedFile(f"材料{no}.pdf", b"%PDF") for no in (1, 2, 3)]
    response = stale.post(reverse("account_resets"), {**GIVEN, "paper": papers})

    page = response.content.decode()
    assert page.count('type="file"') == 1
    assert "multiple" in page
    assert "请重新选择文件“材料1.pdf”“材料2.pdf”“材料3.pdf”" in page


def test_htmx_goes_to_the_question(stale: Client) -> None:
    got = stale.get(reverse("account_resets"), headers={"HX-Request": "true"})
    sent = stale.post(reverse("account_resets"), GIVEN, headers={"HX-Request": "true"})

    assert got.headers["HX-Redirect"].startswith(reverse("account_step_up"))
    assert sent.status_code == 200
    assert sent.headers["HX-Retarget"] == "body"


def test_the_wrong_role_is_not_asked_but_refused(client: Client) -> None:
    factories.sign_in(client, factories.official("clerk", "clerk"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 1200}]
    session.save()

    assert client.get(reverse("account_resets")).status_code == 403


def test_a_password_alone_is_no_fresh_factor(stale: Client) -> None:
    session = stale.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time()}]
    session.save()

    assert stale.get(reverse("account_resets")).status_code == 302


def test_the_way_back_stays_on_this_site(stale: Client) -> None:
    response = stale.post(
        reverse("account_step_up") + "?next=https://evil.example/",
        {"fresh_factor_code": _code(), "next": "//evil.example/"},
    )

    assert response.url == reverse("account_home")


def test_guessing_codes_locks_the_account(stale: Client) -> None:
    for _attempt in range(5):
        stale.post(reverse("account_step_up"), {"fresh_factor_code": "x"})

    assert "已锁定" in stale.post(reverse("account_step_up"), {"fresh_factor_code": _code()}).content.decode()
