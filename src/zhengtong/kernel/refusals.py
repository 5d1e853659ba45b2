"""Turns a domain error that a view let pass into a page with its sentence; sets the headers of every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted

_STATUS: dict[type[DomainError], int] = {NotPermitted: 403, NotFound: 404, Conflict: 409, Invalid: 422}
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)


def content_policy(*, frame_ancestors: str = "'none'") -> str:
    """The content policy of our pages; ``'self'`` as ``frame_ancestors`` for one that stands in a frame of ours."""
    return _POLICY + frame_ancestors


class RefusalMiddleware:
    """Shows ``ui/error.html`` for a DomainError: what happened, why, what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on and add the content policy."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal; None lets other exceptions go their way."""
        if not isinstance(error, DomainError):
            return None
        return refusal_page(request, error)


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says the sentence of a domain error, with the status that fits it."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    return render(request, "ui/error.html", {"status": status, "message": error.message}, status=status)
