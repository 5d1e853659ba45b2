"""The builder without scripts: every press is a POST; who may open which page."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.models import FormDraft, FormVersion
from zhengtong.capabilities.forms.rules import editing
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, system

pytestmark = pytest.mark.django_db
EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "entry" / "demo" / "data" / "forms" / "example.json").read_text(encoding="utf-8")
)


@pytest.fixture
def editor(client: Client) -> Actor:
    actor = people.official("editor", "item_editor")
    people.sign_in(client, actor)
    return actor


@pytest.fixture
def draft(editor: Actor) -> api.FormDraftView:
    return api.save_form_draft(actor=editor, key="fair", definition={**EXAMPLE, "title": "展销会申请表"})


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def tree(response: HttpResponse) -> html.HtmlElement:
    return html.document_fromstring(text_of(response))


def press(client: Client, draft: api.FormDraftView, act: str, **sent: Any) -> HttpResponse:
    """Press a button of the page as it is now."""
    sent.setdefault("rev", FormDraft.objects.get(pk=draft.id).revision)
    return client.post(reverse("forms:edit", args=[draft.id]), {"act": act, **sent})


def kept(draft: api.FormDraftView) -> dict[str, Any]:
    found: dict[str, Any] = FormDraft.objects.get(pk=draft.id).definition
    return found


def card_of(client: Client, draft: api.FormDraftView, target: str) -> dict[str, Any]:
    """What a browser would send of the card that stands open."""
    page = tree(client.get(reverse("forms:draft", args=[draft.id]), {"open": target}))
    [form] = page.xpath("//form[@data-card]")
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value.removeprefix("\n"))
    return found


def test_a_form_from_nothing_to_its_first_version(client: Client, editor: Actor) -> None:
    assert "请填写表单名称" in text_of(client.post(reverse("forms:new"), {"title": " "}))
    response = client.post(reverse("forms:new"), {"title": "摊位申请表", "base": ""})
    row = FormDraft.objects.get(title="摊位申请表")
    assert response.url == reverse("forms:draft", args=[row.id])
    draft = api.form_draft(actor=editor, draft_id=row.id)
    page = text_of(client.get(reverse("forms:publish", args=[draft.id])))
    assert "还不能发布：有 1 处要改" in page
    assert "第 1 页还没有问题" in page

    press(client, draft, "add:text:0")
    press(client, draft, "keep", target="q1", label="摊位位置", help="", required="on")
    page = client.get(reverse("forms:publish", args=[draft.id]))
    rev = tree(page).xpath("//input[@name='rev']/@value")[0]
    done = client.post(reverse("forms:publish", args=[draft.id]), {"rev": rev})

    version = FormVersion.objects.get(title="摊位申请表")
    assert done.url == reverse("forms:form", args=[version.key])
    assert version.definition["sections"][0]["fields"][0]["label"] == "摊位位置"
    assert not FormDraft.objects.filter(pk=draft.id).exists()
    assert "第 1 版（现行）" in text_of(client.get(done.url))


def test_each_kind_can_be_added_opened_and_saved_without_changing_it(client: Client, draft: api.FormDraftView) -> None:
    before = kept(draft)
    for path in [
        *(field["key"] for section in EXAMPLE["sections"] for field in section["fields"]),
        "guards.licence",
        "devices.sum",
    ]:
        sent = card_of(client, draft, path)
        assert press(client, draft, "keep", **sent).status_code == 302, path
    for target in ("title", "section-1", "check-0"):
        assert press(client, draft, "keep", **card_of(client, draft, target)).status_code == 302, target

    after = kept(draft)
    assert api.differences(api.read_definition(before), api.read_definition(after)) == []
    for kind in api.KIND_LABELS:
        assert press(client, draft, f"add:{kind}:0").status_code == 302
    assert {field["kind"] for field in kept(draft)["sections"][0]["fields"]} == set(api.KIND_LABELS)


def test_questions_move_and_a_dropped_one_comes_back(client: Client, draft: api.FormDraftView) -> None:
    def keys() -> list[list[str]]:
        return [[field["key"] for field in section["fields"]] for section in kept(draft)["sections"]]

    before = keys()
    press(client, draft, "down:address")
    assert keys()[1][0] == "address"
    press(client, draft, "up:address")
    assert keys() == before
    press(client, draft, "put:address:0:1")
    assert keys()[0][1] == "address"
    press(client, draft, "put:address:0:99")
    press(client, draft, "drop:devices.price")
    page = text_of(client.get(reverse("forms:draft", args=[draft.id])))
    assert "已删除“单价”" in page
    press(client, draft, "undo")
    assert keys() == before
    assert [one["key"] for one in kept(draft)["sections"][2]["fields"][1]["fields"]][3] == "price"
    press(client, draft, "section-drop:1")
    press(client, draft, "undo")
    assert keys() == before
    press(client, draft, "section-down:0")
    assert keys()[1] == before[0]


def test_a_condition_is_composed_of_question_comparison_and_value(client: Client, draft: api.FormDraftView) -> None:
    sent = card_of(client, draft, "email")
    looked = press(client, draft, "look", **{**sent, "when.0.field": "for_unit"})
    assert tree(looked).xpath("//input[@name='when.0.value']/@value") == ["yes", "no"]
    lines = {
        "when.0.field": "for_unit", "when.0.op": "in", "when.0.value": ["no"],
        "when.1.field": "visitors", "when.1.op": "gt", "when.1.value": "100", "when.join": "any",
    }  # fmt: skip

    press(client, draft, "keep", **{**sent, **lines})

    [email] = [field for field in kept(draft)["sections"][0]["fields"] if field["key"] == "email"]
    assert email["when"] == {
        "any": [{"field": "for_unit", "values": ["no"]}, {"field": "visitors", "op": "gt", "value": "100"}]
    }
    assert "“是否为单位申请”是“否”，或者“预计每天人数”大于“100”" in text_of(
        client.get(reverse("forms:draft", args=[draft.id]))
    )


def test_a_formula_is_composed_and_tried_on_sample_values(client: Client, draft: api.FormDraftView) -> None:
    press(client, draft, "add:computed:1")
    sent = card_of(client, draft, "q1")
    first = press(client, draft, "look", **{**sent, "formula.op": "add"})
    assert tree(first).xpath("//select[@name='formula.1.of']")
    made = {"formula.op": "add", "formula.0.of": "field|visitors", "formula.1.of": "value|", "formula.1.value": "5"}

    looked = press(client, draft, "look", **{**sent, **made})
    press(client, draft, "keep", **{**sent, **made})

    assert re.search(r"例如：预计每天人数＝\d+，结果是 \d+", text_of(looked))
    [field] = [one for one in kept(draft)["sections"][1]["fields"] if one["key"] == "q1"]
    assert field["formula"] == {"op": "add", "args": [{"field": "visitors"}, {"value": "5"}]}


def test_what_cannot_be_kept_stays_in_the_card_with_its_sentence(client: Client, draft: api.FormDraftView) -> None:
    sent = card_of(client, draft, "visitors")

    response = press(client, draft, "keep", **{**sent, "label": "", "min": "很少", "max": "9" * 10_000})

    page = tree(response)
    assert response.status_code == 422
    assert page.xpath("//input[@name='min']/@value") == ["很少"]
    assert "最小值应为数字" in text_of(response)
    assert "请填写问题" in text_of(response)
    assert kept(draft) == draft.definition


def test_two_who_edit_at_once_lose_nothing(client: Client, draft: api.FormDraftView) -> None:
    sent = card_of(client, draft, "name")
    other = Client()
    people.sign_in(other, people.official("second", "item_admin", org_code="A01", org_name="县政府办", name="赵四"))
    press(other, draft, "down:name")

    refused = press(client, draft, "keep", **{**sent, "label": "负责人姓名"})

    page = tree(refused)
    assert refused.status_code == 409
    assert "赵四在您编辑期间保存过这份草稿" in text_of(refused)
    assert page.xpath("//form[@data-card]//input[@name='label']/@value") == ["负责人姓名"]
    again = {**sent, "label": "负责人姓名", "rev": page.xpath("//form[@data-card]//input[@name='rev']/@value")[0]}
    assert press(client, draft, "keep", **again).status_code == 302
    fields = kept(draft)["sections"][0]["fields"]
    assert [field["label"] for field in fields[:4]] == ["填写前请先看", "公民身份号码", "负责人姓名", "手机号码"]


def test_a_stale_press_of_a_button_changes_nothing(client: Client, draft: api.FormDraftView) -> None:
    response = press(client, draft, "drop:name", rev=draft.revision - 1)
    gone = press(client, draft, "drop:nothing")
    odd = press(client, draft, "put:name:x:y")

    assert (response.status_code, gone.status_code, odd.status_code) == (409, 409, 409)
    assert kept(draft) == draft.definition


def test_every_fault_leads_to_its_place(client: Client, draft: api.FormDraftView) -> None:
    press(client, draft, "drop:for_unit")

    page = tree(client.get(reverse("forms:draft", args=[draft.id])))

    [link] = page.xpath("//section[@aria-labelledby='faults-title']//a")
    assert "统一社会信用代码" in link.text_content()
    assert link.get("href").endswith("?open=uscc#q-uscc")
    assert page.xpath("//*[@id='q-uscc']")
    assert "暂时不能预览" in text_of(client.get(reverse("forms:preview_frame", args=[draft.id])))


def test_the_preview_checks_what_is_typed_and_stands_in_a_frame_of_ours_only(
    client: Client, draft: api.FormDraftView
) -> None:
    url = reverse("forms:preview_frame", args=[draft.id])
    shown = client.get(url)
    wrong = client.post(f"{url}?page=1", {"phone": "1380"})
    more = client.post(f"{url}?page=3", {"act": "add-row:guards", "guards.row": ["0"], "guards.0.who": "李二"})
    fewer = client.post(f"{url}?page=3", {"act": "drop-row:guards:0", "guards.row": ["0", "1"], "guards.1.who": "王五"})

    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "手机号码应为 11 位手机号码" in text_of(wrong)
    assert len(tree(more).xpath("//div[@data-row-list]/div[@data-row]")) == 2
    assert tree(fewer).xpath("//input[@name='guards.0.who']/@value") == ["王五"]
    assert client.get(reverse("forms:preview", args=[draft.id]) + "?page=4")["X-Frame-Options"] == "DENY"


def test_versions_are_compared_in_words_and_say_who_uses_them(client: Client, editor: Actor) -> None:
    old = {"title": "表", "sections": [{"title": "一", "fields": [{"key": "a", "label": "甲", "kind": "text"}]}]}
    new = {"title": "表", "sections": [{"title": "一", "fields": [{"key": "a", "label": "乙", "kind": "text"}]}]}
    for definition in (old, new):
        api.declare_form(actor=system(people.tenant()), key="plain", definition=definition)

    page = text_of(client.get(reverse("forms:form", args=["plain"])))
    words = text_of(client.get(reverse("forms:compare", args=["plain", 1, 2])))

    assert "第 2 版（现行）" in page
    assert "还没有事项使用这张表单" in page
    assert "“甲”" in words
    assert "“乙”" in words


def test_a_county_editor_revises_what_is_published(client: Client) -> None:
    people.sign_in(client, people.official("keeper", "item_admin"))
    api.declare_form(actor=system(people.tenant()), key="example", definition=EXAMPLE)
    page = text_of(client.get(reverse("forms:new")))
    assert "示例“表单示例”" in page

    first = client.post(reverse("forms:revise", args=["example"]))
    second = client.post(reverse("forms:revise", args=["example"]))

    assert first.url == second.url
    assert "在第 1 版的基础上编辑" in text_of(client.get(first.url))
    copied = client.post(reverse("forms:new"), {"title": "复制的", "base": "example"})
    assert FormDraft.objects.get(title="复制的").definition["sections"] == EXAMPLE["sections"]
    row = FormDraft.objects.get(title="复制的")
    assert client.post(reverse("forms:discard", args=[row.id])).url == reverse("forms:list")
    assert not FormDraft.objects.filter(pk=row.id).exists()
    assert copied.status_code == 302


PAGES = ("list", "new", "draft", "preview", "preview_frame", "publish", "form")
ACTS = ("edit", "discard", "publish", "revise")


def addresses(draft_id: uuid.UUID) -> dict[str, str]:
    of_draft = {name: reverse(f"forms:{name}", args=[draft_id]) for name in ("draft", "preview", "preview_frame")}
    of_draft |= {name: reverse(f"forms:{name}", args=[draft_id]) for name in ("edit", "publish", "discard")}
    of_form = {name: reverse(f"forms:{name}", args=["county"]) for name in ("form", "revise")}
    return of_draft | of_form | {name: reverse(f"forms:{name}") for name in ("list", "new")}


@pytest.fixture
def county_form() -> None:
    api.declare_form(actor=system(people.tenant()), key="county", definition=EXAMPLE)


def test_strangers_citizens_and_other_roles_see_nothing(client: Client, draft: api.FormDraftView, county_form) -> None:
    before = kept(draft)
    for actor in (None, people.citizen(), people.official("clerk", "clerk")):
        visitor = Client()
        if actor:
            people.sign_in(visitor, actor)
        for name, address in addresses(draft.id).items():
            answers = [visitor.get(address)] if name in PAGES else []
            answers += [visitor.post(address, {"act": "drop:name", "rev": 1})] if name in ACTS else []
            for answer in answers:
                assert answer.status_code == (403 if actor else 302), (name, actor)
                assert actor or answer.url.startswith(reverse("account_login"))
    assert kept(draft) == before


def test_an_editor_of_another_unit_does_not_reach_a_draft(draft: api.FormDraftView, county_form) -> None:
    other = Client()
    people.sign_in(other, people.official("other", "item_editor", org_code="G10", org_name="青禾县住房和城乡建设局"))
    found = addresses(draft.id)

    for name in ("draft", "preview", "preview_frame", "publish"):
        assert other.get(found[name]).status_code == 404, name
    for name in ("edit", "publish", "discard"):
        assert other.post(found[name], {"act": "drop:name", "rev": 1}).status_code == 404, name
    assert other.get(found["list"]).status_code == 200
    assert "展销会申请表" not in text_of(other.get(found["list"]))
    assert other.post(found["revise"]).status_code == 403
    assert "编辑新的版本" not in text_of(other.get(found["form"]))
    assert kept(draft) == draft.definition


def test_the_right_editor_opens_every_page(client: Client, draft: api.FormDraftView, county_form) -> None:
    for name in PAGES:
        assert client.get(addresses(draft.id)[name]).status_code == 200, name


def test_places_are_for_those_who_signed_in(client: Client, editor: Actor) -> None:
    url = reverse("forms:divisions")

    assert Client().get(url).status_code == 302
    assert client.get(url, {"under": "", "level": "town"}).json() == {"places": []}
    assert client.get(url, {"path": "x" * 1000}).json() == {"way": []}


def test_a_new_question_never_takes_the_key_of_one_that_was_dropped(client: Client, editor: Actor) -> None:
    client.post(reverse("forms:new"), {"title": "摊位申请表", "base": ""})
    draft = api.form_draft(actor=editor, draft_id=FormDraft.objects.get(title="摊位申请表").id)
    for kind in ("number", "text"):
        press(client, draft, f"add:{kind}:0")
    old = [field["key"] for field in kept(draft)["sections"][0]["fields"]]
    client.post(reverse("forms:publish", args=[draft.id]), {"rev": FormDraft.objects.get(pk=draft.id).revision})
    revised = client.post(reverse("forms:revise", args=[draft.key]))
    draft = api.form_draft(actor=editor, draft_id=uuid.UUID(revised.url.split("/")[3]))

    press(client, draft, f"drop:{old[1]}")
    press(client, draft, "add:text:0")

    [first, second] = [field["key"] for field in kept(draft)["sections"][0]["fields"]]
    assert first == old[0]
    assert second not in old


def test_a_new_question_is_not_taken_for_what_a_condition_still_names() -> None:
    form = editing.blank("表")
    for _number in range(2):
        form, _path = editing.add_field(form, 0, "number")
    form = editing.set_field(form, "q2", {"when": {"field": "q1", "op": "gt", "value": "5"}})
    form, _gone = editing.drop_field(form, "q1")

    form, path = editing.add_field(form, 0, "number")

    assert path == "q3"


def test_a_revision_of_thousands_of_digits_is_none(client: Client, draft: api.FormDraftView) -> None:
    answer = client.post(reverse("forms:publish", args=[draft.id]), {"rev": "9" * 5000})

    assert answer.status_code == 409


def test_a_title_too_long_is_refused_whole(client: Client, draft: api.FormDraftView) -> None:
    long = "长" * 121

    new = client.post(reverse("forms:new"), {"title": long})
    card = press(client, draft, "keep", target="title", title=long)

    assert (new.status_code, card.status_code) == (422, 422)
    assert long in text_of(new)
    assert long in text_of(card)
    assert kept(draft)["title"] == "展销会申请表"
