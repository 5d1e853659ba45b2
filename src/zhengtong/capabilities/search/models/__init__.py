"""Tables of search: what can be found, what people searched for, what words mean."""

from zhengtong.capabilities.search.models.entries import SearchEntry, public_access
from zhengtong.capabilities.search.models.synonyms import SynonymList
from zhengtong.capabilities.search.models.words import HandledWord, SearchedWord, SearchMark, WordStand

__all__ = ["HandledWord", "SearchEntry", "SearchMark", "SearchedWord", "SynonymList", "WordStand", "public_access"]
