"""The five choices and their phrases on a page, what was typed, and by which way a browser rates."""

import dataclasses
from typing import Any

from django.http import HttpRequest, QueryDict

from zhengtong.capabilities.ratings.constants import DEVICE_KIND, Channel, Grade
from zhengtong.capabilities.ratings.models import Device
from zhengtong.capabilities.ratings.rules.grades import BAD_TAGS, FAIR_TAGS, GOOD_TAGS, stars
from zhengtong.capabilities.ratings.services.rating import Answer
from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.policy import actor_of

_COOKIE = "zt_rating_device"
_SALT = f"ratings.{DEVICE_KIND}"
_YEAR = 365 * 24 * 3600


@dataclasses.dataclass(frozen=True)
class Typed:
    """What stands in the form: nothing at first, after a refusal what was sent."""

    answer: Answer
    errors: dict[str, str]


def answer_of(data: QueryDict) -> Answer:
    """The answer a form sent."""
    return Answer(
        grade=data.get("grade", ""),
        tags=tuple(data.getlist("tags")),
        text=data.get("text", ""),
        anonymous=data.get("anonymous") == "on",
        phone=data.get("phone", ""),
    )


def form_context(typed: Typed | None = None) -> dict[str, Any]:
    """Grades with their five-step scale, and the sets of phrases; chosen ones marked."""
    answer = typed.answer if typed else Answer(grade="")
    chosen = set(answer.tags)
    sets = (("good", GOOD_TAGS), ("fair", FAIR_TAGS), ("bad", BAD_TAGS))
    return {
        "grades": [
            {
                "value": grade.value,
                "words": grade.label,
                "scale": "●" * stars(grade.value) + "○" * (5 - stars(grade.value)),
                "chosen": grade.value == answer.grade,
            }
            for grade in Grade
        ],
        "tag_sets": [
            {"key": key, "tags": [{"key": tag, "words": words, "chosen": tag in chosen} for tag, words in tags.items()]}
            for key, tags in sets
        ],
        "typed": answer,
        "errors": typed.errors if typed else {},
    }


def browser_channel(request: HttpRequest) -> str:
    """PC端 or 移动服务端, as the browser calls itself."""
    return Channel.MOBILE if "Mobi" in request.headers.get("User-Agent", "") else Channel.PC


def bound_device(request: HttpRequest) -> Device | None:
    """The evaluator this browser was bound to with its key; None after a new key or the end of the device."""
    held = request.get_signed_cookie(host_cookie(_COOKIE), default="", salt=_SALT)
    key, _colon, number = str(held).partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    devices = Device.objects.filter(tenant=actor_of(request).tenant, ended_at__isnull=True)
    return devices.filter(pk=key, key_no=int(number)).first()


def bind_browser(response: Any, device: Device, *, secure: bool) -> None:
    """Have a browser remember which evaluator it is."""
    response.set_signed_cookie(
        host_cookie(_COOKIE),
        f"{device.id}:{device.key_no}",
        salt=_SALT,
        max_age=_YEAR,
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
