"""Raising a card by hand, and the papers and measures that follow from cards."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, ProposalState
from zhengtong.systems.supervision.services.following import EVIDENCE_KINDS
from zhengtong.systems.supervision.web import cards

_FIELDS = ("rule", "unit", "evidence_kind", "reference", "case_number", "text")
MEASURE_COLUMNS = (
    {"key": "card", "label": gettext_lazy("监察编号")},
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "post", "label": gettext_lazy("责任岗位")},
    {"key": "kind", "label": gettext_lazy("方式")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "at", "label": gettext_lazy("提出时间"), "kind": "datetime"},
)


@requires(SUPERVISOR)
@require_http_methods(["GET", "POST"])
def raise_page(request: HttpRequest) -> HttpResponse:
    """人工亮牌: on the evidence of a case, a complaint or an inspection."""
    actor = actor_of(request)
    typed = {name: request.POST.get(name, request.GET.get(name, "")) for name in _FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            card = services.raise_by_hand(
                actor=actor,
                rule_id=cards.as_uuid(typed["rule"]) or uuid.UUID(int=0),
                org_id=cards.as_uuid(typed["unit"]) or uuid.UUID(int=0),
                evidence_kind=typed["evidence_kind"],
                reference=typed["reference"],
                text=typed["text"],
                case_number=typed["case_number"],
            )
        except Invalid as error:
            errors = {error.field or "text": error.message}
        else:
            messages.success(request, _("已亮牌，责任单位会收到通知。"))
            return redirect("supervision:card", card_id=card.id)
    units = [("", _("请选择")), *((str(unit.id), unit.name) for unit in identity.organisations(actor.tenant))]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("监察工作台"), "url": reverse("supervision:desk")},
            {"label": _("人工亮牌"), "url": ""},
        ],
        "typed": typed,
        "errors": errors,
        "rules": cards.rule_choices(actor),
        "units": units,
        "kinds": [("", _("请选择")), *EVIDENCE_KINDS.items()],
    }
    return render(request, "supervision/raise.html", context, status=422 if errors else 200)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def letter_file(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """The paper of a letter of supervision, for supervisors and the unit it went to."""
    actor = actor_of(request)
    document_id = selectors.letter_document(actor, letter_id)
    name, content = documents.read_file(actor=actor, document_id=document_id, purpose=_("查看监察建议书"))
    return exports.paper(name, content, inline=True)


@requires(SUPERVISOR)
@require_GET
def measure_list(request: HttpRequest) -> HttpResponse:
    """责任追究: by post, no person is named."""
    actor = actor_of(request)
    export = bool(request.GET.get("export"))
    page = selectors.measures_list(
        actor,
        state=request.GET.get("state", ""),
        page=request.GET.get("page"),
        size=exports.MOST_ROWS if export else 20,
    )
    rows = [_measure_row(row) for row in page.rows]
    if export:
        return exports.download(str(_("责任追究")), exports.sheet_of(str(_("责任追究")), MEASURE_COLUMNS, rows))
    states = [("", _("全部")), *((one.value, one.label) for one in ProposalState if one != ProposalState.DONE)]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("责任追究"), "url": ""}],
        "filters": [{"name": "state", "label": _("状态"), "type": "select", "options": states}],
        "columns": MEASURE_COLUMNS,
        "rows": rows,
        "page": page,
        "total": _("共 %(n)d 项") % {"n": page.total},
        "export_url": cards.export_url(request),
        "empty": {"title": _("还没有责任追究"), "why": _("认定以后的牌，可以在牌面上提出责任追究。")},
    }
    return render(request, "supervision/measures.html", context)


def _measure_row(row: selectors.MeasureView) -> dict[str, Any]:
    return {
        "card": row.card_number,
        "unit": row.org_name,
        "post": row.post,
        "kind": row.kind,
        "state": row.state_label,
        "at": row.at,
        "url": reverse("supervision:card", args=[row.card_id]) + "#measures",
    }


@requires(SUPERVISOR)
@require_POST
def decide_measure(request: HttpRequest, measure_id: uuid.UUID) -> HttpResponse:
    """The leader of supervision decides what another supervisor proposed."""
    actor, agreed, reason = actor_of(request), request.POST.get("agreed") == "yes", request.POST.get("reason", "")
    try:
        row = services.decide_account(actor=actor, measure_id=measure_id, agreed=agreed, reason=reason)
    except (Invalid, Conflict) as error:
        card_id = selectors.card_of_measure(actor, measure_id)
        return cards.card_with_measure(request, card_id, measure_id, error=error, typed=reason)
    messages.success(request, _("已决定。") if agreed else _("已退回，没有追究。"))
    return redirect("supervision:card", card_id=row.card_id)
