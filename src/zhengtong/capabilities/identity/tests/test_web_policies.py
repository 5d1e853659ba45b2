"""Four actors at each address: a stranger, a citizen, an official without and with what the page needs."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from zhengtong.capabilities.identity.models import Account, Agency, Appointment
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

LOGIN = "login"
# what stranger, citizen, official and agent get: a status, or "login" for being led to the sign-in page
EXPECTED: dict[str, tuple[object, object, object, object]] = {
    "account_home": (LOGIN, 200, 200, 200),
    "account_login": (200, 302, 302, 302),
    "mfa_authenticate": (LOGIN, 302, 302, 302),
    "account_logout": (405, 405, 405, 405),
    "account_inactive": (200, 200, 200, 200),
    "account_signup": (200, 302, 302, 302),
    "account_privacy": (200, 200, 200, 200),
    "account_reauthenticate": (LOGIN, 200, 200, 200),
    "mfa_reauthenticate": (LOGIN, 302, 200, 302),
    "account_choose_identity": (LOGIN, 200, 200, 200),
    "account_change_password": (LOGIN, 200, 200, 200),
    "mfa_activate_totp": (LOGIN, 200, 302, 200),
    "mfa_view_recovery_codes": (LOGIN, 404, 404, 404),
    "account_add_legal_person": (LOGIN, 200, 200, 200),
    "account_authorise_agent": (LOGIN, 403, 403, 200),
    "mfa_reauthenticate_webauthn": (LOGIN, 302, 302, 302),
    "account_step_up": (LOGIN, 200, 200, 200),
    "account_sessions": (LOGIN, 200, 200, 200),
    "account_end_other_sessions": (LOGIN, 405, 405, 405),
    "account_end_session": (LOGIN, 405, 405, 405),
    "account_passkeys": (LOGIN, 200, 200, 200),
    "mfa_add_webauthn": (LOGIN, 200, 200, 200),
    "account_remove_passkey": (LOGIN, 404, 404, 404),
    "account_resets": (LOGIN, 403, 403, 403),
    "account_decide_reset": (LOGIN, 403, 403, 403),
    "account_parties": (LOGIN, 403, 403, 403),
    "account_decide_party": (LOGIN, 403, 403, 403),
    "account_certificate_login": (200, 302, 302, 302),
    "account_phone": (LOGIN, 200, 200, 200),
    "account_recover": (200, 200, 200, 200),
    "account_recover_finish": (302, 302, 302, 302),
    "account_bind_certificate": (LOGIN, 200, 200, 200),
    "account_end_certificate": (LOGIN, 405, 405, 405),
    "account_wards": (LOGIN, 200, 200, 200),
    "account_end_ward": (LOGIN, 405, 405, 405),
    "account_contest_ward": (LOGIN, 404, 404, 404),
    "account_guardianships": (LOGIN, 403, 200, 403),
    "account_guardianship": (LOGIN, 403, 404, 403),
    "account_merge": (LOGIN, 200, 200, 200),
    "account_merges": (LOGIN, 403, 403, 403),
    "account_decide_merge": (LOGIN, 403, 403, 403),
    "account_agents": (LOGIN, 403, 403, 200),
    "account_change_agent": (LOGIN, 403, 403, 405),
    "account_agree": (LOGIN, 405, 405, 405),
    "account_withdraw_agreement": (LOGIN, 405, 405, 405),
}
_OF_ONE = {
    "account_end_session": [1],
    "account_withdraw_agreement": [factories.unknown_id()],
    "account_remove_passkey": [1],
    "account_decide_reset": [factories.unknown_id()],
    "account_decide_party": [factories.unknown_id()],
    "account_end_certificate": [factories.unknown_id()],
    "account_end_ward": [factories.unknown_id()],
    "account_contest_ward": [factories.unknown_id()],
    "account_guardianship": [factories.unknown_id()],
    "account_decide_merge": [factories.unknown_id()],
    "account_change_agent": [factories.unknown_id()],
}


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_who_may_open_it(name: str) -> None:
    citizen = factories.citizen()
    actors = (None, citizen, factories.official("clerk", "clerk"), factories.agent(factories.citizen("王三")))

    for actor, expected in zip(actors, EXPECTED[name], strict=True):
        client = factories.sign_in(Client(), actor) if actor else Client()
        response = client.get(reverse(name, args=_OF_ONE.get(name)))
        if expected == LOGIN:
            assert response.status_code == 302
            assert response.url.startswith(reverse("account_login"))
        else:
            assert (actor and actor.kind, response.status_code) == (actor and actor.kind, expected)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("account_choose_identity", {"choice": "self"}),
        ("account_change_password", {"old_password": "x", "password": "Xin-Mi_Ma9876"}),
        ("account_add_legal_person", {"name": "青禾县一品餐饮店"}),
        ("account_authorise_agent", {"agent_name": "张一"}),
        ("mfa_activate_totp", {"code": "123456"}),
    ],
)
def test_a_stranger_who_posts_changes_nothing(name: str, given: dict[str, str]) -> None:
    before = (Account.objects.count(), Agency.objects.count(), Appointment.objects.count())

    response = Client().post(reverse(name), given)

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert (Account.objects.count(), Agency.objects.count(), Appointment.objects.count()) == before


def test_forms_want_their_token() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(reverse("account_login"), {"login": "x", "password": "y"}).status_code == 403
    assert client.post(reverse("account_logout")).status_code == 403
