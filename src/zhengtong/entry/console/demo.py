"""The demonstration's invented past on the console: how far it is, and having a whole year of it made."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.simulator import service
from zhengtong.kernel import clock, simulation
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import requires

_SILENT = 30  # seconds without progress after which the worker is asked about


@requires(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS)
@require_safe
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """How far the simulation is, and having a year of it made."""
    return render(request, "console/demo.html", _standing() | {"desk_title": "演示数据"})


@requires(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS)
@require_safe
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes while the simulation runs."""
    return render(request, "console/parts/demo_progress.html", _standing())


def _standing() -> dict[str, Any]:
    row = simulation.latest(settings.ZHENGTONG_TENANT)
    running = row is not None and row.ended_at is None
    return {
        "row": row,
        "running": running,
        "silent": row is not None and running and (clock.recording_time() - row.beat_at).total_seconds() > _SILENT,
        "percent": round(100 * row.made / row.wanted) if row and row.wanted else 0,
        "may_begin": settings.ZHENGTONG_DEMO and not running,
        "year_cases": service.YEAR_CASES,
        "demo": settings.ZHENGTONG_DEMO,
    }


@requires(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS)
@require_POST
def begin_year(request: HttpRequest) -> HttpResponse:
    """Ask for the year."""
    try:
        service.ask_for_year()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "后台已经开始生成。可以离开本页，进度随时回来看。")
    return redirect("console:demo")
