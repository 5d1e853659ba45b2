"""Formulas of scores: the list, drafting and comparing a version, the second person."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.supervision.constants import SUPERVISOR, FormulaState
from zhengtong.systems.supervision.models import RuleVersion, ScoreFormula
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.score_formulas import (
    CARD_POINTS,
    CLEARED,
    MODELS,
    MODES,
    number_lines,
    with_numbers,
)
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.selectors.score_inputs import input_labels
from zhengtong.systems.supervision.services import score_formulas as services
from zhengtong.systems.supervision.web import score_words as words

_COLUMNS = (
    {"key": "name", "label": gettext_lazy("评分办法")},
    {"key": "model", "label": gettext_lazy("类型")},
    {"key": "version", "label": gettext_lazy("版本"), "kind": "number"},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "since", "label": gettext_lazy("启用时间"), "kind": "datetime"},
    {"key": "source", "label": gettext_lazy("依据")},
    {"key": "confirmed", "label": gettext_lazy("核实")},
)
#: heading of a group of numbers → beginnings of the names of its fields
_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("各部分的分值（合计 100）"), ("weight-",)),
    (gettext_lazy("亮牌扣分"), ("card-", "warnings-")),
    (gettext_lazy("其他扣分"), ("other-",)),
    (gettext_lazy("加分"), ("early-", "cut-", "cap")),
    (gettext_lazy("年度：处分扣分和目标"), ("discipline-", "target_share")),
    (gettext_lazy("等次和比例"), ("grade-", "smallest")),
)
_CHOICES: tuple[tuple[str, Any, dict[str, str]], ...] = (
    ("mode", gettext_lazy("扣分方式"), MODES),
    ("card_points", gettext_lazy("一张牌扣多少"), CARD_POINTS),
    ("cleared", gettext_lazy("按期办理后自动销号的预警"), CLEARED),
)
_MOVED = {
    "submit": gettext_lazy("已提交，由另一位监察员批准。"),
    "return": gettext_lazy("已退回起草人。"),
    "drop": gettext_lazy("草稿已放弃，留存可查。"),
    "enable": gettext_lazy("已启用，此后计算的月份按这一版；已公布的月份不变。"),
    "retire": gettext_lazy("已停用。"),
}


def groups_of(
    content: Mapping[str, Any], errors: Mapping[str, str], *, changed_from: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The numbers of a formula in groups, for forms; changed ones say what they were."""
    labels = input_labels()
    before = {name: value for name, _label, value in number_lines(changed_from)} if changed_from else {}
    fields = []
    for name, label, value in number_lines(content):
        was = before.get(name)
        changed = was is not None and str(was) != str(value)
        fields.append(
            {
                "name": name,
                "label": _("每个%(label)s扣分") % {"label": labels.get(label, label)}
                if name.startswith("other-")
                else label,
                "value": value,
                "error": errors.get(name, ""),
                "help": _("原为 %(was)s") % {"was": was} if changed else "",
            }
        )
    return [
        {
            "title": str(title),
            "fields": [field for field in fields if field["name"].startswith(starts)],
            "open": any(field["help"] or field["error"] for field in fields if field["name"].startswith(starts)),
        }
        for title, starts in _GROUPS
    ]


@requires(SUPERVISOR)
@require_GET
def formula_list(request: HttpRequest) -> HttpResponse:
    """评分办法: every version, the newest first."""
    found = selectors.all_formulas(actor_of(request))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("评分办法"), "")),
        "columns": _COLUMNS,
        "rows": [
            {
                "name": row.name,
                "model": MODELS[row.content["model"]],
                "version": row.version,
                "state": row.get_state_display(),
                "since": row.valid_from,
                "source": row.source,
                "confirmed": _("已核实") if row.confirmed else _("待核实"),
                "url": reverse("supervision_scores:formula", args=[row.id]),
            }
            for row in found
        ],
        "empty": {
            "title": _("还没有评分办法"),
            "why": _("请系统管理员执行 zhengtong supervision install-formulas 装入三种预置的办法，再按本县文件修改。"),
        },
    }
    return render(request, "supervision/scores/formulas.html", context)


