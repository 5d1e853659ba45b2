"""A licence from its issue to its end: lost, replaced, changed, renewed, corrected, revoked; what verification says."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.documents.web.results import shown
from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.contracts.service_hall import LicenceMeasureMoved
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, LicenceReminder
from zhengtong.systems.service_hall.services import papers, reminding
from zhengtong.systems.service_hall.tests import factories as hall

__all__ = ["cheap_key_store"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
LAST_DAY = dt.date(2027, 4, 30)  # long before the certificates of the county's seals end
LOST = {"cause": "lost", "account": "搬家时遗失", "consent_found": "yes", "consent_true": "yes"}
GIVEN_UP = {"ground": "stopped", "account": "不再经营", "consent_end": "yes", "consent_true": "yes"}


@pytest.fixture(autouse=True)
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr(papers, "licence_validity", lambda _validity, issued_on: (issued_on, LAST_DAY))
    with time_machine.travel(MONDAY, tick=False) as traveller:
        hall.found_county("instant")
        yield traveller
        cases.forget_calendars()


@pytest.fixture
def owner() -> Actor:
    return hall.people.citizen()


@pytest.fixture
def licence(owner: Actor) -> documents.LicenceView:
    return granted(owner)


def granted(actor: Actor, answers: dict[str, str] | None = None) -> documents.LicenceView:
    """A licence of the plain item, applied for and granted."""
    approve(hall.submitted(actor, answers=answers))
    return newest(actor)


def newest(actor: Actor) -> documents.LicenceView:
    """The actor's licence in force."""
    return api.own_licences(actor=actor).rows[0].view


def approve(row: Application) -> None:
    """Take an application through whichever process it goes, and let its papers be made."""
    if row.pins["process"]["key"] == "standard":
        hall.act(row, "accept")
        hall.act(row, "pass")
        hall.act(row, "approve", role="leader")
    else:
        hall.act(row, "approve")
    do_all_work()


def about(actor: Actor, licence: documents.LicenceView, purpose: str, answers: dict[str, str]) -> Application:
    """An application about a licence, handed in."""
    row = api.start_about_licence(actor=actor, document_id=licence.id, purpose=purpose)
    api.save_answers(actor=actor, application_id=row.id, answers=answers)
    if purpose == "renewal":
        hall.give(actor, row)
        hall.give(actor, row, hall.TOLERABLE)
    return api.submit_application(actor=actor, application_id=row.id)


def words_of(licence: documents.LicenceView) -> tuple[str, str]:
    """Badge and sentence of the verification page."""
    found = shown(documents.verify_by_code(licence.paper.verification_code))
    return found.badge, found.message


def leader(code: str = "G22") -> Actor:
    return hall.official(code, "leader")


def clerk() -> Actor:
    return hall.official("G22", "clerk")


def test_renewed_lost_replaced_and_revoked_with_what_verification_says(
    owner: Actor, county: time_machine.Traveller
) -> None:
    first = granted(owner)
    assert words_of(first)[0] == "真：签发有效"

    row = about(owner, first, "renewal", hall.ANSWERS)
    approve(row)
    second = newest(owner)
    badge, said = words_of(first)
    assert badge == "已换发"
    assert said.startswith("这份证照由本平台签发，2026年11月9日已换发，不再有效。")

    api.report_loss(actor=owner, document_id=second.id, reason="搬家时遗失")
    badge, said = words_of(second)
    assert badge == "已挂失"
    assert "持有人已在2026年11月9日挂失" in said
    row = about(owner, second, "replacement", LOST)
    assert row.pins["process"]["key"] == "instant"
    approve(row)
    third = newest(owner)
    assert words_of(second)[0] == "已作废，补发新证"
    assert words_of(third)[0] == "真：签发有效"
    assert third.paper.number == f"{second.paper.number}（补1）"
    assert (third.paper.valid_until, third.rows) == (second.paper.valid_until, second.rows)

    measure = api.propose_revocation(
        actor=system(hall.TENANT), document_id=third.id, ground="unqualified", reason="告知承诺核查：承诺不实"
    )
    do_all_work()
    assert SiteMessage.objects.filter(person_id=owner.person_id, title="拟撤销您的证照，请陈述意见").exists()
    with pytest.raises(Conflict, match="陈述、申辩"):
        api.carry_measure(actor=leader(), measure_id=measure)
    api.state_case(actor=owner, measure_id=measure, text="已经整改，请求不撤销。")
    api.carry_measure(actor=leader(), measure_id=measure, note="承诺内容与事实不符，撤销。")
    assert words_of(third)[0] == "已撤销"
    assert "2026年11月9日已撤销，不再有效" in words_of(third)[1]
    do_all_work()

    ref = ObjectRef(kind="licence_measure", id=str(measure))
    made = documents.documents_of(tenant=hall.TENANT, object_ref=ref)
    assert {paper.title for paper in made} == {"拟撤销行政许可告知书", "撤销行政许可决定书"}
    assert all(paper.sealed for paper in made)
    assert documents.find_document(actor=owner, document_id=made[0].id)
    chain = documents.chain_of(tenant=hall.TENANT, document_id=third.id)
    assert [one.end_word for one in chain] == ["已换发", "已作废，补发新证", "已撤销"]
    events = OutboxEvent.objects.filter(name=LicenceMeasureMoved.NAME, object_id=str(measure)).order_by("id")
    assert [event.data["step"] for event in events] == ["proposed", "carried"]


