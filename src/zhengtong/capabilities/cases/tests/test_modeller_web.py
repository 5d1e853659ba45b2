"""Every address of modeller and monitor, four actors and more; the pages without scripts."""

import json
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases.models import Intervention, ProcessDraft, ProcessTrial, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.services import drafts
from zhengtong.capabilities.cases.services.processes import deploy_process
from zhengtong.capabilities.cases.tests.county import citizen as applicant
from zhengtong.capabilities.cases.tests.county import found_county, officer, open_restaurant_case
from zhengtong.capabilities.cases.web import urls
from zhengtong.capabilities.identity.tests.factories import citizen, sign_in
from zhengtong.capabilities.identity.tests.factories import official as account

pytestmark = pytest.mark.django_db
#: who asks → unit and roles of the account
WHO = {
    "clerk": ("G22", "青禾县市场监督管理局", ("clerk",)),
    "sysadmin": ("G26", "青禾县数据资源管理局", ("sys_admin",)),
    "supervisor": ("A02", "县纪委监委", ("supervisor",)),
    "leader": ("G22", "青禾县市场监督管理局", ("leader",)),
    "neighbour": ("H05", "青禾县消防救援大队", ("leader",)),
    "drawer": ("G25", "青禾县政务服务中心", ("process_admin",)),
    "second": ("G25", "青禾县政务服务中心", ("process_admin",)),
}


@pytest.fixture
def county():
    found_county()


@pytest.fixture
def client_of(county):
    def sign(who):
        if who == "stranger":
            return Client()
        if who == "citizen":
            return sign_in(Client(), citizen())
        code, name, roles = WHO[who]
        return sign_in(Client(), account(who, *roles, org_code=code, org_name=name))

    return sign


@pytest.fixture
def draft(county):
    draft_id = drafts.create_draft(actor=officer("G22", "process_admin"), key="food_licence", title="食品经营许可")
    return ProcessDraft.objects.get(pk=draft_id)


def version():
    return ProcessVersion.objects.get(key="restaurant")


ACTORS = ("stranger", "citizen", "sysadmin", "clerk", "supervisor", "leader", "neighbour", "drawer")
#: address → what a GET of each actor gets; 405: the policy lets him through to an act that is a POST
TABLE = {
    "list": (302, 403, 403, 403, 403, 200, 200, 200),
    "new": (302, 403, 403, 403, 403, 403, 403, 200),
    "draft": (302, 403, 403, 403, 403, 404, 404, 200),
    "draft_file": (302, 403, 403, 403, 403, 404, 404, 200),
    "save": (302, 403, 403, 403, 403, 403, 403, 405),
    "upload": (302, 403, 403, 403, 403, 403, 403, 405),
    "check": (302, 403, 403, 403, 403, 403, 403, 405),
    "trial": (302, 403, 403, 403, 403, 403, 403, 200),
    "remove_trial": (302, 403, 403, 403, 403, 403, 403, 405),
    "compare_draft": (302, 403, 403, 403, 403, 404, 404, 200),
    "move_draft": (302, 403, 403, 403, 403, 405, 405, 405),
    "version": (302, 403, 403, 403, 200, 200, 200, 200),
    "version_file": (302, 403, 403, 403, 403, 200, 200, 200),
    "compare": (302, 403, 403, 403, 403, 404, 404, 404),
    "monitor": (302, 403, 403, 403, 200, 200, 200, 200),
    "case": (302, 403, 403, 403, 200, 200, 404, 200),
    "interventions": (302, 403, 403, 403, 200, 200, 200, 200),
    "decide": (302, 403, 403, 403, 403, 405, 405, 405),
    "ask": (302, 403, 403, 403, 403, 403, 403, 405),
    "ask_migration": (302, 403, 403, 403, 403, 403, 403, 405),
}


