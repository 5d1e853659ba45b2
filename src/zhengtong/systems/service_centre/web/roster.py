"""The duty roster: a week for the manager to fill, requests to decide, and one's own half-days."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_day
from zhengtong.systems.service_centre.constants import HALL_MANAGER, WINDOW_ROLES, Half
from zhengtong.systems.service_centre.models import Place
from zhengtong.systems.service_centre.selectors import duty as duties
from zhengtong.systems.service_centre.selectors import places
from zhengtong.systems.service_centre.services import (
    admit_attendant,
    ask,
    copy_week,
    decide,
    dismiss_attendant,
    set_duties,
    withdraw,
)
from zhengtong.systems.service_centre.web.answers import desk, managed_place

_SHOWN_GAPS = 6
_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def _monday(request: HttpRequest) -> dt.date:
    try:
        return duties.monday_of(read_day(request.GET.get("week", "")))
    except ValueError:
        return duties.monday_of(local_date())


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roster_page(request: HttpRequest) -> HttpResponse:
    """值班表 of a week; saving replaces the half-days to come."""
    place, monday = managed_place(request), _monday(request)
    week = [monday + dt.timedelta(days=n) for n in range(7)]
    error = ""
    if request.method == "POST":
        try:
            set_duties(actor=actor_of(request), place=place, days=week, wanted=_wanted(request))
            messages.success(request, _("值班表已保存。"))
            return redirect(f"{reverse('service_centre:roster')}?place={place.slug}&week={monday}")
        except Invalid as refused:
            error = refused.message
    context = desk(request, place, _("值班表")) | _week(request, place, monday) | {"error": error}
    return render(request, "service_centre/roster.html", context, status=422 if error else 200)


def _name(window_id: uuid.UUID, day: dt.date, half: str) -> str:
    return f"d_{window_id.hex}_{day:%Y%m%d}_{half}"


def _wanted(request: HttpRequest) -> Iterator[tuple[uuid.UUID, dt.date, str, uuid.UUID]]:
    """What the form says; whatever cannot be read is left out."""
    for name, value in request.POST.items():
        parts = name.split("_")
        if len(parts) != 4 or parts[0] != "d" or not value:
            continue
        try:
            day = dt.datetime.strptime(parts[2], "%Y%m%d").date()  # noqa: DTZ007  (a day of the calendar, no instant)
            yield uuid.UUID(parts[1]), day, parts[3], uuid.UUID(str(value))
        except ValueError:
            continue


def _week(request: HttpRequest, place: Place, monday: dt.date) -> dict[str, Any]:
    found = duties.roster(place, monday)
    around = {"before": monday - dt.timedelta(days=7), "after": monday + dt.timedelta(days=7)}
    typed = request.POST if request.method == "POST" else None
    lines = []
    for line in found.lines:
        cells = []
        for cell in line.cells:
            name = _name(line.window.id, cell.day, cell.half)
            kept = str(cell.person_id) if cell.person_id else ""
            cells.append({"cell": cell, "name": name, "chosen": typed.get(name, "") if typed is not None else kept})
        lines.append({"window": line.window, "cells": cells})
    return {
        "roster": found,
        "lines": lines,
        "days": [{"day": day, "weekday": _WEEKDAYS[day.day.weekday()]} for day in found.days],
        "halves": [(half.value, half.label) for half in Half],
        "people": [{"key": str(one.person_id), "label": one.person_name, "org": one.org_name} for one in found.people],
        "missing": [
            _("%(day)s%(half)s %(window)s 号窗口")
            % {"day": cn_day(gap.day), "half": Half(gap.half).label, "window": gap.window}
            for gap in found.missing[:_SHOWN_GAPS]
        ],
        "missing_total": len(found.missing),
        "week": monday,
        "week_urls": {key: f"?place={place.slug}&week={day}" for key, day in around.items()},
        "requests": duties.requests_to_decide(actor_of(request)),
    }


@requires(HALL_MANAGER)
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Fill what is empty as the week before had it."""
    place, monday = managed_place(request), _monday(request)
    try:
        filled = copy_week(actor=actor_of(request), place=place, monday=monday)
        messages.success(request, _("照上周补上了 %(n)d 个半天。") % {"n": filled})
    except Invalid as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('service_centre:roster')}?place={place.slug}&week={monday}")


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attendants_page(request: HttpRequest) -> HttpResponse:
    """进驻人员: who works in the hall; further ones are found by their unit."""
    place, actor = managed_place(request), actor_of(request)
    units = {unit.code: unit for role in WINDOW_ROLES for unit in identity.units_with_role(actor.tenant, role)}
    unit = units.get(request.GET.get("unit", ""))
    people = {}
    if unit is not None:
        found = [one for role in WINDOW_ROLES for one in identity.people_in(actor.tenant, unit.id, role)]
        people = {str(one.person_id): one for one in found}
    if request.method == "POST":
        person = people.get(request.POST.get("person", ""))
        if person is None or unit is None:
            raise NotFound(_("请先选择单位，再选择人员。"))
        admit_attendant(
            actor=actor, place=place, person_id=person.person_id, person_name=person.name, org_name=unit.name
        )
        messages.success(request, _("%(name)s已列入进驻人员，可以排班。") % {"name": person.name})
        return redirect(f"{reverse('service_centre:attendants')}?place={place.slug}")
    context = desk(request, place, _("进驻人员")) | {
        "rows": duties.attendants(place),
        "units": sorted(((code, one.name) for code, one in units.items()), key=lambda pair: pair[0]),
        "unit": unit,
        "people": [(key, f"{one.name}（{one.post_name}）") for key, one in people.items()],
    }
    return render(request, "service_centre/attendants.html", context)


