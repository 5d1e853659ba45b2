"""A hearing through the pages: told, asked for, announced, held or declined; who may, and what is refused."""

import datetime as dt

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.documents.tests.reading import text_of
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hall_county")]
WISH = "对招牌的尺寸要求有异议"
MINUTES = "申请人到场陈述，消防救援大队说明了理由。"


@pytest.fixture
def row(applicant: Actor) -> Application:
    """An application that all departments agree to; the leader decides next."""
    row = hall.submitted(applicant)
    hall.reviewed(row)
    return row


@pytest.fixture
def desk(row: Application) -> Client:
    return hall.signed_in(hall.clerk())


@pytest.fixture
def citizen(row: Application, applicant: Actor) -> Client:
    return hall.signed_in(applicant)


def press(client: Client, row: Application, act: str, **typed: str) -> HttpResponse:
    address = reverse("service_hall:desk-hearing", args=[hall.case_id(row)])
    response: HttpResponse = client.post(address, {"act": act, **typed})
    return response


def asks(client: Client, row: Application, text: str = WISH) -> HttpResponse:
    response: HttpResponse = client.post(reverse("service_hall:hearing", args=[row.id]), {"text": text})
    return response


def announces(client: Client, row: Application, day: str = "2026-11-19") -> HttpResponse:
    host = cases.hosts_for_hearing(actor=hall.clerk(), case_id=hall.case_id(row))[0][0]
    return press(client, row, "announce", day=day, place="政务服务中心三楼", host=host)


def mine(row: Application) -> str:
    return reverse("service_hall:application", args=[row.id])


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def messages_to(person: Actor) -> dict[str, str]:
    do_all_work()
    return dict(SiteMessage.objects.filter(person_id=person.person_id).values_list("title", "body"))


def state_of(row: Application) -> str:
    case = cases.case_view(actor=hall.clerk(), case_id=hall.case_id(row))
    return case.hearing.state if case.hearing else ""


def test_a_hearing_from_the_right_to_the_decision(
    row: Application, applicant: Actor, desk: Client, citizen: Client, hall_county: time_machine.Traveller
) -> None:
    assert "申请听证" not in page_of(citizen, mine(row))

    assert press(desk, row, "tell").status_code == 302
    assert "请在 5 个工作日内从办件页提出" in messages_to(applicant)["告知听证权利"]
    page = page_of(citizen, mine(row))
    assert "可以在2026年11月16日以前申请听证" in page
    assert "最迟 11 月 19 日前答复您" in page  # the promise, not the day until which a hearing may be asked for
    assert asks(citizen, row).url == mine(row)

    page = page_of(citizen, mine(row))
    assert "须在2026年12月7日以前组织" in page
    assert "组织听证所需的时间不计入办理期限" in page
    assert "停止计时：听证" in page
    assert "有人申请听证" in messages_to(hall.clerk())
    theirs = page_of(desk, hall.case_address(row))
    assert WISH in theirs
    assert "今天通知的，最早定在2026年11月18日；须在2026年12月7日以前举行。" in theirs

    assert announces(desk, row).status_code == 302
    assert "听证定于2026年11月19日在政务服务中心三楼举行" in messages_to(applicant)["听证通知"]
    hall_county.move_to(dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC))
    assert press(hall.signed_in(hall.clerk()), row, "hold", minutes=MINUTES).url == hall.case_address(row)

    page = page_of(hall.signed_in(applicant), mine(row))
    assert "听证通知书" in page
    assert MINUTES in page
    assert "听证结束，恢复计时" in page
    leader = hall.signed_in(hall.clerk("G22", "leader"))
    decision = page_of(leader, hall.task_address(row, "decide"))
    assert MINUTES in decision
    assert "现在不能作出决定" not in decision
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")


@pytest.mark.parametrize("state", ["told", "requested"])
def test_the_page_of_the_decision_refuses_while_a_hearing_may_be_asked_for_or_is_open(
    row: Application, desk: Client, citizen: Client, state: str
) -> None:
    press(desk, row, "tell")
    if state == "requested":
        asks(citizen, row)
    leader = hall.clerk("G22", "leader")
    client, address = hall.signed_in(leader), hall.task_address(row, "decide")

    shown = page_of(client, address)
    answer = client.post(
        address, {"outcome": "approve", "opinion": "同意", "command_key": "0123456789abcdef0123456789abcdef"}
    )

    assert "现在不能作出决定" in shown
    assert 'value="approve"\n                  disabled' in shown
    assert answer.status_code == 422
    assert "听证结束后才能作出决定" in answer.content.decode()
    assert hall.task_of(row, "decide")


