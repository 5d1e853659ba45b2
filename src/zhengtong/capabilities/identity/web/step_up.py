"""The second factor once more before a sensitive act: asked for before the page, or together with what was sent."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.selectors import passkeys_of
from zhengtong.capabilities.identity.services import check_second_factor, record_fresh_factor
from zhengtong.capabilities.identity.services.limits import fresh_factor_minutes
from zhengtong.capabilities.identity.web.forms import CODE_INPUT, PasskeyAgainForm
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, signed_in

_CODE = "fresh_factor_code"
_CREDENTIAL = "fresh_factor_credential"


class FreshFactorForm(forms.Form):
    """The code of the second factor."""

    fresh_factor_code = forms.CharField(
        label=_("动态口令"),
        help_text=_("手机身份验证器里显示的 6 位数字；手机不在身边时可以填一个备用码。"),
        widget=CODE_INPUT,
        error_messages={"required": _("请填写动态口令。")},
    )


def is_fresh(request: HttpRequest, account: Account) -> bool:
    """True when this session's second factor was given a short while ago."""
    times = [record["at"] for record in get_authentication_records(request, account) if record.get("method") == "mfa"]
    return bool(times) and time.time() - max(times) < fresh_factor_minutes(account.tenant) * 60


def demand(request: HttpRequest, account: Account) -> HttpResponse | None:
    """None when the second factor is fresh or comes with this request; else what asks for it.

    A page is asked for before it is shown. What was sent while the factor grew old is not lost: it goes back to the
    browser as hidden fields beside the question and is sent again together with the answer; chosen files cannot be,
    so they are asked for again by name.
    """
    if is_fresh(request, account):
        return None
    if request.method in ("GET", "HEAD"):
        return _lead(request)
    if _CODE in request.POST or _CREDENTIAL in request.POST:
        sentence = _check(request, account)
        if not sentence:
            _forget_answer(request)
            return None
        return _ask(request, account, sentence)
    return _ask(request, account, "")


@signed_in
@never_cache
@sensitive_post_parameters(_CODE)
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Give the second factor, then go on to where it was wanted."""
    account: Any = request.user
    sentence = ""
    if request.method == "POST":
        sentence = _check(request, account)
        if not sentence:
            return HttpResponseRedirect(get_next_redirect_url(request) or reverse("account_home"))
    page = _page(account, sentence) | {"next": get_next_redirect_url(request) or ""}
    return render(request, "identity/step_up.html", page, status=422 if sentence else 200)


def _check(request: HttpRequest, account: Account) -> str:
    """Empty when the answer is right, which is then recorded; else the sentence to show."""
    if request.POST.get(_CREDENTIAL):
        form: Any = PasskeyAgainForm(user=account, data={"credential": request.POST[_CREDENTIAL]})  # type: ignore[call-arg]  # allauth's form takes it
        if not form.is_valid():
            return str(form.errors["credential"][0])
        form.save()
        way = "webauthn"
    else:
        try:
            row = check_second_factor(
                account_id=account.pk,
                code=request.POST.get(_CODE, ""),
                address=get_adapter().get_client_ip(request),
            )
        except DomainError as error:
            return error.message
        row.user = account
        post_authentication(request, row, reauthenticated=True)
        way = str(row.type)
    record_fresh_factor(actor=actor_of(request), account_id=account.pk, way=way, address_of_page=request.path)
    return ""


def _forget_answer(request: HttpRequest) -> None:
    """The page behind the question gets what was typed into its own form, nothing else."""
    fields = request.POST.copy()
    for name in (_CODE, _CREDENTIAL):
        fields.pop(name, None)
    request.POST = fields  # type: ignore[assignment]  # Django lets a request's fields be set


def _lead(request: HttpRequest) -> HttpResponse:
    address = f"{reverse('account_step_up')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):  # htmx would put the page into a fragment
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _ask(request: HttpRequest, account: Account, sentence: str) -> HttpResponse:
    kept = [
        (name, text)
        for name, texts in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", _CODE, _CREDENTIAL)
        for text in texts
    ]
    page = _page(account, sentence) | {
        "action": request.get_full_path(),
        "kept": kept,
        "files": [(name, [upload.name for upload in uploads]) for name, uploads in request.FILES.lists()],
    }
    if request.headers.get("HX-Request"):  # htmx puts answers with an error status nowhere
        answer = render(request, "identity/step_up.html", page)
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
        return answer
    return render(request, "identity/step_up.html", page, status=422 if sentence else 403)


def _page(account: Account, sentence: str) -> dict[str, Any]:
    form = FreshFactorForm({_CODE: ""} if sentence else None)
    if sentence:
        form.errors.clear()
        form.add_error(_CODE, sentence)
    page: dict[str, Any] = {
        "form": form,
        "minutes": fresh_factor_minutes(account.tenant),
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("再次确认身份"), "url": ""}],
    }
    if passkeys_of(account):
        page["passkey_options"] = webauthn.begin_authentication(account)
    return page
