"""What the modules of a page list, by the name of the source a module declares."""

import functools
import itertools
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.pages import PageAsk, PageShown, page_modules, public_entrances
from zhengtong.systems.sites.constants import SiteKind, SiteState
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules.addresses import page_path
from zhengtong.systems.sites.selectors.public import Column, Line, columns, newest_of, portal, sites_of_kind

#: articles a source looks through to make its groups of
_LOOKED_THROUGH: Final = 200


class Lines(NamedTuple):
    """A list of lines and where all of them stand; empty for nowhere."""

    lines: list[Line]
    more: str = ""


class Group(NamedTuple):
    """A list with a heading of its own."""

    title: str
    url: str
    lines: list[Line]


def lines_of(source: str, site: GovernmentSite, value: Any, *, sample: bool = False) -> Lines:
    """What a module of one list shows, in the gallery a sample of what another system fills.

    Raises KeyError for a source nobody knows.
    """
    if sample and source in _FILLED:
        return _filled(source, site, value, sample=True)
    return LISTS[source](site, value)


def groups_of(source: str, site: GovernmentSite, value: Any) -> list[Group]:
    """What a module of several lists shows; raises KeyError for a source nobody knows."""
    return GROUPS[source](site, value)


# --- columns and articles --------------------------------------------------------------------------------------------


def column_chosen(site: GovernmentSite, page: SitePage | None) -> Column | None:
    """The published column of this site that an editor chose; None for none, and for one of another site."""
    if page is None:
        return None
    return next((one for one in columns(site) if one.path == page.path), None)


def _url(site: GovernmentSite, column: Column) -> str:
    return page_path(site.code, site.home.url_path, column.url_path)


def _of_column(site: GovernmentSite, value: Any) -> Lines:
    chosen = value["column"]
    column = column_chosen(site, chosen)
    if chosen is not None and column is None:
        return Lines([])
    rows = _articles(site)
    if column is not None:
        rows = rows.filter(path__startswith=column.path, depth=column.depth + 1)
    return Lines(newest_of(site, rows, value["number"] or 7), _url(site, column) if column else "")


def _of_branch(site: GovernmentSite, value: Any) -> Lines:
    column = column_chosen(site, value["column"])
    if value["column"] is not None and column is None:
        return Lines([])
    rows = _articles(site)
    if column is not None:
        rows = rows.filter(path__startswith=column.path)
    return Lines(newest_of(site, rows, value["number"] or 7), _url(site, column) if column else "")


def _of_portal(site: GovernmentSite, value: Any) -> Lines:
    found = portal(site.tenant)
    if found is None:
        return Lines([])
    first = next((one for one in columns(found) if one.slug == "news"), None)
    rows = _articles(found)
    if first is not None:
        rows = rows.filter(path__startswith=first.path)
    return Lines(newest_of(found, rows, value["number"] or 7), _url(found, first) if first else found.url)


def _of_group(site: GovernmentSite, value: Any) -> Lines:
    rows = ArticlePage.objects.live().filter(tenant=site.tenant, site__kind=value["kind"], site__state=SiteState.OPEN)
    found = rows.order_by("-published_on", "-pk").values_list(
        "title", "url_path", "published_on", "summary", "site__name", "site__code", "site__home__url_path"
    )
    return Lines(
        [
            Line(title, page_path(code, home, url_path), day, summary, name)
            for title, url_path, day, summary, name, code, home in found[: value["number"] or 7]
        ]
    )


def _chosen(site: GovernmentSite, value: Any) -> Lines:
    order = [page.pk for page in value["articles"] if page is not None]
    rows = _articles(site).filter(pk__in=order)
    found = dict(zip(rows.values_list("pk", flat=True), newest_of(site, rows, None), strict=True))
    return Lines([found[pk] for pk in order if pk in found][: value["number"] or 7])


def _of_keyword(site: GovernmentSite, value: Any) -> Lines:
    rows = _articles(site).filter(keywords__contains=value["keyword"]) if value["keyword"] else _articles(site).none()
    return Lines(newest_of(site, rows, value["number"] or 7))


