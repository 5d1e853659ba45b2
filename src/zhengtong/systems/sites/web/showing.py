"""A version that is not published, as the public would read it."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from zhengtong.systems.sites.models import SitePage


def shown_version(request: HttpRequest, page: SitePage) -> HttpResponse:
    """The page rendered as a preview: found by no search engine, kept nowhere."""
    request.is_preview = True  # type: ignore[attr-defined]  # what Wagtail's own previews set
    answer = page.serve(request)
    if isinstance(answer, TemplateResponse):
        answer.render()
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    found: HttpResponse = answer
    return found
