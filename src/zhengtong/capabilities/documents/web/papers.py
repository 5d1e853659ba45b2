"""One paper for who may read it: its files, its state, and for the issuing unit archive and withdrawal."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.constants import CONTENT_TYPES
from zhengtong.capabilities.documents.web.forms import WithdrawForm
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, signed_in
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, group4


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """The paper's page; a POST withdraws it."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            api.withdraw_document(actor=actor_of(request), document_id=document_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error("reason", refusal.message)
        else:
            return redirect("papers:paper", document_id=document_id)
    view = api.document_view(actor=actor_of(request), document_id=document_id)
    context: dict[str, Any] = {
        "view": view,
        "facts": _facts(view),
        "form": form,
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": view.paper.title}],
    }
    return render(request, "documents/paper.html", context, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_safe
def paper_file(request: HttpRequest, document_id: uuid.UUID, file_format: str) -> HttpResponse:
    """The paper as PDF or OFD; the reading is recorded."""
    name, content = api.read_file(
        actor=actor_of(request), document_id=document_id, purpose=_("下载办件文书"), file_format=file_format
    )
    return _download(name, content, CONTENT_TYPES[api.FileFormat(file_format)])


@signed_in
@never_cache
@require_safe
def archive(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """The package for the archive, for the issuing unit."""
    name, content = api.archive_package(actor=actor_of(request), document_id=document_id)
    return _download(name, content, "application/zip")


def _facts(view: api.DocumentView) -> list[dict[str, Any]]:
    paper = view.paper
    start = cn_date(paper.valid_from or paper.issued_at)
    until = _("%(start)s至%(end)s") % {"start": start, "end": cn_date(paper.valid_until)} if paper.valid_until else ""
    rows = [
        (_("种类"), view.kind_label),
        (_("编号"), paper.number),
        (_("持有人"), paper.holder_name),
        (_("签发单位"), paper.issuing_org_name),
        (_("签发时间"), cn_datetime(paper.issued_at)),
        (_("有效期"), until or _("长期")),
        (_("状态"), view.status_label),
        (_("撤回或者替换时间"), cn_datetime(view.ended_at)),
        (_("撤回或者替换原因"), view.ended_ground),
        (_("具体理由"), view.ended_reason if view.may_archive else ""),
        (_("电子印章"), _("已加盖") if paper.sealed else _("未加盖")),
        (_("查验码"), "-".join(group4(paper.verification_code).split())),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _download(name: str, content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
