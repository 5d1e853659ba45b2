"""Who acts for my legal person, and which accounts are mine."""

import uuid

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.selectors import (
    agents_of,
    open_merges,
    suspected_duplicates,
)
from zhengtong.capabilities.identity.services import (
    confirm_agency,
    confirm_merge,
    end_agency,
    merge_own_accounts,
    refuse_merge,
    request_merge,
    undo_merge,
)
from zhengtong.capabilities.identity.web.forms import CODE_INPUT, add_errors
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires, signed_in


class OwnMergeForm(forms.Form):
    """What opens the other account."""

    other_login = forms.CharField(
        label=gettext_lazy("另一个账户的用户名、手机号或身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    other_password = forms.CharField(
        label=gettext_lazy("另一个账户的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    other_code = forms.CharField(
        label=gettext_lazy("另一个账户的动态口令"),
        required=False,
        widget=CODE_INPUT,
        help_text=gettext_lazy("另一个账户绑定了动态口令的必填。"),
    )


class StaffMergeForm(forms.Form):
    """Which record is kept, which one goes into it, and why."""

    kept_id = forms.UUIDField(label=gettext_lazy("保留的人员标识"))
    merged_id = forms.UUIDField(label=gettext_lazy("并入的人员标识"))
    evidence = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("例如“本人持身份证到场核对”。")
    )


@requires("agent")
@never_cache
@require_http_methods(["GET", "HEAD"])
def agents(request: HttpRequest) -> HttpResponse:
    """Who may act for my legal person."""
    page = {
        "agents": agents_of(actor_of(request)),
        "legal_person": actor_of(request).on_behalf_of,
        "breadcrumbs": _crumbs(_("经办人")),
    }
    return render(request, "identity/agents.html", page)


@requires("agent")
@require_POST
def change_agent(request: HttpRequest, agency_id: uuid.UUID) -> HttpResponse:
    """Confirm an agent who declared himself, or take his authority back."""
    if request.POST.get("act") == "confirm":
        confirm_agency(actor=actor_of(request), agency_id=agency_id)
        messages.success(request, _("已确认。"))
    else:
        end_agency(actor=actor_of(request), agency_id=agency_id, reason=_("法定代表人收回"))
        messages.success(request, _("授权已收回，立即生效。"))
    return HttpResponseRedirect(reverse("account_agents"))


@signed_in
@never_cache
@sensitive_post_parameters("other_password", "other_code")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_own(request: HttpRequest) -> HttpResponse:
    """Merge another account of mine into this one."""
    form = OwnMergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            merge_own_accounts(
                actor=actor_of(request), address=get_adapter().get_client_ip(request), **form.cleaned_data
            )
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已合并。以后只用现在这个账户登录，原来两个账户的办件都能看到。"))
            return HttpResponseRedirect(reverse("account_home"))
    page = {"form": form, "breadcrumbs": _crumbs(_("合并重复账户"))}
    return render(request, "identity/merge_own.html", page, status=422 if form.errors else 200)


@requires("sys_admin", "sec_admin", fresh_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merges(request: HttpRequest) -> HttpResponse:
    """Records that may be one person; requests to merge them."""
    actor = actor_of(request)
    form = StaffMergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            request_merge(actor=actor, **form.cleaned_data)
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已提交，请安全管理员确认。"))
            return HttpResponseRedirect(reverse("account_merges"))
    waiting = page_of(open_merges(actor.tenant), request.GET.get("page"))
    page = {
        "form": form if actor.has_role("sys_admin") else None,
        "suspects": suspected_duplicates(actor.tenant),
        "merges": waiting.rows,
        "page": waiting,
        "may_decide": actor.has_role("sec_admin"),
        "breadcrumbs": _crumbs(_("合并重复账户")),
    }
    return render(request, "identity/merges.html", page, status=422 if form.errors else 200)


@requires("sec_admin", fresh_factor=True)
@require_POST
def decide_merge(request: HttpRequest, merge_id: uuid.UUID) -> HttpResponse:
    """Confirm, refuse or undo a merge."""
    acts = {"confirm": confirm_merge, "refuse": refuse_merge, "undo": undo_merge}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("请选择要做的操作。"))
    act(actor=actor_of(request), merge_id=merge_id)
    messages.success(request, _("已办理。"))
    return HttpResponseRedirect(reverse("account_merges"))


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("首页"), "url": "/"},
        {"label": _("我的账户"), "url": reverse("account_home")},
        {"label": label, "url": ""},
    ]
