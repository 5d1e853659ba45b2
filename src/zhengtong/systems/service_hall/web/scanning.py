"""A material page by page: take one picture after another, put them in order, make one file of them."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.kernel import pdf_pages, storage
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.materials import place_of_material

_WIDTH = 480  # pixels: enough to see which page it is and whether it lies on its side


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest, application_id: uuid.UUID, key: str) -> HttpResponse:
    """The pages so far, one below the other; POST ``act``: add, up, down, turn, remove, bind, apart or drop."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    row = view.row
    material = next((one for one in view.materials if one.key == key), None)
    if material is None:
        raise NotFound(_("这个事项没有要求这份材料。"))
    error = ""
    if request.method == "POST":
        try:
            done = _do(request, row.id, key)
        except (Invalid, Conflict) as refusal:
            error = refusal.message
        else:
            if done:
                messages.success(request, _("已经合成一个文件：%(name)s。") % {"name": material.name})
            there = place_of_material(row, key) if done else reverse("service_hall:scan-pages", args=[row.id, key])
            return redirect(there if done else f"{there}#add")
    collected = api.scans_of(row, key)
    context: dict[str, Any] = {
        "view": view,
        "row": row,
        "material": material,
        "collected": collected,
        "last": len(collected),
        "error": error,
        "errors": [{"text": error, "href": "#id_file"}] if error else [],
        "current": api.current_file(row, key) if not collected else None,
        "accept": pages.ACCEPT,
        "back": place_of_material(row, key),
        "breadcrumbs": pages.crumbs((row.item_name, ""), (_("逐页扫描"), "")),
    }
    return render(request, "service_hall/scan.html", context, status=422 if error else 200)


def _do(request: HttpRequest, application_id: uuid.UUID, key: str) -> bool:
    """Carry out the act of a button; True when the file is made."""
    actor = pages.actor_of(request)
    act, _sign, page = request.POST.get("act", "add").partition(":")
    of_material: Mapping[str, Callable[..., object]] = {
        "bind": api.bind_scans,
        "apart": api.take_file_apart,
        "drop": api.drop_scans,
    }
    if act in of_material:
        of_material[act](actor=actor, application_id=application_id, material_key=key)
        return act == "bind"
    if act == "add":
        chosen = [*request.FILES.getlist("file"), *request.FILES.getlist("photo")]
        given = [(each.name or "", each.read(MAX_BYTES + 1)) for each in chosen]
        api.add_scans(actor=actor, application_id=application_id, material_key=key, given=given)
        return False
    page_id = _page_id(page)
    if act in ("up", "down"):
        api.move_scan(actor=actor, application_id=application_id, page_id=page_id, by=-1 if act == "up" else 1)
    elif act == "turn":
        api.turn_scan(actor=actor, application_id=application_id, page_id=page_id)
    elif act == "remove":
        api.remove_scan(actor=actor, application_id=application_id, page_id=page_id)
    else:
        raise Invalid(_("请选择要做的事。"), field="act")
    return False


def _page_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(_("没有找到这一页，可能已经移除。")) from None


@signed_in
@never_cache
@require_safe
def picture(request: HttpRequest, application_id: uuid.UUID, page_id: uuid.UUID) -> HttpResponse:
    """A page that was collected, as a picture."""
    row = api.application_to_fill(actor=pages.actor_of(request), application_id=application_id)
    page = api.scan_of(row, page_id)
    _stored, content = storage.read(tenant=row.tenant, file_id=page.file_id)
    response = HttpResponse(pdf_pages.page_picture(content, 1, width=_WIDTH), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
