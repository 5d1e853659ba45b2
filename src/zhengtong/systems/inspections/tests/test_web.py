"""Every address for five actors, a visit on the phone, plans, the unit's page, figures, the public draw."""

import errno
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.kernel import storage
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.models import Plan, Visit
from zhengtong.systems.inspections.tests.county import (
    MARKET,
    NOBODY,
    Town,
    browser,
    done,
    drawn,
    noticed,
    picture,
    referred,
    reported,
    started,
    words,
)
from zhengtong.systems.inspections.web import urls

pytestmark = pytest.mark.django_db

#: address → what a stranger, a clerk of another unit, the unit's clerk, an inspector of the pool, the supervisor get
TABLE = {
    "home": (200, 200, 200, 200, 200),
    "public_draw": (404, 404, 404, 404, 404),
    "desk": (302, 200, 200, 200, 200),
    "plans": (302, 403, 403, 403, 200),
    "plan_new": (302, 403, 403, 403, 200),
    "plan": (302, 403, 403, 403, 200),
    "plan_edit": (302, 403, 403, 403, 409),
    "plan_act": (302, 403, 403, 403, 405),
    "referrals": (302, 403, 403, 403, 200),
    "referral": (302, 404, 404, 404, 200),
    "referral_act": (302, 403, 403, 403, 405),
    "figures": (302, 403, 403, 403, 200),
    "figures_xlsx": (302, 403, 403, 403, 200),
    "visit": (302, 404, 404, 200, 200),
    "point": (302, 405, 405, 405, 405),
    "file": (302, 404, 404, 404, 404),
    "visit_act": (302, 405, 405, 405, 405),
}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_who_may_open_what(town: Town) -> None:
    visit = drawn(town)
    if town.lent not in town.inspectors(visit):
        api.recuse(actor=town.office, visit_id=visit.id, person_id=town.second.person_id, reason="曾在该单位工作")
    everybody = [None, town.housing, town.market, town.lent, town.office]
    plan, page, card = [visit.plan_id], [visit.id], [referred(town).id]
    more = {
        **dict.fromkeys(("public_draw", "plan", "plan_edit"), plan),
        "plan_act": [*plan, "submit"],
        "visit": page,
        "point": [*page, 1],
        "file": [*page, NOBODY],
        "visit_act": [*page, "start"],
        "referral": card,
        "referral_act": [*card, "aside"],
    }
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)

    for position, who in enumerate(everybody):
        client = browser(who)
        got = {name: client.get(reverse(f"inspections:{name}", args=more.get(name, []))).status_code for name in TABLE}
        assert got == {name: expected[position] for name, expected in TABLE.items()}, who


def test_who_may_not_act_changes_nothing(town: Town) -> None:
    visit, _pair = started(town)

    for who in (None, town.housing, town.market):
        client = browser(who)
        for act in ("start", "recuse", "cancel", "sign", "notice", "acknowledge", "report", "review", "vanish"):
            url = reverse("inspections:visit_act", args=[visit.id, act])
            assert client.post(url, {"reason": "不想去检查", "place": "大厅"}).status_code in (302, 404)
        url = reverse("inspections:point", args=[visit.id, 1])
        assert client.post(url, {"result": "good"}).status_code in (302, 404)
        for act in ("submit", "approve", "return", "draw", "finish"):
            url = reverse("inspections:plan_act", args=[visit.plan_id, act])
            assert client.post(url, {"text": "我来决定一下"}).status_code in (302, 403)

    visit.refresh_from_db()
    assert (visit.state, visit.results.count(), visit.inspectors.count()) == ("going", 0, 2)


def test_what_was_typed_is_shown_again_when_the_plan_went_on_meanwhile(town: Town) -> None:
    plan = api.draft_plan(actor=town.office, words=words())
    typed = {name: getattr(words(), name) for name in words().__dataclass_fields__}
    desk = browser(town.office)
    page = reverse("inspections:plan_edit", args=[plan.id])
    api.submit_plan(actor=town.office, plan_id=plan.id)

    late = desk.post(page, typed | {"subject": "写了半小时的专项督查"})

    assert late.status_code == 409
    assert "写了半小时的专项督查" in text_of(late)
    assert "不能这样办理" in text_of(late)
    assert Plan.objects.get().subject != "写了半小时的专项督查"
    assert desk.get(page).status_code == 409


