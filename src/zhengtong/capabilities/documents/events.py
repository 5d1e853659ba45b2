"""Events this app sends."""

from zhengtong.contracts.documents import DocumentIssued, DocumentSuperseded, DocumentWithdrawn

__all__ = ["DocumentIssued", "DocumentSuperseded", "DocumentWithdrawn"]
