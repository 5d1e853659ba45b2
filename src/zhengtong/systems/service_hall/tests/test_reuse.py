"""Given once: what an applicant has on the platform is offered with the reason, used by one press, shown as such."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, MaterialFile
from zhengtong.systems.service_hall.services import papers
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import test_licence_life as life

__all__ = ["cheap_key_store"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
#: an item that asks for the licence of the plain one
NEXT = "119807230072031936498" + "0139999031"
LICENCE = "permit"


@pytest.fixture(autouse=True)
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr(papers, "licence_validity", lambda _validity, issued_on: (issued_on, life.LAST_DAY))
    with time_machine.travel(life.MONDAY, tick=False) as traveller:
        hall.found_county("instant")
        material = catalogue.MaterialDraft
        catalogue.publish_item(
            actor=system(hall.TENANT),
            draft=hall.item_draft(
                code=NEXT,
                name="店外经营测试许可",
                materials=(
                    material(key=LICENCE, name="小餐饮经营许可证（复印件）", form="复印件"),
                    material(key="place", name="场所证明（原件）", form="原件"),
                    material(key="shared", name="小餐饮经营许可证", form="数据共享"),
                ),
            ),
        )
        yield traveller
        cases.forget_calendars()


@pytest.fixture
def owner() -> Actor:
    return hall.people.citizen()


@pytest.fixture
def licence(owner: Actor) -> documents.LicenceView:
    return life.granted(owner)


def offers(actor: Actor, row: Application) -> dict[str, list[str]]:
    view = api.own_view(actor=actor, application_id=row.id)
    found = api.material_offers(actor=actor, view=view)
    return {key: [one.kind for one in held] for key, held in found.items()}


def use(actor: Actor, row: Application, licence: documents.LicenceView) -> MaterialFile:
    return api.reuse_material(
        actor=actor, application_id=row.id, material_key=LICENCE, kind="licence", source_id=licence.id
    )


def test_a_licence_and_an_earlier_file_are_used_by_a_click_and_shown_to_officials(
    owner: Actor, licence: documents.LicenceView
) -> None:
    row = hall.draft(owner, NEXT)
    client = Client()
    hall.people.sign_in(client, owner)
    page = client.get(reverse("service_hall:materials", args=[row.id])).content.decode()
    assert page.count("您的小餐饮经营许可证由青禾县市场监督管理局于2026年11月9日发放，不用再交。") == 2
    assert "您在2026年11月9日办理“小餐饮测试许可”时交过这份材料" in page
    assert offers(owner, row) == {LICENCE: ["licence"], "place": ["earlier"], "shared": ["licence"]}
    given = MaterialFile.objects.get(application__status="closed", material_key=hall.REQUIRED)

    first = client.post(
        reverse("service_hall:reuse", args=[row.id, LICENCE]), {"kind": "licence", "source": str(licence.id)}
    )
    client.post(reverse("service_hall:reuse", args=[row.id, "place"]), {"kind": "earlier", "source": str(given.id)})

    assert first.headers["Location"].endswith(f"#material-{LICENCE}")
    used = {one.material_key: one for one in row.files.all()}
    assert used[LICENCE].file_id == licence.paper.file_id
    assert (used["place"].file_id, used["place"].source_id) == (given.file_id, given.id)
    row = api.submit_application(actor=owner, application_id=row.id)
    desk = Client()
    hall.people.sign_in(desk, hall.people.official("clerk", "clerk"))
    shown = desk.get(reverse("service_hall:case", args=[row.case_id])).content.decode()
    assert "使用已有材料：您的小餐饮经营许可证由青禾县市场监督管理局" in shown
    assert desk.get(reverse("service_hall:desk-file", args=[row.id, used[LICENCE].id])).status_code == 200
    acts = [one.act for one in ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), row.tenant)]
    assert acts.count("service_hall.reuse") == 2
    uses = ledger.entries_of(ObjectRef(kind="document", id=str(licence.id)), row.tenant)
    assert [one.purpose for one in uses if one.act == "documents.use"] == [
        "作为“店外经营测试许可”的材料：小餐饮经营许可证（复印件）"
    ]


def test_nothing_of_another_and_nothing_that_was_not_offered_is_used(
    owner: Actor, licence: documents.LicenceView
) -> None:
    other = hall.people.citizen("李二", phone="13800000002")
    row = hall.draft(other, NEXT)
    mine = hall.draft(owner, NEXT)

    assert offers(other, row) == {}
    with pytest.raises(NotFound):
        use(other, row, licence)
    with pytest.raises(NotFound):
        use(other, mine, licence)
    for kind, key in (("earlier", licence.id), ("licence", uuid.uuid4()), ("nonsense", licence.id)):
        with pytest.raises(NotFound):
            api.reuse_material(actor=owner, application_id=mine.id, material_key=LICENCE, kind=kind, source_id=key)
    client = Client()
    hall.people.sign_in(client, other)
    theirs = client.post(
        reverse("service_hall:reuse", args=[mine.id, LICENCE]), {"kind": "licence", "source": str(licence.id)}
    )
    assert theirs.status_code == 404
    url = reverse("service_hall:reuse", args=[mine.id, LICENCE])
    assert Client().post(url).status_code == 302
    hall.people.sign_in(client, owner)
    assert client.post(url, {"kind": "licence", "source": "x"}).status_code == 404
    assert not MaterialFile.objects.filter(source_kind="licence").exists()


def test_what_no_longer_holds_is_not_offered_and_not_handed_in(
    owner: Actor, licence: documents.LicenceView, county: time_machine.Traveller
) -> None:
    row = hall.draft(owner, NEXT)
    hall.give(owner, row, "place")
    use(owner, row, licence)
    api.report_loss(actor=owner, document_id=licence.id, reason="丢了")

    with pytest.raises(Invalid) as refused:
        api.submit_application(actor=owner, application_id=row.id)
    assert "已经失效或者挂失" in refused.value.errors[f"material-{LICENCE}"]
    assert LICENCE not in offers(owner, row)
    api.lift_loss(actor=owner, document_id=licence.id)
    assert offers(owner, row)[LICENCE] == ["licence"]

    county.shift(dt.timedelta(days=400))
    assert offers(owner, row) == {}
