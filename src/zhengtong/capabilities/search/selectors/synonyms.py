"""The synonyms in force, and their versions."""

from zhengtong.capabilities.search.models import SynonymList
from zhengtong.capabilities.search.rules.synonyms import STARTER, Group, parse


def synonyms_text(tenant: str) -> tuple[str, int]:
    """The newest version and its number; the starter set with 0 before anybody saved one."""
    row = SynonymList.objects.filter(tenant=tenant).order_by("-version").values_list("text", "version").first()
    return row or (STARTER, 0)


def synonym_groups(tenant: str) -> list[Group]:
    """The groups of words that mean the same."""
    return parse(synonyms_text(tenant)[0])[0]


def synonym_versions(tenant: str) -> list[SynonymList]:
    """All versions, the newest first."""
    return list(SynonymList.objects.filter(tenant=tenant).order_by("-version").defer("text"))
