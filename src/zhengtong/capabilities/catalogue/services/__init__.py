"""Writes of the catalogue: each function is one act with its ledger entry and event."""

from zhengtong.capabilities.catalogue.services.drafting import DraftConflict, draft_from_version, draft_item
from zhengtong.capabilities.catalogue.services.importing import ImportReport, RowRemark, count_use, import_items
from zhengtong.capabilities.catalogue.services.importing_lists import (
    Judged,
    correct_list,
    enter_list,
    judge_list,
    receive_list,
    run_entering,
)
from zhengtong.capabilities.catalogue.services.publishing import publish_item
from zhengtong.capabilities.catalogue.services.retiring import cancel_scheduled, retire_item
from zhengtong.capabilities.catalogue.services.review_process import begin_review_process
from zhengtong.capabilities.catalogue.services.reviewing import (
    decide_review,
    discard_draft,
    follow_review,
    submit_draft,
    withdraw_review,
)
from zhengtong.capabilities.catalogue.services.scheduling import switch_scheduled
from zhengtong.capabilities.catalogue.services.succeeding import list_orphans, take_over_items
from zhengtong.capabilities.catalogue.services.watching import tell_watchers, unwatch_item, watch_item

__all__ = [
    "DraftConflict",
    "ImportReport",
    "Judged",
    "RowRemark",
    "begin_review_process",
    "cancel_scheduled",
    "correct_list",
    "count_use",
    "decide_review",
    "discard_draft",
    "draft_from_version",
    "draft_item",
    "enter_list",
    "follow_review",
    "import_items",
    "judge_list",
    "list_orphans",
    "publish_item",
    "receive_list",
    "retire_item",
    "run_entering",
    "submit_draft",
    "switch_scheduled",
    "take_over_items",
    "tell_watchers",
    "unwatch_item",
    "watch_item",
    "withdraw_review",
]
