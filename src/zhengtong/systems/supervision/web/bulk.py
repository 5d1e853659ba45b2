"""批量撤销: choose, look at what it does, propose; another supervisor confirms; the list shows how far it is."""

import uuid
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR, Cause, ProposalState
from zhengtong.systems.supervision.rules.scores import shown
from zhengtong.systems.supervision.selectors import bulk
from zhengtong.systems.supervision.services.scores import month_words
from zhengtong.systems.supervision.web import cards, words

EFFECT_COLUMNS = (
    {"key": "unit", "label": gettext_lazy("单位")},
    {"key": "before", "label": gettext_lazy("计入的牌：撤销前"), "kind": "number"},
    {"key": "after", "label": gettext_lazy("撤销后"), "kind": "number"},
    {"key": "points_before", "label": gettext_lazy("扣分：撤销前"), "kind": "number"},
    {"key": "points_after", "label": gettext_lazy("撤销后"), "kind": "number"},
)
SCORE_COLUMNS = (
    {"key": "unit", "label": gettext_lazy("单位")},
    {"key": "month", "label": gettext_lazy("月份")},
    {"key": "before", "label": gettext_lazy("得分：撤销前"), "kind": "number"},
    {"key": "after", "label": gettext_lazy("撤销后"), "kind": "number"},
    {"key": "places", "label": gettext_lazy("名次")},
    {"key": "note", "label": gettext_lazy("说明")},
)
BATCH_COLUMNS = (
    {"key": "number", "label": gettext_lazy("批次号")},
    {"key": "cause", "label": gettext_lazy("原因")},
    {"key": "total", "label": gettext_lazy("张数"), "kind": "number"},
    {"key": "done", "label": gettext_lazy("已撤销"), "kind": "number"},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "by", "label": gettext_lazy("提出")},
    {"key": "second", "label": gettext_lazy("核准")},
    {"key": "at", "label": gettext_lazy("提出时间"), "kind": "datetime"},
)
_CHOICE = ("rule_id", "unit", "since", "until", "doubt", "numbers")


@requires(SUPERVISOR)
@require_GET
def bulk_list(request: HttpRequest) -> HttpResponse:
    """The batches so far."""
    export = bool(request.GET.get("export"))
    size = exports.MOST_ROWS if export else 20
    page = selectors.batches(actor_of(request), page=request.GET.get("page"), size=size)
    rows = [
        {
            "number": row.number,
            "cause": row.cause_label,
            "total": row.total,
            "done": row.cancelled,
            "state": row.state_label,
            "by": row.proposed_by,
            "second": row.decided_by,
            "at": row.at,
            "url": reverse("supervision:batch", args=[row.id]),
        }
        for row in page.rows
    ]
    if export:
        return exports.download(str(_("批量撤销")), exports.sheet_of(str(_("批量撤销")), BATCH_COLUMNS, rows))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("批量撤销"), "url": ""}],
        "columns": BATCH_COLUMNS,
        "rows": rows,
        "page": page,
        "total": _("共 %(n)d 批") % {"n": page.total},
        "export_url": cards.export_url(request),
        "empty": {
            "title": _("还没有批量撤销"),
            "why": _("节假日调整、系统故障或者规则错误造成的牌，可以一次选出，由另一位监察员核准后撤销。"),
            "act_label": _("提出批量撤销"),
            "act_url": reverse("supervision:bulk_new"),
        },
    }
    return render(request, "supervision/bulk.html", context)


