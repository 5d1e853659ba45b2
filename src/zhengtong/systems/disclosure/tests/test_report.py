"""The yearly report: equations that hold for any county, figures that open, a second person, what stays frozen."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.models import YearlyReport
from zhengtong.systems.disclosure.rules import report as rules
from zhengtong.systems.disclosure.selectors.report import behind, carried_otherwise, tables_of
from zhengtong.systems.disclosure.tests.county import answered, official, sent, signed_in, text_of

DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31))


@st.composite
def asked(draw: Any) -> rules.Asked:
    received = draw(DAYS)
    closed = draw(st.none() | st.integers(0, 500))
    row = draw(st.sampled_from(rules.RESULTS)) if closed is not None else ""
    done = None if closed is None else received + dt.timedelta(closed)
    return rules.Asked("", draw(st.sampled_from(rules.COLUMNS)), received, done, row)


@given(st.lists(asked(), max_size=40), st.integers(2023, 2029))
def test_what_came_went_somewhere_and_next_year_takes_up_what_was_left(rows: list[rules.Asked], year: int) -> None:
    now, after = rules.table_two(rows, year), rules.table_two(rows, year + 1)
    assert rules.why_unbalanced(now) == []
    assert now[rules.NEXT] == after[rules.CARRIED]


@given(st.lists(asked(), min_size=1, max_size=20), st.integers(2023, 2028), st.sampled_from(rules.COLUMNS))
def test_a_figure_that_was_changed_by_hand_is_found(rows: list[rules.Asked], year: int, column: str) -> None:
    table = rules.table_two(rows, year)
    table["open"][column] += 1
    assert [one.split(":")[0] for one in rules.why_unbalanced(table)] == [column]


@given(
    st.lists(st.tuples(st.sampled_from(rules.REMEDY_KINDS), DAYS, st.none() | st.integers(0, 900)), max_size=20),
    st.integers(2023, 2028),
)
def test_a_remedy_is_pending_or_has_one_result(given_rows: list[tuple[str, dt.date, int | None]], year: int) -> None:
    rows = [
        rules.Contested(
            "", kind, day, "pending" if n is None else "upheld", None if n is None else day + dt.timedelta(n)
        )
        for kind, day, n in given_rows
    ]
    table = rules.table_three(rows, year)
    counted = [one for one in rows if rules.rows_of_remedy(one, year)]
    assert sum(rules.total_of_row(table, kind) for kind in rules.REMEDY_KINDS) == len(counted)


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 900)), max_size=20), st.integers(2024, 2028))
def test_what_is_in_force_is_last_years_with_what_was_made_and_without_what_ended(
    given_rows: list[tuple[dt.date, int | None]], year: int
) -> None:
    rows = [rules.Listed("", "normative", day, None if n is None else day + dt.timedelta(n)) for day, n in given_rows]
    before, now = (rules.table_one(rows, one)["normative"] for one in (year - 1, year))
    assert now["valid"] == before["valid"] + now["made"] - now["abolished"]


def test_the_days_on_which_reports_are_due() -> None:
    assert rules.due_on(2026, county=False) == dt.date(2027, 1, 31)
    assert rules.due_on(2026, county=True) == dt.date(2027, 3, 31)


WORDS = api.ReportWords(manual={"permits": "12"}, overview="全年主动公开信息。", problems="公开不够及时，已改进。")


def prepared(clerk: Actor, year: int = 2026) -> YearlyReport:
    row = api.begin_report(actor=clerk, year=year, county=False)
    return api.write_report(actor=clerk, report_id=row.id, words=WORDS)


@pytest.mark.django_db
def test_a_report_is_published_by_another_when_the_year_is_over_and_then_frozen(clerk, head, clock) -> None:
    answered(clerk, head, sent().row)
    still = sent().row
    row = prepared(clerk)
    assert api.begin_report(actor=clerk, year=2026, county=False).pk == row.pk
    with pytest.raises(Conflict, match="没有结束"):
        api.publish_report(actor=head, report_id=row.id)
    clock.shift(dt.timedelta(days=60))
    both = official("both", "clerk", "leader")
    api.write_report(actor=both, report_id=row.id, words=WORDS)
    with pytest.raises(NotPermitted):
        api.publish_report(actor=both, report_id=row.id)
    done = api.publish_report(actor=head, report_id=row.id)
    assert (done.frozen["two"]["open"]["person"], done.frozen["two"]["next"]["person"]) == (1, 1)
    with pytest.raises(Conflict):
        api.write_report(actor=clerk, report_id=row.id, words=WORDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyReport.objects.filter(pk=row.pk).update(overview="改了")
    after = prepared(clerk, 2027)
    assert tables_of(after).two["carried"]["person"] == 1
    assert carried_otherwise(after) == ""
    api.split(actor=clerk, request_id=still.id, parts=["2025 年的规划条件", "2024 年的规划条件"])
    assert "结转 1 件" in carried_otherwise(after)


@pytest.mark.django_db
def test_every_figure_opens_to_its_rows(clerk, head) -> None:
    row = answered(clerk, head, sent().row)
    api.enter_remedy(actor=clerk, request_id=row.id, kind="suit", body="青禾县人民法院", lodged_on=dt.date(2026, 11, 9))
    sent(applicant_kind="law", name="青禾律师事务所")
    found = prepared(clerk)
    tables = tables_of(found)
    for line, columns in tables.two.items():
        for column, n in columns.items():
            assert len(behind(found, "two", line, column)) == n
    assert [one.number for one in behind(found, "three", "suit", "pending")] == [row.number]
    assert behind(found, "three", "suit", "upheld") == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["很多", "-1", "1e5"])
def test_a_figure_by_hand_is_a_number(clerk, value: str) -> None:
    row = prepared(clerk)
    with pytest.raises(Invalid) as refusal:
        api.write_report(actor=clerk, report_id=row.id, words=api.ReportWords(manual={"fees": value}))
    assert "fees" in refusal.value.errors


@pytest.mark.django_db
def test_the_pages_of_a_report(clerk, head, authority, clock) -> None:
    answered(clerk, head, sent().row)
    row = prepared(clerk)
    desk, boss = signed_in(clerk), signed_in(head)
    page = text_of(desk.get(reverse("disclosure:desk_report", args=[row.id])))
    link = reverse("disclosure:report_rows", args=[row.id]) + "?table=two&amp;row=open&amp;column=person"
    assert link in page
    assert "GK2026" in text_of(desk.get(link.replace("&amp;", "&")))
    assert desk.get(reverse("disclosure:report_rows", args=[row.id]) + "?table=four").status_code == 404
    assert boss.post(reverse("disclosure:publish_report", args=[row.id])).status_code == 409
    clock.shift(dt.timedelta(days=60))
    desk, boss = signed_in(clerk), signed_in(head)
    assert Client().get(reverse("disclosure:report", args=[row.id])).status_code == 404
    assert boss.post(reverse("disclosure:publish_report", args=[row.id])).status_code == 302
    assert "公开不够及时" in text_of(Client().get(reverse("disclosure:report", args=[row.id])))
    assert Client().get(reverse("disclosure:report_xlsx", args=[row.id])).status_code == 200
    county = signed_in(authority).post(reverse("disclosure:desk_reports"), {"year": "2026", "county": "yes"})
    assert county.status_code == 302
    assert YearlyReport.objects.get(org_code="").due_on == dt.date(2027, 3, 31)
