"""What a session keeps: the identity chosen, the time of the last request, whether a new password is due."""

import datetime as dt
import time

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

from zhengtong.kernel.clock import now

_CHOICE = "identity_choice"
_BEGAN = "identity_began"
_SEEN = "identity_seen"
_IDLE = "identity_idle_seconds"
_LONGEST = "identity_longest_seconds"
_PASSWORD_DUE = "identity_password_due"  # noqa: S105  (name of a session key)

_WRITE_AFTER = 60  # seconds: the session row is not written at every request


def begin(request: HttpRequest, *, idle_minutes: int, longest_hours: int, password_due: bool) -> None:
    """Called once after signing in."""
    request.session[_BEGAN] = request.session[_SEEN] = int(time.time())
    request.session[_IDLE] = idle_minutes * 60
    request.session[_LONGEST] = longest_hours * 3600
    request.session[_PASSWORD_DUE] = password_due


def begun(request: HttpRequest) -> bool:
    """True when the session knows its limits; one that did not come through our sign-in page does not."""
    return _SEEN in request.session and _IDLE in request.session


def register(request: HttpRequest) -> None:
    """List the session among the open ones of its account, under its present key."""
    UserSession.objects.create_from_request(request)


def shown_at(request: HttpRequest) -> float:
    """When the person last showed who he is in this session; 0 before he did."""
    return max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)


def renew_after(request: HttpRequest, shown_before: float, key_before: str | None) -> None:
    """Give the session another key where this request has shown again who the person is; the old one opens nothing."""
    key = request.session.session_key
    if not request.user.is_authenticated or key is None or key != key_before or shown_at(request) <= shown_before:
        return
    request.session.cycle_key()
    UserSession.objects.filter(session_key=key).update(session_key=request.session.session_key)


def row_of(request: HttpRequest) -> int:
    """The id under which the session stands in the list of open ones."""
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        register(request)
        found = rows.values_list("pk", flat=True).get()
    return int(found)


def ends_at(request: HttpRequest) -> dt.datetime:
    """When the session is over at the latest."""
    left = request.session[_LONGEST] - (int(time.time()) - int(request.session[_BEGAN]))
    return now() + dt.timedelta(seconds=left)


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


def over(request: HttpRequest) -> bool:
    """True when the last request lies too far back or the session is too old; else this request counts as the last.

    Real elapsed time, not ``kernel.clock``: moving a demonstration's clock must not sign everybody out. Requests a
    page sends by itself (header ``X-Background: 1``) do not count as activity.
    """
    present = int(time.time())
    seen = int(request.session[_SEEN])
    if present - seen > request.session[_IDLE]:
        return True
    longest = request.session.get(_LONGEST)
    if longest and present - int(request.session.get(_BEGAN, seen)) > longest:
        return True
    if present - seen > _WRITE_AFTER and request.headers.get("X-Background") != "1":
        request.session[_SEEN] = present
        known = UserSession.objects.filter(session_key=request.session.session_key)
        if not known.update(last_seen_at=now()):
            register(request)
    return False


def forget_in_browser(response: HttpResponseBase) -> None:
    """Have the browser drop what it read and what scripts keep; browsers heed it over HTTPS and on this machine.

    For whoever signs out himself. A session that only ran out keeps what was typed for him who signs in again.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
