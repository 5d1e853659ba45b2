"""What search may find of the sites: published articles, with the text people read."""

from collections.abc import Iterator

from django.utils.html import strip_tags

from zhengtong.capabilities.search.registry import Entry
from zhengtong.systems.sites.constants import PAGE_KIND, SiteState
from zhengtong.systems.sites.models import ArticlePage

#: search takes so many characters of one entry; longer articles are found by their beginning
_MOST = 15_000


def text_of(page: ArticlePage) -> str:
    """The words of an article without its marks."""
    parts = page.body.stream_block.get_searchable_content(page.body)
    return " ".join(strip_tags(part) for part in parts)


def entry_of(page: ArticlePage) -> Entry:
    """How search knows an article; its site is fetched with it."""
    return Entry(
        kind=PAGE_KIND,
        object_id=str(page.pk),
        title=page.title,
        url=page.relative_address(),
        summary=page.summary or text_of(page)[:120],
        body=" ".join((page.keywords, page.source, text_of(page)))[:_MOST],
        updated_at=page.last_published_at,
    )


def entries(tenant: str) -> Iterator[Entry]:
    """All published articles of a county's open sites."""
    rows = ArticlePage.objects.live().filter(tenant=tenant, site__state=SiteState.OPEN).select_related("site")
    for page in rows.iterator(chunk_size=200):
        yield entry_of(page)