def address(name, draft, case_id):
    nobody = uuid.UUID(int=1)
    if name in ("draft", "draft_file", "save", "upload", "check", "trial", "compare_draft"):
        return reverse(f"processes:{name}", args=[draft.id])
    arguments = {
        "version": [version().id],
        "version_file": [version().id],
        "ask_migration": [version().id],
        "remove_trial": [draft.id, nobody],
        "move_draft": [draft.id, "submit"],
        "compare": [version().id, nobody],
        "case": [case_id],
        "decide": [nobody, "approve"],
        "ask": [case_id, "jump"],
    }
    return reverse(f"processes:{name}", args=arguments.get(name, []))


def test_the_table_names_every_address():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("who", ACTORS)
def test_who_may_open_what(client_of, draft, who):
    case_id = open_restaurant_case(applicant())
    client = client_of(who)

    answers = {name: client.get(address(name, draft, case_id)).status_code for name in TABLE}

    assert answers == {name: expected[ACTORS.index(who)] for name, expected in TABLE.items()}


@pytest.mark.parametrize("who", ["citizen", "sysadmin", "clerk", "supervisor", "leader", "neighbour"])
@pytest.mark.parametrize("name", ["save", "upload", "move_draft", "new", "ask", "ask_migration"])
def test_who_may_not_act_changes_nothing(client_of, draft, who, name):
    case_id = open_restaurant_case(applicant())
    before = ProcessDraft.objects.count()

    response = client_of(who).post(address(name, draft, case_id), {"title": "改名", "key": "x_y", "rev": draft.rev})

    draft.refresh_from_db()
    assert response.status_code in (403, 404)
    assert (draft.title, draft.state, ProcessDraft.objects.count()) == ("食品经营许可", "editing", before)


def test_a_draft_by_form_blank_uploaded_and_copied(client_of, draft):
    client = client_of("drawer")
    new = reverse("processes:new")

    blank = client.post(new, {"key": "inn_licence", "title": "旅馆业特种行业许可"})
    copied = client.post(new, {"base": str(version().id), "title": ""})
    again = client.post(new, {"key": "food_licence", "title": "再来一份"})
    bad = client.post(new, {"key": "Bad Key", "title": "旅馆"})

    assert (blank.status_code, copied.status_code, again.status_code, bad.status_code) == (302, 302, 409, 422)
    assert "已经有一份" in again.content.decode()
    assert 'value="Bad Key"' in bad.content.decode()
    assert "小写英文字母" in bad.content.decode()
    assert ProcessDraft.objects.get(key="restaurant").base_id == version().id


def test_an_uploaded_file_is_read_and_refused_in_words(client_of, draft, tmp_path):
    client = client_of("drawer")
    good, bad = tmp_path / "a.bpmn", tmp_path / "b.bpmn"
    good.write_text(version().bpmn_xml, encoding="utf-8")
    bad.write_bytes("流程".encode("gbk"))
    upload = reverse("processes:upload", args=[draft.id])

    with good.open("rb") as file:
        taken = client.post(upload, {"rev": 1, "title": "新名称", "file": file})
    with bad.open("rb") as file:
        refused = client.post(upload, {"rev": 2, "title": "新名称", "file": file})
    stale = client.post(upload, {"rev": 1, "title": "旧窗口"})

    draft.refresh_from_db()
    assert (taken.status_code, refused.status_code, stale.status_code) == (302, 422, 409)
    assert 'value="旧窗口"' in stale.content.decode()
    assert (draft.title, draft.bpmn_xml) == ("新名称", version().bpmn_xml)
    assert "UTF-8" in refused.content.decode()


def test_saving_from_the_page(client_of, draft):
    client = client_of("drawer")
    save = reverse("processes:save", args=[draft.id])
    xml = draft.bpmn_xml.replace('name="受理"', 'name="收件"')

    first = client.post(save, {"rev": "1", "xml": xml})
    stale = client.post(save, {"rev": "1", "xml": xml})
    broken = client.post(save, {"rev": "2", "xml": "<x"})

    assert first.json()["rev"] == 2
    assert (stale.status_code, broken.status_code) == (409, 422)
    assert "没有丢失" in stale.json()["message"]


