"""The manager's board of today, live, and the statistics of a hall with their spreadsheet."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel import sheets
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_day, cn_time
from zhengtong.systems.service_centre.constants import HALL_MANAGER, Half
from zhengtong.systems.service_centre.models import Place
from zhengtong.systems.service_centre.selectors import duty, figures, tickets
from zhengtong.systems.service_centre.web.answers import desk, live, managed_place

_PERIOD = dt.timedelta(days=29)
_SHOWN_GAPS = 6
_LINE = {
    "label": "",
    "taken": _("取号"),
    "finished": _("办结"),
    "left": _("过号、放弃"),
    "wait_p50": _("等候中位数（分钟）"),
    "wait_p90": _("九成人等候不超过（分钟）"),
    "handling": _("平均办理（分钟）"),
}


@requires(HALL_MANAGER)
@never_cache
@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """今日看板."""
    place = managed_place(request)
    gaps = duty.coming_gaps(place)
    context = desk(request, place, _("今日看板")) | _board(place)
    context |= {
        "live_url": f"{reverse('service_centre:board_live')}?place={place.slug}",
        "gaps": [_gap(gap) for gap in gaps[:_SHOWN_GAPS]],
        "gaps_total": len(gaps),
        "requests": duty.requests_to_decide(actor_of(request)),
        "links": [
            {"label": _("叫号屏"), "url": reverse("service_centre:display", args=[place.slug])},
            {"label": _("取号机"), "url": reverse("service_centre:kiosk", args=[place.slug])},
        ],
    }
    return render(request, "service_centre/board.html", context)


def _gap(gap: Any) -> str:
    words = {"day": cn_day(gap.day), "half": Half(gap.half).label, "window": gap.window}
    return _("%(day)s%(half)s %(window)s 号窗口") % words


@requires(HALL_MANAGER)
@require_safe
def board_live(request: HttpRequest) -> HttpResponse:
    """The changing part of the board; 304 while nothing changed, a minute at most."""
    place = managed_place(request)
    version = f"{tickets.place_version(place.tenant, place.slug)}-{cn_time(now())}"
    return live(request, "service_centre/parts/board.html", version, lambda: _board(place))


def _board(place: Place) -> dict[str, Any]:
    board = figures.today_board(place)
    return {
        "board": board,
        "figures": _figures(board),
        "bars": [
            {
                "label": _("%(letter)s 区 %(name)s") % {"letter": zone.letter, "name": zone.name},
                "value": zone.waiting,
                "note": _("最久 %(n)d 分钟") % {"n": zone.longest} if zone.longest is not None else "",
            }
            for zone in board.zones
        ],
        "finding": _finding(board),
        "zone_columns": _ZONE_COLUMNS,
        "zones": [_zone(zone) for zone in board.zones],
        "window_columns": _WINDOW_COLUMNS,
        "windows": [_window(window) for window in board.windows],
        "time": cn_time(now()),
    }


_ZONE_COLUMNS = [
    {"key": "zone", "label": _("分区")},
    {"key": "waiting", "label": _("等候"), "kind": "number"},
    {"key": "longest", "label": _("最久等候（分）"), "kind": "number"},
    {"key": "windows", "label": _("窗口（开 / 应开）")},
    {"key": "finished", "label": _("已办"), "kind": "number"},
    {"key": "wait", "label": _("平均等候（分）"), "kind": "number"},
    {"key": "handling", "label": _("平均办理（分）"), "kind": "number"},
]
_WINDOW_COLUMNS = [
    {"key": "window", "label": _("窗口")},
    {"key": "state", "label": _("状态")},
    {"key": "operator", "label": _("在岗")},
    {"key": "on_duty", "label": _("本半天值班")},
    {"key": "current", "label": _("正在办理")},
    {"key": "finished", "label": _("已办"), "kind": "number"},
    {"key": "handling", "label": _("平均办理（分）"), "kind": "number"},
]


def _zone(zone: figures.ZoneFigures) -> dict[str, Any]:
    return {
        "zone": f"{zone.letter} {zone.name}",
        "waiting": zone.waiting,
        "longest": zone.longest,
        "windows": f"{zone.open_windows} / {zone.planned}",
        "finished": zone.finished,
        "wait": zone.wait,
        "handling": zone.handling,
    }


def _window(window: figures.WindowFigures) -> dict[str, Any]:
    missing = not window.open and bool(window.on_duty)
    state = _("● 已开放") if window.open else _("▲ 有人值班，未开放") if missing else _("○ 未开放")
    return {
        "window": f"{window.number} {window.name}",
        "state": state,
        "operator": window.operator,
        "on_duty": window.on_duty,
        "current": window.current,
        "finished": window.finished,
        "handling": window.handling,
    }


def _figures(board: figures.TodayBoard) -> list[dict[str, Any]]:
    short = board.state.open and board.open_windows < board.planned
    return [
        {
            "value": board.waiting,
            "label": _("正在等候"),
            "unit": _("人"),
            "note": _("今日取号 %(n)d") % {"n": board.taken},
        },
        {
            "value": "—" if board.longest is None else board.longest,
            "unit": "" if board.longest is None else _("分钟"),
            "label": _("最久等候"),
        },
        {
            "value": f"{board.open_windows} / {board.planned}",
            "label": _("开放窗口 / 应开"),
            "tone": "yellow" if short else "",
            "note": board.state.words,
        },
        {
            "value": board.finished,
            "label": _("今日办结"),
            "unit": _("件"),
            "note": _("过号 %(n)d") % {"n": board.skipped},
        },
        {
            "value": "—" if board.handling is None else board.handling,
            "unit": "" if board.handling is None else _("分钟"),
            "label": _("平均办理时间"),
        },
        {"value": f"{board.arrived} / {board.appointments}", "label": _("预约到场 / 今日预约")},
    ]


def _finding(board: figures.TodayBoard) -> str:
    if not board.waiting:
        return _("现在没有人等候")
    most = max(board.zones, key=lambda zone: zone.waiting)
    return _("%(n)d 人在等候，最多的是%(zone)s") % {"n": board.waiting, "zone": most.name}


def _days(request: HttpRequest) -> tuple[dt.date, dt.date]:
    today = local_date()
    first, last = (_day(request.GET.get(name, "")) for name in ("from", "until"))
    last = min(last or today, today)
    return min(first or last - _PERIOD, last), last


def _day(text: str) -> dt.date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


@requires(HALL_MANAGER)
@never_cache
@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    """统计: volumes and waits by day, window and item, and how appointments were kept."""
    place = managed_place(request)
    first, last = _days(request)
    found = figures.statistics(place, first, last)
    sheet = f"{reverse('service_centre:statistics_sheet')}?place={place.slug}&from={first}&until={last}"
    context = desk(request, place, _("统计")) | {
        "found": found,
        "filters": [
            {"name": "from", "label": _("从"), "type": "date", "value": f"{first:%Y-%m-%d}"},
            {"name": "until", "label": _("到"), "type": "date", "value": f"{last:%Y-%m-%d}"},
        ],
        "parts": [
            {"title": title, "columns": _columns(head), "rows": rows, "totals": _values(total)}
            for title, head, rows, total in _parts(found)
        ],
        "bars": [{"label": line.label, "value": line.taken, "note": _wait_note(line)} for line in found.items[:12]],
        "sheet_url": sheet,
        "kept": _kept(found),
        "none": {"title": _("这段时间没有人取号"), "why": _("请改选日期。")},
    }
    return render(request, "service_centre/statistics.html", context)


def _parts(found: figures.Statistics) -> list[tuple[str, str, tuple[figures.Line, ...], figures.Line]]:
    return [
        (_("按日期"), _("日期"), found.days, found.total),
        (_("按窗口"), _("窗口"), found.windows, found.at_windows),
        (_("按事项"), _("事项"), found.items, found.total),
    ]


def _values(line: figures.Line) -> dict[str, Any]:
    return {key: getattr(line, key) for key in _LINE}


def _columns(head: str) -> list[dict[str, str]]:
    return [
        {"key": key, "label": label or head, "kind": "text" if key == "label" else "number"}
        for key, label in _LINE.items()
    ]


def _wait_note(line: figures.Line) -> str:
    return _("等候中位数 %(n)d 分钟") % {"n": line.wait_p50} if line.wait_p50 is not None else ""


def _kept(found: figures.Statistics) -> list[dict[str, Any]]:
    return [
        {"value": found.booked, "label": _("预约"), "unit": _("个")},
        {"value": found.arrived, "label": _("到场"), "unit": _("个")},
        {"value": found.missed, "label": _("未到场"), "unit": _("个")},
        {"value": found.cancelled, "label": _("取消"), "unit": _("个")},
    ]


@requires(HALL_MANAGER)
@require_safe
def statistics_sheet(request: HttpRequest) -> HttpResponse:
    """The statistics as a workbook."""
    place = managed_place(request)
    first, last = _days(request)
    found = figures.statistics(place, first, last)
    pages = [
        sheets.Sheet(title, _LINE | {"label": head}, map(_values, (*rows, total)))
        for title, head, rows, total in _parts(found)
    ]
    kept = [{"what": row["label"], "count": row["value"]} for row in _kept(found)]
    pages.append(sheets.Sheet(_("预约"), {"what": _("预约情况"), "count": _("数量")}, kept))
    response = HttpResponse(sheets.xlsx(pages), content_type=sheets.XLSX)
    name = _("%(place)s统计 %(first)s至%(last)s.xlsx") % {
        "place": place.name,
        "first": cn_date(first),
        "last": cn_date(last),
    }
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
