"""Seals: list, one seal with certificates and uses, acts of its life cycle, applications and their decision."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.trust import rules, services
from zhengtong.capabilities.trust.constants import ApplicationStatus, SealKind, SealStatus
from zhengtong.capabilities.trust.models import Certificate, Seal, SealApplication, SealUse
from zhengtong.capabilities.trust.selectors import (
    certificates_of,
    uses_of,
    visible_application,
    visible_applications,
    visible_seal,
    visible_seals,
)
from zhengtong.capabilities.trust.web.desk import MANAGER, USERS, frame
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import group4

_LEAST = 5

# name of the act → state it leads to, service, words of its form
_ACTS: dict[str, tuple[SealStatus, Callable[..., Seal], Any, Any]] = {
    "suspend": (
        SealStatus.SUSPENDED,
        services.suspend_seal,
        gettext_lazy("停用印章"),
        gettext_lazy("停用后立即不能盖章，可以恢复；已经盖章的文件不受影响。"),
    ),
    "resume": (
        SealStatus.ACTIVE,
        services.resume_seal,
        gettext_lazy("恢复使用"),
        gettext_lazy("恢复后可以继续盖章。"),
    ),
    "revoke": (
        SealStatus.REVOKED,
        services.revoke_seal,
        gettext_lazy("注销印章"),
        gettext_lazy("注销后不能恢复，证书同时吊销，并立即公布新的撤销列表；需要时重新申请印章。"),
    ),
    "destroy": (
        SealStatus.DESTROYED,
        services.destroy_seal,
        gettext_lazy("销毁印章"),
        gettext_lazy("销毁后私钥从密钥库中清除，不能恢复；印模和用印记录保留备查。"),
    ),
}


@requires(MANAGER, *USERS)
@require_GET
def seal_list(request: HttpRequest) -> HttpResponse:
    """The seals the actor may see, and applications that wait."""
    actor = actor_of(request)
    page = page_of(visible_seals(actor), request.GET.get("page"), size=30)
    columns = [
        {"key": "name", "label": _("印章")},
        {"key": "org", "label": _("单位")},
        {"key": "status", "label": _("状态")},
        {"key": "until", "label": _("有效期至"), "kind": "date"},
    ]
    waiting = visible_applications(actor).filter(status=ApplicationStatus.WAITING)[:50]
    context = frame(actor, here="seals", crumbs=[{"label": _("电子印章")}]) | {
        "columns": columns,
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "total": _("共 %(count)d 枚") % {"count": page.total},
        "applications": [
            {
                "url": reverse("trust:application", args=[one.id]),
                "name": f"{one.org_name} {one.get_kind_display()}",
                "applicant": one.applicant_name,
                "at": one.created_at,
            }
            for one in waiting
        ],
        "application_columns": [
            {"key": "name", "label": _("申请")},
            {"key": "applicant", "label": _("申请人")},
            {"key": "at", "label": _("申请时间"), "kind": "datetime"},
        ],
        "empty": {"title": _("还没有电子印章"), "why": _("由本单位申请、安全管理员批准后制章。")},
    }
    return render(request, "trust/seals.html", context)


@requires(MANAGER, *USERS)
@require_GET
def seal(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """One seal: facts, certificates, every use; for the security administrator the acts that are open."""
    actor = actor_of(request)
    return _seal_page(request, actor, visible_seal(actor, seal_id))


@requires(MANAGER, fresh_factor=True)
@require_POST
def change_seal(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """Stop, resume, revoke or destroy a seal: who does it has just shown that it is he."""
    actor = actor_of(request)
    found = visible_seal(actor, seal_id)
    act = request.POST.get("act", "")
    try:
        words = _do(actor, found, act, request.POST.get(_field(act), ""))
    except (Invalid, Conflict) as refusal:
        found = visible_seal(actor, seal_id)  # as it stands now: somebody may have been faster
        return _seal_page(request, actor, found, errors={_field(act) if act in _ACTS else "": refusal.message})
    messages.success(request, words)
    return HttpResponseRedirect(reverse("trust:seal", args=[seal_id]))


def _seal_page(
    request: HttpRequest, actor: Actor, found: Seal, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    errors = errors or {}
    page = page_of(uses_of(found), request.GET.get("page"), size=20)
    context = frame(actor, here="seals", crumbs=[{"label": found.name}]) | {
        "seal": found,
        "facts": _facts(found),
        "certificates": [_certificate_row(row, link=actor.has_role(MANAGER)) for row in certificates_of(found)],
        "certificate_columns": [
            {"key": "algorithm", "label": _("签名方式")},
            {"key": "status", "label": _("状态")},
            {"key": "until", "label": _("有效期至"), "kind": "date"},
            {"key": "serial", "label": _("证书编号"), "kind": "code"},
        ],
        "uses": [_use_row(row) for row in page.rows],
        "use_columns": [
            {"key": "at", "label": _("用印时间"), "kind": "datetime"},
            {"key": "who", "label": _("用印人")},
            {"key": "reason", "label": _("事由")},
            {"key": "digest", "label": _("文件摘要（SM3）"), "kind": "code"},
        ],
        "page": page,
        "total": _("共用印 %(count)d 次") % {"count": page.total},
        "acts": _open_acts(found, typed=request.POST, errors=errors) if actor.has_role(MANAGER) else [],
        "errors": errors,
        "no_uses": {"title": _("还没有用过"), "why": _("每次盖章都记在这里，连同文件的摘要。")},
    }
    return render(request, "trust/seal.html", context, status=422 if errors else 200)


@requires(MANAGER, *USERS)
@require_GET
def picture(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """The drawing of a seal."""
    found = visible_seal(actor_of(request), seal_id)
    return HttpResponse(bytes(found.picture_png), content_type="image/png", headers={"Cache-Control": "private"})


@requires(*USERS)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """A unit applies for a seal."""
    actor = actor_of(request)
    errors: dict[str, str] = {}
    given = {"kind": request.POST.get("kind", SealKind.OFFICIAL), "reason": request.POST.get("reason", "")}
    if request.method == "POST":
        try:
            row = services.apply_for_seal(actor=actor, **given)
        except (Invalid, Conflict) as refusal:
            errors = {refusal.field or "kind": refusal.message}
        else:
            messages.success(request, _("申请已提交，等待安全管理员审批。"))
            return HttpResponseRedirect(reverse("trust:application", args=[row.id]))
    context = frame(actor, here="apply", crumbs=[{"label": _("申请印章")}]) | {
        "unit": actor.org_name,
        "kinds": SealKind.choices,
        "given": given,
        "errors": errors,
    }
    return render(request, "trust/apply.html", context, status=422 if errors else 200)


@requires(MANAGER, *USERS)
@require_GET
def application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """One application; the security administrator, if he is not the applicant, may decide it."""
    actor = actor_of(request)
    return _application_page(request, actor, visible_application(actor, application_id))


@requires(MANAGER, fresh_factor=True)
@require_POST
def decide_application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse an application: who does it has just shown that it is he."""
    actor = actor_of(request)
    row = visible_application(actor, application_id)
    try:
        return _decide(actor, row, request.POST.get("act", ""), request.POST.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        row = visible_application(actor, application_id)  # as it stands now: somebody may have been faster
        return _application_page(request, actor, row, error=refusal.message)


def _application_page(request: HttpRequest, actor: Actor, row: SealApplication, *, error: str = "") -> HttpResponse:
    second = identity.is_second_person(actor, row.applicant_id, row.applicant_for_id)
    may_decide = row.status == ApplicationStatus.WAITING and actor.has_role(MANAGER) and second
    context = frame(actor, here="seals", crumbs=[{"label": _("印章申请")}]) | {
        "row": row,
        "facts": _application_facts(row),
        "may_decide": may_decide,
        "reason": request.POST.get("reason", ""),
        "error": error,
    }
    return render(request, "trust/application.html", context, status=422 if error else 200)


def _do(actor: Actor, found: Seal, act: str, reason: str) -> str:
    if act not in _ACTS:
        raise Invalid(_("请选择要办理的事项。"), field="act")
    if len(reason.strip()) < _LEAST:
        raise Invalid(_("理由至少写 5 个字。"), field="reason")
    status, change, _title, _consequence = _ACTS[act]
    change(actor=actor, seal_id=found.id, reason=reason)
    return _("“%(seal)s”现在的状态是“%(status)s”。") % {"seal": found.name, "status": status.label}


def _decide(actor: Actor, row: SealApplication, act: str, reason: str) -> HttpResponse:
    if act == "approve":
        made = services.approve_application(actor=actor, application_id=row.id)
        return HttpResponseRedirect(reverse("trust:seal", args=[made.id]))
    if act != "refuse":
        raise Invalid(_("请选择批准或者不批准。"), field="act")
    services.refuse_application(actor=actor, application_id=row.id, reason=reason)
    return HttpResponseRedirect(reverse("trust:application", args=[row.id]))


def _field(act: str) -> str:
    """The name of an act's reason: each form on the page has its own."""
    return f"reason_{act}"


def _open_acts(found: Seal, *, typed: QueryDict, errors: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "field": _field(name),
            "title": title,
            "consequence": consequence,
            "reason": typed.get(_field(name), ""),
            "error": errors.get(_field(name), ""),
            "hidden": {"act": name},
        }
        for name, (status, _change, title, consequence) in _ACTS.items()
        if rules.may_become(found.status, status.value)
    ]


