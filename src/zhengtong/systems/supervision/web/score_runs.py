"""Working a month out, freezing and publishing it by two persons, corrections, appeals, and what-if."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, ScoreState, SubjectKind
from zhengtong.systems.supervision.models import ScoreRow, ScoreRun
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.score_formulas import with_numbers, wrong_with
from zhengtong.systems.supervision.rules.scores import shown, signed
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.services import scores as services
from zhengtong.systems.supervision.web import score_words as words
from zhengtong.systems.supervision.web.score_formulas import groups_of

_CHANGE_COLUMNS = (
    {"key": "name", "label": gettext_lazy("单位")},
    {"key": "before", "label": gettext_lazy("原得分"), "kind": "number"},
    {"key": "after", "label": gettext_lazy("更正后"), "kind": "number"},
    {"key": "places", "label": gettext_lazy("名次")},
    {"key": "sentence", "label": gettext_lazy("更正后的计算过程")},
)
_WHAT_IF_COLUMNS = (
    {"key": "name", "label": gettext_lazy("单位")},
    {"key": "place", "label": gettext_lazy("改后名次"), "kind": "number"},
    {"key": "then", "label": gettext_lazy("改后得分"), "kind": "number"},
    {"key": "now", "label": gettext_lazy("现在得分"), "kind": "number"},
    {"key": "was", "label": gettext_lazy("现在名次"), "kind": "number"},
    {"key": "change", "label": gettext_lazy("变化")},
    {"key": "sentence", "label": gettext_lazy("改后的计算过程")},
)


def _ranking(request: HttpRequest) -> HttpResponse:
    month, formula = request.POST.get("month", ""), request.POST.get("formula", "")
    return redirect(f"{reverse('supervision_scores:ranking')}?month={month[:7]}&formula={formula[:20]}")


@requires(SUPERVISOR)
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Work a month out anew."""
    month = words.asked_month(request)
    try:
        run = services.compute_scores(actor=actor_of(request), month=month, key=request.POST.get("formula", ""))
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已按 %(n)d 行数据重新计算。") % {"n": run.inputs_count})
    return _ranking(request)


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """The first person freezes a month, or a correction of it."""
    month, key = words.asked_month(request), request.POST.get("formula", "")
    reason = request.POST.get("reason", "")
    actor = actor_of(request)
    try:
        run = services.propose_scores(actor=actor, month=month, key=key, reason=reason)
    except (Conflict, Invalid) as error:
        standing = selectors.standing_run(actor.tenant, month, key)
        if standing is not None and standing.state == ScoreState.PUBLISHED:
            return _run_page(request, standing, error=error.message, typed=reason)
        if reason.strip():  # the page of the refusal gives it back
            raise
        messages.error(request, error.message)
        return _ranking(request)
    messages.success(request, _("已冻结，请另一位监察员核准公布。"))
    return redirect("supervision_scores:run", run_id=run.id)