@requires(SUPERVISOR)
@require_POST
def redraft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin the next version of a formula."""
    row = services.draft_formula(actor=actor_of(request), key=key)
    return redirect("supervision_scores:formula", formula_id=row.id)


@requires(SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def formula_page(request: HttpRequest, formula_id: uuid.UUID) -> HttpResponse:
    """A version: its drafter changes it, everybody sees it beside the version in force."""
    actor = actor_of(request)
    row = selectors.formula(actor, formula_id)
    if request.method != "POST":
        return _page(request, row, content=row.content)
    content = typed_content(request, row.content)
    try:
        services.save_formula(
            actor=actor,
            formula_id=row.id,
            content=content,
            name=request.POST.get("name", ""),
            source=request.POST.get("source", ""),
            confirmed=bool(request.POST.get("confirmed")),
        )
    except Invalid as error:
        return _page(request, row, content=content, errors=error.errors)
    except Conflict as error:
        return _page(request, row, content=content, errors={"name": error.message})
    messages.success(request, _("草稿已保存。"))
    return redirect("supervision_scores:formula", formula_id=row.id)


def typed_content(request: HttpRequest, base: Mapping[str, Any]) -> dict[str, Any]:
    """A formula with what was typed on the page."""
    given = {name: str(value).replace("\x00", "")[:40] for name, value in request.POST.items()}
    content = with_numbers(base, given)
    for name, _label, known in _CHOICES:
        if given.get(name) in known:
            content[name] = given[name]
    parts = {part["key"] for part in content["parts"]}
    if given.get("card_part") in parts:
        content["card_part"] = given["card_part"]
    content["count_pending"] = bool(given.get("count_pending"))
    content["parts_by_rule"] = {
        name.removeprefix("rule-"): value
        for name, value in given.items()
        if name.startswith("rule-") and value in parts and value != content["card_part"]
    }
    for row in content["others"]:
        part = given.get(f"part-{row['input']}")
        row["part"] = part if part in parts else row["part"]
    return content


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def move(request: HttpRequest, formula_id: uuid.UUID, move: str) -> HttpResponse:
    """Submit, return, drop, enable, retire."""
    actor = actor_of(request)
    try:
        services.move_formula(actor=actor, formula_id=formula_id, move=move, reason=request.POST.get("reason", ""))
    except (Invalid, Conflict) as error:
        row = selectors.formula(actor, formula_id)
        return _page(request, row, content=row.content, errors={"reason": error.message})
    messages.success(request, str(_MOVED[move]))
    return redirect("supervision_scores:formula", formula_id=formula_id)


def _page(
    request: HttpRequest, row: ScoreFormula, *, content: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> HttpResponse:
    actor, errors = actor_of(request), errors or {}
    known = selectors.all_formulas(actor)
    current = next((one for one in known if one.key == row.key and one.state == FormulaState.ENABLED), None)
    parts = [(part["key"], part["label"]) for part in content["parts"]]
    typed = request.POST if request.method == "POST" and "name" in request.POST else {}
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("评分办法"), reverse("supervision_scores:formulas")), (row.name, "")),
        "formula": row,
        "title": _("%(name)s 第 %(n)d 版") % {"name": row.name, "n": row.version},
        "model": MODELS[content["model"]],
        "mine": row.state == FormulaState.DRAFT and row.drafted_by_id == actor.person_id,
        "decides": row.state == FormulaState.SUBMITTED and _may_decide(actor, row),
        "groups": groups_of(
            content, errors, changed_from=current.content if current and current.pk != row.pk else None
        ),
        "choices": [
            {"name": name, "label": str(label), "options": list(known.items()), "value": content[name]}
            for name, label, known in _CHOICES
        ],
        "parts": parts,
        "card_part": content["card_part"],
        "count_pending": content["count_pending"],
        "rules": _rules(actor, content),
        "inputs": [
            {"name": f"part-{one['input']}", "label": _label(one["input"]), "value": one["part"]}
            for one in content["others"]
        ],
        "name": typed.get("name", row.name),
        "source": typed.get("source", row.source),
        "confirmed": bool(typed.get("confirmed")) if typed else row.confirmed,
        "lines": _lines(row, current),
        "errors": errors,
        "typed_reason": request.POST.get("reason", ""),
    }
    return render(request, "supervision/scores/formula.html", context, status=422 if errors else 200)


def _may_decide(actor: Actor, row: ScoreFormula) -> bool:
    return row.drafted_by_id is not None and identity.is_second_person(actor, row.drafted_by_id, row.drafted_for_id)


def _label(key: str) -> str:
    label = score_inputs.get(key).label if key in score_inputs else key
    return _("%(label)s扣在哪个部分") % {"label": label}


def _rules(actor: Actor, content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rules whose cards may be taken from a part of their own."""
    rows = RuleVersion.objects.filter(tenant=actor.tenant, active=True).order_by("key").values_list("key", "name")
    chosen = content["parts_by_rule"]
    return [
        {"name": f"rule-{key}", "label": name, "value": chosen.get(key, content["card_part"])} for key, name in rows
    ]


def _lines(row: ScoreFormula, current: ScoreFormula | None) -> list[dict[str, Any]]:
    """Every line of a version beside the version in force; lines that differ are marked."""
    new = _said(row)
    old = _said(current) if current is not None and current.pk != row.pk else {}
    return [
        {"label": label, "new": value, "now": old.get(label, ""), "changed": bool(old) and old.get(label) != value}
        for label, value in new.items()
    ]


def _said(row: ScoreFormula) -> dict[str, str]:
    content = row.content
    parts = {part["key"]: part["label"] for part in content["parts"]}
    found = {_("办法名称"): row.name, _("依据"): row.source, _("核实"): _("已核实") if row.confirmed else _("待核实")}
    found |= {str(label): known[content[name]] for name, label, known in _CHOICES}
    found[_("亮牌扣在哪个部分")] = parts[content["card_part"]]
    found[_("还没有认定的牌")] = _("先计入，撤销后更正") if content["count_pending"] else _("认定以后才计入")
    for group in groups_of(content, {}):
        found |= {field["label"]: str(field["value"]) for field in group["fields"]}
    for one in content["others"]:
        found[_label(one["input"])] = parts[one["part"]]
    own = [f"{key}：{parts[part]}" for key, part in sorted(content["parts_by_rule"].items())]
    found[_("另行指定部分的监察规则")] = "、".join(own)
    return found
