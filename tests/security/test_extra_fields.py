"""Fields nobody asked for: whatever a browser adds to a form, what the platform decides stays its own."""

import ast
import importlib
from collections.abc import Iterator

import pytest
from django import forms
from django.test import Client

from tests.fitness.tree import module_name, named, product_modules, syntax
from tests.security.surface import ADDRESSES, examples, held
from tests.tenants.county import County
from zhengtong.capabilities.identity.models import Account, Appointment, PostRole
from zhengtong.capabilities.identity.tests import factories

_OTHER = "980799"
#: what only the platform decides, under the names models and libraries use
DECIDED = {
    "tenant": _OTHER,
    "tenant_id": _OTHER,
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "0",
    "roles": "sec_admin",
    "actor": "system",
    "actor_id": "1",
    "created_at": "2001-01-01",
    "created_by": "1",
    "assurance": "verified",
    "locked_until": "2001-01-01",
    "failed_sign_ins": "0",
    "must_change_password": "0",
    "digest": "0" * 64,
    "verification_code": "0" * 16,
}


def _forms() -> Iterator[type[forms.BaseForm]]:
    for path in product_modules():
        if "web" in path.relative_to(path.parents[3]).as_posix():
            importlib.import_module(module_name(path))
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("zhengtong."):
            yield kind


def test_no_form_takes_what_the_platform_decides() -> None:
    found = list(_forms())

    assert len(found) > 40
    assert {
        (kind.__name__, name) for kind in found for name in getattr(kind, "base_fields", ()) if name in DECIDED
    } == (set())
    # pages are written with Wagtail's forms: what they take is tried by systems/sites/tests/test_isolation.py
    assert {kind.__name__ for kind in found if issubclass(kind, forms.BaseModelForm)} <= {
        "SitePageForm",
        "PictureForm",
        "DocumentForm",
        "_FileForm",
    }


def test_nothing_is_written_by_names_from_a_request() -> None:
    """``Model(**request.POST)`` or ``setattr`` in a loop over what was sent would take any field."""
    found = []
    for path in product_modules():
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call):
                spread = [  # a comprehension over names of ours takes these names only
                    ast.unparse(word.value)
                    for word in node.keywords
                    if word.arg is None and not isinstance(word.value, ast.DictComp)
                ]
                if any("request." in one and ("POST" in one or "GET" in one) for one in spread):
                    found.append(named(path))

    assert found == []


@pytest.mark.full
@pytest.mark.timeout(900)
def test_fields_nobody_asked_for_change_nothing(counties: tuple[County, County]) -> None:
    own = counties[0]
    with own.here():
        people = own.people
        clients = {name: factories.sign_in(Client(raise_request_exception=False), who) for name, who in people.items()}
        accounts = set(Account.objects.values_list("pk", "tenant", "person_id", "username", "is_active"))
        roles, posts = set(PostRole.objects.values_list("pk", "role")), set(Appointment.objects.values_list("pk"))
        faults = []
        for address in ADDRESSES.values():
            for name, actor in people.items():
                if "." in name or not address.admits(actor.roles):
                    continue
                for path, _real in examples(address, own.code, most=1):
                    answer = clients[name].post(path, DECIDED | {"reason": "试一试能不能办", "opinion": "同意"})
                    if answer.status_code >= 500:
                        faults.append((name, path))

    assert faults == []
    assert held(_OTHER) == {}
    assert set(Account.objects.values_list("pk", "tenant", "person_id", "username", "is_active")) == accounts
    assert set(PostRole.objects.values_list("pk", "role")) == roles
    assert set(Appointment.objects.values_list("pk")) == posts


@pytest.mark.django_db
def test_who_registers_does_not_say_what_he_may() -> None:
    given = {
        "name": "张一",
        "citizen_number": factories.citizen_number(),
        "phone": "13800000001",
        "password": factories.PASSWORD,
        "password_again": factories.PASSWORD,
        "consent": "on",
    }

    Client().post("/accounts/register/", DECIDED | given)

    account = Account.objects.select_related("person").get()
    assert (account.tenant, account.is_active) == (factories.tenant(), True)
    assert (account.person.tenant, account.person.assurance, account.person.kind) == (
        factories.tenant(),
        "declared",
        "citizen",
    )
    assert not Appointment.objects.exists()
