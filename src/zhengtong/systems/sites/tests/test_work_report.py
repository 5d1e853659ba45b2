"""The yearly work report: counted, filled in, frozen and published by another person, the same ever after."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel import letters
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import SiteWorkReport
from zhengtong.systems.sites.rules import work_report as rules
from zhengtong.systems.sites.selectors.work_report import behind, figures_of
from zhengtong.systems.sites.tests import group as town

YEAR = 2026
FILLED = {key: "yes" if line.kind == rules.YES_NO else "0" for key, line in rules.BY_HAND.items()}


def test_no_line_of_the_form_stands_twice():
    keys = [line.key for part in rules.FORM for line in part.lines]

    assert len(keys) == len(set(keys))


@given(st.text(max_size=12))
def test_a_number_is_digits_with_two_after_the_point_at_most(text):
    ok = not text or rules._NUMBER.fullmatch(text) is not None

    assert ("visitors" not in rules.wrong({"visitors": text})) == ok
    assert "assistant" in rules.wrong({"assistant": f"{text}!"})


def test_what_is_empty_is_missing():
    assert len(rules.missing({})) == len(rules.BY_HAND)
    assert not rules.missing(FILLED)


def _import(column, slug, day):
    words = api.ArticleWords(slug=slug, title=f"文章{slug}", published_on=day, source="市场监管局", text="<p>正文</p>")
    api.import_articles(actor=system(people.tenant()), site_code="g22", articles={column: [words]})


@pytest.fixture
def row(sites, editor):
    for number, column in enumerate(("news", "news", "notices", "about")):
        _import(column, f"a{number}", dt.date(YEAR, 3, 1))
    _import("news", "old", dt.date(YEAR - 1, 12, 31))
    return api.begin_work_report(actor=editor, site_id=sites["g22"].pk, year=YEAR)


@pytest.mark.django_db
def test_the_platform_counts_what_it_knows_and_every_figure_opens_to_its_rows(row, sites, monkeypatch):
    def year(_tenant, _year):
        return {sites["g22"].org_id: letters.YearOfLetters(received=5, ended=4, days=10)}

    monkeypatch.setattr(letters.letter_boxes, "_items", {"x": letters.LetterBox("来信", lambda _t, _d: [], year)})

    figures = figures_of(row)

    assert {key: figures[key] for key in ("published", "news", "open", "about")} == {
        "published": "4",
        "news": "2",
        "open": "1",
        "about": "1",
    }
    assert (figures["letters"], figures["letters_ended"], figures["letters_days"]) == ("5", "4", "2.5")
    for key in ("published", "news", "open", "about", "readings", "specials", "specials_new", "found", "closed"):
        assert behind(row, key).total == int(figures[key])
    with pytest.raises(NotFound):
        behind(row, "visitors")
    assert {line.key for part in rules.FORM for line in part.lines if line.kind == rules.COUNTED} == set(figures)


@pytest.mark.django_db
def test_a_report_is_published_by_another_person_when_the_year_is_over_and_then_stays(row, editor, publisher, clock):
    with pytest.raises(Invalid):
        api.write_work_report(actor=editor, report_id=row.pk, manual={**FILLED, "visits": "很多"})
    api.write_work_report(actor=editor, report_id=row.pk, manual={**FILLED, "visits": ""})
    with pytest.raises(NotPermitted):
        api.publish_work_report(actor=editor, report_id=row.pk)
    with pytest.raises(Conflict, match="没有结束"):
        api.publish_work_report(actor=publisher, report_id=row.pk)
    clock.move_to(dt.datetime(YEAR + 1, 1, 5, 2, tzinfo=dt.UTC))
    with pytest.raises(Conflict, match="没有填写"):
        api.publish_work_report(actor=publisher, report_id=row.pk)
    api.write_work_report(actor=editor, report_id=row.pk, manual=FILLED)

    api.publish_work_report(actor=publisher, report_id=row.pk)
    _import("news", "late", dt.date(YEAR, 12, 30))

    row.refresh_from_db()
    assert figures_of(row)["published"] == "4"
    assert OutboxEvent.objects.filter(name="sites.work_report_published.v1", object_id=str(row.pk)).count() == 1
    assert Entry.objects.filter(object_id=str(row.pk), act="sites.publish_work_report").count() == 1
    with pytest.raises(Conflict):
        api.write_work_report(actor=editor, report_id=row.pk, manual=FILLED)
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteWorkReport.objects.filter(pk=row.pk).update(manual={})
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@pytest.mark.django_db
def test_who_prepared_it_does_not_publish_it_whatever_his_roles(sites, publisher, clock):
    row = api.begin_work_report(actor=publisher, site_id=sites["g22"].pk, year=YEAR)
    api.write_work_report(actor=publisher, report_id=row.pk, manual=FILLED)
    clock.move_to(dt.datetime(YEAR + 1, 1, 5, 2, tzinfo=dt.UTC))
    with pytest.raises(NotPermitted, match="另一人"):
        api.publish_work_report(actor=publisher, report_id=row.pk)


@pytest.mark.django_db
def test_the_pages_of_a_report_from_the_desk_to_the_public(row, editor, publisher, clock):
    one, other, stranger = people.sign_in(Client(), editor), people.sign_in(Client(), publisher), Client()
    address = reverse("sites_desk:work_report", args=[row.pk])
    public = reverse("sites:work_report", args=[row.pk])
    assert stranger.get(public).status_code == 404
    assert one.post(address, {"visits": "很多"}).status_code == 422
    assert one.post(address, FILLED).status_code == 302
    rows = one.get(reverse("sites_desk:work_report_rows", args=[row.pk, "news"]))
    assert "文章a0" in rows.content.decode()
    assert one.get(reverse("sites_desk:work_report_rows", args=[row.pk, "none"])).status_code == 404
    clock.move_to(dt.datetime(YEAR + 1, 1, 5, 2, tzinfo=dt.UTC))
    publish = reverse("sites_desk:publish_work_report", args=[row.pk])
    other = people.sign_in(Client(), publisher)
    assert other.post(publish).status_code == 302
    assert other.post(publish).status_code == 409

    shown = stranger.get(public).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(stranger.get(public, {"format": "xlsx"}).content))

    assert "信息发布总数" in shown
    assert "work-reports" in stranger.get(reverse("sites:work_reports")).content.decode()
    assert [cell.value for cell in book["信息发布"][2]][:2] == ["信息发布总数", "4"]


@pytest.mark.django_db
def test_nobody_prepares_the_report_of_another_unit(row, sites, editor):
    civil = town.keeper("civil", "site_editor", "site_publisher", org=town.CIVIL)
    browser = people.sign_in(Client(), civil)

    assert browser.get(reverse("sites_desk:work_report", args=[row.pk])).status_code == 404
    assert browser.post(reverse("sites_desk:publish_work_report", args=[row.pk])).status_code == 404
    with pytest.raises(NotFound):
        api.begin_work_report(actor=civil, site_id=sites["g22"].pk, year=YEAR)
    with pytest.raises(Invalid):
        api.begin_work_report(actor=editor, site_id=sites["g22"].pk, year=YEAR + 1)