@requires(SUPERVISOR)
@require_GET
def run_page(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """One version of a month: what changed against the version before, and the second person's decision."""
    return _run_page(request, selectors.run(actor_of(request), run_id))


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def decide(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The second person publishes or refuses."""
    actor, agreed = actor_of(request), request.POST.get("agreed") == "yes"
    reason, digest = request.POST.get("reason", ""), request.POST.get("digest", "")
    try:
        services.decide_scores(actor=actor, run_id=run_id, agreed=agreed, reason=reason, digest=digest)
    except (Conflict, Invalid) as error:
        return _run_page(request, selectors.run(actor, run_id), error=error.message, typed=reason)
    messages.success(request, _("已公布，并已通知各单位。") if agreed else _("已退回，没有公布。"))
    return redirect("supervision_scores:run", run_id=run_id)


def _run_page(request: HttpRequest, run: ScoreRun, *, error: str = "", typed: str = "") -> HttpResponse:
    actor = actor_of(request)
    others = selectors.runs_of(actor, run.month, run.formula_key)
    before = next((one for one in others if one.version < run.version and one.state != ScoreState.REFUSED), None)
    rows = selectors.rows_of(run, SubjectKind.UNIT)
    changes = selectors.changes(before, run) if before and run.version else []
    points = run.formula.content["model"] != "C"
    title = words.title_of(run.month)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((title, "")),
        "title": f"{title} · {run.get_state_display()}",
        "run": run,
        "state": words.state_words(run),
        "facts": _facts(run),
        "before": before,
        "change_columns": _CHANGE_COLUMNS,
        "changes": [_changed(one) for one in changes],
        "decides": services.may_publish(actor, run),
        "waits": run.state == ScoreState.PROPOSED,
        "stale": run.state == ScoreState.PUBLISHED and selectors.is_stale(run),
        "columns": words.columns(SubjectKind.UNIT, points=points),
        "rows": words.ranked(rows),
        "appeals": selectors.appeals(actor, run),
        "error": error,
        "typed": typed,
        "errors": {"reason": error} if error else {},
    }
    return render(request, "supervision/scores/run.html", context, status=422 if error else 200)


def _facts(run: ScoreRun) -> list[dict[str, str]]:
    rows = [
        (_("更正理由") if run.version > 1 else _("说明"), run.reason),
        (_("冻结"), f"{run.proposed_by} {run.proposed_org} {cn_datetime(run.created_at)}" if run.version else ""),
        (_("核准"), f"{run.decided_by} {cn_datetime(run.decided_at)}：{run.decision}" if run.decided_at else ""),
        (_("申诉截止"), cn_date(run.appeal_until) if run.appeal_until else ""),
        (_("数据摘要"), run.inputs_digest),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _changed(one: selectors.Changed) -> dict[str, Any]:
    def said(row: ScoreRow | None) -> str:
        return services.shown_total(row) if row else "—"

    return {
        "name": one.name,
        "before": said(one.before),
        "after": said(one.after),
        "places": f"{one.before.place if one.before else '—'} → {one.after.place if one.after else '—'}",
        "sentence": one.after.sentence if one.after else "",
        "url": reverse("supervision_scores:row", args=[one.after.id]) if one.after else "",
    }


@requires(*UNIT_ROLES)
@require_POST
def appeal(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """A unit appeals against its published score."""
    actor = actor_of(request)
    try:
        services.appeal_score(actor=actor, run_id=run_id, text=request.POST.get("text", ""))
    except (Conflict, Invalid) as error:
        context = {
            "desk_title": _("电子监察"),
            "breadcrumbs": [{"label": _("得分申诉"), "url": ""}],
            "action": reverse("supervision_scores:appeal", args=[run_id]),
            "back": reverse("supervision_scores:mine"),
            "error": error.message,
            "errors": {"text": error.message},
            "typed": request.POST.get("text", ""),
        }
        return render(request, "supervision/scores/appeal.html", context, status=422)
    messages.success(request, _("申诉已提交，由监察员答复。"))
    return redirect("supervision_scores:mine")


@requires(SUPERVISOR)
@require_GET
def appeal_list(request: HttpRequest) -> HttpResponse:
    """得分申诉: those that wait first."""
    return _appeals(request)


def _appeals(request: HttpRequest, *, error: str = "", of: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(selectors.appeals(actor), request.GET.get("page"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("得分申诉"), "")),
        "appeals": [_appealed(actor, one) for one in page.rows],
        "page": page,
        "error": error,
        "of": of,
        "typed": request.POST.get("answer", ""),
    }
    return render(request, "supervision/scores/appeals.html", context, status=status)


def _appealed(actor: Actor, one: Any) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "one": one,
        "title": f"{one.org_name} · {services.month_words(one.run.month)}",
        "url": reverse("supervision_scores:run", args=[one.run_id]),
        "open": one.state == "filed" and one.org_id != actor.org_id,
    }


@requires(SUPERVISOR)
@require_POST
def answer(request: HttpRequest, appeal_id: uuid.UUID) -> HttpResponse:
    """A supervisor answers an appeal."""
    upheld = request.POST.get("upheld") == "yes"
    try:
        services.answer_appeal(
            actor=actor_of(request), appeal_id=appeal_id, upheld=upheld, answer=request.POST.get("answer", "")
        )
    except (Conflict, Invalid) as error:
        return _appeals(request, error=error.message, of=str(appeal_id), status=422)
    said = _("已答复单位。申诉成立的，请撤销有误的牌，再对这个月提出更正。") if upheld else _("已答复单位。")
    messages.success(request, said)
    return redirect("supervision_scores:appeals")


@requires(SUPERVISOR)
@require_GET
def what_if(request: HttpRequest) -> HttpResponse:
    """试算: change weights and deductions, see the ranking beside the present one; nothing is stored."""
    actor, month = actor_of(request), words.asked_month(request)
    known, formula = words.asked_formula(request, actor.tenant)
    known = [one for one in known if one.content["model"] != "C"]
    if formula is not None and formula.content["model"] == "C":
        formula = known[0] if known else None
    if formula is None:
        raise NotFound(_("没有启用的评分办法，不能试算。"))
    content = with_numbers(
        formula.content, {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    )
    mode = request.GET.get("mode", content["mode"])
    content["mode"] = mode if mode in ("floor", "plain") else content["mode"]
    errors = wrong_with(content, {key for key, _one in score_inputs.items()})
    shown_content = content if errors else formula.content
    found = [] if errors else selectors.what_if(actor, month, content, shown_content)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("试算"), "")),
        "month": f"{month:%Y-%m}",
        "formula": formula,
        "groups": groups_of(content, errors, changed_from=formula.content),
        "mode": content["mode"],
        "errors": errors,
        "title": _("%(month)s：改动后的排名") % {"month": services.month_words(month)},
        "columns": _WHAT_IF_COLUMNS,
        "rows": [_compared(one) for one in found],
        "moved": sum(one.now.place != one.then.place for one in found),
        "empty": {"title": _("这个月没有数据"), "why": _("请换一个月份。")},
    }
    return render(request, "supervision/scores/what_if.html", context, status=422 if errors else 200)


def _compared(one: selectors.Compared) -> dict[str, Any]:
    now, then = one.now.score.total, one.then.score.total
    change = "" if now is None or then is None or now == then else signed(then - now)
    if one.now.place != one.then.place:
        moved = _("名次 %(a)d → %(b)d") % {"a": one.now.place, "b": one.then.place}
        change = f"{change}，{moved}" if change else moved
    return {
        "name": one.then.subject.name,
        "place": one.then.place,
        "then": "—" if then is None else shown(then),
        "now": "—" if now is None else shown(now),
        "was": one.now.place,
        "change": change or _("没有变化"),
        "sentence": one.then.score.sentence,
    }
