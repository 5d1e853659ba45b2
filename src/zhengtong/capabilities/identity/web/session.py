"""What a session keeps: the identity chosen, the time of the last request, whether a new password is due."""

import time

from django.http import HttpRequest

_CHOICE = "identity_choice"
_SEEN = "identity_seen"
_IDLE = "identity_idle_seconds"
_PASSWORD_DUE = "identity_password_due"  # noqa: S105  (name of a session key)

_WRITE_AFTER = 60  # seconds: the session row is not written at every request


def begin(request: HttpRequest, *, idle_minutes: int, password_due: bool) -> None:
    """Called once after signing in."""
    request.session[_SEEN] = int(time.time())
    request.session[_IDLE] = idle_minutes * 60
    request.session[_PASSWORD_DUE] = password_due


def begun(request: HttpRequest) -> bool:
    """True when the session knows its limits; one that did not come through our sign-in page does not."""
    return _SEEN in request.session and _IDLE in request.session


def choice_of(request: HttpRequest) -> str:
    """The identity chosen, empty when none."""
    return str(request.session.get(_CHOICE, ""))


def choose(request: HttpRequest, choice: str) -> None:
    """Keep the identity chosen."""
    request.session[_CHOICE] = choice


def password_due(request: HttpRequest) -> bool:
    """True when the person has to set a new password first."""
    return bool(request.session.get(_PASSWORD_DUE))


def password_changed(request: HttpRequest) -> None:
    """The new password is set."""
    request.session[_PASSWORD_DUE] = False


def idle_too_long(request: HttpRequest) -> bool:
    """True when the last request lies too far back; otherwise this request counts as the last.

    Real elapsed time, not ``kernel.clock``: moving a demonstration's clock must not sign everybody out. Requests a
    page sends by itself (header ``X-Background: 1``) do not count as activity.
    """
    present = int(time.time())
    seen = int(request.session[_SEEN])
    if present - seen > request.session[_IDLE]:
        return True
    if present - seen > _WRITE_AFTER and request.headers.get("X-Background") != "1":
        request.session[_SEEN] = present
    return False
