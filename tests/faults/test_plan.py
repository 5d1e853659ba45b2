"""The strikes of a run: as many kills as asked, every kind among them, the same for the same seed."""

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from faults.plan import KILLS, OTHERS, plan, shares


@given(st.integers(0, 1000))
def test_the_shares_make_up_the_whole(count):
    found = shares(count)

    assert sum(found.values()) == count
    assert all(number >= 0 for number in found.values())
    if count >= len(KILLS):
        assert all(found.values())


@given(st.integers(8, 400), st.integers(0, 100))
def test_every_kind_of_fault_strikes(count, seed):
    strikes = plan(count, seed, seconds=count * 5.0)

    kinds = Counter(strike.kind for strike in strikes)
    assert set(kinds) == {*KILLS, *OTHERS}
    assert sum(number for kind, number in kinds.items() if kind in KILLS) == count
    assert sum(strike.pause for strike in strikes) < count * 5.0 * 1.8


def test_a_seed_is_a_run():
    assert plan(50, 7, seconds=100) == plan(50, 7, seconds=100)
    assert plan(50, 7, seconds=100) != plan(50, 8, seconds=100)


def test_the_other_faults_do_not_come_all_at_the_end():
    strikes = plan(200, 7, seconds=900)

    places = [place for place, strike in enumerate(strikes) if strike.kind in OTHERS]
    assert len(places) == 2 * len(OTHERS)
    assert max(later - earlier for earlier, later in itertools.pairwise(places)) < 30
