"""Every benchmark runs and says what it measured; how fast is never asserted."""

import json
from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.__main__ import benchmarks, full_benchmarks, sites_benchmarks
from benchmarks.context import Context


@pytest.fixture
def context(committed_db, database_urls):
    context = Context(database_urls)
    yield context
    context.close()


@pytest.mark.timeout(900)
@pytest.mark.full
def test_every_benchmark_measures_and_is_written_down(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(results, "DOCUMENT", tmp_path / "docs" / "benchmarks.md")

    found = [result for run in benchmarks(tiny=True).values() for result in run(context)]
    results.write(found, where="测试机", day=results.dt.date(2026, 11, 9))

    entries = json.loads(results.RESULTS.read_text(encoding="utf-8"))
    assert {name.partition(".")[0] for name in entries} == set(benchmarks())
    assert len(entries) == len(found)
    assert all(set(e) == {"value", "what", "against", "unit", "machine", "date"} for e in entries.values())
    assert all(entry["value"] >= 0 and entry["what"] and entry["unit"] for entry in entries.values())
    document = results.DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{name}`" in document for name in entries)


@pytest.mark.full
@pytest.mark.parametrize("name", ["sites_keeping", "site_search"])
def test_measurements_of_the_sites_that_need_no_other_server(context: Context, name: str) -> None:
    found = sites_benchmarks(tiny=True)[name](context)
    assert {result.name.partition(".")[0] for result in found} == {name}
    assert all(result.value >= 0 and result.what and result.unit for result in found)


def test_every_benchmark_has_its_place_in_the_document() -> None:
    assert set(results._TITLES.values()) == {*benchmarks(), *full_benchmarks(), *sites_benchmarks()}
