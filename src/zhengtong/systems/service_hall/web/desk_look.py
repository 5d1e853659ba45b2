"""A material as pictures beside the form: its pages are drawn here, so that nothing of the file runs in a browser."""

import dataclasses
import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import pdf_pages, storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web.desk_pages import HANDLERS, READERS, frame
from zhengtong.systems.service_hall.web.pages import actor_of

_SALT = "service_hall.look"
_AGE = 1800  # seconds for which the pages of a file that was opened may be drawn
_WIDTH = 1240  # pixels: an A4 page at 150 dots per inch
_MOST_PAGES = 80


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A page in the viewer."""

    url: str
    width: int
    height: int
    label: str


@requires(*READERS)
@require_GET
@never_cache
def look(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A material of an application, page by page; the reading is entered before anything is shown."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    given = api.material_file(application=row, file_id=file_id)
    api.record_file_read(actor=actor, row=row, name=given.material_name, purpose=_purpose(actor, row))
    file_url = reverse("service_hall:desk-file", args=[row.id, given.id])
    return _viewer(request, actor, row, given.file_id, f"{given.material_name}：{given.file.name}", file_url)


@requires(*READERS)
@require_GET
@never_cache
def look_at_answer(request: HttpRequest, application_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """The same for a file given as an answer in the form."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    stored, _content = forms.attachment_content(
        tenant=row.tenant, submission_id=row.form_submission_id, file_id=file_id
    )
    api.record_file_read(actor=actor, row=row, name=stored.name, purpose=_purpose(actor, row))
    file_url = reverse("service_hall:desk-answer", args=[row.id, file_id])
    return _viewer(request, actor, row, file_id, stored.name, file_url)


@requires(*READERS)
@require_GET
@never_cache
def sheet(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One page of a file as a picture, for who has just opened it."""
    actor = actor_of(request)
    try:
        said = signing.loads(token, salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        raise NotFound(_("这个页面已经过期，请重新打开材料。")) from None
    if said["who"] != str(actor.person_id) or said["post"] != str(actor.post_id):
        raise NotFound(_("这个页面已经过期，请重新打开材料。"))
    stored, content = storage.read(tenant=actor.tenant, file_id=uuid.UUID(said["file"]))
    if stored.content_type == "application/pdf":
        content, kind = pdf_pages.page_picture(content, number, width=_WIDTH), "image/jpeg"
    elif stored.content_type in ("image/jpeg", "image/png") and number == 1:
        kind = stored.content_type
    else:
        raise NotFound(_("这个文件不能在这里查看，请下载以后打开。"))
    response = HttpResponse(content, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _purpose(actor: Actor, row: api.Application) -> str:
    said = _("办理办件 %(number)s") if actor.has_role(*HANDLERS) else _("效能监察：办件 %(number)s")
    return said % {"number": row.number}


def _viewer(
    request: HttpRequest, actor: Actor, row: api.Application, stored_id: uuid.UUID, title: str, file_url: str
) -> HttpResponse:
    """The viewer: a part of the page for its script, a page of its own for everybody else."""
    stored, content = storage.read(tenant=row.tenant, file_id=stored_id)
    said = {"who": str(actor.person_id), "post": str(actor.post_id), "file": str(stored_id)}
    token = signing.dumps(said, salt=_SALT)
    sizes, count = [(0.0, 0.0)], 1
    if stored.content_type == "application/pdf":
        sizes, count = pdf_pages.page_sizes(content, most=_MOST_PAGES)
    context = {
        "title": title,
        "file_url": file_url,
        "sheets": [
            Sheet(
                url=reverse("service_hall:desk-sheet", args=[token, number]),
                width=round(width),
                height=round(height),
                label=_("%(title)s，第 %(number)d 页") % {"title": title, "number": number},
            )
            for number, (width, height) in enumerate(sizes, 1)
        ],
        "count": count,
        "unshown": max(0, count - len(sizes)),
    }
    if request.headers.get("HX-Request"):
        return render(request, "service_hall/desk/parts/look.html", context)
    return render(request, "service_hall/desk/look.html", frame(request, actor) | context)
