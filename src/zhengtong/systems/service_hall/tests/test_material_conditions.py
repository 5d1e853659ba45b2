"""Only the papers that apply are asked for, by the page and by the server alike."""

import dataclasses

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors.contents import content_of, draft_of
from zhengtong.capabilities.catalogue.selectors.surroundings import surroundings_of
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
FOR_UNITS = {"field": "applicant_kind", "values": ["legal"]}
PAPER = catalogue.MaterialDraft(key="articles", name="单位章程", form="复印件", condition="单位申请的", when=FOR_UNITS)
UNDECIDED = catalogue.MaterialDraft(key="proxy", name="授权委托书", form="原件", condition="委托他人办理的")


def publish(*papers: catalogue.MaterialDraft) -> catalogue.ItemDraft:
    plain = hall.item_draft()
    draft = dataclasses.replace(plain, materials=(*plain.materials, *papers))
    catalogue.publish_item(actor=system(hall.TENANT), draft=draft)
    return draft


@pytest.fixture
def applicant(client: Client) -> Actor:
    hall.found_county()
    publish(PAPER, UNDECIDED)
    actor = hall.people.citizen()
    hall.people.sign_in(client, actor)
    return actor


def states(actor: Actor, row: Application) -> dict[str, str]:
    view = api.own_view(actor=actor, application_id=row.id)
    return {material.key: material.state for material in view.materials}


def test_a_paper_for_others_is_neither_asked_nor_checked(client: Client, applicant: Actor) -> None:
    row = hall.ready_draft(applicant)

    page = client.get(reverse("service_hall:materials", args=[row.id])).content.decode()

    assert states(applicant, row)["articles"] == "not_needed"
    assert 'id="material-articles"' not in page
    assert "不用提交：单位章程" in page
    assert api.submit_application(actor=applicant, application_id=row.id).number


def test_the_same_paper_is_missing_as_soon_as_the_answers_ask_for_it(client: Client, applicant: Actor) -> None:
    answers = {
        "applicant_kind": "legal",
        "legal_name": "青禾县测试有限公司",
        "uscc": "91980723MA00000153",
        "legal_representative": "张一",
    }
    row = hall.ready_draft(applicant, answers=answers)

    page = client.get(reverse("service_hall:materials", args=[row.id])).content.decode()
    with pytest.raises(Invalid) as refusal:
        api.submit_application(actor=applicant, application_id=row.id)

    assert 'id="material-articles"' in page
    assert "什么情况下需要：单位申请的" in page
    assert list(refusal.value.errors) == ["material-articles"]
    hall.give(applicant, row, "articles")
    assert api.submit_application(actor=applicant, application_id=row.id).number


def test_a_paper_given_before_the_answers_changed_stays_to_be_seen(applicant: Actor) -> None:
    row = hall.ready_draft(applicant)

    hall.give(applicant, row, "articles")

    assert states(applicant, row)["articles"] == "given"


def test_what_the_form_cannot_decide_keeps_nobody_from_handing_in(client: Client, applicant: Actor) -> None:
    row = hall.ready_draft(applicant)

    page = client.get(reverse("service_hall:materials", args=[row.id])).content.decode()

    assert states(applicant, row)["proxy"] == "if_applies"
    assert "符合情形的才交" in page
    assert "什么情况下需要：委托他人办理的" in page


def test_before_the_start_the_page_says_when_a_paper_is_needed(client: Client, applicant: Actor) -> None:
    page = client.get(reverse("service_hall:apply", args=[hall.SIMPLE])).content.decode()

    assert "只有这种情形才需要：单位申请的" in page
    assert "只有这种情形才需要：委托他人办理的" in page


def test_an_official_may_ask_for_a_paper_that_the_answers_made_needless(client: Client, applicant: Actor) -> None:
    row = hall.told(applicant, points={"articles": "请核对是否单位申请，补交章程"})

    page = client.get(reverse("service_hall:supplement", args=[row.id])).content.decode()

    assert 'id="material-articles"' in page
    hall.give(applicant, row, "articles")
    answered = api.answer_notice(actor=applicant, application_id=row.id, command_key="answer")
    assert answered.status == "submitted"


def test_a_condition_over_a_question_that_the_form_has_not_asks_for_the_paper(applicant: Actor) -> None:
    lost = dataclasses.replace(PAPER, when={"field": "gone", "values": ["yes"]})
    draft = publish(lost)
    row = hall.ready_draft(applicant)

    refusals = surroundings_of(hall.TENANT, draft).condition_faults

    assert states(applicant, row)["articles"] == "missing"
    assert len(refusals) == 1
    assert "“gone”不存在" in refusals[0]


def test_a_sound_condition_is_no_fault_and_is_written_only_where_there_is_one(applicant: Actor) -> None:
    row = ItemVersion.objects.get(item__code=hall.SIMPLE, status="published")
    draft = draft_of(row)

    written = {paper["key"]: paper for paper in content_of(draft)["materials"]}

    assert surroundings_of(hall.TENANT, draft).condition_faults == ()
    assert written["articles"]["when"] == FOR_UNITS
    assert "when" not in written["proxy"]
    assert draft.materials[-2] == PAPER
