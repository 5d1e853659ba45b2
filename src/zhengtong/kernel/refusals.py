"""Turns a domain error that a view let pass into a page with its sentence; sets the headers of every answer."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted

log = logging.getLogger(__name__)

_STATUS: dict[type[DomainError], int] = {NotPermitted: 403, NotFound: 404, Conflict: 409, Invalid: 422}
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)


def content_policy(*, frame_ancestors: str = "'none'") -> str:
    """The content policy of our pages; ``'self'`` as ``frame_ancestors`` for one that stands in a frame of ours."""
    return _POLICY + frame_ancestors


class HeadersMiddleware:
    """Puts the content policy on every answer, also on files and on what is answered before a view is found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on and add the headers a view has not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response


class RefusalMiddleware:
    """Shows ``ui/error.html`` for a DomainError: what happened, why, what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; what a signed-in person reads stays in no cache."""
        response = self.get_response(request)
        actor = _actor_of(request)
        if actor is not None and actor.signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal; None lets other exceptions go their way."""
        if not isinstance(error, DomainError):
            return None
        return refusal_page(request, error)


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says the sentence of a domain error, with the status that fits it; who was refused is logged."""
    if isinstance(error, NotPermitted):
        log.warning("refused %s %s to %s", request.method, request.path, who(request))
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    return render(request, "ui/error.html", {"status": status, "message": error.message}, status=status)


def who(request: HttpRequest) -> str:
    """Who asks, as logs name people: by pseudonym, kind and unit, never by name."""
    actor = _actor_of(request)
    if actor is None or not actor.signed_in:
        return "a stranger"
    return f"{actor.kind} {actor.person_id} of {actor.org_code or 'no unit'}"


def _actor_of(request: HttpRequest) -> Actor | None:
    """Who asks; None where the request was answered before anybody was named."""
    return getattr(request, "actor", None)
