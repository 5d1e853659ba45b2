"""What becomes of a complaint: from handing in to figures, and every way out."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import OBJECT_KIND
from zhengtong.systems.complaints.models import Complaint, PublicAnswer
from zhengtong.systems.complaints.plugins.my_data import holdings_of_writer
from zhengtong.systems.complaints.selectors.about import PostChoice, posts_of
from zhengtong.systems.complaints.tests.county import (
    ACCUSED,
    CONTENT,
    HANDLER,
    NAME,
    OFFICE,
    PHONE,
    TENANT,
    accepted,
    answered,
    assigned,
    citizen,
    drafted,
    give,
    official,
    sent,
    subject,
    supervisor,
    words,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def events(row: Complaint) -> list[str]:
    found = OutboxEvent.objects.filter(object_kind=OBJECT_KIND, object_id=str(row.id)).order_by("id")
    return [one.name.split(".")[1] for one in found]


def acts(row: Complaint) -> list[str]:
    return list(row.acts.order_by("no").values_list("kind", flat=True))


def test_the_whole_way_with_a_hidden_identity_down_to_the_figures(office, handler, clock) -> None:
    writer = citizen()
    receipt = sent(writer, name="", phone="")
    row = receipt.row
    assert (row.name, row.phone, row.person_id) == (NAME, PHONE, writer.person_id)
    assert api.find_by_code(tenant=TENANT, number=row.number, code=receipt.code.lower()).pk == row.pk

    clock.shift(DAY)
    api.accept(actor=office, complaint_id=row.id)
    row.refresh_from_db()
    give(office, row)
    drafted(handler, row)
    api.return_draft(actor=office, complaint_id=row.id, reason="请写明补收的日期。")
    drafted(handler, row, text="11 月 6 日已补收材料，窗口人员已当面道歉。")
    clock.shift(DAY)
    api.approve_answer(actor=office, complaint_id=row.id)
    api.satisfy(actor=writer, complaint_id=row.id, satisfaction="satisfied", text="谢谢")

    row.refresh_from_db()
    assert (row.state, row.ending, row.finding, row.in_time) == ("closed", "answered", "founded", True)
    assert acts(row) == ["submit", "accept", "assign", "draft", "return", "draft", "answer", "satisfy"]
    assert events(row) == [f"complaint_{one}" for one in ("submitted", "accepted", "assigned", "answered", "closed")]
    assert [one["kept"] for one in row.clocks.order_by("started_on").values("kept")] == [True, True, True]
    told = notify.inbox(actor=writer)
    assert "已答复" in str([message.title for message in getattr(told, "rows", told)])
    found = api.statistics(actor=office, since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 30))
    assert (found.total.received, found.total.answered, found.total.in_time, found.total.satisfied) == (1, 1, 1, 1)
    assert [(one.label, one.received) for one in found.units] == [(HANDLER[1], 1)]
    assert found.outcomes == (("属实", 1),)
    assert [(one.label, one.received) for one in found.months] == [("2026年11月", 1)]
    assert api.public_totals(TENANT)[0].received == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.acts.all().delete()


def test_an_anonymous_one_keeps_nothing_of_who_wrote_even_signed_in(office) -> None:
    writer = citizen()

    receipt = sent(writer, protection="anonymous")

    row = Complaint.objects.get()
    assert (row.person_id, row.name, row.phone, row.address, row.represents) == (None, "", "", "", "")
    assert not api.own_list(writer).exists()
    entry = ledger.entries_of(tenant=TENANT, object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)))
    assert NAME not in str(list(entry))
    assert api.find_by_code(tenant=TENANT, number=receipt.row.number, code=receipt.code).pk == row.pk
    with pytest.raises(NotFound):
        api.find_by_code(tenant=TENANT, number=receipt.row.number, code="WRONGWRONG")
    with pytest.raises(Conflict, match="没有留下"):
        api.read_identity(actor=office, complaint_id=row.id, purpose="想联系本人")
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(name="x")


def test_what_is_typed_is_judged_field_by_field(county) -> None:
    with pytest.raises(Invalid) as refused:
        sent(kind="x", protection="signed", title="", content="短", name="", phone="1", happened_on=local_date() + DAY)

    assert set(refused.value.errors) == {"kind", "title", "content", "name", "phone", "happened_on"}
    with pytest.raises(Invalid) as refused:
        sent(files=[("a.exe", b"MZ")] * 6)
    assert set(refused.value.errors) == {"attachments"}
    assert not Complaint.objects.exists()


def test_nobody_looks_into_himself(office) -> None:
    accused = official("accused", "clerk", org=ACCUSED, post="窗口岗")
    head = official("head", "leader", org=ACCUSED, post="局长岗")
    unit, report = accepted(office), accepted(office, token="", kind="report")
    posts = {one.name: one for one in _posts()}
    stranger = anonymous(TENANT)
    chosen = subject(stranger, f"post:{ACCUSED[0]}", post=str(posts["窗口岗"].id))
    about_post = api.submit(actor=stranger, subject=chosen, words=words()).row
    led = subject(stranger, f"post:{ACCUSED[0]}", post=str(posts["局长岗"].id))
    about_head = api.submit(actor=stranger, subject=led, words=words()).row
    for row in (about_post, about_head):
        api.accept(actor=office, complaint_id=row.id)

    with pytest.raises(Conflict, match="不能交它自己"):
        give(office, unit, ACCUSED)
    with pytest.raises(Conflict, match="负责人"):
        give(office, Complaint.objects.get(pk=about_head.pk), ACCUSED)
    give(office, report, ACCUSED)
    row = give(office, Complaint.objects.get(pk=about_post.pk), ACCUSED)
    with pytest.raises(NotFound):
        api.desk_view(actor=accused, complaint_id=row.id)
    assert api.waiting(accused) == 1
    assert api.desk_view(actor=head, complaint_id=row.id).acts_now == {"draft", "ask_time"}


def _posts() -> list[PostChoice]:
    return posts_of(TENANT, identity.organisation(TENANT, ACCUSED[0]))


def test_a_report_never_reaches_the_unit_and_the_office_leaves_its_own_matter(office) -> None:
    report = accepted(office, kind="report")
    with pytest.raises(Conflict, match="被举报的单位"):
        give(office, report, ACCUSED)
    own = sent(token=f"unit:{OFFICE[0]}").row
    with pytest.raises(NotPermitted, match="回避"):
        api.accept(actor=office, complaint_id=own.id)
    with pytest.raises(NotPermitted):
        api.read_identity(actor=office, complaint_id=own.id, purpose="看看是谁写的")
    api.transfer(actor=office, complaint_id=own.id, to="禾州市纪委监委", reason="反映的是本机构，按规定回避。")
    own.refresh_from_db()
    assert (own.state, own.ending, own.transferred_to) == ("closed", "transferred", "禾州市纪委监委")


def test_a_report_does_not_reach_the_unit_by_way_of_what_it_was_merged_into_either(office) -> None:
    handled, waiting = (accepted(office, token="", kind="consult", protection="signed") for _ in range(2))
    give(office, handled, ACCUSED)
    report = accepted(office, kind="report")

    with pytest.raises(Conflict, match=r"不能并入.*被举报的单位"):
        api.merge(actor=office, complaint_id=report.id, into=handled.number)
    api.merge(actor=office, complaint_id=report.id, into=waiting.number)
    with pytest.raises(Conflict, match="被举报的单位"):
        give(office, waiting, ACCUSED)

    report.refresh_from_db()
    assert (report.state, report.merged_into_id) == ("merged", waiting.pk)
    assert give(office, waiting, HANDLER).state == "assigned"


def test_words_that_tell_who_wrote_are_not_given_out(office) -> None:
    row = accepted(office)

    with pytest.raises(Invalid) as refused:
        api.assign(actor=office, complaint_id=row.id, org_code=HANDLER[0], title=row.title, brief=CONTENT)

    assert set(refused.value.errors) == {"title", "brief", "checked"}
    with pytest.raises(Invalid):
        api.assign(actor=office, complaint_id=row.id, org_code="X9", title="标题", brief="内容", checked=True)
    signed = accepted(office, protection="signed")
    assert give(office, signed).brief_title == signed.title


def test_identity_is_opened_with_a_purpose_and_the_person_sees_it(office, handler) -> None:
    writer = citizen()
    row = sent(writer).row
    api.accept(actor=office, complaint_id=row.id)
    give(office, Complaint.objects.get())

    with pytest.raises(Invalid):
        api.read_identity(actor=office, complaint_id=row.id, purpose="看")
    with pytest.raises(NotPermitted):
        api.read_identity(actor=handler, complaint_id=row.id, purpose="想上门做工作")
    opened = api.read_identity(actor=office, complaint_id=row.id, purpose="核实现场录像中的取号时间")

    assert (opened.name, opened.phone) == (NAME, PHONE)
    view = api.writer_view(Complaint.objects.get())
    assert [one.text for one in view.readings] == ["核实现场录像中的取号时间"]
    signed = assigned(office, protection="signed")
    assert api.read_identity(actor=handler, complaint_id=signed.id, purpose="约本人到场说明").name == NAME


def test_a_merged_one_gets_the_same_answer_without_who_else_wrote(office, handler) -> None:
    main = assigned(office)
    other = sent(name="李四方", phone="13600000077").row
    api.merge(actor=office, complaint_id=other.id, into=main.number)
    drafted(handler, main, text=f"{NAME}您好，经核实，窗口确有拒收材料的情况，已当面道歉。")
    api.approve_answer(actor=office, complaint_id=main.id)

    other.refresh_from_db()
    assert (other.state, other.finding) == ("answered", "founded")
    assert NAME not in other.answer
    assert "已当面道歉" in other.answer
    with pytest.raises(Conflict):
        api.merge(actor=office, complaint_id=sent().row.id, into=main.number)
    with pytest.raises(Invalid):
        api.merge(actor=office, complaint_id=sent().row.id, into="TS0")


@pytest.mark.parametrize("end", ["withdraw", "reject", "transfer"])
def test_what_was_merged_goes_on_alone_when_the_other_ends_without_an_answer(office, clock, end) -> None:
    main, writer = sent().row, citizen()
    other = sent(writer, name="李四方", phone="13600000077").row
    api.merge(actor=office, complaint_id=other.id, into=main.number)
    clock.shift(DAY)

    ends = {
        "withdraw": lambda: api.withdraw(actor=anonymous(TENANT), complaint_id=main.id, bearer=True),
        "reject": lambda: api.reject(actor=office, complaint_id=main.id, reason="不属于本机构受理的范围。"),
        "transfer": lambda: api.transfer(
            actor=office, complaint_id=main.id, to="禾州市纪委监委", reason="按管辖转送。"
        ),
    }
    ends[end]()

    other.refresh_from_db()
    running = other.clocks.get(ended_at__isnull=True)
    assert (other.state, other.merged_into_id) == ("accepted", None)
    assert (running.kind, running.started_on) == ("answer", local_date(other.accepted_at))
    assert "单独办理" in other.acts.order_by("-no")[0].text
    assert notify.inbox(actor=writer).rows[0].title == "来件单独办理"
    assert give(office, other).state == "assigned"


def test_an_answer_is_reviewed_once_and_by_another_person(office, handler) -> None:
    row = answered(office, handler)
    second = supervisor("second")
    stranger = anonymous(TENANT)
    api.satisfy(actor=stranger, complaint_id=row.id, satisfaction="dissatisfied", bearer=True)
    api.ask_review(actor=stranger, complaint_id=row.id, reason="只道歉，没有补收材料。", bearer=True)

    with pytest.raises(Conflict, match="另一人"):
        api.redo(actor=office, complaint_id=row.id, reason="调查不充分，重新办理。")
    api.redo(actor=second, complaint_id=row.id, reason="调查不充分，重新办理。")
    api.handle_by_office(actor=second, complaint_id=row.id)
    drafted(second, row, text="经重新调查，已于 11 月 20 日补收材料。")
    with pytest.raises(Conflict, match="起草人不能审定"):
        api.approve_answer(actor=second, complaint_id=row.id)
    api.approve_answer(actor=office, complaint_id=row.id)

    row.refresh_from_db()
    assert (row.state, row.turn, row.review_result, row.satisfaction) == ("closed", 2, "redone", "")
    with pytest.raises(Conflict):
        api.ask_review(actor=stranger, complaint_id=row.id, reason="还是不满意的。", bearer=True)
    upheld = answered(office, handler)
    api.ask_review(actor=stranger, complaint_id=upheld.id, reason="没有说清楚是谁的责任。", bearer=True)
    api.uphold(actor=second, complaint_id=upheld.id, reason="责任已经写明，维持原答复。")
    upheld.refresh_from_db()
    assert (upheld.state, upheld.ending, upheld.review_result) == ("closed", "answered", "upheld")


def test_who_wrote_may_withdraw_but_not_a_report(office, handler) -> None:
    writer = citizen()
    row, report = sent(writer).row, sent(writer, kind="report").row
    neighbour = people.citizen("李四", phone="13800000044")

    with pytest.raises(NotFound):
        api.withdraw(actor=neighbour, complaint_id=row.id)
    with pytest.raises(Conflict):
        api.withdraw(actor=writer, complaint_id=report.id)
    api.withdraw(actor=writer, complaint_id=row.id, reason="已经解决")
    row.refresh_from_db()
    assert (row.state, row.ending) == ("closed", "withdrawn")
    assert not row.clocks.filter(ended_at__isnull=True).exists()
    with pytest.raises(Conflict):
        api.accept(actor=office, complaint_id=row.id)


def test_what_is_said_at_the_window_is_taken_in_by_whom_it_is_said_to(office, handler) -> None:
    window = official("window", "counter", org=("K01", "青禾县政务服务中心"))
    said = dt.datetime(2026, 11, 6, 8, tzinfo=dt.UTC)
    about = subject(window)

    with pytest.raises(NotPermitted):
        api.take_in(actor=handler, subject=about, words=words(), channel="phone", received_at=said, note="来电")
    with pytest.raises(Invalid) as refused:
        api.take_in(actor=window, subject=about, words=words(), channel="portal", received_at=said + 9 * DAY, note=" ")
    receipt = api.take_in(
        actor=window, subject=about, words=words(), channel="counter", received_at=said, note="3 号窗口当面反映"
    )

    assert set(refused.value.errors) == {"channel", "received_at", "note"}
    row = receipt.row
    assert (row.channel, row.taken_by, row.person_id) == ("counter", window.name, None)
    assert row.clocks.get().due_on == dt.date(2026, 11, 13)
    api.reject(actor=office, complaint_id=row.id, reason="已在信访程序中，请等待信访答复。")
    row.refresh_from_db()
    assert (row.state, row.ending, row.reason) == ("closed", "not_accepted", "已在信访程序中，请等待信访答复。")


def test_an_answer_is_published_only_with_consent_and_without_persons(office, handler) -> None:
    row = answered(office, handler)
    shy, report = answered(office, handler, may_publish=False), answered(office, handler, kind="report")
    text = {
        "title": "窗口三天不收材料怎么办",
        "question": "群众反映窗口三天不收材料。",
        "answer": "已补收，并当面道歉。",
    }

    with pytest.raises(Invalid) as refused:
        api.publish_answer(actor=office, complaint_id=row.id, **text | {"question": f"{NAME}反映窗口不收材料。"})
    api.publish_answer(actor=office, complaint_id=row.id, **text)

    assert set(refused.value.errors) == {"question"}
    assert [one.title for one in api.published(TENANT).rows] == [text["title"]]
    for other, why in ((shy, "没有同意"), (report, "举报的答复不公开"), (row, "已经公开")):
        with pytest.raises(Conflict, match=why):
            api.publish_answer(actor=office, complaint_id=other.id, **text)
    api.unpublish_answer(actor=office, complaint_id=row.id, reason="内容需要更正。")
    assert not api.published(TENANT).rows
    api.publish_answer(actor=office, complaint_id=row.id, **text | {"answer": "已补收材料，并当面道歉。"})
    kept = PublicAnswer.objects.filter(complaint=row).values_list("answer", "ended_at")
    assert sorted((answer, ended is None) for answer, ended in kept) == [
        ("已补收材料，并当面道歉。", True),
        ("已补收，并当面道歉。", False),
    ]
    with pytest.raises(IntegrityError, match="complaints_shown_once"), transaction.atomic():
        PublicAnswer.objects.filter(complaint=row).update(ended_at=None)


def test_what_is_held_about_who_wrote_is_named_in_his_own_words(office) -> None:
    writer = citizen()
    sent(writer)

    (held,) = holdings_of_writer(writer)
    (row,) = held.rows()

    assert (row["姓名"], row["类别"]) == (NAME, "投诉")
    assert not [label for label in row if label.isascii()]
