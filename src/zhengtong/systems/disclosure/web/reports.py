"""Yearly reports: prepared and published at the desk, read and taken away by everybody, each figure with its rows."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of, page_read
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import AUTHORITY, LEADER, UNIT_ROLES, ApplicantKind, ReportState
from zhengtong.systems.disclosure.models import YearlyReport
from zhengtong.systems.disclosure.rules import report as rules
from zhengtong.systems.disclosure.rules.outcomes import ROWS
from zhengtong.systems.disclosure.selectors import report as reads
from zhengtong.systems.disclosure.web.words import crumbs

_ROLES = (*UNIT_ROLES, AUTHORITY)
_ENTRY_LINES = {"regulation": "规章", "normative": "行政规范性文件"}
_ENTRY_COLUMNS = {"made": "本年制发件数", "abolished": "本年废止件数", "valid": "现行有效件数"}
_REMEDY_LINES = {"review": "行政复议", "suit": "未经复议直接起诉", "suit_after": "复议后起诉"}
_REMEDY_COLUMNS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


@public
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Published reports."""
    context: dict[str, Any] = {
        "reports": reads.published(actor_of(request).tenant),
        "breadcrumbs": crumbs((_("年度报告"), "")),
    }
    return render(request, "disclosure/reports.html", context)


@public
@require_safe
def report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """A published report."""
    row = reads.public_report(actor_of(request).tenant, report_id)
    context: dict[str, Any] = {
        "row": row,
        "tables": _tables(row, linked=False),
        "manual": _manual(row),
        "breadcrumbs": crumbs((_("年度报告"), reverse("disclosure:reports")), (f"{row.org_name} {row.year}", "")),
    }
    return render(request, "disclosure/report.html", context)


