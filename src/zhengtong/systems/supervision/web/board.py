"""The board on a supervisor's desk and the wall of the hall, both live."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.web import words

_WALL_UNITS = 8
_WALL_CARDS = 6
_BOARD_CARDS = 8
_BOARD_STEPS = 8


@requires(SUPERVISOR)
@require_GET
def board_page(request: HttpRequest) -> HttpResponse:
    """监察看板."""
    return page(request, "supervision/board.html", _board(request))


@requires(SUPERVISOR)
@require_GET
def board_live(request: HttpRequest) -> HttpResponse:
    """The changing part of the board; 304 while nothing changed."""
    return unchanged(request) or page(request, "supervision/parts/board.html", _board(request))


@requires(SUPERVISOR)
@require_GET
def wall_page(request: HttpRequest) -> HttpResponse:
    """大屏, to be read at ten metres."""
    return page(request, "supervision/wall.html", _wall(request))


@requires(SUPERVISOR)
@require_GET
def wall_live(request: HttpRequest) -> HttpResponse:
    """The changing part of the wall; 304 while nothing changed."""
    return unchanged(request) or page(request, "supervision/parts/wall.html", _wall(request))


def _etag(version: str) -> str:
    return f'"{version}"'


def unchanged(request: HttpRequest) -> HttpResponse | None:
    """304 where the reader has what there is."""
    etag = _etag(selectors.board_version(actor_of(request).tenant))
    if request.headers.get("If-None-Match") != etag:
        return None
    return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": "no-store"})


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A live part with the version it shows."""
    response = render(request, template, context)
    response["ETag"] = _etag(context["board"].version)
    response["Cache-Control"] = "no-store"
    return response


def _shared(board: selectors.BoardView) -> dict[str, Any]:
    totals = board.totals
    return {
        "board": board,
        "totals": totals,
        "figures": _figures(board),
        "bars": words.unit_bars(board.units),
        "finding": _finding(board),
        "changed": cn_datetime(board.changed_at),
        "lag": delay_words(board),
    }


def delay_words(board: selectors.BoardView) -> str:
    """What a reader should know about figures that are not the last word; empty where they are."""
    if board.past_in_the_making:
        return _("演示县过去的办件正在生成，以前日子的数字还会变化。这是正常现象，完成后自动停止。")
    if board.behind:
        return _(
            "画面比实际晚了约 %(n)d 分钟：有业务事件还在排队计入监察。"
            "系统会自动补上，不会漏记，也不影响亮牌的时间，不用操作；半小时后仍是这样，请告诉运行维护人员。"
        ) % {"n": max(1, board.lag_seconds // 60)}
    return ""


def _figures(board: selectors.BoardView) -> list[dict[str, Any]]:
    totals = board.totals
    cards, late = reverse("supervision:cards"), reverse("supervision:late")
    few = _("办结不足 %(n)d 件，不计算") % {"n": board.smallest}
    within = _("近 %(n)d 天") % {"n": board.period_days}
    rate = words.percent(totals.on_time)
    rate, unit = (rate[:-1], "%") if rate.endswith("%") else (rate, "")
    open_note = _("今日收件 %(n)d") % {"n": totals.opened_today}
    in_time = _("%(part)d 件按期，%(within)s") % {"part": totals.closed_in_time, "within": within}
    return [
        {"value": totals.open_cases, "label": _("在办办件"), "unit": _("件"), "note": open_note},
        {
            "value": totals.closed,
            "label": _("%(within)s办结") % {"within": within},
            "unit": _("件"),
            "note": _("今日办结 %(n)d") % {"n": totals.closed_today},
        },
        {"value": rate, "unit": unit, "label": _("按期办结率"), "note": few if totals.on_time is None else in_time},
        {
            "value": board.late_total,
            "label": _("超期环节"),
            "unit": _("个"),
            "tone": "red" if board.late_total else "",
            "url": late,
            "note": _("超过承诺时限的办件 %(n)d 件") % {"n": totals.late_cases},
        },
        *(
            {
                "value": now,
                "label": label,
                "unit": _("张"),
                "tone": tone if now else "",
                "note": _("今日 %(n)d") % {"n": today},
                "url": f"{cards}?level={level}&state=open",
            }
            for level, label, tone, now, today in (
                ("yellow", _("黄牌"), "yellow", totals.yellow, totals.yellow_today),
                ("red", _("红牌"), "red", totals.red, totals.red_today),
                ("breach", _("严重红牌"), "deep_red", totals.breach, totals.breach_today),
            )
        ),
    ]


def _finding(board: selectors.BoardView) -> str:
    """The title of the bars says what they show."""
    with_cards = [unit for unit in board.units if unit.cards]
    if not with_cards:
        return _("现在没有单位亮牌")
    most = max(with_cards, key=lambda unit: unit.cards)
    return _("%(n)d 个单位现有亮牌，最多的是%(unit)s") % {"n": len(with_cards), "unit": most.org_name}


def _board(request: HttpRequest) -> dict[str, Any]:
    board = selectors.board(actor_of(request), latest=_BOARD_CARDS, late=_BOARD_STEPS)
    return _shared(board) | {
        "desk_title": _("电子监察"),
        "unit_columns": words.UNIT_COLUMNS,
        "units": words.unit_rows(board.units, board.smallest),
        "latest": latest(board),
        "step_columns": words.STEP_COLUMNS,
        "late": words.step_rows(board.late_steps),
        "no_late": {"title": _("没有超期的环节"), "why": _("各单位在办的环节都在时限以内。")},
        "no_units": {"title": _("还没有办件"), "why": _("有单位开始办理办件以后，这里按单位排名。")},
        "live_url": reverse("supervision:board_live"),
    }


def latest(board: selectors.BoardView) -> list[dict[str, Any]]:
    """The newest cards as lines."""
    today = local_date()
    return [
        {
            "lamp": words.lamp(row.level),
            "unit": row.org_name,
            "what": row.rule_name,
            "case": row.case_title,
            "number": row.case_number,
            "at": words.moment(row.raised_at, today=today),
            "state": row.state_label,
            "url": reverse("supervision:card", args=[row.id]),
        }
        for row in board.latest
    ]


def _wall(request: HttpRequest) -> dict[str, Any]:
    board = selectors.board(actor_of(request), latest=_WALL_CARDS, late=0)
    shared = _shared(board)
    return shared | {
        "bars": shared["bars"][:_WALL_UNITS],
        "latest": latest(board),
        "poll_url": reverse("supervision:wall_live"),
        "poll_every": 1,
    }
