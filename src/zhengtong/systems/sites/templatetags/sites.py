"""``{% load sites %}``: what the modules and frames of pages list."""

from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.pages import public_entrances
from zhengtong.systems.sites.constants import SiteKind
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SitePage
from zhengtong.systems.sites.selectors import public

register = template.Library()


@register.simple_tag
def site_navigation(site: GovernmentSite) -> list[public.Line]:
    """The columns of a site."""
    return public.navigation(site)


@register.simple_tag
def site_portal(site: GovernmentSite) -> GovernmentSite | None:
    """The portal of the county a site belongs to."""
    return site if site.kind == SiteKind.PORTAL else public.portal(site.tenant)


@register.simple_tag
def pages_above(page: SitePage) -> list[dict[str, str]]:
    """The way from the home to a page, as the breadcrumb takes it."""
    way = [{"label": line.title, "url": line.url} for line in public.above(page)]
    return [*way, {"label": page.title, "url": ""}]


@register.simple_tag(takes_context=True)
def module_articles(context: Context, value: Any) -> list[public.Line]:
    """The articles a module lists."""
    return public.newest(context["site"], column=value["column"], number=value["number"] or 7)


@register.simple_tag(takes_context=True)
def module_more(context: Context, value: Any) -> str:
    """Where all articles of the module's column stand."""
    site: GovernmentSite = context["site"]
    return f"{site.url}{value['column']}/" if value["column"] else ""


@register.simple_tag(takes_context=True)
def module_article(context: Context, value: Any) -> ArticlePage | None:
    """The newest article of the module's column, with its text."""
    return public.article_of_column(context["site"], value["column"])


@register.simple_tag(takes_context=True)
def module_services(context: Context, value: Any) -> list[Any]:
    """The services of the unit; of the county, the most asked for, on the portal."""
    site: GovernmentSite = context["site"]
    number = value["number"] or 8
    if site.kind == SiteKind.PORTAL:
        return list(catalogue.popular(site.tenant, number))
    filters = catalogue.ItemFilters(department=site.org_code)
    return list(catalogue.items(site.tenant, filters, size=number).rows)


@register.simple_tag
def module_entrances() -> list[dict[str, Any]]:
    """Where people write, ask, complain and rate."""
    found = []
    for entrance in [one for _name, one in public_entrances.items()]:
        try:
            url = reverse(entrance.address)
        except NoReverseMatch:
            continue
        found.append({"title": entrance.label, "words": entrance.words, "url": url})
    return found


@register.simple_tag(takes_context=True)
def module_sites(context: Context, value: Any) -> list[GovernmentSite]:
    """The sites a module lists."""
    return public.sites_of_kind(context["site"].tenant, value["kind"])


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
