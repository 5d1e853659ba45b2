"""A citizen opens an account."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from zhengtong.capabilities.identity.models import Account, Consent, Person
from zhengtong.capabilities.identity.registry import person_verifiers
from zhengtong.capabilities.identity.services import register_citizen
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.factories import citizen_number
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"


def _register(**changes: object) -> Account:
    given = {
        "name": "张一",
        "citizen_number": NUMBER,
        "phone": "13800000001",
        "password": factories.PASSWORD,
        "consent": True,
    } | changes
    return register_citizen(actor=anonymous(factories.tenant()), **given)  # type: ignore[arg-type]  # mixed values


def test_person_account_consent_ledger_and_event_come_together() -> None:
    account = _register(citizen_number="11010519491231002x")

    person = Person.objects.get()
    assert (person.name, person.citizen_number, person.assurance) == ("张一", NUMBER, "declared")
    assert account.check_password(factories.PASSWORD)
    assert Consent.objects.get().person_id == person.pk
    event = OutboxEvent.objects.get(name="identity.citizen_registered.v1")
    assert event.data == {"person_id": str(person.pk)}
    assert _ledger_acts() == ["identity.citizen_registered"]


def test_number_and_phone_are_not_readable_in_the_database() -> None:
    _register()

    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(p)::text || row_to_json(a)::text from identity_person p, identity_account a")
        stored = cursor.fetchone()[0]
    assert NUMBER not in stored
    assert "13800000001" not in stored


def test_every_wrong_field_gets_its_own_sentence() -> None:
    with pytest.raises(Invalid) as refusal:
        _register(name="1", citizen_number="350900198001010013", phone="123", password="abc", consent=False)

    assert set(refusal.value.errors) == {"name", "citizen_number", "phone", "password", "consent"}
    assert not Person.objects.exists()


def test_the_phone_number_is_no_part_of_a_password() -> None:
    with pytest.raises(Invalid) as refusal:
        _register(password="Aa-13800000001")

    assert "手机号" in refusal.value.errors["password"]


def test_one_person_one_account() -> None:
    _register()

    with pytest.raises(Conflict, match="已经注册过"):
        _register(phone="13900000002")
    assert Account.objects.count() == 1


def test_a_person_known_under_another_name_is_not_taken_over() -> None:
    person = Person.objects.get(pk=_register().person_id)
    Account.objects.all().delete()

    with pytest.raises(Conflict):
        _register(name="王三")
    assert _register().person_id == person.pk


def test_the_same_number_may_exist_in_two_tenants() -> None:
    _register()

    register_citizen(
        actor=anonymous("980724"),
        name="张一",
        citizen_number=NUMBER,
        phone="13800000001",
        password=factories.PASSWORD,
        consent=True,
    )

    assert Person.objects.count() == 2


def test_a_register_that_knows_better_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"张一": True, "王三": False}
    verifiers = {"population": lambda *, tenant, name, citizen_number: answers.get(name)}
    monkeypatch.setattr(person_verifiers, "_items", verifiers)

    with pytest.raises(DomainError, match="不一致"):
        _register(name="王三")
    assert _register().person.assurance == "verified"


def _ledger_acts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select act from ledger_entry order by 1")
        return [row[0] for row in cursor.fetchall()]


def test_a_child_below_fourteen_is_registered_by_a_guardian_only() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        with pytest.raises(Invalid) as refusal:
            _register(citizen_number=citizen_number(901, born="20121110"))
        account = _register(citizen_number=citizen_number(902, born="20121109"))

    assert "监护人" in refusal.value.errors["citizen_number"]
    assert account.person.name == "张一"
