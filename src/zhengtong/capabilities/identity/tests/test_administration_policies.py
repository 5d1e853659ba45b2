"""Every role at every address of the administration; the three see no business; counties do not see each other."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role
from zhengtong.capabilities.identity.models import Account, Appointment, Organisation, Person, Post, RoleRequest
from zhengtong.capabilities.identity.rules import NOT_DELEGABLE, THREE_ADMINISTRATORS
from zhengtong.capabilities.identity.services import request_role
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.identity.web.administration_urls import urlpatterns
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.policy import Policy, policy_of

SYS, SEC, AUDIT = "sys_admin", "sec_admin", "audit_admin"
ALL = frozenset(THREE_ADMINISTRATORS)
ANYBODY = frozenset(Role.values)
DELEGABLE = frozenset(Role.values) - NOT_DELEGABLE

# address → who is let in; everybody else gets 403, a stranger the sign-in page
EXPECTED: dict[str, frozenset[str]] = {
    "home": ALL,
    "acts": frozenset({AUDIT}),
    "organisations": ALL,
    "found": frozenset({SYS}),
    "organisation": ALL,
    "rename": frozenset({SYS}),
    "move": frozenset({SYS}),
    "merge": frozenset({SYS}),
    "abolish": frozenset({SYS}),
    "add_post": frozenset({SYS}),
    "people": ALL,
    "add_person": frozenset({SYS}),
    "person": ALL,
    "read": frozenset({SYS, SEC}),
    "appoint": frozenset({SYS}),
    "end": frozenset({SYS, SEC}),
    "hand_over": frozenset({SYS, SEC}),
    "posts": ALL,
    "post": ALL,
    "request_role": frozenset({SYS}),
    "revoke_role": frozenset({SYS, SEC}),
    "requests": ALL,
    "request": ALL,
    "decide": frozenset({SEC}),
    "withdraw": frozenset({SYS}),
    "accounts": ALL,
    "account_act": frozenset({SYS, SEC}),
    "sources": frozenset({SEC, AUDIT}),
    "source": frozenset({SEC, AUDIT}),
    "unlock_source": frozenset({SEC}),
    "delegations": ALL,
    "end_delegation": frozenset({SEC}),
    "my_delegations": ANYBODY,
    "delegate": DELEGABLE,
    "revoke_mine": ANYBODY,
}
ONLY_POST = {"read", "decide", "withdraw"}
# what the three may open outside the administration, with the reason
PLATFORM = {
    "/console/": "how the platform fares",
    "/ledger/": "the auditor's own work",
    "/accounts/": "accounts, resets, applications of single sign-on",
    "/services/desk/erasures/": "the security administrator decides what of a person is erased",
    "/trust/": "keys, seals and certificates are the security administrator's",
}


@pytest.fixture
def addresses(db: None) -> dict[str, str]:
    """An address that exists for each name, about one clerk, his post and a request."""
    clerk = factories.official("subject", "clerk", name="李二")
    keeper = office.system_administrator("keeper")
    assert clerk.post_id
    request = request_role(actor=keeper, post_id=clerk.post_id, role="leader", reason="任命文件")
    given = {
        "code": clerk.org_code, "person_id": clerk.person_id, "post_id": clerk.post_id, "role": "clerk",
        "request_id": request, "account_id": factories.account_of(clerk).pk, "act": "disable",
        "delegation_id": factories.unknown_id(), "guard_id": factories.unknown_id(),
    }  # fmt: skip
    return {
        pattern.name: reverse(
            f"administration:{pattern.name}", kwargs={key: given[key] for key in pattern.pattern.converters}
        )
        for pattern in urlpatterns
        if pattern.name
    }


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(EXPECTED)


@pytest.mark.parametrize("role", sorted(set(Role.values) - PERSONAL_ROLES))
def test_each_role_gets_in_where_the_table_says_and_nowhere_else(addresses: dict[str, str], role: str) -> None:
    client = factories.sign_in(Client(), factories.official("asker", role))

    answers = {name: client.get(address).status_code for name, address in addresses.items()}

    for name, status in answers.items():
        if role not in EXPECTED[name]:
            assert (name, status) == (name, 403)
        else:
            missing = name in {"end_delegation", "revoke_mine", "source", "unlock_source"}
            assert (name, status) == (name, 405 if name in ONLY_POST else 404 if missing else 200)


@pytest.mark.parametrize("who", ["stranger", "citizen", "elsewhere"])
def test_nobody_from_outside_gets_in(addresses: dict[str, str], who: str) -> None:
    client = Client()
    if who == "citizen":
        factories.sign_in(client, factories.citizen())
    elif who == "elsewhere":
        factories.sign_in(client, factories.official("other", "clerk", org_code="G23", org_name="青禾县财政局"))
    before = _state()

    for name, address in addresses.items():
        if name in {"my_delegations", "delegate", "revoke_mine"} and who != "stranger":
            continue
        for method in (client.get, client.post):
            response = method(address)
            if who == "stranger":
                assert response.status_code == 302
                assert response.url.startswith(reverse("account_login"))
            else:
                assert (name, response.status_code) == (name, 403)

    assert _state() == before


def test_a_wrong_administrator_who_posts_changes_nothing(addresses: dict[str, str]) -> None:
    fields = {
        "decision": "approve",
        "reason": "越权试试",
        "answer": "同意",
        "purpose": "越权",
        "title": "新岗",
        "name": "新名",
    }
    for role in THREE_ADMINISTRATORS:
        client = factories.sign_in(Client(), factories.official(f"asker.{role[:3]}", role))
        before = _state()
        for name, address in addresses.items():
            if role not in EXPECTED[name]:
                assert (name, client.post(address, fields).status_code) == (name, 403)
        assert _state() == before


def test_administrators_of_one_county_neither_see_nor_touch_another(addresses: dict[str, str]) -> None:
    there = system("980724")
    api.import_organisations(actor=there, rows=[api.OrganisationRow(org_code="G22", name="青苗县市场监督管理局")])
    rows = [
        api.FirstAccount(username="far", display_name="远甲", org_code="G22", post_title="远岗", roles=("clerk",)),
    ]
    api.create_first_accounts(actor=there, rows=rows)
    far = Account.objects.get(username="far")
    post = Post.objects.get(tenant="980724")
    request = RoleRequest.objects.create(
        tenant="980724", kind="grant", post=post, role="leader", reason="任命", requested_by=far.person
    )
    foreign = {
        "person": [far.person_id], "read": [far.person_id], "appoint": [far.person_id],
        "end": [far.person_id, post.id], "hand_over": [far.person_id, post.id], "post": [post.id],
        "request_role": [post.id], "revoke_role": [post.id, "clerk"], "request": [request.id],
        "decide": [request.id], "withdraw": [request.id], "account_act": [far.pk, "disable"],
    }  # fmt: skip
    fields = {"decision": "approve", "reason": "越县试试", "purpose": "越县", "role": "clerk", "act": "revoke"}

    for role in THREE_ADMINISTRATORS:
        client = factories.sign_in(Client(), factories.official(f"asker.{role[:3]}", role))
        for name, arguments in foreign.items():
            if role in EXPECTED[name]:
                address = reverse(f"administration:{name}", args=arguments)
                method = client.post if name in ONLY_POST else client.get
                assert (name, method(address, fields).status_code) == (name, 404)
                assert (name, client.post(address, fields).status_code) in {(name, 404), (name, 405)}
        for name in ("organisations", "people", "posts", "requests", "accounts"):
            page = client.get(reverse(f"administration:{name}")).content.decode()
            assert "远甲" not in page
            assert "远岗" not in page
            assert "青苗县" not in page

    far.refresh_from_db()
    assert far.is_active
    assert RoleRequest.objects.get(pk=request.id).state == "pending"
    assert post.roles.count() == 1
    assert Organisation.objects.filter(code="G22").count() == 2


def test_the_same_codes_and_posts_in_two_counties_are_different_things(db: None) -> None:
    factories.organisation("G22", "青禾县市场监督管理局")
    there = system("980724")
    api.import_organisations(actor=there, rows=[api.OrganisationRow(org_code="G22", name="青苗县市场监督管理局")])
    posts = {
        api.create_post(actor=actor, organisation_code="G22", title="窗口岗")
        for actor in (there, system(factories.tenant()))
    }

    api.rename_organisation(actor=there, code="G22", name="青苗县市场局", decree=office.decree())

    assert len(posts) == 2
    assert api.organisation(factories.tenant(), "G22").name == "青禾县市场监督管理局"
    assert api.organisation("980724", "G22").name == "青苗县市场局"


def _walk(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Policy]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            policy = policy_of(pattern.callback)
            if policy is not None:
                yield address, policy


def test_the_three_open_no_page_of_business() -> None:
    administrators = [
        Actor(tenant="980723", kind="official", person_id=uuid.UUID(int=1), roles=frozenset({role}))
        for role in THREE_ADMINISTRATORS
    ]

    found = list(_walk(get_resolver().url_patterns))
    opened = [
        address
        for address, policy in found
        if policy.kind == "roles" and any(policy.admits(actor) for actor in administrators)
    ]

    assert any(address.startswith("/services/") for address, _policy in found)
    assert opened
    assert not [address for address in opened if not address.startswith(tuple(PLATFORM))]


def _state() -> tuple[object, ...]:
    """What nobody may change who is not let in."""
    return (
        Person.objects.count(),
        list(Account.objects.order_by("pk").values_list("is_active", "locked_until", "password")),
        list(Appointment.objects.order_by("pk").values_list("pk", "valid_until")),
        list(Organisation.objects.order_by("pk").values_list("name", "path", "status")),
        list(Post.objects.order_by("pk").values_list("title", "roles__role")),
        list(RoleRequest.objects.order_by("pk").values_list("state", flat=True)),
    )
