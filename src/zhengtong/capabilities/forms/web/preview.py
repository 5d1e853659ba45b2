"""A form at work as those who fill it in would see it: beside the builder, on the whole page, nothing is kept."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.capabilities.forms import rules
from zhengtong.capabilities.forms.constants import COUNTY_EDITOR, UNIT_EDITOR
from zhengtong.capabilities.forms.registry import division_tree
from zhengtong.capabilities.forms.rules import posted as pages
from zhengtong.capabilities.forms.selectors.declarations import form_draft
from zhengtong.kernel.clock import now
from zhengtong.kernel.policy import actor_of, requires, signed_in
from zhengtong.kernel.refusals import content_policy


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """A page of the form over the whole width."""
    return _shown(request, draft_id, "forms/preview.html")


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """A page of the form alone, for the frame beside the builder."""
    response = _shown(request, draft_id, "forms/preview_frame.html")
    response.headers["Content-Security-Policy"] = content_policy(frame_ancestors="'self'")
    return response


@signed_in
@require_safe
def divisions(request: HttpRequest) -> JsonResponse:
    """Places below one, the way to one, or places by a part of their name."""
    tenant, tree = actor_of(request).tenant, division_tree()
    if "path" in request.GET:
        return JsonResponse({"way": [place.code for place in tree.way(tenant, request.GET["path"])]})
    level = request.GET.get("level", "")
    below = tree.below(tenant, request.GET.get("under", ""), level)
    return JsonResponse({"places": [dataclasses.asdict(place) | {"level_label": place.level_label} for place in below]})


def _shown(request: HttpRequest, draft_id: uuid.UUID, template: str) -> HttpResponse:
    draft = form_draft(actor=actor_of(request), draft_id=draft_id)
    faults = draft.faults
    context: dict[str, Any] = {
        "draft": draft,
        "faults": faults,
        "breadcrumbs": [{"label": _("表单"), "url": reverse("forms:list")}, {"label": draft.title, "url": ""}],
    }
    if not faults:
        context |= _page(request, draft.definition)
    return render(request, template, context)


def _page(request: HttpRequest, declaration: Mapping[str, Any]) -> dict[str, Any]:
    definition = rules.frozen_definition(declaration)
    number = _number(request.GET.get("page", ""), len(definition.sections))
    part = definition.sections[number - 1]
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    passed = False
    if request.method == "POST":
        sent = dict(request.POST.lists())
        answers = pages.answers_in(part, sent, before={}, now=now().isoformat(timespec="seconds"))
        act, _colon, target = request.POST.get("act", "").partition(":")
        if act == "add-row":
            answers |= pages.add_row(definition, answers, target)
        elif act == "drop-row":
            path, _c, row = target.partition(":")
            at = pages.row_path(f"{path}.{row}.x", sent).split(".")[1]
            answers |= pages.drop_row(definition, answers, path, int(at) if at[:4] == at and at.isdecimal() else -1)
        elif act == "":
            keys = {field.key for field in part.fields}
            found = rules.clean(definition, answers)[1]
            problems = {path: said for path, said in found.items() if path.partition(".")[0] in keys}
            passed = not problems
    return {
        "definition": definition,
        "declaration": declaration,
        "part": part,
        "number": number,
        "parts": [(at, one.title, at == number) for at, one in enumerate(definition.sections, 1)],
        "answers": answers,
        "problems": problems,
        "passed": passed,
        "typed": dict(request.POST.lists()),
        "summary": [{"text": said, "href": f"#{pages.field_id(path)}"} for path, said in problems.items()],
    }


def _number(text: str, most: int) -> int:
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 4 else 1