def _articles(site: GovernmentSite) -> Any:
    return ArticlePage.objects.live().filter(site=site).order_by("-published_on", "-pk")


def _by_month(site: GovernmentSite, value: Any) -> list[Group]:
    column = column_chosen(site, value["column"])
    if value["column"] is not None and column is None:
        return []
    rows = _articles(site)
    if column is not None:
        rows = rows.filter(path__startswith=column.path)
    found = newest_of(site, rows, _LOOKED_THROUGH)
    months = itertools.groupby(found, key=lambda line: (line.day.year, line.day.month) if line.day else (0, 0))
    return [
        Group(_("%(year)d 年 %(month)d 月") % {"year": year, "month": month}, "", list(lines)[: value["number"]])
        for (year, month), lines in months
    ][:12]


def _lists(site: GovernmentSite, chosen: Iterable[Column], number: int) -> list[Group]:
    """Each column with its newest articles; one statement for all."""
    wanted = list(chosen)
    if not wanted:
        return []
    rows = _articles(site).filter(depth__in={one.depth + 1 for one in wanted})
    by_path: dict[str, list[Line]] = {one.path: [] for one in wanted}
    step = ArticlePage.steplen
    found = rows.values_list("title", "url_path", "published_on", "summary", "source", "path")[: _LOOKED_THROUGH * 3]
    for title, url_path, day, summary, source, path in found:
        lines = by_path.get(path[:-step])
        if lines is not None and len(lines) < number:
            lines.append(Line(title, page_path(site.code, site.home.url_path, url_path), day, summary, source))
    return [Group(one.title, _url(site, one), by_path[one.path]) for one in wanted]


def _sub_columns(site: GovernmentSite, value: Any) -> list[Group]:
    column = column_chosen(site, value["column"])
    above, depth = (column.path, column.depth) if column else (site.home.path, SitePage.HOME_DEPTH)
    below = [one for one in columns(site) if one.path.startswith(above) and one.depth == depth + 1]
    return _lists(site, below[:12], value["number"] or 5)


def _several(site: GovernmentSite, value: Any) -> list[Group]:
    chosen = [column_chosen(site, page) for page in value["columns"]]
    return _lists(site, [one for one in chosen if one is not None], value["number"] or 5)


def _policy_and_reading(site: GovernmentSite, value: Any) -> list[Group]:
    chosen = [column_chosen(site, value[name]) for name in ("policies", "reading")]
    return _lists(site, [one for one in chosen if one is not None], value["number"] or 5)


def _site_map(site: GovernmentSite, value: Any) -> list[Group]:
    top = SitePage.HOME_DEPTH + 1
    all_columns = columns(site)
    return [
        Group(
            one.title,
            _url(site, one),
            [Line(sub.title, _url(site, sub)) for sub in all_columns if sub.path.startswith(one.path) and sub != one][
                : value["number"] or 12
            ],
        )
        for one in all_columns
        if one.depth == top
    ]


def _column_names(site: GovernmentSite, _value: Any) -> Lines:
    top = SitePage.HOME_DEPTH + 1
    return Lines([Line(one.title, _url(site, one)) for one in columns(site) if one.depth == top])


# --- services and entrances ------------------------------------------------------------------------------------------


def _items(found: Iterable[catalogue.ItemSummary]) -> list[Line]:
    return [
        Line(item.name, reverse("catalogue:item", args=[item.code]), None, str(item.promise), item.org_name)
        for item in found
    ]


def _services(site: GovernmentSite, value: Any) -> Lines:
    number, all_items = value["number"] or 8, reverse("catalogue:items")
    if site.kind == SiteKind.PORTAL:
        return Lines(_items(catalogue.popular(site.tenant, number)), all_items)
    filters = catalogue.ItemFilters(department=site.org_code, for_applicants=True)
    own = catalogue.items(site.tenant, filters, size=number).rows
    if not own and site.kind == SiteKind.TOWNSHIP:
        # a town without items of its own hands in for the whole county: what most people come for
        own = catalogue.popular(site.tenant, number)
    return Lines(_items(own), all_items)