def test_a_change_is_filled_in_as_before_and_keeps_the_period(
    owner: Actor, licence: documents.LicenceView, county: time_machine.Traveller
) -> None:
    county.shift(dt.timedelta(days=30))
    cases.forget_calendars()

    row = api.start_about_licence(actor=owner, document_id=licence.id, purpose="change")
    answers = api.own_view(actor=owner, application_id=row.id).form.answers
    assert answers["content"] == hall.ANSWERS["content"]
    assert "consent_true" not in answers
    again = api.start_about_licence(actor=owner, document_id=licence.id, purpose="change")
    assert again.id == row.id
    changed = {"content": "在新街 1 号开办一家面馆。", "consent_true": "yes", "consent_share": "yes"}
    api.save_answers(actor=owner, application_id=row.id, answers=changed)
    row = api.submit_application(actor=owner, application_id=row.id)
    assert cases.case_view(actor=system(hall.TENANT), case_id=_case(row)).title == "小餐饮测试许可（变更）"
    approve(row)

    new = newest(owner)
    assert new.predecessor == licence.id
    assert (new.paper.valid_from, new.paper.valid_until) == (dt.date(2026, 12, 9), LAST_DAY)
    old = documents.licence_by_id(tenant=hall.TENANT, document_id=licence.id)
    assert old is not None
    assert old.ended_ground == "登记内容变更，换发新证"


def _case(row: Application) -> uuid.UUID:
    assert row.case_id is not None
    return row.case_id


def test_a_licence_given_up_ends_with_the_decision(owner: Actor, licence: documents.LicenceView) -> None:
    row = about(owner, licence, "cancellation", GIVEN_UP)
    assert row.pins["process"]["key"] == "standard"
    assert words_of(licence)[0] == "真：签发有效"

    approve(row)

    assert words_of(licence)[0] == "已注销"
    made = api.own_view(actor=owner, application_id=row.id).papers
    assert [paper.title for paper in made if paper.kind == "cancellation"] == ["注销行政许可决定书"]
    assert api.own_licences(actor=owner).total == 1


def test_a_lost_licence_that_was_found_is_in_force_again(owner: Actor, licence: documents.LicenceView) -> None:
    api.report_loss(actor=owner, document_id=licence.id, reason="找不到了")
    with pytest.raises(Conflict, match="已在2026年11月9日挂失"):
        api.report_loss(actor=owner, document_id=licence.id, reason="又一次")
    with pytest.raises(Invalid, match="先补办新证"):
        api.start_about_licence(actor=owner, document_id=licence.id, purpose="change")
    assert api.renewable_licences(actor=owner, item_code=hall.SIMPLE) == []

    api.lift_loss(actor=owner, document_id=licence.id)

    assert words_of(licence)[0] == "真：签发有效"
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="document", id=str(licence.id)), hall.TENANT)]
    assert acts[-2:] == ["documents.report_loss", "documents.lift_loss"]