def test_the_check_names_the_faulty_element(client_of, draft):
    client = client_of("drawer")
    check = reverse("processes:check", args=[draft.id])

    good = client.post(check, {"xml": draft.bpmn_xml}).content.decode()
    bad = client.post(check, {"xml": draft.bpmn_xml.replace('zt:role="clerk"', "")}).content.decode()

    nobody = client.post(check, {"xml": draft.bpmn_xml.replace('zt:role="clerk"', 'zt:role="clark"')}).content.decode()

    assert 'data-element="accept"' in nobody
    assert "办理角色“clark”不存在，没有人能办理" in nobody
    assert "检查通过" in good
    assert 'data-element="accept"' in bad
    assert "没有说明由什么角色办理" in bad


def test_the_page_works_without_scripts(client_of, draft):
    client = client_of("drawer")
    broken = draft.bpmn_xml.replace('zt:role="clerk"', "")
    client.post(reverse("processes:save", args=[draft.id]), {"rev": "1", "xml": broken})

    html = client.get(reverse("processes:draft", args=[draft.id])).content.decode()

    assert 'class="node user fault"' in html
    assert "没有说明由什么角色办理" in html
    assert 'enctype="multipart/form-data"' in html
    assert "data-modeller" in html


def press(client, url, act, moves="[]", **more):
    html = client.post(url, {"act": act, "moves": moves, **more}).content.decode()
    found = re.search(r'name="moves" value="([^"]*)"', html)
    return html, found.group(1).replace("&quot;", '"') if found else "[]"


def test_a_trial_by_form_from_start_to_record(client_of, draft):
    client = client_of("drawer")
    url = reverse("processes:trial", args=[draft.id])

    begun, moves = press(client, url, "start")
    act = json.dumps({"do": "task", "node": "accept", "item": "", "outcome": "accept"})
    ended, moves = press(client, url, act, moves)
    recorded = client.post(url, {"act": "record", "moves": moves, "title": "直接受理"})

    assert "下一步谁办" in begun
    assert "牵头部门 经办人" in begun
    assert "这一件已经办完" in ended
    assert recorded.status_code == 302
    assert ProcessTrial.objects.get().title == "直接受理"


def test_what_was_typed_for_a_trial_stays_when_it_is_refused(client_of, draft):
    client = client_of("drawer")
    xml = draft.bpmn_xml.replace("<bpmn:process ", '<bpmn:process zt:variables="amount:number;urgent:flag;note:text" ')
    typed = {"act": "start", "xml": xml, "var.amount": "三百", "var.urgent": "on", "var.note": "加急"}

    answer = client.post(reverse("processes:trial", args=[draft.id]), typed)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="三百"' in html
    assert 'value="加急"' in html
    assert "checked" in html


@pytest.mark.parametrize("value", ['"\\u0000"', '"\\ud800"', "1e999", "NaN"])
def test_a_trial_with_values_no_table_keeps_is_refused(client_of, draft, value):
    moves = (
        f'[{{"do": "start", "variables": {{"x": {value}}}}}, {{"do": "task", "node": "accept", "outcome": "accept"}}]'
    )

    answer = client_of("drawer").post(
        reverse("processes:trial", args=[draft.id]), {"act": "record", "moves": moves, "title": "一次"}
    )

    assert answer.status_code == 422
    assert not ProcessTrial.objects.exists()


def test_a_trial_goes_back_and_begins_again(client_of, draft):
    client = client_of("drawer")
    url = reverse("processes:trial", args=[draft.id])
    _html, moves = press(client, url, "start")

    _html, undone = press(client, url, "undo", moves)
    _html, reset = press(client, url, "reset", moves)
    wrong = client.post(url, {"act": '{"do": "task", "node": "gone"}', "moves": moves})
    broken = client.post(url, {"act": "undo", "moves": "{"})

    assert (undone, reset) == ("[]", "[]")
    assert (wrong.status_code, broken.status_code) == (422, 422)
    assert "图上已经没有" in wrong.content.decode()


