"""Statistics from real cases: the rows behind them, who may count what, reports that stay as they were made."""

import datetime as dt
import io
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api, tasks
from zhengtong.systems.service_hall.constants import TRIPS_BEFORE
from zhengtong.systems.service_hall.models import Application, CaseFigure, MonthlyReport
from zhengtong.systems.service_hall.rules.periods import Period, whole_period
from zhengtong.systems.service_hall.selectors import figures
from zhengtong.systems.service_hall.selectors.reports import latest_report
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 10, 12, 2, tzinfo=dt.UTC)
OCTOBER = whole_period("2026-10")
COUNTY = figures.Place()


@pytest.fixture
def october(client: Client) -> Iterator[dict[str, Application]]:
    """A county with four applications of October: granted after three working days, told once, withdrawn, waiting."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        hall.found_county()
        applicant = people.citizen()
        found = {name: hall.submitted(applicant) for name in ("granted", "withdrawn", "waiting")}
        found["told"] = hall.told(applicant)
        hall.act(found["granted"], "accept")
        api.withdraw_application(
            actor=applicant, application_id=found["withdrawn"].id, reason="不办了", command_key="w1"
        )
        clock.shift(dt.timedelta(days=3))
        hall.act(found["granted"], "pass")
        hall.act(found["granted"], "approve", role="leader")
        do_all_work()
        clock.move_to(dt.datetime(2026, 11, 1, 18, 30, tzinfo=dt.UTC))  # Monday 2 November, 02:30 in Shanghai
        yield found


def watcher(*roles: str, org_code: str = "G22") -> Actor:
    """An official with an account."""
    name = hall.UNITS[org_code]
    return people.official(
        f"{'.'.join(roles)}.{org_code.lower()}", *roles, org_code=org_code, org_name=name, name="赵四"
    )


def signed_in(client: Client, actor: Actor) -> Client:
    people.sign_in(client, actor)
    return client


def test_rows_follow_the_cases_and_are_built_again_the_same(october: dict[str, Application]) -> None:
    boss = system(hall.TENANT)
    row = CaseFigure.objects.get(application=october["granted"])
    assert (row.days, row.promised_days, row.statutory_days, row.outcome) == (3, 8, 20, "approved")
    assert (row.channel, row.trips, row.trips_before, row.late_on) == ("online", 0, 2, None)

    whole = figures.tally(boss, COUNTY, OCTOBER)

    assert (whole.applied, whole.online, whole.accepted, whole.decided, whole.granted) == (4, 4, 1, 1, 1)
    assert (whole.dropped, whole.open, whole.corrected, whole.notices) == (1, 2, 1, 1)
    assert (whole.median, whole.on_time, whole.no_trip, whole.trips_before - whole.trips) == (3.0, 1, 1, 2)
    assert figures.tally(boss, COUNTY, OCTOBER.before()).empty

    before = list(CaseFigure.objects.order_by("number").values_list("number", "days", "outcome", "notices"))
    CaseFigure.objects.all().delete()
    assert api.rebuild_figures(hall.TENANT) == 4
    assert api.rebuild_figures(hall.TENANT) == 4
    assert list(CaseFigure.objects.order_by("number").values_list("number", "days", "outcome", "notices")) == before
    assert Entry.objects.filter(act="service_hall.rebuild_figures").count() == 2


def test_late_cases_and_rows_that_are_missing_come_in_by_themselves(october: dict[str, Application]) -> None:
    ParameterValue.objects.create(
        tenant=hall.TENANT, key=TRIPS_BEFORE, value={"": 3}, source="测试", valid_from=dt.date(2026, 1, 1)
    )
    CaseFigure.objects.filter(application=october["granted"]).delete()

    api.tend_figures()

    assert parameters.value(TRIPS_BEFORE, tenant=hall.TENANT) == {"": 3}
    assert CaseFigure.objects.get(application=october["granted"]).trips_before == 3
    assert CaseFigure.objects.get(application=october["waiting"]).trips_before == 2

    with time_machine.travel(dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC), tick=False):
        run_until_idle()

    # nobody answered in five days: it counts as accepted on the day it came in, and its limit has passed meanwhile
    late = CaseFigure.objects.get(application=october["waiting"])
    assert (late.accepted_on, late.late_on) == (dt.date(2026, 10, 12), dt.date(2026, 10, 22))
    until = [dt.date(2026, 10, day) for day in (21, 22)]
    times = [Period("free", OCTOBER.first, day, day) for day in until]
    assert [figures.tally(system(hall.TENANT), COUNTY, time).overdue for time in times] == [0, 1]


def test_a_leader_counts_his_unit_and_the_hall_manager_all_but_sees_nobody(
    client: Client, october: dict[str, Application]
) -> None:
    own, other, manager = watcher("leader"), watcher("leader", org_code="H05"), watcher("hall_manager", org_code="H05")

    assert figures.tally(own, COUNTY, OCTOBER).applied == 4
    assert figures.tally(other, COUNTY, OCTOBER).applied == 0
    assert figures.tally(manager, COUNTY, OCTOBER).applied == 4
    assert figures.tally(watcher("clerk"), COUNTY, OCTOBER).empty
    with pytest.raises(NotFound):
        figures.place_of(other, october["granted"].org_id, "")

    address = f"{reverse('service_hall:figures-cases')}?period=2026-10&measure=applied"
    seen = signed_in(client, own).get(address).content.decode()
    hidden = signed_in(Client(), manager).get(address).content.decode()
    assert reverse("service_hall:case", args=[october["granted"].case_id]) in seen
    assert "张*" in seen
    assert "张一" not in seen
    assert october["granted"].number is not None
    assert "张*" not in hidden
    assert reverse("service_hall:case", args=[october["granted"].case_id]) not in hidden


def test_two_clicks_lead_from_the_county_to_the_cases(client: Client, october: dict[str, Application]) -> None:
    signed_in(client, watcher("supervisor"))
    unit, item = october["granted"].org_id, hall.SIMPLE
    county = client.get(reverse("service_hall:figures"), {"period": "2026-10"})
    assert f"org={unit}" in county.content.decode()

    of_unit = client.get(reverse("service_hall:figures"), {"period": "2026-10", "org": str(unit)}).content.decode()
    assert f"item={item}&amp;measure=decided" in of_unit
    assert "小餐饮测试许可" in of_unit

    found = client.get(
        reverse("service_hall:figures-cases"),
        {"period": "2026-10", "org": str(unit), "item": item, "measure": "decided"},
    )
    assert [row["outcome"] for row in found.context["rows"]] == ["准予"]
    for measure in figures.COUNTABLE:
        narrowed = {"period": "2026-10", "measure": measure}
        assert client.get(reverse("service_hall:figures-cases"), narrowed).status_code == 200
    assert client.get(reverse("service_hall:figures-cases"), {"measure": "stars"}).status_code == 404
    assert client.get(reverse("service_hall:figures"), {"org": str(uuid.uuid4())}).status_code == 404
    assert (
        client.get(reverse("service_hall:figures"), {"period": "2019-02", "org": "x", "from": "y"}).status_code == 200
    )


def test_lists_are_taken_out_masked_and_entered_in_the_ledger(client: Client, october: dict[str, Application]) -> None:
    signed_in(client, watcher("supervisor"))
    narrowed = {"period": "2026-10", "measure": "applied", "export": "xlsx"}

    book = load_workbook(io.BytesIO(client.get(reverse("service_hall:figures-cases"), narrowed).content))
    whole = load_workbook(io.BytesIO(client.get(reverse("service_hall:figures"), narrowed).content))

    assert book.active.max_row == 5
    assert "张一" not in {str(value) for row in book.active.values for value in row}
    assert Entry.objects.get(act="service_hall.export").object_id == "figures-cases"
    assert whole.sheetnames == ["指标", "单位"]
    ratings = load_workbook(io.BytesIO(client.get(reverse("ratings:desk"), {"export": "xlsx"}).content))
    assert next(ratings.active.values)[:3] == ("事项", "评价", "责任单位")

    signed_in(client, watcher("clerk", "reviewer"))
    queue = load_workbook(io.BytesIO(client.get(reverse("service_hall:queue-sheet")).content)).active
    done = load_workbook(io.BytesIO(client.get(reverse("service_hall:queue-sheet"), {"queue": "done"}).content)).active
    licences = load_workbook(io.BytesIO(client.get(reverse("service_hall:licences-sheet")).content)).active
    papers = client.get(reverse("service_hall:passed-lists-sheet"))
    deliveries = client.get(reverse("service_hall:deliveries-sheet"))
    assert next(queue.values)[:4] == ("编号", "事项", "环节", "申请人")
    assert {row[3] for row in queue.iter_rows(min_row=2, values_only=True)} == {"张*"}
    assert "结论" in next(done.values)
    assert licences.max_row == 2
    assert {papers.status_code, deliveries.status_code} == {200}
    taken = Entry.objects.filter(act="service_hall.export").values_list("object_id", flat=True)
    assert sorted(taken) == ["deliveries", "figures-cases", "licences", "queue", "queue"]


def test_the_report_is_made_on_the_first_working_day_and_stays_as_it_was(
    client: Client, october: dict[str, Application]
) -> None:
    supervisor = watcher("supervisor")
    with time_machine.travel(dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC), tick=False):  # a Sunday
        assert api.make_due_reports() == 0
    tasks.tend_figures()
    assert api.make_due_reports() == 0
    do_all_work()

    report = latest_report(hall.TENANT)
    assert report is not None
    assert (report.month, report.version, report.made_by) == (dt.date(2026, 10, 1), 1, "系统")
    assert report.figures["whole"]["applied"] == 4
    assert report.sentences[0].startswith("2026年10月全县收到申请 4 件；受理 1 件，办结 1 件")
    assert report.document_id is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthlyReport.objects.filter(pk=report.pk).update(sentences=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        report.delete()

    for month in ("2026-11", "2026-Q3", "2026-10", "1999-12"):
        with pytest.raises(Invalid):
            api.make_report(actor=supervisor, month=month, reason="")
    with pytest.raises(NotPermitted):
        api.make_report(actor=watcher("leader"), month="2026-10", reason="补录了办件")
    hall.submitted(people.citizen("李四"))
    signed_in(client, supervisor)
    address = reverse("service_hall:report", args=[report.id])
    short = client.post(address, {"reason": "补"})
    assert short.status_code == 422
    made = client.post(address, {"reason": "补录了窗口收件"})
    do_all_work()

    newest = latest_report(hall.TENANT)
    assert newest is not None
    assert made["Location"] == reverse("service_hall:report", args=[newest.id])
    assert (newest.version, newest.reason) == (2, "补录了窗口收件")
    assert newest.document_id not in (None, report.document_id)
    assert "已经有更新的版本" in client.get(address).content.decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{address}?export=xlsx").content))
    assert sheet.sheetnames == ["说明", "指标", "单位", "事项"]
    paper = client.get(reverse("service_hall:report-pdf", args=[newest.id]))
    assert paper.content.startswith(b"%PDF")
    assert Entry.objects.filter(act="service_hall.report").count() == 2
    assert client.get(reverse("service_hall:reports")).status_code == 200
    assert client.post(reverse("service_hall:reports"), {"month": "2026-09"}).status_code == 302


def test_a_report_without_an_issuing_unit_says_so_and_is_typeset_when_there_is_one(
    client: Client, october: dict[str, Application]
) -> None:
    code = ParameterValue.objects.create(
        tenant=hall.TENANT, key="service_hall.report_unit", value="Z99", valid_from=dt.date(2026, 1, 1), source="测试"
    )
    supervisor = watcher("supervisor")
    api.make_due_reports()
    do_all_work()
    report = latest_report(hall.TENANT)
    assert report is not None
    page, again = (reverse(f"service_hall:{name}", args=[report.id]) for name in ("report", "report-typeset"))

    assert client.post(again).status_code == 302
    assert signed_in(client, people.citizen()).post(again).status_code == 403
    leader = signed_in(client, watcher("leader"))
    assert "没有机构编码为“Z99”的单位" in leader.get(page).content.decode()
    assert again not in leader.get(page).content.decode()
    assert leader.post(again).status_code == 403
    desk = signed_in(client, supervisor)
    assert again in desk.get(page).content.decode()
    assert "没有机构编码" in desk.post(again, follow=True).content.decode()
    code.value = ""
    code.save()
    assert "正在排版" in desk.get(page).content.decode()
    assert desk.post(again).status_code == 302
    do_all_work()

    report.refresh_from_db()
    assert report.document_id is not None
    assert again not in desk.get(page).content.decode()
    assert "不需要重新排版" in desk.post(again, follow=True).content.decode()


def test_everybody_sees_the_totals_and_no_case(client: Client, october: dict[str, Application]) -> None:
    assert "还没有公布" in client.get(reverse("service_hall:totals")).content.decode()
    api.make_due_reports()

    page = client.get(reverse("service_hall:totals")).content.decode()

    assert "2026年10月政务服务办件情况" in page
    assert hall.UNITS["G22"] not in page  # one decision: too few to say how a unit does
    assert "张" not in page.partition("<main")[2].partition("</main")[0]
    assert "2026年10月全县收到申请 4 件" in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["figures", "figures-cases", "reports"])
def test_statistics_are_for_those_who_answer_for_the_work(client: Client, name: str) -> None:
    hall.found_county()
    address = reverse(f"service_hall:{name}")

    assert client.get(address).status_code == 302
    assert signed_in(client, people.citizen()).get(address).status_code == 403
    assert signed_in(client, watcher("clerk")).get(address).status_code == 403
    for role in ("leader", "supervisor", "hall_manager", "process_admin"):
        assert signed_in(client, watcher(role)).get(address).status_code == 200


def test_a_month_that_has_a_report_is_not_offered_anew_on_a_later_page(client: Client) -> None:
    hall.found_county()
    last = local_date().replace(day=1)
    for month in range(1, 14):
        first = (last - dt.timedelta(days=28 * month)).replace(day=1)
        for version in (1, 2, 3):
            MonthlyReport.objects.get_or_create(
                tenant=hall.TENANT,
                month=first,
                version=version,
                defaults={"figures": {}, "sentences": [], "reason": "补录" * (version - 1), "made_by": "系统"},
            )
    desk = signed_in(client, watcher("supervisor"))
    address = reverse("service_hall:reports")

    offered = desk.get(address).context["months"]

    assert MonthlyReport.objects.count() > 24
    assert desk.get(address, {"page": 2}).context["months"] == offered
