"""The desk: queues by clock, one complaint, its acts, its files."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import DESK_ROLES, Finding, Measure
from zhengtong.systems.complaints.permissions import in_office
from zhengtong.systems.complaints.rules.handling import findings_of
from zhengtong.systems.complaints.selectors.about import units
from zhengtong.systems.complaints.selectors.complaints import find
from zhengtong.systems.complaints.selectors.pages import DeskView
from zhengtong.systems.complaints.services.reading import Identity, may_read_identity
from zhengtong.systems.complaints.web.desk_acts import ACTS, DONE
from zhengtong.systems.complaints.web.words import clock_rows, desk_crumbs, subject_beyond, time_line

_QUEUES = {
    "todo": gettext_lazy("待办"),
    "late": gettext_lazy("已超期"),
    "waiting": gettext_lazy("等待他人"),
    "done": gettext_lazy("已答复"),
}
_COLUMNS = (
    {"key": "title", "label": gettext_lazy("标题")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "accused", "label": gettext_lazy("反映的对象")},
    {"key": "handler", "label": gettext_lazy("承办")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("期限"), "kind": "lamp"},
    {"key": "at", "label": gettext_lazy("收到时间"), "kind": "datetime"},
    {"key": "number", "label": gettext_lazy("编号")},
)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue: what is due first stands first."""
    actor = actor_of(request)
    name = request.GET.get("queue", "todo")
    name = name if name in _QUEUES else "todo"
    text = "".join(request.GET.get("number", "").replace("\x00", "").split())
    page = api.queue(actor=actor, name=name, text=text, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        "desk_title": _("咨询投诉"),
        "breadcrumbs": [{"label": _("咨询投诉"), "url": ""}],
        "office": in_office(actor),
        "tabs": [
            {"label": label, "url": f"?queue={key}", "active": key == name and not text}
            for key, label in _QUEUES.items()
        ],
        "filters": [{"name": "number", "label": _("按编号查找"), "value": text}],
        "columns": _COLUMNS,
        "rows": [_row(line) for line in page.rows],
        "page": page,
        "total": _("共 %(n)d 件") % {"n": page.total},
        "empty": {"title": _("这里没有来件"), "why": _("新的来件和交办会出现在这里，并且发消息告诉您。")},
    }
    return render(request, "complaints/desk.html", context)


def _row(line: Any) -> dict[str, Any]:
    note = cn_date(line.due_on) if line.due_on else ""
    return {
        "title": line.title,
        "kind": f"{line.kind}（{_('保密')}）" if line.hidden else line.kind,
        "accused": line.accused,
        "handler": line.handler,
        "state": line.state,
        "due": {"state": line.lamp, "note": note if line.lamp != "none" else ""},
        "at": line.received_at,
        "number": line.number,
        "url": reverse("complaints:one", args=[line.id]),
    }


