"""How the county reports: all data sets, one data set, building at once, the county's certificate."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import OPERATORS, WATCHERS, Verdict
from zhengtong.capabilities.exchange.permissions import may_operate
from zhengtong.capabilities.exchange.registry import DataSet, data_sets
from zhengtong.capabilities.exchange.selectors.packages import packages
from zhengtong.capabilities.exchange.selectors.standing import DataSetStanding, rows_by_day
from zhengtong.capabilities.exchange.services.ways import way_in_use
from zhengtong.capabilities.exchange.web.packages import package_rows
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires

_LATE = dt.timedelta(hours=24)


@requires(*OPERATORS, *WATCHERS)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every data set: what is up there, what waits, what came back; the last two weeks as a chart."""
    actor = actor_of(request)
    found = api.standings(tenant=actor.tenant)
    way = way_in_use()
    context = {
        "desk_title": _("数据上报"),
        "problem": api.why_not_reporting(),
        "way": {"label": way.label, "where": way.where(), "simulated": way.simulated} if way else None,
        "certificate": api.county_certificate(tenant=actor.tenant),
        "failing": [_failing(one) for one in found if one.failures or one.last_error],
        "waiting": sum(one.waiting for one in found),
        "accepted": sum(one.accepted for one in found),
        "refused": sum(one.refused for one in found),
        "held": sum(one.held for one in found),
        "stuck": sum(one.stuck for one in found),
        "rows": [_row(one) for one in found],
        "points": rows_by_day(tenant=actor.tenant),
        "series": _series(),
    }
    return render(request, "exchange/reports/home.html", context)


@requires(*OPERATORS, *WATCHERS)
@require_GET
def data_set(request: HttpRequest, code: str) -> HttpResponse:
    """One data set: its elements, basis, packages."""
    actor = actor_of(request)
    dataset = _known(code)
    standing = next(one for one in api.standings(tenant=actor.tenant) if one.dataset.code == code)
    page = page_of(packages(actor=actor, dataset=code), request.GET.get("page"), size=15)
    context = {
        "desk_title": _("数据上报"),
        "breadcrumbs": [
            {"label": _("数据上报"), "url": reverse("exchange:reports")},
            {"label": dataset.title},
        ],
        "dataset": dataset,
        "failing": [_failing(standing)] if standing.failures or standing.last_error else [],
        "facts": _facts(standing),
        "elements": [_element(column) for column in dataset.columns],
        "element_columns": [
            {"key": "element", "label": _("要素")},
            {"key": "label", "label": _("名称")},
            {"key": "type", "label": _("类型")},
            {"key": "required", "label": _("必填")},
            {"key": "longest", "label": _("最长"), "kind": "number"},
            {"key": "codes", "label": _("代码表")},
            {"key": "personal", "label": _("个人信息")},
            {"key": "confirmed", "label": _("名称来源")},
        ],
        "page": page,
        "rows": package_rows(page.rows),
        "may_operate": may_operate(actor),
        "points": rows_by_day(tenant=actor.tenant, dataset=code),
        "series": _series(),
    }
    return render(request, "exchange/reports/dataset.html", context)


@requires(*OPERATORS)
@require_POST
def build(request: HttpRequest, code: str) -> HttpResponse:
    """POST: put what waits into packages now."""
    dataset = _known(code)
    try:
        built = api.build_now(actor=actor_of(request), dataset=dataset.code)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已生成 %(n)d 个上报包，将尽快发送。") % {"n": len(built)})
    return HttpResponseRedirect(reverse("exchange:dataset", args=[code]))


@requires(*OPERATORS, *WATCHERS)
@require_GET
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate (PEM) the upper platform needs to check the county's signatures."""
    found = api.county_certificate(tenant=actor_of(request).tenant)
    if found is None:
        raise NotFound(_("还没有数据交换证书。请用 zhengtong trust request --purpose exchange 申请。"))
    answer = HttpResponse(found.pem, content_type="application/x-pem-file")
    answer["Content-Disposition"] = 'attachment; filename="exchange-certificate.pem"'
    return answer


def lag_words(lag: dt.timedelta) -> str:
    """How far behind, in the largest unit that says something."""
    minutes = int(lag.total_seconds()) // 60
    if minutes < 1:
        return "—"
    if minutes < 60:
        return _("%(n)d 分钟") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d 小时") % {"n": minutes // 60}
    return _("%(n)d 天") % {"n": minutes // 1440}


def _known(code: str) -> DataSet:
    if code not in data_sets:
        raise NotFound(_("没有这个数据集。"))
    return data_sets.get(code)


def _series() -> list[dict[str, str]]:
    return [{"key": verdict, "label": str(Verdict(verdict).label)} for verdict in ("accepted", "refused", "waiting")]


def _row(one: DataSetStanding) -> dict[str, Any]:
    return {
        "title": one.dataset.title,
        "url": reverse("exchange:dataset", args=[one.dataset.code]),
        "lamp": _lamp(one),
        "last": one.last_sequence or "—",
        "settled": one.last_settled_at,
        "lag": lag_words(one.lag),
        "waiting": one.waiting,
        "open": one.open_packages,
        "accepted": one.accepted,
        "refused": one.refused,
        "held": one.held,
    }


def _lamp(one: DataSetStanding) -> dict[str, str]:
    if one.stuck:
        return {"state": "red", "label": _("%(n)d 个包需要处理") % {"n": one.stuck}}
    if one.failures:
        return {"state": "yellow", "label": _("连续 %(n)d 次没有发成") % {"n": one.failures}}
    if one.lag > _LATE:
        return {"state": "yellow", "label": _("落后超过一天")}
    if one.refused or one.held:
        return {"state": "yellow", "label": _("有记录要更正")}
    return {"state": "green", "label": _("正常")}


def _failing(one: DataSetStanding) -> dict[str, Any]:
    return {
        "title": one.dataset.title,
        "failures": one.failures,
        "error": one.last_error,
        "next": one.next_try_at,
    }


def _facts(one: DataSetStanding) -> list[dict[str, Any]]:
    dataset = one.dataset
    facts = [
        {"label": _("法律依据"), "value": dataset.basis},
        {"label": _("依照标准"), "value": dataset.standard},
        {"label": _("说明"), "value": dataset.note},
        {"label": _("数据集代码和版本"), "value": f"{dataset.code} {dataset.version}"},
        {
            "label": _("最近一包"),
            "value": _("第 %(n)d 包") % {"n": one.last_sequence} if one.last_sequence else _("还没有"),
        },
        {"label": _("已采纳"), "value": _("%(n)d 条") % {"n": one.accepted}},
        {"label": _("待打包"), "value": _("%(n)d 条") % {"n": one.waiting}},
        {
            "label": _("要更正"),
            "value": _("被退回 %(a)d 条，暂停上报 %(b)d 条") % {"a": one.refused, "b": one.held},
            "url": f"{reverse('exchange:refused')}?dataset={dataset.code}",
        },
    ]
    return [fact for fact in facts if fact["value"]]


def _element(column: Any) -> dict[str, Any]:
    types = {"text": _("文字"), "integer": _("整数"), "date": _("日期"), "datetime": _("时间"), "code": _("代码")}
    codes = column.dictionary or {}
    return {
        "element": column.element,
        "label": column.label,
        "type": types[column.type],
        "required": _("是") if column.required else "",
        "longest": column.longest if column.type in ("text", "code") and not codes else "",
        "codes": "，".join(key if key == word else f"{key} {word}" for key, word in codes.items()),
        "personal": column.personal,
        "confirmed": _("已见依据") if column.confirmed else _("待核实"),
    }
