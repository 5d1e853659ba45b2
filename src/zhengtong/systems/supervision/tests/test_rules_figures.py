import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.supervision.rules import Tally, UnitFigures, ranked, share

COUNTS = st.integers(0, 100_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
NUMBERS = st.integers(0, 4)
UNITS = st.lists(
    st.builds(
        UnitFigures,
        org_id=st.uuids(),
        org_name=st.text("甲乙丙丁", min_size=1, max_size=3),
        yellow=NUMBERS,
        red=NUMBERS,
        breach=NUMBERS,
        late_steps=NUMBERS,
        steps=st.integers(0, 12).flatmap(lambda n: st.builds(Tally, in_time=st.integers(0, n), done=st.just(n))),
    ),
    max_size=8,
    unique_by=lambda unit: unit.org_id,
)


@given(COUNTS, st.integers(0, 20))
def test_a_share_is_a_percentage_or_nothing(pair, smallest):
    part, whole = pair

    found = share(part, whole, smallest=smallest)

    if whole < max(smallest, 1):
        assert found is None
    else:
        assert abs(found - Decimal(part) * 100 / whole) <= Decimal("0.1")
        assert (found == 100) == (part == whole)
        assert (found == 0) == (part == 0)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(4, 4, None), (5, 5, "100.0"), (2, 3, None), (5, 6, "83.3"), (1, 8, "12.5"), (99_999, 100_000, "99.9")],
)
def test_shares_by_hand(part, whole, percent):
    assert share(part, whole, smallest=5) == (Decimal(percent) if percent else None)


def test_more_in_time_than_done_is_an_error():
    with pytest.raises(ValueError, match="no share"):
        share(6, 5, smallest=5)


@given(UNITS)
def test_ranking_keeps_every_unit_and_puts_the_gravest_first(units):
    found = ranked(units, smallest=5)

    assert {unit.org_id for unit in found} == {unit.org_id for unit in units}
    graves = [(unit.breach, unit.red, unit.yellow) for unit in found]
    assert graves == sorted(graves, reverse=True)
    assert [unit.rank for unit in found] == sorted(unit.rank for unit in found)
    assert all(unit.rank == 1 for unit in found[:1])


@given(UNITS)
def test_the_order_of_the_rows_does_not_change_a_rank(units):
    ranks = {unit.org_id: unit.rank for unit in ranked(units, smallest=5)}

    assert {unit.org_id: unit.rank for unit in ranked(units[::-1], smallest=5)} == ranks


def test_equal_units_share_a_rank_and_the_next_one_counts_on():
    units = [
        UnitFigures(uuid.UUID(int=n), name, red=red) for n, name, red in ((1, "甲", 1), (2, "乙", 1), (3, "丙", 0))
    ]

    assert [(unit.org_name, unit.rank) for unit in ranked(units, smallest=5)] == [("乙", 1), ("甲", 1), ("丙", 3)]


def test_the_worst_lamp_of_a_unit():
    unit = UnitFigures(uuid.UUID(int=1), "甲", yellow=2, red=1)

    assert (unit.worst, unit.cards) == ("red", 3)
    assert UnitFigures(uuid.UUID(int=1), "甲").worst == ""
