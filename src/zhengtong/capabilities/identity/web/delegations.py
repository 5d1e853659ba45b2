"""An official's own delegations: what he has given, what he was given, a new one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.rules import NOT_DELEGABLE
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.services import delegate_post, longest_delegation, revoke_delegation
from zhengtong.capabilities.identity.web.administration import desk_form, desk_page
from zhengtong.capabilities.identity.web.administration_forms import DelegationForm, ReasonForm
from zhengtong.capabilities.identity.web.administration_rights import delegation_row
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, requires, signed_in

DELEGABLE = tuple(role for role in Role.values if role not in NOT_DELEGABLE)
_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I have delegated and what was delegated to me."""
    actor = actor_of(request)
    rows = []
    for row in reads.delegations_of(actor.tenant, actor.person_id) if actor.person_id else ():
        line = delegation_row(row, may_end=True)
        url = reverse("administration:revoke_mine", args=[row.id]) if line["url"] else ""
        rows.append(line | {"url": url})
    context: dict[str, Any] = {
        "columns": [
            {"key": "who", "label": _("委托")},
            {"key": "post", "label": _("岗位")},
            {"key": "roles", "label": _("角色")},
            {"key": "period", "label": _("期限")},
            {"key": "state", "label": _("状态")},
        ],
        "rows": rows,
        "lead": _("受托人登录后选择“代…办理”的身份，以自己的名字办理，每一步都记明代谁办理。点开有效的委托可以收回。"),
        "add_url": reverse("administration:delegate") if _may_delegate(request) else "",
        "add_label": _("委托同事代办"),
        "empty": {"title": _("没有委托"), "why": _("外出或者请假时，可以把本人岗位的工作委托给同事。")},
    }
    return desk_page(request, "identity/administration_list.html", _("委托代理"), [], **context)


@requires(*DELEGABLE)
@never_cache
@_BOTH
def delegate(request: HttpRequest) -> HttpResponse:
    """Let a colleague of the own organisation act in the present post."""
    actor = actor_of(request)
    if actor.delegation_id:
        raise NotPermitted(_("只能委托本人岗位的工作；受托办理的工作不能再转委托。请先切换到本人岗位。"))
    people = (
        reads.colleagues(actor.tenant, actor.org_id, without=actor.person_id)
        if actor.org_id and actor.person_id
        else []
    )
    form = DelegationForm(
        request.POST or None,
        people=[(str(one.id), one.name) for one in people],
        roles=[(role, str(Role(role).label)) for role in DELEGABLE if role in actor.roles],
        days=longest_delegation(actor.tenant),
        initial={"valid_from": local_date(), "roles": [role for role in DELEGABLE if role in actor.roles]},
    )

    def act(data: Mapping[str, Any]) -> str:
        delegate_post(
            actor=actor,
            delegate_id=uuid.UUID(data["delegate"]),
            roles=data["roles"],
            item_codes=data["item_codes"].split(),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            reason=data["reason"],
        )
        return _up()[1]

    return desk_form(
        request, form, act, title=_("委托同事代办"), crumbs=[_up()], submit=_("委托"), back=_up()[1],
        done=_("已委托。受托人切换身份后就可以办理，您可以随时收回。"),
        lead=_("委托的岗位：%(org)s %(post)s") % {"org": actor.org_name, "post": actor.post_name},
    )  # fmt: skip


@signed_in
@never_cache
@_BOTH
def revoke(request: HttpRequest, delegation_id: uuid.UUID) -> HttpResponse:
    """End a delegation one has given or received."""
    actor = actor_of(request)
    own = reads.delegations_of(actor.tenant, actor.person_id).filter(pk=delegation_id) if actor.person_id else ()
    row = next(iter(own), None)
    if row is None:
        raise NotFound(_("没有这项委托。"))
    form = ReasonForm(request.POST or None)

    def act(data: Mapping[str, Any]) -> str:
        revoke_delegation(actor=actor, delegation_id=delegation_id, reason=data["reason"])
        return _up()[1]

    return desk_form(
        request, form, act, title=_("收回委托"), crumbs=[_up()], submit=_("收回"), back=_up()[1],
        done=_("委托已收回，立即生效。"), lead=delegation_row(row, may_end=False)["who"],
    )  # fmt: skip


def _may_delegate(request: HttpRequest) -> bool:
    actor = actor_of(request)
    return actor.kind == "official" and not actor.delegation_id and actor.has_role(*DELEGABLE)


def _up() -> tuple[str, str]:
    return _("委托代理"), reverse("administration:my_delegations")
