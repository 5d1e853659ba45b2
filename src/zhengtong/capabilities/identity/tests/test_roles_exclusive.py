"""Operating roles under the three administrators: who may not be who, by rule, by service and by database."""

import itertools

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import RESPONSIBLE_ADMINISTRATORS, Role
from zhengtong.capabilities.identity.models import PostRole
from zhengtong.capabilities.identity.rules import (
    ADMINISTRATORS,
    OPERATORS,
    THREE_ADMINISTRATORS,
    colliding_roles,
    excluding_roles,
    mixed_post,
    parse_pairs,
)
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import ParameterValue

APART = sorted(itertools.product(THREE_ADMINISTRATORS, OPERATORS))


def _platform() -> Actor:
    return system(factories.tenant())


def _post(title: str, *roles: str) -> object:
    factories.organisation()
    post = api.create_post(actor=_platform(), organisation_code="G22", title=title)
    for role in roles:
        api.grant_role(actor=_platform(), post_id=post, role=role)
    return post


def _holder(title: str, *roles: str) -> object:
    person = api.create_staff(actor=_platform(), name="李二")
    api.appoint(actor=_platform(), person_id=person, post_id=_post(title, *roles))  # type: ignore[arg-type]  # an official of a test has a person and a post
    return person


def test_every_operating_role_stands_under_one_of_the_three() -> None:
    assert set(RESPONSIBLE_ADMINISTRATORS) == set(OPERATORS)
    assert set(RESPONSIBLE_ADMINISTRATORS.values()) <= set(THREE_ADMINISTRATORS)
    assert set(Role.values) >= {*ADMINISTRATORS, *OPERATORS}


def test_the_rule_knows_the_fixed_pairs_and_those_a_county_adds() -> None:
    further = parse_pairs(["security_operator+database_operator", "nonsense", "a + b"])

    for administrator, operator in APART:
        assert excluding_roles(administrator, {operator, "clerk"}) == {operator}
        assert excluding_roles(operator, {administrator, "clerk"}) == {administrator}
    assert colliding_roles(OPERATORS) == frozenset()
    assert colliding_roles(OPERATORS, further=further) == {"security_operator", "database_operator"}
    assert colliding_roles({"process_admin", "host_operator", "clerk"}) == frozenset()
    assert mixed_post({"sys_admin"}) == frozenset()
    assert mixed_post({"sys_admin", "clerk"}) == {"clerk"}
    assert mixed_post({"process_admin", "clerk"}) == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize(("administrator", "operator"), APART)
def test_an_administrator_is_no_operator(administrator: str, operator: str) -> None:
    person = _holder("甲岗", administrator)

    with pytest.raises(Conflict, match="必须由不同的人担任") as refusal:
        api.appoint(actor=_platform(), person_id=person, post_id=_post("乙岗", operator))  # type: ignore[arg-type]  # an official of a test has a person and a post

    assert str(Role(administrator).label) in refusal.value.message
    assert str(Role(operator).label) in refusal.value.message


@pytest.mark.django_db
@pytest.mark.parametrize(("administrator", "operator"), APART)
def test_the_database_refuses_it_too(administrator: str, operator: str) -> None:
    person = _holder("甲岗", administrator)
    second = _post("乙岗", operator)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into identity_appointment (id, tenant, created_at, person_id, post_id, valid_from)"
            " values (%s, %s, now(), %s, %s, %s)",
            [new_id(), factories.tenant(), person, second, local_date()],
        )

    assert isinstance(refusal.value.__cause__, psycopg.Error)
    assert refusal.value.__cause__.diag.constraint_name == "identity_administrators_apart"


@pytest.mark.django_db
def test_operators_of_different_things_may_be_one_person_but_not_security_with_database_or_application() -> None:
    person = _holder("甲岗", "host_operator", "network_operator", "database_operator")
    security = _post("乙岗", "security_operator")

    with pytest.raises(Conflict, match="安全操作员"):
        api.appoint(actor=_platform(), person_id=person, post_id=security)  # type: ignore[arg-type]  # an official of a test has a person and a post
    with pytest.raises(Conflict, match="这个岗位"):
        api.grant_role(actor=_platform(), post_id=security, role="application_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post

    ParameterValue.objects.create(
        tenant=factories.tenant(), key="identity.separate_operators", value=[], source="县规定", valid_from=local_date()
    )
    api.appoint(actor=_platform(), person_id=person, post_id=security)  # type: ignore[arg-type]  # an official of a test has a person and a post


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["clerk", "leader", "supervisor", "process_admin", "host_operator", "audit_admin"])
def test_the_post_of_an_administrator_holds_nothing_else(other: str) -> None:
    post, second = _post("甲岗", "sys_admin"), _post("乙岗", other)

    with pytest.raises(Conflict):
        api.grant_role(actor=_platform(), post_id=post, role=other)  # type: ignore[arg-type]  # an official of a test has a person and a post
    with pytest.raises(Conflict):
        api.grant_role(actor=_platform(), post_id=second, role="sys_admin")  # type: ignore[arg-type]  # an official of a test has a person and a post
    if other not in THREE_ADMINISTRATORS:
        with pytest.raises(IntegrityError, match="holds no other role"), transaction.atomic():
            PostRole.objects.create(tenant=factories.tenant(), post_id=post, role=other)


@pytest.mark.django_db
def test_the_responsible_administrator_takes_his_operating_roles_away_and_no_other() -> None:
    keeper, security, auditor = (
        office.system_administrator(),
        office.security_administrator(),
        office.audit_administrator(),
    )
    post = _post("运维岗", "host_operator", "clerk")
    guard = _post("安全岗", "security_operator")

    with pytest.raises(NotPermitted):
        api.revoke_role(actor=keeper, post_id=post, role="clerk")  # type: ignore[arg-type]  # an official of a test has a person and a post
    with pytest.raises(NotPermitted):
        api.revoke_role(actor=keeper, post_id=guard, role="security_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post
    with pytest.raises(NotPermitted):
        api.revoke_role(actor=auditor, post_id=post, role="host_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post
    api.revoke_role(actor=keeper, post_id=post, role="host_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post
    api.revoke_role(actor=security, post_id=guard, role="security_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post

    with pytest.raises(NotFound):
        api.revoke_role(actor=keeper, post_id=post, role="host_operator")  # type: ignore[arg-type]  # an official of a test has a person and a post
