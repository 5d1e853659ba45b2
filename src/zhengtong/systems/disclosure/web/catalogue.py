"""The catalogue for everybody: categories, list with filters, one entry, guides of units, export."""

import csv
import io
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import Validity
from zhengtong.systems.disclosure.models import CatalogueEntry
from zhengtong.systems.disclosure.selectors import catalogue as reads
from zhengtong.systems.disclosure.web.words import crumbs

_MOST = 5000
_COLUMNS = (
    {"key": "title", "label": gettext_lazy("名称")},
    {"key": "document_number", "label": gettext_lazy("文号")},
    {"key": "org", "label": gettext_lazy("单位")},
    {"key": "made_on", "label": gettext_lazy("生成日期"), "kind": "date"},
    {"key": "validity", "label": gettext_lazy("有效性")},
    {"key": "index_number", "label": gettext_lazy("索引号")},
)
_LEVELS = (
    ("all", gettext_lazy("各单位（第二十条）")),
    ("county", gettext_lazy("县级另有（第二十一条）")),
    ("town", gettext_lazy("乡镇另有（第二十一条）")),
)
_NAMES = ("q", "unit", "category", "year", "validity")
_EXPORTED = {
    "index_number": "索引号",
    "category": "类别代码",
    "title": "名称",
    "summary": "内容概述",
    "maker": "发文机关",
    "document_number": "文号",
    "made_on": "生成日期",
    "published_on": "公开日期",
    "validity": "有效性",
    "subject": "主题",
    "org_name": "单位",
    "address": "网址",
}


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The tree of categories, and what stands open in one."""
    tenant, wanted = actor_of(request).tenant, _wanted(request)
    page = page_of(reads.narrowed(tenant, wanted), request.GET.get("page", 1), most=_MOST)
    branches = reads.tree(tenant, wanted.unit)
    titles = {one.code: one.title for one in branches}
    years = [str(local_date().year - back) for back in range(12)]
    filters: list[dict[str, Any]] = [
        {"name": "q", "label": _("名称、文号、索引号"), "value": wanted.words},
        {
            "name": "unit",
            "label": _("单位"),
            "type": "select",
            "options": [("", _("全部")), *reads.units_with_entries(tenant)],
            "value": wanted.unit,
        },
        {
            "name": "category",
            "label": _("类别"),
            "type": "select",
            "options": [("", _("全部")), *titles.items()],
            "value": wanted.category,
        },
        {
            "name": "year",
            "label": _("年份"),
            "type": "select",
            "options": [("", _("全部")), *((one, one) for one in years)],
            "value": wanted.year,
        },
        {
            "name": "validity",
            "label": _("有效性"),
            "type": "select",
            "options": [("", _("全部")), *Validity.choices],
            "value": wanted.validity,
        },
    ]
    context: dict[str, Any] = {
        "groups": [(head, [one for one in branches if one.level == level]) for level, head in _LEVELS],
        "chosen": titles.get(wanted.category, ""),
        "narrowed": any(request.GET.get(one["name"]) for one in filters),
        "filters": filters,
        "columns": _COLUMNS,
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "query": request.GET.urlencode(),
        "empty": {"title": _("没有符合条件的信息"), "why": _("可以放宽条件再找；没有公开的可以申请。")},
        "breadcrumbs": crumbs((_("信息公开目录"), "")),
    }
    return render(request, "disclosure/catalogue.html", context)


def _row(one: CatalogueEntry) -> dict[str, Any]:
    return {
        "title": one.title,
        "document_number": one.document_number,
        "org": one.org_name,
        "made_on": one.made_on,
        "validity": one.get_validity_display(),
        "index_number": one.index_number,
        "url": reverse("disclosure:entry", args=[one.id]),
    }


@public
@require_safe
def entry(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """One entry with all that the law asks of it, and the way to the full text."""
    tenant = actor_of(request).tenant
    row = reads.open_entry(tenant, entry_id)
    titles = {one.code: one.title for one in reads.categories(tenant)}
    heir = row.replaced_by if row.replaced_by and row.replaced_by.state == "published" else None
    pairs: tuple[tuple[str, Any], ...] = (
        (_("索引号"), row.index_number),
        (_("类别"), titles.get(row.category, row.category)),
        (_("发文机关"), row.maker),
        (_("文号"), row.document_number),
        (_("生成日期"), cn_date(row.made_on)),
        (_("公开日期"), cn_date(row.published_at)),
        (_("有效性"), f"{row.get_validity_display()} {cn_date(row.ended_on) if row.ended_on else ''}".strip()),
        (_("主题"), row.subject),
        (_("责任人"), row.responsible),
        (_("公开前审查"), _("%(who)s，%(day)s") % {"who": row.org_name, "day": cn_date(row.reviewed_at)}),
    )
    context: dict[str, Any] = {
        "row": row,
        "heir": heir,
        "facts": [{"label": label, "value": value} for label, value in pairs if value],
        "breadcrumbs": crumbs((_("信息公开目录"), reverse("disclosure:catalogue")), (row.title, "")),
    }
    return render(request, "disclosure/entry.html", context)


@public
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """The guides of all units."""
    context: dict[str, Any] = {
        "guides": reads.guides(actor_of(request).tenant),
        "breadcrumbs": crumbs((_("信息公开指南"), "")),
    }
    return render(request, "disclosure/guides.html", context)


@public
@require_safe
def guide(request: HttpRequest, org_code: str) -> HttpResponse:
    """The guide of a unit."""
    row = reads.guide_of(actor_of(request).tenant, org_code)
    if row is None:
        raise NotFound(_("这个单位还没有公布信息公开指南。"))
    pairs = (
        (_("信息公开工作机构"), row.office),
        (_("办公地址"), row.address),
        (_("办公时间"), row.hours),
        (_("联系电话"), row.phone),
        (_("传真"), row.fax),
        (_("互联网联系方式"), row.internet),
    )
    context: dict[str, Any] = {
        "row": row,
        "facts": [{"label": label, "value": value} for label, value in pairs if value],
        "breadcrumbs": crumbs((_("信息公开指南"), reverse("disclosure:guides")), (row.org_name, "")),
    }
    return render(request, "disclosure/guide.html", context)


@public
@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, for machines and spreadsheets."""
    made = io.StringIO()
    writer = csv.DictWriter(made, fieldnames=list(_EXPORTED))
    writer.writerow(_EXPORTED)
    writer.writerows({key: _safe(value) for key, value in one.items()} for one in _exported(request))
    response = HttpResponse("\ufeff" + made.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="disclosure-catalogue.csv"'
    return response


@public
@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    return JsonResponse({"entries": _exported(request)}, json_dumps_params={"ensure_ascii": False})


def _wanted(request: HttpRequest) -> reads.Wanted:
    given = {name: request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in _NAMES}
    return reads.Wanted(words=given.pop("q"), **given)


def _exported(request: HttpRequest) -> list[dict[str, str]]:
    rows = reads.narrowed(actor_of(request).tenant, _wanted(request))[:_MOST]
    return [
        {
            "index_number": one.index_number,
            "category": one.category,
            "title": one.title,
            "summary": one.summary,
            "maker": one.maker,
            "document_number": one.document_number,
            "made_on": one.made_on.isoformat(),
            "published_on": local_date(one.published_at).isoformat() if one.published_at else "",
            "validity": one.validity,
            "subject": one.subject,
            "org_name": one.org_name,
            "address": request.build_absolute_uri(one.address),
        }
        for one in rows
    ]


def _safe(value: str) -> str:
    """No cell that a spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") else value
