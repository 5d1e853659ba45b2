"""Writes of the catalogue: each function is one act with its ledger entry and event."""

from zhengtong.capabilities.catalogue.services.drafting import draft_item
from zhengtong.capabilities.catalogue.services.importing import ImportReport, RowRemark, count_use, import_items
from zhengtong.capabilities.catalogue.services.publishing import publish_item, retire_item

__all__ = ["ImportReport", "RowRemark", "count_use", "draft_item", "import_items", "publish_item", "retire_item"]
