"""Certificates for the security administrator: list with what ends soon, one certificate, hold, release, revoke."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.trust import rules, services
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus, RevocationReason
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.selectors import (
    all_certificates,
    expiring_certificates,
    get_certificate,
)
from zhengtong.capabilities.trust.web.desk import MANAGER, frame
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, group4

_REASONS = [
    ("", gettext_lazy("请选择")),
    *(one for one in RevocationReason.choices if one[0] != RevocationReason.CERTIFICATE_HOLD.value),
]


@requires(MANAGER)
@require_GET
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Every certificate of the tenant; on top what ends within 30 days."""
    actor = actor_of(request)
    role = request.GET.get("role", "")
    rows = all_certificates(actor.tenant)
    page = page_of(rows.filter(role=role) if role else rows, request.GET.get("page"), size=30)
    context = frame(actor, here="certificates", crumbs=[{"label": _("数字证书")}]) | {
        "filters": [
            {
                "name": "role",
                "label": _("用途"),
                "type": "select",
                "options": [("", _("全部")), *CertificateRole.choices],
                "value": role,
            }
        ],
        "ending": [
            _("%(name)s（%(algorithm)s，%(role)s）：%(until)s")
            % {
                "name": one.name,
                "algorithm": rules.algorithm_words(one.algorithm),
                "role": one.get_role_display(),
                "until": cn_date(one.not_after),
            }
            for one in expiring_certificates(tenant=actor.tenant, at=now())[:20]
        ],
        "columns": [
            {"key": "name", "label": _("证书")},
            {"key": "role", "label": _("用途")},
            {"key": "algorithm", "label": _("签名方式")},
            {"key": "status", "label": _("状态")},
            {"key": "until", "label": _("有效期至"), "kind": "date"},
        ],
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "total": _("共 %(count)d 张") % {"count": page.total},
        "empty": {"title": _("还没有数字证书"), "why": _("批准第一枚印章时会签发证书。")},
    }
    return render(request, "trust/certificates.html", context)


@requires(MANAGER)
@require_GET
def certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """One certificate: whose, from whom, until when, and the acts that are open."""
    actor = actor_of(request)
    return _page(request, actor, get_certificate(tenant=actor.tenant, certificate_id=certificate_id))


@requires(MANAGER, fresh_factor=True)
@require_POST
def change_certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """Hold, release or revoke a certificate: who does it has just shown that it is he."""
    actor = actor_of(request)
    found = get_certificate(tenant=actor.tenant, certificate_id=certificate_id)
    try:
        changed = _do(actor, found, request.POST.get("act", ""), request.POST.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        found = get_certificate(tenant=actor.tenant, certificate_id=certificate_id)  # somebody may have been faster
        return _page(request, actor, found, error=refusal.message)
    messages.success(request, _("证书现在的状态是“%(s)s”。") % {"s": changed.get_status_display()})
    return HttpResponseRedirect(reverse("trust:certificate", args=[certificate_id]))


def _page(request: HttpRequest, actor: Actor, found: Certificate, *, error: str = "") -> HttpResponse:
    issued = found.issuer is not None
    context = frame(
        actor,
        here="certificates",
        crumbs=[{"label": _("数字证书"), "url": reverse("trust:certificates")}, {"label": found.name}],
    ) | {
        "certificate": found,
        "facts": _facts(found),
        "may_hold": issued and found.status == CertificateStatus.ACTIVE,
        "may_release": found.status == CertificateStatus.HELD,
        "may_revoke": issued and found.status != CertificateStatus.REVOKED,
        "reasons": _REASONS,
        "reason": request.POST.get("reason", ""),
        "error": error,
    }
    return render(request, "trust/certificate.html", context, status=422 if error else 200)


def _do(actor: Actor, found: Certificate, act: str, reason: str) -> Certificate:
    if act == "hold":
        return services.hold_certificate(actor=actor, certificate_id=found.id)
    if act == "release":
        return services.release_certificate(actor=actor, certificate_id=found.id)
    if act == "revoke":
        return services.revoke_certificate(actor=actor, certificate_id=found.id, reason=reason)
    raise Invalid(_("请选择要办理的事项。"), field="act")


def _row(one: Certificate) -> dict[str, Any]:
    return {
        "url": reverse("trust:certificate", args=[one.id]),
        "name": one.name,
        "role": one.get_role_display(),
        "algorithm": rules.algorithm_words(one.algorithm),
        "status": one.get_status_display(),
        "until": one.not_after,
    }


def _facts(one: Certificate) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("持有单位"), "value": one.org_name},
        {"label": _("用途"), "value": one.get_role_display()},
        {"label": _("签名方式"), "value": rules.algorithm_words(one.algorithm)},
        {"label": _("证书编号（序列号）"), "value": group4(one.serial)},
        {"label": _("证书校验码（SM3 指纹，与签发机构核对时用）"), "value": group4(one.fingerprint)},
        {"label": _("生效时间"), "value": one.not_before},
        {"label": _("失效时间"), "value": one.not_after},
        {"label": _("状态"), "value": one.get_status_display()},
        {"label": _("吊销或者暂停时间"), "value": one.revoked_at},
        {"label": _("原因"), "value": one.get_revocation_reason_display()},
        {"label": _("性质"), "value": _("开发测试证书，不具法律效力") if one.is_development else ""},
    ]
    if one.issuer is not None:
        url = reverse("trust:certificate", args=[one.issuer.id])
        rows.append({"label": _("签发证书"), "value": one.issuer.name, "url": url})
    if one.seal is not None:
        rows.append({"label": _("印章"), "value": one.seal.name, "url": reverse("trust:seal", args=[one.seal.id])})
    return [row for row in rows if row["value"]]
