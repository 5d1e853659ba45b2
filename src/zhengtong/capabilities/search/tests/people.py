"""Who looks after searches, and what stands in the index of their tests."""

import dataclasses
from typing import Any

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.models import SearchedWord
from zhengtong.capabilities.search.registry import Entry, SearchSite
from zhengtong.kernel.actors import Actor, anonymous

TENANT = people.tenant()
STRANGER = anonymous(TENANT)
OFFICE = ("C02", "青禾县人民政府办公室")
CIVIL = SearchSite(code="g08", name="青禾县民政局", url="/gov/g08/", org_code="G08")


def keeper() -> Actor:
    """Who keeps the group of sites."""
    people.organisation(*OFFICE)
    return people.official("keeper", "site_admin", org_code=OFFICE[0], org_name=OFFICE[1])


def editor() -> Actor:
    """Who edits a site."""
    people.organisation(*OFFICE)
    return people.official("writer", "site_editor", org_code=OFFICE[0], org_name=OFFICE[1])


def index(title: str, **other: Any) -> None:
    """Let an item be found by everybody."""
    entry = Entry(kind="item", object_id=title, title=title, url="/items/1/")
    api.index_many(tenant=other.pop("tenant", TENANT), entries=[dataclasses.replace(entry, **other)])


def titles(page: Any) -> list[str]:
    """The titles of hits."""
    return [hit.plain_title for hit in getattr(page, "rows", page)]


def searched(words: str, *, people: int = 1, found: int = 0, site: str = "", actor: Actor = STRANGER) -> None:
    """So many different people search for words."""
    for number in range(people):
        api.count_search(actor=actor, words=words, site=site, found=found, who=f"visitor {number}")


def counted(words: str) -> tuple[int, int]:
    """(times, searchers) of a word."""
    rows = SearchedWord.objects.filter(words=words).values_list("times", "searchers")
    return (sum(times for times, _n in rows), sum(n for _times, n in rows))