def test_a_licence_is_the_matter_of_one_application_and_of_nobody_else(
    owner: Actor, licence: documents.LicenceView
) -> None:
    other = hall.people.citizen("李二", phone="13800000002")
    for act in (api.report_loss, api.start_about_licence):
        more = {"reason": "偷"} if act is api.report_loss else {"purpose": "cancellation"}
        with pytest.raises(NotFound):
            act(actor=other, document_id=licence.id, **more)
    row = about(owner, licence, "cancellation", GIVEN_UP)

    with pytest.raises(Invalid, match="正在办理注销申请"):
        api.start_about_licence(actor=owner, document_id=licence.id, purpose="change")

    api.withdraw_application(actor=owner, application_id=row.id, reason="不注销了", command_key="w")
    do_all_work()
    assert api.start_about_licence(actor=owner, document_id=licence.id, purpose="change")


def test_an_application_about_a_licence_revoked_meanwhile_is_not_granted(
    owner: Actor, licence: documents.LicenceView
) -> None:
    row = about(owner, licence, "replacement", LOST)
    measure = api.propose_measure(
        actor=clerk(), document_id=licence.id, kind="revoke", ground="fraud", reason="伪造场所证明"
    )
    api.state_case(actor=owner, measure_id=measure.id, text="没有意见")
    api.carry_measure(actor=leader(), measure_id=measure.id)

    with pytest.raises(Conflict, match="不能准予补发"):
        hall.act(row, "approve")

    row.refresh_from_db()
    assert row.status == "submitted"


@pytest.mark.parametrize(
    ("kind", "more", "badge", "title"),
    [
        ("cancel", {"ground": "dissolved"}, "已注销", "注销行政许可决定书"),
        ("lift", {"ground": "penalty", "document_no": "青市监罚〔2026〕8号"}, "已吊销", "注销行政许可决定书"),
    ],
)
def test_the_authority_ends_a_licence_by_two_persons(
    owner: Actor, licence: documents.LicenceView, kind: str, more: dict[str, str], badge: str, title: str
) -> None:
    both = hall.official("G22", "clerk", "leader")
    measure = api.propose_measure(actor=both, document_id=licence.id, kind=kind, reason="经查属实", **more)
    with pytest.raises(Conflict, match="等待负责人决定"):
        api.propose_measure(actor=clerk(), document_id=licence.id, kind=kind, reason="再一次", **more)
    with pytest.raises(Conflict, match="提出的人不能自己决定"):
        api.carry_measure(actor=both, measure_id=measure.id)
    with pytest.raises(NotPermitted):
        api.carry_measure(actor=clerk(), measure_id=measure.id)
    with pytest.raises(NotFound):
        api.carry_measure(actor=leader("H05"), measure_id=measure.id)

    api.carry_measure(actor=leader(), measure_id=measure.id, note="同意")
    do_all_work()

    assert words_of(licence)[0] == badge
    ref = ObjectRef(kind="licence_measure", id=str(measure.id))
    assert [paper.title for paper in documents.documents_of(tenant=hall.TENANT, object_ref=ref)] == [title]
    with pytest.raises(Conflict, match="已经办结"):
        api.carry_measure(actor=leader(), measure_id=measure.id)


def test_a_correction_brings_a_new_copy_with_the_same_period(owner: Actor) -> None:
    catalogue.publish_item(actor=system(hall.TENANT), draft=hall.item_draft(form_key="restaurant"))
    licence = granted(owner, hall.RESTAURANT_ANSWERS)
    rows = dict(licence.rows)
    label = next(iter(rows))
    with pytest.raises(Invalid) as refused:
        api.propose_measure(
            actor=clerk(), document_id=licence.id, kind="correct", ground="mistake", reason="录入错误", corrected=rows
        )
    assert set(refused.value.errors) == {"corrected"}
    measure = api.propose_measure(
        actor=clerk(),
        document_id=licence.id,
        kind="correct",
        ground="mistake",
        reason="录入错误",
        corrected={**rows, label: "更正后的内容"},
    )
    api.carry_measure(actor=leader(), measure_id=measure.id)
    do_all_work()

    new = newest(owner)
    assert dict(new.rows) == {**rows, label: "更正后的内容"}
    assert new.paper.number == f"{licence.paper.number}（更1）"
    assert new.paper.valid_until == licence.paper.valid_until
    assert words_of(licence)[0] == "已作废，更正换发"
    assert words_of(new)[0] == "真：签发有效"


