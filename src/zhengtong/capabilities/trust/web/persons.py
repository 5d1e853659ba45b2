"""Certificates of officials: list with what ends soon, application, decision of a second person, import by file."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.trust import rules, services
from zhengtong.capabilities.trust.constants import ApplicationStatus, CertificateStatus
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate, PersonCertificateApplication
from zhengtong.capabilities.trust.selectors import (
    EXPIRY_WARNING,
    visible_person_application,
    visible_person_applications,
    visible_person_certificates,
)
from zhengtong.capabilities.trust.services.persons import is_request, is_waiting_for_file
from zhengtong.capabilities.trust.web.desk import MANAGER, OFFICIALS, frame
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import group4

# a request or certificate has two or three thousand bytes
_LONGEST = 64 * 1024


@requires(*OFFICIALS)
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Officials' certificates with validity and what ends soon; applications that wait. One's own, or all."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    rows = visible_person_certificates(actor)
    if state == "ending":
        rows = rows.filter(status=CertificateStatus.ACTIVE, not_after__lt=now() + EXPIRY_WARNING)
    elif state in CertificateStatus.values:
        rows = rows.filter(status=state)
    page = page_of(rows, request.GET.get("page"), size=30)
    open_ones = visible_person_applications(actor).filter(certificate__isnull=True)
    context = frame(actor, here="persons", crumbs=[{"label": _("人员证书")}]) | {
        "filters": [
            {
                "name": "state",
                "label": _("状态"),
                "type": "select",
                "options": [
                    ("", _("全部")),
                    ("ending", _("30 日内到期或者已经到期")),
                    *(one for one in CertificateStatus.choices if one[0] != CertificateStatus.RETIRED.value),
                ],
                "value": state,
            }
        ],
        "applications": [_application_row(one) for one in open_ones.exclude(status=ApplicationStatus.REFUSED)[:50]],
        "application_columns": [
            {"key": "name", "label": _("持有人")},
            {"key": "state", "label": _("进度")},
            {"key": "applicant", "label": _("申请人")},
            {"key": "at", "label": _("申请时间"), "kind": "datetime"},
        ],
        "columns": [
            {"key": "name", "label": _("持有人")},
            {"key": "status", "label": _("状态")},
            {"key": "until", "label": _("有效期至"), "kind": "date"},
            {"key": "left", "label": _("到期")},
            {"key": "org", "label": _("单位")},
            {"key": "algorithm", "label": _("签名方式")},
        ],
        "rows": [_row(one, link=actor.has_role(MANAGER)) for one in page.rows],
        "page": page,
        "total": _("共 %(count)d 张") % {"count": page.total},
        "empty": {"title": _("还没有人员证书"), "why": _("由本人申请、安全管理员批准后签发。")},
    }
    return render(request, "trust/persons.html", context)


@requires(*OFFICIALS)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """An official applies for a certificate; the security administrator may do so for another one."""
    actor = actor_of(request)
    errors: dict[str, str] = {}
    given = {name: request.POST.get(name, "") for name in ("username", "reason", "text")}
    if request.method == "POST":
        username = given["username"] if actor.has_role(MANAGER) else ""
        try:
            data = _sent(request, given["text"])
            # a chosen file cannot be chosen again by the page: its text stands in the field
            given["text"] = data.decode("ascii") if data.isascii() else given["text"]
            row = services.apply_for_person_certificate(
                actor=actor, data=data, reason=given["reason"], username=username
            )
        except (Invalid, Conflict) as refusal:
            errors = {_FIELDS.get(refusal.field, refusal.field or "text"): refusal.message}
        else:
            messages.success(request, _("申请已提交，等待安全管理员审批。"))
            return HttpResponseRedirect(reverse("trust:person_application", args=[row.id]))
    context = frame(actor, here="persons", crumbs=[_crumb(), {"label": _("申请人员证书")}]) | {
        "given": given,
        "errors": errors,
        "may_name_another": actor.has_role(MANAGER),
    }
    return render(request, "trust/person_apply.html", context, status=422 if errors else 200)


@requires(*OFFICIALS)
@require_GET
def application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """One application: who, for whom, with which key; for a second administrator the decision."""
    actor = actor_of(request)
    return _page(request, actor, visible_person_application(actor, application_id))


@requires(MANAGER, fresh_factor=True)
@require_POST
def decide_application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse: who does it has just shown that it is he."""
    actor = actor_of(request)
    row = visible_person_application(actor, application_id)
    act = request.POST.get("act", "")
    try:
        if act == "approve":
            row = services.approve_person_certificate(actor=actor, application_id=row.id)
            messages.success(request, _approved(row))
        elif act == "refuse":
            services.refuse_person_certificate(
                actor=actor, application_id=row.id, reason=request.POST.get("reason", "")
            )
        else:
            raise Invalid(_("请选择批准或者不批准。"), field="act")
    except (Invalid, Conflict) as refusal:
        return _page(request, actor, _now(actor, row, refusal), errors={refusal.field or "": refusal.message})
    return HttpResponseRedirect(reverse("trust:person_application", args=[row.id]))


