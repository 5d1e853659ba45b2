"""The block on the portal's start page: how many cases were closed of late, and how many of them in time."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.systems.supervision.selectors import public_figures


def public_figures_block(request: HttpRequest) -> str | None:
    """Figures for everybody; None while nothing has been closed."""
    days, closed, on_time = public_figures(settings.ZHENGTONG_TENANT)
    if not closed:
        return None
    return render_to_string("supervision/home_block.html", {"days": days, "closed": closed, "on_time": on_time})
