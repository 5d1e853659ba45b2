"""窗口代录: an official types for the person before him, and only for him; nothing is handed in without his consent."""

import dataclasses
import io

import pikepdf
import pytest
from django.db import connection
from PIL import Image

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, Sitting
from zhengtong.systems.service_hall.rules import channel_of_level
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Actor:
    hall.found_county()
    return counter.window()


@pytest.mark.parametrize(
    ("level", "channel"), [("县级", "counter"), ("乡镇级", "township"), ("村(社区)级", "village"), ("", "counter")]
)
def test_where_an_application_was_taken_in_follows_the_level_of_the_window(level: str, channel: str) -> None:
    assert channel_of_level(level) == channel


def test_what_is_typed_with_consent_is_handed_in_for_the_person(clerk: Actor) -> None:
    sitting = counter.handed_in(clerk)

    row = sitting.application
    assert (row.status, row.channel, row.applicant_name, row.person_name) == (
        "submitted",
        "counter",
        counter.NAME,
        counter.NAME,
    )
    assert (sitting.state, sitting.consent_kind, sitting.org_name) == ("done", "drawn", counter.WINDOW[1])
    assert counter.NAME in sitting.consent_text
    assert row.item_name in sitting.consent_text
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)]
    assert acts.index("service_hall.counter_consent") < acts.index("service_hall.submit")
    submitted = OutboxEvent.objects.get(name="service_hall.application_submitted.v1")
    assert submitted.data["online"] is False


def test_who_registers_later_finds_what_was_typed_for_him(clerk: Actor) -> None:
    row = counter.handed_in(clerk).application

    person_id = identity.register_citizen(
        actor=anonymous(hall.TENANT),
        name=counter.NAME,
        citizen_number=counter.NUMBER,
        phone=counter.PHONE,
        password=hall.people.PASSWORD,
        consent=True,
    )

    citizen = identity.actor_for(hall.TENANT, person_id=person_id)
    assert [one.id for one in api.my_applications(actor=citizen).rows] == [row.id]
    assert Person.objects.filter(tenant=hall.TENANT, name=counter.NAME).count() == 1


def test_nothing_is_handed_in_without_consent(clerk: Actor) -> None:
    sitting = counter.typed(clerk)

    with pytest.raises(Conflict, match="还没有申请人的同意"):
        api.submit_application(actor=clerk, application_id=sitting.application_id)

    sitting.refresh_from_db()
    assert (sitting.state, Application.objects.get(pk=sitting.application_id).status) == ("open", "draft")


@pytest.mark.parametrize("change", ["answer", "file", "email"])
def test_a_consent_is_to_what_was_shown_and_to_nothing_else(clerk: Actor, change: str) -> None:
    sitting = counter.agreed(clerk, counter.typed(clerk))
    row = sitting.application
    if change == "answer":
        api.save_answers(actor=clerk, application_id=row.id, answers={"content": "改成别的内容。"})
    elif change == "file":
        hall.give(clerk, row, text="另一份")

    with pytest.raises(Conflict, match="签名以后内容又改过"):
        api.submit_application(
            actor=clerk, application_id=row.id, email="other@example.cn" if change == "email" else ""
        )


def test_nobody_signs_what_is_not_complete(clerk: Actor) -> None:
    sitting = counter.begun(clerk)

    with pytest.raises(Invalid, match="还没有录完整"):
        counter.agreed(clerk, sitting)


def test_a_counter_reads_only_the_draft_it_types_and_only_while_it_types(clerk: Actor) -> None:
    citizen = hall.people.citizen()
    own = hall.ready_draft(citizen)
    colleague = counter.window("window.two")
    theirs = counter.typed(colleague)

    for closed in (own.id, theirs.application_id):
        with pytest.raises(NotFound):
            api.view_to_fill(actor=clerk, application_id=closed)
        with pytest.raises(NotFound):
            api.save_answers(actor=clerk, application_id=closed, answers={"content": "偷改"})
    mine = counter.handed_in(clerk, person_id=citizen.person_id)
    with pytest.raises(NotFound):
        api.view_to_fill(actor=clerk, application_id=mine.application_id)
    with pytest.raises(NotFound):
        api.withdraw_application(actor=clerk, application_id=mine.application_id, reason="不办了", command_key="x")
    with pytest.raises(NotFound):
        counter.agreed(clerk, mine)


def test_a_post_in_another_unit_does_not_go_on_with_the_sitting(clerk: Actor) -> None:
    sitting = counter.typed(clerk)
    elsewhere = dataclasses.replace(clerk, org_id=identity.organisation(hall.TENANT, "G22").id)

    with pytest.raises(NotFound):
        api.view_to_fill(actor=elsewhere, application_id=sitting.application_id)
    with pytest.raises(NotFound):
        api.own_sitting(actor=elsewhere, sitting_id=sitting.id)