@requires(SUPERVISOR)
@require_http_methods(["GET", "POST"])
def bulk_new(request: HttpRequest) -> HttpResponse:
    """Choose the cards, see what their fall does, and propose it."""
    actor, choice = actor_of(request), _choice(request)
    typed = {name: request.POST.get(name, "") for name in ("cause", "reason", "evidence")}
    typed["cause"] = typed["cause"] or (choice.doubt if choice.doubt in Cause.values else "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            row = services.propose_bulk_cancel(actor=actor, choice=choice, **typed)
        except Invalid as error:
            errors = {error.field or "reason": error.message}
        else:
            messages.success(request, _("已提出，请另一位监察员核准。"))
            return redirect("supervision:batch", batch_id=row.id)
    found = selectors.preview(actor, choice)
    everything = ("", _("全部"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _below(_("提出批量撤销")),
        "filters": [
            {"name": "rule_id", "label": _("规则版本"), "type": "select", "options": _versions(request)},
            {
                "name": "unit",
                "label": _("责任单位"),
                "type": "select",
                "options": [everything, *((str(key), name) for key, name in selectors.units_with_cards(actor))],
            },
            {"name": "since", "label": _("亮牌日期自"), "type": "date"},
            {"name": "until", "label": _("至"), "type": "date"},
            {
                "name": "doubt",
                "label": _("依据已变"),
                "type": "select",
                "options": [("", _("不限")), ("any", _("只选依据已变的")), *Cause.choices],
            },
        ],
        "chosen": not choice.empty,
        "preview": found,
        "columns": words.columns(),
        "rows": words.card_rows(found.cards),
        "effect_columns": EFFECT_COLUMNS,
        "effect": effect_rows(found.effect),
        **_scores(actor, bulk.falling_ids(actor, choice)),
        "empty": {"title": _("没有符合条件、可以撤销的牌"), "why": _("只列出未了结、也不在其他批次中的牌。")},
        "action": f"?{request.GET.urlencode()}",
        "typed": typed,
        "errors": errors,
        "causes": [("", _("请选择")), *Cause.choices],
    }
    return render(request, "supervision/bulk_new.html", context, status=422 if errors else 200)


@requires(SUPERVISOR)
@require_GET
def batch_page(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """One batch: reason, evidence, effect, list, and how far it is."""
    return _batch(request, batch_id)


@requires(SUPERVISOR)
@require_POST
def decide_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """A second supervisor confirms the list he has seen, or refuses it."""
    agreed = request.POST.get("agreed") == "yes"
    try:
        services.decide_bulk_cancel(
            actor=actor_of(request),
            batch_id=batch_id,
            agreed=agreed,
            reason=request.POST.get("reason", ""),
            digest=request.POST.get("digest", ""),
        )
    except (Invalid, Conflict) as error:
        return _batch(request, batch_id, failed=error)
    messages.success(request, _("已核准，正在逐张撤销。") if agreed else _("已退回，没有撤销任何牌。"))
    return redirect("supervision:batch", batch_id=batch_id)


def _batch(request: HttpRequest, batch_id: uuid.UUID, *, failed: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    if request.GET.get("export"):
        view = selectors.batch(actor, batch_id, size=exports.MOST_ROWS)
        columns: list[dict[str, Any]] = [*words.SHEET_COLUMNS, {"key": "outcome", "label": _("处理结果")}]
        rows = [
            sheet | {"outcome": outcome}
            for sheet, (_row, outcome) in zip(
                words.sheet_rows(row for row, _outcome in view.page.rows), view.page.rows, strict=True
            )
        ]
        return exports.download(view.row.number, exports.sheet_of(view.row.number, columns, rows))
    view = selectors.batch(actor, batch_id, page=request.GET.get("page"))
    listed = words.card_rows(row for row, _outcome in view.page.rows)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _below(view.row.number),
        "batch": view,
        "facts": _facts(view),
        "effect_columns": EFFECT_COLUMNS,
        "effect": effect_rows(view.effect),
        **(_scores(actor, bulk.waiting_ids(actor, batch_id)) if view.row.state == ProposalState.PROPOSED else {}),
        "columns": [*words.columns(), {"key": "outcome", "label": _("处理结果")}],
        "rows": [row | {"outcome": out} for row, (_card, out) in zip(listed, view.page.rows, strict=True)],
        "page": view.page,
        "export_url": cards.export_url(request),
        "waits": view.row.state == ProposalState.PROPOSED,
        "may_decide": view.decidable_by(actor),
        "typed": request.POST.get("reason", ""),
        "error": failed.message if failed else "",
    }
    return render(request, "supervision/batch.html", context, status=422 if failed else 200)


def effect_rows(effects: tuple[selectors.Effect, ...]) -> list[dict[str, Any]]:
    """What happens to the units, as rows."""
    return [
        {
            "unit": one.org_name,
            "before": one.cards_before,
            "after": one.cards_after,
            "points_before": f"{one.points_before.normalize():f}",
            "points_after": f"{one.points_after.normalize():f}",
        }
        for one in effects
    ]


def _scores(actor: Actor, ids: Collection[uuid.UUID]) -> dict[str, Any]:
    """What the units' scores would become, before anybody decides; worked out on the spot."""
    found = bulk.score_effect(actor, ids) if ids else []
    return {
        "score_columns": SCORE_COLUMNS,
        "score_effect": [_scored(one) for one in found],
        "score_months": bulk.MOST_MONTHS,
    }


def _scored(one: bulk.ScoreEffect) -> dict[str, Any]:
    before, after = one.before, one.after
    return {
        "unit": one.org_name,
        "month": month_words(one.month),
        "before": "—" if before.score.total is None else shown(before.score.total),
        "after": "—" if after.score.total is None else shown(after.score.total),
        "places": f"{before.place} → {after.place}" if before.place != after.place else str(before.place),
        "note": _("得分已公布，撤销后另出更正版") if one.published else "",
    }


def _facts(view: selectors.BatchView) -> list[dict[str, str]]:
    row = view.row
    rows = [
        (_("原因"), row.cause_label),
        (_("理由"), view.reason),
        (_("证据"), view.evidence),
        (_("提出"), f"{view.proposed_org} {row.proposed_by}，{cn_datetime(row.at)}"),
        (_("核准"), f"{row.decided_by}，{cn_datetime(view.decided_at)}：{view.decision}" if view.decided_at else ""),
        (_("清单摘要（SHA-256）"), view.digest),
        (_("完成"), cn_datetime(row.finished_at) if row.finished_at else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _choice(request: HttpRequest) -> selectors.Choice:
    given = {name: request.GET.get(name, "").strip().replace("\x00", "") for name in _CHOICE}
    return selectors.Choice(
        rule_id=cards.as_uuid(given["rule_id"]),
        unit=cards.as_uuid(given["unit"]),
        since=cards.as_day(given["since"]),
        until=cards.as_day(given["until"]),
        doubt=given["doubt"] if given["doubt"] in ("any", *Cause.values) else "",
        numbers=tuple(one for one in given["numbers"].split(",") if one)[:500],
    )


def _versions(request: HttpRequest) -> list[tuple[str, str]]:
    found = selectors.rule_versions_with_cards(actor_of(request))
    return [("", _("全部")), *((str(key), name) for key, name in found)]


def _below(label: str) -> list[dict[str, str]]:
    return [{"label": _("批量撤销"), "url": reverse("supervision:bulk")}, {"label": label, "url": ""}]
