"""Training of officials: invented applications, handled and judged like real ones; only the progress is kept."""

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
from zhengtong.systems.service_hall.rules.practice import MISTAKES, sample_of
from zhengtong.systems.service_hall.rules.practice_samples import OUTCOMES, SAMPLES, STEPS, Sample
from zhengtong.systems.service_hall.selectors import training
from zhengtong.systems.service_hall.services.training import take_exercise
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
    """The invented applications, what of them is done, and the mistakes made so far."""
    actor = actor_of(request)
    exercises = training.own_exercises(actor)
    context = desk_pages.frame(request, actor, queue="practice") | {
        "exercises": exercises,
        "done": sum(one.finished for one in exercises),
        "of": len(exercises),
        "steps": STEPS,
        "mistakes": training.own_mistakes(actor),
        "watches": actor.has_role(*training.TRAINING_WATCHERS),
    }
    return render(request, "service_hall/desk/practice.html", context)


@requires(*training.TRAINING_WATCHERS)
@require_GET
@never_cache
def team(request: HttpRequest) -> HttpResponse:
    """Who has done which part of the exercises; typical mistakes without names."""
    actor = actor_of(request)
    people = training.learners(actor)
    context = desk_pages.frame(request, actor, queue="practice") | {
        "columns": [
            {"key": "org", "label": _("单位")},
            {"key": "post", "label": _("岗位")},
            {"key": "name", "label": _("姓名")},
            {"key": "done", "label": _("做完"), "kind": "number"},
            {"key": "first", "label": _("其中一次做对"), "kind": "number"},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [
            {
                "org": one.org_name,
                "post": one.post_name,
                "name": one.name,
                "done": one.done,
                "first": one.first_tries,
                "state": _("全部做完") if one.done == one.of else _("还差 %(n)d 个") % {"n": one.of - one.done},
            }
            for one in people
        ],
        "finished": sum(one.done == one.of for one in people),
        "people": len(people),
        "empty": {"title": _("没有要练习的人"), "why": _("本单位还没有经办、审查和负责岗位的人员。")},
        "mistakes": training.unit_mistakes(actor),
    }
    return render(request, "service_hall/desk/practice_team.html", context)


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """One of them, handled like a real one; what was right and what was not is said at once."""
    found = sample_of(key)
    if found is None:
        raise NotFound(_("没有这个练习。"))
    actor = actor_of(request)
    form = TaskForm.posted(request.POST) if request.method == "POST" else TaskForm.fresh()
    points = {one: form.reasons.get(one, "") for one in form.ticked}
    findings = []
    if request.method == "POST":
        findings = take_exercise(actor=actor, exercise=key, outcome=form.outcome, points=points, opinion=form.opinion)
    phrases = selectors.phrases_of(actor)
    context: dict[str, Any] = desk_pages.frame(request, actor, queue="practice") | {
        "sample": found,
        "step": STEPS[found.step],
        "facts": [{"label": label, "value": value} for label, value in found.facts],
        "rows": _rows(found, form, phrases),
        "told": [material.name for material in found.materials if material.key in found.told],
        "notice": found.step == "accept",
        "form": form,
        "outcomes": [
            Outcome(code, label, letter, tuple(offered(phrases, use="opinion", outcome=code)), "")
            for code, label, letter in OUTCOMES[found.step]
        ],
        "findings": [(finding, MISTAKES.get(finding.mistake, ("", ""))) for finding in findings],
        "finished": bool(findings) and all(finding.good for finding in findings),
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