@requires(HALL_MANAGER)
@require_POST
def dismiss(request: HttpRequest, attendant_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    place = managed_place(request)
    dismiss_attendant(actor=actor_of(request), place=place, attendant_id=attendant_id)
    messages.success(request, _("已撤回，此人以后的值班已经空出。"))
    return redirect(f"{reverse('service_centre:attendants')}?place={place.slug}")


@requires(HALL_MANAGER)
@require_POST
def decide_page(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse leave or an exchange; the words of an answer that is not taken come back."""
    approved = request.POST.get("decision") == "approve"
    back, answer = reverse("service_centre:roster"), request.POST.get("answer", "")
    try:
        done = decide(actor=actor_of(request), request_id=request_id, approved=approved, answer=answer)
        back = f"{back}?place={done.place.slug}"
        messages.success(request, _("已批准，值班表已经调整。") if approved else _("已答复申请人。"))
    except (Conflict, Invalid) as error:
        if answer.strip():
            raise
        messages.error(request, error.message)
    return redirect(back)


@requires(*WINDOW_ROLES)
@never_cache
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """我的值班: windows of today, half-days to come, own requests."""
    actor = actor_of(request)
    context = {
        "desk_title": _("我的值班"),
        "windows": [{"window": one, "open": places.is_open_today(one)} for one in duties.windows_today(actor)],
        "duties": [{"duty": one, "half": Half(one.half).label} for one in duties.own_duties(actor)],
        "requests": duties.own_requests(actor),
        "breadcrumbs": [{"label": _("我的值班"), "url": ""}],
    }
    return render(request, "service_centre/duty.html", context)


@requires(*WINDOW_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Ask for leave from a half-day or to exchange it; what was typed stays when it is refused."""
    actor = actor_of(request)
    found = duties.own_duties(actor).filter(pk=duty_id).first()
    if found is None:
        raise NotFound(_("没有找到您的这个值班，它可能已经调整。"))
    reason, other, error = request.POST.get("reason", ""), request.POST.get("other", ""), ""
    others = {str(one.id): one for one in duties.exchangeable(found)}
    if request.method == "POST":
        chosen = others.get(other)
        try:
            ask(actor=actor, duty_id=duty_id, reason=reason, other_id=chosen.id if chosen else None)
            messages.success(request, _("申请已提交，由大厅管理员批准。批准前仍按原来的值班。"))
            return redirect("service_centre:duty")
        except (Conflict, Invalid) as refused:
            error = refused.message
    context = {
        "desk_title": _("我的值班"),
        "duty": found,
        "half": Half(found.half).label,
        "choices": [("", _("请假（不对换）")), *((key, _choice(one)) for key, one in others.items())],
        "reason": reason,
        "other": other,
        "error": error,
        "breadcrumbs": [
            {"label": _("我的值班"), "url": reverse("service_centre:duty")},
            {"label": _("请假或换班"), "url": ""},
        ],
    }
    return render(request, "service_centre/ask.html", context, status=422 if error else 200)


def _choice(one: Any) -> str:
    words = {
        "name": one.person_name,
        "day": cn_day(one.day),
        "half": Half(one.half).label,
        "window": one.window.number,
    }
    return _("与%(name)s %(day)s%(half)s（%(window)d 号窗口）对换") % words


@requires(*WINDOW_ROLES)
@require_POST
def withdraw_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Take an own request back."""
    try:
        withdraw(actor=actor_of(request), request_id=request_id)
        messages.success(request, _("申请已撤回。"))
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("service_centre:duty")
