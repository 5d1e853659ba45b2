"""What is known of many sites at once for their inspection: a fixed number of statements, however many pages."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import BooleanField, Sum
from django.db.models.expressions import RawSQL
from wagtail.models import Page

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.letters import letter_boxes
from zhengtong.systems.sites.constants import INSPECTION_LIMITS, SiteKind, SiteState
from zhengtong.systems.sites.models import ColumnPage, Duty, GovernmentSite, SiteReach
from zhengtong.systems.sites.rules.addresses import PREFIX
from zhengtong.systems.sites.rules.inspection import Column, Known, Letters, Limits, OnPage
from zhengtong.systems.sites.rules.outside import sentence
from zhengtong.systems.sites.selectors import outside

#: the day an article counts as published: what was typed, unless it came online only later
_ARTICLES: Final = """
select a.site_id, left(p.path, length(p.path) - %s), count(*),
    max(least(a.published_on, (p.first_published_at at time zone 'Asia/Shanghai')::date))
from sites_articlepage a join wagtailcore_page p on p.id = a.page_ptr_id
where p.live and a.site_id = any(%s) group by 1, 2
"""
_FOUND: Final = """
select r.site_id, r.page_id, p.title, r.since, one ->> 0, one ->> 1, one ->> 2
from sites_pagereading r join wagtailcore_page p on p.id = r.page_id, jsonb_array_elements(r.found) one
where r.site_id = any(%s) and r.found <> '[]' and p.live
"""
_LINKS: Final = """
select r.site_id, r.page_id, p.title, r.since, one ->> 0, one ->> 1, one ->> 2
from sites_pagereading r join wagtailcore_page p on p.id = r.page_id, jsonb_array_elements(r.links) one
where r.site_id = any(%s) and r.links <> '[]' and p.live
"""
_UNREAD: Final = """
select p.id from (
    select page_ptr_id, site_id from sites_articlepage where site_id = any(%s)
    union all select page_ptr_id, site_id from sites_columnpage where site_id = any(%s)
    union all select page_ptr_id, site_id from sites_homepage where site_id = any(%s)
) s join wagtailcore_page p on p.id = s.page_ptr_id
left join sites_pagereading r on r.page_id = p.id
where p.live and (r.id is null or r.words_version <> %s or r.site_id <> s.site_id
    or r.revision is distinct from p.live_revision_id or r.published_at is distinct from p.last_published_at)
