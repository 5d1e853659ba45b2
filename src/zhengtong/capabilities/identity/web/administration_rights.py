"""Posts with their roles, requests for rights and their decision, delegations of the county."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.identity.constants import (
    RESPONSIBLE_ADMINISTRATORS,
    RequestKind,
    RequestState,
    Role,
    default_scope,
)
from zhengtong.capabilities.identity.models import Delegation, PostRole, RoleRequest
from zhengtong.capabilities.identity.permissions import may_revoke
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.services import (
    decide_request,
    request_role,
    revoke_delegation,
    revoke_role,
    withdraw_request,
)
from zhengtong.capabilities.identity.web.administration import (
    SECURITY,
    SYSTEM,
    THREE,
    form_page,
    history_of,
    page,
)
from zhengtong.capabilities.identity.web.administration_forms import DecisionForm, ReasonForm, RoleForm
from zhengtong.capabilities.identity.web.administration_words import reach_words
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@requires(*THREE)
@never_cache
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """Posts with their roles; the five operating roles with the administrator who answers for each."""
    tenant = actor_of(request).tenant
    found = page_of(reads.posts(tenant, org_code=request.GET.get("org", "").strip()), request.GET.get("page"), size=30)
    held: dict[str, list[str]] = {}
    for given in reads.role_holders(tenant, RESPONSIBLE_ADMINISTRATORS):
        held.setdefault(given.role, []).append(f"{given.post.organisation.name} {given.post.title}")
    context = {
        "columns": [
            {"key": "title", "label": _("岗位")},
            {"key": "organisation", "label": _("机构")},
            {"key": "roles", "label": _("角色（数据范围）")},
        ],
        "rows": [
            {
                "url": reverse("administration:post", args=[post.id]),
                "title": post.title,
                "organisation": post.organisation.name,
                "roles": "、".join(_role_words(given) for given in post.roles.all()),
            }
            for post in found.rows
        ],
        "page": found,
        "total": _("共 %(n)d 个") % {"n": found.total},
        "filters": [{"name": "org", "label": _("机构代码")}],
        "operator_columns": [
            {"key": "role", "label": _("操作员角色")},
            {"key": "under", "label": _("负责的管理员")},
            {"key": "held", "label": _("岗位")},
        ],
        "operators": [
            {"role": str(Role(role).label), "under": str(Role(under).label), "held": "；".join(held.get(role, []))}
            for role, under in RESPONSIBLE_ADMINISTRATORS.items()
        ],
        "empty": {"title": _("没有岗位"), "why": _("请先在机构页增加岗位。")},
    }
    return page(request, "identity/administration_posts.html", _("岗位与角色"), [], **context)


@requires(*THREE)
@never_cache
@require_GET
def post(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """One post: its roles and what may be done with them."""
    actor = actor_of(request)
    row = reads.find_post(actor.tenant, post_id)
    context = {
        "organisation": row.organisation,
        "roles": [
            {
                "role": given.get_role_display(),
                "scope": reach_words(given.scope or default_scope(given.role)),
                "revoke_url": reverse("administration:revoke_role", args=[post_id, given.role])
                if may_revoke(actor, given.role)
                else "",
            }
            for given in row.roles.all()
        ],
        "request_url": reverse("administration:request_role", args=[post_id]) if actor.has_role(SYSTEM) else "",
        "history": history_of(actor, "post", post_id),
    }
    return page(request, "identity/administration_post.html", row.title, [_posts()], **context)


@requires(SYSTEM)
@never_cache
@_BOTH
def ask_role(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """Ask that a post be given a role or lose one."""
    row = reads.find_post(actor_of(request).tenant, post_id)
    form = RoleForm(request.POST or None)

    def act(data: Mapping[str, Any]) -> str:
        request_id = request_role(
            actor=actor_of(request), post_id=post_id, role=data["role"], scope=data["scope"], reason=data["reason"],
            revoke=data["act"] == "revoke",
        )  # fmt: skip
        return reverse("administration:request", args=[request_id])

    back = reverse("administration:post", args=[post_id])
    return form_page(
        request, form, act, title=_("申请角色"), crumbs=[_posts(), (row.title, back)], submit=_("提出申请"), back=back,
        done=_("申请已提出，安全管理员批准后生效。"), lead=f"{row.organisation.name} {row.title}",
    )  # fmt: skip


@requires(SYSTEM, SECURITY, fresh_factor=True)
@never_cache
@_BOTH
def take_role(request: HttpRequest, post_id: uuid.UUID, role: str) -> HttpResponse:
    """Take a role away at once."""
    row = reads.find_post(actor_of(request).tenant, post_id)
    given = next((one for one in row.roles.all() if one.role == role), None)
    if given is None:
        raise NotFound(_("这个岗位没有该角色。"))
    form = ReasonForm(request.POST or None)
    back = reverse("administration:post", args=[post_id])

    def act(data: Mapping[str, Any]) -> str:
        revoke_role(actor=actor_of(request), post_id=post_id, role=role, reason=data["reason"])
        return back

    return form_page(
        request, form, act, title=_("收回角色"), crumbs=[_posts(), (row.title, back)], submit=_("收回"), back=back,
        done=_("角色已收回，立即生效。"), lead=f"{row.organisation.name} {row.title}：{_role_words(given)}",
    )  # fmt: skip


@requires(*THREE)
@never_cache
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Requests for rights, newest first."""
    state = request.GET.get("state", "")
    found = page_of(reads.requests(actor_of(request).tenant, state=state), request.GET.get("page"), size=30)
    context = {
        "columns": [
            {"key": "what", "label": _("申请")},
            {"key": "by", "label": _("申请人")},
            {"key": "at", "label": _("时间"), "kind": "datetime"},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [
            {
                "url": reverse("administration:request", args=[row.id]),
                "what": _what(row),
                "by": row.requested_by.name,
                "at": row.created_at,
                "state": row.get_state_display(),
            }
            for row in found.rows
        ],
        "page": found,
        "total": _("共 %(n)d 件") % {"n": found.total},
        "filters": [
            {"name": "state", "label": _("状态"), "type": "select", "options": [("", _("全部")), *RequestState.choices]}
        ],
        "empty": {"title": _("没有权限申请"), "why": _("系统管理员在人员页或岗位页提出申请。")},
    }
    return page(request, "identity/administration_list.html", _("权限申请"), [], **context)


@requires(*THREE)
@never_cache
@require_GET
def one_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request and, for the security administrator, its decision."""
    return _request_page(request, request_id, DecisionForm())


@requires(SECURITY, fresh_factor=True)
@never_cache
@require_POST
def decide(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse a request."""
    form = DecisionForm(request.POST)
    back = reverse("administration:request", args=[request_id])
    reads.find_request(actor_of(request).tenant, request_id)
    if not form.is_valid():
        return _request_page(request, request_id, form)
    approve = form.cleaned_data["decision"] == "approve"
    decide_request(actor=actor_of(request), request_id=request_id, approve=approve, answer=form.cleaned_data["answer"])
    messages.success(request, _("已批准，立即生效。") if approve else _("已答复：不批准。"))
    return HttpResponseRedirect(back)


@requires(SYSTEM)
@require_POST
def withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Take one's own request back."""
    withdraw_request(actor=actor_of(request), request_id=request_id)
    messages.success(request, _("申请已撤回。"))
    return HttpResponseRedirect(reverse("administration:request", args=[request_id]))


@requires(*THREE)
@never_cache
@require_GET
def delegations(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom, newest first."""
    actor = actor_of(request)
    found = page_of(reads.delegations(actor.tenant), request.GET.get("page"), size=30)
    context = {
        "columns": [
            {"key": "who", "label": _("委托")},
            {"key": "post", "label": _("岗位")},
            {"key": "roles", "label": _("角色")},
            {"key": "period", "label": _("期限")},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [delegation_row(row, may_end=actor.has_role(SECURITY)) for row in found.rows],
        "page": found,
        "total": _("共 %(n)d 项") % {"n": found.total},
        "empty": {"title": _("没有委托代理"), "why": _("工作人员在“委托代理”里把本人岗位的工作交给同事。")},
    }
    return page(request, "identity/administration_list.html", _("委托代理"), [], **context)


@requires(SECURITY)
@never_cache
@_BOTH
def end_delegation(request: HttpRequest, delegation_id: uuid.UUID) -> HttpResponse:
    """The security administrator ends a delegation."""
    row = next(iter(reads.delegations(actor_of(request).tenant).filter(pk=delegation_id)), None)
    if row is None:
        raise NotFound(_("没有这项委托。"))
    form = ReasonForm(request.POST or None)
    back = reverse("administration:delegations")

    def act(data: Mapping[str, Any]) -> str:
        revoke_delegation(actor=actor_of(request), delegation_id=delegation_id, reason=data["reason"])
        return back

    return form_page(
        request, form, act, title=_("收回委托"), crumbs=[(_("委托代理"), back)], submit=_("收回"), back=back,
        done=_("委托已收回，立即生效。"), lead=delegation_row(row, may_end=False)["who"],
    )  # fmt: skip


def delegation_row(row: Delegation, *, may_end: bool) -> dict[str, Any]:
    """One delegation as a list shows it."""
    ended = row.revoked_at is not None
    over = row.valid_until < local_date()
    return {
        "url": reverse("administration:end_delegation", args=[row.id]) if may_end and not (ended or over) else "",
        "who": _("%(one)s 委托 %(other)s") % {"one": row.delegator.name, "other": row.delegate.name},
        "post": f"{row.post.organisation.name} {row.post.title}",
        "roles": "、".join(str(Role(role).label) for role in row.roles)
        + (_("（限 %(n)d 个事项）") % {"n": len(row.item_codes)} if row.item_codes else ""),
        "period": f"{cn_date(row.valid_from)} — {cn_date(row.valid_until)}",
        "state": _("已收回") if ended else _("已到期") if over else _("有效"),
    }


def _request_page(request: HttpRequest, request_id: uuid.UUID, form: DecisionForm) -> HttpResponse:
    actor = actor_of(request)
    row = reads.find_request(actor.tenant, request_id)
    pending = row.state == RequestState.PENDING
    own = row.requested_by_id == actor.person_id
    context = {
        "facts": _facts(row),
        "form": form if pending and actor.has_role(SECURITY) and not own else None,
        "decide_url": reverse("administration:decide", args=[request_id]),
        "withdraw_url": reverse("administration:withdraw", args=[request_id]) if pending and own else "",
        "history": history_of(actor, "right_request", request_id),
    }
    crumbs = [(_("权限申请"), reverse("administration:requests"))]
    status = 422 if form.errors else 200
    return page(request, "identity/administration_request.html", _what(row), crumbs, status=status, **context)


def _facts(row: RoleRequest) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("类别"), "value": row.get_kind_display()},
        {"label": _("机构"), "value": row.post.organisation.name},
        {"label": _("岗位"), "value": row.post.title, "url": reverse("administration:post", args=[row.post_id])},
    ]
    if row.kind == RequestKind.DISABLE and row.person is not None:
        url = reverse("administration:person", args=[row.person_id])
        rows.append({"label": _("人员"), "value": row.person.name, "url": url})
    elif row.person is not None:
        until = cn_date(row.valid_until) if row.valid_until else _("长期")
        start = cn_date(row.valid_from) if row.valid_from else ""
        rows.append({"label": _("人员"), "value": row.person.name})
        rows.append({"label": _("期限"), "value": f"{start} — {until}"})
    else:
        rows.append({"label": _("角色"), "value": row.get_role_display()})
        rows.append({"label": _("数据范围"), "value": reach_words(row.scope or default_scope(row.role))})
    rows.append({"label": _("理由"), "value": row.reason})
    rows.append({"label": _("申请人"), "value": row.requested_by.name})
    rows.append({"label": _("申请时间"), "value": row.created_at})
    rows.append({"label": _("状态"), "value": row.get_state_display()})
    if row.decided_by is not None:
        rows.append({"label": _("审批人"), "value": row.decided_by.name, "note": row.answer})
        rows.append({"label": _("审批时间"), "value": row.decided_at})
    return rows


def _what(row: RoleRequest) -> str:
    place = f"{row.post.organisation.name} {row.post.title}"
    if row.kind == RequestKind.APPOINT and row.person is not None:
        return _("%(name)s任%(post)s") % {"name": row.person.name, "post": place}
    if row.kind == RequestKind.DISABLE and row.person is not None:
        return _("停用%(name)s（%(post)s）的账户") % {"name": row.person.name, "post": place}
    role = row.get_role_display()
    if row.kind == RequestKind.REVOKE:
        return _("%(post)s收回%(role)s") % {"post": place, "role": role}
    return _("%(post)s授予%(role)s") % {"post": place, "role": role}


def _role_words(given: PostRole) -> str:
    return f"{given.get_role_display()}（{reach_words(given.scope or default_scope(given.role))}）"


def _posts() -> tuple[str, str]:
    return _("岗位与角色"), reverse("administration:posts")
