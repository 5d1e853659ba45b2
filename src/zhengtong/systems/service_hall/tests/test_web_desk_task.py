"""The task's page: what it shows, what its acts do, what it refuses."""

import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, SupplementNotice
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


def key_in(page: str) -> str:
    return re.search(r'name="command_key" value="([0-9a-f]{32})"', page)[1]  # type: ignore[index]  # there by the page's contract


def post(client: Client, row: Application, node: str, **data: object) -> object:
    address = hall.task_address(row, node)
    return client.post(address, {"command_key": uuid.uuid4().hex} | data)


def reads_of(row: Application) -> list[str]:
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
    return [entry.purpose for entry in found if entry.act == "service_hall.read"]


def case_of(row: Application) -> cases.CaseView:
    return cases.case_view(actor=system(hall.TENANT), case_id=hall.case_id(row))


def test_page_shows_form_materials_clock_and_acts() -> None:
    row = hall.submitted(owes_sign=True)

    page = text_of(hall.signed_in(hall.clerk()).get(hall.task_address(row)))

    for words in ("张一", "老街面馆", "86 ㎡", "房屋租赁合同", "lease.png", "数据共享，免提交", "可容缺后补"):
        assert words in page
    for words in ("受理", "一次性告知补正", "不予受理", "受理期限", "剩 5 个工作日", "<svg"):
        assert words in page
    assert page.count('type="radio"') == 3


def test_opening_a_task_is_entered_once_with_its_purpose() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())

    client.get(hall.task_address(row))
    client.get(reverse("service_hall:desk"))

    assert reads_of(row) == ["办理：受理"]


def test_acceptance_leads_back_to_the_desk_and_names_the_next_case() -> None:
    row, other = hall.submitted(), hall.submitted(factories.citizen("王五", phone="13800000002"))
    client = hall.signed_in(hall.clerk())

    response = client.post(
        hall.task_address(row), {"command_key": uuid.uuid4().hex, "outcome": "accept", "opinion": ""}, follow=True
    )

    page = text_of(response)
    assert response.redirect_chain == [(reverse("service_hall:desk"), 302)]
    assert "结论为“受理”" in page
    assert f'<a href="{hall.task_address(other)}">办理下一件：开办餐饮店一件事（受理）</a>' in page
    assert case_of(row).accepted_on is not None


def test_two_points_are_told_in_one_notice() -> None:
    row = hall.submitted()

    response = post(
        hall.signed_in(hall.clerk()),
        row,
        "accept",
        outcome="supplement",
        opinion="可到窗口提交",
        point=["plan", "lease"],
        **{"reason-lease": "缺少出租方签字", "reason-plan": "没有标出安全出口"},
    )

    notice = SupplementNotice.objects.get(application=row)
    assert response.status_code == 302  # type: ignore[attr-defined]  # a test response
    assert [(p["key"], p["reason"]) for p in notice.points] == [
        ("lease", "缺少出租方签字"),
        ("plan", "没有标出安全出口"),
    ]
    assert (
        "1. 房屋租赁合同：缺少出租方签字\n2. 场所布局图：没有标出安全出口\n可到窗口提交"
        in case_of(row).opinions[0].text
    )


def supplemented(county: time_machine.Traveller) -> Application:
    """Told that the lease lacks a signature, and answered."""
    applicant = factories.citizen()
    row = hall.submitted(applicant)
    county.shift(60)
    hall.do(hall.clerk(), row, "accept", "supplement", opinion="", points={"lease": "缺少签字"})
    county.shift(60)
    hall.attach(applicant, row, "lease", "black")
    return api.answer_notice(actor=applicant, application_id=row.id, command_key="answer")


def test_what_came_after_the_notice_is_marked(county: time_machine.Traveller) -> None:
    row = supplemented(county)

    page = text_of(hall.signed_in(hall.clerk()).get(hall.task_address(row)))

    assert page.count("zt-changed") == 1
    assert "新补交" in page
    assert "上次告知：缺少签字" in page
    assert "第 1 次告知" in page


def test_second_notice_with_a_new_point_is_refused_in_words(county: time_machine.Traveller) -> None:
    row = supplemented(county)

    response = post(
        hall.signed_in(hall.clerk()), row, "accept", outcome="supplement", point=["plan"], **{"reason-plan": "太小"}
    )

    page = text_of(response)
    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "已经作过一次性告知，不能再提出新的补正内容" in page
    assert "首次告知没有提出，不能再要求补正" in page
    assert SupplementNotice.objects.filter(application=row).count() == 1


def test_a_reason_without_its_tick_is_refused_and_kept() -> None:
    row = hall.submitted()

    response = post(
        hall.signed_in(hall.clerk()),
        row,
        "accept",
        outcome="supplement",
        point=["lease"],
        **{"reason-lease": "缺少签字", "reason-plan": "没有标尺寸"},
    )

    page = text_of(response)
    assert "“场所布局图”写了原因但没有勾选" in page
    assert 'value="缺少签字"' in page
    assert 'value="没有标尺寸"' in page
    assert not SupplementNotice.objects.exists()