order by p.id limit %s
"""
#: marks the footer must show and where they are kept (指引)
_MARKS: Final = (
    ("identity_code", "政府网站标识码"),
    ("icp", "ICP 备案号"),
    ("police_filing", "公安备案号"),
    ("phone", "联系电话"),
)
_SCHEMES: Final = frozenset({"http", "https"})


def limits_of(tenant: str, day: dt.date) -> Limits:
    """The thresholds in force on a day."""
    found = parameters.values(*INSPECTION_LIMITS.values(), tenant=tenant, on=day)
    return Limits(**{name: int(found[key]) for name, key in INSPECTION_LIMITS.items()})


def known_of(tenant: str, sites: Sequence[GovernmentSite], limits: Limits, today: dt.date) -> dict[uuid.UUID, Known]:
    """Each of these sites as the inspection sees it today."""
    ids = [site.pk for site in sites]
    columns = columns_of(ids)
    pages, links = _rows(_FOUND, ids), _dead_links(tenant, ids)
    letters, reach = _letters(tenant, limits, today), _reach(ids, limits, today)
    on_pages: dict[uuid.UUID, list[OnPage]] = defaultdict(list)
    for site_id, page, title, since, kind, place, words in [*pages, *links]:
        on_pages[site_id].append(OnPage(kind, page, title, place, words, since))
    found = {}
    for site in sites:
        own = columns.get(site.pk, [])
        tries, failures = reach.get(site.pk, (0, 0))
        found[site.pk] = Known(
            opened_on=local_date(site.created_at),
            updated_on=max((one.updated_on for one in own if one.updated_on), default=None),
            columns=tuple(own),
            on_pages=tuple(on_pages[site.pk]),
            letters=tuple(letters[site.org_id] + (letters[None] if site.kind == SiteKind.PORTAL else [])),
            missing=tuple(label for name, label in _MARKS if not getattr(site, name)),
            tries=tries,
            failures=failures,
        )
    return found


def columns_of(site_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Column]]:
    """The published columns of sites with the number and the newest day of the articles below each."""
    counted: dict[str, tuple[int, dt.date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ARTICLES, [Page.steplen, list(site_ids)])
        for _site, path, number, newest in cursor.fetchall():
            counted[path] = (number, newest)
    cycles = dict(
        Duty.objects.filter(site_id__in=site_ids, column__isnull=False).values_list("column_id", "cycle_days")
    )
    rows = ColumnPage.objects.filter(site_id__in=site_ids, live=True).order_by("path")
    # whether there are modules is asked of the database: their text is long
    rows = rows.annotate(full=RawSQL("sites_columnpage.modules::text <> '[]'", [], output_field=BooleanField()))
    fields = ("site_id", "pk", "path", "title", "kind", "first_published_at", "full")
    found: dict[uuid.UUID, list[Column]] = defaultdict(list)
    below = _summed(counted)
    for site_id, key, path, title, kind, made_at, full in rows.values_list(*fields):
        number, newest = below.get(path, (0, None))
        found[site_id].append(
            Column(
                key=key,
                title=title,
                kind=kind,
                made_on=local_date(made_at),
                articles=number,
                updated_on=newest,
                modules=full,
                cycle_days=cycles.get(key),
            )
        )
    return found


def inspected_sites(tenant: str) -> list[GovernmentSite]:
    """The open sites of a county in their order."""
    return list(GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN).order_by("kind", "code"))


def _summed(counted: Mapping[str, tuple[int, dt.date]]) -> dict[str, tuple[int, dt.date]]:
    """The same with what lies below: an article of a column counts for the columns above it."""
    found: dict[str, tuple[int, dt.date]] = {}
    for path, (number, newest) in counted.items():
        for end in range(len(path), 0, -Page.steplen):
            before, day = found.get(path[:end], (0, newest))
            found[path[:end]] = (before + number, max(day, newest))
    return found


def _rows(statement: str, ids: Sequence[uuid.UUID]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return cursor.fetchall()


def _dead_links(tenant: str, ids: Sequence[uuid.UUID]) -> list[Any]:
    """Links to pages of the group that are not there, and addresses outside that are none or do not answer."""
    rows = _rows(_LINKS, ids)
    pages = {int(target) for *_rest, kind, target, _words in rows if kind == "page" and target.isdecimal()}
    paths = {target for *_rest, kind, target, _words in rows if kind == "path"}
    live = set(Page.objects.filter(pk__in=pages, live=True).values_list("pk", flat=True)) if pages else set()
    answering = _answering(tenant, paths) if paths else set()
    silent = outside.dead(tenant, {target for *_rest, kind, target, _words in rows if kind == "out"})
    dead = []
    for site_id, page, title, since, kind, target, words in rows:
        if kind == "page" and target.isdecimal() and int(target) in live:
            continue
        if kind == "out" and target in silent:
            said = sentence(words, target, *silent[target])
            dead.append((site_id, page, title, silent[target].since, "dead_link", "正文", said))
            continue
        if (kind == "path" and target in answering) or (kind == "out" and _is_address(target)):
            continue
        said = f"链接“{words}”的地址写法不对" if kind == "out" else f"链接“{words}”指向的网页不存在或者没有发布"
        dead.append((site_id, page, title, since, "dead_link", "正文", said))
    return dead


def _answering(tenant: str, paths: Iterable[str]) -> set[str]:
    """Those addresses below our own prefix at which a published page stands."""
    asked = {path: path.removeprefix(PREFIX).partition("/") for path in paths}
    codes = {code for code, _slash, _rest in asked.values()}
    sites = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, code__in=codes)
    homes = dict(sites.values_list("code", "home__url_path"))
    wanted = {
        path: homes[code] + (f"{rest.strip('/')}/" if rest.strip("/") else "")
        for path, (code, _slash, rest) in asked.items()
        if code in homes
    }
    live = set(Page.objects.filter(url_path__in=set(wanted.values()), live=True).values_list("url_path", flat=True))
    return {path for path, url_path in wanted.items() if url_path in live}


def _is_address(target: str) -> bool:
    """True for an address that can be asked for at all (RFC 3986)."""
    if target.startswith(("/", "#", "?", "mailto:", "tel:")):
        return True
    try:
        parts = urlsplit(target)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _letters(tenant: str, limits: Limits, today: dt.date) -> dict[uuid.UUID | None, list[Letters]]:
    before = today - dt.timedelta(days=limits.letter_days)
    found: dict[uuid.UUID | None, list[Letters]] = defaultdict(list)
    for name, box in letter_boxes.items():
        for one in box.waiting(tenant, before):
            found[one.org_id].append(Letters(name, str(box.label), one.count, one.oldest))
    return found


def _reach(ids: Sequence[uuid.UUID], limits: Limits, today: dt.date) -> dict[uuid.UUID, tuple[int, int]]:
    since = today - dt.timedelta(days=limits.window_days - 1)
    rows = SiteReach.objects.filter(site_id__in=ids, day__gte=since, day__lte=today).order_by()
    found = rows.values_list("site_id").annotate(tries=Sum("tries"), failures=Sum("failures"))
    return {site_id: (tries, failures) for site_id, tries, failures in found}


def unread(site_ids: Sequence[uuid.UUID], words_version: int, limit: int) -> list[int]:
    """The published pages that were never read, or not as they stand now, or by another dictionary."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [list(site_ids)] * 3 + [words_version, limit])
        return [key for (key,) in cursor.fetchall()]
