"""What is looked at before any page reads a request: how long it is, and signs the database cannot keep."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.refusals import refusal_page
from zhengtong.kernel.uploads import MAX_REQUEST_BYTES

_NUL = "\0"
_TOO_LONG = 413


class RequestLimitMiddleware:
    """Refuses a request longer than any form of ours before its first byte is read; takes NUL signs out of texts.

    Nobody types a NUL and PostgreSQL keeps none. Views that programs post to (``csrf_exempt``) read what they are sent
    themselves, with limits of their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what is short enough."""
        length = content_length(request)
        if length is None or length > MAX_REQUEST_BYTES:
            return _too_long(request)
        if not _is_charset(request.encoding):
            request.encoding = settings.DEFAULT_CHARSET
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None to go on, with texts that can be kept; the page of a refusal for an address nothing can have."""
        if getattr(view, "csrf_exempt", False):
            return None
        if any(isinstance(value, str) and _NUL in value for value in kwargs.values()):
            return refusal_page(request, NotFound(_("没有找到这个页面。可能是地址有误，或者内容已经撤下。")))
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # Django lets a request's fields be set
        if request.method == "POST" and any(_NUL in text for _name, texts in request.POST.lists() for text in texts):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]  # the same
        return None


def content_length(request: HttpRequest) -> int | None:
    """How many bytes the sender announces, 0 when he says nothing; None for what is no number of bytes."""
    said = str(request.META.get("CONTENT_LENGTH") or "0").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < len(str(MAX_REQUEST_BYTES)) * 2 else None


def _is_charset(name: str | None) -> bool:
    """False for names of codecs that turn no bytes into text, such as ``hex``; None is our own charset."""
    try:
        b"00".decode(name or "utf-8", "replace")
    except LookupError:
        return False
    return True


def _without_nul(fields: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True, encoding=fields.encoding)
    for name, texts in fields.lists():
        kept.setlist(name.replace(_NUL, ""), [text.replace(_NUL, "") for text in texts])
    kept._mutable = False  # as Django gives them
    return kept


def _too_long(request: HttpRequest) -> HttpResponse:
    message = _(
        "一次上传的内容太大，没有接收，也没有保存。每个文件不要超过 50 MB，一次不要超过 5 个；"
        "请压缩或者分几次上传，已经保存的内容都还在。"
    )
    answer = render(request, "ui/error.html", {"status": _TOO_LONG, "message": message}, status=_TOO_LONG)
    answer.headers["Connection"] = "close"  # what is still on its way is not read
    return answer
