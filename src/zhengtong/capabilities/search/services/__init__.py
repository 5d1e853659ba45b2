"""What changes in search: the index, the counts of words, synonyms, what editors do about words."""

from zhengtong.capabilities.search.services.counting import count_search, register_sweeps
from zhengtong.capabilities.search.services.indexing import index_entries, rebuild_index, remove_entry, remove_traces
from zhengtong.capabilities.search.services.synonyms import keep_synonyms
from zhengtong.capabilities.search.services.words import handle_missed, release_word, set_stand

__all__ = [
    "count_search",
    "handle_missed",
    "index_entries",
    "keep_synonyms",
    "rebuild_index",
    "register_sweeps",
    "release_word",
    "remove_entry",
    "remove_traces",
    "set_stand",
]
