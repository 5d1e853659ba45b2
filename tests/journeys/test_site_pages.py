"""Pages of the group of sites as axe and the W3C's checker see them, wide and enlarged fourfold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.access import faults_of, markup_faults
from tests.journeys.town import DESK, Town, sign_in, visitor

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]

#: what the public reads: portal, a department, a town, a topic, columns, search, opinions, maps, reports
PUBLIC = (
    "/gov/portal/",
    "/gov/portal/news/",
    "/gov/portal/-/map/",
    "/gov/g22/",
    "/gov/g22/news/",
    "/gov/g22/notices/",
    "/gov/g22/policies/",
    "/gov/g22/about/",
    "/gov/t01/",
    "/gov/business/",
    "/gov/-/work-reports/",
    "/search/?q=食品&site=g22",
    "/search/?q=没有这样的词",
    "/opinions/",
    "/disclosure/",
    "/disclosure/catalogue/",
    "/disclosure/guides/",
    "/disclosure/new/",
    "/disclosure/reports/",
)
#: who keeps sites
DESK_PAGES = (
    "/sites/",
    "/sites/inspection/",
    "/sites/visits/",
    "/sites/open/",
    "/sites/inspection/league/",
    "/sites/words/",
    "/sites/migrations/",
)
_MODULES = "/sites/modules/"
#: Wagtail's own screens: only what axe calls serious or critical, and none of their markup, which is not ours
WAGTAIL = ("/cms/", "/cms/pages/")
_NARROW = {"width": 320, "height": 256}
_KEPT = re.compile(r'href="(/sites/keep/[0-9a-f-]{36}/)"')
_LINK = re.compile(r'href="(/gov/g22/news/[^"/]+/)"')
_MODULE = re.compile(r'href="((?:/sites/modules/)?\?[^"]*|/sites/modules/[^"]+)"')


@dataclass
class Walk:
    """What was opened and what was wrong with it."""

    town: Town
    opened: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    markup: dict[str, str] = field(default_factory=dict)

    def look(self, page: Page, path: str, *, ours: bool = True) -> str:
        """Open a page and judge it; gives its markup as it was sent."""
        answer = page.goto(self.town.base + path)
        assert answer is not None
        assert answer.status == 200, path
        html = answer.text()
        self.opened.append(path)
        found = faults_of(page, serious=not ours)
        self.faults += [f"{path} | {rule} | {element[:300]}" for rule, elements in found for element in elements]
        if ours:
            self.markup[path] = html
            page.set_viewport_size(_NARROW)  # type: ignore[arg-type]  # a size
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > _NARROW["width"]:
                self.faults.append(f"{path} | {width} wide where it is enlarged fourfold")
            page.set_viewport_size(DESK)
        return html


def _public(walk: Walk, browser: Browser) -> None:
    with visitor(browser) as page:
        for path in PUBLIC:
            html = walk.look(page, path)
            if path == "/gov/g22/news/":
                walk.look(page, _LINK.findall(html)[0])
        for choice in ("large-print", "traditional"):
            page.goto(f"{walk.town.base}/{choice}/?on=1&next=/")
            for path in ("/gov/portal/", "/gov/g22/news/"):
                walk.look(page, path)
            page.goto(f"{walk.town.base}/{choice}/?on=0&next=/")


def _desk(walk: Walk, browser: Browser) -> Iterator[str]:
    with visitor(browser) as page:
        sign_in(page, walk.town, "site.admin")
        for path in DESK_PAGES:
            html = walk.look(page, path)
            if path == "/sites/":
                walk.look(page, _KEPT.findall(html)[0])
        html = walk.look(page, _MODULES)
        for path in sorted({one if one.startswith("/") else _MODULES + one for one in _MODULE.findall(html)}):
            walk.look(page, path.replace("&amp;", "&"))
            yield path
        for path in WAGTAIL:
            walk.look(page, path, ours=False)


def test_pages_of_sites_are_open_to_everybody(town: Town, browser: Browser, tmp_path: Path) -> None:
    walk = Walk(town)
    _public(walk, browser)
    gallery = list(_desk(walk, browser))
    assert len(gallery) > 5
    assert len(set(walk.opened)) >= 20 + len(gallery)
    faults = walk.faults + markup_faults(walk.markup, tmp_path)
    assert not faults, "\n".join(faults)
