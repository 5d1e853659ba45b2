"""共签机构: the security and the audit administrator register, approve and end witnesses, never one alone."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.ledger.constants import WITNESS_ROLES
from zhengtong.capabilities.ledger.selectors.witnesses import WitnessRow, witnesses_of
from zhengtong.capabilities.ledger.services import approve_witness, end_witness, register_witness
from zhengtong.capabilities.ledger.web.desk import desk
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires

_STATES = {
    "pending": gettext_lazy("待核准"),
    "active": gettext_lazy("有效"),
    "ending": gettext_lazy("有效，待确认停用"),
    "ended": gettext_lazy("已停用"),
}


class WitnessForm(forms.Form):
    """What is asked of a body that is to co-sign."""

    body = forms.CharField(label=gettext_lazy("机构名称"), max_length=120, help_text=gettext_lazy("例如：某某县审计局"))
    public_key_pem = forms.CharField(
        label=gettext_lazy("公钥"),
        help_text=gettext_lazy("由共签机构生成密钥时打印，整段粘贴。私钥不得离开共签机构。"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    reason = forms.CharField(label=gettext_lazy("依据"), help_text=gettext_lazy("双方商定共签的文件名称和文号。"))


@requires(*WITNESS_ROLES)
@require_http_methods(["GET", "POST"])
def witnesses(request: HttpRequest) -> HttpResponse:
    """The list, and the form to put another body forward."""
    actor = actor_of(request)
    form = WitnessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            register_witness(actor=actor, **form.cleaned_data)
        except Invalid as error:
            for field, sentence in error.errors.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, _("已登记。请另一位管理员核对公钥后核准，核准后才起作用。"))
            return redirect("ledger:witnesses")
    return _page(request, form, status=422 if form.errors else 200)


@requires(*WITNESS_ROLES)
@require_POST
def approve(request: HttpRequest, witness_id: uuid.UUID) -> HttpResponse:
    """Approve what another person registered."""
    try:
        approve_witness(actor=actor_of(request), witness_id=witness_id)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已核准。从现在起接受这个机构的共签。"))
    return redirect("ledger:witnesses")


@requires(*WITNESS_ROLES)
@require_POST
def end(request: HttpRequest, witness_id: uuid.UUID) -> HttpResponse:
    """Ask for the end of a witness, or confirm what another person asked for."""
    reason = request.POST.get("reason", "")
    try:
        ended = end_witness(actor=actor_of(request), witness_id=witness_id, reason=reason)
    except DomainError as error:
        if reason.strip():  # the page of the refusal gives it back
            raise
        messages.error(request, error.message)
    else:
        done = _("已停用。") if ended else _("已提出停用。请另一位管理员确认，确认之前仍接受它的共签。")
        messages.success(request, done)
    return redirect("ledger:witnesses")


def _page(request: HttpRequest, form: WitnessForm, *, status: int) -> HttpResponse:
    actor = actor_of(request)
    context = desk(actor, "ledger:witnesses") | {
        "breadcrumbs": [{"label": _("责任认定")}, {"label": _("共签机构")}],
        "form": form,
        "rows": [_shown(actor, row) for row in witnesses_of(actor.tenant)],
    }
    return render(request, "ledger/witnesses.html", context, status=status)


def _shown(actor: Actor, row: WitnessRow) -> dict[str, Any]:
    received = f"{row.received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if row.received_at else _("还没有")
    return {
        "row": row,
        "lamp": "red" if row.late else {"active": "green", "ending": "green"}.get(row.state, "yellow"),
        "state": _("迟延") if row.late else _STATES[row.state],
        "facts": [
            {"label": _("密钥标识"), "value": f"{row.algorithm} {row.key_id}"},
            {"label": _("登记"), "value": row.registered_name},
            {"label": _("核准"), "value": row.approved_name or "—"},
            {"label": _("已共签到"), "value": _("%(size)d 条账目") % {"size": row.cosigned_size}},
            {"label": _("最近共签"), "value": received},
        ],
        "approve_url": reverse("ledger:witness_approve", args=[row.id])
        if row.state == "pending" and row.registered_by != actor.person_id
        else "",
        "end_url": reverse("ledger:witness_end", args=[row.id])
        if row.state != "ended" and row.end_asked_by != actor.person_id
        else "",
        "end_title": {"pending": _("撤回登记"), "ending": _("确认停用")}.get(row.state, _("停用")),
    }
