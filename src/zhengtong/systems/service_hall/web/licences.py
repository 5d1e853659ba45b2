"""我的证照: every licence of the person, what may be done about each and why other acts are not open."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import MEASURE_KIND, MeasureState, Purpose
from zhengtong.systems.service_hall.rules.licences import HOLDER_ACTS, Act
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.licence_forms import LossForm, StatementForm

#: state of a licence → state of the badge component
_BADGES = {"valid": "valid", "ending": "valid", "lost": "invalid", "expired": "revoked", "ended": "revoked"}
_ACTS = {
    Act.RENEW: (gettext_lazy("延续"), gettext_lazy("有效期快到了，继续使用")),
    Act.CHANGE: (gettext_lazy("变更"), gettext_lazy("名称、地址、法定代表人等登记的内容变了")),
    Act.REPORT_LOSS: (gettext_lazy("挂失"), gettext_lazy("证照丢了，马上让查验的人知道")),
    Act.LIFT_LOSS: (gettext_lazy("解除挂失"), gettext_lazy("证照找到了")),
    Act.REPLACE: (gettext_lazy("补办"), gettext_lazy("证照遗失或者损毁，补发新证")),
    Act.CANCEL: (gettext_lazy("注销"), gettext_lazy("不再需要这份证照")),
}
_USES = {
    "documents.read": gettext_lazy("查阅"),
    "documents.use": gettext_lazy("用作办事材料"),
}
_OWN_ACTS = {
    "documents.report_loss": gettext_lazy("挂失"),
    "documents.lift_loss": gettext_lazy("解除挂失"),
}


@signed_in
@never_cache
@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    """Every licence in the present identity, those in force first."""
    actor = pages.actor_of(request)
    page = api.own_licences(actor=actor, page=request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "applicant": actor.on_behalf_of or actor.name,
        "breadcrumbs": pages.crumbs((_("我的证照"), "")),
    }
    return render(request, "service_hall/licences/list.html", context)


@signed_in
@never_cache
@require_safe
def licence(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """One licence: state, what it registers, what may be done, what became of it, who used it."""
    actor = pages.actor_of(request)
    card = api.own_licence(actor=actor, document_id=document_id)
    measures = api.measures_of(tenant=actor.tenant, document_id=card.id)
    waiting = next((one for one in measures if one.state == MeasureState.PROPOSED and one.hear_until), None)
    context = _context(card) | {
        "badge": _BADGES[card.state],
        "facts": facts(card),
        "acts": _acts(card),
        "renewal": _renewal_words(actor.tenant, card),
        "waiting": waiting,
        "papers": [paper for one in measures for paper in _measure_papers(actor, one.id)],
        "history": history(actor.tenant, card),
        "uses": _uses(actor, card),
        "checks": [
            _("%(way)s %(count)d 次，最近一次在%(day)s") % {"way": way, "count": count, "day": cn_date(day)}
            for way, count, day in documents.checks_of(tenant=actor.tenant, document_id=card.id)
        ],
    }
    return render(request, "service_hall/licences/licence.html", context)


@signed_in
@never_cache
@require_safe
def code(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """The licence to be shown on a phone: the codes for verification, online and without a network."""
    card = api.own_licence(actor=pages.actor_of(request), document_id=document_id)
    token = card.paper.offline_token
    context = _context(card, _("出示")) | {
        "badge": _BADGES[card.state],
        "qr": qr_svg(card.paper.verify_url),
        "token_qr": qr_svg(token) if token else "",
    }
    return render(request, "service_hall/licences/code.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loss(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Report a licence as lost: takes effect with the press."""
    actor = pages.actor_of(request)
    card = api.own_licence(actor=actor, document_id=document_id)
    form = LossForm(request.POST if request.method == "POST" else None)
    barred = card.barred(Act.REPORT_LOSS)
    if request.method == "POST" and form.is_valid():
        try:
            api.report_loss(actor=actor, document_id=card.id, reason=form.cleaned_data["reason"])
        except (Conflict, Invalid) as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, _("已经挂失，查验页现在显示“已挂失”。需要新证的，请接着申请补办。"))
            return redirect("service_hall:licence", card.id)
    context = _context(card, _("挂失")) | {"form": form, "barred": barred}
    return render(request, "service_hall/licences/loss.html", context, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_POST
def found(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """The licence was found: no longer reported as lost."""
    try:
        api.lift_loss(actor=pages.actor_of(request), document_id=document_id)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已经解除挂失，证照照常有效。"))
    return redirect("service_hall:licence", document_id)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, document_id: uuid.UUID, purpose: str) -> HttpResponse:
    """What an application about the licence means; the press starts the draft with what is known."""
    actor = pages.actor_of(request)
    if purpose not in Purpose.values or purpose == Purpose.NEW:
        raise NotFound(_("没有这种申请。"))
    card = api.own_licence(actor=actor, document_id=document_id)
    barred = card.barred(Act(purpose))
    if request.method == "POST":
        try:
            row = api.start_about_licence(actor=actor, document_id=card.id, purpose=purpose)
        except (Invalid, NotPermitted) as refusal:
            barred = refusal.message
        else:
            return redirect(pages.next_step(api.own_view(actor=actor, application_id=row.id)))
    label = str(_ACTS[Act(purpose)][0])
    context = _context(card, label) | {
        "purpose": purpose,
        "label": label,
        "facts": facts(card),
        "barred": barred,
        "renewal": _renewal_words(actor.tenant, card) if purpose == Purpose.RENEWAL else "",
    }
    return render(
        request,
        "service_hall/licences/apply.html",
        context,
        status=422 if barred and request.method == "POST" else 200,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, measure_id: uuid.UUID) -> HttpResponse:
    """What the authority means to do to a licence, and what its holder says to it."""
    actor = pages.actor_of(request)
    row = api.holders_measure(actor=actor, measure_id=measure_id)
    form = StatementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            api.state_case(actor=actor, measure_id=row.id, text=form.cleaned_data["text"])
        except (Conflict, Invalid) as refusal:
            form.add_error("text", refusal.message)
        else:
            messages.success(request, _("陈述申辩已提交，负责人作出决定时必须看到。"))
            return redirect("service_hall:licence-measure", row.id)
    card = api.own_licence(actor=actor, document_id=row.document_id)
    context = _context(card, _("陈述申辩")) | {
        "measure": row,
        "form": form,
        "open": row.state == MeasureState.PROPOSED and row.stated_at is None,
        "papers": _measure_papers(actor, row.id),
    }
    return render(request, "service_hall/licences/measure.html", context, status=422 if form.errors else 200)


def _context(card: api.LicenceCard, here: str = "") -> dict[str, Any]:
    steps = [(_("我的证照"), reverse("service_hall:licences"))]
    address = reverse("service_hall:licence", args=[card.id])
    steps.append((card.paper.title, address if here else ""))
    return {"card": card, "breadcrumbs": pages.crumbs(*steps, *([(here, "")] if here else []))}


def facts(card: api.LicenceCard) -> list[dict[str, str]]:
    """The head of a licence and what it registers."""
    paper = card.paper
    rows = [
        (_("编号"), paper.number),
        (_("持有人"), paper.holder_name),
        (_("签发单位"), paper.issuing_org_name),
        (_("签发日期"), cn_date(paper.issued_at)),
        (_("有效期止"), cn_date(paper.valid_until) or _("长期")),
        *card.view.rows,
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _acts(card: api.LicenceCard) -> list[dict[str, str]]:
    """The holder's acts with their address, or why one is not open; those without meaning now are left out."""
    found = []
    for act in HOLDER_ACTS:
        barred = card.barred(act)
        if card.view.ended or (act is Act.LIFT_LOSS and card.facts.lost_on is None):
            continue
        if act is Act.REPORT_LOSS and card.facts.lost_on is not None:
            continue
        label, note = _ACTS[act]
        url = (
            reverse("service_hall:licence-loss", args=[card.id])
            if act is Act.REPORT_LOSS
            else ""
            if act is Act.LIFT_LOSS
            else reverse("service_hall:licence-apply", args=[card.id, act.value])
        )
        found.append({"key": act.value, "label": str(label), "note": str(note), "barred": barred, "url": url})
    return found


def _renewal_words(tenant: str, card: api.LicenceCard) -> str:
    until = card.paper.valid_until
    if until is None or card.view.ended or card.facts.expired(local_date()):
        return ""
    by = cases.renewal_terms(tenant, until, local_date()).apply_by
    return _("需要延续的，最迟在%(by)s提出（有效期届满三十日前，行政许可法第五十条）。") % {"by": cn_date(by)}


def history(tenant: str, card: api.LicenceCard) -> list[dict[str, str]]:
    """What happened to the licence and to those before and after it, newest first."""
    found = []
    for one in documents.chain_of(tenant=tenant, document_id=card.id):
        number = {"number": one.paper.number}
        found.append((one.paper.issued_at, _("签发 %(number)s") % number, ""))
        if one.ended_at:
            found.append((one.ended_at, f"{one.paper.number} {one.end_word}", one.ended_ground))
        found += [
            (entry.at, f"{_OWN_ACTS[entry.act]} {one.paper.number}", "")
            for entry in ledger.entries_of(ObjectRef(kind="document", id=str(one.id)), tenant)
            if entry.act in _OWN_ACTS
        ]
    found.sort(key=lambda line: line[0], reverse=True)
    return [{"at": cn_datetime(at), "title": title, "note": note} for at, title, note in found]


def _uses(actor: Actor, card: api.LicenceCard) -> list[dict[str, str]]:
    """Who read the licence or used it as a material, newest first; the holder's own readings left out."""
    entries = ledger.entries_of(ObjectRef(kind="document", id=str(card.id)), actor.tenant)
    return [
        {
            "at": cn_datetime(entry.at),
            "title": f"{entry.actor_org_name} {entry.actor_post_name}".strip() or _("本人"),
            "who": str(_USES[entry.act]),
            "note": entry.purpose,
        }
        for entry in reversed(entries)
        if entry.act in _USES and not (entry.act == "documents.read" and entry.actor_person_id == actor.person_id)
    ]


def _measure_papers(actor: Actor, measure_id: uuid.UUID) -> list[documents.IssuedDocument]:
    return documents.documents_of(tenant=actor.tenant, object_ref=ObjectRef(kind=MEASURE_KIND, id=str(measure_id)))
