"""``{% load site_reach %}``: what the head of a page says to programs."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from zhengtong.systems.sites.constants import ColumnKind
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules import linked_data
from zhengtong.systems.sites.selectors import public, reach

register = template.Library()


@register.simple_tag
def site_domain(site: GovernmentSite) -> str:
    """The host a site answers under."""
    return site.host or urlsplit(settings.ZHENGTONG_BASE_URL).hostname or ""


@register.simple_tag
def site_address(site: GovernmentSite, rest: str) -> str:
    """An address of a site in full; ``rest`` is what follows that of its home."""
    return site.in_full(site.url + rest)


@register.simple_tag
def page_column(page: SitePage) -> dict[str, str]:
    """Name and kind of the column a page stands in; empty for a home."""
    column = reach.column_over(page)
    if column is None:
        return {}
    return {"name": column.title, "kind": str(ColumnKind(column.kind).label)}


@register.simple_tag
def page_description(page: SitePage) -> str:
    """One sentence about a page."""
    words = (page.search_description, getattr(page, "summary", ""), getattr(page, "intro", ""))
    return next((text for text in words if text), "")


@register.simple_tag
def linked_data_of(page: SitePage) -> str:
    """The structured data of a page: its unit, the way to it, and the article; a data block, which nothing runs."""
    site = page.site
    if site is None:
        return ""
    look = public.look_of(site)
    unit = linked_data.organisation(
        site.org_name,
        site.in_full(site.url),
        phone=site.phone,
        address=site.address,
        logo=site.in_full(look.emblem.address()) if look is not None and look.emblem is not None else "",
    )
    graph = [unit]
    if page.depth > page.HOME_DEPTH:
        steps = [(line.title, site.in_full(line.url)) for line in public.above(page)]
        graph.append(linked_data.way([*steps, (page.title, site.in_full(page.relative_address()))]))
    if isinstance(page, ArticlePage):
        graph.append(
            linked_data.article(
                title=page.title,
                url=page.canonical_url,
                day=page.published_on,
                changed=page.last_published_at,
                description=page.summary,
                keywords=page.keywords,
                author={"@type": "Organization", "name": page.source},
                publisher={"@type": "GovernmentOrganization", "name": site.org_name},
            )
        )
    return _element(linked_data.script_text(graph))


def _element(text: str) -> SafeString:
    # ``script_text`` has escaped whatever could end the element
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  (escaped)
