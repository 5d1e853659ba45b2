"""A demonstration county in a state folder of its own, whose ledger may hold simulated entries."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from zhengtong.entry.demo.load import load
from zhengtong.kernel import simulation


@pytest.fixture
def demo(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a demonstration."""
    settings.ZHENGTONG_DEMO = True
    settings.ZHENGTONG_DEMO_CASES = 0
    settings.ZHENGTONG_SIMULATED_GATEWAY = True
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    settings.ZHENGTONG_VAR = str(tmp_path)
    monkeypatch.setattr(simulation, "_known", (float("-inf"), None, None))


@pytest.fixture
def permitted(demo: None, superuser_connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A ledger that is still empty becomes that of a demonstration."""
    superuser_connection.execute("insert into ledger_simulationpermit (id) values (1)")
    superuser_connection.commit()


@pytest.fixture
def county(permitted: None) -> None:
    """The county itself."""
    list(load(lambda _text: None))
