"""One rule with its versions, switching it off, and the outcome of a trial."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision.constants import SUPERVISOR, DraftState
from zhengtong.systems.supervision.models import RuleTrial, RuleVersion
from zhengtong.systems.supervision.rules import estimated
from zhengtong.systems.supervision.selectors import drafts as selectors
from zhengtong.systems.supervision.services.drafting import retire_rule
from zhengtong.systems.supervision.services.trying import digest_of
from zhengtong.systems.supervision.web import field_words, trail, words
from zhengtong.systems.supervision.web.rule_drafts import condition_words

#: a share of so few judged cards says little
_FEW_JUDGED = 10
_MONTHS = ({"key": "number", "label": gettext_lazy("命中")},)
_OVERLAP = (
    {"key": "name", "label": gettext_lazy("规则")},
    {"key": "number", "label": gettext_lazy("同一事件"), "kind": "number"},
)


@requires(SUPERVISOR)
@require_GET
def rule_page(request: HttpRequest, key: str) -> HttpResponse:
    """A rule: what it says now, how its cards fared, every version."""
    return _rule(request, key)


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def rule_retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a rule out of force, with a reason."""
    try:
        rule = retire_rule(actor=actor_of(request), key=key, reason=request.POST.get("reason", ""))
    except Invalid as error:
        return _rule(request, key, typed=request.POST.get("reason", ""), error=error.message)
    messages.success(request, _("规则“%(name)s”已停用，已经亮的牌不受影响。") % {"name": rule.name})
    return redirect("supervision:rule", key=key)


def _rule(request: HttpRequest, key: str, *, typed: str = "", error: str = "") -> HttpResponse:
    kept = selectors.kept_rule(actor_of(request), key)
    newest = kept.versions[0]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("监察规则"), "url": reverse("supervision:rules")},
            {"label": newest.name, "url": ""},
        ],
        "rule": newest,
        "in_force": kept.in_force,
        "lamp": words.lamp(newest.level),
        "facts": _facts(newest, kept),
        "versions": [_version(one) for one in kept.versions],
        "typed": typed,
        "error": error,
    }
    return render(request, "supervision/rules/rule.html", context, status=422 if error else 200)


def _facts(rule: RuleVersion, kept: selectors.KeptRule) -> list[dict[str, Any]]:
    precision = estimated(kept.confirmed, kept.cancelled)
    measured = _("还没有核定过的牌") if precision is None else f"{precision.normalize():f}%"
    note = _("认定 %(yes)d 张，撤销 %(no)d 张") % {"yes": kept.confirmed, "no": kept.cancelled}
    expected = f"{rule.expected_precision.normalize():f}%" if rule.expected_precision is not None else ""
    rows = [
        (_("触发条件"), condition_words(rule.condition, rule.event), ""),
        (_("亮牌说明"), trail.template_words(rule.explanation), ""),
        (_("统计天数"), _("%(n)d 天") % {"n": rule.window_days} if rule.window_days else "", ""),
        (_("每个办件只亮一次"), _("是") if rule.once_per_case else "", ""),
        (_("法律依据"), rule.basis, ""),
        (_("规则来源"), rule.source, "" if rule.confirmed else _("待核实")),
        (_("规则负责单位"), rule.owner, ""),
        (_("预期准确率"), expected, ""),
        (_("核定后的准确率"), measured, note if precision is not None else ""),
        (_("已亮牌"), _("%(n)d 张") % {"n": kept.raised}, ""),
        (_("有效期至"), cn_date(rule.expires_on) if rule.expires_on else "", ""),
        (_("扣分"), words.points(rule.points), ""),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows if value]


def _version(rule: RuleVersion) -> dict[str, Any]:
    until = _("，至%(day)s") % {"day": cn_datetime(rule.valid_until)} if rule.valid_until else _("，现在有效")
    who = _("批准：%(name)s") % {"name": rule.enabled_by} if rule.enabled_by else _("由系统管理命令装入")
    ended = _("停用：%(name)s，%(why)s") % {"name": rule.retired_by, "why": rule.retired_why} if rule.retired_by else ""
    return {
        "at": rule.valid_from,
        "title": _("第 %(n)d 版 · %(level)s · %(name)s")
        % {"n": rule.version, "level": rule.get_level_display(), "name": rule.name},
        "who": f"{cn_datetime(rule.valid_from)}{until}",
        "note": "。".join(
            part for part in (who, _("条件：%(c)s") % {"c": condition_words(rule.condition, rule.event)}, ended) if part
        ),
    }


