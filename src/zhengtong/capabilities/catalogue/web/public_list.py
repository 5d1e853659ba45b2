"""权责清单 for everybody: what powers the county has, on what basis, with what limits; to read, take away, follow."""

from collections.abc import Iterator
from typing import Any, Final

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.catalogue import api
from zhengtong.kernel.policy import actor_of, public, signed_in
from zhengtong.kernel.sheets import CSV, XLSX, Sheet, csv_lines, xlsx

_SIZE = 50
# The whole list is made anew for whoever asks; nobody needs it more than now and then.
_ATTEMPTS: Final = {"export_powers": "30/m/ip"}


@public
@require_safe
def powers(request: HttpRequest) -> HttpResponse:
    """GET department, power_type, page: the list with the columns that must be open to everybody."""
    actor = actor_of(request)
    department, power_type = (
        request.GET.get(name, "")[:80].replace("\x00", "") for name in ("department", "power_type")
    )
    filters = api.ItemFilters(department=department, power_type=power_type)
    options = api.filter_options(actor.tenant, filters)
    page = api.power_list(actor.tenant, filters, request.GET.get("page"), size=_SIZE)
    context = {
        "page": page,
        "rows": [_row(item) for item in page.rows],
        "columns": [
            {"key": "name", "label": _("职权名称")},
            {"key": "kind", "label": _("类型")},
            {"key": "unit", "label": _("实施主体")},
            {"key": "basis", "label": _("依据")},
            {"key": "limit", "label": _("承诺时限")},
            {"key": "fee", "label": _("收费")},
            {"key": "since", "label": _("施行日期"), "kind": "date"},
        ],
        "types": options["power_type"],
        "filters": [
            _choice("department", _("部门"), options["department"], filters.department),
            _choice("power_type", _("事项类型"), options["power_type"], filters.power_type),
        ],
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("办事"), "url": reverse("catalogue:items")},
            {"label": _("权责清单"), "url": ""},
        ],
    }
    return render(request, "catalogue/powers.html", context)


@public
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """The whole list in the elements of the national form, as ``xlsx`` (items and materials) or ``csv`` (items)."""
    if not ratelimit.consume(request, app="catalogue", action="export_powers", config=_ATTEMPTS, limit_get=True):
        words = _("从您所在的网络取走清单的次数太多，请一分钟后再试。清单内容没有变化，取走一次就够。")
        page = render(request, "ui/error.html", {"status": 429, "message": words}, status=429)
        page.headers["Retry-After"] = "60"
        return page
    actor = actor_of(request)
    if form == "csv":
        lines = csv_lines(Sheet(_("实施清单"), api.NATIONAL_ELEMENTS, _items(actor.tenant)))
        answer: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(lines, content_type=CSV)
    else:
        found = list(api.national_rows(actor.tenant))
        sheets = [
            Sheet(_("实施清单"), api.NATIONAL_ELEMENTS, (api.national_form(item) for item in found)),
            Sheet(
                _("申请材料"),
                api.NATIONAL_MATERIALS,
                (row for item in found for row in api.national_materials(item)),
            ),
        ]
        answer = HttpResponse(xlsx(sheets), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="power-list-{actor.tenant}.{form}"'
    return answer


@signed_in
@require_POST
def watch(request: HttpRequest, code: str) -> HttpResponse:
    """POST on=1 to hear of changes of an item, on=0 to hear no more."""
    actor = actor_of(request)
    if request.POST.get("on") == "0":
        api.unwatch_item(actor=actor, code=code)
        messages.success(request, _("已取消关注。"))
    else:
        api.watch_item(actor=actor, code=code)
        messages.success(request, _("已关注。事项有变动或者停用时，会在“我的消息”里告诉您。"))
    return redirect("catalogue:item", code)


def _items(tenant: str) -> Iterator[dict[str, Any]]:
    for item in api.national_rows(tenant):
        yield api.national_form(item)


def _row(item: api.ItemVersionView) -> dict[str, Any]:
    return {
        "name": item.name,
        "url": reverse("catalogue:item", args=[item.code]),
        "kind": item.power_type,
        "unit": item.org_name,
        "basis": item.legal_basis.replace(";", "；"),
        "limit": item.promise,
        "fee": item.fee or _("不收费"),
        "since": item.valid_from,
    }


def _choice(name: str, label: str, options: list[api.Option], value: str) -> dict[str, Any]:
    choices = [("", _("全部")), *((option.key, f"{option.label}（{option.count}）") for option in options)]
    return {"name": name, "label": label, "type": "select", "options": choices, "value": value}
