"""Rankings of a month, one subject's months, the arithmetic of one score down to its rows."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, Level, ScoreState, SubjectKind
from zhengtong.systems.supervision.models import ScoreFormula, ScoreRow, ScoreRun
from zhengtong.systems.supervision.permissions import is_supervisor
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.scores import decimal_of, shown, signed
from zhengtong.systems.supervision.selectors import score_targets
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.services.scores import month_words, shown_total
from zhengtong.systems.supervision.web import score_words as words
from zhengtong.systems.supervision.web.cards import export_url
from zhengtong.systems.supervision.web.score_targets import TARGET_COLUMNS, target_rows

BARS = 10
_SERIES = ({"key": "total", "label": gettext_lazy("得分"), "kind": "number"},)
_MONTH_COLUMNS = (
    {"key": "month", "label": gettext_lazy("月份")},
    {"key": "total", "label": gettext_lazy("得分"), "kind": "number"},
    {"key": "place", "label": gettext_lazy("名次"), "kind": "number"},
    {"key": "on_time", "label": gettext_lazy("按期办结率")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "cards", "label": gettext_lazy("亮牌")},
)
_PART_COLUMNS = (
    {"key": "label", "label": gettext_lazy("部分")},
    {"key": "weight", "label": gettext_lazy("分值"), "kind": "number"},
    {"key": "deducted", "label": gettext_lazy("扣分"), "kind": "number"},
    {"key": "left", "label": gettext_lazy("得分"), "kind": "number"},
)
_LINE_COLUMNS = (
    {"key": "text", "label": gettext_lazy("扣分和加分")},
    {"key": "part", "label": gettext_lazy("计入")},
    {"key": "points", "label": gettext_lazy("分"), "kind": "number"},
)
_RATE_COLUMNS = (
    {"key": "label", "label": gettext_lazy("指标")},
    {"key": "value", "label": gettext_lazy("数值")},
    {"key": "how", "label": gettext_lazy("怎样算的")},
)
_CARD_COLUMNS = (
    {"key": "number", "label": gettext_lazy("监察编号")},
    {"key": "level", "label": gettext_lazy("牌面等级")},
    {"key": "rule", "label": gettext_lazy("情形")},
    {"key": "on", "label": gettext_lazy("亮牌日期")},
    {"key": "counts", "label": gettext_lazy("计分")},
)
_CASE_COLUMNS = (
    {"key": "number", "label": gettext_lazy("办件编号")},
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "org", "label": gettext_lazy("主办单位")},
    {"key": "accepted", "label": gettext_lazy("受理日期")},
    {"key": "promised", "label": gettext_lazy("承诺截止")},
    {"key": "closed", "label": gettext_lazy("办结日期")},
    {"key": "in_time", "label": gettext_lazy("按期")},
)
_INPUT_COLUMNS = (
    {"key": "on", "label": gettext_lazy("日期")},
    {"key": "number", "label": gettext_lazy("编号")},
    {"key": "words", "label": gettext_lazy("内容")},
    {"key": "counted", "label": gettext_lazy("计入")},
)


@requires(SUPERVISOR)
@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """监察得分: units, posts or items of a month by place, with the state of the month and what can be done."""
    actor, month = actor_of(request), words.asked_month(request)
    known, formula = words.asked_formula(request, actor.tenant)
    kind = request.GET.get("kind", "")
    kind = kind if kind in SubjectKind.values else SubjectKind.UNIT
    run = selectors.standing_run(actor.tenant, month, formula.key) if formula else None
    rows = selectors.rows_of(run, kind) if run else []
    points = formula is None or formula.content["model"] != "C"
    columns, listed = words.columns(kind, points=points), words.ranked(rows)
    if request.GET.get("export"):
        title = words.title_of(month)
        return exports.download(title, exports.sheet_of(title[:31], columns, listed))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs(),
        "title": words.title_of(month),
        "filters": [
            words.month_filter(month),
            words.formula_filter(known, formula),
            {"name": "kind", "label": _("对象"), "type": "select", "options": SubjectKind.choices, "value": kind},
        ],
        "month": month,
        "formula": formula,
        "run": run,
        "state": words.state_words(run) if run else "",
        "frozen": selectors.runs_of(actor, month, formula.key) if formula else [],
        "begun": month <= local_date(),
        "why_not_freeze": _why_not_freeze(month, run, rows),
        "bars": [_bar(row) for row in rows[:BARS]] if points else [],
        "finding": finding_of(rows, points=points),
        "columns": columns,
        "rows": listed,
        "export_url": export_url(request),
        "empty": _nothing(formula, run),
    }
    return render(request, "supervision/scores/ranking.html", context)


def _why_not_freeze(month: dt.date, run: ScoreRun | None, rows: list[ScoreRow]) -> str:
    """Why this month cannot be frozen now; empty when it can."""
    if month >= local_date().replace(day=1):
        return _("这个月还没有结束，月底以后才能冻结公布。")
    if run is None:
        return _("还没有计算，先按“计算”看过结果，才能冻结公布。")
    if run.state == ScoreState.PROPOSED:
        return _("已经冻结，等待另一位监察员核准公布。")
    if run.state == ScoreState.PUBLISHED:
        return _("已经公布。数据有变化需要更正的，打开这一版，写明理由冻结更正版。")
    return "" if rows else _("这个月没有数据，没有可以冻结公布的得分。")


def _bar(row: ScoreRow) -> dict[str, Any]:
    return {
        "label": words.whole_name(row),
        "value": shown_total(row),
        "url": reverse("supervision_scores:row", args=[row.id]),
    }


def finding_of(rows: list[ScoreRow], *, points: bool) -> str:
    """What a ranking shows, in one sentence."""
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    if not points:
        return _("共 %(n)d 个，亮牌最少的是%(name)s") % {"n": len(rows), "name": words.whole_name(first)}
    told = {
        "n": len(rows),
        "name": words.whole_name(first),
        "most": shown_total(first),
        "last": words.whole_name(last),
        "least": shown_total(last),
    }
    if len(rows) == 1:
        return _("只有%(name)s，%(most)s 分") % told
    equal = sum(row.place == 1 for row in rows)
    if equal > 1:
        return _("共 %(n)d 个，%(equal)d 个并列最高 %(most)s 分，最低%(last)s %(least)s 分") % (told | {"equal": equal})
    return _("共 %(n)d 个，最高%(name)s %(most)s 分，最低%(last)s %(least)s 分") % told


def _nothing(formula: ScoreFormula | None, run: ScoreRun | None) -> dict[str, str]:
    if formula is None:
        why = _("没有启用的评分办法。请打开“评分办法”起草，由另一人批准启用。")
        return {"title": _("不能计分"), "why": why}
    if run is None:
        return {"title": _("这个月还没有计算"), "why": _("按“计算”得出这个月的得分；每天夜里也会自动计算本月和上月。")}
    return {"title": _("这个月没有数据"), "why": _("这个月没有办结的办件、完成的环节，也没有亮牌。")}


@requires(*UNIT_ROLES)
@require_GET
def own_unit(request: HttpRequest) -> HttpResponse:
    """本单位得分."""
    actor = actor_of(request)
    if actor.org_id is None:
        raise NotFound(_("您的岗位不属于任何单位。"))
    return redirect("supervision_scores:unit", org_id=actor.org_id)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def unit_page(request: HttpRequest, org_id: uuid.UUID) -> HttpResponse:
    """A unit's months: for supervisors any, for its own people what was published. One screen of a phone."""
    actor = actor_of(request)
    if not is_supervisor(actor) and actor.org_id != org_id:
        raise NotFound(_("这里只能看本单位的得分。"))
    known, formula = words.asked_formula(request, actor.tenant)
    context = _months(request, actor, formula, kind=SubjectKind.UNIT, key=str(org_id))
    year = local_date().year
    targets = score_targets.progress(actor, year, org_id=org_id)
    outcome = _year_of(actor, org_id, formula, year)
    context |= {
        "name": context["name"] or (actor.org_name if actor.org_id == org_id else _("单位")),
        "filters": [words.formula_filter(known, formula)] if len(known) > 1 else [],
        "year": year,
        "year_row": outcome,
        "year_total": "—" if outcome is None or outcome.outcome.total is None else shown(outcome.outcome.total),
        "target_columns": TARGET_COLUMNS,
        "targets": target_rows(targets),
        "appeals": selectors.appeals(actor) if actor.org_id == org_id and not is_supervisor(actor) else [],
    }
    crumb = words.crumbs((context["name"], ""))
    context["breadcrumbs"] = crumb if is_supervisor(actor) else crumb[1:]
    return render(request, "supervision/scores/subject.html", context)


