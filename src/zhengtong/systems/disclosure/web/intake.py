"""登记申请: an official takes down what came over the counter, by word of mouth, by post, by fax."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import INTAKE_ROLES
from zhengtong.systems.disclosure.web.forms import IntakeForm
from zhengtong.systems.disclosure.web.public import add_errors, keep_fresh
from zhengtong.systems.disclosure.web.words import desk_crumbs, unit_choices


@requires(*INTAKE_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The same form as the citizen's, and how it came; the answer is the receipt to print."""
    actor = actor_of(request)
    initial = {"arrived_on": local_date(), "org_code": actor.org_code, "delivery": "pick_up", "form": "paper"}
    form = IntakeForm(request.POST or None, request.FILES or None, units=unit_choices(actor.tenant), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                receipt = api.take_in(
                    actor=actor,
                    words=form.words(),
                    channel=given["channel"],
                    arrived_on=given["arrived_on"],
                    confirmed_on=given["confirmed_on"],
                    note=given["note"],
                )
            except Invalid as refusal:
                add_errors(form, refusal)
            else:
                keep_fresh(request, receipt)
                return redirect("disclosure:receipt")
    context: dict[str, Any] = {
        "desk_title": _("信息公开申请"),
        "form": form,
        "breadcrumbs": desk_crumbs((_("登记申请"), "")),
    }
    return render(request, "disclosure/intake.html", context, status=status)
