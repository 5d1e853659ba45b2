"""The door of the catalogue: items, their versions, publishing them."""

import uuid

from zhengtong.capabilities.catalogue.rules import (
    Commitment,
    Difference,
    Fee,
    ItemDraft,
    JointUnit,
    Member,
    Merged,
    Oddity,
    differences,
    guide_gaps,
    oddities,
)
from zhengtong.capabilities.catalogue.rules import Material as MaterialDraft
from zhengtong.capabilities.catalogue.rules import Question as QuestionDraft
from zhengtong.capabilities.catalogue.rules import SpecialStep as SpecialStepDraft
from zhengtong.capabilities.catalogue.rules import materials as materials_in
from zhengtong.capabilities.catalogue.selectors import ELEMENTS as NATIONAL_ELEMENTS
from zhengtong.capabilities.catalogue.selectors import (
    FEWEST,
    FILTERS,
    Applied,
    Audience,
    ChoiceQuestion,
    DepthReport,
    DraftView,
    Improvement,
    ItemFilters,
    ItemSummary,
    ItemVersionView,
    JointDepartment,
    LifeEvent,
    Material,
    Option,
    Preparation,
    Question,
    ReviewRound,
    ReviewTask,
    ReviewView,
    SpecialStep,
    SuccessionView,
    bundle_proposal,
    bundles,
    current_version,
    depth_report,
    draft_view,
    experience_of,
    filter_options,
    improvement_of,
    improvements,
    known_items,
    life_events,
    list_departments,
    list_items,
    list_themes,
    main_item,
    most_applied,
    national_codes,
    national_form,
    national_materials,
    national_rows,
    national_versions,
    popular_items,
    power_list,
    preparation_of,
    review_drawing,
    review_process_missing,
    review_tasks,
    review_view,
    sub_items,
    successions,
    themes_of_event,
    version_by_id,
    version_differences,
    version_of_case,
    watches_item,
)
from zhengtong.capabilities.catalogue.selectors import MATERIAL_ELEMENTS as NATIONAL_MATERIALS
from zhengtong.capabilities.catalogue.selectors import by_unit as improvements_by_unit
from zhengtong.capabilities.catalogue.services import (
    DraftConflict,
    ImportReport,
    RowRemark,
    begin_review_process,
    cancel_scheduled,
    correct_list,
    decide_review,
    discard_draft,
    draft_from_version,
    draft_item,
    enter_list,
    import_items,
    judge_list,
    publish_item,
    receive_list,
    retire_item,
    run_entering,
    submit_draft,
    take_over_items,
    unwatch_item,
    watch_item,
    withdraw_review,
)
from zhengtong.capabilities.catalogue.services import Judged as JudgedList
from zhengtong.kernel.paging import Page

__all__ = [
    "FEWEST",
    "FILTERS",
    "NATIONAL_ELEMENTS",
    "NATIONAL_MATERIALS",
    "Applied",
    "Audience",
    "ChoiceQuestion",
    "Commitment",
    "DepthReport",
    "Difference",
    "DraftConflict",
    "DraftView",
    "Fee",
    "ImportReport",
    "Improvement",
    "ItemDraft",
    "ItemFilters",
    "ItemSummary",
    "ItemVersionView",
    "JointDepartment",
    "JointUnit",
    "JudgedList",
    "LifeEvent",
    "Material",
    "MaterialDraft",
    "Member",
    "Merged",
    "Oddity",
    "Option",
    "Preparation",
    "Question",
    "QuestionDraft",
    "ReviewRound",
    "ReviewTask",
    "ReviewView",
    "RowRemark",
    "SpecialStep",
    "SpecialStepDraft",
    "SuccessionView",
    "begin_review_process",
    "bundle_proposal",
    "bundles",
    "cancel_scheduled",
    "correct_list",
    "decide_review",
    "departments",
    "depth_report",
    "differences",
    "discard_draft",
    "draft_from_version",
    "draft_item",
    "draft_view",
    "enter_list",
    "experience_of",
    "filter_options",
    "find_item",
    "guide_gaps",
    "import_items",
    "improvement_of",
    "improvements",
    "improvements_by_unit",
    "item_version",
    "items",
    "judge_list",
    "known_items",
    "life_events",
    "main_item",
    "materials_in",
    "most_applied",
    "national_codes",
    "national_form",
    "national_materials",
    "national_rows",
    "national_versions",
    "oddities",
    "popular",
    "power_list",
    "preparation_of",
    "publish_item",
    "receive_list",
    "retire_item",
    "review_drawing",
    "review_process_missing",
    "review_tasks",
    "review_view",
    "run_entering",
    "sub_items",
    "submit_draft",
    "successions",
    "take_over_items",
    "themes",
    "themes_of_event",
    "unwatch_item",
    "version_differences",
    "version_of_case",
    "watch_item",
    "watches_item",
    "withdraw_review",
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
