"""How supervision's values are said on a page: lamps, rates, late days, rows of tables."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.ui.formats import cn_datetime, cn_day, cn_time
from zhengtong.kernel.ui.lamps import lamp_of
from zhengtong.systems.supervision.constants import LAMPS, Level
from zhengtong.systems.supervision.rules import UnitFigures
from zhengtong.systems.supervision.selectors import CardRow, StepRow


def lamp(level: str, *, note: str = "") -> SafeString:
    """The lamp of a card's level, with the level as its word."""
    found = lamp_of(LAMPS.get(level, "none"))
    label = Level(level).label if level in Level.values else found.word
    return render_to_string("ui/components/lamp.html", {"lamp": found, "label": label, "note": note})


def percent(rate: Decimal | None) -> str:
    """``98.5%``, or a dash where there are too few cases for a rate."""
    return "—" if rate is None else f"{rate.normalize():f}%"


def points(value: Decimal) -> str:
    """``认定后扣 5 分``, or that none are taken."""
    return _("认定后扣 %(n)s 分") % {"n": f"{value.normalize():f}"} if value else _("不扣分")


def late_words(days: int | None) -> str:
    """How late, in working days; on a day of rest right after the limit none has passed yet."""
    if days is None:
        return ""
    return _("超期 %(n)d 个工作日") % {"n": days} if days > 0 else _("超期不足 1 个工作日")


def moment(value: dt.datetime, *, today: dt.date) -> str:
    """``14:32`` for today, else ``11月20日 14:32``."""
    full = cn_datetime(value)
    day, time = cn_day(value), cn_time(value)
    return time if full.startswith(f"{today.year}年{today.month}月{today.day}日") else f"{day} {time}"


def card_rows(
    rows: Iterable[CardRow], *, pick: bool = False, picked: Collection[uuid.UUID] = ()
) -> list[dict[str, Any]]:
    """Rows of the table of cards; ``pick`` lets the open ones be ticked, ``picked`` are ticked already."""
    return [
        {
            "row_id": str(row.id),
            "pick": (_("选择 %(number)s") % {"number": row.number}) if pick and row.open else "",
            "picked": row.id in picked,
            "number": format_html('<span class="sup-number">{}</span>', row.number),
            "level": lamp(row.level),
            "rule": _rule(row),
            "case": _case(row),
            "unit": row.org_name,
            "at": row.raised_at,
            "state": row.state_label,
            "clock": _clock(row),
            "url": reverse("supervision:card", args=[row.id]),
        }
        for row in rows
    ]


def _rule(row: CardRow) -> SafeString | str:
    if not row.doubted:
        return row.rule_name
    return format_html('{} <span class="sup-doubt">{}</span>', row.rule_name, _("依据已变"))


def _clock(row: CardRow) -> SafeString | str:
    if row.due_on is None:
        return ""
    found = lamp_of(row.lamp or "green")
    words = {"red": _("已逾期"), "yellow": _("将到期")}.get(found.key, str(found.word))
    shown = render_to_string("ui/components/lamp.html", {"lamp": found, "label": words, "note": ""})
    return format_html(
        '<span>{}<br><span class="zt-quiet">{} {}</span></span>', shown, row.limit_label, cn_day(row.due_on)
    )


def sheet_rows(rows: Iterable[CardRow]) -> list[dict[str, Any]]:
    """The same for a workbook: every value in a cell of its own."""
    return [
        {
            "number": row.number,
            "level": row.level_label,
            "rule": row.rule_name,
            "title": row.case_title,
            "case": row.case_number,
            "step": row.step,
            "unit": row.org_name,
            "at": row.raised_at,
            "state": row.state_label,
            "limit": row.limit_label,
            "due": row.due_on,
            "doubt": _("是") if row.doubted else "",
        }
        for row in rows
    ]


SHEET_COLUMNS = (
    {"key": "number", "label": gettext_lazy("监察编号")},
    {"key": "level", "label": gettext_lazy("等级")},
    {"key": "rule", "label": gettext_lazy("情形")},
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "case", "label": gettext_lazy("办件编号")},
    {"key": "step", "label": gettext_lazy("环节")},
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "at", "label": gettext_lazy("亮牌时间")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "limit", "label": gettext_lazy("处理期限")},
    {"key": "due", "label": gettext_lazy("截止日")},
    {"key": "doubt", "label": gettext_lazy("依据已变")},
)


