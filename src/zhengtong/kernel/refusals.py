"""Turns a domain error that a view let pass into a page with its sentence; sets the headers of every answer."""

import dataclasses
import logging
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NoRoom, NotFound, NotPermitted

log = logging.getLogger(__name__)

#: the first that fits
_STATUS: dict[type[DomainError], int] = {NoRoom: 507, NotPermitted: 403, NotFound: 404, Conflict: 409, Invalid: 422}
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)

#: what of a device a page may ask for, as the header ``Permissions-Policy`` says it
DEVICES: Final = "camera=(self), geolocation=(), microphone=()"

#: characters from which a text is shown for reading, too: shorter ones are keys and choices
_WORTH_SHOWING = 4

#: keys a page sends for itself: nobody typed them
_KEY = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")

#: never given back, whatever the form calls it
_SECRET = re.compile(r"password|passphrase|secret")


def content_policy(*, frame_ancestors: str = "'none'", styles: str = "", forms: str = "") -> str:
    """The content policy of our pages; ``'self'`` as ``frame_ancestors`` for one that stands in a frame of ours.

    ``styles`` is what style sheets may come from besides our own files, ``forms`` where forms may be sent besides the
    host of the page; scripts come from files always.
    """
    more = {"style-src 'self'": styles, "form-action 'self'": forms}
    policy = _POLICY
    for said, source in more.items():
        policy = policy.replace(said, f"{said} {source}".rstrip())
    return policy + frame_ancestors


class HeadersMiddleware:
    """Puts the content policy on every answer, also on files and on what is answered before a view is found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on and add the headers a view has not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("Permissions-Policy", DEVICES)
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
    """The page that says the sentence of a domain error, with the status that fits it; who was refused is logged.

    Below the sentence stand the words somebody typed into a form of ours, so that he need not write them again.
    """
    if isinstance(error, NotPermitted):
        log.warning("refused %s %s to %s", request.method, request.path, who(request))
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    if request.method == "POST" and (kept := _kept(request)).worth_a_page:
        # what changed meanwhile may have changed back; what is wrong in the words stays wrong
        again = isinstance(error, Conflict | NoRoom)
        return _page_of(request, kept, error.message, status=status, refused=True, again=again)
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


def kept_page(request: HttpRequest, message: str, *, sign_in: bool = False, status: int = 403) -> HttpResponse | None:
    """The page that says why a form was not taken and holds everything typed, ready to be sent again.

    None where nothing was typed, and for what does not come from a page of ours (the browser names the origin): a
    stranger's page must not get its words shown with a button of ours below them. Passwords are not given back.
    """
    kept = _kept(request)
    return _page_of(request, kept, message, status=status, sign_in=sign_in) if kept.anything else None


@dataclasses.dataclass(frozen=True)
class _Kept:
    """What a form brought: its fields, and the names of its files with the field of each."""

    fields: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    files: list[tuple[str, str | None]] = dataclasses.field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What somebody may have typed, and not the page for itself."""
        found = (text for _name, text in self.fields if len(text.strip()) >= _WORTH_SHOWING)
        return [text for text in found if not _KEY.fullmatch(text)]

    @property
    def anything(self) -> bool:
        """True where a field was filled or a file chosen."""
        return bool(self.files) or any(text.strip() for _name, text in self.fields)

    @property
    def worth_a_page(self) -> bool:
        """True where somebody would have to type again."""
        return bool(self.files or self.texts)


def _kept(request: HttpRequest) -> _Kept:
    """What was typed into a form of ours; nothing of what came from elsewhere."""
    if not _sent_from_our_page(request):
        return _Kept()
    fields = [
        (name, text)
        for name, texts in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not _SECRET.search(name)
        for text in texts
    ]
    return _Kept(fields, [(name, upload.name) for name, uploads in request.FILES.lists() for upload in uploads])


def _page_of(
    request: HttpRequest,
    kept: _Kept,
    message: str,
    *,
    status: int,
    sign_in: bool = False,
    refused: bool = False,
    again: bool = True,
) -> HttpResponse:
    page = {
        "message": message,
        "sign_in": sign_in,
        "refused": refused,
        "again": again,
        "status": status,
        "back_url": _page_before(request) if refused else "",
        "action": request.get_full_path(),
        "kept": kept.fields,
        "texts": kept.texts,
        "files": kept.files,
    }
    if request.headers.get("HX-Request"):  # htmx puts answers with an error status nowhere
        answer = render(request, "ui/kept.html", page)
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    else:
        answer = render(request, "ui/kept.html", page, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page_before(request: HttpRequest) -> str:
    """The page of ours the form stood on; empty where the browser does not say."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # "http://[" and the like
        return ""
    if came_from.netloc != request.get_host():
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _sent_from_our_page(request: HttpRequest) -> bool:
    """True for a form a browser sent from a page of this site, and not for what scripts send for themselves."""
    if request.method != "POST" or "text/html" not in request.headers.get("Accept", ""):
        return False
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