def test_a_measure_is_decided_by_neither_deputy_nor_whom_the_proposer_stood_in_for(
    licence: documents.LicenceView,
) -> None:
    asker, absent, deputy, other = (
        hall.people.official(f"both.{no}", "clerk", "leader", org_code="G22", org_name=hall.UNITS["G22"])
        for no in range(4)
    )

    measure = api.propose_measure(
        actor=acting_for(asker, absent), document_id=licence.id, kind="cancel", ground="dissolved", reason="经查属实"
    )

    for nobody in (asker, absent, acting_for(deputy, asker), acting_for(deputy, absent), acting_for(asker, other)):
        with pytest.raises(Conflict, match="另一位负责人"):
            api.carry_measure(actor=nobody, measure_id=measure.id)
        with pytest.raises(Conflict, match="另一位负责人"):
            api.refuse_measure(actor=nobody, measure_id=measure.id, note="证据不足")
    address = reverse("service_hall:desk-measure", args=[measure.id])
    decide = reverse("service_hall:desk-decide-measure", args=[measure.id])
    pages = [hall.people.sign_in(Client(), actor).get(address).content.decode() for actor in (absent, other)]
    assert [decide in page for page in pages] == [False, True]
    assert api.carry_measure(actor=acting_for(deputy, other), measure_id=measure.id).state == "carried"


def test_a_measure_that_is_refused_or_taken_back_changes_nothing(owner: Actor, licence: documents.LicenceView) -> None:
    one = api.propose_measure(
        actor=clerk(), document_id=licence.id, kind="revoke", ground="fraud", reason="举报伪造材料"
    )
    with pytest.raises(Invalid):
        api.refuse_measure(actor=leader(), measure_id=one.id, note=" ")
    api.refuse_measure(actor=leader(), measure_id=one.id, note="证据不足")
    two = api.propose_measure(actor=clerk(), document_id=licence.id, kind="revoke", ground="fraud", reason="补充证据")
    with pytest.raises(NotPermitted):
        api.drop_measure(actor=leader(), measure_id=two.id)
    api.drop_measure(actor=clerk(), measure_id=two.id)

    assert words_of(licence)[0] == "真：签发有效"
    assert SiteMessage.objects.filter(person_id=owner.person_id, title="您的证照没有被撤销").count() == 2
    with pytest.raises(Conflict):
        api.state_case(actor=owner, measure_id=two.id, text="晚了")


def test_holders_are_reminded_once_at_each_stage_and_once_after_the_end(
    owner: Actor, licence: documents.LicenceView, county: time_machine.Traveller
) -> None:
    def told_on(days_left: int) -> int:
        county.move_to(dt.datetime.combine(LAST_DAY - dt.timedelta(days=days_left), dt.time(2), tzinfo=dt.UTC))
        return api.remind_of_licences(hall.TENANT)

    assert [told_on(days) for days in (61, 60, 59, 30, 29, 7, 0, -1, -2)] == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert set(LicenceReminder.objects.values_list("stage", flat=True)) == {60, 30, 7, -1}
    titles = SiteMessage.objects.filter(person_id=owner.person_id).values_list("title", "link")
    assert next(link for title, link in titles if title == "证照将要到期").endswith(f"/licences/{licence.id}/")
    assert sum(title == "证照已经过期" for title, _link in titles) == 1


def test_one_who_cannot_be_reminded_keeps_nobody_else_from_it(
    owner: Actor,
    licence: documents.LicenceView,
    county: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = granted(hall.people.citizen("李二", phone="13800000002"))
    tell = reminding.tell_holder

    def broken(row: Application, document_id: uuid.UUID, *words: str) -> None:
        if document_id == licence.id:
            raise ValueError("no such person")
        tell(row, document_id, *words)

    monkeypatch.setattr(reminding, "tell_holder", broken)
    county.move_to(dt.datetime.combine(LAST_DAY - dt.timedelta(days=30), dt.time(2), tzinfo=dt.UTC))
    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        api.remind_all()

    assert set(LicenceReminder.objects.values_list("document_id", flat=True)) == {other.id}


def test_nobody_is_reminded_of_what_he_is_renewing(
    owner: Actor, licence: documents.LicenceView, county: time_machine.Traveller
) -> None:
    about(owner, licence, "renewal", {**hall.ANSWERS})
    county.move_to(dt.datetime.combine(LAST_DAY - dt.timedelta(days=20), dt.time(2), tzinfo=dt.UTC))

    assert api.remind_of_licences(hall.TENANT) == 0