def test_the_panel_gets_a_part_of_a_page_with_its_marks(client_of, draft):
    client = client_of("drawer")
    url = reverse("processes:trial", args=[draft.id])

    html = client.post(url, {"act": "start", "moves": "[]"}, headers={"X-Panel": "1"}).content.decode()

    assert "<html" not in html
    marks = json.loads(re.search(r'id="trial-marks" type="application/json">(.*?)</script>', html).group(1))
    assert marks["active"] == ["accept"]


def test_submitting_and_deciding_by_form(client_of, draft):
    drawer, second, leader = client_of("drawer"), client_of("second"), client_of("neighbour")
    act = json.dumps({"do": "task", "node": "accept", "outcome": "accept"})
    move = {name: reverse("processes:move_draft", args=[draft.id, name]) for name in ("submit", "approve", "reject")}

    early = drawer.post(move["submit"], {"rev": 1})
    drawer.post(
        reverse("processes:trial", args=[draft.id]),
        {"act": "record", "title": "直接受理", "moves": json.dumps([{"do": "start"}, json.loads(act)])},
    )
    sent = drawer.post(move["submit"], {"rev": 1})
    own = drawer.post(move["approve"], {"rev": 1})
    foreign = leader.post(move["approve"], {"rev": 1})
    short = second.post(move["reject"], {"rev": 1, "reason": "不"})
    done = second.post(move["approve"], {"rev": 1, "note": "同意"})

    assert (early.status_code, sent.status_code, own.status_code) == (422, 302, 403)
    assert "没有试运行记录" in early.content.decode()
    assert (foreign.status_code, short.status_code, done.status_code) == (403, 422, 302)
    assert ProcessVersion.objects.get(key="food_licence").approved_by == "李二"


def test_the_deciding_page_compares_and_shows_the_trials(client_of, county):
    drawer, second = client_of("drawer"), client_of("second")
    drawer.post(reverse("processes:new"), {"base": str(version().id)})
    draft = ProcessDraft.objects.get(key="restaurant")
    changed = draft.bpmn_xml.replace('name="消防安全检查意见"', 'name="消防意见"')
    ProcessDraft.objects.filter(pk=draft.id).update(
        bpmn_xml=changed, state="submitted", submitted_at="2026-11-09T02:00Z", submitted_by_id=uuid.uuid4()
    )

    html = second.get(reverse("processes:draft", args=[draft.id])).content.decode()

    assert "名称由“消防安全检查意见”改为“消防意见”" in html
    assert html.count('class="node user changed"') == 2
    assert "退回修改" in html


def test_the_monitor_lists_the_cases_behind_a_number(client_of):
    case_id = open_restaurant_case(applicant())
    client = client_of("supervisor")

    html = client.get(reverse("processes:version", args=[version().id]), {"node": "accept"}).content.decode()
    case = client.get(reverse("processes:case", args=[case_id])).content.decode()

    assert "停在“受理”的办件" in html
    assert "980723-2026-1" in html
    assert "在办 1 件" in html
    assert "走过的环节" in case
    assert "流程干预" not in case.split("<main", 1)[1]


def test_an_intervention_by_form_needs_a_second_person(client_of):
    case_id = open_restaurant_case(applicant(), process_key="standard")
    drawer, second = client_of("drawer"), client_of("second")
    item = WorkItem.objects.get(case_id=case_id, status="open")
    ask = reverse("processes:ask", args=[case_id, "jump"])
    page = drawer.get(reverse("processes:case", args=[case_id])).content.decode()

    blank = drawer.post(ask, {"work_item_id": str(item.id), "node": "decide", "reason": ""})
    asked = drawer.post(ask, {"work_item_id": str(item.id), "node": "examine", "reason": "受理人员误操作，直接审查"})

    assert "申请跳转" in page
    assert blank.status_code == 422
    assert '<option value="decide" selected' in blank.content.decode()
    assert asked.status_code == 302
    assert "受理人员误操作，直接审查" in second.get(reverse("processes:interventions")).content.decode()


