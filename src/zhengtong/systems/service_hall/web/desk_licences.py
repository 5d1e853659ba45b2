"""Licences at the desk of the unit that issued them: find one, propose a measure, decide on it."""

import uuid
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, mask_name
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import MEASURE_KIND, MeasureKind, MeasureState
from zhengtong.systems.service_hall.models import LicenceMeasure
from zhengtong.systems.service_hall.rules.licences import GROUNDS, Act, decision_barred
from zhengtong.systems.service_hall.web import desk_pages, licences
from zhengtong.systems.service_hall.web.licence_forms import DecisionForm, MeasureForm
from zhengtong.systems.service_hall.web.pages import actor_of


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Licences the unit issued, by number, name or holder, and the measures that wait for its leader."""
    actor = actor_of(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = api.unit_licences(actor=actor, words=words, page=request.GET.get("page", 1))
    waiting = api.measures_waiting(actor=actor)
    context = desk_pages.frame(request, actor, queue="licences") | {
        "words": words,
        "page": page,
        "columns": [
            {"key": "number", "label": _("编号")},
            {"key": "title", "label": _("证照")},
            {"key": "holder", "label": _("持有人")},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [_row(card) for card in page.rows],
        "empty": {"title": _("没有找到证照"), "why": _("按编号、证照名称或者持有人的全名查找本单位签发的证照。")},
        "waiting_columns": [
            {"key": "kind", "label": _("处置")},
            {"key": "number", "label": _("证照编号")},
            {"key": "title", "label": _("证照")},
            {"key": "by", "label": _("提出人")},
            {"key": "at", "label": _("提出时间")},
        ],
        "waiting": [
            {
                "kind": row.get_kind_display(),
                "number": row.licence_number,
                "title": row.licence_title,
                "by": row.proposed_by,
                "at": cn_datetime(row.created_at),
                "url": reverse("service_hall:desk-measure", args=[row.id]),
            }
            for row in waiting
        ],
    }
    return render(request, "service_hall/desk/licences/find.html", context)


def _row(card: api.LicenceCard) -> dict[str, Any]:
    holder = card.paper.holder_name
    return {
        "number": card.paper.number,
        "title": card.paper.title,
        "holder": mask_name(holder) if card.view.holder_is_person else holder,
        "state": card.words,
        "url": reverse("service_hall:desk-licence", args=[card.id]),
    }


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def licence(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """One licence of the unit: state, contents, history, measures; the reading is recorded for its holder."""
    actor = actor_of(request)
    card = api.read_licence(actor=actor, document_id=document_id)
    may_act = documents.may_handle_licence(actor, card.view)
    context = desk_pages.frame(request, actor, queue="licences") | {
        "card": card,
        "facts": licences.facts(card),
        "history": licences.history(actor.tenant, card),
        "measures": [
            {
                "at": cn_datetime(row.created_at),
                "title": f"{row.get_kind_display()}：{row.get_state_display()}",
                "note": row.reason,
                "url": reverse("service_hall:desk-measure", args=[row.id]),
            }
            for row in api.measures_of(tenant=actor.tenant, document_id=card.id)
        ],
        "acts": [
            {
                "label": str(kind.label),
                "barred": card.barred(Act(kind.value)),
                "url": reverse("service_hall:desk-propose", args=[card.id, kind.value]),
            }
            for kind in (MeasureKind.REVOKE, MeasureKind.CANCEL, MeasureKind.LIFT, MeasureKind.CORRECT)
        ]
        if may_act
        else [],
    }
    return render(request, "service_hall/desk/licences/licence.html", context)


@requires(Role.CLERK, Role.LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: HttpRequest, document_id: uuid.UUID, kind: str) -> HttpResponse:
    """Propose a measure; a refusal brings the page back with everything typed."""
    actor = actor_of(request)
    if kind not in MeasureKind.values:
        raise NotFound(_("没有这种处置。"))
    card = api.desk_licence(actor=actor, document_id=document_id)
    form = MeasureForm(kind, card.view.rows, request.POST if request.method == "POST" else None)
    barred = card.barred(Act(kind))
    if request.method == "POST" and form.is_valid():
        try:
            row = api.propose_measure(actor=actor, document_id=card.id, kind=kind, **form.wanted())
        except Invalid as refusal:
            _refuse(form, refusal)
        except Conflict as refusal:
            barred = refusal.message
        else:
            messages.success(request, _("已经提出，等待负责人决定。"))
            return redirect("service_hall:desk-measure", row.id)
    context = desk_pages.frame(request, actor, queue="licences") | {
        "card": card,
        "label": MeasureKind(kind).label,
        "kind": kind,
        "form": form,
        "barred": barred,
    }
    status = 409 if barred and request.method == "POST" else 422 if form.errors else 200
    return render(request, "service_hall/desk/licences/propose.html", context, status=status)


def _refuse(form: Form, refusal: Invalid) -> None:
    for name, said in (refusal.errors or {refusal.field or "": refusal.message}).items():
        form.add_error(name if name in form.fields else None, said)


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def measure(request: HttpRequest, measure_id: uuid.UUID) -> HttpResponse:
    """A measure: what is proposed and why, what the holder said, what was decided."""
    actor = actor_of(request)
    row = api.unit_measure(actor=actor, measure_id=measure_id)
    waits = row.state == MeasureState.PROPOSED
    second = identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id)
    context = (
        desk_pages.frame(request, actor, queue="licences")
        | _measure_context(row)
        | {
            "may_decide": waits and actor.has_role(Role.LEADER) and second,
            "may_drop": waits and row.proposed_by_id == actor.person_id,
        }
    )
    return render(request, "service_hall/desk/licences/measure.html", context)


@requires(Role.LEADER, fresh_factor=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def decide(request: HttpRequest, measure_id: uuid.UUID) -> HttpResponse:
    """The leader's decision, with a fresh second factor; it takes effect with the press."""
    actor = actor_of(request)
    row = api.unit_measure(actor=actor, measure_id=measure_id)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    second = identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id)
    barred = decision_barred(
        Act(row.kind),
        hear_until=row.hear_until,
        stated=row.stated_at is not None,
        second=second,
        today=local_date(),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        act = api.carry_measure if form.cleaned_data["decision"] == "carry" else api.refuse_measure
        try:
            act(actor=actor, measure_id=row.id, note=form.cleaned_data["note"])
        except Invalid as refusal:
            form.add_error("note", refusal.message)
        except Conflict as refusal:
            barred, status = refusal.message, 409
        else:
            messages.success(request, _("已经决定，并已告知持有人。"))
            return redirect("service_hall:desk-measure", row.id)
    context = (
        desk_pages.frame(request, actor, queue="licences")
        | _measure_context(row)
        | {
            "form": form,
            "barred": barred,
            "waits": row.state == MeasureState.PROPOSED,
        }
    )
    return render(request, "service_hall/desk/licences/decide.html", context, status=422 if form.errors else status)


@requires(Role.CLERK, Role.LEADER)
@require_POST
@never_cache
def drop(request: HttpRequest, measure_id: uuid.UUID) -> HttpResponse:
    """Take back what one has proposed."""
    try:
        api.drop_measure(actor=actor_of(request), measure_id=measure_id)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已经撤回，证照照旧。"))
    return redirect("service_hall:desk-measure", measure_id)


def _measure_context(row: LicenceMeasure) -> dict[str, Any]:
    words, basis = GROUNDS[row.kind].get(row.ground, (row.ground, ""))
    changes = "\n".join(f"{label}：{value}" for label, value in row.corrected.items())
    heard = ""
    if row.hear_until:
        heard = row.statement or _("还没有陈述，期限到%(day)s。") % {"day": cn_date(row.hear_until)}
    decided = f"{row.get_state_display()} {row.decided_by} {cn_datetime(row.decided_at)}" if row.decided_at else ""
    rows = [
        (_("证照"), row.licence_title),
        (_("编号"), row.licence_number),
        (_("处置"), row.get_kind_display()),
        (_("情形"), words),
        (_("依据"), basis),
        (_("事实和理由"), row.reason),
        (_("合法权益的处理"), row.relief),
        (_("行政处罚决定书"), row.document_no),
        (_("更正为"), changes),
        (_("提出人"), f"{row.proposed_by} {cn_datetime(row.created_at)}"),
        (_("持有人陈述申辩"), heard),
        (_("决定"), decided),
        (_("决定意见"), row.note),
    ]
    ref = ObjectRef(kind=MEASURE_KIND, id=str(row.id))
    return {
        "measure": row,
        "facts": [{"label": label, "value": value} for label, value in rows if value],
        "papers": documents.documents_of(tenant=row.tenant, object_ref=ref),
        "licence_url": reverse("service_hall:desk-licence", args=[row.document_id]),
    }
