"""Maintenance mode and the slowest statements on the console: for the system administrator alone."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.observing import pulse
from zhengtong.entry.upkeep import maintenance
from zhengtong.entry.upkeep.switching import switch_off, switch_on
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.dates import read_moment
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires

_SHOWN: Final = 100
_ORDERS: Final = {"total": 1, "longest": 2, "mean": 3, "count": 0}
_COLUMNS: Final = (
    {"key": "route", "label": gettext_lazy("页面或者循环")},
    {"key": "count", "label": gettext_lazy("次数"), "kind": "number"},
    {"key": "total", "label": gettext_lazy("合计（毫秒）"), "kind": "number"},
    {"key": "mean", "label": gettext_lazy("平均（毫秒）"), "kind": "number"},
    {"key": "longest", "label": gettext_lazy("最长（毫秒）"), "kind": "number"},
    {"key": "text", "label": gettext_lazy("语句（不含取值）")},
)


@requires("sys_admin")
@require_http_methods(["GET", "POST"])
@never_cache
def maintenance_mode(request: HttpRequest) -> HttpResponse:
    """Whether maintenance is on, and the form that begins it."""
    typed = {name: request.POST.get(name, "") for name in ("reason", "until")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            until = _moment(typed["until"])
            switch_on(actor=actor_of(request), until=until, reason=typed["reason"], by=actor_of(request).name)
        except Invalid as error:
            errors = error.errors
        except Conflict as error:
            if typed["reason"].strip():  # the page of the refusal gives it back
                raise
            messages.error(request, error.message)
            return redirect("console:maintenance")
        else:
            messages.success(request, _("维护模式已经开启。别人看到维护页面，您可以照常使用。"))
            return redirect("console:maintenance")
    context = {
        **_place(_("维护模式")),
        "on": maintenance.read(Path(settings.ZHENGTONG_VAR)),
        "typed": typed,
        "errors": errors,
    }
    return render(request, "console/maintenance.html", context)


@requires("sys_admin")
@require_POST
def end_maintenance(request: HttpRequest) -> HttpResponse:
    """End it."""
    try:
        switch_off(actor=actor_of(request))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("维护模式已经结束，大家可以照常使用。"))
    return redirect("console:maintenance")


@requires("sys_admin")
@require_safe
@never_cache
def statements(request: HttpRequest) -> HttpResponse:
    """Which statements take the most time, by page, over all processes."""
    order = request.GET.get("by", "total")
    place = _ORDERS.get(order, 1)
    found = pulse.counts(_running_folder())["statements"]
    rows = sorted(
        (
            (key.split("\t", 1), [count, total, longest, total / count])
            for key, (count, total, longest) in found.items()
        ),
        key=lambda row: -row[1][place],
    )
    context = {
        **_place(_("慢查询")),
        "columns": _COLUMNS,
        "rows": [
            {
                "route": route or "—",
                "count": int(figures[0]),
                "total": round(figures[1] * 1000),
                "mean": round(figures[3] * 1000, 1),
                "longest": round(figures[2] * 1000, 1),
                "text": text,
            }
            for (route, text), figures in rows[:_SHOWN]
        ],
        "known": len(rows),
        "tabs": [
            {"label": label, "url": f"?by={key}", "active": key == order}
            for key, label in (
                ("total", _("合计最久")),
                ("longest", _("单次最久")),
                ("mean", _("平均最久")),
                ("count", _("次数最多")),
            )
        ],
    }
    return render(request, "console/statements.html", context)


@requires("sys_admin")
@require_POST
def forget_statements(request: HttpRequest) -> HttpResponse:
    """Begin again to count."""
    with transaction.atomic():
        ledger.append(
            actor=actor_of(request),
            act="operations.statements_reset",
            object_ref=ObjectRef(kind="statements", id=settings.ZHENGTONG_TENANT),
            payload={},
        )
    pulse.reset_statements(_running_folder())
    messages.success(request, _("已经清零，几秒钟以后重新累计。"))
    return redirect("console:statements")


def _running_folder() -> Path:
    return Path(settings.ZHENGTONG_VAR) / "run"


def _moment(text: str) -> dt.datetime | None:
    if not text.strip():
        return None
    try:
        return read_moment(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        words = _("请按 2026-01-31 18:00 的写法填预计恢复时间，说不准的请留空。")
        raise Invalid(words, errors={"until": words}) from None


def _place(title: str) -> dict[str, Any]:
    return {
        "desk_title": _("运行状况"),
        "breadcrumbs": [{"label": _("运行状况"), "url": reverse("console:health")}, {"label": title, "url": ""}],
    }
