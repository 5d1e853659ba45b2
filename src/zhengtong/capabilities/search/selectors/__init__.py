"""Reading of search: hits, what was meant, suggestions, hot words, synonyms, the report of what was not found."""

from zhengtong.capabilities.search.selectors.finding import (
    KindCount,
    Narrowing,
    SearchHit,
    SearchPage,
    find,
    label_of,
    nearest,
)
from zhengtong.capabilities.search.selectors.meaning import probably_meant
from zhengtong.capabilities.search.selectors.missed import Missed, missed_words, word_stands
from zhengtong.capabilities.search.selectors.sites import sites_by_code
from zhengtong.capabilities.search.selectors.suggesting import Suggestion, hot_words, suggested
from zhengtong.capabilities.search.selectors.synonyms import synonym_groups, synonym_versions, synonyms_text

__all__ = [
    "KindCount",
    "Missed",
    "Narrowing",
    "SearchHit",
    "SearchPage",
    "Suggestion",
    "find",
    "hot_words",
    "label_of",
    "missed_words",
    "nearest",
    "probably_meant",
    "sites_by_code",
    "suggested",
    "synonym_groups",
    "synonym_versions",
    "synonyms_text",
    "word_stands",
]
