"""Filling in a form of every kind: without scripts, on two devices, with files, after the session is over."""

import json
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
EMOJI = "👍🏽" * 30


@pytest.fixture
def applicant(client: Client) -> Actor:
    hall.found_county()
    boss = system(hall.TENANT)
    forms.declare_form(actor=boss, key="example", definition=hall.form_definition("example"))
    catalogue.publish_item(actor=boss, draft=hall.item_draft(form_key="example"))
    actor = hall.people.citizen()
    hall.people.sign_in(client, actor)
    return actor


@pytest.fixture
def row(applicant: Actor) -> Application:
    return api.start_application(actor=applicant, item_code=hall.SIMPLE)


def page_of(row: Application, number: int) -> str:
    return reverse("service_hall:section", args=[row.id, number])


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def sent_by(response: HttpResponse) -> dict[str, Any]:
    """What a browser would send of the page as it stands."""
    document = html.document_fromstring(text_of(response))
    for template in document.xpath("//template"):
        template.drop_tree()
    [form] = document.xpath("//form[@data-fill]")
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value.removeprefix("\n"))
    return found


def answers(row: Application) -> dict[str, Any]:
    return forms.submission(tenant=row.tenant, submission_id=row.form_submission_id).answers


def test_a_row_is_added_and_taken_away_without_scripts_and_nothing_typed_is_lost(
    client: Client, row: Application
) -> None:
    url = page_of(row, 3)
    sent = sent_by(client.get(url)) | {"guards.0.who": "李二", "guards.0.licensed": "yes", "devices.0.what": EMOJI}

    more = client.post(url, {**sent, "act": "add-row:guards"})
    second = sent_by(more) | {"guards.1.who": "王五"}
    fewer = client.post(url, {**second, "act": "drop-row:guards:0"})
    done = client.post(url, {**sent_by(fewer), "go": "later"})

    assert (more.status_code, fewer.status_code) == (200, 200)
    assert second["guards.row"] == ["0", "1"]
    assert second["guards.0.who"] == ["李二"]
    assert sent_by(fewer)["guards.0.who"] == ["王五"]
    assert done.url == reverse("service_hall:mine")
    assert [one["who"] for one in answers(row)["guards"]] == ["王五"]
    assert answers(row)["devices"][0]["what"] == EMOJI


def test_dates_in_the_three_usual_ways_are_one_date(client: Client, row: Application) -> None:
    for typed in ("2026-12-01", "20261201", "2026年12月1日"):
        client.post(page_of(row, 2), {"shown": "first_day", "first_day": typed, "go": "later"})

        view = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
        assert view.cleaned["first_day"] == "2026-12-01"
        assert "first_day" not in view.problems()


def test_a_wrong_row_is_named_at_its_own_field(client: Client, row: Application) -> None:
    sent = {"guards.row": ["0", "3"], "guards.0.who": "李二", "guards.0.call": "13900000001", "guards.3.call": "1380"}

    response = client.post(page_of(row, 3), {**sent, "guards.0.licensed": "no", "guards.3.who": "王五", "go": "next"})

    document = html.document_fromstring(text_of(response))
    assert response.status_code == 422
    assert document.xpath("//*[@id='id_guards-1-call_error']")
    assert document.xpath("//*[@id='error-summary']//a[@href='#id_guards-1-call']")
    assert document.xpath("//input[@name='guards.1.call']/@value") == ["1380"]


@pytest.mark.parametrize(
    "junk",
    ["x" * 10_000, EMOJI, "<script>alert(1)</script>", "'; drop table x; --", "\x00\x07"],
    ids=["long", "emoji", "script", "sql", "control"],
)
def test_any_text_in_any_field_is_saved_and_refused_in_words(client: Client, row: Application, junk: str) -> None:
    for number in (1, 2, 3, 4):
        url = page_of(row, number)
        sent = sent_by(client.get(url))
        names = [name for name in sent if name not in ("section", "seen", "shown") and not name.endswith(".row")]

        response = client.post(url, {**sent, **dict.fromkeys(names, junk), "go": "next"})

        assert response.status_code == 422
        assert "<script>alert" not in text_of(response)


