"""Figures of requests: by unit, channel, outcome, month; as a page and as a workbook."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import months_asked
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import AUTHORITY, UNIT_ROLES
from zhengtong.systems.disclosure.rules.figures import FEWEST, Count
from zhengtong.systems.disclosure.selectors.statistics import Statistics, statistics
from zhengtong.systems.disclosure.web.words import desk_crumbs

_NUMBERS = tuple(
    {"key": key, "label": label, "kind": "number"}
    for key, label in (
        ("received", gettext_lazy("收到")),
        ("open", gettext_lazy("在办")),
        ("late", gettext_lazy("其中超期")),
        ("answered", gettext_lazy("已答复")),
        ("on_time", gettext_lazy("按期率")),
        ("opened", gettext_lazy("公开和部分公开")),
        ("open_share", gettext_lazy("公开率")),
        ("remedies", gettext_lazy("复议诉讼")),
    )
)


_MONTHS: Final = 12


@requires(AUTHORITY, *UNIT_ROLES)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a time: for the authority of the county, for a unit of its own."""
    found = _asked(request)
    most = max(found.months, key=lambda one: one.received, default=None)
    caption = _("每月收到和答复的申请")
    # within a year the year need not be said
    year = len("2026年") if len(found.months) <= _MONTHS else 0
    if most is not None and most.received:
        caption = _("%(month)s收到最多，%(n)d 件") % {"month": most.label, "n": most.received}
    context: dict[str, Any] = {
        "desk_title": _("信息公开申请"),
        "breadcrumbs": desk_crumbs((_("统计"), "")),
        "found": found,
        "period": _("%(a)s至%(b)s收到的申请") % {"a": cn_date(found.since), "b": cn_date(found.until)},
        "filters": [
            {"name": "since", "label": _("从"), "type": "month", "value": f"{found.since:%Y-%m}"},
            {"name": "until", "label": _("到"), "type": "month", "value": f"{found.until:%Y-%m}"},
        ],
        "rates": [(_("按期率"), found.total.on_time_rate), (_("公开率"), found.total.open_rate)],
        "months": [
            {"label": one.label[year:], "received": one.received, "answered": one.answered} for one in found.months
        ],
        "series": [{"key": "received", "label": _("收到")}, {"key": "answered", "label": _("其中已答复")}],
        "month_words": caption,
        "tables": [table for table in _tables(found) if table.rows],
        "figures_title": _("信息公开申请统计"),
        "nothing": _("这段时间没有收到申请"),
        "formula": _(
            "按收到申请之日统计，拆分的按拆分后的件数，不含更正本人信息。按期率 = 按期答复 ÷ 已答复；"
            "公开率 =（公开 + 部分公开）÷ 已答复。分母不足 %(fewest)d 件的不计算。"
        )
        % {"fewest": FEWEST},
        "export_url": f"{reverse('disclosure:figures_xlsx')}?{request.GET.urlencode()}",
    }
    return render(request, "ui/letter_figures.html", context)


@requires(AUTHORITY, *UNIT_ROLES)
@never_cache
@require_safe
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: a sheet for each table."""
    found = _asked(request)
    tables = [*_tables(found), _table(_("按月"), _("月份"), found.months)]
    return exports.download(f"disclosure-{found.since:%Y%m}-{found.until:%Y%m}", *(table.sheet for table in tables))


def _asked(request: HttpRequest) -> Statistics:
    """Whole months, the last twelve by default."""
    since, until = months_asked(request.GET.get("since"), request.GET.get("until"), today=local_date())
    return statistics(actor=actor_of(request), since=since, until=until)


def _tables(found: Statistics) -> list[exports.Table]:
    return [
        _table(_("按受理单位"), _("受理单位"), [*found.units, found.total] if found.units else []),
        _table(_("按渠道"), _("渠道"), found.channels),
        exports.counted(_("按处理结果"), _("处理结果"), _("件数"), found.outcomes),
    ]


def _table(title: str, head: str, counts: Iterable[Count]) -> exports.Table:
    rows = [
        {
            "label": one.label,
            "received": one.received,
            "open": one.open,
            "late": one.late,
            "answered": one.answered,
            "on_time": _rate(one.on_time_rate),
            "opened": one.opened,
            "open_share": _rate(one.open_rate),
            "remedies": one.remedies,
        }
        for one in counts
    ]
    return exports.Table(title, [{"key": "label", "label": head}, *_NUMBERS], rows)


def _rate(value: object) -> str:
    return "" if value is None else f"{value}%"
