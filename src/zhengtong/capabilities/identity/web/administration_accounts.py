"""Accounts of officials: a list with what stands still, and what administrators do with one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.services import (
    disable_account,
    enable_account,
    idle_limit,
    lock_account,
    request_disabling,
    reset_password,
    unlock_account,
)
from zhengtong.capabilities.identity.web.administration import SECURITY, SYSTEM, THREE, form_page, page
from zhengtong.capabilities.identity.web.administration_forms import ReasonForm
from zhengtong.capabilities.identity.web.administration_words import account_state
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires

_ACTS = {
    "lock": (gettext_lazy("锁定账户"), gettext_lazy("账户已锁定，由安全管理员解锁。"), lock_account),
    "unlock": (gettext_lazy("解锁账户"), gettext_lazy("账户已解锁。"), unlock_account),
    "disable": (gettext_lazy("停用账户"), gettext_lazy("账户已停用，本人的登录立即失效。"), disable_account),
    "enable": (gettext_lazy("启用账户"), gettext_lazy("账户已启用。"), enable_account),
}


@requires(*THREE)
@never_cache
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Officials' accounts, the longest idle first."""
    tenant = actor_of(request).tenant
    limit = idle_limit(tenant)
    state = request.GET.get("state", "")
    wanted = {
        "disabled": Q(is_active=False),
        "locked": Q(is_active=True, locked_until__gt=now()),
        "idle": Q(is_active=True),
    }.get(state, Q())
    idle_before = now() - limit * 2 / 3 if state == "idle" else None
    found = page_of(reads.accounts(tenant, idle_before=idle_before).filter(wanted), request.GET.get("page"), size=30)
    context = {
        "columns": [
            {"key": "username", "label": _("用户名")},
            {"key": "name", "label": _("姓名")},
            {"key": "last", "label": _("最近登录"), "kind": "datetime"},
            {"key": "idle", "label": _("没有登录（天）"), "kind": "number"},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [
            {
                "url": reverse("administration:person", args=[row.person_id]),
                "username": row.username,
                "name": row.person.name,
                "last": row.last_signed_in,
                "idle": (local_date() - local_date(row.idle_from)).days,
                "state": account_state(row),
            }
            for row in found.rows
        ],
        "page": found,
        "total": _("共 %(n)d 个") % {"n": found.total},
        "lead": _("超过 %(n)d 天没有登录的账户每晚自动停用，重新启用由安全管理员办理。") % {"n": limit.days},
        "filters": [
            {
                "name": "state",
                "label": _("状态"),
                "type": "select",
                "options": [
                    ("", _("全部")),
                    ("idle", _("长期没有登录")),
                    ("locked", _("已锁定")),
                    ("disabled", _("已停用")),
                ],
            }
        ],
        "empty": {"title": _("没有符合条件的账户"), "why": _("请换一个状态。")},
    }
    return page(request, "identity/administration_list.html", _("账户"), [], **context)


@requires(SYSTEM, SECURITY, fresh_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_act(request: HttpRequest, account_id: uuid.UUID, act: str) -> HttpResponse:
    """Lock, unlock, disable or enable an account, or give it a new password; the services decide who may."""
    account = reads.accounts(actor_of(request).tenant).filter(pk=account_id).first()
    if account is None or act not in (*_ACTS, "reset-password"):
        raise NotFound(_("没有这个工作人员账户，或者没有这种操作。"))
    form = ReasonForm(request.POST or None)
    back = reverse("administration:person", args=[account.person_id])
    crumbs = [(_("账户"), reverse("administration:accounts")), (account.person.name, back)]
    lead = _("%(name)s（用户名 %(username)s）") % {"name": account.person.name, "username": account.username}
    secret: list[str] = []
    asks = act == "disable" and reads.administrator_post(account.person_id) is not None

    def do(data: Mapping[str, Any]) -> str:
        given = {"actor": actor_of(request), "account_id": account_id, "reason": data["reason"]}
        if asks:
            return reverse("administration:request", args=[request_disabling(**given)])
        if act == "reset-password":
            secret.append(reset_password(**given))
        else:
            _ACTS[act][2](**given)
        return back

    if asks:
        title, done = _("申请停用管理员账户"), _("申请已提出，安全管理员批准后停用。")
    else:
        title, done = (_("重置密码"), "") if act == "reset-password" else (str(_ACTS[act][0]), str(_ACTS[act][1]))
    response = form_page(request, form, do, title=title, crumbs=crumbs, submit=title, back=back, done=done, lead=lead)
    if not secret:
        return response
    context = {"username": account.username, "password": secret[0], "next": back, "next_label": _("回到人员页")}
    return page(request, "identity/administration_secret.html", _("一次性密码"), crumbs, **context)
