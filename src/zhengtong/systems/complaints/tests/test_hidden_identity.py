"""The handling unit cannot find out who wrote: a sweep over everything its people can open."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.models import OutboxEvent, StoredFile
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import OBJECT_KIND
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests import sweep
from zhengtong.systems.complaints.tests.county import (
    ADDRESS,
    NAME,
    NUMBER,
    PHONE,
    TENANT,
    citizen,
    drafted,
    give,
    official,
    picture,
    sent,
    signed_in,
    supervisor,
)

pytestmark = pytest.mark.django_db
SECRETS = (NAME, NAME[1:], PHONE, PHONE[-8:], NUMBER, NUMBER[6:14], ADDRESS, "柳树巷", "欧先生", "欧阳先生")


@pytest.fixture
def hidden(office, handler) -> Complaint:
    """A complaint of a protected person that went all the way, with words of his at every place that takes some."""
    writer, second = citizen(), supervisor("second")
    receipt = sent(writer, files=[(f"{NAME}的身份证.png", picture())], citizen_number=NUMBER)
    row = receipt.row
    api.accept(actor=office, complaint_id=row.id)
    give(office, Complaint.objects.get())
    api.release_file(actor=office, complaint_id=row.id, no=1)
    api.read_identity(actor=office, complaint_id=row.id, purpose=f"核实{NAME}本人")
    api.ask_time(actor=handler, complaint_id=row.id, days=5, reason=f"要找{NAME}核实。")
    api.decide_time(actor=office, complaint_id=row.id, grant=True, note=f"同意，{NAME}在外地。")
    api.suspend(actor=office, complaint_id=row.id, reason=f"等{NAME}补充录音。")
    api.resume(actor=office, complaint_id=row.id)
    drafted(handler, row)
    api.return_draft(actor=office, complaint_id=row.id, reason=f"{NAME}（{PHONE}）说还没有道歉。")
    drafted(handler, row)
    api.approve_answer(actor=office, complaint_id=row.id, text=f"{NAME}您好：已当面道歉，并补收材料。")
    api.satisfy(actor=writer, complaint_id=row.id, satisfaction="dissatisfied", text=f"我是{NAME}，不满意")
    api.ask_review(actor=writer, complaint_id=row.id, reason=f"我{NAME}没有收到道歉。")
    api.redo(actor=second, complaint_id=row.id, reason=f"{NAME}说的属实，重新办理。")
    give(second, Complaint.objects.get())
    drafted(handler, row)
    api.approve_answer(actor=second, complaint_id=row.id)
    api.satisfy(actor=writer, complaint_id=row.id, satisfaction="satisfied", text=f"谢谢，{NAME}")
    return Complaint.objects.get()


def everything(client: Client, row: Complaint) -> Iterator[tuple[str, HttpResponse]]:
    """What the session gets from every address of the app with a GET, from its acts, and from other pages."""
    for url in sweep.addresses(row.id, row.number, row.subject_title):
        yield url, client.get(url)
    for url in sweep.acts(row.id):
        yield f"POST {url}", client.post(url, sweep.TYPED)


def said(response: HttpResponse) -> str:
    """Everything an answer tells."""
    return sweep.told(dict(response.items()), response.content)


@pytest.mark.parametrize("roles", [("clerk",), ("leader", "clerk", "reviewer")], ids=["clerk", "leader"])
def test_the_unit_finds_the_name_nowhere(hidden, roles: tuple[str, ...]) -> None:
    client = signed_in(official(f"unit{len(roles)}", *roles))

    opened = dict(everything(client, hidden))

    own = reverse("complaints:one", args=[hidden.id])
    assert opened[own].status_code == 200
    assert opened[reverse("complaints:file", args=[hidden.id, 1])].status_code == 200
    assert "［已隐去］" in said(opened[own])
    told = [(url, secret) for url, answer in opened.items() for secret in SECRETS if secret in said(answer)]
    assert told == []


def test_the_sweep_would_find_it(hidden, office) -> None:
    """The same sweep with the supervisor's session finds the person's words: so the sweep can fail."""
    opened = dict(everything(signed_in(office), hidden))

    assert any(NAME in said(answer) for answer in opened.values())


def test_entries_events_messages_and_files_do_not_tell_either(hidden, handler) -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(hidden.id))
    entries = list(ledger.entries_of(tenant=TENANT, object_ref=ref))
    events = [one.data for one in OutboxEvent.objects.filter(object_id=str(hidden.id))]
    stored = [one.name for one in StoredFile.objects.all()]
    unit_inbox = _inbox(handler)
    assert len(entries) >= 15
    assert len(events) >= 8
    assert unit_inbox

    for secret in SECRETS:
        for place in (entries, events, stored, unit_inbox):
            assert secret not in str(place)
    assert [one["case_id"] for one in events] == [None] * len(events)


def test_what_is_stored_of_the_person_is_unreadable_without_the_key(hidden) -> None:
    with connection.cursor() as cursor:
        for table in ("complaint", "complaintact", "complaintdraft", "complaintfile"):
            cursor.execute(f"select row_to_json(t)::text from complaints_{table} t")
            kept = " ".join(row[0] for row in cursor.fetchall())
            assert not [secret for secret in SECRETS if secret in kept]


def _inbox(actor: Actor) -> str:
    found = notify.inbox(actor=actor)
    return str([(message.title, message.body) for message in getattr(found, "rows", found)])


def test_a_stranger_to_the_matter_sees_nothing_at_all(hidden) -> None:
    client = signed_in(official("fire", "clerk", "leader", org=("H05", "青禾县消防救援大队")))

    for url, answer in everything(client, hidden):
        text = said(answer).replace(url, "")
        assert not [secret for secret in (*SECRETS, "补收材料") if secret in text], url
