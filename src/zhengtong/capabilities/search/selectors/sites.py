"""The sites a search can be narrowed to, as their app tells of them."""

from collections.abc import Collection

from zhengtong.capabilities.search.registry import SearchSite, search_sites


def sites_by_code(tenant: str, codes: Collection[str]) -> dict[str, SearchSite]:
    """The open sites among these codes; nothing is asked for none."""
    found: dict[str, SearchSite] = {}
    for known in [known for _name, known in search_sites.items()]:
        found |= known(tenant, codes) if codes else {}
    return found