def test_two_devices_lose_nothing(client: Client, applicant: Actor, row: Application) -> None:
    url = page_of(row, 1)
    phone = Client()
    hall.people.sign_in(phone, applicant)
    here, there = sent_by(client.get(url)), sent_by(phone.get(url))
    phone.post(url, {**there, "address": "滨河路 18 号", "email": "a@example.cn", "go": "later"})

    refused = client.post(url, {**here, "address": "老街 1 号", "phone": "13800000009", "go": "next"})

    page = text_of(refused)
    assert refused.status_code == 409
    assert "详细地址：滨河路 18 号" in " ".join(page.split())
    assert 'value="老街 1 号"' in page
    assert (answers(row)["address"], answers(row)["phone"]) == ("滨河路 18 号", "13800000009")
    assert answers(row)["email"] == "a@example.cn"
    theirs = client.post(url, {**sent_by(refused), "act": "theirs:address"})
    assert 'value="滨河路 18 号"' in text_of(theirs)
    client.post(url, {**sent_by(refused), "go": "later"})
    assert answers(row)["address"] == "老街 1 号"


def test_saving_by_itself_tells_of_two_devices_too(client: Client, applicant: Actor, row: Application) -> None:
    url, autosave = page_of(row, 1), reverse("service_hall:autosave", args=[row.id])
    sent = sent_by(client.get(url))
    api.save_answers(actor=applicant, application_id=row.id, answers={"address": "滨河路 18 号"})

    said = client.post(autosave, {**sent, "address": "老街 1 号"})
    fine = client.post(autosave, {**sent, "address": "", "phone": "13800000009"})

    assert said.status_code == 409
    assert said.json()["conflicts"] == [{"key": "address", "label": "详细地址", "theirs": "滨河路 18 号"}]
    assert "address" not in said.json()["seen"]
    assert fine.status_code == 200
    assert fine.json()["seen"]["phone"]
    assert answers(row)["address"] == "滨河路 18 号"


def test_after_the_session_is_over_the_same_page_saves_again(
    client: Client, applicant: Actor, row: Application
) -> None:
    sent = sent_by(client.get(page_of(row, 1)))
    url = reverse("service_hall:autosave", args=[row.id])
    client.logout()

    expired = client.post(url, {**sent, "address": "老街 1 号"})
    hall.people.sign_in(client, applicant)
    again = client.post(url, {**sent, "address": "老街 1 号"})

    assert expired.status_code == 302
    assert again.status_code == 200
    assert answers(row)["address"] == "老街 1 号"


def test_a_second_press_hands_in_once_and_saves_the_same(client: Client, row: Application) -> None:
    url = page_of(row, 2)
    sent = {**sent_by(client.get(url)), "visitors": "800", "go": "later"}

    first, second = client.post(url, sent), client.post(url, sent)

    assert first.url == second.url
    assert answers(row)["visitors"] == "800"


def file(content: bytes, name: str = "方案.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_given_replaced_read_and_taken_out(client: Client, applicant: Actor, row: Application) -> None:
    url = page_of(row, 4)
    none = client.post(url, {"act": "upload:plan"})
    first = client.post(url, {"act": "upload:plan", "plan.new": file(hall.pdf("一"))})
    second = client.post(url, {**sent_by(first), "plan.new": file(hall.pdf("二"), "新方案.pdf"), "go": "later"})
    [kept] = answers(row)["plan"]

    got = client.get(reverse("service_hall:answer_file", args=[row.id, kept["file"]]))
    strange = client.get(reverse("service_hall:answer_file", args=[row.id, uuid.uuid4()]))
    gone = client.post(url, {**sent_by(client.get(url)), "act": f"drop-file:plan:{kept['file']}"})

    assert "还没有选择文件" in text_of(none)
    assert "方案.pdf" in text_of(first)
    assert second.status_code == 302
    assert kept["name"] == "新方案.pdf"
    assert got.content == hall.pdf("二")
    assert got["Content-Disposition"].startswith("attachment")
    assert strange.status_code == 404
    assert "新方案.pdf" not in text_of(gone)
    assert answers(row)["plan"] == []
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), row.tenant)]
    assert acts.count("service_hall.attach") == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("方案.docx", b"PK\x03\x04" + b"\0" * 300, "可以接收的文件"),
        ("方案.pdf", b"", "是空文件"),
        ("方案.pdf", b"MZ" + b"\0" * 300, "不是可接收的类型"),
    ],
    ids=["format", "empty", "program"],
)
def test_a_file_that_may_not_come_in_is_refused_beside_its_question(
    client: Client, row: Application, name: str, content: bytes, sentence: str
) -> None:
    sent = {"section": "4", "signed.name": "张一", "act": "upload:plan"}

    page = client.post(page_of(row, 4), {**sent, "plan.new": file(content, name)})
    script = client.post(
        reverse("service_hall:answer_upload", args=[row.id]), {**sent, "plan.new": file(content, name)}
    )

    assert page.status_code == script.status_code == 422
    assert sentence in html.document_fromstring(text_of(page)).xpath("string(//*[@id='id_plan_error'])")
    assert sentence in script.json()["message"]
    assert answers(row)["signed"]["name"] == "张一"


