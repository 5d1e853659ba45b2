"""Passing papers up: the town chooses and prints a list, the county unit signs for it, line by line."""

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

from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_datetime, mask_name
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import (
    ApplicantKind,
    ApplicationStatus,
    IdentityProof,
    PassedState,
)
from zhengtong.systems.service_hall.web import counter_pages, pages
from zhengtong.systems.service_hall.web.counter_forms import drawn_picture

_VERDICTS = (
    (PassedState.RECEIVED.value, gettext_lazy("收到")),
    (PassedState.MISSING.value, gettext_lazy("没有收到")),
    (PassedState.RETURNED.value, gettext_lazy("退回")),
)


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """Papers that lie at this counter, lists on their way here, lists that were sent."""
    actor = pages.actor_of(request)
    refused = ""
    if request.method == "POST":
        try:
            batches = api.pass_up(actor=actor, pieces=_pieces(request))
        except (Invalid, Conflict) as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已生成 %(n)d 份递交清单。请打印后随纸质材料一起送出。") % {"n": len(batches)})
            return redirect("service_hall:papers-list", batches[0].id)
    sent = api.lists_sent(actor=actor, page=request.GET.get("page"))
    here = api.papers_here(actor=actor)
    places = api.paper_places_of(here)
    context = counter_pages.frame(actor, "papers") | {
        "refused": refused,
        "here": [_row(row, places.get(row.id)) for row in here],
        "columns": [
            {"key": "number", "label": _("清单编号")},
            {"key": "from", "label": _("递交单位")},
            {"key": "to", "label": _("接收单位")},
            {"key": "time", "label": _("递交时间")},
            {"key": "state", "label": _("签收")},
        ],
        "coming": [_list_line(batch) for batch in api.lists_to_receive(actor=actor)],
        "sent": [_list_line(batch) for batch in sent.rows],
        "page": sent,
        "none_coming": {"title": _("没有等待签收的清单")},
        "none_sent": {"title": _("还没有递交过清单")},
    }
    return render(request, "service_hall/township/papers.html", context, status=422 if refused else 200)


def _pieces(request: HttpRequest) -> dict[uuid.UUID, int]:
    found = {}
    for text in request.POST.getlist("application"):
        count = request.POST.get(f"pieces-{text}", "")
        try:
            found[uuid.UUID(text)] = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0
        except ValueError:
            raise Invalid(_("请重新选择要上报的申请。"), field="applications") from None
    return found


def _row(row: Any, place: api.PaperPlace | None) -> dict[str, Any]:
    return {"row": row, "applicant": _masked(row), "place": place.sentence if place and place.state else ""}


def _masked(row: Any) -> str:
    return mask_name(row.applicant_name) if row.applicant_kind == ApplicantKind.PERSON else str(row.applicant_name)


def _list_line(batch: Any) -> dict[str, Any]:
    signed = _("%(who)s，%(at)s") % {"who": batch.received_by, "at": cn_datetime(batch.received_at)}
    return {
        "number": batch.number,
        "from": batch.from_org_name,
        "to": batch.to_org_name,
        "time": cn_datetime(batch.created_at),
        "state": signed if batch.received_at else _("未签收"),
        "url": reverse("service_hall:papers-list", args=[batch.id]),
    }


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def papers_list(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """A list to print, and for the unit it goes to, to sign for."""
    actor = pages.actor_of(request)
    batch = api.list_of(actor=actor, batch_id=batch_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        verdicts = {
            line.id: api.PapersVerdict(
                request.POST.get(f"state-{line.id}", ""), request.POST.get(f"reason-{line.id}", "")
            )
            for line in api.lines_of(batch)
        }
        picture = drawn_picture(request.POST.get("drawn", ""))
        try:
            api.receive_list(actor=actor, batch_id=batch.id, verdicts=verdicts, signature=picture)
        except (Invalid, Conflict, NotPermitted) as refusal:
            errors = (refusal.errors if isinstance(refusal, Invalid) else {}) or {"": refusal.message}
        else:
            messages.success(request, _("已签收。没有收到和退回的，递交单位和申请人都会看到原因。"))
            return redirect("service_hall:papers-list", batch.id)
    lines = api.lines_of(batch)
    context = counter_pages.frame(actor, "papers") | {
        "batch": batch,
        "lines": [
            {
                "line": line,
                "row": line.application,
                "applicant": _masked(line.application),
                "state": request.POST.get(f"state-{line.id}", ""),
                "reason": request.POST.get(f"reason-{line.id}", ""),
                "error": errors.get(f"line-{line.id}", ""),
            }
            for line in lines
        ],
        "pieces": sum(line.pieces for line in lines),
        "verdicts": _VERDICTS,
        "may_receive": batch.received_at is None and batch.to_org_id == actor.org_id,
        "errors": [{"text": said, "href": f"#{key}" if key else "#content"} for key, said in errors.items()],
    }
    return render(request, "service_hall/township/list.html", context, status=422 if errors else 200)


@requires(*counter_pages.ROLES)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Whom this counter has helped: who must answer a notice comes first."""
    actor = pages.actor_of(request)
    page = api.people_helped(actor=actor, page=request.GET.get("page"))
    sentences = api.sentences_of(page.rows)
    context = counter_pages.frame(actor, "people") | {
        "page": page,
        "lines": [
            {
                "row": row,
                "applicant": _masked(row),
                "sentence": sentences[row.id],
                "waits": row.status == ApplicationStatus.SUPPLEMENT,
            }
            for row in page.rows
        ],
        "proofs": IdentityProof.choices,
    }
    return render(request, "service_hall/township/people.html", context)


@requires(*counter_pages.ROLES)
@never_cache
@require_POST
def supplement(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Begin to bring what a notice asked for, in the person's name."""
    actor = pages.actor_of(request)
    try:
        sitting = api.begin_supplement(actor=actor, application_id=application_id, proof=request.POST.get("proof", ""))
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
        return redirect("service_hall:counter-people")
    return redirect("service_hall:sitting", sitting.id)
