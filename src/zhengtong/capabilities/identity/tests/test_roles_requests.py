"""Rights in three steps: asked for by one, given by another, seen by a third."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Appointment, PostRole, RoleRequest
from zhengtong.capabilities.identity.services import (
    decide_request,
    request_appointment,
    request_role,
    withdraw_request,
)
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Actor:
    """The system administrator."""
    return office.system_administrator()


@pytest.fixture
def guard() -> Actor:
    """The security administrator."""
    return office.security_administrator()


@pytest.fixture
def post(keeper: Actor) -> uuid.UUID:
    """A post without a role."""
    factories.organisation()
    return api.create_post(actor=keeper, organisation_code="G22", title="窗口岗")


def test_a_role_takes_effect_when_the_second_administrator_approves(
    keeper: Actor, guard: Actor, post: uuid.UUID
) -> None:
    request = request_role(actor=keeper, post_id=post, role="clerk", scope="subtree", reason="县数发〔2026〕1号")
    assert not PostRole.objects.filter(post_id=post).exists()

    decide_request(actor=guard, request_id=request, approve=True)

    assert list(PostRole.objects.filter(post_id=post).values_list("role", "scope")) == [("clerk", "subtree")]
    acts = [row.act for row in ledger.entries_of(ObjectRef(kind="right_request", id=str(request)), keeper.tenant)]
    assert acts == ["identity.right_requested", "identity.right_approved"]
    row = RoleRequest.objects.get()
    assert (row.state, row.requested_by_id, row.decided_by_id) == ("approved", keeper.person_id, guard.person_id)


def test_an_appointment_begins_when_it_is_approved(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    api.grant_role(actor=system(keeper.tenant), post_id=post, role="clerk")
    person = api.create_staff(actor=keeper, name="李二")
    yesterday = local_date() - dt.timedelta(days=1)
    request = request_appointment(actor=keeper, person_id=person, post_id=post, reason="任命文件", valid_from=yesterday)
    assert not Appointment.objects.filter(person_id=person).exists()

    decide_request(actor=guard, request_id=request, approve=True, answer="同意")

    assert Appointment.objects.get(person_id=person).valid_from == local_date()


def test_a_role_is_taken_away_the_same_way(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    api.grant_role(actor=system(keeper.tenant), post_id=post, role="clerk")
    request = request_role(actor=keeper, post_id=post, role="clerk", reason="岗位调整", revoke=True)

    decide_request(actor=guard, request_id=request, approve=True)

    assert not PostRole.objects.filter(post_id=post).exists()


def test_a_refusal_has_its_reason_and_changes_nothing(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    request = request_role(actor=keeper, post_id=post, role="leader", reason="试一试")

    with pytest.raises(Invalid, match="不批准的理由"):
        decide_request(actor=guard, request_id=request, approve=False)
    decide_request(actor=guard, request_id=request, approve=False, answer="没有任命文件")

    assert not PostRole.objects.filter(post_id=post).exists()
    with pytest.raises(Conflict, match="已经办结"):
        decide_request(actor=guard, request_id=request, approve=True)


def test_what_cannot_take_effect_stays_pending(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    request = request_role(actor=keeper, post_id=post, role="sys_admin", reason="再设一位")
    api.grant_role(actor=system(keeper.tenant), post_id=post, role="clerk")

    with pytest.raises(Conflict, match="不能再有其他角色"):
        decide_request(actor=guard, request_id=request, approve=True)

    assert RoleRequest.objects.get().state == "pending"


def test_each_step_has_its_administrator(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    request = request_role(actor=keeper, post_id=post, role="clerk", reason="任命文件")
    auditor, clerk = office.audit_administrator(), factories.official("clerk", "clerk")

    for other in (guard, auditor, clerk):
        with pytest.raises(NotPermitted):
            request_role(actor=other, post_id=post, role="leader", reason="任命文件")
        with pytest.raises(NotPermitted):
            withdraw_request(actor=other, request_id=request)
    for other in (keeper, auditor, clerk, system(keeper.tenant)):
        with pytest.raises(NotPermitted):
            decide_request(actor=other, request_id=request, approve=True)
    with pytest.raises(NotPermitted):
        request_role(actor=system(keeper.tenant), post_id=post, role="leader", reason="任命文件")


def test_nobody_decides_for_himself(keeper: Actor, guard: Actor, post: uuid.UUID) -> None:
    with pytest.raises(NotPermitted, match="自己"):
        request_appointment(actor=keeper, person_id=keeper.person_id, post_id=post, reason="自荐")  # type: ignore[arg-type]  # an official of a test has a person and a post
    for_guard = request_appointment(actor=keeper, person_id=guard.person_id, post_id=post, reason="任命文件")  # type: ignore[arg-type]  # an official of a test has a person and a post
    of_guards_post = request_role(actor=keeper, post_id=guard.post_id, role="clerk", reason="任命文件")  # type: ignore[arg-type]  # an official of a test has a person and a post

    for request in (for_guard, of_guards_post):
        with pytest.raises(NotPermitted, match="自己"):
            decide_request(actor=guard, request_id=request, approve=True)


def test_the_database_wants_two_persons_and_one_request_at_a_time(keeper: Actor, post: uuid.UUID) -> None:
    request = request_role(actor=keeper, post_id=post, role="clerk", reason="任命文件")

    with pytest.raises(Conflict, match="正在等待审批"):
        request_role(actor=keeper, post_id=post, role="clerk", reason="再来一次")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleRequest.objects.filter(pk=request).update(
            state="approved", decided_by_id=keeper.person_id, decided_at=RoleRequest.objects.get().created_at
        )
    withdraw_request(actor=keeper, request_id=request)
    request_role(actor=keeper, post_id=post, role="clerk", reason="重新申请")

    assert sorted(RoleRequest.objects.values_list("state", flat=True)) == ["pending", "withdrawn"]


def test_wrong_input_is_refused_with_a_sentence(keeper: Actor, post: uuid.UUID) -> None:
    with pytest.raises(Invalid, match="角色清单"):
        request_role(actor=keeper, post_id=post, role="citizen", reason="任命文件")
    with pytest.raises(Invalid, match="数据范围"):
        request_role(actor=keeper, post_id=post, role="clerk", scope="x", reason="任命文件")
    with pytest.raises(Invalid, match="没有该角色"):
        request_role(actor=keeper, post_id=post, role="clerk", reason="任命文件", revoke=True)
    with pytest.raises(Invalid, match="申请理由"):
        request_role(actor=keeper, post_id=post, role="clerk", reason=" ")
    with pytest.raises(NotFound):
        request_role(actor=keeper, post_id=factories.unknown_id(), role="clerk", reason="任命文件")
    with pytest.raises(NotFound):
        request_appointment(actor=keeper, person_id=factories.unknown_id(), post_id=post, reason="任命文件")
    with pytest.raises(Invalid, match="早于"):
        request_appointment(
            actor=keeper,
            person_id=api.create_staff(actor=keeper, name="李二"),
            post_id=post,
            reason="任命文件",
            valid_until=dt.date(2000, 1, 1),
        )
