"""Blank forms and samples of materials as answers: shown alone, nothing in them can act."""

import uuid

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhengtong.kernel import storage
from zhengtong.kernel.uploads import ACCEPTED

_SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)


def answer(tenant: str, file_id: uuid.UUID) -> HttpResponse:
    """A stored file; the caller has checked that it belongs to what the reader may see. Raises NotFound."""
    stored, content = storage.read(tenant=tenant, file_id=file_id)
    shown = stored.content_type in ACCEPTED
    response = HttpResponse(content, content_type=stored.content_type if shown else "application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(not shown, stored.name) or "attachment"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
