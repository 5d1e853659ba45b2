"""Appointments, roles, and the administrators who exclude each other: by service and by database."""

import datetime as dt

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.models import Appointment, PostRole
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id

pytestmark = pytest.mark.django_db

PAIRS = [
    ("sys_admin", "sec_admin"),
    ("sec_admin", "audit_admin"),
    ("audit_admin", "sys_admin"),
    ("process_admin", "sys_admin"),
]


def _platform() -> Actor:
    return system(factories.tenant())


def _post(title: str, *roles: str) -> object:
    factories.organisation()
    post = api.create_post(actor=_platform(), organisation_code="G22", title=title)
    for role in roles:
        api.grant_role(actor=_platform(), post_id=post, role=role)
    return post


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_second_administrator_post_is_refused_with_a_sentence(one: str, other: str) -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    api.appoint(actor=_platform(), person_id=person, post_id=_post("甲岗", one))

    with pytest.raises(Conflict, match="必须由不同的人担任") as refusal:
        api.appoint(actor=_platform(), person_id=person, post_id=_post("乙岗", other))

    assert str(Role(one).label) in refusal.value.message
    assert Appointment.objects.count() == 1


def test_a_role_given_later_to_the_post_is_refused_too() -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    api.appoint(actor=_platform(), person_id=person, post_id=_post("甲岗", "sys_admin"))
    second = _post("乙岗", "clerk")
    api.appoint(actor=_platform(), person_id=person, post_id=second)

    with pytest.raises(Conflict, match="必须由不同的人担任"):
        api.grant_role(actor=_platform(), post_id=second, role="audit_admin")
    with pytest.raises(Conflict, match="必须由不同的人担任"):
        api.grant_role(actor=_platform(), post_id=second, role="sec_admin")


def test_one_post_never_holds_two_administrator_roles() -> None:
    post = _post("甲岗", "sys_admin")

    with pytest.raises(Conflict, match="必须由不同的人担任"):
        api.grant_role(actor=_platform(), post_id=post, role="sec_admin")


def test_one_after_the_other_is_allowed() -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    today = local_date()
    first = _post("甲岗", "sys_admin")
    api.appoint(actor=_platform(), person_id=person, post_id=first, valid_until=today)

    api.appoint(
        actor=_platform(),
        person_id=person,
        post_id=_post("乙岗", "sec_admin"),
        valid_from=today + dt.timedelta(days=1),
    )

    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_database_refuses_a_second_administrator_post(one: str, other: str) -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    api.appoint(actor=_platform(), person_id=person, post_id=_post("甲岗", one))
    second = _post("乙岗", other)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into identity_appointment (id, tenant, created_at, person_id, post_id, valid_from)"
            " values (%s, %s, now(), %s, %s, %s)",
            [new_id(), factories.tenant(), person, second, local_date()],
        )

    assert _constraint(refusal.value) == "identity_administrators_apart"


def test_the_database_refuses_a_second_administrator_role() -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    api.appoint(actor=_platform(), person_id=person, post_id=_post("甲岗", "sys_admin"))
    second = _post("乙岗", "clerk")
    api.appoint(actor=_platform(), person_id=person, post_id=second)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        PostRole.objects.filter(post_id=second).update(role="audit_admin")

    assert _constraint(refusal.value) == "identity_administrators_apart"


def test_the_database_refuses_roles_nobody_gets_by_a_post_and_periods_that_end_early() -> None:
    post = _post("甲岗")
    person = api.create_staff(actor=_platform(), name="李二")

    with pytest.raises(IntegrityError), transaction.atomic():
        PostRole.objects.create(tenant=factories.tenant(), post_id=post, role="citizen")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            tenant=factories.tenant(),
            person_id=person,
            post_id=post,
            valid_from=local_date(),
            valid_until=local_date() - dt.timedelta(days=1),
        )


def test_the_same_post_twice_at_the_same_time_is_refused() -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    post = _post("甲岗", "clerk")
    api.appoint(actor=_platform(), person_id=person, post_id=post)

    with pytest.raises(Conflict, match="已经担任这个岗位"):
        api.appoint(actor=_platform(), person_id=person, post_id=post)


def test_only_the_security_administrator_authorises_and_never_himself() -> None:
    security = factories.official("sec", "sec_admin", name="安一")
    for username, role in (("sys", "sys_admin"), ("audit", "audit_admin"), ("clerk", "clerk")):
        other = factories.official(username, role)
        with pytest.raises(NotPermitted, match="安全管理员"):
            api.appoint(actor=other, person_id=security.person_id, post_id=other.post_id)
        with pytest.raises(NotPermitted, match="安全管理员"):
            api.grant_role(actor=other, post_id=other.post_id, role="leader")

    with pytest.raises(NotPermitted, match="自己"):
        api.appoint(actor=security, person_id=security.person_id, post_id=_post("丙岗", "leader"))
    with pytest.raises(NotPermitted, match="自己"):
        api.grant_role(actor=security, post_id=security.post_id, role="leader")


def test_wrong_input_is_refused_with_a_sentence() -> None:
    person = api.create_staff(actor=_platform(), name="李二")
    post = _post("甲岗")

    with pytest.raises(Invalid, match="角色清单"):
        api.grant_role(actor=_platform(), post_id=post, role="citizen")
    with pytest.raises(Invalid, match="早于"):
        api.appoint(actor=_platform(), person_id=person, post_id=post, valid_until=dt.date(2000, 1, 1))
    with pytest.raises(NotFound):
        api.appoint(actor=_platform(), person_id=factories.unknown_id(), post_id=post)


def test_an_ended_appointment_gives_no_role_any_more() -> None:
    clerk = factories.official("clerk", "clerk")
    Appointment.objects.update(valid_from=local_date() - dt.timedelta(days=30))

    api.end_appointment(actor=_platform(), person_id=clerk.person_id, post_id=clerk.post_id)

    assert api.find_actor("clerk").kind == "citizen"
    assert api.people_in(factories.tenant(), clerk.org_id, "clerk") == []
    assert Appointment.objects.get().valid_until == local_date() - dt.timedelta(days=1)


def _constraint(error: IntegrityError) -> str | None:
    assert isinstance(error.__cause__, psycopg.Error)
    return error.__cause__.diag.constraint_name


def test_nobody_gives_a_role_to_another_post_of_his_own() -> None:
    security = factories.official("sec", "sec_admin")
    second = _post("窗口岗")
    api.appoint(actor=_platform(), person_id=security.person_id, post_id=second)

    with pytest.raises(NotPermitted, match="自己的岗位"):
        api.grant_role(actor=security, post_id=second, role="leader")
