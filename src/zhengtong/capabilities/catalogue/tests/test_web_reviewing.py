"""Review, comparison and retirement of items in the browser; who may open which address."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.tests import county, reviewing
from zhengtong.capabilities.catalogue.tests.desk_pages import client_of, edit, fresh
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, judge, published, submitted, task, who
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import storage
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> Iterator[None]:
    with time_machine.travel("2026-11-20T02:00:00Z"):
        reviewing.found_office()
        yield


def review_page(row: ItemVersion) -> str:
    return f"/items/desk/reviews/{task(row).id}/"


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def decide(client: Client, row: ItemVersion, outcome: str, opinion: str = "", **more: str) -> int:
    typed = {"outcome": outcome, "opinion": opinion, "command_key": uuid.uuid4().hex, **more}
    return int(client.post(review_page(row), typed).status_code)


def actors(*names: str) -> list[Client]:
    """Somebody who has not signed in, then the people of these names."""
    return [Client(), *map(client_of, names)]


ITEM_PAGES = ("item", "compare", "preview")
EDITOR_PAGES = ("submit", "discard", "withdraw", "begin", "members")


@pytest.mark.parametrize("name", [*ITEM_PAGES, *EDITOR_PAGES])
def test_four_actors_at_the_pages_of_an_item(name: str) -> None:
    row = drafted(kind="bundle" if name == "members" else "single")
    address = reverse(f"catalogue_desk:desk_{name}", args=[row.item_id])
    method = "post" if name == "begin" else "get"

    answers = [getattr(client, method)(address) for client in actors("clerk", "stranger", "editor")]

    assert answers[0].status_code == 302
    assert answers[0]["Location"].startswith("/accounts/login/")
    assert [answer.status_code for answer in answers[1:3]] == [403, 404]
    assert answers[3].status_code in ({409} if name == "begin" else {200, 302})


@pytest.mark.parametrize("part", ["basic", "materials", "process"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_four_actors_at_the_parts_of_a_draft(part: str, method: str) -> None:
    row = drafted()
    address = reverse("catalogue_desk:desk_edit", args=[row.item_id, part])

    answers = [getattr(client, method)(address) for client in actors("clerk", "stranger", "editor")]

    assert answers[0]["Location"].startswith("/accounts/login/")
    assert [answer.status_code for answer in answers[1:3]] == [403, 404]
    assert answers[3].status_code in {200, 302, 409, 422}


def test_four_actors_at_saving_by_itself() -> None:
    row = drafted()
    address = reverse("catalogue_desk:desk_autosave", args=[row.item_id, "basis"])

    codes = [client.post(address).status_code for client in actors("clerk", "stranger", "editor")]

    assert codes == [302, 403, 404, 409]


def test_items_of_a_merged_unit_are_given_to_another_by_the_keeper() -> None:
    row = published()
    decree = identity.Decree(effective_on=dt.date(2026, 11, 20), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=county.BOSS, codes=["G22"], into_code="G25", decree=decree)
    do_all_work()
    address = reverse("catalogue_desk:desk_successions")
    keeper = client_of("keeper")

    page = page_of(keeper, address)
    [succession] = re.findall(r'name="succession"\s+value="([^"]+)"', page)
    none = keeper.post(address, {"reason": "机构改革方案"})
    done = keeper.post(address, {"succession": succession, "heir": "G10", "reason": "机构改革方案"})
    codes = [client.get(address).status_code for client in actors("clerk", "stranger", "keeper")]

    assert "青禾县市场监督管理局" in page
    assert (none.status_code, done.status_code) == (422, 302)
    assert reviewing.fresh(row).item.org_code == "G10"
    assert codes == [302, 403, 403, 200]


@pytest.mark.parametrize("name", ["desk", "desk_new", "desk_new_bundle"])
def test_four_actors_at_the_lists(name: str) -> None:
    address = reverse(f"catalogue_desk:{name}")

    codes = [client.get(address).status_code for client in actors("clerk", "stranger", "editor")]

    assert codes == [302, 403, 200, 200]


def test_four_actors_at_a_review() -> None:
    row = submitted()
    address = review_page(row)

    codes = [client.get(address).status_code for client in actors("clerk", "lawyer", "leader")]

    assert codes[:2] == [302, 403]
    assert codes[2] in {302, 404}
    assert codes[3] == 200
    assert client_of("leader").get("/items/desk/reviews/").status_code == 200
    assert client_of("editor").get("/items/desk/reviews/").status_code == 403


@pytest.mark.parametrize("name", ["retire", "cancel"])
def test_four_actors_at_ending_a_version(name: str) -> None:
    row = published()
    address = reverse(f"catalogue_desk:desk_{name}", args=[row.item_id])

    codes = [client.get(address).status_code for client in actors("clerk", "stranger", "keeper")]

    assert codes[:3] == [302, 403, 403]
    assert codes[3] in {200, 302}


def test_four_actors_at_sending_several() -> None:
    address = reverse("catalogue_desk:desk_submit_several")

    codes = [client.post(address).status_code for client in actors("clerk", "leader", "editor")]

    assert codes == [302, 403, 403, 422]


def test_four_actors_at_a_file(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    sample = storage.store(tenant=county.TENANT, name="样表.pdf", content=b"x", content_type="application/pdf")
    row = drafted(materials=(api.MaterialDraft(key="form", name="申请书", form="原件", blank_file=str(sample.id)),))
    address = reverse("catalogue_desk:desk_file", args=[row.item_id, sample.id])

    codes = [client.get(address).status_code for client in actors("clerk", "stranger", "editor")]

    assert codes == [302, 403, 404, 200]


def test_the_list_takes_few_statements_however_many_items(django_assert_max_num_queries: Any) -> None:
    county.import_all()
    submitted(name="审核中的事项")
    keeper = client_of("keeper")
    keeper.get("/items/desk/")

    with django_assert_max_num_queries(25):
        keeper.get("/items/desk/?missing=conditions")


def test_a_guide_in_preparation_is_nobody_elses_to_read() -> None:
    row = drafted()
    address = reverse("catalogue_desk:desk_preview_guide", args=[row.item_id, row.id])

    codes = [client.get(address).status_code for client in actors("clerk", "stranger", "editor")]

    assert codes == [302, 403, 404, 200]


def test_a_draft_is_sent_judged_by_three_and_published_through_the_pages() -> None:
    row = drafted()

    sent = client_of("editor").post(f"/items/desk/{row.item_id}/submit/", {"reason": "青政发〔2026〕3 号"})
    steps = []
    for name, outcome in (("leader", "agree"), ("lawyer", "pass"), ("keeper", "publish")):
        client = client_of(name)
        queue = page_of(client, "/items/desk/reviews/")
        steps.append(task(row).step)
        assert row.name in queue
        assert decide(client, row, outcome, "同意") == 302

    assert sent.status_code == 302
    assert steps == ["部门审核", "合法性审核", "审定发布"]
    assert fresh(row).status == "published"


def test_the_page_of_a_review_shows_what_changed_and_what_others_said() -> None:
    first = published(promised_limit="8 WD")
    editor = client_of("editor")
    editor.post(f"/items/desk/{first.item_id}/begin/")
    row = ItemVersion.objects.get(item=first.item_id, status="draft")
    edit(editor, row, "limits", {"promised_limit_0": "5", "promised_limit_1": "WD"})
    editor.post(f"/items/desk/{first.item_id}/submit/", {"reason": "压缩时限"})
    decide(client_of("leader"), row, "agree", "请尽快")

    page = page_of(client_of("lawyer"), review_page(row))

    assert "8 → 5 个工作日" in page
    assert "请尽快" in page
    assert "压缩时限" in page
    assert "<iframe" in page


def test_a_refused_opinion_comes_back_with_everything_typed() -> None:
    row = submitted()

    answer = client_of("leader").post(review_page(row), {"outcome": "return", "opinion": ""})
    none = client_of("leader").post(review_page(row), {"outcome": "", "opinion": "写了很多字"})

    assert answer.status_code == 422
    assert re.search(r'value="return"\s+required\s+checked', answer.content.decode())
    assert none.status_code == 422
    assert "写了很多字" in none.content.decode()


BROWSER = {"Origin": "http://testserver", "Accept": "text/html"}


def test_an_opinion_too_long_is_refused_whole() -> None:
    row = submitted()
    client = client_of("leader")
    lines = "\r\n".join(["请改"] * 600)  # 1799 signs for the browser, 2398 on the way

    refused = client.post(review_page(row), {"outcome": "return", "opinion": "长" * 2001})
    taken = client.post(review_page(row), {"outcome": "return", "opinion": lines})

    assert refused.status_code == 422
    assert "长" * 2001 in refused.content.decode()
    assert taken.status_code == 302
    view = api.review_view(actor=who("leader"), version_id=row.id)
    assert view is not None
    assert [each.text for each in view.rounds[-1].opinions] == [lines.replace("\r\n", "\n")]


@pytest.mark.parametrize("page", ["withdraw", "discard", "retire", "cancel"])
def test_a_reason_too_long_is_refused_whole(page: str) -> None:
    row = {"withdraw": submitted, "discard": drafted, "retire": published, "cancel": published}[page]()
    if page == "cancel":
        ItemVersion.objects.filter(pk=row.pk).update(status="scheduled", valid_from="2026-12-24")
    client = client_of("editor" if page in ("withdraw", "discard") else "keeper")

    answer = client.post(f"/items/desk/{row.item_id}/{page}/", {"reason": "长" * 501})

    assert answer.status_code == 422
    assert "长" * 501 in answer.content.decode()


def test_an_opinion_on_what_another_has_judged_can_still_be_read() -> None:
    row = submitted()
    address = review_page(row)
    judge(row, "leader", "agree")

    late = client_of("leader").post(address, {"outcome": "agree", "opinion": "请补充会议纪要"}, headers=BROWSER)

    assert late.status_code == 409
    assert "请补充会议纪要" in late.content.decode()


def test_a_draft_sent_back_with_points_is_mended_and_sent_on() -> None:
    row = submitted()
    decide(client_of("leader"), row, "return", "办理条件第二条请写清楚")

    editor = client_of("editor")
    page = page_of(editor, f"/items/desk/{row.item_id}/")
    listed = page_of(editor, "/items/desk/")
    edit(editor, row, "basis", {"conditions": "结构经检测合格"})
    again = editor.post(f"/items/desk/{row.item_id}/submit/", {"reason": "已按意见修改"})

    assert "办理条件第二条请写清楚" in page
    assert "修改后重新送审" in listed
    assert again.status_code == 302
    assert fresh(row).status == "review"


def test_what_is_missing_is_named_with_the_place_where_it_is_mended() -> None:
    row = drafted(legal_basis="", promised_limit="30 WD")

    answer = client_of("editor").post(f"/items/desk/{row.item_id}/submit/", {"reason": "年度调整"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f"/items/desk/{row.item_id}/edit/basis/#id_legal_basis" in page
    assert f"/items/desk/{row.item_id}/edit/limits/#id_promised_limit_0" in page
    assert "年度调整" in page
    assert fresh(row).status == "draft"


def test_what_looks_odd_wants_its_reason_before_it_is_sent() -> None:
    row = drafted(visits=2)
    editor = client_of("editor")

    first = editor.post(f"/items/desk/{row.item_id}/submit/", {"reason": "年度调整"})
    [name] = re.findall(r'name="(answer-[^"]+)"', first.content.decode())
    second = editor.post(f"/items/desk/{row.item_id}/submit/", {"reason": "年度调整", name: "须现场核验身份"})
    page = page_of(client_of("leader"), review_page(row))

    assert (first.status_code, second.status_code) == (422, 302)
    assert "须现场核验身份" in page


def test_a_draft_is_taken_back_from_review_with_a_reason() -> None:
    row = submitted()
    editor = client_of("editor")

    without = editor.post(f"/items/desk/{row.item_id}/withdraw/", {"reason": ""})
    taken = editor.post(f"/items/desk/{row.item_id}/withdraw/", {"reason": "还要补充材料"})

    assert (without.status_code, taken.status_code) == (422, 302)
    assert fresh(row).status == "draft"


def test_a_draft_under_review_is_not_edited() -> None:
    row = submitted()
    editor = client_of("editor")

    opened = editor.get(f"/items/desk/{row.item_id}/edit/basic/")
    typed = editor.post(f"/items/desk/{row.item_id}/edit/basic/", {"name": "别的名称"})
    seen = editor.post(f"/items/desk/{row.item_id}/edit/basic/", {"name": "另外的名称"}, headers=BROWSER)

    assert opened.status_code == 302
    assert (typed.status_code, seen.status_code) == (409, 409)
    assert "另外的名称" in seen.content.decode()
    assert fresh(row).name == row.name


def test_the_list_says_at_whom_a_review_is_since_when_and_how_it_stands() -> None:
    submitted()

    page = page_of(client_of("editor"), "/items/desk/?state=review")

    assert re.search(r"部门审核：青禾县市场监督管理局\s*，11月20日起", page)
    assert "zt-lamp-green" in page


def test_a_later_day_can_be_asked_for_and_the_version_taken_back_before_it() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    keeper = client_of("keeper")

    decide(keeper, row, "publish", "审定", valid_from="2026-12-01")
    scheduled = fresh(row)
    page = page_of(keeper, f"/items/desk/{row.item_id}/cancel/")
    keeper.post(f"/items/desk/{row.item_id}/cancel/", {"reason": "文件推迟施行"})

    assert (scheduled.status, scheduled.valid_from) == ("scheduled", dt.date(2026, 12, 1))
    assert "2026年12月1日" in page
    assert fresh(row).status == "discarded"


def test_an_item_is_retired_after_saying_how_much_is_under_way() -> None:
    row = published()
    keeper = client_of("keeper")

    page = page_of(keeper, f"/items/desk/{row.item_id}/retire/")
    keeper.post(f"/items/desk/{row.item_id}/retire/", {"reason": "依据已经废止"})

    assert "正在办理的办件：0 件" in page
    assert "群众填了一半、没有提交的申请：0 件" in page
    assert fresh(row).status == "retired"


def test_any_two_versions_are_compared_and_the_history_says_who_and_why() -> None:
    first = published(phone="12345")
    second = reviewing.drafted(phone="12345678")
    assert second.item_id == first.item_id
    editor = client_of("editor")

    page = page_of(editor, f"/items/desk/{first.item_id}/compare/?old={first.id}&new={second.id}")
    history = page_of(editor, f"/items/desk/{first.item_id}/")

    assert "12345 → 12345678" in page
    assert "表单版本" not in page
    assert reviewing.REASON in history
    assert "editor甲" in history


def test_a_leader_finds_reviews_of_items_among_his_tasks() -> None:
    row = submitted()

    desk = page_of(client_of("leader"), "/services/desk/")
    hands = page_of(client_of("leader"), f"/tasks/{task(row).id}/")

    assert review_page(row) in desk
    assert review_page(row) in hands


def test_a_sample_of_the_version_in_force_is_open_to_everybody_and_no_other_file(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    sample, other = (
        storage.store(tenant=county.TENANT, name=name, content=name.encode(), content_type="application/pdf")
        for name in ("样表.pdf", "别的.pdf")
    )
    row = published(materials=(api.MaterialDraft(key="form", name="申请书", form="原件", sample_file=str(sample.id)),))
    code = reviewing.fresh(row).item.code

    guide = page_of(Client(), f"/items/{code}/")
    shown = Client().get(f"/items/{code}/files/{sample.id}/")
    hidden = Client().get(f"/items/{code}/files/{other.id}/")

    assert f"/items/{code}/files/{sample.id}/" in guide
    assert shown.content.decode() == "样表.pdf"
    assert hidden.status_code == 404


def test_a_draft_is_given_up_with_a_reason() -> None:
    row = drafted()

    client_of("editor").post(f"/items/desk/{row.item_id}/discard/", {"reason": "不再需要"})

    assert fresh(row).status == "discarded"
    assert who("editor").name in page_of(client_of("editor"), f"/items/desk/{row.item_id}/")
