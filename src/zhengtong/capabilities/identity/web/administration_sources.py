"""Network addresses that failed to sign in: what was tried from there, and opening a locked one before its time."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.identity.models import SignInGuard
from zhengtong.capabilities.identity.selectors import sources as reads
from zhengtong.capabilities.identity.services import unlock_source
from zhengtong.capabilities.identity.services.limits import limits_of
from zhengtong.capabilities.identity.web.administration import AUDIT, SECURITY, form_page, history_of, page
from zhengtong.capabilities.identity.web.administration_forms import ReasonForm
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime


@requires(SECURITY, AUDIT)
@never_cache
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Addresses with failed sign-ins of late, the locked ones first."""
    tenant = actor_of(request).tenant
    limits = limits_of(tenant)
    found = page_of(reads.failing_sources(tenant), request.GET.get("page"), size=30)
    context = {
        "columns": [
            {"key": "address", "label": _("来源地址")},
            {"key": "failures", "label": _("失败次数"), "kind": "number"},
            {"key": "since", "label": _("计数起点"), "kind": "datetime"},
            {"key": "state", "label": _("状态")},
        ],
        "rows": [
            {
                "url": reverse("administration:source", args=[row.id]),
                "address": row.key,
                "failures": row.failures,
                "since": row.counted_from,
                "state": _state(row),
            }
            for row in found.rows
        ],
        "page": found,
        "lead": _("同一地址 %(m)d 分钟内失败 %(n)d 次锁 %(m)d 分钟；近 30 天在那里登录过的账户不受影响。")
        % {"m": limits.source_lock_minutes, "n": limits.source_lock_after},
        "empty": {"title": _("没有失败记录"), "why": _("有人登录失败后，来源地址会列在这里，一天没有新的失败即消失。")},
    }
    return page(request, "identity/administration_list.html", _("来源地址"), [], **context)


@requires(SECURITY, AUDIT)
@never_cache
@require_GET
def source(request: HttpRequest, guard_id: uuid.UUID) -> HttpResponse:
    """One address: how often it failed, on which accounts, and whether it is locked."""
    actor = actor_of(request)
    row = reads.find_source(actor.tenant, guard_id)
    tried = reads.tried_from(row)
    context = {
        "facts": [
            {"label": _("来源地址"), "value": row.key},
            {"label": _("状态"), "value": _state(row)},
            {"label": _("失败次数"), "value": str(row.failures), "note": _("密码、动态口令、证书都计数")},
            {"label": _("计数起点"), "value": cn_datetime(row.counted_from)},
        ],
        "columns": [
            {"key": "username", "label": _("用户名")},
            {"key": "name", "label": _("姓名")},
            {"key": "outcome", "label": _("结果")},
            {"key": "times", "label": _("次数"), "kind": "number"},
            {"key": "last", "label": _("最近一次"), "kind": "datetime"},
        ],
        "rows": [
            {
                "username": each.username or _("群众账户"),
                "name": each.name,
                "outcome": each.outcome,
                "times": each.times,
                "last": each.last,
            }
            for each in tried.accounts
        ],
        "empty": {"title": _("没有试过存在的账户"), "why": _("试的都是不存在的账号，或者账户当时已经锁定。")},
        "others": tried.others,
        "unlock_url": reverse("administration:unlock_source", args=[guard_id])
        if _locked(row) and actor.has_role(SECURITY)
        else "",
        "history": history_of(actor, "source", row.key),
    }
    return page(request, "identity/administration_source.html", row.key, [_up()], **context)


@requires(SECURITY, fresh_factor=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest, guard_id: uuid.UUID) -> HttpResponse:
    """Open a locked address, with a reason."""
    row = reads.find_source(actor_of(request).tenant, guard_id)
    if not _locked(row):
        raise Conflict(_("这个地址没有被锁定，或者已经自动解锁。"))
    form = ReasonForm(request.POST or None)
    back = reverse("administration:source", args=[guard_id])
    tried = reads.tried_from(row)

    def act(data: Mapping[str, Any]) -> str:
        unlock_source(actor=actor_of(request), address=row.key, reason=data["reason"])
        return reverse("administration:sources")

    return form_page(
        request, form, act, title=_("解除锁定"), crumbs=[_up(), (row.key, back)], submit=_("解除锁定"), back=back,
        done=_("已解除锁定，失败次数重新计算。"),
        lead=_("%(address)s 失败 %(n)d 次，涉及 %(k)d 个账户。请先确认不是有人在试密码，例如先处理中毒的电脑。")
        % {"address": row.key, "n": row.failures, "k": tried.count},
    )  # fmt: skip


def _locked(row: SignInGuard) -> bool:
    return row.locked_until is not None and row.locked_until > now()


def _state(row: SignInGuard) -> str:
    if row.locked_until is not None and _locked(row):
        return _("已锁定，到 %(until)s 自动解锁") % {"until": cn_datetime(row.locked_until)}
    return _("没有锁定")


def _up() -> tuple[str, str]:
    return _("来源地址"), reverse("administration:sources")
