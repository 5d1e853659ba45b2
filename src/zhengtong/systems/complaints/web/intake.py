"""登记来件: a window or the supervisor's office types what somebody said at the counter, by telephone, in a letter."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import INTAKE_ROLES, About
from zhengtong.systems.complaints.web.forms import IntakeForm
from zhengtong.systems.complaints.web.public import add_errors, choose_unit, keep_fresh, post_choices


@requires(*INTAKE_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The same form as the citizen's, and how it was received; the answer is the receipt to print."""
    actor = actor_of(request)
    about, code = request.GET.get("about", ""), request.GET.get("unit", "")[:20]
    if about in (About.UNIT, About.POST):
        if not code:
            action = reverse("complaints:intake")
            return choose_unit(request, about, action=action, page="complaints/intake_unit.html")
        about = f"{about}:{code}"
    else:
        about = ""
    subject = api.subject_of(
        actor, about, post=request.POST.get("post", ""), post_words=request.POST.get("post_words", "")
    )
    posts = post_choices(actor.tenant, subject)
    initial = {"received_at": now().replace(second=0, microsecond=0)}
    form = IntakeForm(request.POST or None, request.FILES or None, posts=posts, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                receipt = api.take_in(
                    actor=actor,
                    subject=subject,
                    words=form.words(),
                    channel=form.cleaned_data["channel"],
                    received_at=form.cleaned_data["received_at"],
                    note=form.cleaned_data["note"],
                )
            except Invalid as refusal:
                add_errors(form, refusal)
            else:
                keep_fresh(request, receipt)
                return redirect("complaints:receipt")
    context: dict[str, Any] = {
        "desk_title": _("咨询投诉"),
        "form": form,
        "subject": subject,
        "breadcrumbs": [{"label": _("登记来件"), "url": ""}],
    }
    return render(request, "complaints/intake.html", context, status=status)
