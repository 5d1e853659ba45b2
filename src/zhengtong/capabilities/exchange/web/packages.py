"""Packages: the list, one with its checks and receipts, sending it again, taking it away to check it elsewhere."""

import io
import json
import uuid
import zipfile
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import OPERATORS, WATCHERS, PackageState, Verdict
from zhengtong.capabilities.exchange.engine.packages import read_content
from zhengtong.capabilities.exchange.models import ReportPackage
from zhengtong.capabilities.exchange.permissions import may_operate
from zhengtong.capabilities.exchange.registry import data_sets
from zhengtong.capabilities.exchange.rules import RESENDABLE
from zhengtong.capabilities.exchange.selectors.packages import checks_of, download_parts, package_of, packages
from zhengtong.capabilities.exchange.selectors.work_list import reason_words, title_of
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires

_LAMPS = {
    PackageState.BUILT: "yellow",
    PackageState.RECEIVED: "yellow",
    PackageState.SETTLED: "green",
    PackageState.GIVEN_UP: "red",
    PackageState.REJECTED: "red",
}


@requires(*OPERATORS, *WATCHERS)
@require_GET
def package_list(request: HttpRequest) -> HttpResponse:
    """GET dataset, state, page: packages with how they fared."""
    actor = actor_of(request)
    dataset, state = request.GET.get("dataset", ""), request.GET.get("state", "")
    page = page_of(packages(actor=actor, dataset=dataset, state=state), request.GET.get("page"), size=30)
    context = {
        "desk_title": _("数据上报"),
        "breadcrumbs": [_root(), {"label": _("上报包")}],
        "filters": [
            {
                "name": "dataset",
                "label": _("数据集"),
                "type": "select",
                "options": [("", _("全部")), *((code, one.title) for code, one in data_sets.items())],
                "value": dataset,
            },
            {
                "name": "state",
                "label": _("状态"),
                "type": "select",
                "options": [("", _("全部")), *PackageState.choices],
                "value": state,
            },
        ],
        "total": _("共 %(n)d 包") % {"n": page.total},
        "page": page,
        "rows": package_rows(page.rows),
    }
    return render(request, "exchange/reports/packages.html", context)


@requires(*OPERATORS, *WATCHERS)
@require_GET
def package(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """One package: manifest, whether it still is what was signed, receipts, rows that came back."""
    actor = actor_of(request)
    return _page(request, actor, package_of(actor=actor, package_id=package_id))


@requires(*OPERATORS)
@require_POST
def resend(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """POST reason: send it again as it is."""
    actor = actor_of(request)
    try:
        api.resend_package(actor=actor, package_id=package_id, reason=request.POST.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        row = package_of(actor=actor, package_id=package_id)
        return _page(request, actor, row, errors={refusal.field: refusal.message}, act="resend")
    messages.success(request, _("已重新排队，将尽快发送。"))
    return HttpResponseRedirect(reverse("exchange:package", args=[package_id]))


@requires(*OPERATORS)
@require_POST
def download(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """POST reason: manifest, rows, signatures, certificates and receipts as one zip; the purpose is recorded."""
    actor = actor_of(request)
    try:
        row = api.record_download(actor=actor, package_id=package_id, reason=request.POST.get("reason", ""))
    except Invalid as refusal:
        found = package_of(actor=actor, package_id=package_id)
        return _page(request, actor, found, errors={refusal.field: refusal.message}, act="download")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in download_parts(row).items():
            archive.writestr(name, content)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{row.dataset}-{row.sequence:08d}.zip"'
    return answer


def package_rows(rows: Iterable[ReportPackage]) -> list[dict[str, Any]]:
    """Packages as the table shows them."""
    return [
        {
            "url": reverse("exchange:package", args=[row.pk]),
            "name": _("%(title)s 第 %(n)d 包") % {"title": title_of(row.dataset), "n": row.sequence},
            "lamp": {"state": _LAMPS[PackageState(row.state)], "label": row.get_state_display()},
            "rows": row.rows,
            "accepted": row.accepted if row.settled_at else "—",
            "refused": row.refused if row.settled_at else "—",
            "built": row.created_at,
            "settled": row.settled_at,
            "attempts": row.attempts,
        }
        for row in rows
    ]


def _root() -> dict[str, str]:
    return {"label": _("数据上报"), "url": reverse("exchange:reports")}


def _page(
    request: HttpRequest, actor: Actor, row: ReportPackage, *, errors: dict[str, str] | None = None, act: str = ""
) -> HttpResponse:
    refused = row.lines.filter(verdict=Verdict.REFUSED).order_by("number")[:50]
    title = _("%(title)s 第 %(n)d 包") % {"title": title_of(row.dataset), "n": row.sequence}
    context = {
        "desk_title": _("数据上报"),
        "breadcrumbs": [
            _root(),
            {"label": title_of(row.dataset), "url": reverse("exchange:dataset", args=[row.dataset])},
            {"label": title},
        ],
        "title": title,
        "row": row,
        "lamp": _LAMPS[PackageState(row.state)],
        "reason": reason_words(row.dataset, row.reason_code, row.reason) if row.reason_code or row.reason else "",
        "facts": _facts(row),
        "checks": checks_of(row),
        "manifest": json.dumps(read_content(row.manifest), ensure_ascii=False, indent=2),
        "receipts": [
            {
                "at": receipt.created_at,
                "title": receipt.get_kind_display(),
                "note": _receipt_note(read_content(receipt.content)),
            }
            for receipt in row.receipts.order_by("created_at", "id")
        ],
        "refused": [
            {
                "number": line.number,
                "title": line.title,
                "org": line.org_name,
                "reason": reason_words(line.dataset, line.reason_code, line.reason),
            }
            for line in refused
        ],
        "refused_columns": [
            {"key": "number", "label": _("行号"), "kind": "number"},
            {"key": "title", "label": _("记录")},
            {"key": "org", "label": _("责任单位")},
            {"key": "reason", "label": _("退回原因")},
        ],
        "may_operate": may_operate(actor),
        "may_resend": may_operate(actor) and row.state in RESENDABLE,
        "given": {act: request.POST.get("reason", "")},
        "errors": errors or {},
        "act_errors": {act: (errors or {}).get("reason", "")},
    }
    return render(request, "exchange/reports/package.html", context, status=422 if errors else 200)


def _facts(row: ReportPackage) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("行数"), "value": row.rows},
        {"label": _("生成时间"), "value": row.created_at},
        {"label": _("发送次数"), "value": row.attempts},
        {"label": _("上级收到"), "value": row.received_at},
        {"label": _("上级核验"), "value": row.settled_at},
        {"label": _("采纳"), "value": _("%(n)d 行") % {"n": row.accepted} if row.settled_at else None},
        {"label": _("退回"), "value": _("%(n)d 行") % {"n": row.refused} if row.settled_at else None},
        {"label": _("清单摘要（SM3）"), "value": _grouped(row.digest)},
    ]
    return [fact for fact in facts if fact["value"] not in (None, "")]


def _grouped(digest: str) -> str:
    """In groups of eight, so that it fits a narrow screen."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _receipt_note(fields: dict[str, Any]) -> str:
    rows = fields.get("rows")
    if isinstance(rows, list):
        refused = sum(one.get("accepted") is not True for one in rows)
        return _("逐行结论：采纳 %(a)d 行，退回 %(b)d 行；上级平台的签名已核验") % {
            "a": len(rows) - refused,
            "b": refused,
        }
    if fields.get("state") == "rejected":
        return reason_words("", str(fields.get("code", "")), str(fields.get("reason", "")))
    return _("上级平台的签名已核验")
