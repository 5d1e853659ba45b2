"""Use cases of documents."""

from zhengtong.capabilities.documents.services.archiving import archive_package
from zhengtong.capabilities.documents.services.composing import Holder, Paper
from zhengtong.capabilities.documents.services.drafting import draft_file, save_draft
from zhengtong.capabilities.documents.services.ending import withdraw_document
from zhengtong.capabilities.documents.services.issuing import issue_document
from zhengtong.capabilities.documents.services.numbers import next_number
from zhengtong.capabilities.documents.services.reading import read_file
from zhengtong.capabilities.documents.services.renditions import ensure_ofd
from zhengtong.capabilities.documents.services.versions import add_version

__all__ = [
    "Holder",
    "Paper",
    "add_version",
    "archive_package",
    "draft_file",
    "ensure_ofd",
    "issue_document",
    "next_number",
    "read_file",
    "save_draft",
    "withdraw_document",
]