def _year_of(actor: Actor, org_id: uuid.UUID, formula: ScoreFormula | None, year: int) -> selectors.PeriodRow | None:
    if formula is None or formula.content["model"] == "C":
        return None
    targets = score_targets.unit_scores(actor.tenant, year)
    rows = selectors.period_rows(actor, year, "year", formula, targets)
    return next((row for row in rows if row.org_id == org_id), None)


@requires(SUPERVISOR)
@require_GET
def subject_page(request: HttpRequest) -> HttpResponse:
    """The months of a post or an item."""
    actor = actor_of(request)
    known, formula = words.asked_formula(request, actor.tenant)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "").replace("\x00", "")
    if kind not in (SubjectKind.POST, SubjectKind.ITEM):
        raise NotFound(_("请从岗位或者事项的排名打开。"))
    context = _months(request, actor, formula, kind=kind, key=key)
    if not context["name"]:
        raise NotFound(_("最近 12 个月没有它的得分。"))
    context["filters"] = [
        {"name": "kind", "type": "hidden", "value": kind},
        {"name": "key", "type": "hidden", "value": key},
        words.formula_filter(known, formula),
    ]
    context["breadcrumbs"] = words.crumbs((context["name"], ""))
    return render(request, "supervision/scores/subject.html", context)


def _months(request: HttpRequest, actor: Actor, formula: ScoreFormula | None, *, kind: str, key: str) -> dict[str, Any]:
    """What the page of a subject shows of its last twelve months."""
    found: list[selectors.MonthOf] = []
    if formula is not None:
        found = selectors.months_of(actor, kind=kind, key=key, formula_key=formula.key, until=local_date())
    scored = [one for one in found if one.row is not None]
    newest = scored[-1] if scored else None
    row = newest.row if newest else None
    appealable = (
        row is not None
        and row.run.state == "published"
        and row.run.appeal_until is not None
        and local_date() <= row.run.appeal_until
        and actor.org_id == row.org_id
        and kind == SubjectKind.UNIT
    )
    return {
        "desk_title": _("电子监察"),
        "name": row.name if row else "",
        "org": row.org_name if row and kind == SubjectKind.POST else "",
        "row": row,
        "newest": newest,
        "newest_month": month_words(row.run.month) if row else "",
        "newest_total": shown_total(row) if row else "",
        "appealable": appealable and row,
        "appeal_until": cn_date(row.run.appeal_until) if row and row.run.appeal_until else "",
        "points": [
            {
                "label": _("%(m)d月") % {"m": one.month.month},
                "total": float(one.row.total) if one.row and one.row.total is not None else None,
            }
            for one in found
        ],
        "series": _SERIES,
        "finding": _trend(scored),
        "columns": _MONTH_COLUMNS,
        "rows": [_month_row(one) for one in reversed(scored)],
        "empty": {"title": _("还没有得分"), "why": _("月度得分由两位监察员冻结、核准以后公布。")},
    }


