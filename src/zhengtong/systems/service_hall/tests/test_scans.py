"""Pages one after another: in order, turned, taken out, then one PDF; and who may do it."""

import io
import uuid
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, MaterialFile, ScannedPage
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
KEY = hall.REQUIRED


@pytest.fixture
def clerk() -> Actor:
    hall.found_county()
    return counter.window()


@pytest.fixture
def row(clerk: Actor) -> Application:
    return counter.begun(clerk).application


def page_pdf(width: int, count: int = 1) -> bytes:
    """A PDF whose pages are told apart by their width."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for more in range(count):
            pdf.add_blank_page(page_size=(width + more, 400))
        pdf.save(out)
    return out.getvalue()


def shared_pdf(*texts: bytes) -> bytes:
    """A PDF as some scanners write it: one list of pictures for all pages, each page draws its own."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pictures = pikepdf.Dictionary()
        for number, text in enumerate(texts):
            picture = pikepdf.Stream(pdf, text, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            pictures[f"/Im{number}"] = pdf.make_indirect(picture)
        resources = pdf.make_indirect(pikepdf.Dictionary(XObject=pictures))
        for number in range(len(texts)):
            page = pdf.add_blank_page(page_size=(300, 400))
            page.obj.Resources = resources
            page.obj.Contents = pikepdf.Stream(pdf, f"q 300 0 0 400 0 0 cm /Im{number} Do Q".encode())
        pdf.save(out)
    return out.getvalue()


def add(clerk: Actor, row: Application, *given: bytes) -> list[ScannedPage]:
    files = [(f"{place}.pdf", content) for place, content in enumerate(given)]
    return api.add_scans(actor=clerk, application_id=row.id, material_key=KEY, given=files)


def widths(given: MaterialFile) -> list[int]:
    content = storage.read(tenant=hall.TENANT, file_id=given.file_id)[1]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [int(page.mediabox[2]) for page in pdf.pages]


def test_pages_are_put_together_in_the_order_they_were_given(clerk: Actor, row: Application) -> None:
    first, second, third = add(clerk, row, page_pdf(301), page_pdf(302, count=2))
    api.move_scan(actor=clerk, application_id=row.id, page_id=third.id, by=-1)
    api.move_scan(actor=clerk, application_id=row.id, page_id=first.id, by=-1)
    add(clerk, row, page_pdf(305))
    api.remove_scan(actor=clerk, application_id=row.id, page_id=second.id)

    given = api.bind_scans(actor=clerk, application_id=row.id, material_key=KEY)

    assert widths(given) == [301, 303, 305]
    assert not ScannedPage.objects.exists()
    assert (given.state, given.file.content_type) == ("current", "application/pdf")


def test_nothing_of_a_page_that_was_taken_out_stays_in_the_others(clerk: Actor, row: Application) -> None:
    _first, second, _third = add(clerk, row, shared_pdf(b"house", b"passport", b"garden"))
    api.remove_scan(actor=clerk, application_id=row.id, page_id=second.id)

    given = api.bind_scans(actor=clerk, application_id=row.id, material_key=KEY)

    content = storage.read(tenant=hall.TENANT, file_id=given.file_id)[1]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pictures = [
            one.read_bytes()
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image
        ]
        assert len(pdf.pages) == 2
    assert sorted(pictures) == [b"garden", b"house"]


def test_a_photograph_becomes_a_page_and_is_turned(clerk: Actor, row: Application) -> None:
    (page,) = api.add_scans(actor=clerk, application_id=row.id, material_key=KEY, given=[("照片.jpg", hall.photo())])

    api.turn_scan(actor=clerk, application_id=row.id, page_id=page.id)
    given = api.bind_scans(actor=clerk, application_id=row.id, material_key=KEY)

    content = storage.read(tenant=hall.TENANT, file_id=given.file_id)[1]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert int(pdf.pages[0].obj["/Rotate"]) == 90


def test_a_file_that_was_given_is_taken_apart_and_stays_until_the_new_one_is_made(
    clerk: Actor, row: Application
) -> None:
    old = api.attach_material(
        actor=clerk, application_id=row.id, material_key=KEY, name="合同.pdf", content=page_pdf(311, count=2)
    )
    pages = api.take_file_apart(actor=clerk, application_id=row.id, material_key=KEY)
    add(clerk, row, page_pdf(320))
    with pytest.raises(Conflict):
        api.take_file_apart(actor=clerk, application_id=row.id, material_key=KEY)
    old.refresh_from_db()
    assert (len(pages), old.state) == (2, "current")

    given = api.bind_scans(actor=clerk, application_id=row.id, material_key=KEY)

    old.refresh_from_db()
    assert widths(given) == [311, 312, 320]
    assert old.state == "replaced"


def test_what_cannot_be_a_page_is_refused(clerk: Actor, row: Application) -> None:
    add(clerk, row, page_pdf(300, count=40))

    for given in ([], [("坏.jpg", b"broken")], [("多.pdf", page_pdf(300))]):
        with pytest.raises(Invalid):
            api.add_scans(actor=clerk, application_id=row.id, material_key=KEY, given=given)
    api.drop_scans(actor=clerk, application_id=row.id, material_key=KEY)
    with pytest.raises(Conflict, match="还没有扫描页"):
        api.bind_scans(actor=clerk, application_id=row.id, material_key=KEY)
    with pytest.raises(NotFound):
        api.add_scans(actor=clerk, application_id=row.id, material_key="none", given=[("a.pdf", page_pdf(300))])


# --- pages


def text_of(response: Any) -> str:
    return response.content.decode()


def test_the_counter_scans_page_by_page_without_scripts(client: Client, clerk: Actor, row: Application) -> None:
    hall.people.sign_in(client, clerk)
    url = reverse("service_hall:scan-pages", args=[row.id, KEY])
    materials = reverse("service_hall:materials", args=[row.id])
    assert url in text_of(client.get(materials))

    for name in ("一.jpg", "二.jpg"):
        client.post(url, {"act": "add", "photo": SimpleUploadedFile(name, hall.photo())})
    first, second = api.scans_of(row, KEY)
    page = text_of(client.get(url))
    assert "第 2 页，共 2 页" in page
    assert "已扫描 2 页，还没有合成" in text_of(client.get(materials))
    shown = client.get(reverse("service_hall:scan-page", args=[row.id, first.id]))
    assert (shown["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    client.post(url, {"act": f"down:{first.id}"})
    assert [one.id for one in api.scans_of(row, KEY)] == [second.id, first.id]
    client.post(url, {"act": f"turn:{first.id}"})
    client.post(url, {"act": f"remove:{second.id}"})
    refused = [client.post(url, {"act": "add"}), client.post(url, {"act": f"fly:{first.id}"})]
    assert [answer.status_code for answer in refused] == [422, 422]
    assert client.post(url, {"act": "up:x"}).status_code == 404
    done = client.post(url, {"act": "bind"})

    assert done.url == f"{materials}#material-{KEY}"
    assert row.files.get(state="current").file.name.endswith(".pdf")
    assert "接着加页" in text_of(client.get(url))
    client.post(url, {"act": "apart"})
    client.post(url, {"act": "drop"})
    assert not api.scans_of(row, KEY)


@pytest.mark.parametrize("who", ["stranger", "another citizen", "leader", "colleague"])
def test_nobody_else_sees_or_changes_the_pages(clerk: Actor, row: Application, who: str) -> None:
    (page,) = add(clerk, row, page_pdf(300))
    other = Client()
    if who == "another citizen":
        hall.people.sign_in(other, hall.people.citizen())
    elif who == "leader":
        hall.people.sign_in(other, counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader"))
    elif who == "colleague":
        hall.people.sign_in(other, counter.window("window.two"))
    url = reverse("service_hall:scan-pages", args=[row.id, KEY])

    answers = [
        other.get(url),
        other.get(reverse("service_hall:scan-page", args=[row.id, page.id])),
        other.post(url, {"act": f"remove:{page.id}"}),
        other.post(url, {"act": "bind"}),
    ]

    assert {answer.status_code for answer in answers} <= ({302} if who == "stranger" else {403, 404})
    assert ScannedPage.objects.filter(pk=page.pk).exists()


def test_the_applicant_scans_at_home_and_pages_of_another_application_stay_closed(client: Client, clerk: Actor) -> None:
    citizen = hall.people.citizen()
    own = hall.ready_draft(citizen)
    hall.people.sign_in(client, citizen)
    (theirs,) = add(clerk, counter.begun(clerk).application, page_pdf(300))

    client.post(
        reverse("service_hall:scan-pages", args=[own.id, KEY]),
        {"file": SimpleUploadedFile("页.pdf", page_pdf(300))},
    )

    assert len(api.scans_of(own, KEY)) == 1
    for closed in (theirs.id, uuid.uuid4()):
        assert client.get(reverse("service_hall:scan-page", args=[own.id, closed])).status_code == 404
