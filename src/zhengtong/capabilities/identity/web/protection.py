"""Pages of the administrators: resets of second factors, applications that use our sign-in."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.models import Account, FactorReset, RelyingParty
from zhengtong.capabilities.identity.services import (
    confirm_factor_reset,
    end_sessions_of,
    refuse_factor_reset,
    request_factor_reset,
)
from zhengtong.capabilities.identity.services.relying_parties import (
    PARTY_SCOPES,
    approve_party,
    disable_party,
    refuse_party,
    register_party,
    renew_party_secret,
)
from zhengtong.capabilities.identity.web.forms import add_errors
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, requires


class ResetForm(forms.Form):
    """Whose second factor is to be reset, and why; or who is to be signed out."""

    username = forms.CharField(
        label=gettext_lazy("用户名"), max_length=40, error_messages={"required": gettext_lazy("请填写用户名。")}
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=300,
        help_text=gettext_lazy("例如“手机丢失，本人持工作证到场”。理由随操作一起记录。"),
        error_messages={"required": gettext_lazy("请写明理由。")},
    )


class PartyForm(forms.Form):
    """An application that is to use our sign-in."""

    name = forms.CharField(label=gettext_lazy("应用名称"), max_length=100)
    org_code = forms.CharField(
        label=gettext_lazy("建设单位代码"), max_length=20, help_text=gettext_lazy("机构代码，例如 G22。")
    )
    redirect_uris = forms.CharField(
        label=gettext_lazy("登录返回地址"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个完整地址，以 https:// 开头。"),
    )
    leaving_uris = forms.CharField(
        label=gettext_lazy("退出返回地址"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可取得的信息"),
        choices=[(key, label) for key, label in PARTY_SCOPES.items() if key != "openid"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("只选应用确实需要的（个人信息保护法第六条）。"),
    )
    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=300)
    refreshes = forms.BooleanField(
        label=gettext_lazy("可以续期"),
        required=False,
        help_text=gettext_lazy("本平台的登录有效期间，应用不经浏览器即可续期；退出本平台后立即失效。"),
    )
    public_client = forms.BooleanField(label=gettext_lazy("手机或网页应用，不能保存密钥"), required=False)


@requires("sec_admin", "sys_admin", fresh_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resets(request: HttpRequest) -> HttpResponse:
    """Requests for a new second factor: the security administrator asks, another administrator confirms."""
    actor = actor_of(request)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = Account.objects.filter(tenant=actor.tenant, username=form.cleaned_data["username"]).first()
            if account is None:
                raise Invalid(_("没有这个用户名。请核对后重新填写。"), field="username")
            if request.POST.get("act") == "sign_out":
                ended = end_sessions_of(actor=actor, account_id=account.pk, reason=form.cleaned_data["reason"])
                messages.success(request, _("已让“%(u)s”退出 %(n)d 个登录。") % {"u": account.username, "n": ended})
            else:
                request_factor_reset(actor=actor, account_id=account.pk, reason=form.cleaned_data["reason"])
                messages.success(request, _("已提交，请另一位安全管理员或系统管理员确认。"))
        except DomainError as error:
            add_errors(form, error)
        else:
            return HttpResponseRedirect(reverse("account_resets"))
    return _resets_page(request, form)


@requires("sec_admin", "sys_admin", fresh_factor=True)
@never_cache
@require_POST
def decide_reset(request: HttpRequest, reset_id: uuid.UUID) -> HttpResponse:
    """Confirm (the code is shown this once) or send back."""
    actor = actor_of(request)
    if request.POST.get("act") == "refuse":
        refuse_factor_reset(actor=actor, reset_id=reset_id)
        messages.success(request, _("已退回，原来的第二因素不变。"))
        return HttpResponseRedirect(reverse("account_resets"))
    code = confirm_factor_reset(actor=actor, reset_id=reset_id)
    return render(request, "identity/enrolment_code.html", {"code": code, "breadcrumbs": _crumbs(_("开通码"))})


@requires("sec_admin", "sys_admin", "audit_admin", fresh_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parties(request: HttpRequest) -> HttpResponse:
    """Applications that use our sign-in; the system administrator registers another one."""
    actor = actor_of(request)
    form = PartyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            register_party(
                actor=actor,
                name=given["name"],
                org_code=given["org_code"].strip(),
                redirect_uris=given["redirect_uris"].split(),
                leaving_uris=given["leaving_uris"].split(),
                scopes=given["scopes"],
                purpose=given["purpose"],
                confidential=not given["public_client"],
                refreshes=given["refreshes"],
            )
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记，等安全管理员批准。"))
            return HttpResponseRedirect(reverse("account_parties"))
    page = {
        "form": form if actor.has_role("sys_admin") else None,
        "parties": RelyingParty.objects.filter(tenant=actor.tenant).select_related("organisation").order_by("name"),
        "may_decide": actor.has_role("sec_admin"),
        "may_renew": actor.has_role("sys_admin"),
        "breadcrumbs": _crumbs(_("接入应用")),
    }
    return render(request, "identity/parties.html", page, status=422 if form.errors else 200)


@requires("sec_admin", "sys_admin", fresh_factor=True)
@never_cache
@require_POST
def decide_party(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Approve (the secret is shown this once), refuse, stop, or renew the secret."""
    actor, act = actor_of(request), request.POST.get("act")
    if act in ("approve", "renew"):
        decide = approve_party if act == "approve" else renew_party_secret
        page = {"secret": decide(actor=actor, party_id=party_id), "breadcrumbs": _crumbs(_("应用密钥"))}
        return render(request, "identity/party_secret.html", page)
    if act == "refuse":
        refuse_party(actor=actor, party_id=party_id)
    elif act == "disable":
        disable_party(actor=actor, party_id=party_id)
    else:
        raise Invalid(_("请选择要做的操作。"))
    messages.success(request, _("已办理。"))
    return HttpResponseRedirect(reverse("account_parties"))


def _resets_page(request: HttpRequest, form: ResetForm) -> HttpResponse:
    actor = actor_of(request)
    waiting = FactorReset.objects.filter(tenant=actor.tenant, closed_at__isnull=True, confirmed_at__isnull=True)
    page = {
        "form": form if actor.has_role("sec_admin") else None,
        "waiting": waiting.select_related("account__person", "requested_by").order_by("created_at"),
        "own": actor.person_id,
        "breadcrumbs": _crumbs(_("重置第二因素")),
    }
    return render(request, "identity/resets.html", page, status=422 if form.errors else 200)


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("首页"), "url": "/"},
        {"label": _("我的账户"), "url": reverse("account_home")},
        {"label": label, "url": ""},
    ]
