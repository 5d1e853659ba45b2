"""Practice for officials: invented applications, judged by the same rules; nothing is written anywhere."""

import dataclasses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.rules import Words, offered
from zhengtong.systems.service_hall.rules.practice import OUTCOMES, SAMPLES, Sample, judge
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.desk_case import Outcome
from zhengtong.systems.service_hall.web.desk_forms import TaskForm
from zhengtong.systems.service_hall.web.pages import actor_of


@dataclasses.dataclass(frozen=True)
class PracticeRow:
    """A material of a sample as the place for a point of a notice shows it."""

    key: str
    name: str
    word: str
    seen: str
    ticked: bool
    typed: str
    problems: tuple[str, ...]
    barred: str = ""


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def samples(request: HttpRequest) -> HttpResponse:
    """The invented applications."""
    context = desk_pages.frame(request, actor_of(request), queue="practice") | {"samples": SAMPLES}
    return render(request, "service_hall/desk/practice.html", context)


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """One of them, handled like a real one; what was right and what was not is said at once."""
    found = next((one for one in SAMPLES if one.key == key), None)
    if found is None:
        raise NotFound(_("没有这个练习。"))
    actor = actor_of(request)
    form = TaskForm.posted(request.POST) if request.method == "POST" else TaskForm.fresh()
    points = {one: form.reasons.get(one, "") for one in form.ticked}
    findings = []
    if request.method == "POST":
        findings = judge(found, outcome=form.outcome, points=points, opinion=form.opinion)
    phrases = selectors.phrases_of(actor)
    context: dict[str, Any] = desk_pages.frame(request, actor, queue="practice") | {
        "sample": found,
        "facts": [{"label": label, "value": value} for label, value in found.facts],
        "rows": _rows(found, form, phrases),
        "told": [material.name for material in found.materials if material.key in found.told],
        "form": form,
        "outcomes": [
            Outcome(code, label, letter, tuple(offered(phrases, use="opinion", outcome=code)), "")
            for code, label, letter in OUTCOMES
        ],
        "findings": findings,
        "following": _following(found),
    }
    return render(request, "service_hall/desk/practice_sample.html", context)


def _rows(found: Sample, form: TaskForm, phrases: list[Words]) -> list[PracticeRow]:
    return [
        PracticeRow(
            material.key,
            material.name,
            material.word,
            material.seen,
            ticked=material.key in form.ticked,
            typed=form.reasons.get(material.key, ""),
            problems=tuple(offered(phrases, use="notice", material=material.name)),
        )
        for material in found.materials
    ]


def _following(found: Sample) -> str:
    place = SAMPLES.index(found) + 1
    return SAMPLES[place].key if place < len(SAMPLES) else ""
