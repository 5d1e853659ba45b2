"""Where gateways tell of payments, and the pay page of the simulated one."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.payments import api, rules
from zhengtong.capabilities.payments.constants import ChargeState, RefundMode
from zhengtong.capabilities.payments.models import SimulatedCharge
from zhengtong.capabilities.payments.registry import BadCallback
from zhengtong.capabilities.payments.web import pages
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.policy import public

log = logging.getLogger(__name__)

_LONGEST = 16 * 1024
_STATUS = {"unknown": 404, "replayed": 409}
_OUTCOMES = (
    ("paid", gettext_lazy("支付成功")),
    ("declined", gettext_lazy("支付失败（余额不足）")),
    ("wrong", gettext_lazy("少付 1 分（金额不符）")),
    ("lost", gettext_lazy("支付成功，通知丢失（系统稍后主动查询）")),
    ("late", gettext_lazy("支付成功，通知迟到五分钟")),
    ("twice", gettext_lazy("支付成功，通知发送两次")),
    ("double", gettext_lazy("重复扣款两次（第二笔应自动退回）")),
)


@csrf_exempt  # a gateway posts here; its signature is what counts
@public
@require_POST
@never_cache
def callback(request: HttpRequest, gateway: str) -> HttpResponse:
    """A signed message of a gateway: 200 taken (also told before), 400 not signed, 404 none of ours, 409 replayed."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST:
        return JsonResponse({"result": "too_long"}, status=413)
    try:
        outcome = api.take_callback(gateway=gateway, body=request.body[:_LONGEST], headers=request.headers)
    except NotFound:
        return JsonResponse({"result": "no_gateway"}, status=404)
    except BadCallback as error:
        log.warning("a callback for %s was refused: %s", gateway[:40], error)
        return JsonResponse({"result": "refused"}, status=400)
    return JsonResponse({"result": outcome}, status=_STATUS.get(outcome, 200))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def simulated(request: HttpRequest, token: str) -> HttpResponse:
    """The simulated gateway's pay page: whoever has the address may pay, as with a QR code."""
    charge = api.simulated_charge(token.replace("\x00", ""))
    refusal = ""
    if request.method == "POST":
        try:
            api.pay_simulated(
                token=charge.token,
                outcome=request.POST.get("outcome", ""),
                refund_mode=request.POST.get("refund_mode", ""),
                wrong_fen=charge.amount_fen - 1 or 2,
            )
        except Conflict as error:
            refusal = error.message
        else:
            return _return(charge)
    context: dict[str, Any] = {
        "charge": charge,
        "amount": pages.yuan_words(charge.amount_fen),
        "over": charge.state == ChargeState.PAID or charge.expires_at <= now(),
        "outcomes": _OUTCOMES,
        "modes": RefundMode.choices,
        "refusal": refusal,
        "received": rules.yuan(charge.received_fen),
        "breadcrumbs": [{"label": _("模拟支付"), "url": ""}],
    }
    return render(request, "payments/simulated.html", context, status=409 if refusal else 200)


def _return(charge: SimulatedCharge) -> HttpResponse:
    """Back to where the payer came from; the address was ours when the charge was opened."""
    base = settings.ZHENGTONG_BASE_URL
    ours = charge.return_url.startswith(f"{base}/")
    return redirect(charge.return_url.removeprefix(base) if ours else "payments:mine")
