"""The joint review on one page, for the unit that leads it and all who take part."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.texts import whole_text
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk_clocks, desk_pages, joint_rows
from zhengtong.systems.service_hall.web.pages import actor_of

_MAX_REASON = 500
_MATERIAL_COLUMNS = (
    {"key": "name", "label": gettext_lazy("材料")},
    {"key": "given", "label": gettext_lazy("提交情况")},
    {"key": "used_by", "label": gettext_lazy("哪些部门使用")},
)


@requires(*desk_pages.READERS)
@require_GET
@never_cache
def page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A row per department: where it stands, who has it, until when, what it said in each round."""
    return _page(request, actor_of(request), case_id)


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def act(request: HttpRequest, case_id: uuid.UUID, name: str) -> HttpResponse:
    """Urge a department, or have one branch alone done again; a refusal brings the page back."""
    actor = actor_of(request)
    _case(actor, case_id)
    do = _ACTS.get(name)
    if do is None:
        raise NotFound(_("没有这种操作。"))
    reason = request.POST.get("reason", "")
    try:
        said = do(actor, request, whole_text(reason, _MAX_REASON, label=_("理由"), field="reason"))
    except (Invalid, Conflict, NotPermitted) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        at = joint_rows.place_of(name, request.POST.dict())
        return _page(request, actor, case_id, refusal=refusal.message, typed=reason, at=at, status=status)
    messages.success(request, said)
    return redirect("service_hall:joint", case_id)


def _urge(actor: Actor, request: HttpRequest, reason: str) -> str:
    cases.urge_step(actor=actor, work_item_id=_key(request), text=reason)
    return _("已经催办，办理人员会收到提醒。")


def _return(actor: Actor, request: HttpRequest, reason: str) -> str:
    cases.return_branch(
        actor=actor,
        work_item_id=_key(request),
        node=request.POST.get("node", "")[:80],
        item=request.POST.get("item", "")[:80] or None,
        reason=reason,
        command_key=request.POST.get("command_key", "")[:64] or uuid.uuid4().hex,
    )
    return _("已经只退回这一个分支，其他部门的意见保留；原来的意见仍在本页可见。")


_ACTS: dict[str, Callable[[Actor, HttpRequest, str], str]] = {"urge": _urge, "return": _return}


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("work_item", ""))
    except ValueError as error:
        raise NotFound(_("没有找到这个待办事项。")) from error


def _case(actor: Actor, case_id: uuid.UUID) -> cases.CaseView:
    found = cases.case_view(actor=actor, case_id=case_id)
    if found.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个办件不属于办事大厅。"))
    return found


def _page(
    request: HttpRequest,
    actor: Actor,
    case_id: uuid.UUID,
    *,
    refusal: str = "",
    typed: str = "",
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    case = _case(actor, case_id)
    row = selectors.application_for_official(actor=actor, application_id=uuid.UUID(case.subject.id))
    calendar = cases.calendar_of(actor.tenant)
    rows = joint_rows.branches(actor, case, calendar)
    context = desk_pages.frame(request, actor) | {
        "case": case,
        "rows": rows,
        "sentence": joint_rows.standing(rows),
        "late": [one for one in rows if one.late],
        "materials": joint_rows.material_rows(row),
        "material_columns": _MATERIAL_COLUMNS,
        "openers": "、".join(joint_rows.openers(row)),
        "clocks": [one for one in desk_clocks.clock_blocks(case, calendar) if one.main],
        "waiting": [item for item in case.open_items if desk_pages.is_mine(actor, item)],
        "case_url": desk_pages.case_url(case.id),
        "command_key": uuid.uuid4().hex,
        "refusal": refusal,
        "typed": typed,
        "typed_at": at,
    }
    return render(request, "service_hall/joint/page.html", context, status=status)
