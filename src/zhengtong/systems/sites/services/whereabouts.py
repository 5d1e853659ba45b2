"""Where a page can still be read, the files of the shelf included: they are what most readers get."""

from zhengtong.systems.sites.models import ArticlePage, GovernmentSite
from zhengtong.systems.sites.rules.addresses import home_path
from zhengtong.systems.sites.selectors.sharing import Answer, answers, family_of, named_page
from zhengtong.systems.sites.services.editions import shelf


def still_there(tenant: str, word: str) -> list[Answer] | None:
    """All places where an article, named by number or address, or a copy of it answers; None: no such article."""
    page = named_page(tenant, word)
    return None if page is None else [*answers(page), *_on_the_shelf(page)]


def _on_the_shelf(page: ArticlePage) -> list[Answer]:
    """Kept pages of any site of the county that are the article or lead to it."""
    marks = [one.relative_address().encode() for one in family_of(page)]
    found = []
    for code in GovernmentSite.objects.filter(tenant=page.tenant).order_by("code").values_list("code", flat=True):
        for place in shelf().places(page.tenant, code):
            kept = shelf().find(place)
            if kept is not None and any(mark in kept.body for mark in marks):
                found.append(Answer("页面缓存", f"{home_path(code)}{place.rest}{place.file}"))
    return found
