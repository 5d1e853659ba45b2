"""Pages of special steps, public notices, promises and their follow-up: who may open them, and what they do."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application, Pledge, SpecialStep
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests.hall_factories import picture, signed_in

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
PLAIN = "119807230072031936498" + "0139999031"
LACKING = "119807230072031936498" + "0139999032"
PROMISED = "119807230072031936498" + "0139999033"


@pytest.fixture(autouse=True)
def county(monday: time_machine.Traveller) -> time_machine.Traveller:
    hall.found_county("commitment")
    material = catalogue.MaterialDraft
    proof = material(key=hall.REQUIRED, name="场所证明", form="复印件", accept_standard="双方签字。")
    sign = material(key=hall.TOLERABLE, name="招牌效果图", form="原件", tolerable=True, within="3 WD")
    commitment = catalogue.Commitment(
        told="应当有固定的场所。",
        statement="我符合条件。",
        consequences="不实的撤销许可。",
        check_within="60 D",
        materials=(hall.REQUIRED,),
    )
    drafts = (
        hall.item_draft(code=PLAIN, name="平常测试许可", materials=(proof,)),
        hall.item_draft(code=LACKING, name="容缺测试许可", materials=(proof, sign)),
        hall.item_draft(code=PROMISED, name="承诺测试许可", materials=(proof,), commitment=commitment),
    )
    for draft in drafts:
        catalogue.publish_item(actor=system(hall.TENANT), draft=draft)
    cases.forget_calendars()
    return monday


@pytest.fixture
def row(applicant: Actor) -> Application:
    return hall.accepted(applicant, PLAIN)


def outsider() -> Actor:
    return factories.official("clerk.fire", "clerk", org_code="H05", org_name=hall.UNITS["H05"], name="消岗")


def other_citizen() -> Actor:
    return factories.citizen("李二", phone="13800000002")


def arrange(client: Client, row: Application, **typed: object) -> SpecialStep:
    answer = client.post(reverse("service_hall:case_special", args=[row.case_id]), typed)
    assert answer.status_code == 302, answer.content.decode()
    return SpecialStep.objects.get(application=row, kind=typed["kind"])


def inspected(clerk: Actor, second: Actor, row: Application) -> SpecialStep:
    return arrange(
        signed_in(clerk),
        row,
        kind="inspection",
        from_day="2026-11-10",
        place="老街 18 号",
        people=[str(clerk.person_id), str(second.person_id)],
        plan="请派人到场",
    )


def test_an_inspection_from_the_plan_to_the_record_on_the_pages(
    row: Application, clerk: Actor, second: Actor, applicant: Actor, county: time_machine.Traveller
) -> None:
    client = signed_in(clerk)
    page = client.get(reverse("service_hall:case", args=[row.case_id])).content.decode()
    assert "安排现场勘验、专家评审或者公示" in page
    wrong = client.post(
        reverse("service_hall:case_special", args=[row.case_id]),
        {
            "kind": "inspection",
            "from_day": "2026-11-10",
            "place": "老街",
            "people": [str(clerk.person_id)],
            "plan": "看",
        },
    )
    assert wrong.status_code == 422
    assert "两名以上工作人员" in wrong.content.decode()

    step = inspected(clerk, second, row)

    county.move_to(dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC))
    phone = signed_in(second)
    assert "老街 18 号" in phone.get(reverse("service_hall:inspections")).content.decode()
    photo = SimpleUploadedFile("door.png", picture(), content_type="image/png")
    phone.post(reverse("service_hall:special_act", args=[step.id, "photo"]), {"photo": photo, "note": "门头"})
    page = phone.get(reverse("service_hall:special", args=[step.id])).content.decode()
    assert "门头" in page
    shot = phone.get(reverse("service_hall:special_photo", args=[step.id, step.photos.get().id]))
    assert shot.status_code == 200
    found = ledger.entries_of(ObjectRef(kind=OBJECT_KIND, id=str(row.id)), hall.TENANT)
    assert [one.purpose for one in found if one.act == "service_hall.read_file"] == [f"办理办件 {row.number}"]
    empty = phone.post(reverse("service_hall:special_act", args=[step.id, "close"]), {"result": "passed"})
    assert empty.status_code == 422
    done = {"result": "passed", "findings": "一致", "applicant_said": "没有意见"}
    assert phone.post(reverse("service_hall:special_act", args=[step.id, "close"]), done).status_code == 302
    mine = signed_in(applicant).get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "结论：符合要求" in mine


def test_who_may_open_the_pages_of_special_steps(
    row: Application, clerk: Actor, second: Actor, applicant: Actor
) -> None:
    step = inspected(clerk, second, row)
    arranging = reverse("service_hall:case_special", args=[row.case_id])
    reading = reverse("service_hall:special", args=[step.id])
    photo = reverse("service_hall:special_photo", args=[step.id, step.id])
    acting = reverse("service_hall:special_act", args=[step.id, "drop"])
    mine = reverse("service_hall:inspections")

    for address in (arranging, reading, photo, mine):
        assert Client().get(address).status_code == 302
        assert signed_in(applicant).get(address).status_code == 403
    assert Client().post(acting).status_code == 302
    assert signed_in(applicant).post(acting).status_code == 403
    other = signed_in(outsider())
    for address in (arranging, reading, photo):
        assert other.get(address).status_code == 404
    assert other.post(acting, {"reason": "不要"}).status_code == 404
    assert "老街" not in other.get(mine).content.decode()
    owner = signed_in(clerk)
    assert owner.get(arranging).status_code == 200
    assert owner.get(reading).status_code == 200
    assert owner.get(photo).status_code == 404
    assert owner.post(acting, {"reason": "不再需要"}).status_code == 302


def test_a_public_notice_is_read_by_all_and_objected_to_under_ones_own_name(
    row: Application, clerk: Actor, applicant: Actor
) -> None:
    step = arrange(
        signed_in(clerk),
        row,
        kind="public_notice",
        from_day="2026-11-09",
        until_day="2026-11-13",
        place="政务服务网",
        plan="拟准予开办",
    )
    page, send = reverse("service_hall:notice", args=[step.id]), reverse("service_hall:object", args=[step.id])

    listed = Client().get(reverse("service_hall:notices")).content.decode()
    assert "平常测试许可（张*）" in listed
    shown = Client().get(page).content.decode()
    assert "登录后提出异议" in shown
    assert "张一" not in shown
    assert Client().post(send).status_code == 302
    refused = signed_in(clerk).post(send, {"text": "油烟", "phone": "13800000002"})
    assert refused.status_code == 422
    neighbour = signed_in(other_citizen())
    empty = neighbour.post(send, {"text": "油烟扰民", "phone": ""})
    assert empty.status_code == 422
    assert "油烟扰民" in empty.content.decode()
    assert neighbour.post(send, {"text": "油烟扰民", "phone": "13800000002"}).status_code == 302
    desk = signed_in(clerk)
    theirs = desk.get(reverse("service_hall:special", args=[step.id])).content.decode()
    assert "油烟扰民" in theirs
    assert "13800000002" in theirs
    answer = {"objection": str(step.objections.get().id), "answer": "已经要求安装净化设备"}
    assert desk.post(reverse("service_hall:special_act", args=[step.id, "answer"]), answer).status_code == 302
    assert "已经要求安装净化设备" in neighbour.get(page).content.decode()
    assert "油烟扰民" not in signed_in(applicant).get(page).content.decode()
    assert Client().get(reverse("service_hall:notice", args=[factories.unknown_id()])).status_code == 404


def lacking(applicant: Actor) -> Application:
    draft = hall.draft(applicant, LACKING)
    hall.give(applicant, draft)
    return api.submit_application(actor=applicant, application_id=draft.id)


def test_the_applicant_promises_and_hands_in_on_the_pages(applicant: Actor, clerk: Actor) -> None:
    row = lacking(applicant)
    citizen, address = signed_in(applicant), reverse("service_hall:promise", args=[row.id])
    assert "签署容缺受理承诺" in citizen.get(reverse("service_hall:application", args=[row.id])).content.decode()
    task = reverse("service_hall:task", args=[hall.task(row).id])
    desk = signed_in(clerk)
    assert "申请人还没有签署容缺受理承诺" in desk.get(task).content.decode()
    refused = desk.post(task, {"outcome": "accept", "opinion": "受理", "command_key": "0123456789abcdef" * 2})
    assert refused.status_code == 422
    assert "没有签署容缺受理承诺" in refused.content.decode()

    assert "受理之日起 3 个工作日内补交" in citizen.get(address).content.decode()
    assert citizen.post(address).status_code == 422
    assert citizen.post(address, {"agreed": "on"}).url == address
    desk.post(task, {"outcome": "accept", "opinion": "受理", "command_key": "0123456789abcdef" * 2})
    do_all_work()
    page = citizen.get(address).content.decode()
    assert "请在 2026年11月12日前补交" in page
    nothing = citizen.post(address, {"act": "give", "key": hall.TOLERABLE})
    assert nothing.status_code == 422
    file = SimpleUploadedFile("sign.pdf", hall.pdf(), content_type="application/pdf")
    assert citizen.post(address, {"act": "give", "key": hall.TOLERABLE, "file": file}).url == address
    assert Pledge.objects.get().state == "kept"
    assert "已经提交" in citizen.get(address).content.decode()


def test_who_may_open_the_applicants_promises(applicant: Actor, clerk: Actor) -> None:
    row, draft = lacking(applicant), hall.draft(applicant, PROMISED)
    for address in (
        reverse("service_hall:promise", args=[row.id]),
        reverse("service_hall:commitment", args=[draft.id]),
    ):
        assert Client().get(address).status_code == 302
        assert signed_in(other_citizen_again()).get(address).status_code == 404
        assert signed_in(clerk).get(address).status_code == 404
        assert signed_in(applicant).get(address).status_code == 200


def other_citizen_again() -> Actor:
    return factories.citizen("王三", phone="13800000009")


def test_a_commitment_is_chosen_left_and_chosen_again_on_the_page(applicant: Actor) -> None:
    draft = hall.draft(applicant, PROMISED)
    citizen, address = signed_in(applicant), reverse("service_hall:commitment", args=[draft.id])
    materials = reverse("service_hall:materials", args=[draft.id])
    assert "可以选择告知承诺" in citizen.get(materials).content.decode()

    assert citizen.post(address).status_code == 422
    assert citizen.post(address, {"agreed": "on"}).url == materials
    assert "以承诺代替" in citizen.get(reverse("service_hall:review", args=[draft.id])).content.decode()
    assert citizen.post(address, {"act": "leave"}).url == materials
    assert citizen.post(address, {"agreed": "on"}).url == materials
    assert Pledge.objects.exclude(state="dropped").count() == 1


def test_the_unit_follows_up_and_ends_the_case_on_the_page(
    applicant: Actor, clerk: Actor, county: time_machine.Traveller
) -> None:
    row = lacking(applicant)
    pledge = api.sign_tolerance(actor=applicant, application_id=row.id, agreed=True)
    hall.act(row, "accept")
    do_all_work()
    county.move_to(dt.datetime(2026, 11, 13, 2, tzinfo=dt.UTC))
    api.tick_pledges()
    listed, page = reverse("service_hall:follow_ups"), reverse("service_hall:follow_up", args=[pledge.id])
    act = reverse("service_hall:follow_up_act", args=[pledge.id, "terminate"])
    for address in (listed, page):
        assert Client().get(address).status_code == 302
        assert signed_in(applicant).get(address).status_code == 403
    assert Client().post(act).status_code == 302
    assert signed_in(applicant).post(act).status_code == 403
    other = signed_in(outsider())
    assert other.get(page).status_code == 404
    assert other.post(act, {"reason": "没有补交"}).status_code == 404
    assert row.number not in other.get(listed).content.decode()

    desk = signed_in(clerk)
    assert "已超过期限" in desk.get(listed).content.decode()
    assert "终止办理" in desk.get(page).content.decode()
    assert desk.post(act, {"reason": ""}).status_code == 422
    assert desk.post(act, {"reason": "多次提醒没有补交"}).url == page

    row.refresh_from_db()
    do_all_work()
    leader = signed_in(factories.official("leader.market", "leader", name="赵局"))
    assert "登记信用修复" in leader.get(page).content.decode()
    repair = reverse("service_hall:follow_up_act", args=[pledge.id, "repair"])
    assert leader.post(repair, {"reason": "已经补交"}).url == page


def test_who_objects_sees_what_is_held_of_him_and_who_read_it(
    row: Application, clerk: Actor, applicant: Actor, county: time_machine.Traveller
) -> None:
    step = arrange(
        signed_in(clerk),
        row,
        kind="public_notice",
        from_day="2026-11-09",
        until_day="2026-11-13",
        place="政务服务网",
        plan="拟准予开办",
    )
    reading = reverse("service_hall:special", args=[step.id])
    desk = signed_in(clerk)
    assert desk.get(reading).status_code == 200, "nobody has objected: nothing is read"
    neighbour = signed_in(other_citizen())
    neighbour.post(reverse("service_hall:object", args=[step.id]), {"text": "油烟扰民", "phone": "13800000002"})
    assert "查看公示异议" not in neighbour.get(reverse("service_hall:my-readings")).content.decode()

    assert "13800000002" in desk.get(reading).content.decode()

    assert "查看公示异议" in neighbour.get(reverse("service_hall:my-readings")).content.decode()
    assert "对公示提出的异议" in neighbour.get(reverse("service_hall:my-data")).content.decode()
    assert "查看公示异议" not in signed_in(applicant).get(reverse("service_hall:my-readings")).content.decode()


def test_photographs_saved_before_one_was_refused_are_named(
    row: Application, clerk: Actor, second: Actor, county: time_machine.Traveller
) -> None:
    step = inspected(clerk, second, row)
    county.move_to(dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC))
    good = SimpleUploadedFile("door.png", picture(), content_type="image/png")
    bad = SimpleUploadedFile("note.txt", b"no picture", content_type="text/plain")

    refused = signed_in(clerk).post(
        reverse("service_hall:special_act", args=[step.id, "photo"]), {"photo": [good, bad]}
    )

    assert refused.status_code == 422
    assert "前 1 张已经保存，其余的没有保存" in refused.content.decode()
    assert step.photos.count() == 1
