"""Several posts per person, and the leaver's hand-over."""

import datetime as dt

import pytest

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Appointment
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.selectors import list_choices, standing_of
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(work: office.Work) -> Actor:
    """A clerk with two matters in hand."""
    actor = factories.official("leaver", "clerk", name="李走")
    assert actor.person_id
    assert actor.org_id
    work.of_people[actor.person_id, actor.org_id] = 2
    return actor


def _end(actor: Actor, leaver: Actor, receiver: Actor | None = None) -> None:
    assert leaver.person_id
    assert leaver.post_id
    api.end_appointment(
        actor=actor,
        person_id=leaver.person_id,
        post_id=leaver.post_id,
        receiver_id=receiver.person_id if receiver else None,
        reason="调离",
    )


def test_nobody_leaves_while_his_work_has_no_receiver(leaver: Actor, work: office.Work) -> None:
    elsewhere = factories.official("elsewhere", "clerk", org_code="G23", org_name="青禾县财政局")

    for receiver, match in ((None, "已签收的待办 2 件"), (leaver, "同一单位"), (elsewhere, "同一单位")):
        with pytest.raises(Invalid, match=match) as refusal:
            _end(office.system_administrator(), leaver, receiver)
        assert refusal.value.field == "receiver"

    assert api.find_actor("leaver").kind == "official"
    assert work.of_people == {(leaver.person_id, leaver.org_id): 2}


@pytest.mark.parametrize("ender", [office.system_administrator, office.security_administrator])
def test_the_work_goes_to_a_colleague_with_the_end(leaver: Actor, work: office.Work, ender: object) -> None:
    colleague = factories.official("colleague", "clerk", name="王接")

    _end(ender(), leaver, colleague)  # type: ignore[operator]  # the case names one of these

    assert work.of_people == {(colleague.person_id, colleague.org_id): 2}
    assert api.find_actor("leaver").kind == "citizen"
    acts = [row.act for row in ledger.entries_of(ObjectRef(kind="person", id=str(leaver.person_id)), leaver.tenant)]
    assert "identity.personal_work_handed_over" in acts


def test_whoever_keeps_a_post_in_the_unit_keeps_his_work(leaver: Actor, work: office.Work) -> None:
    platform = system(leaver.tenant)
    second = api.create_post(actor=platform, organisation_code="G22", title="第二岗")
    api.appoint(actor=platform, person_id=leaver.person_id, post_id=second)  # type: ignore[arg-type]  # an official of a test has a person and a post

    _end(platform, leaver)

    assert work.of_people == {(leaver.person_id, leaver.org_id): 2}


def test_who_runs_out_of_time_is_listed_until_his_work_is_handed_over(leaver: Actor, work: office.Work) -> None:
    colleague = factories.official("colleague", "clerk")
    Appointment.objects.filter(person_id=leaver.person_id).update(
        valid_from=local_date() - dt.timedelta(days=9), valid_until=local_date() - dt.timedelta(days=1)
    )
    keeper = office.system_administrator()

    found = reads.leavers(leaver.tenant)
    assert [(one.name, one.work[0].count) for one in found] == [("李走", 2)]
    moved = api.hand_over_personal_work(
        actor=keeper,
        person_id=leaver.person_id,  # type: ignore[arg-type]  # an official of a test has a person and a post
        post_id=leaver.post_id,  # type: ignore[arg-type]  # an official of a test has a person and a post
        receiver_id=colleague.person_id,
        reason="任期届满",
    )

    assert moved == 2
    assert reads.leavers(leaver.tenant) == []


def test_only_two_administrators_end_an_appointment_and_not_their_own(leaver: Actor) -> None:
    keeper = office.system_administrator()

    for other in (office.audit_administrator(), leaver, factories.official("chief", "leader")):
        with pytest.raises(NotPermitted):
            _end(other, leaver)
    with pytest.raises(NotPermitted, match="自己"):
        _end(keeper, keeper)


def test_a_person_with_several_posts_chooses_and_the_oldest_is_his_main_post() -> None:
    first = factories.official("many", "clerk", post="窗口岗")
    factories.official("many", "leader", org_code="G23", org_name="青禾县财政局", post="审批岗")
    person = factories.account_of(first).person

    standing = standing_of(person)

    assert standing.must_choose
    assert standing.actor.post_name == "窗口岗"
    assert [choice.title for choice in list_choices(person)] == ["窗口岗", "审批岗", "本人"]
    held = reads.posts_held(person.tenant, [person.id])[person.id]
    assert [row.post.title for row in held] == ["窗口岗", "审批岗"]