def test_a_plan_from_the_form_to_the_draw(town: Town) -> None:
    desk, second = browser(town.office), browser(town.second)
    typed = {name: getattr(words(), name) for name in words().__dataclass_fields__}
    refused = desk.post(reverse("inspections:plan_new"), typed | {"targets": "没有的局", "subject": "短事"})
    assert refused.status_code == 422
    assert "没有这个单位：没有的局" in text_of(refused)
    assert "短事" in text_of(refused)

    assert desk.post(reverse("inspections:plan_new"), typed).status_code == 302
    plan = Plan.objects.get()
    page = reverse("inspections:plan", args=[plan.id])
    copied = text_of(desk.get(reverse("inspections:plan_new"), {"like": str(plan.id)}))
    assert "抽看 5 份退件" in copied
    assert desk.get(reverse("inspections:plan_new"), {"like": "x"}).status_code == 404
    edited = desk.post(reverse("inspections:plan_edit", args=[plan.id]), typed | {"subject": "改过的专项督查"})
    assert edited.status_code == 302

    def act(client: Client, name: str, **data: str) -> int:
        return int(client.post(reverse("inspections:plan_act", args=[plan.id, name]), data).status_code)

    assert act(desk, "submit") == 302
    assert "等您处理的计划" in text_of(second.get(reverse("inspections:desk")))
    assert act(desk, "approve") == 403
    assert act(second, "return", text="短") == 422
    assert act(second, "approve") == 302
    assert act(desk, "draw") == 302
    assert act(desk, "draw") == 409
    assert act(desk, "vanish") == 404
    shown = text_of(desk.get(page))
    for said in ("改过的专项督查", "随机种子", "与记录一致", MARKET[1], plan.draw.seed):
        assert said in shown


def test_a_visit_on_the_phone_point_by_point(town: Town) -> None:
    visit = drawn(town)
    one, two = (browser(who) for who in town.inspectors(visit))
    page = reverse("inspections:visit", args=[visit.id])

    def point(client: Client, no: int, *, quiet: bool = False, **data: Any) -> Any:
        head = {"Accept": "text/plain"} if quiet else {}
        return client.post(reverse("inspections:point", args=[visit.id, no]), data, headers=head)

    start = reverse("inspections:visit_act", args=[visit.id, "start"])
    assert one.post(start, {"place": ""}).status_code == 422
    assert one.post(start, {"place": "政务大厅 3 号窗口"}).status_code == 302
    assert "已记录 0 条，共 3 条" in text_of(one.get(page))
    refused = point(one, 1, result="bad", remark="缺", place="3 号窗口")
    assert refused.status_code == 422
    assert "请写明看到什么" in text_of(refused)
    assert "3 号窗口" in text_of(refused)
    photo = SimpleUploadedFile("退件.png", picture(), "image/png")
    sent = point(one, 1, quiet=True, result="bad", serious="on", remark="两次要求补材料", photos=photo, noted_at="x")
    assert (sent.status_code, text_of(sent)) == (200, "1")
    late = point(two, 1, quiet=True, result="good", seen="0")
    assert (late.status_code, "刚才已经记录" in text_of(late)) == (409, True)
    assert ("两次要求补材料" in text_of(late), late["X-Version"]) == (True, "1")
    assert "再保存一次就改写" in text_of(point(two, 1, result="good", seen="0"))
    saved = point(two, 2, result="good")
    assert saved["Location"] == f"{page}#point-2"
    sign = reverse("inspections:visit_act", args=[visit.id, "sign"])
    assert "第 3 条还没有记录" in text_of(one.post(sign))
    assert point(two, 3, result="none", noted_at="2026-11-09T02:01:00.000Z").status_code == 302
    assert one.post(sign).status_code == 302
    assert "等另一名检查人员签字" in text_of(one.get(page))
    assert two.post(sign).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "done"
    photo_id = visit.results.get(point__no=1).photos.get().file_id
    opened = browser(town.market).get(reverse("inspections:file", args=[visit.id, photo_id]))
    assert opened.content == picture()


