"""Every address for five actors, the pages of the person who wrote, the desk, intake, figures."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import ObjectRef
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests.county import (
    ACCUSED,
    CONTENT,
    HANDLER,
    NAME,
    OFFICE,
    PHONE,
    accepted,
    answered,
    assigned,
    citizen,
    drafted,
    official,
    picture,
    sent,
    signed_in,
    supervisor,
    text_of,
)
from zhengtong.systems.complaints.web import blocks, urls

pytestmark = pytest.mark.django_db

#: address → what stranger, another citizen, the unit's clerk, another unit's clerk, the supervisor get
TABLE = {
    "home": (200, 200, 200, 200, 200),
    "new": (200, 200, 200, 200, 200),
    "receipt": (302, 302, 302, 302, 302),
    "answers": (200, 200, 200, 200, 200),
    "find": (200, 200, 200, 200, 200),
    "result": (302, 302, 302, 302, 302),
    "result_act": (405, 405, 405, 405, 405),
    "mine": (302, 200, 200, 200, 200),
    "own": (302, 404, 404, 404, 404),
    "own_act": (302, 405, 405, 405, 405),
    "desk": (302, 403, 200, 200, 200),
    "intake": (302, 403, 403, 403, 200),
    "figures": (302, 403, 403, 403, 200),
    "figures_xlsx": (302, 403, 403, 403, 200),
    "one": (302, 403, 200, 404, 200),
    "file": (302, 403, 404, 404, 200),
    "act": (302, 403, 405, 405, 405),
}
WHO = ("stranger", "citizen", "unit", "neighbour", "supervisor")


def clients() -> dict[str, Client]:
    return {
        "stranger": Client(),
        "citizen": signed_in(people.citizen("李四", phone="13800000044")),
        "unit": signed_in(official("clerk", "clerk")),
        "neighbour": signed_in(official("fire", "clerk", org=("H05", "青禾县消防救援大队"))),
        "supervisor": signed_in(supervisor()),
    }


def arguments(name: str, row: Complaint) -> list[Any]:
    return {
        "result_act": ["satisfy"],
        "own": [row.id],
        "own_act": [row.id, "satisfy"],
        "one": [row.id],
        "file": [row.id, 1],
        "act": [row.id, "accept"],
    }.get(name, [])


def test_who_may_open_what(office) -> None:
    row = assigned(office, files=[("我的照片.png", picture())])
    everybody = clients()
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)

    for position, who in enumerate(WHO):
        got = {
            name: everybody[who].get(reverse(f"complaints:{name}", args=arguments(name, row))).status_code
            for name in TABLE
        }
        assert got == {name: expected[position] for name, expected in TABLE.items()}, who


@pytest.mark.parametrize("who", ["stranger", "citizen", "unit", "neighbour"])
def test_who_may_not_act_changes_nothing(office, who: str) -> None:
    row = assigned(office)
    client, before = clients()[who], row.acts.count()

    for act in ("answer", "return", "time", "suspend", "publish", "assign", "self", "release", "vanish", "identity"):
        data = {"text": "我来处理一下", "purpose": "想看一看是谁"}
        assert client.post(reverse("complaints:act", args=[row.id, act]), data).status_code in (302, 403, 404)
    for act in ("withdraw", "satisfy", "ask_review"):
        assert client.post(reverse("complaints:own_act", args=[row.id, act]), {}).status_code in (302, 404)
        assert client.post(reverse("complaints:result_act", args=[act]), {}).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.acts.count()) == ("assigned", before)


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "complaint",
        "protection": "confidential",
        "title": "窗口三天不收材料",
        "content": CONTENT,
        "name": NAME,
        "phone": PHONE,
    } | changes


def test_a_stranger_hands_in_and_asks_with_number_and_code(office, handler) -> None:
    client = Client()
    url = reverse("complaints:new") + f"?about=unit&unit={ACCUSED[0]}"
    assert "请选择" in text_of(client.get(reverse("complaints:new") + "?about=unit"))
    refused = client.post(url, typed(name="", title=""))
    assert refused.status_code == 422
    assert "不愿意写的，请选“匿名”" in text_of(refused)
    assert "连来三天" in text_of(refused)

    attached = SimpleUploadedFile("欧阳秋实.png", picture(), "image/png")
    done = client.post(url, typed(attachments=[attached]), follow=True)
    row = Complaint.objects.get()
    shown = text_of(done)
    code = next(part for part in shown.split("<strong>") if part[4:5] == " ").split("</strong>")[0]
    assert row.files.get().label == "附件 1（PNG）"
    assert "只在这里显示一次" in shown
    assert "只在这里显示一次" not in text_of(client.get(reverse("complaints:receipt"), follow=True))

    wrong = client.post(reverse("complaints:find"), {"number": row.number, "code": "AAAAAAAAAA"})
    assert wrong.status_code == 422
    assert "对不上" in text_of(wrong)
    api.accept(actor=office, complaint_id=row.id)
    found = client.post(reverse("complaints:find"), {"number": row.number, "code": code}, follow=True)
    page = text_of(found)
    for words in ("已受理，正在确定由谁办理", "办理并答复", "15 个工作日", "撤回来件", "还没有人查看", ACCUSED[1]):
        assert words in page
    assert client.post(reverse("complaints:result_act", args=["vanish"])).status_code == 404
    early = client.post(reverse("complaints:result_act", args=["satisfy"]), {"satisfaction": "satisfied"})
    assert early.status_code == 409
    assert client.post(reverse("complaints:result_act", args=["withdraw"]), {}).status_code == 302
    assert Complaint.objects.get().ending == "withdrawn"


def test_guessing_and_flooding_are_slowed_down(county) -> None:
    client = Client()
    for _try in range(10):
        client.post(reverse("complaints:find"), {"number": "TS1", "code": "X"})
    assert client.post(reverse("complaints:find"), {"number": "TS1", "code": "X"}).status_code == 429

    for _try in range(20):
        assert client.post(reverse("complaints:new"), typed()).status_code == 302
    assert client.post(reverse("complaints:new"), typed()).status_code == 429


def test_the_writer_reads_the_answer_rates_it_and_asks_for_a_review(office, handler) -> None:
    writer = citizen()
    row = sent(writer).row
    client = signed_in(writer)
    api.accept(actor=office, complaint_id=row.id)
    api.assign(actor=office, complaint_id=row.id, org_code=HANDLER[0], title="拒收", brief="拒收材料", checked=True)
    drafted(handler, Complaint.objects.get())
    api.approve_answer(actor=office, complaint_id=row.id)
    api.read_identity(actor=office, complaint_id=row.id, purpose="核对录像中的人")
    page = reverse("complaints:own", args=[row.id])

    def act(name: str, **data: str) -> int:
        return int(client.post(reverse("complaints:own_act", args=[row.id, name]), data).status_code)

    shown = text_of(client.get(page))
    for words in ("已当面道歉并补收", "责令整改、向当事人道歉", "申请复核", "核对录像中的人", HANDLER[1]):
        assert words in shown
    assert row.number in text_of(client.get(reverse("complaints:mine"))).replace(" ", "")
    assert act("satisfy") == 422
    assert act("satisfy", satisfaction="dissatisfied", text="没有补收") == 302
    assert act("ask_review", text="不") == 422
    assert act("ask_review", text="至今没有补收材料。") == 302
    assert "正在复核" in text_of(client.get(page))


def test_the_desk_from_receipt_to_published_answer(office, handler) -> None:
    row = sent(files=[("a.png", picture())]).row
    desk, unit = signed_in(office), signed_in(handler)
    page = reverse("complaints:one", args=[row.id])

    def post(client: Client, act: str, **data: Any) -> Any:
        return client.post(reverse("complaints:act", args=[row.id, act]), data)

    assert row.number in text_of(desk.get(reverse("complaints:desk")))
    assert post(desk, "reject", text="不").status_code == 422
    assert post(desk, "accept").status_code == 302
    proposed = text_of(desk.get(page))
    assert "［已隐去］" in proposed
    refused = post(desk, "assign", org=HANDLER[0], title="拒收", brief=CONTENT, note="抓紧")
    assert refused.status_code == 422
    assert "还写着提出人" in text_of(refused)
    assert "不能交它自己" in text_of(post(desk, "assign", org=ACCUSED[0], title="拒收", brief="拒收", checked="on"))
    assert post(desk, "assign", org=HANDLER[0], title="拒收", brief="拒收材料三天", checked="on").status_code == 302
    assert unit.get(reverse("complaints:file", args=[row.id, 1])).status_code == 404
    assert post(desk, "release", no="1").status_code == 302
    opened = unit.get(reverse("complaints:file", args=[row.id, 1]))
    assert opened["Content-Disposition"] == f'attachment; filename="{row.number}-1.png"'
    late = post(unit, "ask_time", days="30", text="需要外出调查")
    assert "最多延长 15 个工作日" in text_of(late)
    assert post(unit, "ask_time", days="5", text="需要外出调查").status_code == 302
    assert "申请延长 5 个工作日" in text_of(desk.get(page))
    assert post(desk, "time", grant="yes", text="同意延长。").status_code == 302
    report = {"facts": "调取了录像和取号记录。", "finding": "founded", "text": "已当面道歉，并补收材料。"}
    incomplete = post(unit, "draft", **report)
    assert "至少选择一项处理措施" in text_of(incomplete)
    assert "已当面道歉，并补收材料" in text_of(incomplete)
    assert post(unit, "draft", **report, measures=["apology"]).status_code == 302
    assert post(desk, "answer", text=report["text"]).status_code == 302
    assert "属实" in text_of(unit.get(page))
    shown = {"title": "窗口不收材料", "question": "群众反映窗口不收材料。", "answer": "已补收，并当面道歉。"}
    assert post(desk, "publish", **shown).status_code == 302
    public = text_of(Client().get(reverse("complaints:answers")))
    assert ("窗口不收材料" in public, row.number in public) == (True, False)
    assert "窗口不收材料" in text_of(Client().get(reverse("complaints:home")))
    for queue in ("todo", "late", "waiting", "done"):
        assert (row.number in text_of(unit.get(reverse("complaints:desk"), {"queue": queue}))) is (queue == "done")
    assert row.number in text_of(unit.get(reverse("complaints:desk"), {"number": row.number[-6:]}))


def test_identity_is_opened_on_the_page_with_a_purpose(office) -> None:
    row = assigned(office)
    desk, url = signed_in(office), reverse("complaints:act", args=[row.id, "identity"])

    assert PHONE not in text_of(desk.get(reverse("complaints:one", args=[row.id])))
    assert desk.post(url, {"purpose": ""}).status_code == 422
    assert PHONE in text_of(desk.post(url, {"purpose": "核对现场录像中的人"}))
    assert row.acts.filter(kind="read").count() == 1


def test_a_window_takes_in_and_hands_over_the_receipt(office) -> None:
    window = signed_in(official("window", "counter", org=("K01", "青禾县政务服务中心")))
    url = reverse("complaints:intake") + f"?about=unit&unit={ACCUSED[0]}"
    how = {"channel": "phone", "received_at": "2026-11-09T09:30", "note": "监督电话来电"}

    assert "反映哪个单位" in text_of(window.get(reverse("complaints:intake") + "?about=unit"))
    assert window.post(url, typed(**how | {"note": ""})).status_code == 422
    done = window.post(url, typed(**how), follow=True)

    row = Complaint.objects.get()
    assert (row.channel, row.accused_org_name, row.received_note) == ("phone", ACCUSED[1], "监督电话来电")
    assert "已登记" in text_of(done)
    assert window.get(reverse("complaints:desk")).status_code == 403
    assert "监督电话来电" in text_of(signed_in(office).get(reverse("complaints:one", args=[row.id])))


def test_ways_in_from_a_rating_and_from_the_counter(county) -> None:
    request, ref = RequestFactory().get("/"), ObjectRef(kind="application", id="5")
    request.actor = people.citizen("李四", phone="13800000044")  # type: ignore[attr-defined]  # the middleware's
    window, clerk = official("window", "counter"), official("clerk", "clerk")

    assert "?about=rating%3Aapplication%3A5&amp;kind=complaint" in (blocks.rating_act(request, ref) or "")
    assert blocks.counter_place(window) == ("登记来件", reverse("complaints:intake"))
    assert blocks.counter_place(clerk) is None
    request.actor = clerk  # type: ignore[attr-defined]  # the middleware's
    assert blocks.rating_act(request, ref) is None


def test_a_post_is_chosen_without_naming_its_holder(county) -> None:
    official("officer", "clerk", org=ACCUSED, post="食品许可岗")
    url = reverse("complaints:new") + f"?about=post&unit={ACCUSED[0]}"
    client = Client()

    page = text_of(client.get(url))
    assert "食品许可岗" in page
    assert "李二" not in page
    assert client.post(url, typed(post="", post_words="2 楼 3 号窗口")).status_code == 302
    assert client.post(url, typed(post=str(uuid.uuid4()))).status_code == 422
    assert Complaint.objects.get().accused_post_name == "2 楼 3 号窗口"


def test_figures_leave_as_a_workbook_for_the_office_and_the_units_leader(office, handler) -> None:
    answered(office, handler)
    accepted(office, kind="consult")
    month = {"since": "2026-11", "until": "2026-11"}

    page = text_of(signed_in(office).get(reverse("complaints:figures"), month))
    book = load_workbook(io.BytesIO(signed_in(office).get(reverse("complaints:figures_xlsx"), month).content))

    assert "2026年11月收到最多，2 件" in page
    assert book.sheetnames == ["按承办单位", "按类别", "按事项", "按月", "按结果"]
    assert [cell.value for cell in book["按承办单位"][2]][:2] == [HANDLER[1], 1]
    head = signed_in(official("head", "leader"))
    assert "收到最多，1 件" in text_of(head.get(reverse("complaints:figures"), month))
    other = signed_in(official("other", "leader", org=OFFICE))
    assert "没有收到来件" in text_of(other.get(reverse("complaints:figures"), {"since": "bad"}))
