"""电子监察月报: counted for the county and its units, frozen, published by a second person, corrected, typeset."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests.factories import citizen, organisation, sign_in
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.contracts.complaints import ComplaintDue
from zhengtong.contracts.inspections import FindingMade, VisitDone
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.supervision.models import (
    CardAct,
    CardLimit,
    SupervisionReport,
    WatchedCase,
    WatchedEvent,
    WatchedStep,
)
from zhengtong.systems.supervision.rules.report_figures import MEASURES, MonthTally, hide_few
from zhengtong.systems.supervision.selectors import report_figures as counting
from zhengtong.systems.supervision.services import reports
from zhengtong.systems.supervision.tests import scored_county as county
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, TENANT, official, supervisor
from zhengtong.systems.supervision.tests.scored_county import MONTH
from zhengtong.systems.supervision.tests.test_scores_services import published as published_scores
from zhengtong.systems.supervision.tests.test_scores_services import second

NOW = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
AGREED = "数字已核对，同意公布。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def fire():
    found = organisation("H05", FIRE[1])
    return found.id, found.name


@pytest.fixture
def october(db, fire):
    """Ten cases of the lead unit, one late; the brigade's cards in every state, its steps, complaints, a visit."""
    county.prepared()
    cases = [county.closed_case(LEAD, in_time=n > 0, number=f"980723-2026-{n}") for n in range(10)]
    before = county.closed_case(LEAD, number="980723-2026-99")
    before.closed_at = county.at(28, month=dt.date(2026, 9, 1))
    WatchedCase.objects.bulk_create([*cases, before])
    WatchedStep.objects.bulk_create([county.step_of(cases[0], fire), county.step_of(cases[1], fire, late=True)])
    for number, (level, state) in enumerate(
        [("red", "confirmed"), ("yellow", "cancelled"), ("yellow", "raised"), ("hint", "closed")], start=1
    ):
        card = county.carded(level, fire, state=state, number=number, warning=level == "hint", day=10 + number)
        if state == "confirmed":
            CardAct.objects.create(
                tenant=TENANT,
                card=card,
                no=2,
                kind="appeal",
                text="不属实。",
                state_after=state,
                person_name="李二",
                created_at=county.at(20),
            )
            CardLimit.objects.create(
                tenant=TENANT,
                card=card,
                kind="rectify",
                amount=10,
                started_on=MONTH,
                due_on=MONTH.replace(day=20),
                state="missed",
                ended_at=county.at(21),
            )
    told = [county.complained(fire, "founded"), county.complained(fire, "unfounded")]
    told += [county.complained(LEAD, "unfounded") for _ in range(7)]
    told += [
        county.told(ComplaintDue.NAME, LEAD, {"level": "red"}),
        county.told(VisitDone.NAME, fire, {"points": 4, "findings": 1}),
        county.told(FindingMade.NAME, fire, {"serious": True}),
    ]
    WatchedEvent.objects.bulk_create(told)


def issued(reason=""):
    row = reports.propose_report(actor=supervisor(), month=MONTH, reason=reason)
    return reports.decide_report(actor=second(), report_id=row.id, agreed=True, reason=AGREED, digest=row.digest)


def test_a_month_is_counted_for_the_county_and_its_units(october, fire):
    found = counting.month_count(TENANT, MONTH)

    whole, brigade = found.whole, found.of(fire[0])
    assert (whole.closed, whole.in_time, whole.steps, whole.steps_in_time) == (10, 9, 2, 1)
    assert (whole.hint, whole.yellow, whole.red, whole.breach, whole.raised) == (1, 2, 1, 0, 4)
    assert (whole.confirmed, whole.cancelled, whole.cleared, whole.pending) == (1, 1, 1, 1)
    assert (brigade.appeals, brigade.rectify_late, brigade.rectified) == (1, 1, 0)
    assert (brigade.visits, brigade.findings, brigade.serious) == (1, 1, 1)
    assert MEASURES["on_time"].of(whole) == pytest.approx(90)
    assert counting.month_count(TENANT, dt.date(2026, 9, 1)).whole.closed == 1
    assert counting.month_count(TENANT, dt.date(2025, 10, 1)).whole.empty
    assert [row["cause"] for row in counting.cancelled_cards(TENANT, MONTH)] == ["个别撤销"]
    assert sum(row["raised"] for row in counting.by_rule(TENANT, MONTH)) == 4


def test_few_complaints_of_a_unit_are_not_told_nor_worked_out(october, fire):
    found = counting.month_count(TENANT, MONTH)

    # two complaints about the brigade: the seven of the other unit go with them, else nine less seven would tell
    assert found.of(fire[0]).complaints is None
    assert found.of(LEAD[0]).complaints is None
    assert found.of(LEAD[0]).complaints_late is None
    assert (found.whole.complaints, found.whole.founded, found.whole.complaints_late) == (9, 1, None)
    many = [MonthTally(complaints=n) for n in (9, 8, 0, 2, 4)]
    assert [tally.complaints for tally in hide_few(many, 5)] == [9, 8, 0, None, None]


