"""Use cases of documents."""

from zhengtong.capabilities.documents.services.archiving import archive_package
from zhengtong.capabilities.documents.services.composing import Holder, Paper
from zhengtong.capabilities.documents.services.drafting import preview_document
from zhengtong.capabilities.documents.services.ending import withdraw_document
from zhengtong.capabilities.documents.services.issuing import issue_document
from zhengtong.capabilities.documents.services.losing import lift_loss, report_loss
from zhengtong.capabilities.documents.services.numbers import next_number
from zhengtong.capabilities.documents.services.reading import read_file
from zhengtong.capabilities.documents.services.reissuing import reissue_document
from zhengtong.capabilities.documents.services.renditions import NoLongerInForce, ensure_ofd
from zhengtong.capabilities.documents.services.reporting import issue_report, why_no_paper
from zhengtong.capabilities.documents.services.using import count_check, record_reading, record_use
from zhengtong.capabilities.documents.services.versions import add_version

__all__ = [
    "Holder",
    "NoLongerInForce",
    "Paper",
    "add_version",
    "archive_package",
    "count_check",
    "ensure_ofd",
    "issue_document",
    "issue_report",
    "lift_loss",
    "next_number",
    "preview_document",
    "read_file",
    "record_reading",
    "record_use",
    "reissue_document",
    "report_loss",
    "why_no_paper",
    "withdraw_document",
]
