"""Pages for what went wrong: each says what happened, whether anything was lost, what to do."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from zhengtong.kernel import tracing
from zhengtong.kernel.refusals import kept_page, who

log = logging.getLogger(__name__)

_NOT_ALLOWED = 405
#: TRACE repeats what it was sent, CONNECT and TRACK are for proxies: no page needs them, whatever its view admits
_FORBIDDEN_METHODS = frozenset({"TRACE", "TRACK", "CONNECT"})
_SHALLOWEST = 2  # slashes of an address right below the start page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what cannot be read."""
    return _page(
        request,
        400,
        _("浏览器发来的内容无法识别，这一次没有办理。请返回上一页再试一次；仍然不行的，请拨打页面底部的电话。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this person."""
    return _page(request, 403, _("您现在的身份不能打开这个页面。请换一个身份再试；仍然不行的，请拨打页面底部的电话。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such address."""
    return _page(request, 404, _("没有找到这个页面。可能是地址有误，或者内容已经撤下。您可以从首页搜索。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, with a number to report."""
    log.error("problem at %s %s by %s", request.method, request.path, who(request), exc_info=True)
    if request.method in {"GET", "HEAD"}:
        message = _(
            "平台出了问题，这个页面没有打开，已经保存的内容都在。请过一会儿再试；"
            "仍然不行的，请拨打 %(phone)s，并说明下面的错误编号。"
        )
    else:  # what failed may have come after the act was written
        message = _(
            "平台出了问题，刚才的操作可能已经生效，也可能没有。请先回去查看结果，没有生效的再办一次；"
            "仍然不行的，请拨打 %(phone)s，并说明下面的错误编号。"
        )
    site = settings.ZHENGTONG_SITE
    page = {
        **site,
        "status": 500,
        "message": message % {"phone": site["contact_phone"]},
        "number": tracing.number(),
    }
    # without the request: what failed may be what the menus need
    return HttpResponse(render_to_string("ui/error.html", page), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that stood open too long, or in another window than the one one signed in again in.

    What was typed comes back with a fresh form around it.
    """
    kept = kept_page(request, _("页面打开的时间太长，为了安全还没有提交。填写的内容都在这个页面上，请核对后再按一次。"))
    return kept or _page(
        request, 403, _("页面打开的时间太长，为了安全没有提交。请返回上一页刷新后重新提交，已自动保存的内容都还在。")
    )


class MethodMiddleware:
    """Answers who opens or reloads an address that only takes forms: Django's own answer is an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; an empty 405 to a browser becomes a page that says where to go, its status stays."""
        if request.method in _FORBIDDEN_METHODS:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
        response = self.get_response(request)
        if response.status_code != _NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        if not request.accepts("text/html"):
            return response
        words = _("这个页面不能直接打开或者刷新。这一次没有改动任何内容，请回到原来的页面继续办理。")
        page = _page(request, _NOT_ALLOWED, words, back_url=_way_back(request))
        page.headers["Allow"] = response.headers["Allow"]
        return page


def _way_back(request: HttpRequest) -> str:
    """The page the reader comes from, else the nearest one above; empty where there is neither."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # "http://[" and the like
        came_from = urlsplit("")
    if came_from.netloc == request.get_host() and came_from.path not in {"", request.path}:
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    above = request.path
    while above.count("/") > _SHALLOWEST:
        above = above.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""


def _page(request: HttpRequest, status: int, message: str, *, back_url: str = "") -> HttpResponse:
    context: dict[str, Any] = {"status": status, "message": message, "back_url": back_url}
    return render(request, "ui/error.html", context, status=status)
