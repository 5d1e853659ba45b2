"""The yearly work report of a site: prepared and published on the desk, read and taken away by everybody."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.sites.constants import ADMIN, INSPECTION_READERS, PUBLISHER, STAFF_ROLES, ReportState
from zhengtong.systems.sites.models import SiteWorkReport
from zhengtong.systems.sites.rules.work_report import BY_HAND, COUNTED, FORM, YES_NO, Line
from zhengtong.systems.sites.selectors import work_report as reads
from zhengtong.systems.sites.selectors.desk import own_sites
from zhengtong.systems.sites.services import work_reports
from zhengtong.systems.sites.web.reading import number

_YES_NO = [("", gettext_lazy("请选择")), ("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
_LIST = [
    {"key": "title", "label": gettext_lazy("报表")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("最迟公布"), "kind": "lamp"},
]
_SHEET = [
    {"key": "label", "label": gettext_lazy("项目")},
    {"key": "value", "label": gettext_lazy("数")},
    {"key": "unit", "label": gettext_lazy("单位")},
    {"key": "source", "label": gettext_lazy("来源")},
]


@public
@require_safe
def public_reports(request: HttpRequest) -> HttpResponse:
    """The reports that are published."""
    page = page_of(reads.published(actor_of(request).tenant), request.GET.get("page"), size=50)
    context = {
        "reports": page.rows,
        "page": page,
        "breadcrumbs": [{"label": _("网站群"), "url": "/gov/"}, {"label": _("年度报表"), "url": ""}],
    }
    return render(request, "sites/work_report/public_list.html", context)


@public
@require_safe
def public_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One of them; as a workbook where asked."""
    row = reads.public_report(actor_of(request).tenant, report_id)
    if request.GET.get("format") == "xlsx":
        return _workbook(row)
    context = {
        "row": row,
        "parts": _parts(row, linked=False),
        "breadcrumbs": [
            {"label": _("网站群"), "url": "/gov/"},
            {"label": _("年度报表"), "url": reverse("sites:work_reports")},
            {"label": f"{row.site.name} {row.year}", "url": ""},
        ],
    }
    return render(request, "sites/work_report/public.html", context)


