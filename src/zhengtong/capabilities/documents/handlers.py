"""Receivers of the app's own events: what follows an issue without holding it up."""

from zhengtong.capabilities.documents import tasks
from zhengtong.capabilities.documents.constants import DocumentKind
from zhengtong.capabilities.documents.events import DocumentIssued


def on_issued(event: DocumentIssued) -> None:
    """A licence gets its OFD at once, while its seal is in force; other papers when somebody asks for it."""
    if event.kind == DocumentKind.LICENCE:
        tasks.make_ofd.defer(tenant=event.tenant, document_id=str(event.document_id))
