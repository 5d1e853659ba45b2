"""Public verification: by code, by QR, by file, by offline token. Nothing a stranger sends is kept."""

import json
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.web.forms import CodeForm, FileForm, TokenForm
from zhengtong.capabilities.documents.web.results import shown
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, public

#: a file is opened, drawn and searched for codes: that costs far more than a look at a code
_ATTEMPTS = {"check_file": "30/m/ip"}
_MISTYPED_STATUS = {api.Verdict.MISTYPED: 404, api.Verdict.UNKNOWN: 404}


@public
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code, a file or a token; a good code leads to its own address."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("documents:result", code=form.cleaned_data["code"])
    return _page(request, code_form=form)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def check_file(request: HttpRequest) -> HttpResponse:
    """Compare an uploaded file with what was issued, or read the codes in a photograph."""
    if request.method == "GET":
        return redirect("documents:verify")
    form = FileForm(request.POST, request.FILES)
    if form.is_valid() and not ratelimit.consume(request, app="documents", action="check_file", config=_ATTEMPTS):
        form.add_error(
            "file", _("从您所在的网络上传的文件太多，这一次没有查验。请一分钟后再试，也可以输入查验码查验。")
        )
    elif form.is_valid():
        try:
            result = api.verify_file(form.cleaned_data["file"].read())
        except Invalid as refusal:
            form.add_error("file", refusal.message)
        else:
            return _result(request, result, way=api.CheckWay.FILE)
    return _page(request, file_form=form)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def check_token(request: HttpRequest) -> HttpResponse:
    """Check an offline token, and what became of its paper since."""
    if request.method == "GET":
        return redirect("documents:verify")
    form = TokenForm(request.POST)
    if form.is_valid():
        return _result(request, api.verify_token(form.cleaned_data["token"]), way=api.CheckWay.TOKEN)
    return _page(request, token_form=form)


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """A page that checks tokens in the browser: once loaded it needs no network."""
    context = {
        "keys_json": json.dumps(api.token_keys()),
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("证照查验"), "url": reverse("documents:verify")},
            {"label": _("离线核验")},
        ],
    }
    return render(request, "documents/offline.html", context)


@public
@require_GET
def token_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of offline tokens, for verifiers of their own."""
    keys = [{"key_id": known, "algorithm": "SM2", "public_key_pem": pem} for known, pem in api.token_keys().items()]
    return JsonResponse({"format": "zhengtong-token-keys-1", "keys": keys}, json_dumps_params={"indent": 2})


@public
@never_cache
@require_GET
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What the platform knows of the paper with this code; the address in its QR code."""
    found = api.verify_by_code(code)
    return _result(request, found, way=api.CheckWay.CODE, status=_MISTYPED_STATUS.get(found.verdict, 200))


@public
@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger's receipt of the issue: it verifies offline, and holds no personal data of the holder."""
    text = api.issue_receipt(code)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-receipt-{code}.json"'
    return response


def _page(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    file_form: FileForm | None = None,
    token_form: TokenForm | None = None,
) -> HttpResponse:
    forms = [form for form in (code_form, file_form, token_form) if form is not None]
    context: dict[str, Any] = {
        "code_form": code_form or CodeForm(),
        "file_form": file_form or FileForm(),
        "token_form": token_form or TokenForm(),
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("证照查验")}],
    }
    return render(request, "documents/verify.html", context, status=422 if any(form.errors for form in forms) else 200)


def _result(
    request: HttpRequest, found: api.VerificationResult, *, way: api.CheckWay, status: int = 200
) -> HttpResponse:
    if found.document_id is not None:
        api.count_check(document_id=found.document_id, way=way)
    context: dict[str, Any] = {
        "result": shown(found),
        "may_download": _may_read(request, found),
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("证照查验"), "url": reverse("documents:verify")},
            {"label": _("查验结果")},
        ],
    }
    return render(request, "documents/result.html", context, status=status)


def _may_read(request: HttpRequest, found: api.VerificationResult) -> bool:
    """Whether who asks is a reader of the paper: only then the page offers the files."""
    actor = actor_of(request)
    if found.document_id is None or not actor.signed_in:
        return False
    try:
        api.find_document(actor=actor, document_id=found.document_id)
    except DomainError:
        return False
    return True
