"""What happens to a clock reaches people: written notices, messages, the same explanation on both sides."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hall_county")]
REASON = "现场情况复杂，需要补充核查"


@pytest.fixture
def row(applicant: Actor) -> Application:
    row = hall.submitted(applicant)
    hall.do(hall.clerk(), row, "accept", "accept")
    return row


def mayor() -> Actor:
    factories.organisation("C01", "青禾县人民政府")
    found = factories.official("mayor", "leader", org_code="C01", org_name="青禾县人民政府", name="县领导")
    name_government()
    return found


def name_government() -> None:
    """The register of organisations says which one is the government, and is read by kind."""
    from zhengtong.capabilities.identity.api import OrganisationRow, import_organisations

    row = OrganisationRow(org_code="C01", name="青禾县人民政府", kind="政府", level="县级")
    import_organisations(actor=system(hall.TENANT), rows=[row])


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def messages_to(person: Actor) -> list[str]:
    return list(SiteMessage.objects.filter(person_id=person.person_id).values_list("title", flat=True))


def ask(row: Application, days: str = "15", reason: str = REASON) -> object:
    address = reverse("service_hall:ask_extension", args=[hall.case_id(row)])
    return hall.signed_in(hall.clerk()).post(address, {"days": days, "extension_reason": reason}, follow=True)


def test_the_acceptance_is_told_once_with_the_promised_day(row: Application, applicant: Actor) -> None:
    do_all_work()
    do_all_work()

    told = SiteMessage.objects.get(person_id=applicant.person_id, title="申请已受理")
    assert f"编号 {row.number}" in told.body
    assert "承诺最迟20" in told.body
    assert told.kind == "service_hall.required"


def test_a_stop_is_told_in_writing(row: Application, applicant: Actor) -> None:
    cases.pause_clock(
        actor=hall.clerk(),
        case_id=hall.case_id(row),
        reason_code="expert_review",
        note="需要专家评审，预计 5 个工作日",
        cap=cases.Limit.parse("5 WD"),
    )
    do_all_work()

    view = api.view_of(row, actor=applicant)
    paper = next(paper for paper in view.papers if paper.kind == "pause_notice")
    assert (paper.title, paper.sealed) == ("停止计时告知书", True)
    assert documents.documents_of(
        tenant=hall.TENANT, object_ref=ObjectRef(kind="clock_pause", id=str(view.case.pauses[0].id))
    )
    assert "办理时限停止计时：专家评审" in messages_to(applicant)
    client = hall.signed_in(applicant)
    assert client.get(reverse("service_hall:paper", args=[paper.id])).status_code == 200
    assert hall.signed_in(factories.citizen("李二")).get(
        reverse("service_hall:paper", args=[paper.id])
    ).status_code in (403, 404)


def test_the_reason_of_a_second_request_for_more_time_is_given_back(row: Application) -> None:
    ask(row)
    address = reverse("service_hall:ask_extension", args=[hall.case_id(row)])
    sent = {"days": "5", "extension_reason": "另需补充检测，请再延长。"}

    late = hall.signed_in(hall.clerk()).post(
        address, sent, headers={"Origin": "http://testserver", "Accept": "text/html"}
    )

    assert late.status_code == 409
    assert "<p>另需补充检测，请再延长。</p>" in late.content.decode()


def test_applicant_and_clerk_read_the_same_explanation(row: Application, applicant: Actor) -> None:
    theirs = page_of(hall.signed_in(applicant), reverse("service_hall:application", args=[row.id]))
    ours = page_of(hall.signed_in(hall.clerk()), hall.case_address(row))

    sentence = "自2026年11月9日的次日起算 8 个工作日，其间不计周末 2 天，截至2026年11月19日。"
    for words in (sentence, "逐日说明", "起算当日，不计入", "第 8 天", "11月14日"):
        assert words in theirs
        assert words in ours


def test_a_capped_stop_warns_the_unit_and_tells_when_it_is_over(
    row: Application, applicant: Actor, hall_county: time_machine.Traveller
) -> None:
    clerk = hall.clerk()
    cases.pause_clock(
        actor=clerk, case_id=hall.case_id(row), reason_code="testing", note="检测", cap=cases.Limit.parse("2 WD")
    )
    for _ in range(4):
        hall_county.shift(dt.timedelta(days=1))
        do_all_work()

    assert "停止计时即将期满" in messages_to(clerk)
    assert "办理时限恢复计时" in messages_to(applicant)
    assert "停止计时期满，自动恢复。" in page_of(hall.signed_in(clerk), hall.case_address(row))


def test_more_time_from_the_request_to_the_paper(row: Application, applicant: Actor) -> None:
    leader = mayor()
    page = ask(row).content.decode()  # type: ignore[attr-defined]  # a test response
    do_all_work()
    request = cases.extensions_to_decide(leader)[0]
    client = hall.signed_in(leader)
    desk = page_of(client, reverse("service_hall:desk"))
    waiting = page_of(client, reverse("service_hall:extensions"))
    address = reverse("service_hall:extension", args=[request.id])
    decision = page_of(client, address)
    answer = client.post(address, {"decision": "grant", "note": "同意"}, follow=True).content.decode()
    do_all_work()

    assert "已经提出延长申请，等待批准" in page
    assert "延长期限审批" in desk
    assert address in waiting
    assert REASON in decision
    assert "已经批准延长" in answer
    assert "请批准延长办理期限" in messages_to(leader)
    assert "办理期限延长" in messages_to(applicant)
    view = api.view_of(row, actor=applicant)
    assert "延长审批期限告知书" in [paper.title for paper in view.papers]
    theirs = page_of(hall.signed_in(applicant), reverse("service_hall:application", args=[row.id]))
    assert "另经批准延长 15 个工作日" in theirs


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [("16", REASON, "最多延长 15 个工作日"), ("", REASON, "请填写延长的工作日数"), ("5", " ", "请写明延长的理由")],
)
def test_a_request_that_cannot_be_keeps_what_was_typed(row: Application, days: str, reason: str, sentence: str) -> None:
    mayor()

    response = ask(row, days, reason)

    assert response.status_code == 422  # type: ignore[attr-defined]  # a test response
    page = response.content.decode()  # type: ignore[attr-defined]  # a test response
    assert sentence in page
    assert reason.strip() in page


def test_a_refusal_without_reason_is_asked_again(row: Application) -> None:
    leader = mayor()
    ask(row)
    request = cases.extensions_to_decide(leader)[0]
    client = hall.signed_in(leader)
    address = reverse("service_hall:extension", args=[request.id])

    silent = client.post(address, {"decision": "refuse", "note": ""})
    neither = client.post(address, {"note": "x"})
    client.post(address, {"decision": "refuse", "note": "可以按期办结"})
    late = client.post(address, {"decision": "grant", "note": ""})

    assert (silent.status_code, neither.status_code, late.status_code) == (422, 422, 409)
    assert "不予批准须写明理由" in silent.content.decode()


def test_who_may_open_the_pages_of_more_time(row: Application) -> None:
    leader = mayor()
    ask(row)
    request = cases.extensions_to_decide(leader)[0]
    page = reverse("service_hall:extension", args=[request.id])
    waiting, asking = (
        reverse("service_hall:extensions"),
        reverse("service_hall:ask_extension", args=[hall.case_id(row)]),
    )

    def answers(client: Client) -> tuple[int, int, int]:
        return (
            client.get(page).status_code,
            client.get(waiting).status_code,
            client.post(asking, {"days": "3", "extension_reason": REASON}).status_code,
        )

    assert answers(Client()) == (302, 302, 302)
    assert answers(hall.signed_in(factories.citizen("李二"))) == (403, 403, 403)
    assert answers(hall.signed_in(hall.clerk("H05"))) == (404, 403, 403)
    assert answers(hall.signed_in(hall.clerk("G11", "leader"))) == (404, 200, 403)
    assert answers(hall.signed_in(leader))[:2] == (200, 200)
    assert cases.case_view(actor=hall.clerk(), case_id=hall.case_id(row)).extensions[0].days == 15


def test_a_new_calendar_tells_the_applicant_and_moves_the_open_notice(
    applicant: Actor, hall_county: time_machine.Traveller
) -> None:
    from zhengtong.capabilities.cases.models import CalendarDay

    row = hall.submitted(applicant)
    points = {"lease": "缺少签字"}
    hall.do(hall.clerk(), row, "accept", "supplement", points=points)
    before = row.notices.get().due_at
    CalendarDay.objects.create(
        tenant=hall.TENANT, day=dt.date(2026, 11, 11), is_workday=False, name="台风停工", source="试", local=True
    )

    cases.reproject_tenant(tenant=hall.TENANT)
    do_all_work()

    after = row.notices.get().due_at
    assert before is not None
    assert after == before + dt.timedelta(days=1)
    assert "时限重新计算" in messages_to(applicant)


def test_a_deemed_renewal_is_shown_to_both_sides(applicant: Actor, hall_county: time_machine.Traveller) -> None:
    from zhengtong.capabilities.cases.models import Case
    from zhengtong.capabilities.cases.services import clock, store

    row = hall.submitted(applicant)
    case = Case.objects.get(pk=hall.case_id(row))
    case.clock_plan |= clock.renewal_plan(dt.date(2026, 12, 31))
    case.save()
    store.insert("cases_deadline", clock.deadline_rows(case, clock.renewal_entries(case), started_at=case.created_at))
    hall_county.move_to(dt.datetime(2027, 1, 1, 2, tzinfo=dt.UTC))
    do_all_work()

    theirs = page_of(hall.signed_in(applicant), reverse("service_hall:application", args=[row.id]))
    ours = page_of(hall.signed_in(hall.clerk()), hall.case_address(row))
    assert "依法视为准予延续" in theirs
    assert "依法视为准予延续" in ours
    assert "视为准予延续" in messages_to(applicant)
