"""A person who left traces everywhere is erased: nothing is found of him but what the decision said is kept."""

import datetime as dt
import io
import itertools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue.services.watching import watch_item
from zhengtong.capabilities.identity.models import Account, Person
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.capabilities.ratings.models import Rating
from zhengtong.capabilities.search import api as search
from zhengtong.entry.tests.everywhere import files_with, places_of
from zhengtong.kernel import erasure
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.service_centre.models import Appointment
from zhengtong.systems.service_centre.services import book, cancel
from zhengtong.systems.service_centre.tests import hall as centre
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, CorrectionRequest, ErasureRequest
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
NAME, PHONE, NUMBER = "亓官无双", "13877712345", people.citizen_number(833, born="19710923")
STREET, MAIL = "乌有巷七十七号", "nobody.like.this@example.org"
WORDS = (NAME, PHONE, NUMBER, STREET, MAIL)


@pytest.fixture
def county(settings: Any, tmp_path: Path) -> Iterator[time_machine.Traveller]:
    settings.ZHENGTONG_VAR = str(tmp_path)
    with time_machine.travel(MONDAY, tick=False) as traveller:
        hall.found_county()
        for unit in (complaining.ACCUSED, complaining.HANDLER, complaining.OFFICE):
            people.organisation(*unit)
        yield traveller
        cases.forget_calendars()


