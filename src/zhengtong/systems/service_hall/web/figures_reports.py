"""办件月报: the list of reports, one with its figures as they were, its workbook and paper, making one anew."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import compared, exports
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.service_hall import api, tasks
from zhengtong.systems.service_hall.models import MonthlyReport
from zhengtong.systems.service_hall.rules.figures import MEASURES, Tally
from zhengtong.systems.service_hall.rules.periods import months_until, whole_period
from zhengtong.systems.service_hall.selectors import reports as selectors
from zhengtong.systems.service_hall.selectors.figures import Line
from zhengtong.systems.service_hall.services.reporting import MAKERS, REASON_MIN, check_typesetting, why_no_paper
from zhengtong.systems.service_hall.web import figures_frame as frames

_MONTHS_OFFERED = 13


@requires(*frames.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """All reports; POST month makes the one of a month that has none yet."""
    actor = actor_of(request)
    refused = ""
    if request.method == "POST":
        try:
            made = api.make_report(actor=actor, month=request.POST.get("month", "")[:10])
        except (Invalid, Conflict) as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("月报已经生成。"))
            return redirect("service_hall:report", made.id)
    page = selectors.reports(actor=actor, page=request.GET.get("page"))
    known = selectors.months_reported(actor.tenant)
    last = local_date().replace(day=1) - dt.timedelta(days=1)
    months = [month for month in reversed(months_until(last, _MONTHS_OFFERED)) if month.first not in known]
    context = frames.frame(actor, "reports") | {
        "page": page,
        "refused": refused,
        "columns": [
            {"key": "month", "label": _("月份")},
            {"key": "version", "label": _("版本")},
            {"key": "at", "label": _("生成时间"), "kind": "datetime"},
            {"key": "by", "label": _("生成人")},
            {"key": "reason", "label": _("重新生成的理由")},
        ],
        "rows": [_row(row) for row in page.rows],
        "empty": {
            "title": _("还没有月报"),
            "why": _("每月第一个工作日自动生成上个月的月报。")
            + (_("也可以在下面选择月份生成。") if actor.has_role(*MAKERS) else ""),
        },
        "months": [(month.key, month.label) for month in months] if actor.has_role(*MAKERS) else [],
    }
    return render(request, "service_hall/figures/reports.html", context, status=422 if refused else 200)


def _row(row: MonthlyReport) -> dict[str, Any]:
    return {
        "month": whole_period(f"{row.month:%Y-%m}").label,
        "version": _("第 %(n)d 版") % {"n": row.version},
        "at": row.created_at,
        "by": row.made_by,
        "reason": row.reason,
        "url": reverse("service_hall:report", args=[row.id]),
    }


@requires(*frames.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report as it was made; GET export=xlsx; POST reason makes a new version of it."""
    actor = actor_of(request)
    row = selectors.report_of(actor=actor, report_id=report_id)
    if request.GET.get("export") == "xlsx":
        return _workbook(row)
    refused, reason = "", request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        try:
            made = api.make_report(actor=actor, month=f"{row.month:%Y-%m}", reason=reason)
        except (Invalid, Conflict) as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已生成新的一版，旧的一版保留。"))
            return redirect("service_hall:report", made.id)
    return _page(request, row, refused=refused, reason=reason)


@requires(*MAKERS)
@require_POST
def typeset(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Once more, where the issuing unit was missing when the report was made."""
    try:
        row = check_typesetting(actor=actor_of(request), report_id=report_id)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        tasks.issue_report.defer(tenant=row.tenant, report_id=str(row.id))
        messages.success(request, _("PDF 正在排版，稍后刷新。"))
    return redirect("service_hall:report", report_id)


def _page(request: HttpRequest, row: MonthlyReport, *, refused: str, reason: str) -> HttpResponse:
    actor = actor_of(request)
    newest = selectors.newest_version(tenant=row.tenant, month=row.month)
    month = whole_period(f"{row.month:%Y-%m}")
    context = frames.frame(actor, "reports") | {
        "row": row,
        "month": month.label,
        "made": _("第 %(n)d 版，%(by)s，%(at)s")
        % {"n": row.version, "by": row.made_by, "at": cn_datetime(row.created_at)},
        "outdated": row.version < newest,
        "may_make": actor.has_role(*MAKERS) and row.version == newest,
        "refused": refused,
        "reason": reason if refused else "",
        "reason_min": REASON_MIN,
        "pdf_url": reverse("service_hall:report-pdf", args=[row.id]) if row.document_id else "",
        "no_paper": why_no_paper(row),
        "typeset_url": reverse("service_hall:report-typeset", args=[row.id]) if actor.has_role(*MAKERS) else "",
        "compared_columns": compared.columns((_("本月"), _("上月"), _("去年同月"))),
        "compared": compared.rows(MEASURES.values(), _tallies(row)),
        "unit_columns": frames.measure_columns(_("单位")),
        "units": [frames.line_of(line) for line in _lines(row, "units")],
        "item_columns": frames.measure_columns(_("事项")),
        "items": [frames.line_of(line) for line in _lines(row, "items")],
        "bars": frames.decided_bars(_lines(row, "units")),
        "course_series": [{"key": "applied", "label": _("收件")}, {"key": "decided", "label": _("办结")}],
        "days_series": [{"key": "median", "label": _("中位数")}, {"key": "p90", "label": _("九成办件不超过")}],
    }
    return render(request, "service_hall/figures/report.html", context, status=422 if refused else 200)


def _tallies(row: MonthlyReport) -> list[Tally]:
    return [Tally.from_json(row.figures[name]) for name in ("whole", "before", "last_year")]


def _lines(row: MonthlyReport, name: str) -> list[Line]:
    return [Line(one["key"], one["label"], Tally.from_json(one["tally"])) for one in row.figures[name]]


def _workbook(row: MonthlyReport) -> HttpResponse:
    """The frozen figures; totals only, no person."""
    month = whole_period(f"{row.month:%Y-%m}")
    sentences = [{"label": sentence} for sentence in row.sentences]
    sheets = [
        exports.sheet_of(_("说明"), [{"key": "label", "label": _("文字说明")}], sentences),
        exports.sheet_of(
            _("指标"),
            compared.columns((month.label, month.before().label, month.last_year().label)),
            compared.rows(MEASURES.values(), _tallies(row)),
        ),
    ]
    for name, title in (("units", _("单位")), ("items", _("事项"))):
        table = [frames.measure_row(line.label, line.tally) for line in _lines(row, name)]
        sheets.append(exports.sheet_of(title, frames.measure_columns(title), table))
    file = _("办件月报 %(month)s 第%(n)d版") % {"month": month.label, "n": row.version}
    return exports.download(file, *sheets)


@requires(*frames.READERS)
@require_safe
@never_cache
def pdf(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The report as a paper; the reading is entered in the ledger as that of any paper."""
    actor = actor_of(request)
    row = selectors.report_of(actor=actor, report_id=report_id)
    if row.document_id is None:
        raise NotFound(_("这份月报还在排版，请稍后再试。"))
    name, content = documents.read_file(actor=actor, document_id=row.document_id, purpose=_("查看办件月报"))
    return exports.paper(name, content)
