"""A finished page in traditional characters: its words converted, and nothing that is sent back or run.

Conversion goes by words, not by single characters (OpenCC, its own standard): 头发 and 发布 have different 发.
"""

import functools
import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from zhengtong.kernel.cookies import host_cookie

TRADITIONAL_COOKIE: Final = "zt_traditional"
#: comments, what is run or typed, tags; between them stand words
_APART: Final = re.compile(r"(<!--.*?-->|<(script|style|textarea)\b.*?</\2\s*>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
#: attributes that are read; the value of a field is not: it comes back to us
_READ: Final = re.compile(
    r'(\s(?:alt|title|placeholder|aria-label|aria-description|content|label|data-stop)=")([^"]*)(?=")'
)
_LANGUAGE: Final = re.compile(r'(<html\b[^>]*?\slang=")[^"]*')


@functools.cache
def _converter() -> Callable[[str], str]:
    # the tables are read when the first reader asks for them
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def traditional(text: str) -> str:
    """Words in traditional characters.

    >>> traditional("干部的头发，发布后的里程")
    '幹部的頭髮，發佈後的里程'
    """
    return _converter()(text)


def traditional_page(page: str) -> str:
    """A page of HTML: words between tags and attributes that are read; values of fields, scripts, styles stay.

    >>> traditional_page('<p title="发布">头发<input value="头发"></p>')
    '<p title="發佈">頭髮<input value="头发"></p>'
    """
    found, end = [], 0
    for apart in _APART.finditer(page):
        found += [traditional(page[end : apart.start()]), _tag(apart[0], whole=bool(apart[2]))]
        end = apart.end()
    return "".join([*found, traditional(page[end:])])


def _tag(tag: str, *, whole: bool) -> str:
    """A tag with the attributes that are read; what is ``whole`` an element, or a comment, stays as it is."""
    if whole or tag.startswith("<!--"):
        return tag
    return _READ.sub(lambda one: one[1] + traditional(one[2]), _LANGUAGE.sub(r"\1zh-Hant", tag))


def wants_traditional(request: HttpRequest) -> bool:
    """Whether the reader chose traditional characters."""
    return request.COOKIES.get(host_cookie(TRADITIONAL_COOKIE)) == "1"


class TraditionalMiddleware:
    """Converts the pages of a reader who chose so; the desks of officials stay as they are written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, converted where the reader wants it."""
        response = self._get_response(request)
        if not wants_traditional(request) or response.streaming:
            return response
        actor = getattr(request, "actor", None)
        if (actor is None or actor.kind != "official") and response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            response.content = traditional_page(response.content.decode()).encode()
            if response.has_header("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response
