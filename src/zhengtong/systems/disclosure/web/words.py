"""What pages of disclosure share: clocks and time lines as the components want them, crumbs."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.clock_bar import limits_shown
from zhengtong.systems.disclosure.selectors.pages import ActLine


def clock_rows(clocks: Iterable[cases.LimitView]) -> list[dict[str, Any]]:
    """Limits as their component wants them."""
    return limits_shown(clocks, today=local_date())


def time_line(acts: Iterable[ActLine]) -> list[dict[str, Any]]:
    """Acts, newest first."""
    return [{"at": one.at, "title": one.title, "who": one.who, "note": one.text} for one in acts][::-1]


def unit_choices(tenant: str) -> list[tuple[str, str]]:
    """The units one may ask."""
    return [("", _("请选择")), *((unit.code, unit.name) for unit in identity.organisations(tenant))]


def crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the portal to a public page."""
    start = [{"label": _("首页"), "url": "/"}, {"label": _("政府信息公开"), "url": reverse("disclosure:home")}]
    return [*start, *({"label": label, "url": url} for label, url in parts)]


def desk_crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the queue to a page of the desk."""
    return [
        {"label": _("信息公开申请"), "url": reverse("disclosure:desk")},
        *({"label": label, "url": url} for label, url in parts),
    ]
