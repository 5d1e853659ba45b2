"""What is known besides the case: similar ones of the unit, and registers that are consulted with a purpose."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_date, group4
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of


@requires(*desk_pages.HANDLERS)
@require_GET
@never_cache
def similar(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What the actor's unit lately decided of the same item, to decide alike what is alike."""
    actor = actor_of(request)
    row = _application(actor, case_id)
    found = selectors.similar_cases(actor=actor, row=row)
    columns = [
        {"key": "number", "label": _("编号"), "kind": "code"},
        {"key": "applicant", "label": _("申请人")},
        {"key": "day", "label": _("提交日期")},
        {"key": "outcome", "label": _("结果")},
        {"key": "days", "label": _("用时")},
        {"key": "alike", "label": _("相近程度")},
    ]
    rows = [
        {
            "number": one.number,
            "applicant": one.applicant,
            "day": cn_date(one.submitted_at),
            "outcome": one.outcome or _("正在办理"),
            "days": "" if one.days is None else _("%(days)d 个工作日") % {"days": one.days},
            "alike": _("同一申请人") if one.same_applicant else _("填写内容 %(share)d%% 相同") % {"share": one.alike},
            "url": desk_pages.case_url(one.case_id) if one.case_id else "",
        }
        for one in found
    ]
    empty = {"title": _("没有类似办件"), "why": _("本单位近期没有办理过同一事项、申请人相同或者填写内容相近的申请。")}
    context = {"columns": columns, "rows": rows, "empty": empty, "caption": _("类似办件")}
    return _shown(request, actor, row, context)


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def consult(request: HttpRequest, case_id: uuid.UUID, register: str) -> HttpResponse:
    """What a register knows of the applicant; entered with its purpose before it is asked."""
    actor = actor_of(request)
    row = _application(actor, case_id)
    lookup = api.registers_for(row).get(register)
    if lookup is None:
        raise NotFound(_("没有这项查询，或者它与这位申请人无关。"))
    try:
        answer = api.consult_register(
            actor=actor, application_id=row.id, name=register, purpose=request.POST.get("purpose", "")
        )
    except Invalid as refusal:
        said = {"caption": str(lookup.label), "refused": refusal.message}
        return _shown(request, actor, row, said, status=422)
    table: dict[str, Any] = {
        "columns": answer.columns,
        "rows": answer.rows,
        "empty": {"title": answer.empty, "why": ""},
        "caption": str(lookup.label),
        "source": str(lookup.source),
    }
    return _shown(request, actor, row, table)


def _application(actor: Actor, case_id: uuid.UUID) -> Application:
    cases.check_may_see(actor=actor, case_id=case_id)
    application_id = api.application_of_case(tenant=actor.tenant, case_id=case_id)
    if application_id is None:
        raise NotFound(_("这个办件不属于办事大厅。"))
    return api.application_for_official(actor=actor, application_id=application_id)


def _shown(
    request: HttpRequest, actor: Actor, row: Application, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A table for the page's own script, a page for everybody else."""
    if request.headers.get("HX-Request"):
        return render(request, "service_hall/desk/parts/known_table.html", context, status=status)
    page = desk_pages.frame(request, actor) | dict(context)
    page |= {
        "matter": f"{row.item_name} {group4(row.number or '')}",
        "case_url": desk_pages.case_url(row.case_id) if row.case_id else "",
    }
    return render(request, "service_hall/desk/known.html", page, status=status)
