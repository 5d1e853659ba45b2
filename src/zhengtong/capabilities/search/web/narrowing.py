"""What an address asks of a search: words, site, kind, unit, days, order; and the filters that say it."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.capabilities.search.api import Narrowing, Order, SearchPage, SearchSite, sites_by_code
from zhengtong.capabilities.search.constants import SPAN_DAYS, Span
from zhengtong.capabilities.search.registry import search_sources
from zhengtong.capabilities.search.rules import MOST_QUERY_CHARACTERS
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.policy import actor_of

_LONGEST = 40


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What was read from an address; ``doubts`` says in words what of it could not be followed."""

    words: str
    page: int
    narrowing: Narrowing
    span: str
    doubts: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether the words were searched for as they are, on the first page: that is what is counted."""
        return self.page == 1 and self.narrowing.whole


def read(request: HttpRequest) -> Wanted:
    """``q``, ``site``, ``kind``, ``part``, ``org``, ``span`` with ``since`` and ``until``, ``order``, ``page``."""
    given = {name: _clean(request.GET.get(name, "")) for name in ("site", "kind", "part", "org", "span", "order")}
    doubts: list[str] = []
    site = sites_by_code(actor_of(request).tenant, {given["site"]} - {""}).get(given["site"])
    if given["site"] and site is None:
        doubts.append(_("没有这个网站，或者它已经关停。下面是全部网站的结果。"))
    kind = given["kind"] if given["kind"] in search_sources else ""
    part = given["part"] if kind and given["part"] in search_sources.get(kind).parts else ""
    span = given["span"] if given["span"] in Span.values else Span.ALL
    since, until = _days(request, span, doubts)
    order = Order.NEWEST if given["order"] == Order.NEWEST else Order.FIT
    number = request.GET.get("page", "")
    return Wanted(
        words=" ".join(_clean(request.GET.get("q", ""), MOST_QUERY_CHARACTERS).split()),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
        narrowing=Narrowing(site, kind, part, given["org"], since, until, order),
        span=span,
        doubts=tuple(doubts),
    )


def filters(wanted: Wanted, found: SearchPage, sites: dict[str, SearchSite]) -> list[dict[str, Any]]:
    """Fields of the filter bar; a site or unit is offered where something of it was found, with how much."""
    one = wanted.narrowing
    kept = {"q": wanted.words, "kind": one.kind, "part": one.part}
    fields: list[dict[str, Any]] = [{"name": name, "type": "hidden", "value": text} for name, text in kept.items()]
    if one.site:
        choices = [(one.site.code, one.site.name)]
    else:
        counts = {entry.kind: entry.count for entry in found.sites}
        choices = [(code, f"{sites[code].name}（{n}）") for code, n in counts.items() if code in sites]
    units = [(entry.kind, f"{entry.label}（{entry.count}）") for entry in found.orgs]
    fields += [
        _choice("site", _("网站"), _("全部网站"), choices),
        _choice("org", _("单位"), _("全部单位"), units),
        {"name": "span", "label": _("时间"), "type": "select", "options": list(Span.choices)},
        {"name": "since", "label": _("自定起始日期"), "type": "date"},
        {"name": "until", "label": _("自定截止日期"), "type": "date"},
        {"name": "order", "label": _("排序"), "type": "select", "options": list(Order.choices)},
    ]
    return fields


def address(wanted: Wanted, **other: str) -> str:
    """The address of a search for these words, on the same site."""
    site = wanted.narrowing.site
    asked = {"q": wanted.words, "site": site.code if site else ""} | other
    return "/search/?" + urlencode({name: text for name, text in asked.items() if text})


def _choice(name: str, label: str, whole: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "type": "select", "options": [("", whole), *choices]}


def _days(request: HttpRequest, span: str, doubts: list[str]) -> tuple[dt.date | None, dt.date | None]:
    if span in SPAN_DAYS:
        return local_date() - dt.timedelta(days=SPAN_DAYS[Span(span)]), None
    if span != Span.OWN:
        return None, None
    return _day(request, "since", doubts), _day(request, "until", doubts)


def _day(request: HttpRequest, name: str, doubts: list[str]) -> dt.date | None:
    text = _clean(request.GET.get(name, ""))
    try:
        return read_day(text) if text else None
    except ValueError:
        doubts.append(_("日期“%(text)s”读不出来，没有按它筛选。请写成 2026-11-09 这样。") % {"text": text})
        return None


def _clean(text: str, longest: int = _LONGEST) -> str:
    return text.replace("\x00", "")[:longest].strip()
