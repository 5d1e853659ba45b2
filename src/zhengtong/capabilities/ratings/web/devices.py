"""Evaluators: registering them, new keys, taking them out of use, and asking somebody to rate on one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings.constants import COUNTY_MANAGER, DEVICE_MANAGERS, DeviceKind
from zhengtong.capabilities.ratings.models import Device
from zhengtong.capabilities.ratings.selectors.devices import devices
from zhengtong.capabilities.ratings.services.devices import ask_on_device, end_device, register_device, renew_key
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires

_COLUMNS = (
    {"key": "name", "label": gettext_lazy("设备")},
    {"key": "code", "label": gettext_lazy("编号")},
    {"key": "kind", "label": gettext_lazy("类型")},
    {"key": "place", "label": gettext_lazy("单位和窗口")},
    {"key": "seen", "label": gettext_lazy("最近联系"), "kind": "datetime"},
    {"key": "state", "label": gettext_lazy("状态")},
)


@requires(*DEVICE_MANAGERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """All evaluators one manages, and registering another."""
    if request.method != "POST":
        return _page(request)
    try:
        row, key = register_device(
            actor=actor_of(request),
            org_code=request.POST.get("org", ""),
            name=request.POST.get("name", ""),
            window=request.POST.get("window", ""),
            kind=request.POST.get("kind", ""),
        )
    except Invalid as refusal:
        return _page(request, errors=refusal.errors, status=422)
    return _page(request, fresh=(row, key))


@requires(*DEVICE_MANAGERS)
@never_cache
@require_POST
def renew(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """A new key, shown once."""
    return _page(request, fresh=renew_key(actor=actor_of(request), device_id=device_id))


@requires(*DEVICE_MANAGERS)
@require_POST
def end(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Take one out of use."""
    row = end_device(actor=actor_of(request), device_id=device_id)
    messages.success(request, _("评价器 %(code)s 已停用，它的密钥不再有效。") % {"code": row.code})
    return redirect("ratings:devices")


@requires("clerk", "counter", "reviewer", "leader")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have the evaluator of the window ask the person who stands there."""
    ref = ObjectRef(kind=request.POST.get("kind", ""), id=request.POST.get("key", ""))
    code, service = request.POST.get("device", ""), request.POST.get("service", "")
    try:
        ask_on_device(actor=actor_of(request), code=code, ref=ref, service=service)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("评价器 %(code)s 已经显示评价页面，请办事人评价。") % {"code": code})
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if safe else reverse("ratings:desk"))


def _page(
    request: HttpRequest,
    *,
    fresh: tuple[Device, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    page = devices(actor=actor, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        "desk_title": _("服务评价"),
        "breadcrumbs": [{"label": _("评价器"), "url": ""}],
        "columns": _COLUMNS,
        "rows": [_row(row) for row in page.rows],
        "in_use": [row for row in page.rows if row.ended_at is None],
        "page": page,
        "empty": {"title": _("还没有评价器"), "why": _("登记以后，把编号和密钥输入评价器或者平板电脑。")},
        "units": _units(actor),
        "kinds": DeviceKind.choices,
        "typed": request.POST if errors else {},
        "errors": errors or {},
        "fresh": {"device": fresh[0], "key": fresh[1]} if fresh else None,
        "tablet_url": request.build_absolute_uri(reverse("ratings:tablet")),
    }
    return render(request, "ratings/devices.html", context, status=status)


def _row(row: Device) -> dict[str, Any]:
    return {
        "name": row.name,
        "code": row.code,
        "kind": row.get_kind_display(),
        "place": f"{row.org_name} {row.window}".strip(),
        "seen": row.last_seen_at,
        "state": _("已停用") if row.ended_at else _("在用"),
    }


def _units(actor: Actor) -> list[tuple[str, str]]:
    if actor.has_role(COUNTY_MANAGER):
        return [(unit.code, unit.name) for unit in identity.organisations(actor.tenant)]
    return [(actor.org_code, actor.org_name)]
