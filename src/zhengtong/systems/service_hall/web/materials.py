"""Materials: what is asked, what was given; giving, removing and reading a file."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import storage
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.web import pages, submitting


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The materials of a draft; going on is possible at any time, the review says what is missing."""
    view = api.view_to_fill(actor=pages.actor_of(request), application_id=application_id)
    if view.row.status != ApplicationStatus.DRAFT:
        return redirect("service_hall:application", application_id)
    if api.newer_item(view.row) is not None:
        return redirect("service_hall:newer", application_id)
    return materials_page(request, view)


def materials_page(
    request: HttpRequest, view: api.ApplicationView, *, error_key: str = "", error: str = ""
) -> HttpResponse:
    """The page with one row a material; ``error`` is said at the material ``error_key``."""
    context: dict[str, Any] = {
        "view": view,
        "rows": pages.material_rows(
            view,
            error_key=error_key,
            error=error,
            offers=api.material_offers(actor=pages.actor_of(request), view=view),
            collected=api.scan_counts(view.row),
        ),
        "errors": [{"text": error, "href": f"#material-{error_key}"}] if error else [],
        "spared": "、".join(material.name for material in view.materials if material.state == "not_needed"),
        "loose": api.loose_files(view.row, view.item),
        "accept": pages.ACCEPT,
        "progress": pages.progress(view, "materials"),
        "back": pages.section_url(view.id, max(pages.asked_sections(view), default=1)),
        "later": pages.left_for_later(request, view.row),
        "breadcrumbs": pages.crumbs((view.row.item_name, ""), (_("材料"), "")),
    }
    return render(request, "service_hall/materials.html", context, status=422 if error else 200)


@signed_in
@require_POST
def upload(request: HttpRequest, application_id: uuid.UUID, key: str) -> HttpResponse:
    """Give a file for a material, then back to the page; a refusal says why beside the material."""
    actor = pages.actor_of(request)
    chosen = [*request.FILES.getlist("file"), *request.FILES.getlist("photo")]
    given = [(each.name or "", each.read(MAX_BYTES + 1)) for each in chosen]
    behind = request.POST.get("behind", "")
    try:
        row = api.application_to_fill(actor=actor, application_id=application_id)
        if not given:
            raise Invalid(_("还没有选择文件。请先选择文件或拍照，再上传。"), field="file")
        if behind:
            api.add_pages(actor=actor, application_id=row.id, file_id=_key(behind), pages=given)
        else:
            name, content = api.one_file(given)
            api.attach_material(actor=actor, application_id=row.id, material_key=key, name=name, content=content)
    except Invalid as refusal:
        view = api.view_to_fill(actor=actor, application_id=application_id)
        if view.row.status == ApplicationStatus.DRAFT:
            return materials_page(request, view, error_key=key, error=refusal.message)
        return submitting.supplement_page(request, view, error_key=key, error=refusal.message)
    return redirect(place_of_material(api.application_to_fill(actor=actor, application_id=application_id), key))


@signed_in
@require_POST
def turn(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Turn a file by a quarter to the right."""
    actor = pages.actor_of(request)
    key = api.turn_material(actor=actor, application_id=application_id, file_id=file_id).material_key
    return redirect(place_of_material(api.application_to_fill(actor=actor, application_id=application_id), key))


@signed_in
@require_POST
def reuse(request: HttpRequest, application_id: uuid.UUID, key: str) -> HttpResponse:
    """Use what the applicant has already for a material, then back to the page."""
    actor = pages.actor_of(request)
    api.reuse_material(
        actor=actor,
        application_id=application_id,
        material_key=key,
        kind=request.POST.get("kind", ""),
        source_id=_key(request.POST.get("source", "")),
    )
    return redirect(place_of_material(api.application_to_fill(actor=actor, application_id=application_id), key))


@signed_in
@require_POST
def remove(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Take a file out again."""
    actor = pages.actor_of(request)
    key = api.detach_material(actor=actor, application_id=application_id, file_id=file_id).material_key
    return redirect(place_of_material(api.application_to_fill(actor=actor, application_id=application_id), key))


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(_("没有找到这份材料。")) from None


def place_of_material(row: Any, key: str) -> str:
    """Address of the page on which a material is given now, at the material."""
    page = "materials" if row.status == ApplicationStatus.DRAFT else "supplement"
    return f"{reverse(f'service_hall:{page}', args=[row.id])}#material-{key}"


@signed_in
@never_cache
@require_safe
def file(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """One of the applicant's own files, as a download."""
    row = _readable(request, application_id)
    given = api.material_file(application=row, file_id=file_id)
    stored, content = storage.read(tenant=row.tenant, file_id=given.file_id)
    return download(stored.name, content, stored.content_type)


@signed_in
@never_cache
@require_safe
def answer_file(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file the applicant gave as an answer in the form, as a download."""
    row = _readable(request, application_id)
    stored, content = forms.attachment_content(tenant=row.tenant, submission_id=row.form_submission_id, file_id=file_id)
    return download(stored.name, content, stored.content_type)


def _readable(request: HttpRequest, application_id: uuid.UUID) -> api.Application:
    """The reader's own application, or the one he is typing at a counter."""
    return api.application_to_fill(actor=pages.actor_of(request), application_id=application_id)


def download(name: str, content: bytes, content_type: str) -> HttpResponse:
    """Bytes as an attachment that no browser takes for something else."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