def test_a_request_can_be_declined_with_its_reason(
    row: Application, applicant: Actor, desk: Client, citizen: Client
) -> None:
    press(desk, row, "tell")
    asks(citizen, row, "")

    empty = press(desk, row, "decline", reason=" ")
    assert empty.status_code == 422
    assert "理由须告知申请人" in empty.content.decode()
    assert press(desk, row, "decline", reason="申请人书面撤回").status_code == 302

    assert "申请人书面撤回" in messages_to(applicant)["不组织听证"]
    assert "申请人书面撤回" in page_of(citizen, mine(row))
    assert not cases.case_view(actor=hall.clerk(), case_id=hall.case_id(row)).paused
    again = press(desk, row, "decline", reason="再次")
    assert again.status_code == 409
    assert "已经决定不组织听证" in again.content.decode()


def test_what_was_typed_stays_when_the_day_is_too_early_or_the_host_reviewed(
    row: Application, desk: Client, citizen: Client
) -> None:
    press(desk, row, "tell")
    asks(citizen, row)

    early = announces(desk, row, "2026-11-12")
    assert early.status_code == 422
    text = early.content.decode()
    assert "最早可定在 2026-11-18" in text
    assert 'value="政务服务中心三楼"' in text
    stranger = press(desk, row, "announce", day="2026-11-19", place="三楼", host=str(hall.clerk("H05").person_id))
    assert stranger.status_code == 422
    assert "没有参与审查的人员" in stranger.content.decode()
    assert press(desk, row, "announce", day="明天", place="", host="").status_code == 422
    assert state_of(row) == "requested"


def test_a_request_on_paper_is_entered_by_the_clerk(row: Application, desk: Client) -> None:
    press(desk, row, "tell")

    assert press(desk, row, "request", text="").status_code == 422
    assert press(desk, row, "request", text=WISH).status_code == 302

    assert state_of(row) == "requested"
    assert "听证请求（书面申请，李二登记）" in page_of(desk, hall.case_address(row))


def test_too_early_too_late_and_twice_are_refused_in_words(
    row: Application, applicant: Actor, desk: Client, citizen: Client, hall_county: time_machine.Traveller
) -> None:
    untold = asks(citizen, row)
    assert (untold.status_code, "还没有告知听证权利" in untold.content.decode()) == (409, True)
    press(desk, row, "tell")
    press(desk, row, "tell")
    assert "已经告知过听证权利" in page_of(desk, hall.case_address(row))
    assert asks(citizen, row, "长" * 1001).status_code == 422
    held = press(desk, row, "hold", minutes=MINUTES)
    assert held.status_code == 409
    assert "还没有发出听证通知" in held.content.decode()
    assert press(desk, row, "nothing").status_code == 422

    hall_county.move_to(dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC))  # midnight after the fifth working day
    do_all_work()

    citizen = hall.signed_in(applicant)
    late = asks(citizen, row)
    assert late.status_code == 409
    assert "已经超过期限" in late.content.decode()
    assert "没有人申请听证，可以作出决定" in page_of(citizen, mine(row))


def test_who_may_do_what(row: Application, applicant: Actor, desk: Client) -> None:
    """Four actors: a stranger, another citizen, another unit or a watcher, and those whose matter it is."""
    press(desk, row, "tell")
    own, act = (
        reverse("service_hall:hearing", args=[row.id]),
        reverse("service_hall:desk-hearing", args=[hall.case_id(row)]),
    )

    stranger = Client()
    for client in (stranger,):
        assert client.get(own).url.startswith(reverse("account_login"))
        assert client.post(own).url.startswith(reverse("account_login"))
        assert client.post(act, {"act": "tell"}).url.startswith(reverse("account_login"))
    other = hall.signed_in(factories.citizen("李二", phone="13800000002"))
    assert other.get(own).status_code == 404
    assert other.post(own, {"text": "我也要"}).status_code == 404
    assert other.post(act, {"act": "decline", "reason": "x"}).status_code == 403
    unit = hall.signed_in(hall.clerk("H05"))
    assert unit.get(own).status_code in (403, 404)
    for name, typed in (("decline", {"reason": "x"}), ("request", {"text": "x"}), ("hold", {"minutes": "x"})):
        assert press(unit, row, name, **typed).status_code == 403
    assert press(hall.signed_in(hall.watcher()), row, "decline", reason="x").status_code == 403
    assert state_of(row) == "told"
    assert desk.get(act).status_code == 405

    mine = hall.signed_in(applicant)
    assert mine.get(own).status_code == 200
    assert asks(mine, row).status_code == 302
    assert state_of(row) == "requested"


