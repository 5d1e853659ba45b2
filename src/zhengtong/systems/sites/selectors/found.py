"""What search may find of the sites: published articles, with the text people read."""

from collections.abc import Collection, Iterator

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from zhengtong.capabilities.search.registry import Entry, SearchSite
from zhengtong.systems.sites.constants import PAGE_KIND, SiteState
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite

#: search takes so many characters of one entry; longer articles are found by their beginning
_MOST = 15_000


def text_of(page: ArticlePage) -> str:
    """The words of an article without its marks."""
    parts = page.body.stream_block.get_searchable_content(page.body)
    return " ".join(strip_tags(part) for part in parts)


def entry_of(page: ArticlePage, column: ColumnPage | None = None) -> Entry:
    """How search knows an article; its site is fetched with it, its column is asked for where it is not given."""
    above = column or ColumnPage.objects.get(path=page.path[: -page.steplen])
    site = page.site
    facts = [("网站", site.name if site else ""), ("栏目", str(above.title))]
    if site is None or page.source not in (site.name, site.org_name):
        facts.append(("来源", page.source))
    return Entry(
        kind=PAGE_KIND,
        object_id=str(page.pk),
        title=page.title,
        url=page.relative_address(),
        summary=page.summary or text_of(page)[:120],
        body=" ".join((page.keywords, page.source, text_of(page)))[:_MOST],
        updated_at=page.last_published_at,
        part=above.kind,
        site=site.code if site else "",
        org_code=site.org_code if site else "",
        org_name=site.org_name if site else "",
        dated=page.published_on,
        facts=tuple((_(label), text) for label, text in facts if text),
    )


def entries(tenant: str) -> Iterator[Entry]:
    """All published articles of a county's open sites."""
    columns = {column.path: column for column in ColumnPage.objects.filter(tenant=tenant).defer("modules")}
    rows = ArticlePage.objects.live().filter(tenant=tenant, site__state=SiteState.OPEN).select_related("site")
    for page in rows.iterator(chunk_size=200):
        yield entry_of(page, columns.get(page.path[: -page.steplen]))


def search_sites_of(tenant: str, codes: Collection[str]) -> dict[str, SearchSite]:
    """The open sites of these codes to which a search can be narrowed; the portal is the whole group."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, code__in=list(codes))
    return {
        site.code: SearchSite(code=site.code, name=site.name, url=site.url, org_code=site.org_code, theme=site.theme)
        for site in rows
        if site.narrows_search
    }