def _popular(site: GovernmentSite, value: Any) -> Lines:
    return Lines(_items(catalogue.popular(site.tenant, value["number"] or 8)), reverse("catalogue:items"))


def _bundles(site: GovernmentSite, value: Any) -> Lines:
    return Lines(_items(catalogue.bundles(site.tenant)[: value["number"] or 8]))


def _themes(site: GovernmentSite, value: Any) -> Lines:
    address = reverse("catalogue:items")
    found = catalogue.themes(site.tenant)[: value["number"] or 12]
    return Lines(
        [Line(one.label, f"{address}?theme={one.key}", None, _("%(count)d 项") % {"count": one.count}) for one in found]
    )


def _life_events(site: GovernmentSite, value: Any) -> list[Group]:
    address = reverse("catalogue:items")
    return [
        Group(
            audience.label,
            f"{address}?applicant={audience.key}",
            [
                Line(event.label, f"{address}?applicant={audience.key}&event={event.label}")
                for event in audience.events[: value["number"] or 8]
            ],
        )
        for audience in catalogue.life_events(site.tenant)
    ]


def _entrances(_site: GovernmentSite, _value: Any) -> Lines:
    found = []
    for entrance in [one for _name, one in public_entrances.items()]:
        try:
            found.append(Line(str(entrance.label), reverse(entrance.address), None, str(entrance.words)))
        except NoReverseMatch:
            continue
    return Lines(found)


# --- links and sites -------------------------------------------------------------------------------------------------


def _written(_site: GovernmentSite, value: Any) -> Lines:
    return Lines([Line(link["words"], link["address"], None, link.get("note") or "") for link in value["links"]])


def _sites(site: GovernmentSite, value: Any) -> Lines:
    return Lines([Line(one.name, one.url) for one in sites_of_kind(site.tenant, value["kind"])])


# --- other systems ---------------------------------------------------------------------------------------------------


def shown_by(module: str, site: GovernmentSite, value: Any, *, part: str = "", sample: bool = False) -> PageShown:
    """What the system that fills a module has for a site, its sample in the gallery; nothing without such a system."""
    if module not in page_modules:
        return PageShown()
    ask = PageAsk(
        tenant=site.tenant,
        org_code="" if site.kind == SiteKind.PORTAL else site.org_code,
        number=value.get("number") or 7,
        chosen=value.get("poll") or "",
        layout=value["layout"],
        part=part,
    )
    filled = page_modules.get(module)
    return filled.sample(ask) if sample else filled.show(ask)


#: source → the module of another system that fills it
_FILLED: Final = {"open_topics": "opinions.open", "topic_feedback": "opinions.answered"}


def _filled(source: str, site: GovernmentSite, value: Any, *, sample: bool = False) -> Lines:
    found = shown_by(_FILLED[source], site, value, sample=sample)
    return Lines([Line(one.title, one.url, one.day, one.summary, one.source) for one in found.lines], found.more)


LISTS: Final[dict[str, Callable[[GovernmentSite, Any], Lines]]] = {
    "column": _of_column,
    "branch": _of_branch,
    "portal": _of_portal,
    "group": _of_group,
    "chosen": _chosen,
    "keyword": _of_keyword,
    "column_names": _column_names,
    "services": _services,
    "popular": _popular,
    "bundles": _bundles,
    "themes": _themes,
    "entrances": _entrances,
    "written": _written,
    "sites": _sites,
    **{source: functools.partial(_filled, source) for source in _FILLED},
}
GROUPS: Final[dict[str, Callable[[GovernmentSite, Any], list[Group]]]] = {
    "by_month": _by_month,
    "sub_columns": _sub_columns,
    "columns": _several,
    "policy_and_reading": _policy_and_reading,
    "site_map": _site_map,
    "life_events": _life_events,
}