def columns(*, own: bool = False, clock: bool = False, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Columns of the table of cards; without the unit where it is the reader's own."""
    more = [{"key": "clock", "label": gettext_lazy("处理期限")}] if clock else []
    left_out = (*without, "unit") if own else without
    return [column for column in (*CARD_COLUMNS, *more) if column["key"] not in left_out]


def _case(row: CardRow) -> SafeString:
    step = " · ".join(part for part in (row.case_title, row.step) if part)
    if not step:
        return format_html('<span class="sup-number">{}</span>', row.case_number)
    return format_html('<span>{}<br><span class="zt-quiet sup-number">{}</span></span>', step, row.case_number)


CARD_COLUMNS = (
    {"key": "number", "label": gettext_lazy("监察编号")},
    {"key": "level", "label": gettext_lazy("等级")},
    {"key": "rule", "label": gettext_lazy("情形")},
    {"key": "case", "label": gettext_lazy("办件")},
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "at", "label": gettext_lazy("亮牌时间"), "kind": "datetime"},
    {"key": "state", "label": gettext_lazy("状态")},
)
STEP_COLUMNS = (
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "step", "label": gettext_lazy("环节")},
    {"key": "case", "label": gettext_lazy("办件")},
    {"key": "opened", "label": gettext_lazy("到达时间"), "kind": "datetime"},
    {"key": "late", "label": gettext_lazy("超期")},
)
UNIT_COLUMNS = (
    {"key": "rank", "label": gettext_lazy("排名"), "kind": "number"},
    {"key": "unit", "label": gettext_lazy("单位")},
    {"key": "cards", "label": gettext_lazy("现有亮牌")},
    {"key": "open", "label": gettext_lazy("在办环节"), "kind": "number"},
    {"key": "late", "label": gettext_lazy("超期环节"), "kind": "number"},
    {"key": "done", "label": gettext_lazy("已办环节"), "kind": "number"},
    {"key": "step_rate", "label": gettext_lazy("环节按期率"), "kind": "number"},
    {"key": "closed", "label": gettext_lazy("主办办结"), "kind": "number"},
    {"key": "case_rate", "label": gettext_lazy("按期办结率"), "kind": "number"},
)


def step_rows(rows: Iterable[StepRow]) -> list[dict[str, Any]]:
    """Rows of the overdue list: which unit, which step, since when, how late."""
    return [
        {
            "unit": row.org_name,
            "step": row.step,
            "case": format_html('<span>{}<br><span class="zt-quiet">{}</span></span>', row.title, row.number),
            "opened": row.opened_at,
            "late": late_words(row.days_late),
            "url": reverse("supervision:case", args=[row.case_id]),
        }
        for row in rows
    ]


STEP_SHEET_COLUMNS = (
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "step", "label": gettext_lazy("环节")},
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "number", "label": gettext_lazy("办件编号")},
    {"key": "opened", "label": gettext_lazy("到达时间")},
    {"key": "days", "label": gettext_lazy("超期工作日")},
)


def step_sheet_rows(rows: Iterable[StepRow]) -> list[dict[str, Any]]:
    """The overdue list for a workbook."""
    return [
        {
            "unit": row.org_name,
            "step": row.step,
            "title": row.title,
            "number": row.number,
            "opened": row.opened_at,
            "days": row.days_late,
        }
        for row in rows
    ]


def unit_rows(units: Iterable[UnitFigures], smallest: int) -> list[dict[str, Any]]:
    """Rows of the table of units, in their rank."""
    return [
        {
            "rank": unit.rank,
            "unit": unit.org_name,
            "cards": lamp(unit.worst, note=cards_note(unit)) if unit.cards else _("无"),
            "open": unit.open_steps,
            "late": unit.late_steps,
            "done": unit.steps.done,
            "step_rate": percent(unit.steps.rate(smallest)),
            "closed": unit.cases.done,
            "case_rate": percent(unit.cases.rate(smallest)),
        }
        for unit in units
    ]


def cards_note(unit: UnitFigures) -> str:
    """How many cards of each level a unit has now, gravest first."""
    counts = ((_("严重"), unit.breach), (_("红"), unit.red), (_("黄"), unit.yellow))
    return "，".join(f"{word} {number}" for word, number in counts if number)


def unit_bars(units: Iterable[UnitFigures]) -> list[dict[str, Any]]:
    """Bars of the units that have a card now, the most cards first; each bar is made of its levels."""
    with_cards = sorted((unit for unit in units if unit.cards), key=lambda unit: (-unit.cards, unit.rank))
    longest = max((unit.cards for unit in with_cards), default=1)
    return [
        {
            "label": unit.org_name,
            "total": unit.cards,
            "parts": _parts(unit, longest),
            "url": f"{reverse('supervision:cards')}?unit={unit.org_id}&state=open",
        }
        for unit in with_cards
    ]


def _parts(unit: UnitFigures, longest: int) -> list[dict[str, Any]]:
    parts, before = [], 0
    for level in ("breach", "red", "yellow"):
        number = getattr(unit, level)
        found = lamp_of(LAMPS[level])
        if number:
            parts.append(
                {
                    "key": found.key,
                    "shape": found.shape,
                    "word": Level(level).label,
                    "number": number,
                    "x": f"{before / longest:.2%}",
                    "width": f"{number / longest:.2%}",
                }
            )
        before += number
    return parts
