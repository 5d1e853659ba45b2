"""The door of the catalogue: items, their versions, publishing them."""

import uuid

from zhengtong.capabilities.catalogue.rules import ItemDraft, JointUnit
from zhengtong.capabilities.catalogue.rules import Material as MaterialDraft
from zhengtong.capabilities.catalogue.rules import Question as QuestionDraft
from zhengtong.capabilities.catalogue.rules import SpecialStep as SpecialStepDraft
from zhengtong.capabilities.catalogue.selectors import (
    ItemFilters,
    ItemSummary,
    ItemVersionView,
    JointDepartment,
    Material,
    Option,
    Question,
    SpecialStep,
    current_version,
    filter_options,
    list_departments,
    list_items,
    list_themes,
    popular_items,
    version_by_id,
)
from zhengtong.capabilities.catalogue.services import (
    ImportReport,
    RowRemark,
    import_items,
    publish_item,
    retire_item,
)
from zhengtong.kernel.paging import Page

__all__ = [
    "ImportReport",
    "ItemDraft",
    "ItemFilters",
    "ItemSummary",
    "ItemVersionView",
    "JointDepartment",
    "JointUnit",
    "Material",
    "MaterialDraft",
    "Option",
    "Question",
    "QuestionDraft",
    "RowRemark",
    "SpecialStep",
    "SpecialStepDraft",
    "departments",
    "filter_options",
    "find_item",
    "import_items",
    "item_version",
    "items",
    "popular",
    "publish_item",
    "retire_item",
    "themes",
]


def find_item(tenant: str, code: str) -> ItemVersionView:
    """The version in force of the item with a code; raises NotFound."""
    return current_version(tenant, code)


def item_version(version_id: uuid.UUID, *, tenant: str = "") -> ItemVersionView:
    """A version for ever, also after newer ones: what a running case goes by. Raises NotFound."""
    return version_by_id(version_id, tenant=tenant)


def items(tenant: str, filters: ItemFilters | None = None, page: object = 1, *, size: int = 20) -> Page[ItemSummary]:
    """Published items by name, filtered, as a page; ``page`` may be whatever a browser sent."""
    return list_items(tenant, filters, page, size=size)


def popular(tenant: str, count: int = 6) -> list[ItemSummary]:
    """The items most applied for, then those the county put forward."""
    return popular_items(tenant, count)


def themes(tenant: str) -> list[Option]:
    """Themes with their number of items."""
    return list_themes(tenant)


def departments(tenant: str) -> list[Option]:
    """Departments with their number of items."""
    return list_departments(tenant)