def waives(client: Client, row: Application, **ticked: str) -> HttpResponse:
    response: HttpResponse = client.post(reverse("service_hall:waive-hearing", args=[row.id]), ticked)
    return response


def test_the_applicant_waives_the_hearing_and_the_leader_decides_at_once(
    row: Application, applicant: Actor, desk: Client, citizen: Client
) -> None:
    assert waives(citizen, row, agreed="on").status_code == 409
    press(desk, row, "tell")
    there = reverse("service_hall:hearing", args=[row.id])
    assert reverse("service_hall:waive-hearing", args=[row.id]) in page_of(citizen, there)

    unticked = waives(citizen, row)
    assert (unticked.status_code, "请先勾选确认" in unticked.content.decode()) == (422, True)
    assert state_of(row) == "told"
    assert waives(citizen, row, agreed="on").url == mine(row)

    assert "申请人放弃听证" in messages_to(hall.clerk())
    page = page_of(citizen, mine(row))
    assert "声明放弃听证，可以作出决定" in page
    assert there not in page
    assert waives(citizen, row, agreed="on").status_code == 409
    assert "登记书面听证申请" in page_of(desk, hall.case_address(row))  # an interested party's, while the time runs
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")


def test_only_the_applicant_waives(row: Application, desk: Client) -> None:
    press(desk, row, "tell")

    assert waives(Client(), row, agreed="on").url.startswith(reverse("account_login"))
    other = hall.signed_in(factories.citizen("李二", phone="13800000002"))
    assert waives(other, row, agreed="on").status_code == 404
    assert waives(hall.signed_in(hall.clerk("H05")), row, agreed="on").status_code in (403, 404)
    assert waives(desk, row, agreed="on").status_code in (403, 404)
    assert state_of(row) == "told"


def test_every_notice_of_a_hearing_is_a_sealed_paper_of_its_own(
    row: Application, applicant: Actor, desk: Client, citizen: Client
) -> None:
    press(desk, row, "tell")
    asks(citizen, row)
    assert announces(desk, row).status_code == 302
    do_all_work()
    assert announces(desk, row, "2026-11-20").status_code == 302
    do_all_work()
    api.make_hearing_notice(tenant=row.tenant, application_id=row.id, no=1)  # a job that comes late, and again
    api.make_hearing_notice(tenant=row.tenant, application_id=row.id, no=2)

    papers = [
        one for one in api.own_view(actor=applicant, application_id=row.id).papers if one.kind == "hearing_notice"
    ]
    assert [(one.title, one.sealed, one.status) for one in papers] == [("听证通知书", True, "issued")] * 2
    text = text_of(documents.read_file(actor=applicant, document_id=papers[-1].id)[1])
    assert "2026年11月20日" in text
    assert "政务服务中心三楼" in text
    stranger = factories.citizen("李二", phone="13800000002")
    for key in (papers[0].id, papers[1].id):
        with pytest.raises(NotPermitted):
            documents.read_file(actor=stranger, document_id=key)
        assert documents.find_document(actor=hall.clerk("H05"), document_id=key).number


def test_a_later_notice_that_overtakes_the_job_of_an_earlier_one_stands_alone(
    row: Application, applicant: Actor, desk: Client, citizen: Client
) -> None:
    press(desk, row, "tell")
    asks(citizen, row)
    announces(desk, row)
    announces(desk, row, "2026-11-20")

    do_all_work()

    papers = [
        one for one in api.own_view(actor=applicant, application_id=row.id).papers if one.kind == "hearing_notice"
    ]
    assert [one.object_ref.id for one in papers] == [f"{hall.case_id(row)}:2"]


def test_a_withdrawn_case_says_of_its_hearing_that_nothing_is_waited_for(
    row: Application, applicant: Actor, desk: Client, citizen: Client
) -> None:
    press(desk, row, "tell")
    asks(citizen, row)

    api.withdraw_application(actor=applicant, application_id=row.id, reason="不办了", command_key="w")

    for page in (page_of(citizen, mine(row)), page_of(desk, hall.case_address(row))):
        assert "办件已经办结，不再组织听证" in page
        assert "现在不能作出决定" not in page


def test_the_words_of_an_act_that_is_over_are_given_back(row: Application, desk: Client, citizen: Client) -> None:
    press(desk, row, "tell")
    asks(citizen, row)
    sent = {"act": "decline", "reason": "申请人书面撤回听证申请。"}
    address = reverse("service_hall:desk-hearing", args=[hall.case_id(row)])
    desk.post(address, sent)

    late = desk.post(address, sent, headers={"Origin": "http://testserver", "Accept": "text/html"})

    assert late.status_code == 409
    assert "<p>申请人书面撤回听证申请。</p>" in late.content.decode()
