"""A forgotten password: ask for a code, then set a new one."""

import uuid

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity.services.recovery import finish_recovery, start_recovery
from zhengtong.capabilities.identity.web.forms import CODE_INPUT, CitizenForm, add_errors
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import public

_RECOVERY = "identity_recovery"
_ASKED_AT = "identity_recovery_asked_at"  # as the messages say it, which tells strangers' from one's own
_TIMES_SHOWN = 5
_ATTEMPTS = {"recover": "20/h/ip", "recover_code": "60/h/ip"}


class WhoForm(forms.Form):
    """Whose password is forgotten."""

    login = forms.CharField(
        label=gettext_lazy("用户名、手机号或身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填写用户名、手机号或身份证号。")},
    )


class RecoveryForm(forms.Form):
    """The code that was sent, and the new password."""

    code = forms.CharField(
        label=gettext_lazy("收到的验证码"),
        widget=CODE_INPUT,
        error_messages={"required": gettext_lazy("请填写验证码。")},
    )
    factor_code = forms.CharField(
        label=gettext_lazy("动态口令"),
        required=False,
        widget=CODE_INPUT,
        help_text=gettext_lazy("绑定了动态口令的账户必填，没有绑定的不填。"),
    )
    password = CitizenForm.base_fields["password"]
    password_again = CitizenForm.base_fields["password_again"]

    clean_password_again = CitizenForm.clean_password_again


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a code; the answer is the same whether or not there is such an account."""
    form = WhoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="identity", action="recover", config=_ATTEMPTS):
            form.add_error(None, _("从您所在的网络找回密码的次数太多。请一小时后再试。"))
        else:
            before = request.session.get(_RECOVERY)
            started = start_recovery(
                tenant=settings.ZHENGTONG_TENANT,
                typed=form.cleaned_data["login"],
                address=get_adapter().get_client_ip(request),
                earlier=uuid.UUID(before) if before else None,
            )
            request.session[_RECOVERY] = str(started)
            asked = [*request.session.get(_ASKED_AT, []), f"{now().astimezone(SHANGHAI):%H:%M}"]
            request.session[_ASKED_AT] = list(dict.fromkeys(asked))[-_TIMES_SHOWN:]
            return HttpResponseRedirect(reverse("account_recover_finish"))
    page = {"form": form, "breadcrumbs": _crumbs()}
    return render(request, "identity/recover.html", page, status=422 if form.errors else 200)


@public
@never_cache
@sensitive_post_parameters("password", "password_again", "code", "factor_code")
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest) -> HttpResponse:
    """Set the new password with the code."""
    started = request.session.get(_RECOVERY)
    if not started:
        return HttpResponseRedirect(reverse("account_recover"))
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if not ratelimit.consume(request, app="identity", action="recover_code", config=_ATTEMPTS):
                form.add_error(None, _("尝试的次数太多。请一小时后再试。"))
            else:
                finish_recovery(
                    tenant=settings.ZHENGTONG_TENANT,
                    recovery_id=uuid.UUID(started),
                    code=form.cleaned_data["code"],
                    factor_code=form.cleaned_data["factor_code"],
                    new_password=form.cleaned_data["password"],
                    address=get_adapter().get_client_ip(request),
                )
        except DomainError as error:
            add_errors(form, error)
        if not form.errors:
            del request.session[_RECOVERY]
            request.session.pop(_ASKED_AT, None)
            messages.success(request, _("新密码已设置，所有设备上的登录都已退出。请用新密码登录。"))
            return HttpResponseRedirect(reverse("account_login"))
    page = {"form": form, "asked_at": "、".join(request.session.get(_ASKED_AT, [])), "breadcrumbs": _crumbs()}
    return render(request, "identity/recover_finish.html", page, status=422 if form.errors else 200)


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("首页"), "url": "/"}, {"label": _("找回密码"), "url": ""}]
