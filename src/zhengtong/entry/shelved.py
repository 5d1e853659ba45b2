"""The outermost layer of the web server: pages on the shelf are sent without calling Django."""

import http
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings

from zhengtong.entry.observing.pulse import pulse
from zhengtong.systems.sites import api as sites
from zhengtong.systems.sites.web.shelving import OFFER, place_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

_MEGABYTE: Final = 1 << 20
#: what belongs to one answer and not to the page
_OF_THE_ANSWER: Final = frozenset({"content-length", "date", "server", "x-request-id", "connection"})
_OK: Final = "200 OK"
_LARGEST: Final = _MEGABYTE


class Shelved:
    """A WSGI application before ours: what stands on the shelf it answers, what may stand there it keeps."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._shelf = sites.Shelf(sites.shelf_folder(), memory=settings.ZHENGTONG_SITES_SHELF_MEMORY * _MEGABYTE)

    def __call__(self, asked: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the shelf; else pass on."""
        place = place_of(asked)
        if place is None:
            return self._application(asked, start_response)
        kept = self._shelf.find(place)
        if kept is None:
            return self._kept(asked, start_response)
        pulse.tally.request("sites.shelf", http.HTTPStatus.OK, 0.0, 0)
        headers = [*kept.headers, ("ETag", kept.etag)]
        if kept.etag in asked.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return [b""]
        body = kept.body
        if "gzip" in asked.get("HTTP_ACCEPT_ENCODING", ""):
            body = kept.packed
            headers.append(("Content-Encoding", "gzip"))
        start_response(_OK, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _kept(self, asked: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on, and keep the answer where the view offers it."""
        told: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told.append((status, list(headers)))
            return start_response(status, headers, exc_info)

        answer = self._application(asked, listen)
        offered = asked.pop(OFFER, None)
        if offered is None or not told or told[-1][0] != _OK:
            return answer
        place, edition = offered
        headers = [pair for pair in told[-1][1] if pair[0].lower() not in _OF_THE_ANSWER]
        names = {name.lower() for name, _text in headers}
        body = b"".join(answer)
        if not names & {"set-cookie", "content-encoding"} and len(body) <= _LARGEST:
            self._shelf.keep(place, edition, [*headers, *_varying(names)], body)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return [body]


def _varying(names: set[str]) -> Headers:
    return [] if "vary" in names else [("Vary", "Cookie, Accept-Encoding")]
