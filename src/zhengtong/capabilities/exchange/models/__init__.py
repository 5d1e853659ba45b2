"""Tables of reporting upward."""

from zhengtong.capabilities.exchange.models.packages import ReportedRow, ReportPackage, ReportReceipt
from zhengtong.capabilities.exchange.models.streams import ChangedRow, ReportReconciliation, ReportStream

__all__ = [
    "ChangedRow",
    "ReportPackage",
    "ReportReceipt",
    "ReportReconciliation",
    "ReportStream",
    "ReportedRow",
]
