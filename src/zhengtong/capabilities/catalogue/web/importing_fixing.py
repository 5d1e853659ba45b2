"""Pages on which a list is put right by hand: which column is which element, which unit a department is."""

import dataclasses
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.catalogue import api, engine
from zhengtong.capabilities.catalogue.models import ItemList
from zhengtong.capabilities.catalogue.selectors import import_lists
from zhengtong.capabilities.catalogue.selectors.imports import Choices
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web.importing import page_frame
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires

_MOST_ROWS = 200


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def columns(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Every sheet with its columns and samples; POST the elements, the sheets to read, their heading rows and types."""
    actor = actor_of(request)
    row = import_lists.list_of(actor, list_id)
    sheets = import_lists.sheets_of(row)
    problem = ""
    if request.method == "POST":
        problem = _corrected(actor, row, _column_choices(request, sheets, Choices.of(row.choices)))
        if not problem:
            messages.success(request, _("已按新的对应重新核对，下次同一报送单位的表会沿用。"))
            return redirect("catalogue:import_list", row.id)
    elements = [("", _("不导入")), *engine.LABELS.items()]
    types = [("", _("按表里写的")), *engine.TYPE_NAMES.items()]
    context = page_frame(request, actor, row)
    context |= {"row": row, "sheets": sheets, "elements": elements, "types": types, "problem": problem}
    context["mandatory"] = [engine.LABELS[element] for element in engine.MANDATORY]
    return render(request, "catalogue/import/columns.html", context, status=409 if problem else 200)


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def departments(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Every department as written with the unit it is taken for; POST the units chosen by hand."""
    actor = actor_of(request)
    row = import_lists.list_of(actor, list_id)
    found = import_lists.departments_of(row)
    problem = ""
    if request.method == "POST":
        problem = _corrected(actor, row, _department_choices(request, actor, found, Choices.of(row.choices)))
        if not problem:
            messages.success(request, _("已按选定的单位重新核对，下次同一报送单位的表会沿用。"))
            return redirect("catalogue:import_list", row.id)
    units = [(unit.code, unit.name) for unit in identity.organisations(actor.tenant)]
    context = page_frame(request, actor, row)
    context |= {"row": row, "departments": found, "units": units, "problem": problem}
    return render(request, "catalogue/import/departments.html", context, status=409 if problem else 200)


def _corrected(actor: Actor, row: ItemList, choices: Choices) -> str:
    try:
        api.correct_list(actor=actor, list_id=row.id, choices=choices)
    except (Conflict, Invalid) as refusal:
        return refusal.message
    return ""


def _column_choices(request: HttpRequest, sheets: list[import_lists.SheetView], former: Choices) -> Choices:
    post = request.POST
    chosen, ignored, headings, types = dict(former.columns), [], dict(former.heading_rows), {}
    for number, sheet in enumerate(sheets):
        if sheet.read or sheet.ignored:
            if not post.get(f"read-{number}"):
                ignored.append(sheet.name)
            if (kind := post.get(f"type-{number}", "")) in engine.TYPE_NAMES:
                types[sheet.name] = kind
        elif (typed := post.get(f"heading-{number}", "").strip()[:9]).isdecimal() and 0 < int(typed) <= _MOST_ROWS:
            headings[sheet.name] = int(typed)
        for column in sheet.columns:
            element = post.get(f"column-{number}-{column.letter}")
            if element is not None and (not element or element in engine.LABELS):
                chosen[column.key] = element
    return dataclasses.replace(former, columns=chosen, ignored=tuple(ignored), heading_rows=headings, types=types)


def _department_choices(
    request: HttpRequest, actor: Actor, found: list[import_lists.DepartmentView], former: Choices
) -> Choices:
    known = {unit.code for unit in identity.organisations(actor.tenant)}
    chosen = dict(former.departments)
    for number, department in enumerate(found):
        code = request.POST.get(f"unit-{number}", "")
        if code in known and code != department.code:
            chosen[department.key] = code
    return dataclasses.replace(former, departments=chosen)
