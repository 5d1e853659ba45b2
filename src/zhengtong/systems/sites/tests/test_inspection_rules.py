"""The indicators of the inspection: pure, on the day their limits pass and not a day before."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.sites.rules import inspection as rules
from zhengtong.systems.sites.rules.inspection import Column, Known, Limits, OnPage

TODAY = dt.date(2026, 11, 9)
LIMITS = Limits()


def _column(**fields):
    return Column(**{"key": 1, "title": "工作动态", "kind": "news", "made_on": dt.date(2026, 1, 1), **fields})


def _found(known, today=TODAY):
    return {(one.indicator, one.key) for one in rules.findings(known, LIMITS, today)}


def _site(**fields):
    return Known(**{"opened_on": dt.date(2026, 1, 1), "updated_on": TODAY, **fields})


@given(st.integers(0, 400), st.sampled_from(["news", "notices", "policies", "disclosure", "about", "special"]))
def test_a_column_is_stale_from_the_day_after_its_limit(days, kind):
    column = _column(kind=kind, articles=3, updated_on=TODAY - dt.timedelta(days=days))

    found = {indicator for indicator, _key in _found(_site(columns=(column,)))}

    limit = {"news": 14, "notices": 180, "policies": 180, "disclosure": 180}.get(kind)
    expected = {"news_stale" if kind == "news" else "notice_stale"} if limit is not None and days > limit else set()
    assert found == expected


@given(st.integers(1, 366), st.integers(0, 500))
def test_a_promised_cycle_counts_for_any_kind_of_column(cycle, days):
    column = _column(kind="special", articles=1, updated_on=TODAY - dt.timedelta(days=days), cycle_days=cycle)

    assert (("cycle_passed", "1") in _found(_site(columns=(column,)))) == (days > cycle)
    assert rules.days_left(column, LIMITS, TODAY) == cycle - days


@given(st.dates(dt.date(2024, 1, 1), dt.date(2026, 11, 8)), st.integers(1, 400))
def test_what_is_late_one_day_was_late_since_the_day_it_says_and_stays_late(since, days):
    found = rules.findings(_site(columns=(_column(articles=1, updated_on=since),)), LIMITS, TODAY)
    [late] = [one for one in found if one.indicator == "news_stale"] or [None]
    if late is None:
        return
    known = _site(columns=(_column(articles=1, updated_on=since),))
    assert ("news_stale", "1") in _found(known, late.since)
    assert ("news_stale", "1") not in _found(known, late.since - dt.timedelta(days=1))
    assert ("news_stale", "1") in _found(known, TODAY + dt.timedelta(days=days))


def test_an_empty_column_is_empty_and_not_stale_and_modules_fill_it():
    empty, modules = _column(), _column(modules=True, kind="services")

    assert _found(_site(columns=(empty,))) == {("empty", "1")}
    assert _found(_site(columns=(modules,))) == set()


def test_the_home_counts_from_the_newest_article_else_from_the_day_it_opened():
    assert _found(_site(updated_on=TODAY - dt.timedelta(days=14))) == set()
    assert _found(_site(updated_on=TODAY - dt.timedelta(days=15))) == {("home_stale", "home")}
    assert _found(_site(updated_on=None)) == {("home_stale", "home")}


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_site_counts_as_unreachable_from_five_percent_of_enough_tries(tries, failures):
    failures = min(tries, failures)

    there = ("unreachable", "reach") in _found(_site(tries=tries, failures=failures))

    assert there == (tries >= 20 and rules.share_failed(tries, failures) >= 5)
    assert rules.share_failed(tries, failures) <= 100


def test_letters_count_after_three_months():
    def letters(days):
        return rules.Letters("complaints", "咨询投诉", 2, TODAY - dt.timedelta(days=days))

    assert _found(_site(letters=(letters(90),))) == set()
    assert _found(_site(letters=(letters(91),))) == {("unanswered", "complaints")}


def test_two_errors_of_one_page_are_two_findings_and_the_same_error_is_one():
    one = OnPage("word", 7, "通告", "第 1 段", "“截止目前”疑为“截至目前”。", TODAY)
    other = OnPage("word", 7, "通告", "第 2 段", "“截止目前”疑为“截至目前”。", TODAY)

    assert len(_found(_site(on_pages=(one, one, other)))) == 2


def test_marks_that_are_missing_are_named():
    assert _found(_site(missing=("ICP 备案号",))) == {("footer", "ICP 备案号")}


@given(st.dictionaries(st.sampled_from([*rules._ADVICE]), st.integers(0, 12)))
def test_a_veto_is_red_anything_else_yellow_nothing_green(counts):
    judged = rules.verdict(counts, LIMITS)

    alone = any(counts.get(one) for one in ("unreachable", "home_stale", "serious", "unanswered"))
    many = (
        counts.get("news_stale", 0) + counts.get("notice_stale", 0) >= 5
        or counts.get("cycle_passed", 0) >= 10
        or counts.get("empty", 0) >= 5
    )
    expected = "red" if alone or many else "yellow" if any(counts.values()) else "green"
    assert judged.lamp == expected
    assert bool(judged.vetoes) == (expected == "red")


@given(st.lists(st.sampled_from([*rules._ADVICE]), max_size=60))
def test_the_score_is_a_hundred_less_every_row_and_never_below_nothing(indicators):
    points = dict.fromkeys(rules._ADVICE, 1.5) | {"dead_link": 0.1}

    off = rules.points_off(indicators, points)

    one_by_one = sum((Decimal(str(points[one])) for one in indicators), Decimal(0))
    assert rules.score(off) == max(Decimal(0), 100 - one_by_one)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100).map(Decimal)), max_size=20))
def test_places_follow_vetoes_then_score_and_equal_ones_share(scores):
    places = rules.places(scores)

    for (vetoes, points), place in zip(scores, places, strict=True):
        better = sum((v, -p) < (vetoes, -points) for v, p in scores)
        assert place == better + 1


def test_every_indicator_says_what_to_do():
    from zhengtong.systems.sites.constants import Indicator

    assert all(rules.advice(one).endswith("。") for one in Indicator.values)


def test_only_serious_errors_and_wrong_words_of_the_checks_count():
    assert rules.kind_of_error("secret", blocks=True) == "serious"
    assert rules.kind_of_error("date", blocks=False) == ""
    assert rules.kind_of_error("word", blocks=False) == "word"
    assert rules.kind_of_error("mobile", blocks=False) == ""