def test_the_citizens_own_draft_stays_his_beside_the_one_of_the_counter(clerk: Actor) -> None:
    citizen = hall.people.citizen()
    own = hall.ready_draft(citizen)

    sitting = counter.begun(clerk, person_id=citizen.person_id)

    assert sitting.application_id != own.id
    assert counter.begun(clerk, person_id=citizen.person_id).id == sitting.id


def test_who_goes_on_at_home_needs_nobodys_consent_and_ends_the_sitting(clerk: Actor) -> None:
    citizen = hall.people.citizen()
    sitting = counter.typed(clerk, person_id=citizen.person_id)

    row = api.submit_application(actor=citizen, application_id=sitting.application_id)

    sitting.refresh_from_db()
    assert (row.status, row.channel, sitting.state) == ("submitted", "online", "dropped")


def test_a_clerk_takes_in_for_his_own_unit_only_the_window_for_all(clerk: Actor) -> None:
    own = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    other = counter.window("clerk.fire", unit=("H05", hall.UNITS["H05"]), role="clerk")
    leader = counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader")
    narrowed = dataclasses.replace(clerk, scopes=(("counter", "unit"),))
    person_id = counter.stranger(clerk)

    assert counter.begun(own, person_id=person_id).org_name == hall.UNITS["G22"]
    for refused in (other, narrowed):
        with pytest.raises(NotPermitted, match="您的窗口不收这个事项"):
            counter.begun(refused, person_id=person_id)
    with pytest.raises(NotPermitted, match="窗口收件员"):
        counter.begun(leader, person_id=person_id)
    with pytest.raises(NotPermitted):
        counter.begun(hall.people.citizen("李二", phone="13800000002"), person_id=person_id)


def test_nobody_types_for_himself_in_office(clerk: Actor) -> None:
    with pytest.raises(NotPermitted, match="不能为自己代录"):
        counter.begun(clerk, person_id=clerk.person_id)


def test_in_whose_name_a_person_may_apply_is_what_he_may_himself(clerk: Actor) -> None:
    citizen = hall.people.citizen()
    agent = hall.people.agent(citizen)
    choices = identity.applicant_choices(hall.TENANT, citizen.person_id)
    company = next(choice for choice in choices if choice.key.startswith("agency:"))

    sitting = counter.typed(clerk, person_id=citizen.person_id, choice=company.key)

    assert sitting.application.legal_person_id == agent.legal_person_id
    assert sitting.application.applicant_name == agent.on_behalf_of
    with pytest.raises(NotFound):
        counter.begun(clerk, choice="ward:" + str(clerk.person_id))
    with pytest.raises(NotFound):
        counter.begun(clerk, choice=company.key)
    with pytest.raises(NotPermitted, match="由个人申请"):
        counter.begun(clerk, person_id=citizen.person_id, choice=company.key, code=hall.PERSONS_ONLY)


def test_looking_a_person_up_is_entered_with_its_purpose_and_names_nobody(clerk: Actor) -> None:
    person_id = counter.stranger(clerk)

    found = identity.look_up_person(actor=clerk, citizen_number=counter.NUMBER, purpose="窗口代录申请")
    nobody = identity.look_up_person(
        actor=clerk, citizen_number=hall.people.citizen_number(902), purpose="窗口代录申请"
    )

    assert (found, nobody) == (person_id, None)
    entries = ledger.entries_of(ObjectRef(kind="person", id=str(person_id)), hall.TENANT)
    assert [(entry.act, entry.purpose) for entry in entries][-1] == ("identity.person_looked_up", "窗口代录申请")
    with pytest.raises(Invalid):
        identity.look_up_person(actor=clerk, citizen_number="980723199003070011", purpose="窗口代录申请")
    with pytest.raises(NotPermitted):
        identity.look_up_person(
            actor=hall.people.citizen("李二", phone="13800000002"), citizen_number=counter.NUMBER, purpose="x"
        )


def test_taking_a_person_down_checks_the_card_and_changes_no_name(clerk: Actor) -> None:
    person_id = counter.stranger(clerk)

    assert counter.stranger(clerk, phone="13800000092") == person_id
    assert Person.objects.get(pk=person_id).phone == "13800000092"
    with pytest.raises(Conflict, match="姓名与您填写的不同"):
        counter.stranger(clerk, name="钱大爷")
    with pytest.raises(Invalid) as refused:
        identity.take_in_person(actor=clerk, name="1", citizen_number="1", phone="1")
    assert set(refused.value.errors) == {"name", "citizen_number", "phone"}


