"""``{% load sites %}``: what the modules and frames of pages list."""

import uuid
from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.sites.blocks.module import Field
from zhengtong.systems.sites.constants import SiteKind
from zhengtong.systems.sites.models import ArticlePage, Banner, Closing, ColumnPage, GovernmentSite, SiteLook, SitePage
from zhengtong.systems.sites.selectors import banners, public, sources
from zhengtong.systems.sites.selectors.keeping import announced

register = template.Library()


@register.simple_tag
def site_navigation(site: GovernmentSite) -> list[public.Line]:
    """The columns of a site."""
    return public.navigation(site)


@register.simple_tag
def site_look(site: GovernmentSite) -> SiteLook | None:
    """What a site shows over its theme, asked for once a page."""
    return public.look_of(site)


@register.simple_tag
def site_banners(site: GovernmentSite) -> list[Banner]:
    """What stands over the pages of a site at this moment."""
    return banners.standing(site.tenant, site.code)


@register.simple_tag
def site_portal(site: GovernmentSite) -> GovernmentSite | None:
    """The portal of the county a site belongs to."""
    return site if site.kind == SiteKind.PORTAL else public.portal(site.tenant)


@register.simple_tag
def closing_notice(site: GovernmentSite) -> Closing | None:
    """The notice of a site that will be closed."""
    return announced(site)


@register.simple_tag
def pages_above(page: SitePage) -> list[dict[str, str]]:
    """The way from the home to a page, as the breadcrumb takes it."""
    way = [{"label": line.title, "url": line.url} for line in public.above(page)]
    return [*way, {"label": page.title, "url": ""}]


def _once(value: Any, ask: Callable[[], Any]) -> Any:
    """What a module shows, asked for once though several parts of its template name it."""
    found = value.__dict__.get("_found")
    if found is None:
        found = value.__dict__["_found"] = ask()
    return found


@register.simple_tag(takes_context=True)
def module_lines(context: Context, value: Any) -> sources.Lines:
    """What a module of one list shows."""
    sample = bool(context.get("sample"))
    return _once(value, lambda: sources.lines_of(value.block.SOURCE, context["site"], value, sample=sample))


@register.simple_tag(takes_context=True)
def module_groups(context: Context, value: Any) -> list[sources.Group]:
    """What a module of several lists shows."""
    return _once(value, lambda: sources.groups_of(value.block.SOURCE, context["site"], value))


@register.simple_tag(takes_context=True)
def module_part(context: Context, value: Any) -> str:
    """What another system shows in a module, HTML of its template; empty where it has nothing."""
    site, part, sample = context["site"], part_id(context), bool(context.get("sample"))
    return sources.shown_by(value.block.SOURCE, site, value, part=part, sample=sample).html


@register.simple_tag
def module_records(value: Any) -> list[dict[str, Any]]:
    """The records of a module: title, address, day, telephone number, and the other fields as label and value."""
    return [_record(value.block.FIELDS, record) for record in value["records"]]


def _record(fields: tuple[Field, ...], record: Any) -> dict[str, Any]:
    by_role = {
        field.role: record.get(field.name) for field in fields if field.role in {"title", "link", "day", "phone"}
    }
    facts = [
        {"name": field.name, "label": field.label, "value": record.get(field.name), "role": field.role}
        for field in fields
        if field.role in {"fact", "note", "day", "phone"} and record.get(field.name)
    ]
    return {**by_role, "facts": facts}


@register.simple_tag
def record_heads(value: Any) -> list[dict[str, Any]]:
    """The heads of a table of records: the title first, addresses stand in it."""
    fields = value.block.FIELDS
    first = [field for field in fields if field.role == "title"]
    return [
        {"name": field.name, "label": field.label}
        for field in (*first, *(field for field in fields if field.role not in {"title", "link"}))
    ]


@register.simple_tag
def record_cells(record: dict[str, Any], heads: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The cells of a record after its title, in the order of the heads; None where nothing was written."""
    held = {fact["name"]: fact for fact in record["facts"]}
    return [held.get(head["name"]) for head in heads[1:]]


@register.simple_tag(takes_context=True)
def module_article(context: Context, value: Any) -> ArticlePage | None:
    """The newest article of the module's column, with its text."""
    column = sources.column_chosen(context["site"], value["column"])
    return public.newest_article(context["site"], column) if column is not None else None


@register.simple_tag
def module_address(value: Any) -> str:
    """Where the form of a module asks; empty where the system that answers is not there."""
    try:
        return reverse(value.block.SOURCE)
    except NoReverseMatch:
        return ""


@register.simple_tag
def module_points(value: Any) -> list[dict[str, Any]]:
    """The figures of a module as a chart takes them."""
    return [
        {"label": one["words"], "value": float(one["number"] or 0), "number": one["number"]} for one in value["figures"]
    ]


@register.simple_tag
def module_parts(value: Any) -> list[dict[str, Any]]:
    """The figures of a module with their share of the whole in per cent, to one digit."""
    numbers = [max(float(one["number"] or 0), 0.0) for one in value["figures"]]
    whole, start, found = sum(numbers), 0.0, []
    for one, number in zip(value["figures"], numbers, strict=True):
        share = round(100 * number / whole, 1) if whole else 0.0
        known = {"label": one["words"], "number": one["number"], "unit": one["unit"]}
        found.append({**known, "share": share, "start": round(start, 1)})
        start += share
    return found


@register.simple_tag
def module_rows(value: Any) -> dict[str, Any]:
    """A table typed in rows: heads and rows of equal length."""
    rows = [
        [cell.strip() for cell in row.replace("｜", "|").split("|")]
        for row in value["rows"].splitlines()
        if row.strip()
    ]
    width = max((len(row) for row in rows), default=0)
    filled = [row + [""] * (width - len(row)) for row in rows]
    return {"heads": filled[0] if filled else [], "rows": filled[1:]}


@register.simple_tag(takes_context=True)
def part_id(context: Context) -> str:
    """An id for a field of a module that no other part of the page bears."""
    request = context.get("request")
    if request is None:
        return uuid.uuid4().hex[:8]
    request.parts = getattr(request, "parts", 0) + 1
    return str(request.parts)


@register.simple_tag
def single_series(unit: str) -> list[dict[str, str]]:
    """The one series of a chart of a module's points."""
    return [{"key": "value", "label": unit}]


@register.simple_tag
def qr(address: str, words: str) -> SafeString:
    """An address as a code one scans, with words for who cannot see it."""
    return format_html('<span role="img" aria-label="{}">{}</span>', words, qr_svg(address))


@register.filter
def outside(address: str) -> bool:
    """Whether an address leads to another site."""
    return address.startswith(("http://", "https://"))


@register.filter
def bounded(number: Any) -> float:
    """A number as a share of a bar: between 0 and 100."""
    return min(max(float(number or 0), 0.0), 100.0)


@register.simple_tag(takes_context=True)
def column_articles(context: Context, column: ColumnPage) -> Any:
    """One leaf of a column's articles, as the address asks."""
    request = context.get("request")
    return public.column_leaf(context["site"], column, request.GET.get("page", 1) if request is not None else 1)


@register.simple_tag
def share_of_largest(figures: Any, figure: Any) -> int:
    """How long the bar of a figure is, in per cent of the largest; 0 for nothing."""
    most = max((float(one["number"] or 0) for one in figures), default=0.0)
    return round(100 * float(figure["number"] or 0) / most) if most > 0 else 0
