"""Emergency banners: two people, at once on every page, gone when ended or over."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import Banner
from zhengtong.systems.sites.rules import banners as rules
from zhengtong.systems.sites.tests import group as town

WORDS = "受台风影响，今天 14 时起全县学校停课"


@given(st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_a_span_stands_when_it_ends_later_than_it_begins_and_than_now_and_within_a_month(start, end):
    moment = town.MONDAY
    starts_at, ends_at = moment + dt.timedelta(hours=start), moment + dt.timedelta(hours=end)

    wrong = rules.problem(WORDS, starts_at, ends_at, moment)

    assert (not wrong) == (end > start and end > 0 and end - start <= 30 * 24)


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def second(sites):
    return town.keeper("second", "site_admin", org=town.OFFICE)


def _proposed(boss, **fields):
    span = {"starts_at": now(), "ends_at": now() + dt.timedelta(hours=6)}
    return api.propose_banner(actor=boss, words=WORDS, **{**span, **fields})


@pytest.mark.django_db
def test_a_banner_stands_on_every_page_once_a_second_person_approved_it(sites, boss, second, clock, client):
    row = _proposed(boss)
    pages = [sites[code].url for code in ("portal", "g22", "g08")] + [town.column(sites["g22"]).relative_address()]
    assert not any(WORDS in client.get(page).content.decode() for page in pages)
    with pytest.raises(Conflict, match="另一人"):
        api.approve_banner(actor=boss, banner_id=row.pk)

    api.approve_banner(actor=second, banner_id=row.pk)

    assert all(WORDS in client.get(page).content.decode() for page in pages)
    asked = client.get(reverse("sites:banners", args=["g22"]))
    assert WORDS in asked.content.decode()
    assert asked["Cache-Control"] == "no-store"
    assert Entry.objects.filter(object_id=str(row.pk)).count() == 2
    assert OutboxEvent.objects.filter(name="sites.banner_raised.v1", object_id=str(row.pk)).count() == 1
    clock.shift(dt.timedelta(hours=6))
    assert not any(WORDS in client.get(page).content.decode() for page in pages)


@pytest.mark.django_db
def test_a_banner_waits_for_its_beginning_and_keeps_to_its_sites(sites, boss, second, clock, client):
    begin = now() + dt.timedelta(hours=1)
    row = _proposed(boss, starts_at=begin, site_codes=["g22"])
    api.approve_banner(actor=second, banner_id=row.pk)
    assert WORDS not in client.get(sites["g22"].url).content.decode()

    clock.shift(dt.timedelta(hours=1))

    assert WORDS in client.get(sites["g22"].url).content.decode()
    assert WORDS not in client.get(sites["g08"].url).content.decode()


@pytest.mark.django_db
def test_a_banner_is_ended_early_with_a_reason(sites, boss, second, client):
    row = _proposed(boss)
    api.approve_banner(actor=second, banner_id=row.pk)
    with pytest.raises(Invalid, match="理由"):
        api.end_banner(actor=boss, banner_id=row.pk, reason="完")

    api.end_banner(actor=boss, banner_id=row.pk, reason="台风已经离开本县")

    assert WORDS not in client.get(sites["portal"].url).content.decode()
    assert WORDS not in client.get(reverse("sites:banners", args=["portal"])).content.decode()
    assert OutboxEvent.objects.filter(name="sites.banner_ended.v1", object_id=str(row.pk)).count() == 1
    with pytest.raises(Conflict, match="已经结束"):
        api.end_banner(actor=boss, banner_id=row.pk, reason="台风已经离开本县")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"address": "javascript:alert(1)"}, {"site_codes": ["g99"]}, {"level": "pink"}, {"words": "短"}]
)
def test_what_cannot_stand_is_refused(sites, boss, fields):
    span = {"starts_at": now(), "ends_at": now() + dt.timedelta(hours=6)}
    with pytest.raises(Invalid):
        api.propose_banner(actor=boss, **{"words": WORDS, **span, **fields})


@pytest.mark.django_db
def test_only_the_keepers_of_the_group_raise_banners(sites, publisher, boss):
    with pytest.raises(NotPermitted):
        _proposed(publisher)
    row = _proposed(boss)
    with pytest.raises(NotPermitted):
        api.approve_banner(actor=publisher, banner_id=row.pk)
    with pytest.raises(IntegrityError, match="sites_banner_two_people"), transaction.atomic():
        Banner.objects.filter(pk=row.pk).update(approved_by=row.proposed_by, approved_at=now())


@pytest.mark.django_db
def test_the_page_of_the_banners(sites, boss, second, publisher):
    one, other = people.sign_in(Client(), boss), people.sign_in(Client(), second)
    sent = {"words": WORDS, "level": "red", "starts_at": "2026-11-09T10:00", "ends_at": "2026-11-09T20:00"}
    address = reverse("sites_desk:banners")
    assert one.post(address, sent | {"ends_at": "x"}).status_code == 422
    assert one.post(address, sent).status_code == 302
    row = Banner.objects.get()
    decide = reverse("sites_desk:banner", args=[row.pk])

    assert one.post(decide, {"act": "approve"}).status_code == 422
    assert other.post(decide, {"act": "approve"}).status_code == 302
    assert "已批准" in one.get(address).content.decode()
    assert people.sign_in(Client(), publisher).get(address).status_code == 403