def test_an_account_keeps_its_own_telephone(clerk: Actor) -> None:
    citizen = hall.people.citizen("张一", number=counter.NUMBER, phone="13800000001")

    counter.stranger(clerk, name="张一", phone="13800000099")

    assert Person.objects.get(pk=citizen.person_id).phone == "13800000001"


def test_no_ledger_entry_and_no_event_carries_the_persons_data(clerk: Actor) -> None:
    counter.handed_in(clerk)

    with connection.cursor() as cursor:
        cursor.execute("select content from ledger_payload")
        kept = [content for (content,) in cursor.fetchall()]
    told = [str(event.data) for event in OutboxEvent.objects.all()]
    for secret in (counter.NAME, counter.NUMBER, counter.PHONE, hall.ANSWERS["content"]):
        assert not [text for text in (*kept, *told) if secret in text]


def test_originals_are_seen_beside_the_file_that_is_current(clerk: Actor) -> None:
    sitting = counter.typed(clerk)
    first = sitting.application.files.get(material_key=hall.REQUIRED)

    mark = api.mark_original(actor=clerk, sitting_id=sitting.id, file_id=first.id)
    again = api.mark_original(actor=clerk, sitting_id=sitting.id, file_id=first.id)
    hall.give(clerk, sitting.application, text="另一份")

    assert mark.pk == again.pk
    assert [seen.by for seen in api.originals_seen(sitting.application)] == ["收件员甲"]
    with pytest.raises(Conflict, match="已经被替换"):
        api.mark_original(actor=clerk, sitting_id=sitting.id, file_id=first.id)
    colleague = counter.window("window.two")
    with pytest.raises(NotFound):
        api.mark_original(actor=colleague, sitting_id=sitting.id, file_id=first.id)


def test_giving_up_leaves_the_draft_to_the_person(clerk: Actor) -> None:
    citizen = hall.people.citizen()
    sitting = counter.typed(clerk, person_id=citizen.person_id)

    api.drop_sitting(actor=clerk, sitting_id=sitting.id)

    assert Sitting.objects.get(pk=sitting.pk).state == "dropped"
    assert api.open_draft(actor=citizen, item_code=hall.SIMPLE).id == sitting.application_id
    with pytest.raises(NotFound):
        api.view_to_fill(actor=clerk, application_id=sitting.application_id)


def test_several_photographs_become_one_file_and_a_page_is_turned(clerk: Actor) -> None:
    sitting = counter.begun(clerk)
    row = sitting.application
    name, content = api.one_file([("第一页.jpg", hall.photo()), ("第二页.jpg", hall.photo()), ("附.pdf", hall.pdf())])

    given = api.attach_material(
        actor=clerk, application_id=row.id, material_key=hall.REQUIRED, name=name, content=content
    )
    longer = api.add_pages(actor=clerk, application_id=row.id, file_id=given.id, pages=[("又.jpg", hall.photo())])
    turned = api.turn_material(actor=clerk, application_id=row.id, file_id=longer.id)

    with pikepdf.open(io.BytesIO(storage.read(tenant=hall.TENANT, file_id=turned.file_id)[1])) as pdf:
        assert len(pdf.pages) == 4
        assert {int(page.obj.get("/Rotate", 0)) for page in pdf.pages} == {90}
    assert name == "第一页.pdf"
    assert row.files.filter(state="current").count() == 1


def test_a_photograph_is_turned_to_the_right(clerk: Actor) -> None:
    row = counter.begun(clerk).application
    given = api.attach_material(
        actor=clerk, application_id=row.id, material_key=hall.REQUIRED, name="照片.jpg", content=hall.photo()
    )

    turned = api.turn_material(actor=clerk, application_id=row.id, file_id=given.id)

    with Image.open(io.BytesIO(storage.read(tenant=hall.TENANT, file_id=turned.file_id)[1])) as picture:
        assert picture.size == (30, 40)


@pytest.mark.parametrize("pages", [41, 2])
def test_what_cannot_become_one_file_is_refused(clerk: Actor, pages: int) -> None:
    given = [(f"{no}.jpg", b"broken" if pages == 2 else hall.photo()) for no in range(pages)]

    with pytest.raises(Invalid):
        api.one_file(given)


def test_a_clerk_who_holds_the_acceptance_accepts_on_the_spot(clerk: Actor) -> None:
    own = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    row = counter.handed_in(own).application
    case = cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)
    task = next(item for item in case.open_items if item.phase == "accept")

    api.complete_task(actor=own, work_item_id=task.id, outcome="accept", opinion="当场受理", command_key="k")

    assert cases.case_view(actor=system(hall.TENANT), case_id=row.case_id).accepted_on is not None