@requires(MANAGER)
@require_GET
def request_file(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The request as a file for the authority."""
    row = visible_person_application(actor_of(request), application_id)
    if not is_request(row):
        raise NotFound(_("这份申请附的是证书，没有证书申请文件。"))
    response = HttpResponse(row.pem, content_type="application/pkcs10")
    response["Content-Disposition"] = f'attachment; filename="person-{row.id}.csr"'
    return response


@requires(MANAGER, fresh_factor=True)
@require_POST
def import_certificate(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Take in the certificate that the authority made of an approved request."""
    actor = actor_of(request)
    row = visible_person_application(actor, application_id)
    try:
        data = _sent(request, request.POST.get("certificate", ""))
        services.import_person_certificate(actor=actor, application_id=row.id, data=data)
    except (Invalid, Conflict) as refusal:
        return _page(request, actor, _now(actor, row, refusal), errors={"certificate": refusal.message})
    messages.success(request, _("证书已导入，%(name)s可以使用。") % {"name": row.person_name})
    return HttpResponseRedirect(reverse("trust:person_application", args=[row.id]))


# a refusal of the service about the request → the place on the page where it is pasted
_FIELDS = {"request": "text"}


def _sent(request: HttpRequest, pasted: str) -> bytes:
    """The chosen file, else the pasted text; raises Invalid for what is far too long to be either."""
    upload = request.FILES.get("file")
    if upload is not None and upload.size is not None and upload.size > _LONGEST:
        raise Invalid(_("文件过大，不是证书或者证书申请文件。"), field="request")
    return upload.read() if upload is not None else pasted.strip()[:_LONGEST].encode()


def _page(
    request: HttpRequest, actor: Actor, row: PersonCertificateApplication, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    manager = actor.has_role(MANAGER)
    other = all(identity.is_second_person(actor, one, None) for one in (row.applicant_id, row.person_id))
    context = frame(actor, here="persons", crumbs=[_crumb(), {"label": _("人员证书申请")}]) | {
        "row": row,
        "facts": _facts(row, link=manager),
        "may_decide": manager and other and row.status == ApplicationStatus.WAITING,
        "needs_another": manager and not other and row.status == ApplicationStatus.WAITING,
        "may_import": manager and is_waiting_for_file(row),
        "may_download": manager and is_request(row),
        "given": {"reason": request.POST.get("reason", ""), "certificate": request.POST.get("certificate", "")},
        "errors": errors or {},
    }
    return render(request, "trust/person_application.html", context, status=422 if errors else 200)


def _now(actor: Actor, row: PersonCertificateApplication, refusal: Invalid | Conflict) -> PersonCertificateApplication:
    """The application as it stands after a refusal: somebody may have been faster."""
    return visible_person_application(actor, row.id) if isinstance(refusal, Conflict) else row


def _crumb() -> dict[str, str]:
    return {"label": _("人员证书"), "url": reverse("trust:persons")}


def _approved(row: PersonCertificateApplication) -> str:
    if is_waiting_for_file(row):
        return _("已批准。请下载证书申请文件交给签发机构，再在这里导入签发的证书。")
    return _("已批准，证书已签发。")


def _progress(row: PersonCertificateApplication) -> str:
    return _("已批准，等待导入证书") if is_waiting_for_file(row) else str(row.get_status_display())


def _application_row(row: PersonCertificateApplication) -> dict[str, Any]:
    return {
        "url": reverse("trust:person_application", args=[row.id]),
        "name": f"{row.person_name}（{row.org_name}）",
        "applicant": row.applicant_name,
        "at": row.created_at,
        "state": _progress(row),
    }


def _row(one: Certificate, *, link: bool) -> dict[str, Any]:
    days = (local_date(one.not_after) - local_date()).days
    left = rules.days_left_in_words(days, warned=EXPIRY_WARNING.days) if one.status == CertificateStatus.ACTIVE else ""
    return {
        "url": reverse("trust:certificate", args=[one.id]) if link else "",
        "name": one.name,
        "org": one.org_name,
        "algorithm": rules.algorithm_words(one.algorithm),
        "status": one.get_status_display(),
        "until": one.not_after,
        "left": left,
    }


def _facts(row: PersonCertificateApplication, *, link: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("持有人"), "value": row.person_name},
        {"label": _("单位"), "value": row.org_name},
        {"label": _("申请理由"), "value": row.reason},
        {"label": _("签名方式"), "value": rules.algorithm_words(row.algorithm)},
        {"label": _("附件"), "value": _material(row)},
        {"label": _("申请人"), "value": row.applicant_name},
        {"label": _("申请时间"), "value": row.created_at},
        {"label": _("状态"), "value": _progress(row)},
        {"label": _("审批人"), "value": row.decided_by_name},
        {"label": _("审批时间"), "value": row.decided_at},
        {"label": _("审批意见"), "value": row.decision_reason},
    ]
    if row.certificate is not None:
        url = reverse("trust:certificate", args=[row.certificate.id]) if link else ""
        rows.append({"label": _("证书编号"), "value": group4(row.certificate.serial), "url": url})
        rows.append({"label": _("有效期至"), "value": row.certificate.not_after})
    return [one for one in rows if one["value"]]


def _material(row: PersonCertificateApplication) -> str:
    """What was sent, so that the second person sees whose name it bears."""
    if is_request(row):
        return _("用持有人自己的密钥生成的证书申请文件")
    facts = x509.facts_of(x509.parse(row.pem))
    return _("%(issuer)s签发给“%(name)s”的证书") % {"issuer": facts.issuer.name, "name": facts.subject.name}
