"""The sites of the demonstration: a portal, one for each unit that is in use, with articles made from templates."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.sites import api as sites

_DATA = Path(__file__).parent / "data" / "sites.json"
_OFFICE = "C02"
#: column → kind of templates; one article in so many days, the newest of them some days old
_COLUMNS = {
    "news": "news",
    "notices": "notices",
    "policies": "policies",
    "reading": "policies",
    "disclosure": "disclosure",
}
_APART = 4


def load_sites(boss: Actor, progress: Callable[[str], None]) -> None:
    """Portal and sites of all units, then their articles; what is there stays as it is."""
    if sites.portal(boss.tenant) is None:
        sites.open_site(actor=boss, org_code=_OFFICE, kind="portal", code="portal", name="青禾县人民政府")
    units = identity.organisations(boss.tenant)
    opened = sites.open_sites(actor=boss, org_codes=[unit.code for unit in units])
    progress(f"网站 {len(opened.new) + len(opened.there) + 1} 个")
    templates = json.loads(_DATA.read_text(encoding="utf-8"))
    with clock.present():
        today = local_date()
    names = {unit.code.lower(): (unit.name, unit.short_name or unit.name) for unit in units}
    names["portal"] = ("青禾县人民政府", "县政府")
    for place, code in enumerate(["portal", *opened.new]):
        _write(boss, code, names[code], templates, today, place)
    progress("网站文章已就绪")


def _write(
    boss: Actor, code: str, names: tuple[str, str], templates: dict[str, Any], today: dt.date, place: int
) -> None:
    site = sites.site_by_code(boss.tenant, code)
    if site is None:
        return
    for column in sites.navigation(site):
        slug = column.url.rstrip("/").rsplit("/", 1)[-1]
        if slug == "about":
            text = "".join(f"<p>{line.format(unit=names[0], short=names[1])}</p>" for line in templates["abouts"])
            words = [_article("about", column.title, text, names[0], today - dt.timedelta(days=30))]
        elif slug in _COLUMNS:
            words = _articles(templates[_COLUMNS[slug]], names, today, place)
        else:
            continue
        sites.import_articles(actor=boss, site_code=code, column=slug, articles=words)


def _articles(templates: list[list[str]], names: tuple[str, str], today: dt.date, place: int) -> list[Any]:
    found = []
    for no in range(len(templates)):
        title, *lines = (
            line.format(unit=names[0], short=names[1]) for line in templates[(no + place) % len(templates)]
        )
        text = "".join(f"<p>{line}</p>" for line in lines)
        day = today - dt.timedelta(days=(place % 3) + no * _APART)
        found.append(_article(f"{day:%Y%m%d}-{no + 1}", title, text, names[0], day, lines[0]))
    return found


def _article(slug: str, title: str, text: str, source: str, day: dt.date, summary: str = "") -> sites.ArticleWords:
    return sites.ArticleWords(slug=slug, title=title, published_on=day, source=source, text=text, summary=summary[:90])