@requires(*DESK_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """One complaint, what it says to this reader, and what he may do."""
    return _page(request, api.desk_view(actor=actor_of(request), complaint_id=complaint_id))


@requires(*DESK_ROLES)
@never_cache
@require_POST
def act(request: HttpRequest, complaint_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    if act == "identity":
        return _identity(request, complaint_id)
    if act not in ACTS:
        raise NotFound(_("没有这项操作。"))
    try:
        ACTS[act](request, actor, complaint_id)
    except (Invalid, Conflict) as refusal:
        view = api.desk_view(actor=actor, complaint_id=complaint_id)
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, view, failed=act, problem=refusal.message, errors=errors, status=status)
    messages.success(request, str(DONE[act]))
    return redirect("complaints:one", complaint_id=complaint_id)


def _identity(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """Who wrote, in the clear, on this page only."""
    actor = actor_of(request)
    try:
        opened = api.read_identity(actor=actor, complaint_id=complaint_id, purpose=request.POST.get("purpose", ""))
    except (Invalid, Conflict) as refusal:
        view = api.desk_view(actor=actor, complaint_id=complaint_id)
        return _page(request, view, failed="identity", problem=refusal.message, status=422)
    return _page(request, api.desk_view(actor=actor, complaint_id=complaint_id), opened=opened)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def file(request: HttpRequest, complaint_id: uuid.UUID, no: int) -> HttpResponse:
    """A file under its neutral name; each opening is recorded."""
    found = api.open_file(actor=actor_of(request), complaint_id=complaint_id, no=no)
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(
    request: HttpRequest,
    view: DeskView,
    *,
    failed: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    opened: Identity | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    row = find(actor, view.id)
    context: dict[str, Any] = {
        "desk_title": _("咨询投诉"),
        "breadcrumbs": desk_crumbs((view.number, "")),
        "view": view,
        "facts": _facts(view),
        "outcome": _outcome(view),
        "clocks": clock_rows(view.clocks),
        "acts": time_line(view.acts),
        "may_read": may_read_identity(actor, row) and not opened,
        "opened": _opened(opened) if opened else [],
        "findings": [(key, Finding(key).label) for key in findings_of(view.kind)],
        "measures": Measure.choices,
        "chosen": request.POST.getlist("measures"),
        "failed": failed,
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST,
        **_forms(request, view, failed),
    }
    return render(request, "complaints/one.html", context, status=status)


def _forms(request: HttpRequest, view: DeskView, failed: str) -> dict[str, Any]:
    """What the forms of an office page begin with."""
    found: dict[str, Any] = {"units": [], "draft": None}
    if "assign" in view.acts_now:
        row = find(actor_of(request), view.id)
        title, brief = api.proposed_brief(row)
        again = failed == "assign"
        found["units"] = [("", _("请选择")), *units(row.tenant)]
        found["brief_title"] = request.POST.get("title", "") if again else title
        found["brief"] = request.POST.get("brief", "") if again else brief
        found["org"] = request.POST.get("org", "") if again else ""
    if "answer" in view.acts_now:
        found["draft"] = next((one for one in view.drafts if one.state == "submitted"), None)
    return found


def _facts(view: DeskView) -> list[dict[str, str]]:
    pairs = (
        (_("编号"), view.number),
        (_("类别"), view.kind_label),
        (_("渠道"), view.channel_label),
        (_("收到时间"), cn_datetime(view.received_at)),
        (_("怎样收到的"), view.received_note),
        (_("反映的单位"), view.accused_org),
        (_("反映的岗位"), view.accused_post),
        (_("所涉事项"), subject_beyond(view.subject, view.accused_org, view.accused_post)),
        (_("办件编号"), view.subject_number),
        (_("发生日期"), cn_date(view.happened_on)),
        (_("承办"), _("%(org)s（监察机构直接办理）") % {"org": view.handler} if view.by_office else view.handler),
        (_("第几次办理"), _("复核后重新办理") if view.turn > 1 else ""),
        (_("提出人"), f"{view.writer} {view.writer_phone}".strip()),
        (_("身份保护"), view.protection_label if view.office else ""),
        (_("并入"), view.merged_into),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _outcome(view: DeskView) -> list[dict[str, str]]:
    pairs = (
        (_("办结方式"), view.ending),
        (_("理由"), view.reason),
        (_("结论"), view.finding),
        (_("处理措施"), view.measures),
        (_("答复"), view.answer),
        (_("满意度"), f"{view.satisfaction} {view.satisfaction_text}".strip()),
        (_("申请复核的理由"), view.review_reason),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _opened(found: Identity) -> list[dict[str, str]]:
    pairs = (
        (_("姓名"), found.name),
        (_("联系电话"), found.phone),
        (_("身份证号码"), found.citizen_number),
        (_("联系地址"), found.address),
        (_("代表的单位"), found.represents),
    )
    return [{"label": label, "value": value or _("没有填写")} for label, value in pairs]
