"""At the counter for a child or a company: taken down by the official, proved by a paper that is kept."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Representation, Sitting
from zhengtong.systems.service_hall.rules import relation_errors, relation_proofs
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

TODAY = dt.date(2026, 11, 9)
USCC = "92341300MA2ABCDEX8"
CHILD = ("赵小宝", hall.people.citizen_number(77, born="20160501"))
ADULT = ("赵老太", hall.people.citizen_number(78, born="19400501"))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"relation": "guardian", "proof": "birth_certificate"}, set()),
        ({"relation": "guardian", "proof": "letter"}, {"proof"}),
        ({"relation": "guardian", "proof": "birth_certificate", "minor": False}, {"proof"}),
        ({"relation": "guardian", "proof": "judgment", "minor": False}, set()),
        ({"relation": "guardian", "proof": "birth_certificate", "has_copy": False}, {"copy"}),
        ({"relation": "representative", "proof": "licence", "has_copy": False}, set()),
        ({"relation": "agent", "proof": "letter"}, {"signed_on", "valid_until"}),
        ({"relation": "agent", "proof": "letter", "signed_on": TODAY, "valid_until": TODAY}, set()),
        (
            {
                "relation": "agent",
                "proof": "letter",
                "signed_on": TODAY + dt.timedelta(days=1),
                "valid_until": TODAY - dt.timedelta(days=1),
            },
            {"signed_on", "valid_until"},
        ),
        (
            {
                "relation": "agent",
                "proof": "letter",
                "signed_on": TODAY,
                "valid_until": TODAY,
                "today": TODAY - dt.timedelta(days=1),
            },
            {"signed_on"},
        ),
    ],
)
def test_what_proves_a_relation(given: dict[str, Any], wrong: set[str]) -> None:
    assert set(relation_errors(**{"today": TODAY, "has_copy": True, **given})) == wrong


def test_a_birth_certificate_names_no_guardian_of_an_adult() -> None:
    assert "birth_certificate" not in relation_proofs("guardian", minor=False)
    assert relation_proofs("neighbour") == frozenset()


@pytest.fixture
def clerk() -> Iterator[Actor]:
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        hall.found_county()
        yield counter.window()


def ward(clerk: Actor, who: tuple[str, str] = CHILD, **more: Any) -> tuple[Any, str]:
    """A person and the child he acts for, taken down at the counter."""
    person_id = counter.stranger(clerk)
    given = {"ward_name": who[0], "ward_citizen_number": who[1], "evidence": "birth_certificate", **more}
    relation = identity.take_in_ward(actor=clerk, guardian_id=person_id, **given)
    return person_id, f"ward:{relation}"


def company(clerk: Actor, role: str = "agent", **more: Any) -> tuple[Any, str]:
    person_id = counter.stranger(clerk)
    given = {
        "name": "虚构餐饮有限公司",
        "uscc": USCC,
        "representative_name": "钱经理" if role == "agent" else counter.NAME,
        "valid_until": dt.date(2026, 12, 31) if role == "agent" else None,
        "item_codes": [hall.SIMPLE] if role == "agent" else [],
        **more,
    }
    return person_id, f"agency:{identity.take_in_agency(actor=clerk, person_id=person_id, role=role, **given)}"


def letter(**more: Any) -> api.SeenPaper:
    given = {
        "proof": "letter",
        "signed_on": TODAY,
        "valid_until": dt.date(2026, 12, 31),
        "copy": ("委托书.pdf", hall.pdf("授权委托书")),
    }
    return api.SeenPaper(**{**given, **more})


@pytest.mark.django_db
def test_a_guardian_hands_in_for_a_child_with_the_paper_kept(clerk: Actor) -> None:
    person_id, choice = ward(clerk)
    sitting = counter.typed(clerk, person_id=person_id, choice=choice)
    with pytest.raises(Invalid, match="代办关系"):
        counter.agreed(clerk, sitting)

    paper = api.SeenPaper(proof="birth_certificate", number="S123", copy=("出生证.pdf", hall.pdf("出生医学证明")))
    made = api.record_relation(actor=clerk, sitting_id=sitting.id, paper=paper)
    counter.agreed(clerk, sitting)
    row = api.submit_application(actor=clerk, application_id=sitting.application_id)

    assert (row.status, row.applicant_name, row.person_name) == ("submitted", CHILD[0], counter.NAME)
    assert (made.relation, made.file.material_name) == ("guardian", "出生医学证明")
    acts = [one.act for one in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)]
    assert "service_hall.counter_relation" in acts
    assert not api.loose_files(row, api.view_of(row, actor=clerk).item)


@pytest.mark.django_db
def test_the_consent_is_to_the_proof_too(clerk: Actor) -> None:
    person_id, choice = ward(clerk)
    sitting = counter.typed(clerk, person_id=person_id, choice=choice)
    paper = api.SeenPaper(proof="birth_certificate", copy=("出生证.pdf", hall.pdf("一")))
    api.record_relation(actor=clerk, sitting_id=sitting.id, paper=paper)
    counter.agreed(clerk, sitting)

    other = api.SeenPaper(proof="household_register", copy=("户口簿.pdf", hall.pdf("二")))
    api.record_relation(actor=clerk, sitting_id=sitting.id, paper=other)

    assert Representation.objects.get().proof == "household_register"
    with pytest.raises(Conflict, match="内容又改过"):
        api.submit_application(actor=clerk, application_id=sitting.application_id)


@pytest.mark.django_db
def test_a_guardian_of_an_adult_needs_a_paper_that_names_him(clerk: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        ward(clerk, ADULT)
    assert {"evidence", "valid_until"} <= set(refused.value.errors)

    person_id, choice = ward(clerk, ADULT, evidence="judgment", valid_until=dt.date(2027, 1, 1))
    sitting = counter.begun(clerk, person_id=person_id, choice=choice)
    with pytest.raises(Invalid, match="更正"):
        api.record_relation(
            actor=clerk,
            sitting_id=sitting.id,
            paper=api.SeenPaper(proof="birth_certificate", copy=("a.pdf", hall.pdf("a"))),
        )


@pytest.mark.django_db
def test_an_agent_comes_with_a_letter_in_force(clerk: Actor) -> None:
    person_id, choice = company(clerk)
    sitting = counter.typed(clerk, person_id=person_id, choice=choice)

    for paper in (letter(signed_on=None), letter(valid_until=dt.date(2026, 11, 1)), letter(copy=None)):
        with pytest.raises(Invalid):
            api.record_relation(actor=clerk, sitting_id=sitting.id, paper=paper)
    made = api.record_relation(actor=clerk, sitting_id=sitting.id, paper=letter())

    assert (made.relation, made.signed_on) == ("agent", TODAY)
    again = api.record_relation(actor=clerk, sitting_id=sitting.id, paper=letter(copy=None, number="2026-1"))
    assert (again.proof_number, again.file_id) == ("2026-1", made.file_id)


@pytest.mark.django_db
def test_an_agent_acts_only_for_what_his_letter_names(clerk: Actor) -> None:
    with pytest.raises(Invalid, match="事项编码"):
        company(clerk, item_codes=[])
    person_id, choice = company(clerk, item_codes=["OTHER-CODE"])

    with pytest.raises(NotPermitted, match="授权委托书没有包括"):
        counter.begun(clerk, person_id=person_id, choice=choice)


@pytest.mark.django_db
def test_a_representative_shows_the_licence_of_his_company(clerk: Actor) -> None:
    person_id, choice = company(clerk, "legal_representative")
    sitting = counter.begun(clerk, person_id=person_id, choice=choice)

    made = api.record_relation(actor=clerk, sitting_id=sitting.id, paper=api.SeenPaper(proof="licence"))

    assert (made.relation, made.file_id) == ("representative", None)
    assert company(clerk, "legal_representative")[1] == choice
    other = counter.stranger(clerk, name="孙大爷", number=hall.people.citizen_number(903), phone="13800000077")
    with pytest.raises(Conflict, match="法定代表人"):
        identity.take_in_agency(
            actor=clerk,
            person_id=other,
            role="legal_representative",
            name="虚构餐饮有限公司",
            uscc=USCC,
            representative_name="孙大爷",
        )


@pytest.mark.django_db
def test_who_may_take_a_relation_down(clerk: Actor) -> None:
    person_id = counter.stranger(clerk)
    given = {"ward_name": CHILD[0], "ward_citizen_number": CHILD[1], "evidence": "birth_certificate"}

    for other in (hall.people.citizen(), hall.people.official("boss", "leader")):
        with pytest.raises(NotPermitted):
            identity.take_in_ward(actor=other, guardian_id=person_id, **given)
    with pytest.raises(NotPermitted, match="与自己有关"):
        identity.take_in_agency(
            actor=clerk,
            person_id=clerk.person_id,
            role="legal_representative",
            name="自己公司",
            uscc=USCC,
            representative_name=clerk.name,
        )
    first = identity.take_in_ward(actor=clerk, guardian_id=person_id, **given)
    assert identity.take_in_ward(actor=clerk, guardian_id=person_id, **given) == first


@pytest.mark.django_db
def test_who_acts_for_himself_needs_no_proof(clerk: Actor) -> None:
    sitting = counter.begun(clerk)

    with pytest.raises(Conflict, match="为自己办理"):
        api.record_relation(actor=clerk, sitting_id=sitting.id, paper=letter())


# --- pages


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.django_db
def test_from_the_mother_at_the_counter_to_the_case_page(client: Client, clerk: Actor) -> None:
    hall.people.sign_in(client, clerk)
    counter.stranger(clerk)
    found = client.post(reverse("service_hall:counter"), {"citizen_number": counter.NUMBER})
    person_id = str(found.url).rstrip("/").rsplit("/", 1)[1]
    new = reverse("service_hall:counter-for", args=[person_id, "ward"])
    assert new in text_of(client.get(found.url))

    wrong = client.post(new, {"ward_name": CHILD[0], "ward_citizen_number": "1", "evidence": "birth_certificate"})
    assert wrong.status_code == 422
    taken = client.post(new, {"ward_name": CHILD[0], "ward_citizen_number": CHILD[1], "evidence": "birth_certificate"})
    assert "for=ward" in taken.url
    assert CHILD[0] in text_of(client.get(taken.url))
    choice = taken.url.split("for=")[1].replace("%3A", ":")
    begun = client.post(f"{found.url}?q={hall.SIMPLE}", {"choice": choice, "proof": "id_card", "item": hall.SIMPLE})
    sitting = Sitting.objects.get()
    assert "还没有登记代办关系" in text_of(client.get(begun.url))
    relation = reverse("service_hall:counter-relation", args=[sitting.id])
    show = reverse("service_hall:counter-show", args=[sitting.application_id])
    assert client.get(show).url == relation
    assert client.post(relation, {"proof": "birth_certificate"}).status_code == 422
    done = client.post(relation, {"proof": "birth_certificate", "copy": SimpleUploadedFile("证.jpg", hall.photo())})
    assert done.url == reverse("service_hall:sitting", args=[sitting.id])
    assert "凭出生医学证明" in text_of(client.get(done.url))
    api.save_answers(actor=clerk, application_id=sitting.application_id, answers=hall.ANSWERS)
    for key in (hall.REQUIRED, hall.TOLERABLE):
        hall.give(clerk, sitting.application, key)
    assert "以监护人身份为" in text_of(client.get(show))
    assert client.post(show, {"drawn": counter.drawn()}).status_code == 302

    market = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    here = hall.people.sign_in(Client(), market)
    sitting.application.refresh_from_db()
    page = text_of(here.get(reverse("service_hall:case", args=[sitting.application.case_id])))
    assert "凭出生医学证明" in page
    assert "查看证明材料" in page


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "citizen", "leader", "colleague"])
def test_nobody_else_takes_down_or_proves(clerk: Actor, who: str) -> None:
    person_id, choice = ward(clerk)
    sitting = counter.begun(clerk, person_id=person_id, choice=choice)
    other = Client()
    if who == "citizen":
        hall.people.sign_in(other, hall.people.citizen())
    elif who == "leader":
        hall.people.sign_in(other, counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader"))
    elif who == "colleague":
        hall.people.sign_in(other, counter.window("window.two"))

    answers = [
        other.post(reverse("service_hall:counter-relation", args=[sitting.id]), {"proof": "birth_certificate"}),
        other.post(reverse("service_hall:counter-for", args=[person_id, "company"]), {"name": "某公司"}),
        other.get(reverse("service_hall:counter-for", args=[person_id, "nobody"])),
    ]

    assert {answer.status_code for answer in answers} <= ({302} if who == "stranger" else {403, 404})
    assert not Representation.objects.exists()
