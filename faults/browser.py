"""A person at a browser without the browser: a session over HTTP that tries again as people do when a page is away."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import requests

from faults.town import Town

_TIMEOUT = 25.0
_AGAIN = 0.7
_SERVER_ERROR = 500
_LOGIN = "/accounts/login/"


class SignedOut(Exception):
    """The session is over; the person has to sign in and begin the page anew."""


class Refused(Exception):
    """The town said no, in words."""


class Stopped(Exception):
    """The run is over."""


class Person:
    """One who signs in as ``name``; ``code`` gives the one-time code of an official."""

    def __init__(
        self, town: Town, name: str, stop: threading.Event, *, code: Callable[[str], str] | None = None
    ) -> None:
        self.town, self.name, self.stop, self._code = town, name, stop, code
        self._session = requests.Session()
        self._token = ""
        #: how often a page was away: no connection, no answer in time, or an error of the server
        self.away = 0

    def get(self, path: str) -> Any:
        """A page as a tree of elements; ``.base_url`` is where it was found in the end."""
        return self._page(self._ask("GET", path, allow_redirects=True))

    def post(self, path: str, data: Mapping[str, str] | None = None, **more: Any) -> str:
        """Send what is said until the town has answered; where that leads to. Refused when it says no."""
        answer = self._ask(
            "POST",
            path,
            data=None if "json" in more else {**(data or {}), "csrfmiddlewaretoken": self._token},
            headers={"X-CSRFToken": self._token},
            allow_redirects=False,
            **more,
        )
        if "fresh_factor_code" in answer.text:
            return self._confirm(answer)
        if answer.is_redirect:
            place = answer.headers["Location"]
            if _leads_to_sign_in(place):
                raise SignedOut
            return place
        if not (answer.ok and "json" in more):
            page = self._page(answer)
            said = [" ".join(part.text_content().split()) for part in page.cssselect("main")]
            raise Refused(f"{answer.status_code} {path} {' | '.join(said)[:300]}")
        return ""

    def sign_in(self) -> None:
        """From nothing to the own pages."""
        self._session.cookies.clear()
        page = self.get(_LOGIN)
        field = page.cssselect("main input[name=login], main input[name=username]")[0].get("name")
        place = self.post(_LOGIN, {field: self.name, "password": self.town.passwords[self.name]})
        if self._code is not None:
            self.get(place)
            self.post(place, {"code": self._code(self.name)})

    def _confirm(self, answer: requests.Response) -> str:
        """The second factor once more, together with what was sent."""
        form = self._form(self._page(answer), "fresh_factor_code")
        if self._code is None:
            raise Refused("a second factor was asked of one who has none")
        fields = {name: value or "" for name, value in form.fields.items()}
        return self.post(form.action or answer.url, fields | {"fresh_factor_code": self._code(self.name)})

    @staticmethod
    def _form(page: Any, field: str) -> Any:
        return next(form for form in page.forms if field in form.fields)

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        address = path if path.startswith("http") else f"{self.town.base}{path}"
        while not self.stop.is_set():
            try:
                answer = self._session.request(method, address, timeout=_TIMEOUT, **more)
                if answer.status_code < _SERVER_ERROR:
                    return answer
            except requests.RequestException:
                pass
            self.away += 1
            time.sleep(_AGAIN)
        raise Stopped

    def _page(self, answer: requests.Response) -> Any:
        page = lxml.html.fromstring(answer.content, base_url=answer.url)
        token = page.cssselect("input[name=csrfmiddlewaretoken]")
        self._token = (token[0].get("value") or "") if token else self._token
        if answer.history and _leads_to_sign_in(answer.url):
            raise SignedOut
        if page.cssselect("input[name=fresh_factor_code]") and answer.request.method == "GET":
            form = self._form(page, "fresh_factor_code")
            if self._code is None:
                raise Refused("a second factor was asked of one who has none")
            fields = {name: value or "" for name, value in form.fields.items()}
            place = self.post(form.action or answer.url, fields | {"fresh_factor_code": self._code(self.name)})
            return self.get(place)
        return page


def _leads_to_sign_in(address: str) -> bool:
    return urlsplit(address).path == _LOGIN
