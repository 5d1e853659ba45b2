"""我能不能办 and 要带什么, as a stranger sees them."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.catalogue import api, rules
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.capabilities.forms import api as forms

COMPANY = "1198072300720319364980731801000"
BRING, CHECK = f"/items/{COMPANY}/bring/", f"/items/{COMPANY}/check/"


@pytest.fixture
def company(db: None) -> api.ItemVersionView:
    county.found_county()
    definition = json.loads((county.DATA / "forms" / "company_start.json").read_text(encoding="utf-8"))
    forms.declare_form(actor=county.BOSS, key="company_start", definition=definition)
    county.import_all("企业开办一件事", "企业设立登记", "发票票种核定", "用人单位社会保险登记", "水土保持补偿费征收")
    return api.find_item(county.TENANT, COMPANY)


def answered(**more: str) -> dict[str, Any]:
    return {f"c{number}": "yes" for number in range(4)} | more


def way_in(text: str, name: str) -> str:
    """The heading under which a paper stands."""
    section = next(part for part in text.split('class="catalogue-way"')[1:] if name in part)
    found = re.search(r"<h[23]>\s*(\S+)", section)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("material", "way"),
    [
        ({"key": "m1", "name": "身份证", "form": "数据共享"}, "none"),
        ({"key": "m1", "name": "设立登记申请书", "form": "数据共享"}, "none"),
        ({"key": "application_form", "name": "一张表", "form": "原件"}, "fill"),
        ({"key": "m1", "name": "设立登记申请书", "form": "原件"}, "fill"),
        ({"key": "m1", "name": "承诺书", "form": "原件", "blank_file": "x"}, "fill"),
        ({"key": "m1", "name": "租赁合同", "form": "复印件"}, "copy"),
        ({"key": "m1", "name": "公司章程", "form": "原件"}, "original"),
    ],
)
def test_every_paper_has_one_way(material: dict[str, str], way: str) -> None:
    assert rules.way_of(material) == way


@given(st.dictionaries(st.integers(-2, 6), st.sampled_from(["yes", "no", "unsure", "", "x"])))
def test_every_condition_stands_under_one_answer(answers: dict[int, str]) -> None:
    conditions = ["甲", "乙", "丙"]

    found = rules.sorted_answers(conditions, answers)

    assert sorted(text for texts in found.values() for text in texts) == sorted(conditions)


def test_the_checklist_groups_papers_and_says_where_and_when(client: Client, company: api.ItemVersionView) -> None:
    text = client.get(BRING).content.decode()

    assert way_in(text, "法定代表人、股东、经办人的身份证") == "不用带"
    assert way_in(text, "公司章程（合伙协议）") == "要带原件"
    assert way_in(text, "住所使用证明") == "要带复印件"
    assert way_in(text, "企业开办“一件事”申请书") == "现场填写"
    assert "只有这种情形才要：没有选择住所申报承诺的" in text
    assert "发票票种核定" in text  # what the bundle joins
    assert company.hours
    assert company.hours in text
    assert company.address in text


def test_the_checklist_leaves_out_what_the_answers_rule_out(client: Client, company: api.ItemVersionView) -> None:
    text = client.get(BRING, {"a.kind": "sole"}).content.decode()

    assert "公司章程（合伙协议）" not in text
    assert "任职文件" not in text
    assert "住所使用证明" in text
    assert "按您的情况列出" in text


def test_personal_answers_count_but_stand_in_no_address(client: Client, company: api.ItemVersionView) -> None:
    sent = answered(**{"a.kind": "sole", "a.premises_way": "promise"})

    told = client.post(CHECK, sent).content.decode()
    listed = client.get(BRING, {"a.kind": "sole", "a.premises_way": "promise"}).content.decode()

    assert "住所使用证明" not in told
    assert "a.premises_way=" not in told
    assert "只有这种情形才要：没有选择住所申报承诺的" in listed


@pytest.mark.parametrize(
    "query",
    [
        {"a.kind": "'; --"},
        {"a.kind": "\x00"},
        {"a.name": "张一"},
        {"a.": "x"},
        {"a.kind": ["sole", "limited"]},
        {"c0": "no", "c99": "yes", "applicant": "<b>"},
    ],
)
def test_odd_answers_are_left_aside(client: Client, company: api.ItemVersionView, query: dict[str, Any]) -> None:
    assert client.get(BRING, query).status_code == 200
    assert client.post(CHECK, query).status_code == 200
    assert set(api.preparation_of(company).choices_in({"name": ["张一"], "kind": ["'; --"]})) == set()


@pytest.mark.parametrize("page", ["bring", "check"])
def test_an_unknown_code_is_told_in_words(client: Client, company: api.ItemVersionView, page: str) -> None:
    response = client.get(f"/items/123%0B/{page}/")

    assert response.status_code == 404
    assert "没有这个事项" in response.content.decode()


@pytest.mark.parametrize("page", ["bring", "check"])
def test_what_nobody_applies_for_has_only_its_guide(client: Client, company: api.ItemVersionView, page: str) -> None:
    code = county.row("水土保持补偿费征收")["item_code"]

    response = client.get(f"/items/{code}/{page}/")

    assert response.status_code == 302
    assert response["Location"] == f"/items/{code}/"


def test_every_condition_is_asked_and_nothing_is_judged_before(client: Client, company: api.ItemVersionView) -> None:
    text = client.get(CHECK).content.decode()

    assert all(condition in text for condition in company.conditions)
    assert text.count('value="unsure"') == len(company.conditions)
    assert "按您的回答" not in text
    assert 'name="a.kind"' in text


def test_all_conditions_met_lead_on_with_the_choices(client: Client, company: api.ItemVersionView) -> None:
    text = client.post(CHECK, answered(**{"a.kind": "sole"})).content.decode()

    assert "没有发现不符合条件的地方，可以申请" in text
    assert f"/services/apply/{COMPANY}/?a.kind=sole" in text
    assert f"{BRING}?a.kind=sole" in text
    assert "任职文件" not in text


def test_what_speaks_against_is_no_refusal(client: Client, company: api.ItemVersionView) -> None:
    text = client.post(CHECK, answered(c1="no", c2="unsure")).content.decode()

    result = text[text.index('id="result"') : text.index('id="questions"')]
    assert company.conditions[1] in result
    assert company.conditions[2] in result
    assert company.conditions[0] not in result
    assert "不是审批决定，您仍然可以申请" in result
    assert company.phone in result
    assert f"/services/apply/{COMPANY}/" in result


def test_what_is_not_answered_is_counted(client: Client, company: api.ItemVersionView) -> None:
    text = client.post(CHECK, {"c0": "yes"}).content.decode()

    assert "可以申请。" not in text
    assert re.search(r"还有 [3-9] 个问题没有回答", text)


def test_an_item_for_legal_persons_tells_a_natural_person(client: Client, company: api.ItemVersionView) -> None:
    line = next(
        one for one in county.rows("service-items.csv") if one["applicant_type"] == "法人" and "备案" in one["name"]
    )
    county.import_all(line["name"])

    asked = client.get(f"/items/{line['item_code']}/check/").content.decode()
    told = client.post(f"/items/{line['item_code']}/check/", {"applicant": "person"}).content.decode()

    assert "您以谁的名义申请" in asked
    assert "这一项只受理法人" in told


def test_nothing_of_a_stranger_is_kept(client: Client, company: api.ItemVersionView) -> None:
    client.post(CHECK, answered(**{"a.kind": "sole"}))

    assert "sessionid" not in client.cookies
    assert not client.session.keys()


def test_a_question_that_hangs_on_another_is_asked_after_it() -> None:
    path = county.DATA / "forms" / "road_works.json"
    definition = forms.read_definition(json.loads(path.read_text(encoding="utf-8")))
    keys = frozenset({"urgent", "use"})
    preparation = api.Preparation(None, definition, {"note": keys})  # type: ignore[arg-type]  # only questions are asked
    paper: Any = {"key": "note", "condition": "抢修的", "when": {"field": "urgent", "values": ["yes"]}}

    def asked(answers: dict[str, Any]) -> list[str]:
        return [question.key for question in preparation.questions(answers)]

    assert asked({}) == ["use"]
    assert asked({"use": "dig"}) == ["use", "urgent"]
    assert preparation.state(paper, {}) == "depends"
    assert preparation.state(paper, {"use": "dig"}) == "depends"
    assert preparation.state(paper, {"use": "dig", "urgent": "yes"}) == "needed"
    assert preparation.state(paper, {"use": "dig", "urgent": "no"}) == "not_needed"


def test_the_pages_take_few_statements(
    client: Client, company: api.ItemVersionView, django_assert_max_num_queries: Any
) -> None:
    client.post(CHECK)  # what is kept for ten minutes is reckoned

    with django_assert_max_num_queries(3):
        client.get(BRING)
    with django_assert_max_num_queries(4):
        client.post(CHECK, answered())


def test_the_guide_leads_to_both_and_says_how_to_appeal(client: Client, company: api.ItemVersionView) -> None:
    text = client.get(f"/items/{COMPANY}/").content.decode()

    assert BRING in text
    assert CHECK in text
    assert "不服决定怎么办" in text
    assert "行政复议" in text