@public
@require_safe
def report_xlsx(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The tables of a published report as a workbook."""
    return _workbook(reads.public_report(actor_of(request).tenant, report_id))


@requires(*_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_reports(request: HttpRequest) -> HttpResponse:
    """The reports of the unit, or of all; begin one."""
    actor = actor_of(request)
    last = local_date().year - 1
    if request.method == "POST":
        year = request.POST.get("year", "")
        number = int(year) if len(year) == 4 and year.isascii() and year.isdigit() else 0
        try:
            row = api.begin_report(actor=actor, year=number, county=request.POST.get("county") == "yes")
        except Invalid as refusal:
            messages.error(request, refusal.message)
            return redirect("disclosure:desk_reports")
        return redirect("disclosure:desk_report", report_id=row.id)
    page = page_of(reads.desk_reports(actor), request.GET.get("page"), size=50)
    rows = [
        {
            "title": f"{one.org_name} {one.year}",
            "state": one.get_state_display(),
            "due": {"state": _lamp(one), "note": cn_date(one.due_on)},
            "url": reverse("disclosure:desk_report", args=[one.id]),
        }
        for one in page.rows
    ]
    context: dict[str, Any] = {
        "desk_title": _("信息公开年度报告"),
        "breadcrumbs": [{"label": _("信息公开年度报告"), "url": ""}],
        "columns": [
            {"key": "title", "label": _("报告")},
            {"key": "state", "label": _("状态")},
            {"key": "due", "label": _("最迟公布"), "kind": "lamp"},
        ],
        "rows": rows,
        "page": page,
        "years": [(str(year), str(year)) for year in range(last + 1, last - 3, -1)],
        "last": str(last),
        "unit": actor.has_role(UNIT_ROLES[0]),
        "authority": actor.has_role(AUTHORITY),
        "empty": {"title": _("还没有年度报告"), "why": _("单位的 1 月 31 日前公布，政府的 3 月 31 日前公布。")},
    }
    return render(request, "disclosure/desk_reports.html", context)


@requires(*_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report with its figures, each of which opens; what people add is written here."""
    actor = actor_of(request)
    row = reads.desk_report(actor, report_id)
    errors: dict[str, str] = {}
    problem, status = "", 200
    if request.method == "POST":
        words = api.ReportWords(
            manual={key: request.POST.get(key, "") for key in reads.MANUAL},
            **{name: request.POST.get(name, "") for name in ("overview", "problems", "other")},
        )
        try:
            api.write_report(actor=actor, report_id=row.id, words=words)
        except Invalid as refusal:
            errors, problem, status = dict(refusal.errors), refusal.message, 422
        except Conflict as refusal:
            problem, status = refusal.message, 409
        else:
            messages.success(request, _("已保存。"))
            return redirect("disclosure:desk_report", report_id=row.id)
    return _page(request, row, errors=errors, problem=problem, status=status)


@requires(LEADER, AUTHORITY)
@never_cache
@require_POST
def publish(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Freeze and publish."""
    actor = actor_of(request)
    row = reads.desk_report(actor, report_id)
    try:
        api.publish_report(actor=actor, report_id=row.id)
    except Conflict as refusal:
        return _page(request, row, problem=refusal.message, status=409)
    messages.success(request, _("年度报告已公布，各表不再改变。"))
    return redirect("disclosure:desk_report", report_id=row.id)


@requires(*_ROLES)
@never_cache
@require_safe
def rows(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """What a figure was counted from."""
    row = reads.desk_report(actor_of(request), report_id)
    table, line, column = (request.GET.get(name, "")[:40] for name in ("table", "row", "column"))
    found = reads.behind(row, table, line, column)
    page = page_read(lambda start, stop: list(found[start:stop]), request.GET.get("page"), size=50, total=len(found))
    target = "disclosure:desk_entry" if table == "one" else "disclosure:one"
    context: dict[str, Any] = {
        "desk_title": _("信息公开年度报告"),
        "breadcrumbs": [
            {"label": f"{row.org_name} {row.year}", "url": reverse("disclosure:desk_report", args=[row.id])},
            {"label": _("数的来源"), "url": ""},
        ],
        "columns": [
            {"key": "number", "label": _("编号")},
            {"key": "org", "label": _("单位")},
            {"key": "words", "label": _("说明")},
        ],
        "rows": [
            {"number": one.number, "org": one.org_name, "words": one.words, "url": reverse(target, args=[one.id])}
            for one in page.rows
        ],
        "page": page,
        "total": _("共 %(n)d 件") % {"n": len(found)},
    }
    return render(request, "disclosure/report_rows.html", context)


@requires(*_ROLES)
@never_cache
@require_safe
def desk_xlsx(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The tables as they stand, as a workbook."""
    return _workbook(reads.desk_report(actor_of(request), report_id))


def _page(
    request: HttpRequest,
    row: YearlyReport,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    actor = actor_of(request)
    typed = request.POST if errors else None
    said = {name: typed.get(name, "") if typed else getattr(row, name) for name in ("overview", "problems", "other")}
    filled = reads.manual_of(row)
    own = actor.org_id == row.org_id and row.state == ReportState.DRAFT
    context: dict[str, Any] = {
        "desk_title": _("信息公开年度报告"),
        "breadcrumbs": [
            {"label": _("信息公开年度报告"), "url": reverse("disclosure:desk_reports")},
            {"label": f"{row.org_name} {row.year}", "url": ""},
        ],
        "row": row,
        "lamp": _lamp(row),
        "tables": _tables(row, linked=True),
        "manual": _manual(row),
        "fields": [
            (key, label, typed.get(key, "") if typed else filled[key], (errors or {}).get(key, ""))
            for key, label in reads.MANUAL.items()
        ],
        "said": said,
        "warning": reads.carried_otherwise(row),
        "writes": own,
        "publishes": own and actor.has_role(LEADER, AUTHORITY),
        "problem": problem,
    }
    return render(request, "disclosure/desk_report.html", context, status=status)


def _lamp(row: YearlyReport) -> str:
    if row.published_at is not None:
        return "green" if local_date(row.published_at) <= row.due_on else "red"
    return "red" if local_date() > row.due_on else "none"


def _tables(row: YearlyReport, *, linked: bool) -> list[dict[str, Any]]:
    """The three tables as rows of cells; at the desk each figure links to what it was counted from."""
    found = reads.tables_of(row)
    base = reverse("disclosure:report_rows", args=[row.id]) if linked else ""

    def cell(table: str, line: str, column: str, n: int) -> dict[str, Any]:
        return {"n": n, "url": f"{base}?table={table}&row={line}&column={column}" if base and n else ""}

    one = [
        {"label": label, "cells": [cell("one", key, column, found.one[key][column]) for column in _ENTRY_COLUMNS]}
        for key, label in _ENTRY_LINES.items()
    ]
    two = [_line(found.two, key, label, cell) for key, label in _lines_of_two() if key]
    sums: list[dict[str, Any]] = [
        {"n": rules.results_of_column(found.two, column), "url": ""} for column in rules.COLUMNS
    ]
    sums.append({"n": sum(one["n"] for one in sums), "url": ""})
    two.insert(-1, {"label": _("（七）总计"), "cells": sums})
    three = [
        {
            "label": label,
            "cells": [cell("three", key, column, found.three[key][column]) for column in _REMEDY_COLUMNS]
            + [{"n": rules.total_of_row(found.three, key), "url": ""}],
        }
        for key, label in _REMEDY_LINES.items()
    ]
    kinds = [str(ApplicantKind(column).label) for column in rules.COLUMNS]
    return [
        {"title": _("表一 主动公开政府信息情况"), "heads": list(_ENTRY_COLUMNS.values()), "lines": one},
        {"title": _("表二 收到和处理政府信息公开申请情况"), "heads": [*kinds, _("总计")], "lines": two},
        {"title": _("表三 行政复议、行政诉讼情况"), "heads": [*_REMEDY_COLUMNS.values(), _("总计")], "lines": three},
    ]


def _lines_of_two() -> list[tuple[str, str]]:
    results = [(key, _("三、本年度办理结果 %(label)s") % {"label": label}) for key, label in ROWS]
    return [
        (rules.NEW, _("一、本年新收政府信息公开申请数量")),
        (rules.CARRIED, _("二、上年结转政府信息公开申请数量")),
        *results,
        (rules.NEXT, _("四、结转下年度继续办理")),
    ]


def _line(cells: rules.Cells, key: str, label: str, cell: Any) -> dict[str, Any]:
    counted = [cell("two", key, column, cells[key][column]) for column in rules.COLUMNS]
    return {"label": label, "cells": [*counted, cell("two", key, "total", rules.total_of_row(cells, key))]}


def _manual(row: YearlyReport) -> list[dict[str, str]]:
    filled = reads.manual_of(row)
    return [{"label": label, "value": filled[key] or _("未填")} for key, label in reads.MANUAL.items()]


def _workbook(row: YearlyReport) -> HttpResponse:
    sheets = []
    for table in _tables(row, linked=False):
        heads = [{"key": "label", "label": _("项目")}]
        heads += [{"key": str(no), "label": head, "kind": "number"} for no, head in enumerate(table["heads"])]
        lines = [
            {"label": line["label"], **{str(no): one["n"] for no, one in enumerate(line["cells"])}}
            for line in table["lines"]
        ]
        sheets.append(exports.Table(table["title"], heads, lines).sheet)
    columns = [{"key": "label", "label": _("人工填报的数")}, {"key": "value", "label": _("数")}]
    sheets.append(exports.Table(_("人工填报"), columns, _manual(row)).sheet)
    return exports.download(f"disclosure-report-{row.org_code or 'county'}-{row.year}", *sheets)
