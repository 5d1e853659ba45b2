"""A county that reports one small data set to an upper platform in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.exchange.tests.upper import Reporting, reporting_county


@pytest.fixture
def reporting(settings: Any, tmp_path: Path, db: None) -> Iterator[Reporting]:
    with reporting_county(settings, tmp_path) as found:
        yield found