def test_refusal_without_a_reason_keeps_what_was_typed() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())

    response = client.post(
        hall.task_address(row),
        {"command_key": "0" * 32, "outcome": "refuse", "opinion": "  ", "reason-lease": "已经写好的原因"},
    )

    page = text_of(response)
    assert response.status_code == 422
    assert "请填写理由：作出“不予受理”须向申请人说明理由。" in page
    assert re.search(r'id="outcome-refuse"[^>]*checked', page)
    assert 'value="已经写好的原因"' in page
    assert key_in(page) == "0" * 32
    assert case_of(row).status == "open"


def test_an_opinion_no_paper_can_carry_is_refused_and_kept() -> None:
    row = hall.submitted()

    response = post(hall.signed_in(hall.clerk()), row, "accept", outcome="refuse", opinion="不属于本机关职权范围😀")

    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "不能印在文书上" in text_of(response)
    assert "不属于本机关职权范围😀" in text_of(response)
    assert case_of(row).status == "open"


def test_an_opinion_beyond_measure_is_refused_and_kept() -> None:
    row = hall.submitted()
    long = "长" * 2001

    response = post(hall.signed_in(hall.clerk()), row, "accept", outcome="accept", opinion=long)

    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "最多 2000 个字" in text_of(response)
    assert long in text_of(response)


@pytest.mark.parametrize(
    "data", [{}, {"outcome": "nonsense"}, {"outcome": "approve"}], ids=["none", "unknown", "other"]
)
def test_an_outcome_that_is_not_offered_is_refused(data: dict[str, str]) -> None:
    row = hall.submitted()

    response = post(hall.signed_in(hall.clerk()), row, "accept", **data)

    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "请选择办理结论" in text_of(response)


def test_the_same_press_twice_does_nothing_twice() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())
    address = hall.task_address(row)
    data = {
        "command_key": key_in(text_of(client.get(address))),
        "outcome": "supplement",
        "point": ["lease"],
        "reason-lease": "缺少签字",
    }

    client.post(address, data)
    again = client.post(address, data | {"outcome": "accept"}, follow=True)

    assert SupplementNotice.objects.filter(application=row).count() == 1
    assert [opinion.outcome for opinion in case_of(row).opinions] == ["supplement"]
    assert "这一步已经办结，没有重复提交" in text_of(again)


def test_a_stale_page_changes_nothing_and_gives_the_text_back() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())
    address = hall.task_address(row)
    hall.do(hall.clerk(), row, "accept", "accept")

    response = client.post(address, {"command_key": uuid.uuid4().hex, "outcome": "refuse", "opinion": "写了很久的理由"})

    page = text_of(response)
    assert response.status_code == 409
    assert "这个环节已经由他人办结" in page
    assert "写了很久的理由" in page
    assert 'id="act-form"' not in page
    assert case_of(row).status == "open"


def test_a_deemed_acceptance_closes_the_way_to_a_notice(county: time_machine.Traveller) -> None:
    row = hall.submitted()
    county.move_to("2026-11-16T16:00:01+00:00")  # 24:00 of the fifth working day
    do_all_work()
    client = hall.signed_in(hall.clerk())

    page = text_of(client.get(hall.task_address(row)))
    response = post(client, row, "accept", outcome="supplement", point=["lease"], **{"reason-lease": "缺少签字"})

    assert "依法视为受理，不能再要求补正" in page
    assert re.search(r'id="outcome-supplement"[^>]*disabled', page)
    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert not SupplementNotice.objects.exists()


def test_four_departments_give_their_opinion_and_the_leader_reads_them() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")

    for code, node in hall.REVIEWS.items():
        post(hall.signed_in(hall.clerk(code)), row, f"review_{node}", outcome="agree", opinion=f"{code} 现场符合要求")
    page = text_of(hall.signed_in(hall.clerk("G22", "leader")).get(hall.task_address(row, "decide")))

    for code in hall.REVIEWS:
        assert f"{code} 现场符合要求" in page
    assert page.index('id="opinions"') < page.index('id="decision"') < page.index('id="application"')
    assert re.findall(r'name="outcome"\s+value="(\w+)"', page) == ["approve", "reject", "return"]


def test_the_leader_returns_the_matter_and_all_review_again() -> None:
    row = hall.submitted()
    hall.reviewed(row)
    client = hall.signed_in(hall.clerk("G22", "leader"))

    without = post(client, row, "decide", outcome="return", opinion="")
    post(client, row, "decide", outcome="return", opinion="消防意见不明确")

    assert "请填写理由：作出“退回重新审查”" in text_of(without)
    assert {item.org_id for item in case_of(row).open_items} == {hall.clerk(code).org_id for code in hall.REVIEWS}


def test_approval_brings_a_sealed_licence_that_verifies() -> None:
    row = hall.submitted()
    hall.reviewed(row)

    post(hall.signed_in(hall.clerk("G22", "leader")), row, "decide", outcome="approve", opinion="准予")
    do_all_work()

    view = api.view_of(Application.objects.get(pk=row.pk), actor=system(hall.TENANT))
    licence = next(paper for paper in view.papers if paper.kind == "licence")
    assert licence.sealed
    assert documents.verify_by_code(licence.verification_code).verdict == documents.Verdict.GENUINE
    page = text_of(hall.signed_in(hall.clerk()).get(hall.case_address(row)))
    assert reverse("service_hall:desk-paper", args=[licence.id]) in page
    assert "食品经营许可证" in page
