"""Where a page can still be read, the files of the shelf included: they are what most readers get."""

from zhengtong.systems.sites.models import ArticlePage, GovernmentSite
from zhengtong.systems.sites.rules import hosted
from zhengtong.systems.sites.selectors.sharing import Answer, answers, family_of, named_page
from zhengtong.systems.sites.services.editions import shelf


def still_there(tenant: str, word: str) -> list[Answer] | None:
    """All places where an article, named by number or address, or a copy of it answers; None: no such article."""
    page = named_page(tenant, word)
    return None if page is None else [*answers(page), *_on_the_shelf(page)]


def _on_the_shelf(page: ArticlePage) -> list[Answer]:
    """Kept pages of any site of the county that are the article or lead to it."""
    family = family_of(page)
    found = []
    for site in GovernmentSite.objects.filter(tenant=page.tenant).order_by("code"):
        marks = [mark.encode() for one in family for mark in _marks(one, site)]
        for place in shelf().places(page.tenant, site.code):
            kept = shelf().find(place)
            if kept is not None and any(mark in kept.body for mark in marks):
                path = f"{site.url}{place.rest}{place.file}"
                found.append(Answer("页面缓存", site.in_full(path) if place.host else path))
    return found


def _marks(page: ArticlePage, site: GovernmentSite) -> list[str]:
    """How pages of a site write the address of an article."""
    path = page.relative_address()
    short = hosted.below(site.code, path) if site.host else ""
    return [path, *([f'"{short}"', site.in_full(path)] if short else [])]