def test_a_report_is_frozen_published_by_another_and_corrected(october, clock, fire):
    published_scores()
    with pytest.raises(Conflict, match="还没有结束"):
        reports.propose_report(actor=supervisor(), month=dt.date(2026, 11, 1))
    with pytest.raises(NotPermitted):
        reports.propose_report(actor=official(FIRE, "leader"), month=MONTH)

    row = reports.propose_report(actor=supervisor(), month=MONTH)

    assert row.sentences[0].startswith("2026年10月办结 10 件，比上月增加 900%；按期办结率 90%")
    assert row.figures["ranking"]["rows"][0]["place"] == 1
    with pytest.raises(Conflict, match="等待核准"):
        reports.propose_report(actor=supervisor(), month=MONTH)
    with pytest.raises(NotPermitted):
        reports.decide_report(actor=supervisor(), report_id=row.id, agreed=True, reason=AGREED, digest=row.digest)
    with pytest.raises(Conflict, match="不一致"):
        reports.decide_report(actor=second(), report_id=row.id, agreed=True, reason=AGREED, digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        SupervisionReport.objects.filter(pk=row.pk).update(sentences=[])

    leader = account("leader", "leader", org_code="H05", org_name=FIRE[1])
    reports.decide_report(actor=second(), report_id=row.id, agreed=True, reason=AGREED, digest=row.digest)
    do_all_work()

    row.refresh_from_db()
    assert (row.state, row.version) == ("published", 1)
    message = SiteMessage.objects.get(person_id=leader.person_id, title="2026年10月电子监察月报已公布")
    assert message.link == reverse("supervision:report_unit", args=[row.id, fire[0]])
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(Invalid):
        reports.propose_report(actor=supervisor(), month=MONTH)
    with pytest.raises(Conflict, match="完全相同"):
        reports.propose_report(actor=supervisor(), month=MONTH, reason="请再核对一次。")

    county.carded("breach", fire, number=9)
    again = issued("补录了一张严重红牌。")
    row.refresh_from_db()
    assert (row.state, again.version, again.figures["whole"]["breach"]) == ("superseded", 2, 1)
    assert row.figures["whole"]["breach"] == 0
    acts = Entry.objects.filter(act__in=["supervision.propose_report", "supervision.publish_report"])
    assert (
        sorted(acts.values_list("act", flat=True))
        == ["supervision.propose_report"] * 2 + ["supervision.publish_report"] * 2
    )


def test_a_refused_report_leaves_room_for_another(october):
    row = reports.propose_report(actor=supervisor(), month=MONTH)
    reports.decide_report(
        actor=second(), report_id=row.id, agreed=False, reason="请先核定十月的牌。", digest=row.digest
    )

    again = issued()

    assert (again.version, again.reason, again.state) == (2, "前一版没有核准，重新编制。", "published")


@pytest.fixture
def client_of():
    def sign(who):
        client = Client()
        if who == "stranger":
            return client
        if who == "citizen":
            return sign_in(client, citizen())
        code, name, roles = {
            "clerk": ("H05", FIRE[1], ("clerk",)),
            "neighbour": ("G22", LEAD[1], ("clerk",)),
            "leader": ("H05", FIRE[1], ("leader",)),
            "supervisor": ("A02", "县纪委监委", ("supervisor",)),
            "second": ("A02", "县纪委监委", ("supervisor",)),
        }[who]
        return sign_in(client, account(who, *roles, org_code=code, org_name=name))

    return sign


ACTORS = ("stranger", "citizen", "clerk", "neighbour", "leader", "supervisor")
TABLE = {
    "reports": (302, 403, 200, 200, 200, 200),
    "draw_up": (302, 403, 403, 403, 403, 405),
    "report": (302, 403, 403, 403, 200, 200),
    "decide_report": (302, 403, 403, 403, 403, 405),
    "typeset": (302, 403, 403, 403, 403, 405),
    "report_pdf": (302, 403, 403, 403, 200, 200),
    "report_unit": (302, 403, 200, 404, 200, 200),
    "totals": (200, 200, 200, 200, 200, 200),
}


def test_who_may_open_what_of_a_published_report(october, client_of, fire):
    client_of("supervisor")  # whose unit issues the paper
    row = issued()
    do_all_work()
    arguments = {"report_unit": [row.id, fire[0]], "reports": [], "draw_up": [], "totals": []}

    for who, place in zip(ACTORS, range(6), strict=True):
        client = client_of(who)
        got = {
            name: client.get(reverse(f"supervision:{name}", args=arguments.get(name, [row.id]))).status_code
            for name in TABLE
        }
        assert got == {name: expected[place] for name, expected in TABLE.items()}, who


def test_a_report_without_an_issuing_unit_says_so_and_is_typeset_when_there_is_one(october, client_of):
    code = ParameterValue.objects.create(
        tenant=TENANT, key="supervision.report_unit", value="Z99", valid_from=dt.date(2026, 1, 1), source="测试"
    )
    judge, leader = client_of("supervisor"), client_of("leader")
    row = issued()
    do_all_work()
    page, again = reverse("supervision:report", args=[row.id]), reverse("supervision:typeset", args=[row.id])

    shown = judge.get(page).content.decode()
    assert "没有机构编码为“Z99”的单位" in shown
    assert "supervision.report_unit" in shown
    assert "正在排版" not in shown
    assert again in shown
    assert again not in leader.get(page).content.decode()
    assert leader.post(again).status_code == 403
    assert judge.post(again).status_code == 422
    code.value = ""
    code.save()
    assert "正在排版" in judge.get(page).content.decode()
    assert judge.post(again)["Location"] == page
    do_all_work()

    row.refresh_from_db()
    assert row.document_id is not None
    assert again not in judge.get(page).content.decode()
    assert judge.post(again).status_code == 422
    assert judge.post(reverse("supervision:typeset", args=[uuid.uuid4()])).status_code == 404


def test_nobody_but_supervisors_reads_a_report_that_waits(october, client_of, fire):
    row = reports.propose_report(actor=supervisor(), month=MONTH)

    assert client_of("leader").get(reverse("supervision:report", args=[row.id])).status_code == 404
    assert client_of("clerk").get(reverse("supervision:report_unit", args=[row.id, fire[0]])).status_code == 404
    assert "还没有公布" in client_of("stranger").get(reverse("supervision:totals")).content.decode()
    assert client_of("supervisor").get(reverse("supervision:report", args=[row.id])).status_code == 200


def test_from_the_list_to_the_paper_and_a_correction(october, client_of, fire):
    first, other = client_of("supervisor"), client_of("second")
    assert "2026年10月" in first.get(reverse("supervision:reports")).content.decode()
    again = first.post(reverse("supervision:draw_up"), {"month": "2026-11"})
    assert (again.status_code, "还没有结束" in again.content.decode()) == (422, True)

    made = first.post(reverse("supervision:draw_up"), {"month": "2026-10"})
    row = SupervisionReport.objects.get()
    decide = reverse("supervision:decide_report", args=[row.id])
    assert made["Location"] == reverse("supervision:report", args=[row.id])
    assert decide not in first.get(made["Location"]).content.decode()
    assert decide in other.get(made["Location"]).content.decode()
    short = other.post(decide, {"agreed": "yes", "reason": "好", "digest": row.digest})
    assert (short.status_code, "请写明理由" in short.content.decode()) == (422, True)
    other.post(decide, {"agreed": "yes", "reason": AGREED, "digest": row.digest})
    do_all_work()

    row.refresh_from_db()
    page = first.get(made["Location"])
    assert "近 13 个月按期办结率" in page.content.decode()
    book = openpyxl.load_workbook(io.BytesIO(first.get(f"{made['Location']}?export=xlsx").content))
    assert book.sheetnames == ["说明", "指标", "单位", "情形", "撤销"]
    assert first.get(reverse("supervision:report_pdf", args=[row.id])).content.startswith(b"%PDF")
    part = client_of("clerk").get(reverse("supervision:report_unit", args=[row.id, fire[0]])).content.decode()
    assert "当日系统故障。" in part
    assert LEAD[1] not in part.partition("<main")[2].partition("</main")[0]
    public = client_of("stranger").get(reverse("supervision:totals")).content.decode()
    assert "2026年10月电子监察情况" in public
    assert FIRE[1] not in public.partition("<main")[2].partition("</main")[0]

    county.carded("red", fire, number=9)
    missing = first.post(reverse("supervision:draw_up"), {"month": "2026-10", "reason": "补"})
    assert (missing.status_code, "请写明理由" in missing.content.decode()) == (422, True)
    corrected = first.post(reverse("supervision:draw_up"), {"month": "2026-10", "reason": "补录了一张红牌。"})
    two = SupervisionReport.objects.get(version=2)
    assert corrected["Location"] == reverse("supervision:report", args=[two.id])
    other.post(
        reverse("supervision:decide_report", args=[two.id]), {"agreed": "yes", "reason": AGREED, "digest": two.digest}
    )
    do_all_work()
    two.refresh_from_db()
    assert two.document_id not in (None, row.document_id)
    assert "已由更正版代替" in first.get(made["Location"]).content.decode()


def test_a_unit_that_did_nothing_has_no_part(october, client_of):
    row = issued()

    found = client_of("supervisor").get(reverse("supervision:report_unit", args=[row.id, uuid.uuid4()]))

    assert found.status_code == 404
