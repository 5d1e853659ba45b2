"""Choice of identity, account page, password, legal persons: through the pages."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Agency
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date

pytestmark = pytest.mark.django_db

USCC = "92341300MA2ABCDEX8"


def _two_posts() -> Actor:
    first = factories.official("clerk", "clerk", post="窗口受理岗")
    row = api.FirstAccount(
        username="clerk", display_name="李二", org_code="G22", post_title="审查岗", roles=("reviewer",)
    )
    api.create_first_accounts(actor=system(factories.tenant()), rows=[row])
    return first


def _without_choice(client: Client, actor: Actor) -> Client:
    factories.sign_in(client, actor)
    session = client.session
    del session["identity_choice"]
    session.save()
    return client


def _text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


def test_an_official_with_two_posts_chooses_first(client: Client) -> None:
    _without_choice(client, _two_posts())

    response = client.get(reverse("account_home"))
    assert response.url == reverse("account_choose_identity") + "?next=%2Faccounts%2F"
    page = _text(client.get(response.url))
    assert "窗口受理岗" in page
    assert "审查岗" in page
    post = next(p.post_id for p in api.people_in(factories.tenant(), factories.organisation().id, "reviewer"))
    response = client.post(response.url, {"choice": f"post:{post}"})

    assert response.url == reverse("account_home")
    assert client.get(reverse("account_home")).wsgi_request.actor.roles == {"reviewer"}  # type: ignore[attr-defined]  # set by our middleware


def test_htmx_is_told_to_go_to_the_page(client: Client) -> None:
    _without_choice(client, _two_posts())

    response = client.get(reverse("account_home"), headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (204, reverse("account_choose_identity"))


def test_a_post_that_is_not_mine_cannot_be_chosen(client: Client) -> None:
    other = factories.official("leader", "leader")
    factories.sign_in(client, factories.official("clerk", "clerk"))

    response = client.post(reverse("account_choose_identity"), {"choice": f"post:{other.post_id}"})

    assert response.status_code == 422
    assert "请选择一个身份" in _text(response)
    assert client.get(reverse("account_home")).wsgi_request.actor.roles == {"clerk"}  # type: ignore[attr-defined]  # set by our middleware


def test_a_tampered_choice_in_the_session_opens_nothing(client: Client) -> None:
    other = factories.official("leader", "leader")
    factories.sign_in(client, factories.citizen())
    session = client.session
    for choice in (f"post:{other.post_id}", "agency:x", "agency:00000000-0000-0000-0000-000000000000", "?"):
        session["identity_choice"] = choice
        session.save()

        actor = client.get(reverse("account_home")).wsgi_request.actor  # type: ignore[attr-defined]  # set by our middleware

        assert actor.kind == "citizen"


def test_an_official_is_signed_out_after_half_an_hour_and_a_citizen_after_an_hour(client: Client) -> None:
    citizen = factories.sign_in(Client(), factories.citizen())
    factories.sign_in(client, factories.official("clerk", "clerk"))
    for one in (citizen, client):
        one.get(reverse("account_home"))
        _move_last_request_back(one, minutes=31)

    response = client.get(reverse("account_home"), follow=True)

    assert response.redirect_chain[0][0] == reverse("account_login") + "?next=/accounts/"
    assert "较长时间没有操作" in _text(response)
    assert citizen.get(reverse("account_home")).status_code == 200
    _move_last_request_back(citizen, minutes=61)
    assert citizen.get(reverse("account_home")).status_code == 302


def test_no_session_lives_longer_than_half_a_day(client: Client) -> None:
    factories.sign_in(client, factories.citizen())
    client.get(reverse("account_home"))
    session = client.session
    session["identity_began"] = int(time.time()) - 12 * 3600 - 1
    session.save()

    response = client.get(reverse("account_home"))

    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def _move_last_request_back(client: Client, *, minutes: int) -> None:
    session = client.session
    session["identity_seen"] = int(time.time()) - minutes * 60
    session.save()


def test_background_requests_are_no_activity(client: Client) -> None:
    factories.sign_in(client, factories.official("clerk", "clerk"))
    long_ago = int(time.time()) - 600
    session = client.session
    session["identity_seen"], session["identity_idle_seconds"] = long_ago, 1800
    session.save()

    client.get(reverse("account_home"), headers={"X-Background": "1"})
    assert client.session["identity_seen"] == long_ago
    client.get(reverse("account_home"))
    assert client.session["identity_seen"] > long_ago


def test_a_request_costs_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    factories.sign_in(client, factories.official("clerk", "clerk"))

    client.get(reverse("account_privacy"))  # the first request stores the beginning of the idle time

    with django_assert_max_num_queries(4):  # type: ignore[operator]  # session, account, posts, unread messages
        client.get(reverse("account_privacy"))


def test_the_account_page_masks_numbers(client: Client) -> None:
    factories.sign_in(client, factories.citizen(number="11010519491231002X"))

    page = _text(client.get(reverse("account_home")))

    assert "110***********002X" in page
    assert "11010519491231002X" not in page
    assert "138****0001" in page


def test_a_citizen_declares_his_shop_and_acts_for_it(client: Client) -> None:
    factories.sign_in(client, factories.citizen())
    given = {"name": "青禾县一品餐饮店", "uscc": USCC, "representative_name": "张一", "role": "legal_representative"}

    bad = client.post(reverse("account_add_legal_person"), {**given, "uscc": "123"})
    response = client.post(reverse("account_add_legal_person"), given, follow=True)

    assert bad.status_code == 422
    assert "统一社会信用代码有误" in _text(bad)
    assert 'value="青禾县一品餐饮店"' in _text(bad)
    assert response.wsgi_request.actor.on_behalf_of == "青禾县一品餐饮店"  # type: ignore[attr-defined]  # set by our middleware
    assert "工作人员会核对营业执照" in _text(response)


def test_the_representative_authorises_somebody(client: Client) -> None:
    boss = factories.agent(factories.citizen())
    other = factories.citizen("王三", number="11010519491231002X", phone="13900000003")
    factories.sign_in(client, boss)
    given = {
        "agent_name": "王三",
        "agent_citizen_number": "11010519491231002X",
        "valid_until": local_date().isoformat(),
    }

    unknown = client.post(reverse("account_authorise_agent"), {**given, "agent_name": "李四"})
    response = client.post(reverse("account_authorise_agent"), given)

    assert "没有找到这位经办人" in _text(unknown)
    assert response.status_code == 302
    assert Agency.objects.get(person_id=other.person_id).role == "agent"


def test_a_new_password_ends_other_sessions(client: Client) -> None:
    actor = factories.citizen()
    elsewhere = factories.sign_in(Client(), actor)
    factories.sign_in(client, actor)

    wrong = client.post(
        reverse("account_change_password"),
        {"old_password": "x", "password": "Xin-Mi_Ma9876", "password_again": "Xin-Mi_Ma9876"},
    )
    client.post(
        reverse("account_change_password"),
        {"old_password": factories.PASSWORD, "password": "Xin-Mi_Ma9876", "password_again": "Xin-Mi_Ma9876"},
    )

    assert "原密码不正确" in _text(wrong)
    assert client.get(reverse("account_home")).status_code == 200
    assert elsewhere.get(reverse("account_home")).status_code == 302