def test_an_answer_to_an_intervention_that_cannot_be_done_stays_typed(client_of):
    case_id = open_restaurant_case(applicant(), process_key="standard")
    drawer, second = client_of("drawer"), client_of("second")
    item = WorkItem.objects.get(case_id=case_id, status="open")
    detail = {"work_item_id": str(item.id), "node": "examine", "reason": "受理人员误操作，直接审查"}
    drawer.post(reverse("processes:ask", args=[case_id, "jump"]), detail)
    request = Intervention.objects.get()
    WorkItem.objects.filter(pk=item.id).update(status="cancelled")

    refused = second.post(reverse("processes:decide", args=[request.id, "approve"]), {"note": "同意跳转，已电话核实"})

    assert refused.status_code == 409
    assert "同意跳转，已电话核实" in refused.content.decode()


def test_what_was_taken_back_says_so(client_of):
    case_id = open_restaurant_case(applicant(), process_key="standard")
    drawer, second = client_of("drawer"), client_of("second")
    item = WorkItem.objects.get(case_id=case_id, status="open")
    detail = {"work_item_id": str(item.id), "node": "examine", "reason": "受理人员误操作，直接审查"}
    drawer.post(reverse("processes:ask", args=[case_id, "jump"]), detail)
    request = Intervention.objects.get()
    drawer.post(reverse("processes:decide", args=[request.id, "take_back"]))

    late = second.post(reverse("processes:decide", args=[request.id, "approve"]), {"note": "同意"})

    assert late.status_code == 409
    assert "申请人已经收回这项申请" in late.content.decode()


def test_a_migration_of_all_that_cannot_be_asked_for_stays_typed(client_of):
    open_restaurant_case(applicant())
    drawer, old = client_of("drawer"), version()
    newer = deploy_process(
        actor=officer("G22", "process_admin"),
        approver=officer("H05", "process_admin"),
        key="restaurant",
        title="餐饮",
        bpmn_xml=old.bpmn_xml.replace('name="消防安全检查意见"', 'name="消防意见"'),
    )
    ask = reverse("processes:ask_migration", args=[old.id])

    blank = drawer.post(ask, {"to_version_id": str(newer.id), "reason": " "})
    stale = drawer.post(ask, {"to_version_id": str(old.id), "reason": "新版修改了会签单位"})

    assert (blank.status_code, stale.status_code) == (422, 422)
    assert f'<option value="{newer.id}" selected' in blank.content.decode()
    assert "新版修改了会签单位" in stale.content.decode()


@pytest.mark.parametrize("move", ["submit", "approve"])
def test_a_revision_of_thousands_of_digits_is_none(client_of, draft, move):
    answer = client_of("drawer").post(reverse("processes:move_draft", args=[draft.id, move]), {"rev": "9" * 5000})

    assert answer.status_code in (403, 409)


def test_the_menu_says_what_waits_for_approval(client_of, draft):
    unit = account("leader", "leader", org_code="G22", org_name="青禾县市场监督管理局").org_id
    stamp = {"submitted_at": "2026-11-09T02:00Z", "submitted_by_id": uuid.uuid4(), "submitted_org_id": unit}
    monitor = reverse("processes:monitor")
    leader, neighbour = client_of("leader"), client_of("neighbour")
    assert "待批准" not in leader.get(monitor).content.decode()

    ProcessDraft.objects.filter(pk=draft.id).update(state="submitted", **stamp)

    assert "流程管理（1 份待批准）" in leader.get(monitor).content.decode()
    assert "待批准" not in neighbour.get(monitor).content.decode()