def test_the_script_of_the_page_gives_a_file_and_gets_the_list(client: Client, row: Application) -> None:
    url = reverse("service_hall:answer_upload", args=[row.id])

    said = client.post(
        url,
        {
            "section": "3",
            "act": "upload:guards.4.licence",
            "guards.row": ["4"],
            "guards.4.who": "李二",
            "guards.4.licensed": "yes",
            "guards.4.licence.new": file(hall.photo(), "证.jpg"),
        },
    ).json()

    [given] = answers(row)["guards"][0]["licence"]
    assert said["files"] == [
        {
            "file": given["file"],
            "name": "证.jpg",
            "url": reverse("service_hall:answer_file", args=[row.id, given["file"]]),
        }
    ]
    assert said["saved_at"]


def test_nobody_else_reads_or_gives_a_file(client: Client, applicant: Actor, row: Application) -> None:
    client.post(page_of(row, 4), {"act": "upload:plan", "plan.new": file(hall.pdf())})
    [given] = answers(row)["plan"]
    read = reverse("service_hall:answer_file", args=[row.id, given["file"]])
    give = reverse("service_hall:answer_upload", args=[row.id])

    for actor in (None, hall.people.citizen("李二", phone="13800000002"), hall.people.official("clerk", "clerk")):
        visitor = Client()
        if actor:
            hall.people.sign_in(visitor, actor)
        assert visitor.get(read).status_code == (404 if actor else 302)
        assert visitor.post(give, {"section": "4"}).status_code == (404 if actor else 302)


def test_officials_of_the_case_open_a_file_of_the_form_and_it_is_recorded(client: Client, applicant: Actor) -> None:
    row = hall.handed_in_with_a_file(applicant)
    [given] = answers(row)["plan"]
    read = reverse("service_hall:desk-answer", args=[row.id, given["file"]])
    clerk = hall.people.official("clerk.market", "clerk", org_code="G22", org_name=hall.UNITS["G22"])
    other = hall.people.official("clerk.fire", "clerk", org_code="H05", org_name=hall.UNITS["H05"])
    keeper = hall.people.official("keeper", "item_admin")

    statuses = {}
    for who, actor in (("clerk", clerk), ("other", other), ("keeper", keeper), ("citizen", applicant)):
        visitor = Client()
        hall.people.sign_in(visitor, actor)
        statuses[who] = visitor.get(read).status_code
        if who == "clerk":
            assert read in text_of(visitor.get(reverse("service_hall:case", args=[row.case_id])))

    assert statuses == {"clerk": 200, "other": 404, "keeper": 403, "citizen": 403}
    assert Client().get(read).status_code == 302
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), row.tenant)]
    assert acts.count("service_hall.read_file") == 1


def test_a_section_that_is_not_there_is_refused(client: Client, row: Application) -> None:
    for name in ("autosave", "answer_upload"):
        for number in ("", "0", "9", "x", "-1"):
            assert client.post(reverse(f"service_hall:{name}", args=[row.id]), {"section": number}).status_code == 404


