"""Pages of the three administrators: what they share, the start page, the auditor's view of identity."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengtong.capabilities.identity.constants import ACT_LABELS, RequestState, Role
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.services import idle_limit
from zhengtong.capabilities.identity.web.forms import add_errors
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date

SYSTEM = Role.SYS_ADMIN.value
SECURITY = Role.SEC_ADMIN.value
AUDIT = Role.AUDIT_ADMIN.value
THREE = (SYSTEM, SECURITY, AUDIT)

Act = Callable[[Mapping[str, Any]], str]

_SECTIONS = (
    ("administration:home", gettext_lazy("管理首页")),
    ("administration:organisations", gettext_lazy("机构")),
    ("administration:people", gettext_lazy("人员与岗位")),
    ("administration:posts", gettext_lazy("岗位与角色")),
    ("administration:requests", gettext_lazy("权限申请")),
    ("administration:accounts", gettext_lazy("账户")),
    ("administration:delegations", gettext_lazy("委托代理")),
)


@requires(*THREE)
@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the administrators, and who of them does what."""
    tenant = actor_of(request).tenant
    idle = now() - idle_limit(tenant) * 2 / 3
    pending = reads.requests(tenant, state=RequestState.PENDING)
    accounts = reads.accounts(tenant)
    figures = [
        (_("待审批的权限申请"), pending.count(), "requests", "pending"),
        (_("停用的账户"), accounts.filter(is_active=False).count(), "accounts", "disabled"),
        (_("已锁定的账户"), accounts.filter(locked_until__gt=now()).count(), "accounts", "locked"),
        (_("长期没有登录的账户"), len(reads.idle_since(tenant, idle)), "accounts", "idle"),
    ]
    context = {
        "figures": [
            {"label": label, "value": value, "url": f"{reverse(f'administration:{name}')}?state={state}"}
            for label, value, name, state in figures
        ],
        "ending": [
            _("%(role)s只有任期到%(until)s为止的人员，届满后无人担任。请尽快任命一位不填截止日期的%(role)s。")
            % {"role": Role(role).label, "until": cn_date(until)}
            for role, until in sorted(reads.administrator_roles_end(tenant).items())
            if until is not None
        ],
        "leavers": [
            {
                "url": reverse("administration:hand_over", args=[leaver.person_id, leaver.post_id]),
                "who": leaver.name,
                "post": f"{leaver.org_name} {leaver.post_name}",
                "work": "、".join(f"{work.label} {work.count}" for work in leaver.work),
            }
            for leaver in reads.leavers(tenant)
        ],
        "leaver_columns": [
            {"key": "who", "label": _("人员")},
            {"key": "post", "label": _("原岗位")},
            {"key": "work", "label": _("尚未办完")},
        ],
        "audits": actor_of(request).has_role(AUDIT),
    }
    return page(request, "identity/administration_home.html", _("机构与权限管理"), [], **context)


@requires(AUDIT)
@never_cache
@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """Every kind of act of identity, with the way to its entries in the ledger."""
    rows = [
        {"url": f"{reverse('ledger:entries')}?act={act}", "label": label, "act": act}
        for act, label in sorted(ACT_LABELS.items(), key=lambda pair: str(pair[1]))
    ]
    columns = [{"key": "label", "label": _("行为")}, {"key": "act", "label": _("标识")}]
    context = {"columns": columns, "rows": rows}
    return page(request, "identity/administration_acts.html", _("身份与权限的全部行为"), [_("审计")], **context)


def desk_page(
    request: HttpRequest, template: str, title: str, crumbs: list[Any], *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the desk; ``crumbs`` are texts or (text, address) pairs above the title."""
    trail = [
        {"label": crumb[0], "url": crumb[1]} if isinstance(crumb, tuple) else {"label": crumb, "url": ""}
        for crumb in [*crumbs, title]
    ]
    return render(request, template, {"breadcrumbs": trail, "title": title} | context, status=status)


def page(request: HttpRequest, template: str, title: str, crumbs: list[Any], **context: Any) -> HttpResponse:
    """A page of the administrators' desk, with its own menu."""
    start = _("机构与权限管理")
    above = [(start, reverse("administration:home"))] if title != start else []
    shared = {"desk_title": start, "desk_nav": _nav(request)}
    return desk_page(request, template, title, [*above, *crumbs], **(shared | context))


def form_page(
    request: HttpRequest, form: forms.Form, act: Act, *, title: str, crumbs: list[Any], back: str, **context: Any
) -> HttpResponse:
    """A form on the administrators' desk: see ``desk_form``."""
    return desk_form(request, form, act, title=title, crumbs=crumbs, back=back, show=page, **context)


def desk_form(
    request: HttpRequest,
    form: forms.Form,
    act: Act,
    *,
    title: str,
    crumbs: list[Any],
    back: str,
    done: str = "",
    show: Callable[..., HttpResponse] = desk_page,
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is sent and right, do ``act``, which gives the address to go on with.

    What the service refuses stands beside the field, and nothing typed is lost.
    """
    if request.method == "POST" and form.is_valid():
        try:
            address = act(form.cleaned_data)
        except DomainError as error:
            add_errors(form, error)
        else:
            if done:
                messages.success(request, done)
            return HttpResponseRedirect(address)
    context = {"form": form, "back": back} | context
    status = 422 if form.errors else 200
    return show(request, "identity/administration_form.html", title, crumbs, status=status, **context)


def history_of(actor: Actor, kind: str, key: object) -> list[dict[str, Any]]:
    """The entries about an object for the auditor, newest first; nothing for everybody else."""
    if not actor.has_role(AUDIT):
        return []
    rows = ledger.entries_of(ObjectRef(kind=kind, id=str(key)), actor.tenant)
    return [
        {
            "at": row.at,
            "title": row.act_label,
            "who": " ".join(filter(None, [row.actor_org_name, row.actor_post_name, row.actor_name])),
            "url": reverse("ledger:entry", args=[row.id]),
        }
        for row in reversed(rows)
    ]


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    actor = actor_of(request)
    sections = [*_SECTIONS]
    if actor.has_role(SYSTEM, SECURITY):
        sections.append(("account_resets", gettext_lazy("第二因素重置")))
    if actor.has_role(SECURITY, AUDIT):
        sections.append(("administration:sources", gettext_lazy("来源地址")))
    sections.append(("account_parties", gettext_lazy("单点登录应用")))
    if actor.has_role(AUDIT):
        sections.append(("administration:acts", gettext_lazy("审计")))
    found = []
    for name, label in sections:
        url = reverse(name)
        at_home = name == "administration:home"
        active = request.path == url if at_home else request.path.startswith(url)
        found.append({"label": label, "url": url, "active": active})
    return found
