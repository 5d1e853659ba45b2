"""What is held about a person: shown with purpose and period, given as a copy, corrected; who read it."""

import datetime as dt
import io
import json
import zipfile

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.personal_data import holdings_of
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, CorrectionRequest
from zhengtong.systems.service_hall.rules.copies import lines_of
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests.hall_factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
PAGES = ("my-data", "my-readings", "my-copy", "my-correction")


@pytest.fixture
def row(owner: Actor) -> Application:
    return hall.submitted(owner)


def counter() -> Actor:
    return hall.people.official("counter", "counter", org_code="H05", org_name=hall.UNITS["H05"])


def test_everything_held_is_told_with_purpose_and_period(owner: Actor, row: Application) -> None:
    held = {one.key: one for one in holdings_of(owner)}

    assert {"registration", "account", "consents", "applications", "materials", "messages"} <= set(held)
    assert all(one.purpose and one.kept for one in held.values())
    written = next(iter(held["applications"].rows()))["填写的内容"]["申请内容"]
    assert written["申请的具体内容"] == hall.ANSWERS["content"]
    assert holdings_of(hall.people.official("clerk", "clerk")) == []
    page = signed_in(owner).get(reverse("service_hall:my-data")).content.decode()
    assert "提交的材料" in page
    assert "个人信息保护法" in page


def test_who_may_open_which_page(owner: Actor, row: Application) -> None:
    asked = api.ask_correction(actor=_with_counter(owner), holding="registration", wrong="张一", right="张壹")
    clients = {
        "owner": signed_in(owner),
        "stranger": Client(),
        "official": signed_in(hall.people.official("clerk", "clerk")),
        "keeper": signed_in(hall.people.official("counter", "counter", org_code="H05", org_name=hall.UNITS["H05"])),
    }
    for name in PAGES:
        url = reverse(f"service_hall:{name}")
        codes = {who: client.get(url).status_code for who, client in clients.items()}
        assert codes == {"owner": 200, "stranger": 302, "official": 403, "keeper": 403}, name
    one = reverse("service_hall:desk-correction", args=[asked.id])
    codes = {who: client.get(one).status_code for who, client in clients.items()}
    assert codes == {"owner": 403, "stranger": 302, "official": 404, "keeper": 200}
    listed = clients["official"].get(reverse("service_hall:desk-corrections"))
    assert listed.status_code == 200
    assert asked.holding_label not in listed.content.decode()
    assert asked.holding_label in clients["keeper"].get(reverse("service_hall:desk-corrections")).content.decode()


def _with_counter(owner: Actor) -> Actor:
    counter()
    return owner


