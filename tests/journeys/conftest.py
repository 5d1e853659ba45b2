"""The town and the browser: founding a town is dear, so the journeys of a worker share one while they can."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.town import CHROMIUM_FLAGS, OPENING_SECONDS, Town, chromium, running_town

_COUNTY = pytest.StashKey[ExitStack]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First the journeys that leave the county as others expect it."""
    items.sort(key=lambda item: "changed_town" in getattr(item, "fixturenames", ()))
    for item in items:
        if "/journeys/" in item.nodeid:  # whoever comes first waits for the county as well
            own = item.get_closest_marker("timeout")
            seconds = own.args[0] if own else float(item.config.getini("timeout"))
            item.add_marker(pytest.mark.timeout(seconds + OPENING_SECONDS), append=False)


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The county closes with the last journey: it would take its share of the machine from the other tests."""
    if nextitem is None or "/journeys/" not in nextitem.nodeid:
        item.config.stash.get(_COUNTY, ExitStack()).close()


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Town]:
    """The demonstration county of this worker."""
    with ExitStack() as opened:
        pytestconfig.stash[_COUNTY] = opened
        yield opened.enter_context(running_town(tmp_path_factory.mktemp("county") / "state"))


@pytest.fixture
def town(county: Town) -> Town:
    """A county that other journeys have used and will use: other cases stand in its lists."""
    return county


@pytest.fixture
def changed_town(county: Town) -> Town:
    """The same, for a journey that leaves another process or another time behind; it comes after all others."""
    return county


@pytest.fixture(scope="module")
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A county of the module's own, for a journey that kills it."""
    with running_town(tmp_path_factory.mktemp("town") / "state") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system, for one file: left open, it would hold an event loop."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A PDF to hand in."""
    path = tmp_path / "场所证明.pdf"
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(path)
    return path
