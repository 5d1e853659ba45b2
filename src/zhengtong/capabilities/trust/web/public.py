"""What anybody may ask of the authority: certificates, revocation lists, status of a certificate, a time stamp."""

import base64
import binascii
from typing import Final
from urllib.parse import unquote

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.trust import rules, services
from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.selectors import AUTHORITIES, authority_by_serial, newest_list
from zhengtong.capabilities.trust.services.keys import is_unlawful
from zhengtong.capabilities.trust.services.revocation import current_list
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date, group4

# Requests of real clients stay far below; a longer one is somebody's try.
_LONGEST: Final = 64 * 1024
# Every time stamp is a signature and a record that is kept for ever; a stranger must not fill the disk with them.
# A status is a signature, too; software asks for one certificate of a chain after the other.
_ATTEMPTS: Final = {"timestamp": "120/m/ip", "status": "600/m/ip"}


@public
@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """The page of the authority: whose it is, its certificates and lists, addresses of its services."""
    tenant = actor_of(request).tenant
    found = Certificate.objects.filter(tenant=tenant, role__in=AUTHORITIES)
    # in production nobody is invited to trust a root for tests
    rows = [
        row
        for row in found.order_by("algorithm", "-role", "-not_before")
        if not is_unlawful(development=row.is_development)
    ]
    base = settings.ZHENGTONG_BASE_URL.rstrip("/")
    context = {
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("证书服务")}],
        "authorities": [_shown(row) for row in rows],
        "development": any(row.is_development for row in rows),
        "services": [
            {"label": _("证书状态查询地址（供核验软件使用，OCSP）"), "value": base + reverse("trust:status")},
            {"label": _("时间戳服务地址（供签名软件使用，RFC 3161）"), "value": base + reverse("trust:timestamp")},
        ],
    }
    return render(request, "trust/authority.html", context)


@public
@require_GET
@cache_control(public=True, max_age=86400)
def authority_certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """A root or issuing certificate in DER, as RFC 5280 §4.2.2.1 wants it; raises NotFound."""
    row = authority_by_serial(serial)
    return _file(x509.parse(row.pem).dump(), "application/pkix-cert", f"{serial}.cer")


@public
@require_GET
@cache_control(public=True, max_age=600)
def revocation_list(request: HttpRequest, serial: str) -> HttpResponse:
    """The newest revocation list of an issuer in DER; raises NotFound."""
    issuer = authority_by_serial(serial)
    found = current_list(issuer) or newest_list(issuer)
    if found is None:
        raise NotFound(_("这个签发机构的撤销列表不在本平台发布。请查看证书中的地址。"))
    return _file(bytes(found.der), "application/pkix-crl", f"{serial}.crl")


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, encoded: str = "") -> HttpResponse:
    """Answers about the status of certificates (RFC 6960 appendix A: GET in base64 in the address, or POST)."""
    if request.method == "GET" and not encoded:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if not ratelimit.consume(request, app="trust", action="status", config=_ATTEMPTS, limit_get=True):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    data = _decoded(encoded) if request.method == "GET" else _body(request)
    return HttpResponse(services.answer_status(data), content_type="application/ocsp-response")


@csrf_exempt
@public
@require_http_methods(["POST"])
def timestamp(request: HttpRequest) -> HttpResponse:
    """The time-stamp service over HTTP (RFC 3161 §3.4); ``?algorithm=RSA-3072`` for readers without SM2."""
    if request.content_type != "application/timestamp-query":
        return HttpResponse(status=415)
    algorithm = request.GET.get("algorithm", "SM2")
    if algorithm not in x509.SIGNATURE_ALGORITHMS:
        return HttpResponse(status=400)
    if not ratelimit.consume(request, app="trust", action="timestamp", config=_ATTEMPTS):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    answer = services.answer_timestamp(tenant=actor_of(request).tenant, data=_body(request), algorithm=algorithm)
    return HttpResponse(answer, content_type="application/timestamp-reply")


def _shown(row: Certificate) -> dict[str, object]:
    certificate = x509.parse(row.pem)
    period = _("%(start)s至%(end)s") % {"start": cn_date(row.not_before), "end": cn_date(row.not_after)}
    return {
        "name": f"{row.name}，{rules.algorithm_words(row.algorithm)}",
        "facts": [
            {"label": _("用途"), "value": CertificateRole(row.role).label},
            {"label": _("有效期"), "value": period},
            {"label": _("状态"), "value": row.get_status_display()},
            {"label": _("证书校验码（SHA-256 指纹，安装前核对）"), "value": group4(certificate.sha256.hex())},
        ],
        "certificate_url": reverse("trust:authority_certificate", args=[row.serial]),
        "list_url": reverse("trust:revocation_list", args=[row.serial]) if row.key_name or newest_list(row) else "",
    }


def _file(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _body(request: HttpRequest) -> bytes:
    """What was posted, nothing where it is longer than any true request."""
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return request.body if text.isascii() and text.isdigit() and int(text) <= _LONGEST else b""


def _decoded(encoded: str) -> bytes:
    if len(encoded) > _LONGEST:
        return b""
    try:
        return base64.b64decode(unquote(encoded).lstrip("/"), validate=True)
    except (binascii.Error, ValueError):
        return b""
