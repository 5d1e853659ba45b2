"""How many reviews, who may review, which moments: without a database."""

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.sites.rules.reviewing import may_judge, reviews_needed, steps
from zhengtong.systems.sites.rules.scheduling import GRACE, is_late, kept_until, why_not

PATHS = st.lists(st.sampled_from(["0001", "0002", "0003"]), min_size=1, max_size=4).map("".join)
KEYS = st.one_of(st.none(), st.sampled_from([uuid.UUID(int=n) for n in range(1, 5)]))
MOMENTS = st.datetimes(min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2027, 1, 1))  # noqa: DTZ001  (naive ones compare the same)


@given(PATHS, st.dictionaries(PATHS, st.integers(0, 3)), st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 3))
def test_the_nearest_that_says_something_counts(path, by_column, of_site, of_county):
    said = reviews_needed(path, by_column, of_site, of_county)

    above = [path[:end] for end in range(len(path), 0, -4) if path[:end] in by_column]
    if above:
        assert said == by_column[above[0]]
    elif of_site is not None:
        assert said == of_site
    else:
        assert said == of_county


@given(KEYS, KEYS, st.lists(st.tuples(KEYS, KEYS), max_size=4))
def test_nobody_reviews_who_had_a_hand_in_it_himself_or_by_a_deputy(who, stood_for, others):
    hands = {one for one in (who, stood_for) if one}
    had_a_hand = {one for pair in others for one in pair if one}

    assert may_judge((who, stood_for), others) == (who is not None and not hands & had_a_hand)


@given(st.integers(1, 3))
def test_the_last_step_is_always_the_signature(reviews):
    assert len(steps(reviews)) == reviews
    assert steps(reviews)[-1] == "final"


@given(MOMENTS, st.one_of(st.none(), MOMENTS), st.one_of(st.none(), MOMENTS))
def test_a_page_comes_in_the_future_and_goes_after_it_came(at, up, down):
    bad = why_not(at, up=up, down=down)

    if not bad:
        assert up is None or up > at
        assert down is None or down > (up or at)
    elif bad == "up":
        assert up is not None
        assert up <= at
    else:
        assert down is not None
        assert down <= (up or at)


@given(MOMENTS, st.integers(0, 400))
def test_late_begins_after_the_grace_and_the_bin_keeps_whole_days(at, days):
    assert not is_late(at, at + GRACE)
    assert is_late(at, at + GRACE + dt.timedelta(seconds=1))
    assert kept_until(at, days) - at == dt.timedelta(days=days)
