"""One act at a time for an object and a kind of paper."""

from zhengtong.capabilities.documents.models import Document
from zhengtong.kernel.transactions import hold


def lock_subject(row: Document) -> None:
    """Until the transaction ends the second caller waits, and then finds what the first one did."""
    hold(f"documents:{row.tenant}:{row.subject_kind}:{row.subject_id}:{row.kind}")


def lock_renditions(row: Document) -> None:
    """The same for making another format of one paper."""
    hold(f"documents:rendition:{row.pk}")
