"""The whole demonstration, loaded as its first start loads it."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from zhengtong.entry.demo.load import load


@pytest.fixture
def demonstration(settings: Any, tmp_path: Path, superuser_connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The county with its people, complaints, requests and consultations, laid into the past year."""
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    superuser_connection.execute("insert into ledger_simulationpermit (id) values (1)")
    superuser_connection.commit()
    list(load(lambda _text: None))
