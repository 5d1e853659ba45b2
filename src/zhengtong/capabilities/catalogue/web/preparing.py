"""Before applying: 我能不能办 (the published conditions as questions), and 要带什么 (a checklist for paper)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import ApplicantType
from zhengtong.capabilities.catalogue.rules import ANSWERS, WAYS, sorted_answers, way_of
from zhengtong.capabilities.catalogue.selectors import apply_url
from zhengtong.capabilities.catalogue.selectors.preparing import Answers
from zhengtong.capabilities.catalogue.web import guide as guide_parts
from zhengtong.kernel.policy import actor_of, public

#: before the key of a question of the form in an address, so that it meets no other name
CHOICE = "a."
_CONDITION = "c"
_APPLICANT = "applicant"
_WAYS: Mapping[str, Any] = {
    "none": (gettext_lazy("不用带"), gettext_lazy("部门之间共享，由系统核验。")),
    "original": (gettext_lazy("要带原件"), ""),
    "copy": (gettext_lazy("要带复印件"), gettext_lazy("原件也请带上，当场核对后还给您。")),
    "fill": (gettext_lazy("现场填写"), gettext_lazy("网上申请的，就是网上填写的表单；到窗口的，由工作人员协助填写。")),
}
_ANSWERS: Mapping[str, Any] = {
    "yes": gettext_lazy("是，符合"),
    "no": gettext_lazy("否，不符合"),
    "unsure": gettext_lazy("说不准"),
}


@public
@require_safe
def bring(request: HttpRequest, code: str) -> HttpResponse:
    """要带什么: papers by how they get there, where and when; GET ``a.<question>`` leaves out what is not needed."""
    item = _item(request, code)
    if not item.on_application:
        return redirect("catalogue:item", item.code)
    preparation = api.preparation_of(item)
    answers = preparation.choices_in(_given(request.GET))
    context = {
        "item": item,
        "groups": groups(preparation, answers),
        "chosen": _in_words(preparation, answers),
        "undecided": bool(preparation.needed_by),
        "fees": guide_parts.fees(item),
        "breadcrumbs": _crumbs(item, _("要带什么")),
    }
    return render(request, "catalogue/bring.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """我能不能办: yes or no to each published condition, choices on which papers depend; nothing is stored."""
    item = _item(request, code)
    if not item.on_application:
        return redirect("catalogue:item", item.code)
    preparation = api.preparation_of(item)
    sent = request.POST
    answers = preparation.choices_in(_given(sent), personal=True)
    conditions = {
        number: answer
        for number in range(len(item.conditions))
        if (answer := sent.get(f"{_CONDITION}{number}", "")) in ANSWERS
    }
    applicant = sent.get(_APPLICANT, "") if item.applicant_code != ApplicantType.BOTH else ""
    context = {
        "item": item,
        "asks_applicant": item.applicant_code in (ApplicantType.PERSON, ApplicantType.LEGAL),
        "applicants": [(key, ApplicantType(key).label, key == applicant) for key in ("person", "legal")],
        "conditions": [
            {
                "name": f"{_CONDITION}{number}",
                "text": text,
                "choices": [(key, label, conditions.get(number) == key) for key, label in _ANSWERS.items()],
            }
            for number, text in enumerate(item.conditions)
        ],
        "questions": [_question(question, answers) for question in preparation.questions(answers)],
        "result": _result(preparation, answers, conditions, applicant) if request.method == "POST" else None,
        "basis": item.legal_basis.replace(";", "；"),
        "typical": guide_parts.typical(item),
        "breadcrumbs": _crumbs(item, _("我能不能办")),
    }
    return render(request, "catalogue/check.html", context)


def groups(preparation: api.Preparation, answers: Answers) -> list[dict[str, Any]]:
    """The papers that are or may be needed, by way; ways without a paper are left out."""
    shown = guide_parts.materials(preparation.item)
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for material, view in zip(preparation.item.materials, shown, strict=True):
        state = preparation.state(material, answers)
        if state != "not_needed":
            found[way_of(material)].append(view | {"depends": state == "depends"})
    return [
        {"way": way, "label": _WAYS[way][0], "note": _WAYS[way][1], "materials": rows}
        for way, rows in found.items()
        if rows
    ]


def _result(
    preparation: api.Preparation, answers: Answers, conditions: Mapping[int, str], applicant: str
) -> dict[str, Any]:
    item = preparation.item
    said = sorted_answers(item.conditions, conditions)
    against = list(said["no"])
    if applicant in ("person", "legal") and not item.may_apply(as_legal_person=applicant == "legal"):
        against.insert(0, _("这一项只受理%(who)s的申请。") % {"who": item.applicant_type})
    unanswered = [q for q in preparation.questions(answers) if q.key not in answers]
    plain = preparation.choices_in({key: _listed(value) for key, value in answers.items()})
    carried = urlencode([(CHOICE + key, one) for key, value in plain.items() for one in _listed(value)])
    tail = f"?{carried}" if carried else ""
    address = apply_url(item)
    return {
        "against": against,
        "unsure": said["unsure"],
        "open": len(said["open"]) + len(unanswered),
        "clear": not (against or said["unsure"] or said["open"]),
        "groups": groups(preparation, answers),
        "apply_url": address and address + tail,
        "carried": bool(carried),
        "bring_url": reverse("catalogue:bring", args=[item.code]) + tail,
    }


def _question(question: api.ChoiceQuestion, answers: Answers) -> dict[str, Any]:
    chosen = _listed(answers.get(question.key, ""))
    return {
        "name": CHOICE + question.key,
        "label": question.label,
        "help": question.help,
        "several": question.several,
        "choices": [(value, label, value in chosen) for value, label in question.options],
    }


def _in_words(preparation: api.Preparation, answers: Answers) -> list[dict[str, str]]:
    """What was answered, for the reader of the checklist."""
    return [
        {
            "label": question.label,
            "value": "、".join(label for value, label in question.options if value in _listed(answers[question.key])),
        }
        for question in preparation.questions(answers)
        if question.key in answers
    ]


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _given(sent: QueryDict) -> dict[str, list[str]]:
    return {name.removeprefix(CHOICE): sent.getlist(name) for name in sent if name.startswith(CHOICE)}


def _item(request: HttpRequest, code: str) -> api.ItemVersionView:
    return api.find_item(actor_of(request).tenant, code.replace("\x00", ""))


def _crumbs(item: api.ItemVersionView, label: str) -> list[dict[str, str]]:
    return [
        {"label": _("首页"), "url": "/"},
        {"label": _("办事"), "url": reverse("catalogue:items")},
        {"label": item.name, "url": reverse("catalogue:item", args=[item.code])},
        {"label": label, "url": ""},
    ]
