"""Two counties with everything in them, for tests that try one against the other."""

from collections.abc import Iterator

import pytest

from tests.security.fuller import fill
from tests.tenants.county import County, two_counties


@pytest.fixture
def counties(db: None) -> Iterator[tuple[County, County]]:
    """Red Soil and White Water, each with its units, people, cases, papers and cards."""
    with two_counties() as both:
        yield both


@pytest.fixture
def filled_counties(counties: tuple[County, County]) -> tuple[County, County]:
    """The same, and Red Soil has one of every kind of thing besides: slow, for tests that try keys of all kinds."""
    with counties[0].here():
        fill(counties[0])
    return counties
