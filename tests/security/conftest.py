"""Two counties with everything in them, for tests that try one against the other."""

from collections.abc import Iterator

import pytest

from tests.tenants.county import County, two_counties


@pytest.fixture
def counties(db: None) -> Iterator[tuple[County, County]]:
    """Red Soil and White Water, each with its units, people, cases, papers and cards."""
    with two_counties() as both:
        yield both
