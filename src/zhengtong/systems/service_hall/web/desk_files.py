"""Materials and papers for officials: each reading is entered before a byte is sent."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import storage
from zhengtong.kernel.policy import requires
from zhengtong.kernel.uploads import ACCEPTED
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web.desk_pages import HANDLERS, READERS
from zhengtong.systems.service_hall.web.pages import actor_of

#: the file is shown alone: no script, no form, nothing from elsewhere
_SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)


@requires(*READERS)
@require_GET
@never_cache
def material(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of an application, for who takes part in its case."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    given = api.material_file(application=row, file_id=file_id)
    stored, content = storage.read(tenant=row.tenant, file_id=given.file_id)
    said = _("办理办件 %(number)s") if actor.has_role(*HANDLERS) else _("效能监察：办件 %(number)s")
    purpose = said % {"number": row.number}
    api.record_file_read(actor=actor, row=row, name=given.material_name, purpose=purpose)
    return _sent(stored.name, stored.content_type, content)


@requires(*READERS)
@require_GET
@never_cache
def answer(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file given as an answer in the form, for who takes part in the case."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    stored, content = forms.attachment_content(tenant=row.tenant, submission_id=row.form_submission_id, file_id=file_id)
    said = _("办理办件 %(number)s") if actor.has_role(*HANDLERS) else _("效能监察：办件 %(number)s")
    api.record_file_read(actor=actor, row=row, name=stored.name, purpose=said % {"number": row.number})
    return _sent(stored.name, stored.content_type, content)


@requires(*READERS)
@require_GET
@never_cache
def paper(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A receipt, notice, licence or decision; the documents' door answers for the right to read it."""
    actor = actor_of(request)
    purpose = _("办理办件") if actor.has_role(*HANDLERS) else _("效能监察")
    name, content = documents.read_file(actor=actor, document_id=document_id, purpose=purpose)
    return _sent(name, "application/pdf", content)


@requires(*HANDLERS)
@require_GET
@never_cache
def preview(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The licence as it would be issued, marked as a draft, for the unit that decides."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    name, content = api.preview_licence(actor=actor, row=row)
    return _sent(name, "application/pdf", content)


def _sent(name: str, content_type: str, content: bytes) -> HttpResponse:
    shown = content_type in ACCEPTED
    response = HttpResponse(content, content_type=content_type if shown else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    return response
