"""What becomes of a request: from handing in to the answer, and every way out."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import OBJECT_KIND
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.selectors.statistics import statistics
from zhengtong.systems.disclosure.services import watching
from zhengtong.systems.disclosure.tests.county import (
    NAME,
    OTHER,
    PHONE,
    TENANT,
    UNIT,
    answer,
    answered,
    citizen,
    consulted,
    official,
    sent,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = dt.timedelta(days=1)


def events(row: DisclosureRequest) -> list[str]:
    found = OutboxEvent.objects.filter(object_kind=OBJECT_KIND, object_id=str(row.id)).order_by("id")
    return [one.name.split(".")[1] for one in found]


def due(row: DisclosureRequest, kind: str = "answer") -> dt.date:
    found = row.clocks.get(kind=kind, ended_at__isnull=True).due_on
    assert found is not None
    return found


def fresh(row: DisclosureRequest) -> DisclosureRequest:
    return DisclosureRequest.objects.get(pk=row.pk)


def test_the_whole_way_with_correction_consultation_and_a_partial_answer(clerk, head, clock) -> None:
    asker = citizen()
    receipt = sent(asker, name="", phone="", identity_number="")
    row = receipt.row
    assert (row.name, row.phone, row.person_id) == (NAME, PHONE, asker.person_id)
    assert api.find_by_code(tenant=TENANT, number=row.number, code=receipt.code.lower()).pk == row.pk
    assert due(row) == dt.date(2026, 12, 7)  # twenty working days after 9 November

    clock.shift(DAY)
    api.ask_correction(actor=clerk, request_id=row.id, text="请写明是哪一份附图。", days=10)
    assert not row.clocks.filter(kind="answer", ended_at__isnull=True).exists()
    clock.shift(2 * DAY)
    api.correct(actor=asker, request_id=row.id, text="要 2025 年 3 月的那一份附图。")
    assert due(row) == dt.date(2026, 12, 10)  # anew from 12 November

    clock.shift(DAY)  # Friday 13 November
    asked = consulted(clerk, row)
    assert fresh(row).state == "consulting"
    assert row.clocks.get(kind="answer", ended_at__isnull=True).due_on is None
    clock.shift(5 * DAY)  # Wednesday 18 November
    found = api.by_token(TENANT, api.link_token(asked))
    api.reply(actor=asker, consultation_id=found.id, opinion="object", words="附图里有我公司的设计方案。", by_link=True)
    assert fresh(row).state == "handling"
    assert due(row) == dt.date(2026, 12, 15)  # 13, 16 and 17 November were not counted

    with pytest.raises(Invalid) as refusal:
        api.draft_answer(actor=clerk, request_id=row.id, answer=answer("provide"))
    assert "overrides" in refusal.value.errors
    draft = answer("partial", reason="附图含第三方商业秘密，第三方不同意公开。", overrides=True)
    api.draft_answer(actor=clerk, request_id=row.id, answer=draft)
    done = api.approve_answer(actor=head, request_id=row.id)
    assert (done.state, done.outcome, done.in_time) == ("closed", "partial", True)
    assert list(done.letters.order_by("no").values_list("kind", flat=True)) == [
        "receipt", "correction", "consult", "answer", "overriding"
    ]  # fmt: skip
    assert "第三十七条" in done.letters.get(kind="answer").words
    assert NAME not in done.letters.get(kind="overriding").words
    assert events(row) == ["request_received", "request_received", "request_closed"]
    figures = statistics(actor=clerk, since=dt.date(2026, 11, 1), until=local_date()).total
    assert (figures.received, figures.answered, figures.in_time, figures.opened) == (1, 1, 1, 1)


def test_a_letter_is_received_on_the_day_it_was_confirmed(clerk) -> None:
    friday = dt.date(2026, 11, 6)
    row = api.take_in(actor=clerk, words=words(), channel="ordinary_post", arrived_on=friday).row
    assert (row.state, row.received_on, row.clocks.count()) == ("awaiting", None, 0)
    with pytest.raises(Conflict):
        api.draft_answer(actor=clerk, request_id=row.id, answer=answer())
    done = api.confirm(actor=clerk, request_id=row.id, confirmed_on=dt.date(2026, 11, 9))
    assert (done.received_on, due(done)) == (dt.date(2026, 11, 9), dt.date(2026, 12, 7))
    signed = api.take_in(actor=clerk, words=words(), channel="signed_post", arrived_on=friday).row
    assert due(signed) == dt.date(2026, 12, 4)


def test_a_correction_is_asked_once_and_only_within_seven_working_days(clerk, clock) -> None:
    row = sent().row
    clock.shift(9 * DAY)  # Wednesday 18 November: the seventh working day
    api.ask_correction(actor=clerk, request_id=row.id, text="请写明年份。", days=5)
    api.correct(actor=clerk, request_id=row.id, text="2025 年的那一份。", taken_down=True)
    with pytest.raises(Conflict):
        api.ask_correction(actor=clerk, request_id=row.id, text="再写明月份。", days=5)
    late = sent().row
    clock.shift(10 * DAY)
    with pytest.raises(Conflict, match="7 个工作日"):
        api.ask_correction(actor=clerk, request_id=late.id, text="请写明年份。", days=5)


def test_who_does_not_correct_has_given_up(clerk, clock) -> None:
    row = sent().row
    api.ask_correction(actor=clerk, request_id=row.id, text="请写明年份。", days=5)
    clock.shift(6 * DAY)
    api.tick()
    assert fresh(row).state == "correcting"
    clock.shift(2 * DAY)
    api.tick()
    assert (fresh(row).state, fresh(row).outcome) == ("closed", "uncorrected")
    assert "第三十条" in row.letters.get(kind="answer").words


def test_silence_of_third_parties_and_agencies_lets_the_clock_run_again(clerk, clock) -> None:
    row = sent().row
    third = consulted(clerk, row)
    agency = consulted(clerk, row, kind="agency", org_code=OTHER[0], party="")
    assert third.due_on == agency.due_on == dt.date(2026, 11, 30)
    other = official("other", "clerk", org=OTHER)
    assert api.asked_of_unit(other).get().pk == agency.pk
    api.reply(actor=other, consultation_id=agency.pk, opinion="agree")
    assert fresh(row).state == "consulting"
    clock.shift(22 * DAY)  # Tuesday 1 December
    api.tick()
    third.refresh_from_db()
    assert (third.opinion, fresh(row).state) == ("silent", "handling")
    assert row.pauses.get().end_day == dt.date(2026, 11, 30)
    assert due(row) == dt.date(2026, 12, 28)


def test_nobody_but_the_agency_and_the_unit_answers_a_consultation(clerk) -> None:
    asked = consulted(clerk, sent().row)
    stranger = official("stranger", "clerk", org=OTHER)
    with pytest.raises(NotFound):
        api.reply(actor=stranger, consultation_id=asked.pk, opinion="agree")
    with pytest.raises(NotFound):
        api.by_token(TENANT, f"{asked.pk}:forged")


def test_the_applicant_is_not_named_to_third_parties(clerk) -> None:
    row = sent().row
    with pytest.raises(Invalid):
        consulted(clerk, row, about=f"{NAME}申请公开规划条件的附图。")


def test_more_time_is_granted_once_by_a_second_person(clerk, head) -> None:
    row = sent().row
    both = official("both", "clerk", "leader")
    api.ask_time(actor=both, request_id=row.id, days=20, reason="档案在库房，需要调阅。")
    with pytest.raises(NotPermitted):
        api.decide_time(actor=both, request_id=row.id, grant=True, note="同意。")
    with pytest.raises(NotPermitted):
        api.decide_time(actor=clerk, request_id=row.id, grant=True, note="同意。")
    api.decide_time(actor=head, request_id=row.id, grant=True, note="同意。")
    assert due(row) == dt.date(2027, 1, 4)  # forty working days in a year without decreed holidays
    assert row.letters.filter(kind="extension").exists()
    with pytest.raises(Conflict):
        api.ask_time(actor=clerk, request_id=row.id, days=1, reason="还要一天调阅。")
    with pytest.raises(Invalid):
        api.ask_time(actor=clerk, request_id=sent().row.id, days=21, reason="档案在库房，需要调阅。")


def test_the_drafter_does_not_approve_his_own_answer(head) -> None:
    both = official("both", "clerk", "leader")
    row = sent().row
    api.draft_answer(actor=both, request_id=row.id, answer=answer())
    with pytest.raises(NotPermitted):
        api.approve_answer(actor=both, request_id=row.id)
    api.return_draft(actor=head, request_id=row.id, reason="请补充依据。")
    assert fresh(row).state == "handling"


@pytest.mark.parametrize(
    ("outcome", "field"),
    [("provide", "access"), ("refuse_secret", "reason"), ("not_ours", "agency"), ("uncorrected", "outcome"),
     ("still_unclear", "outcome"), ("not_flood", "outcome"), ("data_corrected", "outcome"), ("nothing", "outcome")],
)  # fmt: skip
def test_an_answer_without_what_its_kind_needs_is_refused(clerk, outcome: str, field: str) -> None:
    row = sent().row
    bare = api.Answer(outcome=outcome, reason="" if field == "reason" else "理由已经说明清楚。")
    with pytest.raises(Invalid) as refusal:
        api.draft_answer(actor=clerk, request_id=row.id, answer=bare)
    assert field in refusal.value.errors


def test_the_eleventh_of_a_month_costs_and_unpaid_it_ends(clerk, clock) -> None:
    rows = [sent().row for _ in range(11)]
    with pytest.raises(Invalid, match="免费"):
        api.charge(actor=clerk, request_id=rows[9].id, mode="by_item")
    row = rows[10]
    fee = api.charge(actor=clerk, request_id=row.id, mode="by_item")
    assert (fee.before, fee.amount_fen, fee.order_id) == (10, 10000, None)
    assert row.clocks.get(kind="answer", ended_at__isnull=True).due_on is None
    clock.shift(29 * DAY)
    api.tick()
    assert (fresh(row).outcome, fresh(row).fee.state) == ("unpaid", "lapsed")


def test_pages_are_charged_by_the_tiers_and_paid_at_the_unit(clerk, clock) -> None:
    row = sent(citizen()).row
    fee = api.charge(actor=clerk, request_id=row.id, mode="by_page", pages=101)
    assert (fee.amount_fen, fee.order_id is not None) == (72000, True)
    clock.shift(2 * DAY)
    api.record_paid(actor=clerk, request_id=row.id, receipt_note="非税 0001")
    assert (fresh(row).state, due(row)) == ("handling", dt.date(2026, 12, 8))  # 10 November was not counted
    api.take_payment(tenant=TENANT, request_id=row.id, order_id=fee.order_id)
    assert fresh(row).fee.receipt_note == "非税 0001"


def test_an_order_that_was_paid_lets_the_clock_run_and_only_once(clerk) -> None:
    row = sent(citizen()).row
    fee = api.charge(actor=clerk, request_id=row.id, mode="by_page", pages=31)
    for _ in range(2):
        api.take_payment(tenant=TENANT, request_id=row.id, order_id=fee.order_id)
    assert (fresh(row).state, row.acts.filter(kind="paid").count()) == ("handling", 1)


def test_too_many_are_asked_for_reasons_before_they_are_refused(clerk, head) -> None:
    asker = citizen()
    row = sent(asker).row
    api.ask_reasons(actor=clerk, request_id=row.id, text="一个月内申请了四十份。")
    api.give_reasons(actor=asker, request_id=row.id, text="为了核对拆迁补偿。")
    api.ask_time(actor=clerk, request_id=row.id, days=40, reason="理由合理但数量过大。", kind="delay")
    api.decide_time(actor=head, request_id=row.id, grant=True, note="同意。")
    done = answered(clerk, head, row, outcome="not_flood", reason="与补偿无关，理由不合理。", access="")
    assert done.outcome == "not_flood"


def test_a_split_request_counts_by_its_parts_and_a_forwarded_one_keeps_its_limit(clerk, clock) -> None:
    row = sent().row
    clock.shift(DAY)
    parts = api.split(actor=clerk, request_id=row.id, parts=["2025 年的规划条件", "2024 年的征收公告"])
    assert [due(part) for part in parts] == [dt.date(2026, 12, 7)] * 2
    assert statistics(actor=clerk, since=dt.date(2026, 11, 1), until=local_date()).total.received == 2
    moved = api.forward(actor=clerk, request_id=parts[0].id, org_code=OTHER[0], reason="由市场监管局制作。")
    assert (moved.org_code, due(moved)) == (OTHER[0], dt.date(2026, 12, 7))
    with pytest.raises(NotFound):
        api.draft_answer(actor=clerk, request_id=moved.id, answer=answer())


def test_a_unit_sees_its_own_and_the_authority_all(clerk, authority) -> None:
    mine, other = sent().row, sent(org_code=OTHER[0]).row
    assert {one.id for one in api.queue(actor=clerk).rows} == {mine.id}
    assert {one.id for one in api.queue(actor=authority, name="all").rows} == {mine.id, other.id}
    with pytest.raises(NotPermitted):
        api.draft_answer(actor=authority, request_id=mine.id, answer=answer())


def test_reading_who_asked_takes_a_purpose_and_is_an_entry(clerk) -> None:
    row = sent().row
    with pytest.raises(Invalid):
        api.read_identity(actor=clerk, request_id=row.id, purpose="")
    assert api.read_identity(actor=clerk, request_id=row.id, purpose="核对身份证明").name == NAME
    entries = ledger.entries_of(ObjectRef(kind=OBJECT_KIND, id=str(row.id)), tenant=TENANT)
    assert "disclosure.read_identity" in [one.act for one in entries]
    assert row.acts.filter(kind="read").exists()


def test_own_data_is_corrected_and_not_counted(clerk, head) -> None:
    row = sent(kind="own_data").row
    done = answered(clerk, head, row, outcome="data_corrected", reason="核对原件后已更正。", access="")
    assert done.get_outcome_display() == "已更正"
    assert statistics(actor=clerk, since=dt.date(2026, 11, 1), until=local_date()).total.received == 0


def test_lamps_go_on_once_and_are_told(clerk, clock) -> None:
    row = sent().row
    clock.shift(29 * DAY)  # Tuesday 8 December
    for _ in range(3):
        api.tick()
    assert row.clocks.get().level == "red"
    assert events(row) == ["request_received", "request_due"]


def test_a_batch_of_requests_that_always_fail_keeps_no_other_from_its_lamp(clerk, clock, monkeypatch) -> None:
    bad = [sent().row for _number in range(2)]
    clock.shift(DAY)
    good = sent().row  # the last one whose turn comes
    light = watching.publish

    def failing(event) -> None:
        if event.object_ref.id != str(good.pk):
            raise ValueError("broken")
        light(event)

    monkeypatch.setattr(watching, "publish", failing)
    monkeypatch.setattr(watching, "_BATCH", len(bad))
    clock.shift(40 * DAY)

    for _ in range(4):
        with pytest.raises(RuntimeError, match="of what was due failed"):
            api.tick()
    assert good.clocks.get().level == "red"

    monkeypatch.setattr(watching, "publish", light)
    while api.tick():
        continue
    assert {row.clocks.get().level for row in bad} == {"red"}


def test_remedies_are_kept_with_their_results(clerk, head) -> None:
    row = answered(clerk, head, sent().row)
    made = api.enter_remedy(
        actor=clerk, request_id=row.id, kind="review", body="青禾县人民政府", lodged_on=local_date()
    )
    api.enter_result(actor=clerk, request_id=row.id, remedy_id=made.id, result="upheld", decided_on=local_date())
    with pytest.raises(Conflict):
        api.enter_result(actor=clerk, request_id=row.id, remedy_id=made.id, result="other", decided_on=local_date())


def test_the_database_keeps_requests_and_time_lines(clerk) -> None:
    row = sent().row
    with pytest.raises(IntegrityError), transaction.atomic():
        DisclosureRequest.objects.filter(pk=row.pk).update(arrived_on=dt.date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        row.acts.all().delete()


def test_an_agent_asks_for_his_company(clerk) -> None:
    assert parameters.value("disclosure.answer", tenant=TENANT) == "20 WD"
    row = sent(applicant_kind="business", name="青禾建筑公司", identity_number="91980723MA00000001").row
    assert (row.get_applicant_kind_display(), row.org_name) == ("商业企业", UNIT[1])