def test_a_copy_holds_ones_own_data_and_files_and_is_recorded(owner: Actor, row: Application) -> None:
    other = hall.people.citizen("李二", phone="13800000002")
    hall.submitted(other)

    answer = signed_in(owner).post(reverse("service_hall:my-copy"), {"files": "on"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as bound:
        names = bound.namelist()
        own = json.loads(bound.read("applications.json"))["内容"]
        person = json.loads(bound.read("registration.json"))["内容"]
        page = bound.read("我的信息.html").decode()
    assert [one["编号"] for one in own] == [row.number]
    assert person[0]["姓名"] == "张一"
    assert sum(name.startswith("materials/") for name in names) == 2
    for words in ("实名信息", "张一", row.number, "用途：", row.title):
        assert words in page
    assert "{" not in page
    assert page.count('<a href="materials/') == 2
    entries = ledger.entries_of(ObjectRef(kind="person", id=str(owner.person_id)), owner.tenant)
    assert "service_hall.copy_data" in [one.act for one in entries]
    with pytest.raises(NotPermitted):
        api.copy_of_data(actor=hall.official("G22", "clerk"))


def test_a_copy_asks_for_the_password_when_the_sign_in_is_old(
    owner: Actor, row: Application, county: time_machine.Traveller
) -> None:
    client = signed_in(owner)
    county.shift(dt.timedelta(minutes=20))

    answer = client.get(reverse("service_hall:my-copy"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_who_read_what_is_gathered_over_all_matters(owner: Actor, row: Application) -> None:
    clerk = signed_in(hall.people.official("clerk", "clerk"))
    clerk.get(reverse("service_hall:case", args=[row.case_id]))

    page = signed_in(owner).get(reverse("service_hall:my-readings")).content.decode()
    theirs = signed_in(hall.people.citizen("李二", phone="13800000002")).get(reverse("service_hall:my-readings"))

    assert hall.UNITS["G22"] in page
    assert "查看申请信息" in page
    assert hall.UNITS["G22"] not in theirs.content.decode()


def test_a_correction_goes_to_who_answers_for_it_and_is_answered_in_time(owner: Actor, row: Application) -> None:
    client = signed_in(_with_counter(owner))
    url = reverse("service_hall:my-correction")
    assert client.post(url, {}).status_code == 422
    typed = {"holding": "applications", "wrong": "老街 18 号", "right": "老街 81 号"}
    assert client.post(url, typed).status_code == 422
    assert client.post(url, {**typed, "application": str(row.id)}).status_code == 302
    asked = CorrectionRequest.objects.get()
    assert (asked.org_name, asked.due_on) == (hall.UNITS["G22"], dt.date(2026, 11, 30))
    clerk = signed_in(hall.people.official("clerk", "clerk"))
    one = reverse("service_hall:desk-correction", args=[asked.id])
    assert "老街 81 号" in clerk.get(one).content.decode()
    assert clerk.post(one, {"state": "corrected", "answer": ""}).status_code == 422

    assert clerk.post(one, {"state": "corrected", "answer": "已按证明更正。"}).status_code == 302
    assert clerk.post(one, {"state": "refused", "answer": "再答一次"}).status_code == 409

    asked.refresh_from_db()
    assert asked.state == "corrected"
    assert SiteMessage.objects.filter(person_id=owner.person_id, title="个人信息更正：已更正").exists()
    assert "已按证明更正。" in client.get(reverse("service_hall:my-data")).content.decode()
    assert "查看个人信息更正申请" in client.get(reverse("service_hall:my-readings")).content.decode()


def test_a_correction_of_anothers_matter_is_refused(owner: Actor, row: Application) -> None:
    other = hall.people.citizen("李二", phone="13800000002")
    hall.submitted(other)

    with pytest.raises(NotFound):
        api.ask_correction(actor=other, holding="applications", wrong="甲", right="乙", application_id=row.id)
    with pytest.raises(Invalid) as refused:
        api.ask_correction(actor=other, holding="nonsense", wrong="", right="x" * 1001)
    assert set(refused.value.errors) == {"holding", "wrong", "right"}
    with pytest.raises(NotFound, match="还没有指定"):
        api.ask_correction(actor=other, holding="registration", wrong="甲", right="乙")


def test_an_answer_is_given_once_and_by_the_unit_it_went_to(owner: Actor, row: Application) -> None:
    asked = api.ask_correction(actor=owner, holding="applications", wrong="甲", right="乙", application_id=row.id)
    with pytest.raises(NotFound):
        api.answer_correction(
            actor=hall.official("H05", "clerk"), request_id=asked.id, state="refused", answer="不归我们"
        )
    clerk = hall.official("G22", "clerk")
    with pytest.raises(Invalid):
        api.answer_correction(actor=clerk, request_id=asked.id, state="asked", answer="好")
    api.answer_correction(actor=clerk, request_id=asked.id, state="refused", answer="与证件一致，没有错误。")
    with pytest.raises(Conflict):
        api.answer_correction(actor=clerk, request_id=asked.id, state="corrected", answer="又改了")


def test_a_copy_is_read_as_lines_without_signs_of_programs() -> None:
    row = {"编号": "1", "提交时间": "2026-11-09T02:00:00+00:00", "本人": True, "备注": None, "空": ""}
    row |= {"填写的内容": {"经营者": {"姓名": "张一"}, "附件": ["甲", "乙"], "门店": [{"地址": "老街"}]}}

    assert lines_of(row, moment=cn_datetime) == [
        ("编号", "1"),
        ("提交时间", "2026年11月9日 10:00"),
        ("本人", "是"),
        ("填写的内容：经营者：姓名", "张一"),
        ("填写的内容：附件（1）", "甲"),
        ("填写的内容：附件（2）", "乙"),
        ("填写的内容：门店：地址", "老街"),
    ]


def test_every_kind_of_data_is_named_in_the_persons_own_words(owner: Actor, row: Application) -> None:
    labels = {key for one in holdings_of(owner) for held in one.rows() for key in held}

    assert labels
    assert not [label for label in labels if label.isascii()]
