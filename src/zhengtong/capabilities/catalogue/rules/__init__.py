"""事项规则：limits, columns of item lists, publication, route, guide; plain Python."""

from zhengtong.capabilities.catalogue.rules.columns import (
    APPLICANTS,
    DEPTHS,
    HANDLING_KINDS,
    POWER_TYPES,
    joint_units,
    materials,
    special_steps,
    texts,
    unit_names,
)
from zhengtong.capabilities.catalogue.rules.drafts import (
    Commitment,
    Fee,
    ItemDraft,
    JointUnit,
    Material,
    Member,
    Question,
    SpecialStep,
)
from zhengtong.capabilities.catalogue.rules.limits import is_limit, odd_promise, promise_words, surely_longer, words_of
from zhengtong.capabilities.catalogue.rules.publication import (
    CODE_LENGTH,
    default_process,
    guide_gaps,
    may_apply,
    odd_limits,
    refusals,
)
from zhengtong.capabilities.catalogue.rules.rows import UnclearRow, draft_of_row, with_route

__all__ = [
    "APPLICANTS",
    "CODE_LENGTH",
    "DEPTHS",
    "HANDLING_KINDS",
    "POWER_TYPES",
    "Commitment",
    "Fee",
    "ItemDraft",
    "JointUnit",
    "Material",
    "Member",
    "Question",
    "SpecialStep",
    "UnclearRow",
    "default_process",
    "draft_of_row",
    "guide_gaps",
    "is_limit",
    "joint_units",
    "materials",
    "may_apply",
    "odd_limits",
    "odd_promise",
    "promise_words",
    "refusals",
    "special_steps",
    "surely_longer",
    "texts",
    "unit_names",
    "with_route",
    "words_of",
]
