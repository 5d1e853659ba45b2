"""Delegation: who may stand in for whom, with what, for how long, and what is written down."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.models import Delegation
from zhengtong.capabilities.identity.rules import NOT_DELEGABLE
from zhengtong.capabilities.identity.selectors import list_choices, standing_of
from zhengtong.capabilities.identity.services import choose_identity
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db


def _delegate(actor: Actor, to: Actor, *roles: str, days: int = 5, **more: object) -> object:
    given: dict[str, object] = {
        "valid_from": local_date(),
        "valid_until": local_date() + dt.timedelta(days=days),
        "reason": "外出学习",
        **more,
    }
    return api.delegate_post(actor=actor, delegate_id=to.person_id, roles=roles or ("clerk",), **given)  # type: ignore[arg-type]  # an official of a test has a person and a post


def _standing_in(person: Actor, delegation: object) -> Actor:
    account = factories.account_of(person)
    return standing_of(account.person, f"delegation:{delegation}").actor


def _pair() -> tuple[Actor, Actor]:
    return (
        factories.official("chief", "leader", "clerk", name="李局"),
        factories.official("helper", "reviewer", name="王助"),
    )


def test_a_delegate_acts_in_the_post_of_another_under_his_own_name() -> None:
    chief, helper = _pair()
    delegation = _delegate(chief, helper, "leader", item_codes=["A-1", "A-2"])

    actor = _standing_in(helper, delegation)

    assert (actor.person_id, actor.name) == (helper.person_id, "王助")
    assert (actor.post_id, actor.org_id) == (chief.post_id, chief.org_id)
    assert actor.roles == {"leader"}
    assert (actor.delegated_by, actor.post_name) == ("李局", "chief岗（代李局办理）")
    assert api.may_handle_item(actor, "A-1")
    assert not api.may_handle_item(actor, "B-1")
    assert api.may_handle_item(helper, "B-1")


def test_the_choice_is_offered_and_the_ledger_names_both() -> None:
    chief, helper = _pair()
    delegation = _delegate(chief, helper, "leader")
    person = factories.account_of(helper).person

    titles = {choice.key: choice.title for choice in list_choices(person)}
    chosen = choose_identity(actor=helper, choice=f"delegation:{delegation}")

    assert titles[f"delegation:{delegation}"] == "chief岗（代李局办理）"
    assert chosen.delegated_by == "李局"
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.actor_name, e.actor_post_name, p.content from ledger_entry e join ledger_payload p"
            " on p.entry = e.uuid where e.act = 'identity.identity_chosen'"
        )
        name, post, content = cursor.fetchone()
    assert (name, post) == ("王助", "chief岗（代李局办理）")
    assert json.loads(content)["delegated_by"] == "李局"


def test_entries_of_everybody_else_stay_as_they_were() -> None:
    factories.official("chief", "leader")

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_payload where content like '%delegated_by%'")
        assert cursor.fetchone() == (0,)


def test_it_begins_and_ends_by_itself() -> None:
    chief, helper = _pair()
    start = local_date() + dt.timedelta(days=2)
    delegation = _delegate(chief, helper, valid_from=start, valid_until=start + dt.timedelta(days=1))
    person = factories.account_of(helper).person

    def in_force(days: int) -> bool:
        day = local_date() + dt.timedelta(days=days)
        return bool(standing_of(person, f"delegation:{delegation}", day=day).actor.delegated_by)

    assert [in_force(days) for days in (1, 2, 3, 4)] == [False, True, True, False]


def test_whoever_gave_it_or_got_it_or_the_security_administrator_ends_it_at_once() -> None:
    chief, helper = _pair()
    for who in (chief, helper, office.security_administrator()):
        delegation = _delegate(chief, helper)
        api.revoke_delegation(actor=who, delegation_id=delegation, reason="已回单位")  # type: ignore[arg-type]  # an official of a test has a person and a post
        assert not _standing_in(helper, delegation).delegated_by
        with pytest.raises(Conflict, match="已经收回"):
            api.revoke_delegation(actor=who, delegation_id=delegation, reason="再收")  # type: ignore[arg-type]  # an official of a test has a person and a post

    last = _delegate(chief, helper)
    for stranger in (office.system_administrator(), factories.official("other", "leader")):
        with pytest.raises(NotPermitted):
            api.revoke_delegation(actor=stranger, delegation_id=last, reason="无权")  # type: ignore[arg-type]  # an official of a test has a person and a post


def test_it_ends_with_the_post_of_either_and_with_the_role() -> None:
    platform = system(factories.tenant())
    chief, helper = _pair()
    delegation = _delegate(chief, helper, "leader", "clerk")

    api.revoke_role(actor=platform, post_id=chief.post_id, role="leader")  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert _standing_in(helper, delegation).roles == {"clerk"}
    api.end_appointment(actor=platform, person_id=helper.person_id, post_id=helper.post_id)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not _standing_in(helper, delegation).delegated_by
    api.appoint(actor=platform, person_id=helper.person_id, post_id=helper.post_id)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert _standing_in(helper, delegation).delegated_by
    api.end_appointment(actor=platform, person_id=chief.person_id, post_id=chief.post_id)  # type: ignore[arg-type]  # an official of a test has a person and a post
    assert not _standing_in(helper, delegation).delegated_by


def test_it_is_not_passed_on() -> None:
    chief, helper = _pair()
    third = factories.official("third", "clerk")
    actor = _standing_in(helper, _delegate(chief, helper, "leader"))

    with pytest.raises(NotPermitted, match="不能再转委托"):
        _delegate(actor, third, "leader")
    with pytest.raises(NotPermitted):
        _delegate(factories.citizen(), third)


def test_what_is_refused_has_its_sentence() -> None:
    chief, helper = _pair()
    today = local_date()

    for field, match, given in (
        ("delegate", "不能委托给自己", {"to": chief}),
        ("roles", "没有所选的角色", {"roles": ("reviewer",)}),
        ("valid_until", "最长 90 天", {"days": 91}),
        ("valid_until", "晚于起始日期", {"days": 0}),
        ("valid_from", "不能早于今天", {"valid_from": today - dt.timedelta(days=1)}),
        ("reason", "写明委托的理由", {"reason": " "}),
        ("delegate", "在岗的工作人员", {"to": factories.citizen()}),
        ("delegate", "不能受托办理业务", {"to": office.audit_administrator()}),
    ):
        more = dict(given)
        with pytest.raises(Invalid, match=match) as refusal:
            _delegate(chief, more.pop("to", helper), *more.pop("roles", ()), **more)  # type: ignore[arg-type,misc]  # the case names its own words
        assert refusal.value.field == field

    assert not Delegation.objects.exists()


@pytest.mark.parametrize("role", sorted(NOT_DELEGABLE - {"citizen", "agent"}))
def test_powers_of_administration_and_operation_stay_with_the_person(role: str) -> None:
    holder = factories.official("holder", role)
    helper = factories.official("helper", "clerk")

    with pytest.raises(Invalid, match="不能委托") as refusal:
        _delegate(holder, helper, role)

    assert str(Role(role).label) in refusal.value.message


def test_two_for_the_same_days_are_refused_one_after_the_other_is_not() -> None:
    chief, helper = _pair()
    _delegate(chief, helper)

    with pytest.raises(Conflict, match="已经委托给同一个人"):
        _delegate(chief, helper)
    later = local_date() + dt.timedelta(days=6)
    _delegate(chief, helper, valid_from=later, valid_until=later + dt.timedelta(days=3))
    _delegate(chief, factories.official("third", "clerk"))

    assert Delegation.objects.count() == 3


def test_the_database_refuses_what_the_service_refuses() -> None:
    chief, helper = _pair()
    today = local_date()
    good = {
        "tenant": chief.tenant, "delegator_id": chief.person_id, "post_id": chief.post_id,
        "delegate_id": helper.person_id, "roles": ["clerk"], "valid_from": today,
        "valid_until": today + dt.timedelta(days=1), "reason": "x",
    }  # fmt: skip
    Delegation.objects.create(**good)

    for wrong in (
        {},
        {"valid_until": today},
        {"delegate_id": chief.person_id},
        {"roles": []},
        {"roles": ["clerk", "sec_admin"]},
        {"roles": ["process_admin"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.create(**(good | wrong))


def test_an_administrator_sees_no_business_even_when_he_was_a_delegate_before() -> None:
    chief, helper = _pair()
    delegation = _delegate(chief, helper)
    post = api.create_post(actor=system(chief.tenant), organisation_code="G22", title="审计岗")
    api.grant_role(actor=system(chief.tenant), post_id=post, role="audit_admin")

    api.appoint(actor=system(chief.tenant), person_id=helper.person_id, post_id=post)  # type: ignore[arg-type]  # an official of a test has a person and a post

    assert not _standing_in(helper, delegation).delegated_by
    assert all(":" not in c.key or not c.key.startswith("delegation") for c in list_choices(_person(helper)))


def test_the_longest_period_is_counted_from_its_first_day() -> None:
    with time_machine.travel(dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC), tick=False):
        chief, helper = _pair()
        _delegate(chief, helper, days=90)

    assert Delegation.objects.get().valid_until == dt.date(2026, 4, 5)


def _person(actor: Actor) -> object:
    return factories.account_of(actor).person
