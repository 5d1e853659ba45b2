"""工作日历: what each year holds, changes proposed by one person and put into force by another."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases.constants import CalendarChangeKind, ChangeState
from zhengtong.capabilities.cases.permissions import check_may_decide_calendar
from zhengtong.capabilities.cases.selectors import calendar as selectors
from zhengtong.capabilities.cases.services import calendar as services
from zhengtong.capabilities.cases.web.calendar_forms import DecreeForm, LocalForm
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, cn_day

_READERS = (Role.PROCESS_ADMIN, Role.LEADER, Role.SUPERVISOR)
_MAX_NOTE = 500
_MAX_SOURCE = 120
_LAMP_TONES = {"green": "green", "yellow": "yellow", "red": "red"}
_WITHDRAWABLE = (CalendarChangeKind.CLOSURE, CalendarChangeKind.OPENING)
_DAY_COLUMNS = (
    {"key": "day", "label": gettext_lazy("日期")},
    {"key": "kind", "label": gettext_lazy("安排")},
    {"key": "name", "label": gettext_lazy("名称")},
    {"key": "scope", "label": gettext_lazy("范围")},
    {"key": "source", "label": gettext_lazy("依据")},
)


@requires(*_READERS)
@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The calendar of a year, what waits for approval, what was changed."""
    return _page(request)