@requires(SUPERVISOR, "leader")
@require_GET
def trial_page(request: HttpRequest, trial_id: uuid.UUID) -> HttpResponse:
    """How far a trial is, and what came out."""
    return render(request, "supervision/rules/trial.html", _trial(request, trial_id))


@requires(SUPERVISOR, "leader")
@require_GET
def trial_live(request: HttpRequest, trial_id: uuid.UUID) -> HttpResponse:
    """The part of the page that moves while the trial runs."""
    return render(request, "supervision/rules/parts/trial.html", _trial(request, trial_id))


def _trial(request: HttpRequest, trial_id: uuid.UUID) -> dict[str, Any]:
    actor = actor_of(request)
    trial = selectors.trial_of(actor, trial_id)
    result = trial.result or {}
    units = [{"label": name, "value": number} for name, number in result.get("units", [])]
    months = [{"label": month, "number": number} for month, number in result.get("months", [])]
    return {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("监察规则"), "url": reverse("supervision:rules") if actor.has_role(SUPERVISOR) else ""},
            {
                "label": trial.content.get("name") or _("新规则"),
                "url": reverse("supervision:draft", args=[trial.draft_id]),
            },
            {"label": _("试算"), "url": ""},
        ],
        "trial": trial,
        "running": selectors.running(trial),
        "live_url": reverse("supervision:trial_live", args=[trial.id]),
        "draft_url": reverse("supervision:draft", args=[trial.draft_id]),
        "submits": trial.draft.state == DraftState.DRAFT and trial.draft.drafted_by_id == actor.person_id,
        "current": trial.digest == digest_of(trial.draft.content),
        "share": _share(trial),
        "figures": _figures(trial, result),
        "units": units,
        "units_said": _most(units),
        "months": months,
        "month_series": _MONTHS,
        "months_said": _("按月的命中数"),
        "overlap_columns": _OVERLAP,
        "overlap": [{"name": name, "number": number} for name, number in result.get("overlap", [])],
        "sample": [_sampled(one, trial.content) for one in result.get("sample", [])],
    }


def _share(trial: RuleTrial) -> int:
    return trial.looked_at * 100 // trial.total if trial.total else 0


def _most(units: list[dict[str, Any]]) -> str:
    if not units:
        return ""
    return _("命中最多的是%(unit)s，%(n)d 件") % {"unit": units[0]["label"], "n": units[0]["value"]}


def _figures(trial: RuleTrial, result: dict[str, Any]) -> list[dict[str, Any]]:
    precision = result.get("precision")
    judged = _("认定 %(yes)d，撤销 %(no)d，未核定 %(open)d") % {
        "yes": result.get("confirmed", 0),
        "no": result.get("cancelled", 0),
        "open": result.get("open", 0),
    }
    known = result.get("confirmed", 0) + result.get("cancelled", 0)
    if known < _FEW_JUDGED:
        judged = _("只核定过 %(n)d 张，仅供参考：%(judged)s") % {"n": known, "judged": judged}
    return [
        {"value": trial.total, "label": _("查过的事件"), "note": _("这段时间的全部同类事件")},
        {"value": trial.flagged, "label": _("会亮牌"), "note": _shared(trial)},
        {
            "value": f"{float(precision):g}%" if precision else "—",
            "label": _("估计准确率"),
            "note": judged if precision else _("同样的事件还没有核定过的牌"),
        },
    ]


def _shared(trial: RuleTrial) -> str:
    """How much of all that happened would be flagged: a rule that flags everything tells nothing."""
    if not trial.total:
        return ""
    return _("占查过的 %(n)s%%") % {"n": f"{trial.flagged * 100 / trial.total:.1f}".removesuffix(".0")}


def _sampled(one: dict[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    fields = one.get("fields", {})
    named = field_words.judged_rows(content["event"], content["condition"], content["explanation"], fields)
    return {
        "title": one["text"],
        "number": one["number"],
        "unit": one["unit"],
        "url": reverse("supervision:case", args=[one["case_id"]]) if one.get("case_id") else "",
        "rows": [
            *trail.evidence_rows({**fields, "event": "", "at": one["at"]})[1:],
            *named,
            *trail.fact_rows(one.get("facts") or {}),
        ],
        "at": one["at"],
    }
