"""What pages of disclosure share: clocks and time lines as the components want them, crumbs."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.clock_bar import days_of
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.selectors.clocks import ClockView
from zhengtong.systems.disclosure.selectors.pages import ActLine


def clock_rows(clocks: Iterable[ClockView]) -> list[dict[str, Any]]:
    """Limits as the clock component wants them."""
    today = local_date()
    return [
        {
            "view": one,
            "days": days_of(one.days, started_on=one.started_on, due_on=one.due_on, ended_on=one.ended_on, today=today),
            "said": _said(one),
        }
        for one in clocks
    ]


def _said(one: ClockView) -> str:
    if one.ended_on:
        if one.kept is None:
            return _("%(day)s结束。") % {"day": cn_date(one.ended_on)}
        kept = _("按期完成") if one.kept else _("超过了期限")
        return _("%(day)s完成，%(kept)s。") % {"day": cn_date(one.ended_on), "kept": kept}
    if one.paused and one.due_on is None:
        return _("现在中止计算，恢复后重新推算截止日。")
    left = (one.due_on - local_date()).days if one.due_on else 0
    if left < 0:
        return _("截至%(due)s，已经超过 %(n)d 天。") % {"due": cn_date(one.due_on), "n": -left}
    return _("截至%(due)s。") % {"due": cn_date(one.due_on)}


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
