"""Reads of the catalogue."""

from zhengtong.capabilities.catalogue.selectors.contents import content_of, draft_of
from zhengtong.capabilities.catalogue.selectors.lists import (
    ItemFilters,
    ItemSummary,
    Option,
    filter_options,
    list_departments,
    list_items,
    list_themes,
    popular_items,
)
from zhengtong.capabilities.catalogue.selectors.searching import entries, entry_of
from zhengtong.capabilities.catalogue.selectors.units import UnitDirectory
from zhengtong.capabilities.catalogue.selectors.versions import (
    ItemVersionView,
    JointDepartment,
    Material,
    Question,
    SpecialStep,
    current_version,
    version_by_id,
    version_view,
)

__all__ = [
    "ItemFilters",
    "ItemSummary",
    "ItemVersionView",
    "JointDepartment",
    "Material",
    "Option",
    "Question",
    "SpecialStep",
    "UnitDirectory",
    "content_of",
    "current_version",
    "draft_of",
    "entries",
    "entry_of",
    "filter_options",
    "list_departments",
    "list_items",
    "list_themes",
    "popular_items",
    "version_by_id",
    "version_view",
]
