"""系统故障时段: declare one, end it, and judge what it held back."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import now
from zhengtong.kernel.dates import read_moment
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.web import cards

OUTAGE_COLUMNS = (
    {"key": "from", "label": gettext_lazy("开始"), "kind": "datetime"},
    {"key": "until", "label": gettext_lazy("恢复"), "kind": "datetime"},
    {"key": "areas", "label": gettext_lazy("影响的领域")},
    {"key": "why", "label": gettext_lazy("情况")},
    {"key": "waiting", "label": gettext_lazy("待核定"), "kind": "number"},
    {"key": "judged", "label": gettext_lazy("已核定"), "kind": "number"},
)
HELD_COLUMNS = (
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "rule", "label": gettext_lazy("情形")},
    {"key": "case", "label": gettext_lazy("办件编号")},
    {"key": "at", "label": gettext_lazy("届满时间"), "kind": "datetime"},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "why", "label": gettext_lazy("核定")},
)


@requires(SUPERVISOR)
@require_http_methods(["GET", "POST"])
def outage_list(request: HttpRequest) -> HttpResponse:
    """All declared outages, and the form that declares one."""
    actor = actor_of(request)
    names = ("starts_at", "ends_at", "reason", "evidence")
    typed = {name: request.POST.get(name, "") for name in names}
    concerned = request.POST.getlist("areas")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            row = services.declare_outage(
                actor=actor,
                starts_at=_instant(typed["starts_at"], "starts_at"),
                ends_at=_instant(typed["ends_at"], "ends_at") if typed["ends_at"] else None,
                concerned=concerned,
                reason=typed["reason"],
                evidence=typed["evidence"],
            )
        except Invalid as error:
            errors = {error.field or "reason": error.message}
        else:
            messages.success(request, _("已登记。时段内届满的时限不再直接亮牌，已经亮的牌标为“依据已变”。"))
            return redirect("supervision:outage", outage_id=row.id)
    page = selectors.outages(actor, page=request.GET.get("page"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("系统故障时段"), "url": ""}],
        "columns": OUTAGE_COLUMNS,
        "rows": [
            {
                "from": row.starts_at,
                "until": row.ends_at,
                "areas": "、".join(row.areas) or _("全部"),
                "why": row.reason,
                "waiting": row.waiting,
                "judged": row.judged,
                "url": reverse("supervision:outage", args=[row.id]),
            }
            for row in page.rows
        ],
        "page": page,
        "areas": [{"name": area, "chosen": area in concerned} for area in services.areas()],
        "typed": typed,
        "errors": errors,
        "empty": {
            "title": _("没有登记过系统故障"),
            "why": _("系统停机期间届满的时限不应怪罪经办人，请在这里登记时段。"),
        },
    }
    return render(request, "supervision/outages.html", context, status=422 if errors else 200)


@requires(SUPERVISOR)
@require_http_methods(["GET", "POST"])
def outage_page(request: HttpRequest, outage_id: uuid.UUID) -> HttpResponse:
    """One outage: end it, and judge what it held back."""
    actor = actor_of(request)
    error = ""
    if request.method == "POST":
        try:
            _act(request, outage_id)
        except (Invalid, Conflict) as refused:
            error = refused.message
        else:
            return redirect("supervision:outage", outage_id=outage_id)
    size = exports.MOST_ROWS if request.GET.get("export") else 50
    view, page = selectors.outage(actor, outage_id, page=request.GET.get("page"), size=size)
    ticked = cards.picked(request)
    rows = [
        {
            "row_id": str(row.id),
            "picked": row.id in ticked,
            "pick": (_("选择 %(unit)s") % {"unit": row.org_name}) if row.state == "waiting" and not row.own else "",
            "unit": row.org_name,
            "rule": row.rule_name,
            "case": row.case_number,
            "at": row.at,
            "state": row.state_label,
            "why": f"{row.judged_by}：{row.judged_reason}" if row.judged_by else "",
        }
        for row in page.rows
    ]
    if request.GET.get("export"):
        return exports.download(
            str(_("故障时段内的牌")), exports.sheet_of(str(_("故障时段内的牌")), HELD_COLUMNS, rows)
        )
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("系统故障时段"), "url": reverse("supervision:outages")},
            {"label": _("核定"), "url": ""},
        ],
        "outage": view,
        "areas": "、".join(view.areas) or _("全部"),
        "columns": HELD_COLUMNS,
        "rows": rows,
        "page": page,
        "now": now(),
        "typed": request.POST.get("reason", ""),
        "ends_at": request.POST.get("ends_at", ""),
        "error": error,
        "export_url": cards.export_url(request),
        "empty": {"title": _("这个时段内没有届满的时限"), "why": _("有时限在时段内届满时，会列在这里等候核定。")},
    }
    return render(request, "supervision/outage.html", context, status=422 if error else 200)


def _act(request: HttpRequest, outage_id: uuid.UUID) -> None:
    actor, act = actor_of(request), request.POST.get("act", "")
    if act == "end":
        services.end_outage(
            actor=actor, outage_id=outage_id, ends_at=_instant(request.POST.get("ends_at", ""), "ends_at")
        )
        messages.success(request, _("已登记恢复，此后届满的时限照常亮牌。"))
        return
    done, left = services.judge_held(
        actor=actor,
        outage_id=outage_id,
        held_ids=cards.picked(request),
        raised=act == "raise",
        reason=request.POST.get("reason", ""),
    )
    said = _("已核定 %(n)d 张。") % {"n": done}
    messages.success(request, said + (_("另有 %(n)d 张由他人核定。") % {"n": left} if left else ""))


def _instant(text: str, field: str) -> dt.datetime:
    """A moment as a browser's field gives it, in local time."""
    try:
        return read_moment(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid(_("请填写日期和时间，例如 2026-11-20 09:00。"), field=field) from None
