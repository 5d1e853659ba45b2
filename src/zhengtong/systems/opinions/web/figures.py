"""Figures of consultations and surveys: by unit and month, as a page with a chart and as a workbook."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_month
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions.constants import DESK_ROLES
from zhengtong.systems.opinions.selectors.statistics import Statistics, Tally, statistics
from zhengtong.systems.opinions.web.words import desk_crumbs

_COLUMNS = tuple(
    {"key": key, "label": label, "kind": "number"}
    for key, label in (
        ("topics", gettext_lazy("意见征集")),
        ("opinions", gettext_lazy("收到意见")),
        ("adopted", gettext_lazy("采纳和部分采纳")),
        ("adopted_share", gettext_lazy("采纳率 %")),
        ("answered", gettext_lazy("已公布采纳情况")),
        ("in_time_share", gettext_lazy("按期公布率 %")),
        ("late", gettext_lazy("超期未公布")),
        ("polls", gettext_lazy("网上调查")),
        ("ballots", gettext_lazy("答卷")),
    )
)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a time: for the county's site office of all units, for a unit of its own."""
    found = _asked(request)
    most = max(found.months, key=lambda one: one.opinions, default=None)
    caption = _("每月发布的征集收到的意见")
    if most is not None and most.opinions:
        caption = _("%(month)s发布的征集收到意见最多，%(n)d 条") % {"month": most.label, "n": most.opinions}
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": desk_crumbs((_("统计"), "")),
        "found": found,
        "period": _("%(a)s至%(b)s发布的") % {"a": cn_date(found.since), "b": cn_date(found.until)},
        "filters": [
            {"name": "since", "label": _("从"), "type": "month", "value": f"{found.since:%Y-%m}"},
            {"name": "until", "label": _("到"), "type": "month", "value": f"{found.until:%Y-%m}"},
        ],
        "months": [{"label": one.label[5:], "opinions": one.opinions, "adopted": one.adopted} for one in found.months],
        "series": [
            {"key": "opinions", "label": _("收到意见")},
            {"key": "adopted", "label": _("采纳和部分采纳")},
        ],
        "caption": caption,
        "table": _table(_("按单位"), _("征集单位"), [*found.units, found.total]),
        "export_url": f"{reverse('opinions:figures_xlsx')}?{request.GET.urlencode()}",
    }
    return render(request, "opinions/figures.html", context)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    found = _asked(request)
    tables = [
        _table(_("按单位"), _("征集单位"), [*found.units, found.total]),
        _table(_("按月"), _("月份"), found.months),
    ]
    return exports.download(f"opinions-{found.since:%Y%m}-{found.until:%Y%m}", *(table.sheet for table in tables))


def _asked(request: HttpRequest) -> Statistics:
    """Whole months, the last twelve by default."""
    today = local_date()
    until = _month(request.GET.get("until"), today)
    since = min(_month(request.GET.get("since"), until.replace(day=1) - dt.timedelta(days=330)), until).replace(day=1)
    last = (until.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return statistics(actor=actor_of(request), since=since, until=min(last, max(today, since)))


def _month(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return read_month(text or "")
    except ValueError:
        return otherwise


def _table(title: str, head: str, tallies: Iterable[Tally]) -> exports.Table:
    rows = [
        {"label": one.label, **{str(column["key"]): getattr(one, str(column["key"])) for column in _COLUMNS}}
        for one in tallies
    ]
    return exports.Table(title, [{"key": "label", "label": head}, *_COLUMNS], rows)
