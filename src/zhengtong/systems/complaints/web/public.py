"""The public side: what one may bring forward and how it is handled, the form, the receipt, published answers."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import SMALLEST_SHOWN, About, Kind
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.rules.figures import shown
from zhengtong.systems.complaints.selectors.about import posts_of, units
from zhengtong.systems.complaints.services import limits
from zhengtong.systems.complaints.web.forms import ComplaintForm
from zhengtong.systems.complaints.web.words import crumbs, limit_rows, review_limit

FRESH = "complaints_fresh"
_METHODS = ["GET", "HEAD", "POST"]
_TOO_MANY = 429


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one may bring forward, how it is handled, the limits, how identity is protected; figures without persons."""
    actor = actor_of(request)
    smallest = int(parameters.value(SMALLEST_SHOWN, tenant=actor.tenant))
    total, kinds = api.public_totals(actor.tenant)
    context: dict[str, Any] = {
        "limits": limit_rows(actor.tenant),
        "limit_columns": [
            {"key": "kind", "label": _("类别")},
            {"key": "what", "label": _("可以反映")},
            {"key": "accept", "label": _("决定是否受理")},
            {"key": "answer", "label": _("受理后答复")},
        ],
        "review": review_limit(actor.tenant),
        "total": total,
        "figures": [(one.label, shown(one.received, smallest)) for one in kinds],
        "received": shown(total.received, smallest),
        "answered": shown(total.answered, smallest),
        "answers": api.published(actor.tenant).rows[:3],
        "breadcrumbs": [*crumbs()[:1], {"label": _("咨询投诉"), "url": ""}],
    }
    return render(request, "complaints/home.html", context)


@public
@never_cache
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """The form; the address names what it is about: ``?about=unit`` asks for the unit first."""
    actor = actor_of(request)
    about, post = request.GET.get("about", "")[:200], request.POST.get("post", "")
    if about in (About.UNIT, About.POST):
        code = request.GET.get("unit", "")[:20]
        if not code:
            return choose_unit(request, about, action=reverse("complaints:new"))
        about = f"{about}:{code}"
    subject = api.subject_of(actor, about, post=post, post_words=request.POST.get("post_words", ""))
    posts = post_choices(actor.tenant, subject)
    own = actor.signed_in and actor.kind != "official"
    initial = {"kind": request.GET.get("kind") or _kind_for(subject.about)}
    form = ComplaintForm(request.POST or None, request.FILES or None, posts=posts, own=own, initial=initial)
    status, refused = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            receipt = _send(request, actor, subject, form)
        except Invalid as refusal:
            add_errors(form, refusal)
            status = 422
        except NotPermitted as refusal:
            refused, status = refusal.message, _TOO_MANY
        else:
            keep_fresh(request, receipt)
            return redirect("complaints:receipt")
    elif request.method == "POST":
        status = 422
    context: dict[str, Any] = {
        "form": form,
        "subject": subject,
        "own": own,
        "official": actor.kind == "official",
        "refused": refused,
        "breadcrumbs": crumbs((_("我要反映"), "")),
    }
    return render(request, "complaints/new.html", context, status=status)


def _send(request: HttpRequest, actor: Actor, subject: api.Subject, form: ComplaintForm) -> api.Receipt:
    address = get_adapter().get_client_ip(request)
    counted = not actor.signed_in
    if counted:
        limits.check_send(tenant=actor.tenant, address=address)
    receipt = api.submit(actor=actor, subject=subject, words=form.words())
    if counted:
        limits.count_sent(tenant=actor.tenant, address=address)
    return receipt


@public
@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and code, shown once after handing in; then only the way to ask."""
    held = request.session.pop(FRESH, None)
    if not held:
        return redirect("complaints:find")
    tenant = actor_of(request).tenant
    row = Complaint.objects.filter(tenant=tenant, pk=uuid.UUID(held["id"])).first()
    if row is None:
        return redirect("complaints:find")
    clock = row.clocks.order_by("created_at").first()
    due = cn_date(clock.due_on) if clock and clock.due_on else ""
    context: dict[str, Any] = {
        "row": row,
        "code": held["code"],
        "taken_in": bool(row.taken_by_id),
        "facts": [
            {"label": _("类别"), "value": row.get_kind_display()},
            {"label": _("身份保护"), "value": row.get_protection_display()},
            {"label": _("决定是否受理"), "value": _("最迟 %(day)s") % {"day": due}},
        ],
        "breadcrumbs": crumbs((_("收件回执"), "")),
    }
    return render(request, "complaints/receipt.html", context)


@public
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Selected answers, for everybody."""
    kind = request.GET.get("kind", "")
    page = api.published(actor_of(request).tenant, kind=kind, page=request.GET.get("page", 1))
    options = [("", _("全部")), *(choice for choice in Kind.choices if choice[0] != Kind.REPORT)]
    context: dict[str, Any] = {
        "page": page,
        "filters": [{"name": "kind", "label": _("类别"), "type": "select", "options": options, "value": kind}],
        "breadcrumbs": crumbs((_("答复选登"), "")),
    }
    return render(request, "complaints/answers.html", context)


def choose_unit(
    request: HttpRequest, about: str, *, action: str, page: str = "complaints/choose_unit.html"
) -> HttpResponse:
    """The first question where a unit or a post is meant: which unit."""
    context = {
        "about": about,
        "kind": request.GET.get("kind", ""),
        "units": [("", _("请选择")), *units(actor_of(request).tenant)],
        "action": action,
        "breadcrumbs": crumbs((_("选择单位"), "")),
    }
    return render(request, page, context)


def post_choices(tenant: str, subject: api.Subject) -> list[tuple[str, str]] | None:
    """The posts of the unit, where it is about a post; None where it is not."""
    if subject.about != About.POST or subject.org is None:
        return None
    unit = identity.organisation(tenant, subject.org.code)
    return [(str(one.id), one.name) for one in posts_of(tenant, unit)]


def add_errors(form: ComplaintForm, refusal: Invalid) -> None:
    """The sentences of the service at their fields; what has no field stands above the form."""
    for field, words in (refusal.errors or {"": refusal.message}).items():
        form.add_error(field if field in form.fields else None, words)


def keep_fresh(request: HttpRequest, receipt: api.Receipt) -> None:
    """The code goes to the receipt's page by the session, and is gone when it was shown."""
    request.session[FRESH] = {"id": str(receipt.row.id), "code": receipt.code}


def _kind_for(about: str) -> str:
    return Kind.CONSULT if about == About.ITEM else Kind.COMPLAINT
