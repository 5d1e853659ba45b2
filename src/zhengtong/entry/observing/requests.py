"""The outermost middleware: a number for every request, a line in the log, and the counts of it.

What machines ask of us (is it alive, is it ready) is answered here, before hosts, sessions and sign-in: a load
balancer asks by the address of the machine, and must get an answer when the database gives none.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zhengtong.entry.observing import probes
from zhengtong.entry.observing.pulse import pulse
from zhengtong.kernel import tracing
from zhengtong.kernel.policy import Policy, policy_of
from zhengtong.kernel.refusals import content_policy

log = logging.getLogger("zhengtong.access")

HEADER: Final = "X-Request-ID"
_PROBES: Final[dict[str, Callable[[HttpRequest], HttpResponse]]] = {
    "/healthz": probes.alive,
    "/readyz": probes.ready,
    "/metrics": probes.metrics,
}


class Heard:
    """The statements of one request or of one round of a loop."""

    __slots__ = ("statements",)

    def __init__(self) -> None:
        self.statements: list[tuple[str, float]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Django's wrapper of statements."""
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements.append((sql if isinstance(sql, str) else str(sql), time.perf_counter() - begun))

    def note(self, text: str, seconds: float) -> None:
        """A statement that went past Django's cursor."""
        self.statements.append((text, seconds))


class RequestLogMiddleware:
    """Numbers, measures and notes every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._proxies = frozenset(settings.ZHENGTONG_TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the answer carries the number."""
        begun = time.perf_counter()
        number = self._given(request) or tracing.new_number()
        request.number = number  # type: ignore[attr-defined]  # for templates: Django's request has no place for it
        heard = Heard()
        pulse.request_begins()
        with tracing.within(number), tracing.listening(heard.note), connection.execute_wrapper(heard):
            probe = _PROBES.get(request.path_info)
            try:
                answer = self.get_response(request) if probe is None else probe(request)
            finally:
                pulse.request_ends()
            answer.headers[HEADER] = number
            if probe is not None:
                _secure(answer)
            seconds = time.perf_counter() - begun
            route = request.path_info.strip("/") if probe else self._note(request, answer, seconds, heard)
            pulse.tally.request(route, answer.status_code, seconds, len(heard.statements))
            if heard.statements:
                pulse.tally.heard(route, heard.statements)
        return answer

    def _given(self, request: HttpRequest) -> str:
        """The number a trusted proxy gave; empty when it gave none or not a good one."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        if given and request.META.get("REMOTE_ADDR") in self._proxies and tracing.WELL_FORMED.match(given):
            return str(given)
        return ""

    def _note(self, request: HttpRequest, answer: HttpResponseBase, seconds: float, heard: Heard) -> str:
        """Write the line, without addresses that may hold a person's number, and without queries; the route's name."""
        match = request.resolver_match
        if match is None:
            static = request.path_info.startswith(settings.STATIC_URL)
            if static:
                return "static"
            route, pattern, policy = "unknown", "-", "-"
        else:
            route, pattern = match.view_name or match.route, f"/{match.route}"
            policy = _named(policy_of(match.func))
        millis, count = round(seconds * 1000), len(heard.statements)
        log.info(
            "%s %s %s %s %d ms %d sql %s",
            request.method,
            answer.status_code,
            route,
            pattern,
            millis,
            count,
            policy,
            extra={
                "method": request.method,
                "status": answer.status_code,
                "route": route,
                "pattern": pattern,
                "millis": millis,
                "statements": count,
                "policy": policy,
            },
        )
        return route


def _secure(answer: HttpResponseBase) -> None:
    """The headers that other answers get further in."""
    answer.headers["Content-Security-Policy"] = content_policy()
    answer.headers["X-Frame-Options"] = "DENY"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"


def _named(policy: Policy | None) -> str:
    if policy is None:
        return "-"
    return "|".join(sorted(policy.roles)) if policy.kind == "roles" else policy.kind