def test_the_unit_rectifies_and_the_inspectors_review(town: Town) -> None:
    visit, pair = done(town, 1, 2)
    inspector, unit = browser(pair[0]), browser(town.market)
    page = reverse("inspections:visit", args=[visit.id])

    def act(client: Client, name: str, **data: Any) -> Any:
        return client.post(reverse("inspections:visit_act", args=[visit.id, name]), data)

    assert act(inspector, "notice", demand="立").status_code == 422
    assert act(inspector, "notice", demand="立即整改，举一反三。").status_code == 302
    visit.refresh_from_db()
    paper = reverse("papers:paper", args=[visit.rectification.document_id])
    assert unit.get(paper).status_code == 200
    assert browser(town.housing).get(paper).status_code == 403
    assert visit.number in text_of(unit.get(reverse("inspections:desk")))
    assert act(unit, "acknowledge").status_code == 302
    half = act(unit, "report", measure_1="已补发告知书", measure_2="")
    assert half.status_code == 422
    assert "已补发告知书" in text_of(half)
    proof = SimpleUploadedFile("整改.png", picture(10), "image/png")
    assert act(unit, "report", measure_1="已补发告知书", measure_2="已安排替岗", proof_2=proof).status_code == 302
    assert "已安排替岗" in text_of(inspector.get(page))
    incomplete = act(inspector, "review", verdict_1="passed", opinion="到位")
    assert "第 2 个问题" in text_of(incomplete)
    finished = act(inspector, "review", verdict_1="passed", verdict_2="passed", opinion="经复查，整改到位。")
    assert finished.status_code == 302
    shown = text_of(unit.get(page))
    for said in ("整改到位", "经复查", "整改.png"):
        assert said in shown


def test_a_full_disk_is_told_and_what_was_typed_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    going, pair = started(town)
    ended, _pair = noticed(town, 1)
    sent: dict[str, Any] = {"measure_1": "已补发告知书", "proof_1": SimpleUploadedFile("整改.png", picture(77))}
    noted: dict[str, Any] = {
        "result": "good",
        "place": "东侧柱子旁",
        "photos": SimpleUploadedFile("窗口.png", picture(78)),
    }

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(storage.os, "fsync", full)
    report = reverse("inspections:visit_act", args=[ended.id, "report"])
    point = reverse("inspections:point", args=[going.id, 1])

    for who, address, typed, kept in (
        (town.market, report, sent, "已补发告知书"),
        (pair[0], point, noted, "东侧柱子旁"),
    ):
        refused = browser(who).post(address, typed)
        assert refused.status_code == 507
        assert "存储空间已满" in text_of(refused)
        assert kept in text_of(refused)


def test_figures_leave_as_a_workbook_and_the_draw_is_public_when_all_is_done(town: Town) -> None:
    visit, _pair = reported(town, 1, 3)
    desk = browser(town.office)

    page = text_of(desk.get(reverse("inspections:figures")))
    book = load_workbook(io.BytesIO(desk.get(reverse("inspections:figures_xlsx"), {"year": "2026"}).content))

    assert "11月发现的问题最多，2 个" in page
    assert book.sheetnames == ["按单位", "按计划", "按月", "问题最多的要点"]
    assert [cell.value for cell in book["按单位"][2]][:4] == [MARKET[1], 1, 3, 2]
    assert "没有完成的检查" in text_of(desk.get(reverse("inspections:figures"), {"year": "2025"}))
    stranger = Client()
    home = text_of(stranger.get(reverse("inspections:home")))
    public = text_of(stranger.get(reverse("inspections:public_draw", args=[visit.plan_id])))
    assert visit.plan.subject in home
    assert visit.plan.draw.seed in public
    assert not [one.name for one in visit.inspectors.all() if one.name in public]


def test_nobody_learns_from_the_desk_that_his_own_unit_will_be_inspected(town: Town) -> None:
    plan_words = words(targets="青禾县纪委监委", pool="青禾县市场监督管理局\n青禾县住房和城乡建设局")
    plan = api.draft_plan(actor=town.office, words=plan_words)
    api.submit_plan(actor=town.office, plan_id=plan.id)
    api.approve_plan(actor=town.second, plan_id=plan.id)
    api.draw(actor=town.office, plan_id=plan.id)
    visit = Visit.objects.get()

    desk = browser(town.office)
    page = text_of(desk.get(reverse("inspections:plan", args=[plan.id])))

    assert ("随机种子" in page, visit.number in page) == (False, False)
    assert desk.get(reverse("inspections:visit", args=[visit.id])).status_code == 404
    assert browser(town.market).get(reverse("inspections:visit", args=[visit.id])).status_code == 200
