"""A person's own pages: account, choice of identity, password, the legal persons he acts for."""

from typing import Any, cast

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import AgencyRole, Assurance
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.permissions import may_verify_relations
from zhengtong.capabilities.identity.selectors import (
    Standing,
    list_choices,
    open_guardians,
    recent_sign_ins,
    totp_enrolled,
)
from zhengtong.capabilities.identity.services import (
    authorise_agent,
    change_password,
    choose_identity,
    register_legal_person,
)
from zhengtong.capabilities.identity.web import session
from zhengtong.capabilities.identity.web.forms import AgentForm, LegalPersonForm, NewPasswordForm, add_errors
from zhengtong.capabilities.identity.web.sign_in import landing_page
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import requires, signed_in


@signed_in
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """My account: who I am here, my posts, my latest sign-ins, password and second factor."""
    account, standing = _account(request), _standing(request)
    person = api.masked(account.tenant, account.person_id)
    rows = [
        {"label": _("姓名"), "value": account.person.name},
        {"label": _("公民身份号码"), "value": person.citizen_number or _("未登记")},
        {"label": _("手机号"), "value": person.phone or _("未登记")},
        {"label": _("身份核验"), "value": str(Assurance(account.person.assurance).label)},
    ]
    if standing.official:
        rows.insert(0, {"label": _("用户名"), "value": account.username})
    page = {
        "rows": rows,
        "choices": list_choices(account.person),
        "chosen": _chosen_key(request, standing.actor),
        "sign_ins": recent_sign_ins(account),
        "totp": totp_enrolled(account),
        "proves_phone": bool(person.phone) and not standing.official,
        "phone_verified": api.phone_is_verified(account.tenant, account.person_id),
        "represents": _represents(standing.actor),
        "claimed": open_guardians(account.person),
        "verifies": may_verify_relations(standing.actor),
        "breadcrumbs": _crumbs(_("我的账户")),
    }
    return render(request, "identity/account.html", page)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """As whom do I act?"""
    account, standing = _account(request), _standing(request)
    error = ""
    if request.method == "POST":
        key = request.POST.get("choice", "")
        try:
            chosen = choose_identity(actor=standing.actor, choice=key)
        except DomainError as refusal:
            error = refusal.message
        else:
            session.choose(request, key)
            return HttpResponseRedirect(get_next_redirect_url(request) or landing_page(chosen))
    page = {
        "choices": list_choices(account.person),
        "chosen": "" if standing.must_choose else _chosen_key(request, standing.actor),
        "errors": [{"text": error, "href": "#choice-1"}] if error else [],
        "next": get_next_redirect_url(request) or "",
        "breadcrumbs": _crumbs(_("选择身份")),
    }
    return render(request, "identity/choose.html", page, status=422 if error else 200)


@signed_in
@never_cache
@sensitive_post_parameters("old_password", "password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Set a new password; other sessions of the account end."""
    account = _account(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(
                actor=_standing(request).actor,
                account_id=account.pk,
                old_password=form.cleaned_data["old_password"],
                new_password=form.cleaned_data["password"],
            )
        except DomainError as error:
            add_errors(form, error)
        else:
            account.refresh_from_db()
            update_session_auth_hash(request, account)
            session.register(request)  # under its new key, or nobody could end it from elsewhere
            session.password_changed(request)
            messages.success(request, _("密码已修改。其他设备上的登录已经退出。"))
            return HttpResponseRedirect(get_next_redirect_url(request) or reverse("account_home"))
    page = {
        "form": form,
        "next": get_next_redirect_url(request) or "",
        "breadcrumbs": _crumbs(_("修改密码")),
    }
    return render(request, "identity/password.html", page, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_legal_person(request: HttpRequest) -> HttpResponse:
    """Declare to act for a legal person, then act for it."""
    form = LegalPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            agency = register_legal_person(actor=_standing(request).actor, **form.cleaned_data)
        except DomainError as error:
            add_errors(form, error)
        else:
            key = f"agency:{agency}"
            choose_identity(actor=_standing(request).actor, choice=key)
            session.choose(request, key)
            messages.success(
                request,
                _("已登记。您现在代表“%(name)s”办事；受理时工作人员会核对营业执照和授权材料。")
                % {"name": form.cleaned_data["name"]},
            )
            return HttpResponseRedirect(get_next_redirect_url(request) or reverse("account_home"))
    page = {
        "form": form,
        "next": get_next_redirect_url(request) or "",
        "breadcrumbs": _crumbs(_("登记我代表的单位")),
    }
    return render(request, "identity/legal_person.html", page, status=422 if form.errors else 200)


@requires("agent")
@require_http_methods(["GET", "HEAD", "POST"])
def authorise(request: HttpRequest) -> HttpResponse:
    """The legal representative authorises a person to act for his legal person."""
    actor = _standing(request).actor
    form = AgentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            authorise_agent(actor=actor, **form.cleaned_data)
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("已授权。经办人登录后可以选择代表“%(name)s”办事。") % {"name": actor.on_behalf_of}
            )
            return HttpResponseRedirect(reverse("account_home"))
    page = {"form": form, "legal_person": actor.on_behalf_of, "breadcrumbs": _crumbs(_("授权经办人"))}
    return render(request, "identity/authorise.html", page, status=422 if form.errors else 200)


def _represents(actor: Actor) -> api.LegalPersonInfo | None:
    if actor.kind != "legal_agent":
        return None
    legal = api.legal_person_of(actor)
    return legal if legal.agent_role == AgencyRole.LEGAL_REPRESENTATIVE else None


def _chosen_key(request: HttpRequest, actor: Actor) -> str:
    if actor.ward_id is not None:
        return session.choice_of(request)
    if actor.delegation_id:
        return f"delegation:{actor.delegation_id}"
    return {"official": f"post:{actor.post_id}", "legal_agent": f"agency:{actor.post_id}"}.get(actor.kind, "self")


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _standing(request: HttpRequest) -> Standing:
    standing: Any = request.standing  # type: ignore[attr-defined]  # set by ActorMiddleware
    return cast("Standing", standing)


def _crumbs(label: str) -> list[dict[str, str]]:
    crumbs = [{"label": _("首页"), "url": "/"}]
    if label != _("我的账户"):
        crumbs.append({"label": _("我的账户"), "url": reverse("account_home")})
    return [*crumbs, {"label": label, "url": ""}]