def letter(text: str) -> bytes:
    """A PDF with readable words."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        made.Root.Words = pikepdf.String(text.encode("utf-8").decode("latin-1"))
        made.save(out, compress_streams=False)
    return out.getvalue() + f"\n% {text}\n".encode()


def drafted(owner: Actor) -> Application:
    row = hall.draft(owner, hall.PERSONS_ONLY, {"address": STREET})
    api.attach_material(
        actor=owner,
        application_id=row.id,
        material_key=hall.REQUIRED,
        name=f"{NAME}.pdf",
        content=letter(f"{NAME} {PHONE}"),
    )
    return row


def finished(owner: Actor) -> Application:
    row = hall.ready_draft(owner, answers={"address": STREET})
    row = api.submit_application(actor=owner, application_id=row.id, email=MAIL)
    api.sign_tolerance(actor=owner, application_id=row.id, agreed=True)
    hall.act(row, "refuse")
    do_all_work()
    row.refresh_from_db()
    return row


def complained(owner: Actor) -> Complaint:
    office, handler = complaining.supervisor(), complaining.official("handler", "clerk")
    words = {
        "title": f"{NAME}反映",
        "content": f"我是{NAME}，电话{PHONE}，家住{STREET}，窗口三天不收我的材料，每次都说系统坏了让我明天再来。",
        "wish": f"请给{NAME}一个说法",
        "name": NAME,
        "phone": PHONE,
        "address": STREET,
        "files": [("证据.pdf", letter(NAME))],
        "protection": "signed",
    }
    row = complaining.answered(office, handler, actor=owner, **words)
    return complaints.satisfy(actor=owner, complaint_id=row.id, satisfaction="satisfied", text=f"{NAME}满意")


def booked(owner: Actor, traveller: time_machine.Traveller) -> Appointment:
    centre.hall()
    code, name = hall.PERSONS_ONLY, "个人测试许可"
    row = book(actor=owner, zone=centre.zone(), slot=centre.TUESDAY, item_code=code, item_name=name)
    return cancel(actor=owner, appointment_id=row.id)


@pytest.fixture
def owner(county: time_machine.Traveller) -> Actor:
    """Somebody who did everything one can do, all of it finished."""
    owner = people.citizen(NAME, number=NUMBER, phone=PHONE)
    Client().post(reverse("account_login"), {"login": PHONE, "password": people.PASSWORD})
    drafted(owner)
    row = finished(owner)
    ratings.give_rating(
        actor=owner,
        ref=ObjectRef(kind="application", id=str(row.id)),
        service="close",
        answer=ratings.Answer(grade="dissatisfied", text=f"{NAME}不满意", phone=PHONE),
        channel="pc",
    )
    complained(owner)
    booked(owner, county)
    watch_item(actor=owner, code=hall.PERSONS_ONLY)
    asked = api.ask_correction(
        actor=owner, holding="applications", wrong=STREET, right=f"{STREET}二号", application_id=row.id
    )
    api.answer_correction(
        actor=hall.official("G22", "clerk"), request_id=asked.id, state="refused", answer=f"{NAME}的地址没有错。"
    )
    notify.send_message(
        tenant=hall.TENANT,
        person_id=owner.person_id,
        title=f"{NAME}您好",
        body=f"{NAME}，请留意。",
        object_ref=ObjectRef(kind="item", id="x"),
        link="/",
    )
    do_all_work()
    return owner


def decider() -> Actor:
    return people.official("guard", "sec_admin", org_code="K09", org_name="青禾县数据局")


def erased(owner: Actor, *, callbacks: Callable[..., object]) -> ErasureRequest:
    """Asked, granted, carried out."""
    asked = api.ask_erasure(actor=owner, reason=f"{NAME}不再使用")
    with callbacks(execute=True):
        api.decide_erasure(actor=decider(), request_id=asked.id, grant=True, answer="同意，已归档的办件依法保留。")
        do_all_work()
    asked.refresh_from_db()
    return asked


#: the archived case and what is stated in the decision to stay with it
_OF_THE_CASE = {
    "service_hall_application.person_name",
    "service_hall_application.applicant_name",
    "service_hall_pledge.signed_by",
    "service_hall_pledge.text",
    "service_hall_materialfile.given_by",
    "forms_submission.answers",
    "forms_submission.history",
    "documents_document.holder_name",
    "documents_document.fields",
    "documents_document.offline_token",
    "ledger_payload.content",
}


def test_nothing_is_found_of_who_was_erased_but_the_archived_case(
    owner: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    before = places_of(WORDS)
    assert {"identity_person.name", "identity_person.phone", "complaints_complaint.content"} <= before
    assert {"ratings_rating.text", "notify_sitemessage.body", "service_hall_correctionrequest.wrong"} <= before
    assert files_with(WORDS)
    checkpoint = _sealed()

    request = erased(owner, callbacks=django_capture_on_commit_callbacks)

    assert request.state == "done"
    after = places_of(WORDS)
    assert after <= _OF_THE_CASE
    # what is left in the ledger belongs to the case that is kept
    kinds = _kinds_with_words()
    assert kinds <= {"application", "case", "document", "pledge"}
    kept = {one["label"] for one in request.findings if one["fate"] == "依法保留"}
    assert "已办结的办件、填写的内容和材料" in kept
    assert Application.objects.filter(status="draft").count() == 0
    assert not files_with((f"{NAME} {PHONE}",))
    assert search.search(actor=anonymous(hall.TENANT), query=NAME).total == 0
    report = ledger.verify(kept=[checkpoint])
    assert report.ok, report.faults
    assert report.payloads_erased > 0


def _sealed() -> ledger.Checkpoint:
    do_all_work()
    found = ledger.newest_checkpoint()
    assert found is not None
    return found


def _kinds_with_words() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select e.object_kind, p.content from ledger_entry e join ledger_payload p on p.entry = e.uuid")
        return {kind for kind, content in cursor.fetchall() if any(word in content for word in WORDS)}


def test_figures_stay_and_the_account_opens_no_more(
    owner: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    graded = list(Rating.objects.values_list("grade", "service", "org_id"))
    complaint = Complaint.objects.get()
    told = (complaint.number, complaint.kind, complaint.finding, complaint.closed_at)

    erased(owner, callbacks=django_capture_on_commit_callbacks)

    assert list(Rating.objects.values_list("grade", "service", "org_id")) == graded
    complaint.refresh_from_db()
    assert (complaint.number, complaint.kind, complaint.finding, complaint.closed_at) == told
    assert complaint.person_id is None
    assert Appointment.objects.get().person_id == uuid.UUID(int=0)
    assert CorrectionRequest.objects.count() == 0
    account = Account.objects.get(person_id=owner.person_id)
    assert not account.is_active
    assert not account.has_usable_password()
    # the same number may register anew: nothing links the two
    again = people.citizen(NAME, number=NUMBER, phone=PHONE)
    assert again.person_id != owner.person_id


def test_erasing_twice_changes_nothing_and_repeats_what_a_backup_brought_back(
    owner: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    request = erased(owner, callbacks=django_capture_on_commit_callbacks)
    assert api.carry_out_erasure(tenant=hall.TENANT, request_id=request.id) == {}
    Person.objects.filter(pk=owner.person_id).update(name=NAME)

    counts = api.erase_again(tenant=hall.TENANT, person_id=owner.person_id, request_id=request.id)

    assert counts["实名信息"] == 1
    assert "identity_person.name" not in places_of(WORDS)
    assert api.erase_again(tenant=hall.TENANT, person_id=owner.person_id, request_id=request.id) == {}


def test_a_backup_from_before_the_decision_ends_as_done(county: time_machine.Traveller) -> None:
    owner = people.citizen(NAME, number=NUMBER, phone=PHONE)
    asked = api.ask_erasure(actor=owner, reason=f"{NAME}不再使用")

    api.erase_again(tenant=hall.TENANT, person_id=owner.person_id, request_id=asked.id)

    asked.refresh_from_db()
    assert (asked.state, asked.person_name, asked.reason) == ("done", "", "")
    assert not places_of(WORDS)


def test_while_something_is_open_the_person_stays_and_the_rest_goes(
    county: time_machine.Traveller, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    owner = people.citizen(NAME, number=NUMBER, phone=PHONE)
    drafted(owner)
    hall.submitted(owner)

    request = erased(owner, callbacks=django_capture_on_commit_callbacks)

    fates = {one["label"]: one["fate"] for one in request.findings}
    assert fates["没有办结的办件"] == "还没有办结"
    assert fates["实名信息（姓名、公民身份号码、手机号码）"] == "依法保留"
    assert Person.objects.get(pk=owner.person_id).name == NAME
    assert Application.objects.filter(status="draft").count() == 0
    assert Application.objects.filter(status="submitted").count() == 1


def test_a_system_joins_by_registering(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[erasure.Subject] = []
    found = erasure.Finding(label="新系统的数据", count=3, fate=erasure.Fate.ERASE)
    eraser = erasure.Eraser(
        turn=5, covers=frozenset(), preview=lambda _subject: [found], erase=lambda subject, _left: seen.append(subject)
    )
    monkeypatch.setitem(erasure.erasers._items, "new_system", eraser)

    assert found in erasure.findings(tenant=hall.TENANT, person_id=owner.person_id)
    erasure.erase(actor=hall.official("G22", "sec_admin"), person_id=owner.person_id)

    assert [one.person_ids for one in seen] == [frozenset({owner.person_id})]


def test_turns_put_matters_before_persons_and_persons_before_the_ledger() -> None:
    turns = {app: eraser.turn for app, eraser in erasure.erasers.items()}

    assert turns["ledger"] == max(turns.values())
    assert turns["identity"] > max(turn for app, turn in turns.items() if app not in ("identity", "ledger"))
    assert len(list(itertools.chain(turns))) >= 8