@requires(Role.PROCESS_ADMIN)
@require_POST
@never_cache
def propose_year(request: HttpRequest) -> HttpResponse:
    """Propose the arrangement of a year; a refusal brings the page back with everything typed."""
    form = DecreeForm(request.POST)
    if form.is_valid():
        try:
            services.propose_decree(actor=actor_of(request), **form.cleaned_data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return _proposed(request)
    return _page(request, decree=form, status=422)


@requires(Role.PROCESS_ADMIN)
@require_POST
@never_cache
def propose_closure(request: HttpRequest) -> HttpResponse:
    """Propose a rest or an opening of the county's own."""
    form = LocalForm(request.POST)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            services.propose_local(actor=actor_of(request), is_workday=typed.pop("kind") == "opening", **typed)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return _proposed(request)
    return _page(request, local=form, status=422)


@requires(Role.PROCESS_ADMIN)
@require_POST
@never_cache
def withdraw(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """Propose to take a local arrangement back."""
    source = request.POST.get("source", "").strip()
    try:
        _check_length(source, _MAX_SOURCE, _("撤销的依据"))
        services.propose_withdrawal(actor=actor_of(request), change_id=change_id, source=source)
    except Invalid as refusal:
        return _page(request, problem=refusal.message, typed={change_id: source}, status=422)
    return _proposed(request)


@requires(Role.PROCESS_ADMIN, Role.LEADER)
@require_POST
@never_cache
def decide(request: HttpRequest, change_id: uuid.UUID, move: str) -> HttpResponse:
    """The second person grants or refuses."""
    if move not in ("grant", "refuse"):
        raise NotFound(_("没有这个操作。"))
    note = request.POST.get("note", "").replace("\r\n", "\n").strip()
    try:
        _check_length(note, _MAX_NOTE, _("批准意见"))
        services.decide_change(actor=actor_of(request), change_id=change_id, grant=move == "grant", note=note)
    except Invalid as refusal:
        return _page(request, problem=refusal.message, typed={change_id: note}, status=422)
    except Conflict as refusal:
        return _page(request, problem=refusal.message, status=409)
    said = _("已经批准，日历立即生效，正在重新计算所有在办时限。") if move == "grant" else _("没有批准，日历没有变化。")
    messages.success(request, said)
    return redirect("calendar:overview")


def _check_length(text: str, most: int, label: str) -> None:
    """Invalid for what is too long: cut short it would say something else than its author."""
    if len(text) > most:
        raise Invalid(_("%(label)s最多 %(most)d 个字，请精简。") % {"label": label, "most": most})


def _proposed(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已经提出，等待另一人批准后生效。"))
    return redirect("calendar:overview")


def _page(
    request: HttpRequest,
    *,
    decree: DecreeForm | None = None,
    local: LocalForm | None = None,
    problem: str = "",
    typed: Mapping[uuid.UUID, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; ``typed`` by change is what was written for it and refused."""
    actor, typed = actor_of(request), typed or {}
    calendar, outlook = selectors.calendar_of(actor.tenant), selectors.calendar_outlook(actor.tenant)
    year = _year(request)
    days = selectors.calendar_days(actor.tenant, year)
    changes = selectors.calendar_changes(actor.tenant)
    withdrawals = [one for one in changes if one.kind == CalendarChangeKind.WITHDRAWAL]
    context = {
        "desk_title": _("流程管理"),
        "breadcrumbs": [{"label": _("工作日历")}],
        "outlook": outlook,
        "tone": _LAMP_TONES[outlook.lamp],
        "year": year,
        "years": [_year_link(one, calendar.decreed_years, chosen=year) for one in _years()],
        "provisional": year in calendar.provisional_years,
        "workdays": calendar.workdays_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)),
        "columns": _DAY_COLUMNS,
        "rows": [_span_row(span) for span in _spans(days)],
        "empty": {
            "title": _("这一年还没有放假安排"),
            "why": _("暂按周一至周五为工作日推算，录入并批准以后自动重算在办时限。"),
        },
        "asked": [
            _change(actor, change) | {"typed": typed.get(change.id, "")}
            for change in changes
            if change.state == ChangeState.ASKED
        ],
        "decided": [
            _change(actor, change)
            | {"typed": typed.get(change.id, "")}
            | {"withdrawable": _withdrawable(change, withdrawals)}
            for change in changes
            if change.state != ChangeState.ASKED
        ],
        "may_propose": actor.has_role(Role.PROCESS_ADMIN),
        "decree_form": decree or DecreeForm(),
        "local_form": local or LocalForm(),
        "problem": problem,
    }
    return render(request, "cases/calendar.html", context, status=status)


def _years() -> list[int]:
    this_year = local_date().year
    return list(range(this_year - 1, this_year + 3))


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return next((year for year in _years() if str(year) == asked), local_date().year)


def _year_link(year: int, decreed: frozenset[int], *, chosen: int) -> dict[str, Any]:
    word = _("已公布") if year in decreed else _("暂定")
    return {"year": year, "word": word, "chosen": year == chosen}


def _spans(days: Iterable[selectors.CalendarDayView]) -> list[list[selectors.CalendarDayView]]:
    """Days in a row with the same arrangement, together."""
    spans: list[list[selectors.CalendarDayView]] = []
    for day in sorted(days, key=lambda one: (one.local, one.day)):
        last = spans[-1][-1] if spans else None
        if last and day == dataclasses.replace(last, day=last.day + dt.timedelta(days=1)):
            spans[-1].append(day)
        else:
            spans.append([day])
    return sorted(spans, key=lambda span: span[0].day)


def _span_row(span: list[selectors.CalendarDayView]) -> dict[str, str]:
    first, last = span[0], span[-1]
    days = _weekday(first.day)
    if len(span) > 1:
        days = _("%(first)s至%(last)s，%(days)d 天") % {
            "first": _weekday(first.day),
            "last": _weekday(last.day),
            "days": len(span),
        }
    return {
        "day": days,
        "kind": _("上班") if first.is_workday else _("放假"),
        "name": first.name,
        "scope": _("本地") if first.local else _("全国"),
        "source": first.source,
    }


def _weekday(day: dt.date) -> str:
    return f"{cn_day(day)}（{_('一二三四五六日')[day.weekday()]}）"


def _withdrawable(change: selectors.ChangeView, withdrawals: Iterable[selectors.ChangeView]) -> bool:
    """A local arrangement in force that nobody has taken back, or asked to; a refusal leaves the way open."""
    taken_back = any(
        one.days == change.days and one.asked_at >= change.asked_at and one.state != ChangeState.REFUSED
        for one in withdrawals
    )
    return change.kind in _WITHDRAWABLE and change.state == ChangeState.GRANTED and not taken_back


def _change(actor: Actor, change: selectors.ChangeView) -> dict[str, Any]:
    result = ""
    if change.state == ChangeState.GRANTED:
        result = _("正在重新计算在办时限。")
        if change.finished_at:
            result = _("已重新计算 %(checked)d 个办件，%(moved)d 个时限的截止日有变动。") % {
                "checked": change.checked,
                "moved": change.moved,
            }
    decided = f"{change.state_label} {change.decided_by} {cn_datetime(change.decided_at)}" if change.decided_at else ""
    rows = [
        (_("类别"), change.kind_label),
        (_("依据"), change.source),
        (_("日期"), _span(change)),
        (_("提出"), f"{change.asked_by} {cn_datetime(change.asked_at)}"),
        (_("处理"), decided),
        (_("意见"), change.note),
        (_("影响"), result),
    ]
    return {
        "row": change,
        "facts": [{"label": label, "value": value} for label, value in rows if value],
        "days": [f"{cn_day(day)} {_('上班') if works else _('放假')} {name}" for day, works, name in change.days],
        "may_decide": _may_decide(actor, change),
        "own": actor.person_id == change.asked_by_id,
    }


def _span(change: selectors.ChangeView) -> str:
    first, last = change.days[0][0], change.days[-1][0]
    if first == last:
        return cn_date(first)
    return _("%(first)s至%(last)s，共 %(days)d 天") % {
        "first": cn_date(first),
        "last": cn_date(last),
        "days": len(change.days),
    }


def _may_decide(actor: Actor, change: selectors.ChangeView) -> bool:
    try:
        check_may_decide_calendar(
            actor, asked_by_id=change.asked_by_id, asked_for_id=change.asked_for_id, asked_org_id=change.asked_org_id
        )
    except NotPermitted:
        return False
    return True
