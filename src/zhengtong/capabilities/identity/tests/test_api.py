"""The door: actors, people in posts, contacts, grants, legal persons."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Agency, Appointment
from zhengtong.capabilities.identity.registry import GrantQuestion, grant_providers
from zhengtong.capabilities.identity.services import choose_identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import anonymous, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

USCC = "92341300MA2ABCDEX8"


def test_an_official_acts_in_his_post() -> None:
    actor = factories.official("clerk", "clerk", "reviewer", post="窗口受理岗")

    assert (actor.kind, actor.name, actor.post_name, actor.org_path) == ("official", "李二", "窗口受理岗", "/G22/")
    assert actor.roles == {"clerk", "reviewer"}
    assert actor.has_role("clerk")


def test_posts_of_yesterday_and_tomorrow_give_nothing() -> None:
    actor = factories.official("clerk", "clerk")
    today = local_date()
    for start, end in ((today + dt.timedelta(days=1), None), (dt.date(2020, 1, 1), today - dt.timedelta(days=1))):
        Appointment.objects.update(valid_from=start, valid_until=end)
        assert api.find_actor("clerk").kind == "citizen"

    Appointment.objects.update(valid_from=today, valid_until=today)

    assert api.find_actor("clerk").roles == {"clerk"}
    assert [p.person_id for p in api.people_in(actor.tenant, actor.org_id, "clerk")] == [actor.person_id]
    assert api.people_in(actor.tenant, actor.org_id, "leader") == []
    assert api.people_in("980724", actor.org_id, "clerk") == []


def test_an_actor_cannot_be_had_for_a_post_of_somebody_else() -> None:
    mine, other = factories.official("clerk", "clerk"), factories.official("leader", "leader")

    assert api.actor_for(mine.tenant, username="clerk", post_id=mine.post_id) == mine
    assert api.actor_for(mine.tenant, username="clerk", as_self=True).roles == {"citizen"}
    with pytest.raises(NotFound):
        api.actor_for(mine.tenant, username="clerk", post_id=other.post_id)
    with pytest.raises(NotFound):
        api.actor_for("980724", username="clerk")


def test_reading_a_contact_is_an_entry_with_its_purpose() -> None:
    citizen, clerk = factories.citizen(number="11010519491231002X"), factories.official("clerk", "clerk")

    contact = api.person_contact(citizen.person_id, actor=clerk, purpose="办件 QH20261121000001")

    assert (contact.citizen_number, contact.phone) == ("11010519491231002X", "13800000001")
    assert _reads() == ["办件 QH20261121000001"]
    with pytest.raises(Invalid):
        api.person_contact(citizen.person_id, actor=clerk, purpose=" ")
    with pytest.raises(NotPermitted):
        api.person_contact(clerk.person_id, actor=citizen, purpose="好奇")
    with pytest.raises(NotPermitted):
        api.person_contact(citizen.person_id, actor=anonymous(citizen.tenant), purpose="好奇")
    assert api.person_contact(citizen.person_id, actor=citizen, purpose="本人查看").phone == "13800000001"
    assert len(_reads()) == 1


def test_a_masked_person_shows_little() -> None:
    citizen = factories.citizen(number="11010519491231002X")

    masked = api.masked(citizen.tenant, citizen.person_id)

    assert (masked.name, masked.phone) == ("张*", "138****0001")
    assert masked.citizen_number == "110***********002X"


def test_across_organisations_nothing_is_open_without_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = factories.official("clerk", "clerk")

    def ask() -> bool:
        return api.has_grant(actor=clerk, subject_org="/H05/", purpose="联合审查")

    assert api.has_grant(actor=clerk, subject_org="/G22/", purpose="")
    assert api.has_grant(actor=clerk, subject_org="/G22/G22A/", purpose="")
    assert not ask()
    assert not api.has_grant(actor=anonymous(clerk.tenant), subject_org="/H05/", purpose="联合审查")

    def provider(question: GrantQuestion) -> bool:
        return question.purpose == "联合审查"

    monkeypatch.setattr(grant_providers, "_items", {"test": provider})
    assert ask()
    assert not api.has_grant(actor=clerk, subject_org="/H05/", purpose="好奇")
    assert not api.has_grant(actor=clerk, subject_org="/H05/", purpose="")


def test_a_legal_representative_acts_for_his_legal_person_and_authorises_others() -> None:
    citizen, other = factories.citizen(), factories.citizen("王三", number="11010519491231002X", phone="13900000003")
    boss = factories.agent(citizen)

    agency = api.authorise_agent(
        actor=boss, agent_name="王三", agent_citizen_number="11010519491231002x", valid_until=local_date()
    )
    agent = api.actor_for(boss.tenant, person_id=other.person_id, agency_id=agency)

    assert (boss.kind, boss.on_behalf_of, boss.post_name) == ("legal_agent", "青禾县一品餐饮店", "法定代表人")
    assert boss.roles == {"agent"}
    legal = api.legal_person_of(agent)
    assert (legal.uscc, legal.agent_role, legal.verified) == (USCC, "agent", False)
    with pytest.raises(NotPermitted, match="法定代表人"):
        api.authorise_agent(actor=agent, agent_name="张一", agent_citizen_number="x", valid_until=local_date())
    with pytest.raises(NotFound):
        api.legal_person_of(citizen)


def test_nobody_else_declares_to_act_for_a_represented_legal_person() -> None:
    factories.agent(factories.citizen())
    other = factories.citizen("王三", phone="13900000003")

    with pytest.raises(Conflict, match="法定代表人已经注册"):
        api.register_legal_person(
            actor=other,
            name="青禾县一品餐饮店",
            uscc=USCC,
            representative_name="张一",
            role="agent",
            valid_until=local_date(),
        )
    with pytest.raises(Conflict, match="不是您填写的这位"):
        factories.agent(other)


def test_nobody_becomes_the_representative_of_a_company_on_file_with_another() -> None:
    agent = factories.citizen("王三", phone="13900000003")
    api.register_legal_person(
        actor=agent,
        name="青禾县一品餐饮店",
        uscc=USCC,
        representative_name="张一",
        role="agent",
        valid_until=local_date(),
    )
    stranger = factories.citizen("赵六", phone="13900000006")

    with pytest.raises(Conflict, match="不是您填写的这位"):
        api.register_legal_person(actor=stranger, name="青禾县一品餐饮店", uscc=USCC, representative_name="赵六")

    assert not Agency.objects.filter(person_id=stranger.person_id).exists()


def test_wrong_fields_of_a_legal_person_are_named() -> None:
    citizen = factories.citizen()

    with pytest.raises(Invalid) as refusal:
        api.register_legal_person(
            actor=citizen, name="店", uscc="911100007178241024", representative_name="王三", role="legal_representative"
        )
    with pytest.raises(Invalid) as second:
        api.register_legal_person(
            actor=citizen, name="青禾县一品餐饮店", uscc=USCC, representative_name="王三", role="agent"
        )

    assert set(refusal.value.errors) == {"name", "uscc", "representative_name"}
    assert set(second.value.errors) == {"valid_until"}


def test_the_database_wants_an_end_for_an_agent() -> None:
    boss = factories.agent(factories.citizen())
    row = Agency.objects.get(pk=boss.post_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=row.pk).update(role="agent")


def test_only_identities_that_are_open_can_be_chosen() -> None:
    clerk, other = factories.official("clerk", "clerk"), factories.official("leader", "leader")

    assert choose_identity(actor=clerk, choice="self").kind == "citizen"
    with pytest.raises(Invalid):
        choose_identity(actor=clerk, choice=f"post:{other.post_id}")
    with pytest.raises(NotPermitted):
        choose_identity(actor=system(clerk.tenant), choice="self")


def _reads() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select purpose from ledger_entry where act = 'identity.contact_read'")
        return [row[0] for row in cursor.fetchall()]
