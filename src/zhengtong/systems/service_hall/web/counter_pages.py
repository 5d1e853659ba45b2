"""The counter around its pages: who may open it, its places, the person who stands there."""

import time
import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.pages import counter_places
from zhengtong.systems.service_hall.permissions import COUNTER_ROLES
from zhengtong.systems.service_hall.web import desk_pages

ROLES = COUNTER_ROLES
_KNOWN = "counter_people"
_KNOWN_SECONDS = 1800


def frame(actor: Actor, active: str) -> dict[str, Any]:
    """The desk around a page of the counter; ``active`` names the place."""
    places = [
        ("counter", _("窗口代录")),
        ("counter-people", _("我帮办的人")),
        ("papers", _("纸质材料递交")),
        ("delivery", _("证照送达")),
    ]
    nav: list[dict[str, Any]] = [{"label": _("窗口")}]
    nav += [
        {"label": label, "url": reverse(f"service_hall:{name}"), "active": name.removeprefix("counter-") == active}
        for name, label in places
    ]
    further = (place(actor) for _name, place in counter_places.items())
    nav += [{"label": place[0], "url": place[1]} for place in further if place]
    if actor.has_role(*desk_pages.HANDLERS):
        nav.append({"label": _("审批工作台"), "url": reverse("service_hall:desk")})
    return {
        "desk_title": _("综合窗口"),
        "desk_nav": nav,
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
    }


def remember(request: HttpRequest, person_id: uuid.UUID) -> None:
    """The person's card lies on the counter: for a while his page may be opened."""
    known = _fresh(request)
    request.session[_KNOWN] = {**known, str(person_id): int(time.time())}


def check_known(request: HttpRequest, person_id: uuid.UUID) -> None:
    """Only a person who was looked up here a while ago by his full number; NotFound for anybody else."""
    if str(person_id) not in _fresh(request):
        raise NotFound(_("请先按申请人证件上的公民身份号码查找。查找的结果保留半小时。"))


def _fresh(request: HttpRequest) -> dict[str, int]:
    held: dict[str, int] = request.session.get(_KNOWN) or {}
    return {key: at for key, at in held.items() if time.time() - at < _KNOWN_SECONDS}


def said(refusal: Invalid | Conflict) -> dict[str, str]:
    """The sentences of a refusal by field, one without a field under the empty word."""
    return (refusal.errors if isinstance(refusal, Invalid) else {}) or {refusal.field: refusal.message}