def _row(found: Seal) -> dict[str, Any]:
    return {
        "url": reverse("trust:seal", args=[found.id]),
        "name": found.name,
        "org": found.org_name,
        "status": found.get_status_display(),
        "until": found.valid_until,
    }


def _facts(found: Seal) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("单位"), "value": found.org_name},
        {"label": _("种类"), "value": found.get_kind_display()},
        {"label": _("状态"), "value": found.get_status_display(), "note": found.status_reason},
        {"label": _("印面直径"), "value": _("%(size)s 毫米") % {"size": found.diameter_mm.normalize()}},
        {"label": _("启用时间"), "value": found.valid_from},
        {"label": _("失效时间"), "value": found.valid_until},
    ]
    return [row for row in rows if row["value"]]


def _certificate_row(row: Certificate, *, link: bool) -> dict[str, Any]:
    return {
        "url": reverse("trust:certificate", args=[row.id]) if link else "",
        "algorithm": rules.algorithm_words(row.algorithm),
        "status": row.get_status_display(),
        "until": row.not_after,
        "serial": group4(row.serial),
    }


def _use_row(row: SealUse) -> dict[str, Any]:
    return {
        "at": row.used_at,
        "who": row.actor_name,
        "reason": row.reason,
        "digest": group4(row.digest_after),
    }


def _application_facts(row: SealApplication) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("单位"), "value": row.org_name},
        {"label": _("印章种类"), "value": row.get_kind_display()},
        {"label": _("申请理由"), "value": row.reason},
        {"label": _("申请人"), "value": row.applicant_name},
        {"label": _("申请时间"), "value": row.created_at},
        {"label": _("状态"), "value": row.get_status_display()},
        {"label": _("审批人"), "value": row.decided_by_name},
        {"label": _("审批时间"), "value": row.decided_at},
        {"label": _("审批意见"), "value": row.decision_reason},
    ]
    if row.seal is not None:
        rows.append({"label": _("印章"), "value": row.seal.name, "url": reverse("trust:seal", args=[row.seal.id])})
    return [one for one in rows if one["value"]]
