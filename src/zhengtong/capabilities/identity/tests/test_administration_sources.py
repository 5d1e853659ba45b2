"""The security administrator opens a locked address after seeing what was tried from there."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import services
from zhengtong.capabilities.identity.models import SignInGuard
from zhengtong.capabilities.identity.selectors.sources import tried_from
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.models import ParameterValue

pytestmark = pytest.mark.django_db

OFFICE = "10.1.2.3"


def _tries(*logins: str, address: str = OFFICE) -> None:
    for login in logins:
        Client(REMOTE_ADDR=address).post(reverse("account_login"), {"login": login, "password": "Cuo-wu_2026abc"})


def _locks_after(failures: int) -> None:
    ParameterValue.objects.create(
        tenant=factories.tenant(),
        key="identity.source_lock_after",
        value=failures,
        source="试行",
        valid_from=dt.date(2020, 1, 1),
    )


@pytest.fixture
def locked() -> SignInGuard:
    """An address locked after tries on an official, a citizen and two names nobody has."""
    factories.official("clerk", "clerk", name="李二")
    factories.citizen("张一", phone="13800000001")
    _locks_after(6)
    _tries("clerk", "clerk", "clerk", "13800000001", "nobody", "nobody2")
    return SignInGuard.objects.get(kind="source", key=OFFICE)


def test_what_was_tried_is_shown_without_citizens_names(locked: SignInGuard, client: Client) -> None:
    factories.sign_in(client, office.security_administrator())

    listed = client.get(reverse("administration:sources")).content.decode()
    page = client.get(reverse("administration:source", args=[locked.pk])).content.decode()
    tried = tried_from(locked)

    assert OFFICE in listed
    assert "已锁定" in listed
    assert [(one.username, one.name, one.times) for one in tried.accounts] == [("clerk", "李二", 3), ("", "张*", 1)]
    assert tried.others == 2
    assert "张一" not in page
    assert "另有 2 次" in page
    assert "解除锁定" in page


def test_opening_takes_a_reason_and_leaves_an_entry(locked: SignInGuard, client: Client) -> None:
    factories.sign_in(client, office.security_administrator())
    there = reverse("administration:unlock_source", args=[locked.pk])

    assert "失败 6 次，涉及 2 个账户" in client.get(there).content.decode()
    assert client.post(there, {"reason": ""}).status_code == 422
    assert services.source_lock_of(factories.tenant(), OFFICE)
    assert client.post(there, {"reason": "已给电脑杀毒"}).status_code == 302

    assert services.source_lock_of(factories.tenant(), OFFICE) == ""
    entries = ledger.entries_of(ObjectRef(kind="source", id=OFFICE), factories.tenant())
    assert [entry.act for entry in entries] == ["identity.source_locked", "identity.source_unlocked"]
    assert client.get(there).status_code == 404
    auditor = factories.sign_in(Client(), office.audit_administrator())
    assert OFFICE not in auditor.get(reverse("administration:sources")).content.decode()


def test_citizens_of_the_same_masked_name_are_counted_apart(client: Client) -> None:
    for sequence, name in enumerate(("张一", "张三"), start=1):
        factories.citizen(name, phone=f"1380000000{sequence}")
    _locks_after(2)
    _tries("13800000001", "13800000002")
    factories.sign_in(client, office.security_administrator())
    row = SignInGuard.objects.get(kind="source", key=OFFICE)

    page = client.get(reverse("administration:unlock_source", args=[row.pk])).content.decode()

    assert "失败 2 次，涉及 2 个账户" in page


def test_the_auditor_sees_it_and_opens_nothing(locked: SignInGuard, client: Client) -> None:
    factories.sign_in(client, office.audit_administrator())

    page = client.get(reverse("administration:source", args=[locked.pk])).content.decode()

    assert "锁定来源地址" in page
    there = reverse("administration:unlock_source", args=[locked.pk])
    assert there not in page
    assert client.post(there, {"reason": "试试看"}).status_code == 403
    assert services.source_lock_of(factories.tenant(), OFFICE)


@pytest.mark.parametrize("role", ["sys_admin", "clerk", "leader"])
def test_nobody_else_sees_addresses(locked: SignInGuard, client: Client, role: str) -> None:
    factories.sign_in(client, factories.official("other", role))

    for name, args in (("sources", []), ("source", [locked.pk]), ("unlock_source", [locked.pk])):
        assert client.get(reverse(f"administration:{name}", args=args)).status_code == 403


def test_an_address_of_another_county_is_not_there(locked: SignInGuard, client: Client) -> None:
    SignInGuard.objects.update(tenant="980724")
    guard = office.security_administrator()
    factories.sign_in(client, guard)

    assert client.get(reverse("administration:source", args=[locked.pk])).status_code == 404
    assert OFFICE not in client.get(reverse("administration:sources")).content.decode()
    with pytest.raises(NotFound):
        services.unlock_source(actor=guard, address=OFFICE, reason="已给电脑杀毒")


def test_only_what_is_locked_is_opened(client: Client) -> None:
    guard = office.security_administrator()
    factories.sign_in(client, guard)
    with time_machine.travel("2026-03-02 08:00:00+00:00", tick=False) as clock:
        _locks_after(2)
        _tries("nobody", address="10.9.9.9")
        counted = SignInGuard.objects.get(kind="source", key="10.9.9.9")
        with pytest.raises(NotFound):
            services.unlock_source(actor=guard, address="10.9.9.9", reason="已给电脑杀毒")
        _tries("nobody", address="10.9.9.9")
        with pytest.raises(Invalid):
            services.unlock_source(actor=guard, address="10.9.9.9", reason=" ")
        clock.shift(dt.timedelta(minutes=16))
        with pytest.raises(NotFound):
            services.unlock_source(actor=guard, address="10.9.9.9", reason="已给电脑杀毒")

    assert SignInGuard.objects.filter(pk=counted.pk).exists()
