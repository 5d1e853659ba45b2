"""The desk of bad ratings, the page of evaluators, published figures: four actors and what they show."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import Device
from zhengtong.capabilities.ratings.services.devices import register_device
from zhengtong.capabilities.ratings.tests.matters import (
    MONDAY,
    OTHER,
    UNIT,
    bad,
    clerk,
    matter,
    rated,
    signed_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TENANT = "980723"


def test_who_may_open_the_desk() -> None:
    row = bad(people.citizen(), text="态度不好")
    pages = [reverse("ratings:desk"), reverse("ratings:follow_up", args=[row.id])]

    for url in pages:
        assert Client().get(url).status_code == 302
        assert signed_in(people.citizen("李二", phone="13800000002")).get(url).status_code == 403
        assert "小餐饮许可" in text_of(signed_in(clerk()).get(url))
        watcher = text_of(signed_in(clerk("watcher", "supervisor", org=OTHER)).get(url))
        assert "小餐饮许可" in watcher
        assert "提交申请" not in watcher
    neighbour = signed_in(clerk("fire", org=OTHER))
    assert "小餐饮许可" not in text_of(neighbour.get(pages[0]))
    assert neighbour.get(pages[1]).status_code == 404


@pytest.mark.parametrize("act", ["contact", "rectify", "ask", "judge", "reach"])
def test_who_may_act(act: str) -> None:
    row = bad(people.citizen())
    url = reverse("ratings:act", args=[row.id, act])

    assert Client().post(url).status_code == 302
    assert signed_in(people.citizen("李二", phone="13800000002")).post(url).status_code == 403
    assert signed_in(clerk("watcher", "supervisor", org=OTHER)).post(url).status_code == 403
    assert signed_in(clerk("fire", org=OTHER)).post(url, {"text": "我来处理一下"}).status_code == 404
    row.refresh_from_db()
    assert (row.state, row.acts.count()) == ("to_contact", 0)


def test_the_way_of_a_bad_rating_over_the_pages() -> None:
    owner = people.citizen("张一", phone="13800000007")
    row = bad(owner, text="来回跑")
    desk = signed_in(clerk())
    page = reverse("ratings:follow_up", args=[row.id])

    def post(act: str, **data: str):
        return desk.post(reverse("ratings:act", args=[row.id, act]), data)

    short = post("contact", means="phone", text="好")
    assert short.status_code == 422
    assert "至少 5 个字" in text_of(short)
    early = post("rectify", text="已经更正了材料清单。")
    assert early.status_code == 409
    assert "已经更正了材料清单" in text_of(early)
    assert "请先联系" in text_of(early)
    assert "13800000007" not in text_of(desk.get(page))
    assert "13800000007" in text_of(post("reach"))
    assert post("contact", means="phone", reached="no", text="打了三次没有人接。").status_code == 302
    assert post("contact", means="visit", text="已上门道歉并说明。", is_complex="on").status_code == 302
    assert "15 个工作日（复杂问题）" in text_of(desk.get(page))
    assert post("rectify", text="已经更正了材料清单。").status_code == 302
    shown = text_of(desk.get(page))
    assert "已整改，待再次评价" in shown
    assert "报告整改完成" not in shown
    assert desk.post(reverse("ratings:act", args=[row.id, "nothing"])).status_code == 404


def test_a_leader_judges_on_the_page_and_the_asker_cannot() -> None:
    row = bad(people.citizen())
    desk, head = signed_in(clerk()), signed_in(clerk("leader", "leader"))
    desk.post(reverse("ratings:act", args=[row.id, "ask"]), {"verdict": "not_ours", "text": "评价的是隔壁窗口的服务。"})
    page, judge = reverse("ratings:follow_up", args=[row.id]), reverse("ratings:act", args=[row.id, "judge"])

    assert "认定是否计入" not in text_of(desk.get(page))
    assert desk.post(judge, {"exclude": "yes", "text": "我自己认定了吧"}).status_code == 403
    assert "认定是否计入" in text_of(head.get(page))
    assert head.post(judge, {"exclude": "yes", "text": "核实属于隔壁窗口。"}).status_code == 302
    shown = text_of(desk.get(page))
    assert "不计入统计：核实属于隔壁窗口" in shown
    for queue, there in (("open", False), ("done", True), ("own_device", False), ("asked", False), ("late", False)):
        listed = text_of(desk.get(reverse("ratings:desk"), {"queue": queue}))
        assert ("小餐饮许可" in listed) is there


def test_who_may_manage_evaluators_and_the_key_is_shown_once() -> None:
    url = reverse("ratings:devices")
    data = {"org": UNIT[0], "name": "3 号窗口评价器", "window": "3 号", "kind": "tablet"}
    leader = signed_in(clerk("leader", "leader"))

    assert Client().get(url).status_code == 302
    assert signed_in(people.citizen()).get(url).status_code == 403
    assert signed_in(clerk()).post(url, data).status_code == 403
    assert signed_in(clerk("leader.fire", "leader", org=OTHER)).post(url, data).status_code == 403
    made = leader.post(url, data)
    row = Device.objects.get()
    assert row.key[:4] in text_of(made)
    assert row.key[:4] + " " + row.key[4:8] not in text_of(leader.get(url))
    refused = leader.post(url, data | {"name": ""})
    assert refused.status_code == 422
    assert "请写设备名称" in text_of(refused)


@pytest.mark.parametrize("name", ["device_key", "device_end"])
def test_who_may_change_an_evaluator(name: str) -> None:
    row, key = register_device(actor=clerk("leader", "leader"), org_code=UNIT[0], name="平板", window="", kind="tablet")
    url = reverse(f"ratings:{name}", args=[row.id])

    assert Client().post(url).status_code == 302
    assert signed_in(people.citizen()).post(url).status_code == 403
    assert signed_in(clerk("leader.fire", "leader", org=OTHER)).post(url).status_code == 404
    row.refresh_from_db()
    assert (row.key, row.ended_at) == (key, None)
    assert signed_in(clerk("manager", "process_admin", org=OTHER)).post(url).status_code in (200, 302)
    row.refresh_from_db()
    assert row.key != key or row.ended_at


def many(count: int, grade: str, **changes) -> None:
    owner = people.citizen("赵四")
    for _ in range(count):
        rated(owner, grade, matter(owner, **changes))


def test_figures_count_first_ratings_and_leave_out_what_was_judged() -> None:
    owner, officer, leader = people.citizen(), clerk(), clerk("leader", "leader")
    ref = matter(owner)
    rated(owner, "satisfied", ref)
    rated(owner, "very_dissatisfied", ref, turn="later")
    row = bad(owner)
    api.record_contact(actor=officer, follow_up_id=row.id, means="phone", reached=True, text="已电话说明情况。")
    gone = bad(owner)
    api.ask_exclusion(actor=officer, follow_up_id=gone.id, verdict="mistaken", reason="评价人说点错了。")
    api.judge(actor=leader, follow_up_id=gone.id, exclude=True, reason="电话核实点错了。")

    found = api.figures(TENANT, org_id=row.org_id, item="A1")

    assert (found.rated, found.bad, found.answered, found.in_time, found.excluded) == (2, 1, 1, 1, 1)
    assert (str(found.share_good), str(found.mean), str(found.response_rate)) == ("50.0", "3.00", "100.0")
    assert api.figures(TENANT, item="B2").rated == 0
    assert api.figures(TENANT, since=MONDAY.date().replace(day=10)).rated == 0
    assert [one.label for one in api.figures_by_unit(TENANT)] == [UNIT[1]]


def test_everybody_reads_the_figures_but_no_small_numbers() -> None:
    many(6, "satisfied")
    many(2, "very_dissatisfied", org_code="H05")
    many(7, "very_satisfied", org_code="H05", item_code="B2", title="消防许可")
    url = reverse("ratings:published")
    unit = api.figures_by_unit(TENANT)[0]

    page = text_of(Client().get(url))
    items = text_of(Client().get(url, {"org": str(unit.org_id), "since": "2026-11", "until": "2026-11"}))
    empty = text_of(Client().get(url, {"since": "2020-01", "until": "2020-02"}))

    assert "77.8%" in page
    assert UNIT[1] in page
    assert "少，不公布" not in page
    assert "少，不公布" in items
    assert "没有评价" in empty
    assert signed_in(people.citizen()).get(url).status_code == 200


def test_what_the_list_of_units_hides_is_hidden_below_it_too() -> None:
    many(6, "satisfied")
    many(2, "very_dissatisfied", org_code="H05")
    shown, total = api.published_figures(TENANT)
    larger = next(one for one in shown if one.label == UNIT[1])

    items, below = api.published_figures(TENANT, org_id=larger.org_id)

    assert all(one.masked for one in [*shown, *items, below])
    assert total.rated == 8
    assert "少，不公布" in text_of(Client().get(reverse("ratings:published"), {"org": str(larger.org_id)}))


def test_figures_leave_as_a_workbook_with_the_same_masks() -> None:
    many(6, "satisfied")
    many(1, "dissatisfied", org_code="H05")

    response = Client().get(reverse("ratings:export"))
    sheet = load_workbook(io.BytesIO(response.content)).active

    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert cells[0][:2] == ["单位", "计入评价"]
    assert [line[1] for line in cells[1:]] == ["少，不公布", "少，不公布", 7]
    assert Client().get(reverse("ratings:export"), {"org": "x", "since": "bad"}).status_code == 200
    assert Client().post(reverse("ratings:export")).status_code == 405