def test_the_page_carries_what_its_script_needs_and_no_inline_script(client: Client, row: Application) -> None:
    page = text_of(client.get(page_of(row, 2)))

    found = re.search(r'<script id="form-data" type="application/json">(.*?)</script>', page, re.S)
    assert found
    assert json.loads(found.group(1))["section"] == 1
    assert set(re.findall(r"<script (?!id=)[^>]*>", page))
    assert all("src=" in tag for tag in re.findall(r"<script (?!id=)[^>]*>", page))


# --- a newer version of the item -----------------------------------------------------------------------------------


@pytest.fixture
def moved_on(applicant: Actor, client: Client) -> Application:
    """A draft with a file, whose item was published anew with another form and without that material."""
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    api.save_answers(
        actor=applicant, application_id=row.id, answers={"address": "老街 1 号", "visitors": "800", "other": EMOJI}
    )
    hall.give(applicant, row)
    boss = system(hall.TENANT)
    definition = hall.form_definition("example")
    definition["sections"] = definition["sections"][:1]
    definition["checks"] = []
    forms.declare_form(actor=boss, key="example", definition=definition)
    materials = (catalogue.MaterialDraft(key="other", name="房屋证明", form="原件"),)
    catalogue.publish_item(actor=boss, draft=hall.item_draft(form_key="example", materials=materials, name="新名称"))
    return row


def test_a_draft_moves_to_the_newer_version_after_telling(client: Client, moved_on: Application) -> None:
    row, url = moved_on, reverse("service_hall:newer", args=[moved_on.id])
    for address in (
        page_of(row, 1),
        reverse("service_hall:materials", args=[row.id]),
        reverse("service_hall:review", args=[row.id]),
    ):
        assert client.get(address).url == url
    told = text_of(client.get(url))
    assert "房屋证明" in told
    assert "场所证明" in told
    before = row.item_version_id

    done = client.post(url)

    page = text_of(done)
    row.refresh_from_db()
    assert row.item_version_id != before
    assert row.item_name == "新名称"
    assert "预计每天人数" in page
    assert "800" in page
    assert "场所证明.pdf" in page
    assert answers(row)["address"] == "老街 1 号"
    assert "原来填的内容" in text_of(client.get(page_of(row, 1)))
    assert "场所证明.pdf" in text_of(client.get(reverse("service_hall:materials", args=[row.id])))
    assert client.get(url).status_code == 302
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), row.tenant)
    assert [entry.act for entry in found].count("service_hall.move") == 1
    assert client.post(url).status_code == 200


def test_a_draft_of_an_older_version_is_taken_up_and_not_handed_in(applicant: Actor, moved_on: Application) -> None:
    again = api.start_application(actor=applicant, item_code=hall.SIMPLE)

    assert again.id == moved_on.id
    with pytest.raises(Conflict, match="已经更新"):
        api.submit_application(actor=applicant, application_id=moved_on.id)


def test_what_was_handed_in_never_moves(client: Client, applicant: Actor) -> None:
    catalogue.publish_item(actor=system(hall.TENANT), draft=hall.item_draft())
    row = hall.submitted(applicant)
    catalogue.publish_item(actor=system(hall.TENANT), draft=hall.item_draft(name="新名称"))
    before = row.item_version_id

    with pytest.raises(Conflict, match="已经提交"):
        api.move_draft(actor=applicant, application_id=row.id)
    response = client.post(reverse("service_hall:newer", args=[row.id]))

    row.refresh_from_db()
    assert response.status_code == 409
    assert row.item_version_id == before


def test_nobody_else_moves_a_draft(moved_on: Application) -> None:
    url = reverse("service_hall:newer", args=[moved_on.id])
    before = moved_on.item_version_id

    for actor in (None, hall.people.citizen("李二", phone="13800000002"), hall.people.official("clerk", "clerk")):
        visitor = Client()
        if actor:
            hall.people.sign_in(visitor, actor)
        for answer in (visitor.get(url), visitor.post(url)):
            assert answer.status_code == (404 if actor else 302)
    moved_on.refresh_from_db()
    assert moved_on.item_version_id == before


@pytest.mark.parametrize("name", ["autosave", "answer_upload"])
def test_a_section_of_thousands_of_digits_is_none_of_the_form(client: Client, row: Application, name: str) -> None:
    answer = client.post(reverse(f"service_hall:{name}", args=[row.id]), {"section": "9" * 5000})

    assert answer.status_code == 404