@requires(*INSPECTION_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """The reports within reach; begin one."""
    actor = actor_of(request)
    last = local_date().year - 1
    if request.method == "POST":
        try:
            row = work_reports.begin_work_report(
                actor=actor, site_id=_key(request.POST.get("site", "")), year=number(request, "year") or 0
            )
        except Invalid as refusal:
            messages.error(request, refusal.message)
            return redirect("sites_desk:work_reports")
        return redirect("sites_desk:work_report", report_id=row.pk)
    own = own_sites(actor) if actor.has_role(*STAFF_ROLES) else []
    page = page_of(reads.desk_reports(actor), request.GET.get("page"), size=50)
    context = {
        "desk_title": _("网站工作年度报表"),
        "breadcrumbs": [
            {"label": _("网站监测"), "url": reverse("sites_desk:inspection")},
            {"label": _("工作年度报表"), "url": ""},
        ],
        "columns": _LIST,
        "rows": [
            {
                "title": f"{one.site.name} {one.year}",
                "url": reverse("sites_desk:work_report", args=[one.pk]),
                "state": one.get_state_display(),
                "due": _due(one),
            }
            for one in page.rows
        ],
        "page": page,
        "sites": [(str(one.pk), one.name) for one in own],
        "years": [(str(year), str(year)) for year in range(last + 1, last - 4, -1)],
        "last": str(last),
        "empty": {"title": _("还没有工作年度报表"), "why": _("每个网站每年 1 月 31 日前公布上一年的报表。")},
    }
    return render(request, "sites/work_report/list.html", context)


@requires(*INSPECTION_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report: each counted figure opens; what people add is filled in here."""
    actor = actor_of(request)
    row = reads.desk_report(actor, report_id)
    if request.method == "POST":
        manual = {key: request.POST.get(key, "") for key in BY_HAND}
        try:
            work_reports.write_work_report(actor=actor, report_id=row.pk, manual=manual)
        except Invalid as refusal:
            return _page(request, row, errors=dict(refusal.errors), problem=refusal.message, status=422)
        except Conflict as refusal:
            return _page(request, row, problem=refusal.message, status=409)
        messages.success(request, _("已保存。"))
        return redirect("sites_desk:work_report", report_id=row.pk)
    if request.GET.get("format") == "xlsx":
        return _workbook(row)
    return _page(request, row)


@requires(PUBLISHER, ADMIN)
@require_POST
def publish(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Freeze and publish."""
    actor = actor_of(request)
    row = reads.desk_report(actor, report_id)
    try:
        work_reports.publish_work_report(actor=actor, report_id=row.pk)
    except Conflict as refusal:
        return _page(request, row, problem=refusal.message, status=409)
    messages.success(request, _("报表已经公布，各数不再改变。"))
    return redirect("sites_desk:work_report", report_id=row.pk)


@requires(*INSPECTION_READERS)
@require_safe
def rows(request: HttpRequest, report_id: uuid.UUID, line: str) -> HttpResponse:
    """What a figure was counted from."""
    row = reads.desk_report(actor_of(request), report_id)
    found = reads.behind(row, line, request.GET.get("page"))
    context = {
        "desk_title": _("网站工作年度报表"),
        "breadcrumbs": [
            {"label": f"{row.site.name} {row.year}", "url": reverse("sites_desk:work_report", args=[row.pk])},
            {"label": _("数的来源"), "url": ""},
        ],
        "columns": [
            {"key": "title", "label": _("内容")},
            {"key": "day", "label": _("日期"), "kind": "date"},
        ],
        "rows": found.rows,
        "page": found,
        "total": _("共 %(n)d 条") % {"n": found.total},
    }
    return render(request, "sites/work_report/rows.html", context)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text[:40])
    except ValueError:
        raise Invalid(_("请选择网站。"), field="site") from None


def _due(row: SiteWorkReport) -> dict[str, Any]:
    day = cn_date(row.due_on)
    if row.published_at is not None:
        late = local_date(row.published_at) > row.due_on
        return {"state": "red" if late else "green", "label": _("逾期公布") if late else _("按期公布"), "note": day}
    late = local_date() > row.due_on
    return {"state": "red" if late else "none", "label": _("已过期") if late else _("未到期"), "note": day}


def _parts(row: SiteWorkReport, *, linked: bool) -> list[dict[str, Any]]:
    figures = reads.figures_of(row)
    parts = []
    for part in FORM:
        lines = []
        for line in part.lines:
            link = ""
            if linked and line.kind == COUNTED and reads.opens(line.key) and figures.get(line.key) not in (None, "0"):
                link = reverse("sites_desk:work_report_rows", args=[row.pk, line.key])
            lines.append({"label": line.label, "value": _value(row, line, figures), "unit": line.unit, "url": link})
        parts.append({"title": part.title, "lines": lines})
    return parts


def _value(row: SiteWorkReport, line: Line, figures: Any) -> str:
    if line.kind == COUNTED:
        return figures.get(line.key, "") or "—"
    filled = str(row.manual.get(line.key, ""))
    if line.kind == YES_NO:
        return {"yes": _("是"), "no": _("否")}.get(filled, _("未填"))
    return filled or _("未填")


def _page(
    request: HttpRequest,
    row: SiteWorkReport,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    actor = actor_of(request)
    typed = request.POST if errors else row.manual
    draft = row.state == ReportState.DRAFT
    keeps = draft and actor.has_role(*STAFF_ROLES) and any(one.pk == row.site_id for one in own_sites(actor))
    context = {
        "desk_title": _("网站工作年度报表"),
        "breadcrumbs": [
            {"label": _("工作年度报表"), "url": reverse("sites_desk:work_reports")},
            {"label": f"{row.site.name} {row.year}", "url": ""},
        ],
        "row": row,
        "due": _due(row),
        "parts": _parts(row, linked=True),
        "fields": [
            {
                "name": key,
                "label": f"{line.label}（{line.unit}）" if line.unit else line.label,
                "kind": "select" if line.kind == YES_NO else "text",
                "choices": _YES_NO if line.kind == YES_NO else [],
                "value": typed.get(key, ""),
                "error": (errors or {}).get(key, ""),
            }
            for key, line in BY_HAND.items()
        ],
        "writes": keeps,
        "publishes": keeps and actor.has_role(PUBLISHER, ADMIN),
        "problem": problem,
    }
    return render(request, "sites/work_report/report.html", context, status=status)


def _workbook(row: SiteWorkReport) -> HttpResponse:
    figures = reads.figures_of(row)
    sheets = [
        exports.Table(
            part.title,
            _SHEET,
            [
                {
                    "label": line.label,
                    "value": _value(row, line, figures),
                    "unit": line.unit,
                    "source": _("系统统计") if line.kind == COUNTED else _("人工填报"),
                }
                for line in part.lines
            ],
        ).sheet
        for part in FORM
    ]
    return exports.download(f"site-report-{row.site.code}-{row.year}", *sheets)
