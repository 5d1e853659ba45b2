"""Public verification: by code, by QR, by file. Nothing a stranger sends is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.web.forms import CodeForm, FileForm
from zhengtong.capabilities.documents.web.results import shown
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import public

_MISTYPED_STATUS = {api.Verdict.MISTYPED: 404, api.Verdict.UNKNOWN: 404}


@public
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file; a good code leads to its own address."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("documents:result", code=form.cleaned_data["code"])
    return _page(request, code_form=form, file_form=FileForm())


@public
@never_cache
@require_http_methods(["GET", "POST"])
def check_file(request: HttpRequest) -> HttpResponse:
    """Compare an uploaded file with what was issued."""
    if request.method == "GET":
        return redirect("documents:verify")
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            result = api.verify_file(form.cleaned_data["file"].read())
        except Invalid as refusal:
            form.add_error("file", refusal.message)
        else:
            return _result(request, result, status=200)
    return _page(request, code_form=CodeForm(), file_form=form)


@public
@never_cache
@require_GET
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What the platform knows of the paper with this code; the address in its QR code."""
    found = api.verify_by_code(code)
    return _result(request, found, status=_MISTYPED_STATUS.get(found.verdict, 200))


def _page(request: HttpRequest, *, code_form: CodeForm, file_form: FileForm) -> HttpResponse:
    bad = bool(code_form.errors or file_form.errors)
    context: dict[str, Any] = {
        "code_form": code_form,
        "file_form": file_form,
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("证照查验")}],
    }
    return render(request, "documents/verify.html", context, status=422 if bad else 200)


def _result(request: HttpRequest, found: api.VerificationResult, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "result": shown(found),
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("证照查验"), "url": reverse("documents:verify")},
            {"label": _("查验结果")},
        ],
    }
    return render(request, "documents/result.html", context, status=status)
