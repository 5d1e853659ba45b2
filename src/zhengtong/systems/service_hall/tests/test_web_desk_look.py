"""A material in the viewer: drawn here, entered once, shown to nobody else; print; similar cases; registers."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as papers
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def text_of(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]  # a test response


def entries(row: Application, act: str) -> list[tuple[str, str]]:
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
    return [(entry.actor_org_name, entry.purpose) for entry in found if entry.act == act]


def with_pdf() -> Application:
    """An application whose plan is a PDF."""
    actor = factories.citizen("张一")
    row = api.start_application(actor=actor, item_code=hall.ITEM)
    api.save_answers(
        actor=actor,
        application_id=row.id,
        answers={"principal": "张一", "phone": "13800000001", "shop": "老街面馆", "area": "86"},
    )
    hall.attach(actor, row, "lease", "white")
    api.attach_material(
        actor=actor, application_id=row.id, material_key="plan", name="布局图.pdf", content=papers.pdf()
    )
    return api.submit_application(actor=actor, application_id=row.id)


def look_address(row: Application, key: str = "plan") -> str:
    file = row.files.get(material_key=key)
    return reverse("service_hall:desk-look", args=[row.id, file.id])


def sheet_in(page: str) -> str:
    return next(part for part in page.split('"') if "/desk/sheets/" in part)


def test_a_pdf_is_shown_as_pictures_and_entered_once() -> None:
    row = with_pdf()
    client = hall.signed_in(hall.clerk())

    page = text_of(client.get(look_address(row), headers=PART))
    picture = client.get(sheet_in(page))

    assert "布局图.pdf" in page
    assert "共 1 页" in page
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert picture["Content-Security-Policy"].startswith("sandbox")
    assert entries(row, "service_hall.read_file") == [("青禾县市场监督管理局", f"办理办件 {row.number}")]


def test_a_photograph_is_shown_as_it_is() -> None:
    row = with_pdf()
    client = hall.signed_in(hall.clerk())

    picture = client.get(sheet_in(text_of(client.get(look_address(row, "lease")))))

    assert picture.content.startswith(b"\x89PNG")


def test_pages_that_are_not_there_and_foreign_tokens_are_not_found() -> None:
    row = with_pdf()
    client, other = hall.signed_in(hall.clerk()), hall.signed_in(hall.clerk("H05"))

    address = sheet_in(text_of(client.get(look_address(row))))

    assert client.get(address.replace("/1/", "/9/")).status_code == 404
    assert client.get(reverse("service_hall:desk-sheet", args=["x:y:z", 1])).status_code == 404
    assert other.get(address).status_code == 404


def test_an_opened_file_cannot_be_drawn_for_ever(county: time_machine.Traveller) -> None:
    row = with_pdf()
    address = sheet_in(text_of(hall.signed_in(hall.clerk()).get(look_address(row))))

    county.shift(1801)

    assert hall.signed_in(hall.clerk()).get(address).status_code == 404


# --- similar cases, registers, print


def closed(applicant: Actor, **answers: str) -> Application:
    row = api.start_application(actor=applicant, item_code=hall.ITEM)
    given = {"principal": applicant.name, "phone": "13800000001", "shop": "老街面馆", "area": "86"} | answers
    api.save_answers(actor=applicant, application_id=row.id, answers=given)
    for key in ("lease", "plan", "sign"):
        hall.attach(applicant, row, key, "white")
    row = api.submit_application(actor=applicant, application_id=row.id)
    hall.reviewed(row)
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")
    do_all_work()
    row.refresh_from_db()
    return row


def test_similar_cases_are_the_units_own_masked_and_with_their_outcome(county: time_machine.Traveller) -> None:
    early = closed(factories.citizen("王五", phone="13800000002"), shop="新街面馆")
    other = closed(factories.citizen("赵六", phone="13800000003"), shop="百货店", area="900")
    row = hall.submitted()
    county.shift(86400)

    found = selectors.similar_cases(actor=hall.clerk(), row=row)
    page = text_of(hall.signed_in(hall.clerk()).get(reverse("service_hall:desk-similar", args=[row.case_id])))

    assert [(one.number, one.applicant, one.same_applicant, one.alike) for one in found] == [
        (early.number, "王*", False, 50)
    ]
    assert other.number not in [one.number for one in found]
    assert "王*" in page
    assert "王五" not in page
    assert reverse("service_hall:case", args=[early.case_id]) in page
    assert selectors.similar_cases(actor=hall.clerk("H05"), row=row) == []


def test_the_same_applicant_comes_first_however_he_answered() -> None:
    applicant = factories.citizen("张一")
    own = closed(applicant, shop="旧店", area="1")
    row = hall.submitted(applicant)

    found = selectors.similar_cases(actor=hall.clerk(), row=row)

    assert [(one.number, one.same_applicant) for one in found] == [(own.number, True)]


def test_a_register_is_asked_with_a_purpose_that_is_kept() -> None:
    applicant = factories.citizen("张一")
    earlier = closed(applicant)
    row = hall.submitted(applicant)
    client = hall.signed_in(hall.clerk())

    licences = client.post(consult_address(row, "licences"), {"purpose": "办理：受理"}, headers=PART)
    others = client.post(consult_address(row, "cases"), {"purpose": "办理：受理"})
    silent = client.post(consult_address(row, "cases"), {"purpose": " "})
    long = client.post(consult_address(row, "cases"), {"purpose": "长" * 201})
    assert (long.status_code, "用途最多 200 个字" in long.content.decode()) == (422, True)

    assert "食品经营许可证" in text_of(licences)
    assert earlier.number is not None
    assert f"{earlier.number[:4]} " in text_of(others)
    assert silent.status_code == 422
    assert "请写明查询的用途" in text_of(silent)
    assert entries(row, "service_hall.consult") == [("青禾县市场监督管理局", "办理：受理")] * 2
    own = text_of(hall.signed_in(applicant).get(reverse("service_hall:application", args=[row.id])))
    assert own.count("查询申请人的基础信息") == 2, "the applicant sees on the page of his application that it was asked"


def consult_address(row: Application, register: str) -> str:
    return reverse("service_hall:desk-consult", args=[row.case_id, register])


def test_a_register_that_has_nothing_to_do_with_him_is_not_asked() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())

    assert client.post(consult_address(row, "legal_person"), {"purpose": "办理"}).status_code == 404
    assert client.post(consult_address(row, "unknown"), {"purpose": "办理"}).status_code == 404
    assert entries(row, "service_hall.consult") == []


def test_the_sheet_for_paper_holds_the_whole_case() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept", opinion="材料齐全")

    page = text_of(hall.signed_in(hall.clerk()).get(reverse("service_hall:desk-print", args=[row.case_id])))

    for words in ("老街面馆", "房屋租赁合同", "材料齐全", "承诺办结时限", "仅供办案使用"):
        assert words in page
    assert "<button" not in page
    assert entries(row, "service_hall.read") == [("青禾县市场监督管理局", "打印办件")]


# --- four actors


def addresses(row: Application) -> dict[str, tuple[str, str]]:
    """Name → (method, address) of what this file is about."""
    case_id = row.case_id
    return {
        "look": ("get", look_address(row)),
        "print": ("get", reverse("service_hall:desk-print", args=[case_id])),
        "similar": ("get", reverse("service_hall:desk-similar", args=[case_id])),
        "consult": ("post", consult_address(row, "cases")),
        "phrases": ("get", reverse("service_hall:desk-phrases")),
        "adopt": ("post", reverse("service_hall:desk-phrases-adopt")),
        "drop": ("post", reverse("service_hall:desk-phrase-drop", args=[uuid.uuid4()])),
        "batch": ("get", reverse("service_hall:desk-batch")),
    }


def statuses(client: Client, row: Application) -> dict[str, int]:
    return {name: getattr(client, method)(url).status_code for name, (method, url) in addresses(row).items()}


def test_strangers_sign_in_and_citizens_are_refused() -> None:
    applicant = factories.citizen("张一")
    row = with_pdf()

    assert set(statuses(Client(), row).values()) == {302}
    assert set(statuses(hall.signed_in(applicant), row).values()) == {403}


def test_another_unit_finds_neither_file_nor_case() -> None:
    row = with_pdf()

    found = statuses(hall.signed_in(hall.clerk("H05")), row)

    assert {name: found[name] for name in ("look", "print", "similar", "consult")} == dict.fromkeys(
        ("look", "print", "similar", "consult"), 404
    )
    assert found["phrases"] == 200
    assert found["adopt"] == 403
    assert entries(row, "service_hall.read") == []


def test_a_supervisor_reads_files_and_the_sheet_but_asks_no_register() -> None:
    row = with_pdf()

    found = statuses(hall.signed_in(hall.watcher()), row)

    assert [found[name] for name in ("look", "print", "similar", "consult", "batch")] == [200, 200, 403, 403, 403]
