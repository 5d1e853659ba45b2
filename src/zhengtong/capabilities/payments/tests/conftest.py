"""The simulated gateway is allowed in the tests of payments."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def simulated_gateway(settings: Any) -> None:
    """As in a demonstration."""
    settings.ZHENGTONG_SIMULATED_GATEWAY = True
