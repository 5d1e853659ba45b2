"""A pass for who gave a number and its code: in his session for half an hour, so that no address carries a code."""

import dataclasses
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.forms import Form
from django.http import HttpRequest

from zhengtong.kernel.errors import NotFound, NotPermitted

_SECONDS: Final = 1800
_UNFIT, _TOO_MANY = 422, 429


@dataclasses.dataclass(frozen=True)
class Refused:
    """Why there is no pass: the status of the answer, and a sentence where it is not an error of the form."""

    status: int
    message: str = ""


@dataclasses.dataclass(frozen=True)
class Pass:
    """The pass to one kind of matter; ``name`` is its key in the session."""

    name: str

    def give(self, request: HttpRequest, form: Form, look_up: Callable[[], uuid.UUID]) -> Refused | None:
        """Give the pass to what ``look_up`` finds for a form that is filled in; what it raises is shown on the form."""
        if not form.is_valid():
            return Refused(_UNFIT)
        try:
            found = look_up()
        except NotFound as refusal:
            form.add_error("code", refusal.message)
            return Refused(_UNFIT)
        except NotPermitted as refusal:
            return Refused(_TOO_MANY, refusal.message)
        request.session[self.name] = {"id": str(found), "at": int(time.time())}
        return None

    def held(self, request: HttpRequest) -> uuid.UUID | None:
        """What the pass in the session leads to; None where there is none, or it is over."""
        held = request.session.get(self.name) or {}
        if not held or time.time() - int(held.get("at", 0)) > _SECONDS:
            return None
        return uuid.UUID(held["id"])