def _trend(scored: list[selectors.MonthOf]) -> str:
    totals = [one.row.total for one in scored if one.row is not None and one.row.total is not None]
    if not totals:
        return _("还没有月度得分")
    told = {"n": len(totals), "least": shown(min(totals)), "most": shown(max(totals)), "last": shown(totals[-1])}
    if len(totals) == 1:
        return _("只有一个月的得分，%(last)s 分") % told
    return _("最近 %(n)d 个月在 %(least)s 到 %(most)s 分之间，最近一次 %(last)s 分") % told


def _month_row(one: selectors.MonthOf) -> dict[str, Any]:
    row = one.row
    if row is None:
        return {}
    return {
        "month": month_words(one.month),
        "total": shown_total(row),
        "place": _("%(n)d / %(of)d") % {"n": row.place, "of": one.of},
        "on_time": words.rate_of(row.detail["rates"], "on_time") or words.rate_of(row.detail["rates"], "steps_on_time"),
        "state": row.run.get_state_display(),
        "cards": words.cards_of(row),
        "url": reverse("supervision_scores:row", args=[row.id]),
    }


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def row_page(request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
    """One score down to its rows: the arithmetic in words, parts, lines, rates, and what each stands for."""
    actor = actor_of(request)
    row = selectors.row(actor, row_id)
    opens = request.GET.get("opens", "cards")
    columns, listed, heading = _opened(actor, row, opens)
    if request.GET.get("export"):
        title = f"{row.name} {heading}"
        return exports.download(title, exports.sheet_of(heading[:31], columns, listed))
    labels = {part["key"]: part["label"] for part in row.detail["parts"]}
    own = reverse("supervision_scores:unit", args=[row.org_id]) if row.kind == SubjectKind.UNIT else ""
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": (words.crumbs() if is_supervisor(actor) else [])
        + [{"label": row.name, "url": own}, {"label": month_words(row.run.month), "url": ""}],
        "row": row,
        "subject_url": own or _subject_url(row) if is_supervisor(actor) or own else "",
        "title": f"{row.name} · {month_words(row.run.month)}",
        "total": shown_total(row),
        "of": row.run.rows.filter(kind=row.kind).count(),
        "state": words.state_words(row.run),
        "part_columns": _PART_COLUMNS,
        "parts": row.detail["parts"],
        "line_columns": _LINE_COLUMNS,
        "lines": [
            {
                "text": line["text"],
                "part": labels.get(line["part"], _("加分")),
                "points": signed(decimal_of(line["points"])),
                "url": _opening(line["opens"]),
            }
            for line in row.detail["lines"]
        ],
        "no_lines": {"title": _("没有扣分，也没有加分"), "why": ""},
        "rate_columns": _RATE_COLUMNS,
        "rates": _rates(row),
        "columns": columns,
        "rows": listed,
        "heading": heading,
        "export_url": export_url(request),
        "empty": {"title": _("没有"), "why": _("这个月没有这样的记录。")},
    }
    return render(request, "supervision/scores/row.html", context)


def _subject_url(row: ScoreRow) -> str:

    return f"{reverse('supervision_scores:subject')}?{urlencode({'kind': row.kind, 'key': row.key})}"


def _opening(opens: str) -> str:
    return f"?opens={opens}#rows" if opens else ""


def _rates(row: ScoreRow) -> list[dict[str, Any]]:
    """Rates in a fixed order, then the figures of others; counts as counts."""
    known, found = row.detail["rates"], []
    smallest = row.run.formula.content["smallest"]
    for key in [*words.RATE_LABELS, *sorted(key for key in known if key not in words.RATE_LABELS)]:
        rate = known.get(key, {"part": 0, "whole": 0})
        if not rate["whole"]:
            continue
        source = score_inputs.get(key) if key in score_inputs else None
        how = f"{rate['part']} ÷ {rate['whole']}"
        if key == "speed_up":
            how = _("1 − 实际 %(a)d 个工作日 ÷ 法定 %(b)d 个工作日") % {"a": rate["part"], "b": rate["whole"]}
        value = words.rate_of(known, key) or _("不足 %(n)s 件，不计算") % {"n": smallest}
        label = words.RATE_LABELS.get(key) or (source.rate or source.label if source else key)
        if source is not None and not source.share:
            counted = f"{rate['part']} {source.unit}"
            value, how = (value, f"{source.label} {how}") if source.rate else (counted, source.how)
        opens = words.OPENS.get(key, f"input:{key}" if source else "")
        found.append({"label": label, "value": value, "how": how, "url": _opening(opens)})
    return found


def _opened(actor: Actor, row: ScoreRow, opens: str) -> tuple[Any, list[dict[str, Any]], str]:
    records = selectors.opened(row, opens)
    what, _colon, which = opens.partition(":")
    whole = is_supervisor(actor)
    if what == "cases":
        heading = {"early": _("提前办结的办件"), "late": _("没有按期办结的办件")}.get(which, _("办结的办件"))
        return _CASE_COLUMNS, [_case(record, whole=whole) for record in records], heading
    if what == "input" and which in score_inputs:
        return _INPUT_COLUMNS, records, score_inputs.get(which).label
    heading = _("亮牌") if not which else _("计为%(level)s的牌") % {"level": _level(which)}
    return _CARD_COLUMNS, [_card(record) for record in records if what == "cards"], heading


def _level(key: str) -> str:
    return str(Level(key).label) if key in Level.values else key


def _card(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": record["number"],
        "level": _level(record["level"]),
        "rule": record["rule_name"],
        "on": record["raised_on"],
        "counts": record["why_not"] or _("计为%(level)s") % {"level": _level(record["counts_as"])},
        "url": reverse("supervision:card", args=[record["id"]]),
    }


def _case(record: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    found = {
        "number": record["number"],
        "title": record["title"],
        "org": record["org_name"],
        "accepted": record["accepted_on"],
        "promised": record["promised_last"],
        "closed": record["closed_on"],
        "in_time": _("是") if record["in_time"] else _("否"),
    }
    return found | ({"url": reverse("supervision:case", args=[record["case_id"]])} if whole else {})
