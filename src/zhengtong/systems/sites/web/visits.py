"""Visits: the picture of one point by which a page says that it was read, and what came of it on the desk."""

import base64
import datetime as dt
import re
import uuid
from typing import Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.ui import exports
from zhengtong.systems.sites.constants import STAFF_ROLES
from zhengtong.systems.sites.selectors import visits as reads
from zhengtong.systems.sites.selectors.keeping import site_in_reach
from zhengtong.systems.sites.services.visits import count_visit

#: one transparent point
_POINT: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_MONTHS_BACK: Final = 12
_SITES: Final = (
    {"key": "name", "label": gettext_lazy("网站")},
    {"key": "views", "label": gettext_lazy("浏览次数"), "kind": "number"},
    {"key": "visitors", "label": gettext_lazy("访客数"), "kind": "number"},
)
_DAYS: Final = (
    {"key": "day", "label": gettext_lazy("日期"), "kind": "date"},
    {"key": "views", "label": gettext_lazy("浏览次数"), "kind": "number"},
    {"key": "visitors", "label": gettext_lazy("访客数"), "kind": "number"},
)
_READ: Final = (
    {"key": "title", "label": gettext_lazy("名称")},
    {"key": "views", "label": gettext_lazy("浏览次数"), "kind": "number"},
)


@public
@require_safe
def seen(request: HttpRequest, code: str, page_id: int) -> HttpResponse:
    """One point; that it was asked for says that the page was read, with scripts or without, from any cache."""
    actor = actor_of(request)
    if request.method == "GET" and page_id < 1 << 62:
        count_visit(
            tenant=actor.tenant,
            code=code,
            page_id=page_id,
            who=get_adapter().get_client_ip(request),
            agent=request.META.get("HTTP_USER_AGENT", ""),
        )
    return HttpResponse(_POINT, content_type="image/gif", headers={"Cache-Control": "no-store"})


@requires(*STAFF_ROLES)
@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """The own sites, the most read first."""
    month = _month(request)
    page = reads.sites_read(actor_of(request), month, request.GET.get("page"))
    context = {
        "title": _("网站访问量"),
        "columns": _SITES,
        "rows": [
            {
                "name": one.name,
                "url": f"{reverse('sites_desk:site_visits', args=[one.pk])}?month={month:%Y-%m}",
                "views": one.views,
                "visitors": one.visitors,
            }
            for one in page.rows
        ],
        "page": page,
        "filters": _filters(month),
    }
    return render(request, "sites/visits/sites.html", context)


@requires(*STAFF_ROLES)
@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """One site in one month: day by day, by column, by page; as a workbook where asked."""
    found = site_in_reach(actor_of(request), site_id)
    month = _month(request)
    counted = reads.month_of(found, month)
    days = [{"day": day, "views": views, "visitors": visitors} for day, views, visitors in counted.days]
    columns = [{"title": one.title, "views": one.views} for one in counted.columns]
    pages = [{"title": one.title, "views": one.views, "url": one.address} for one in counted.pages]
    if request.GET.get("form") == "xlsx":
        return exports.download(
            f"visits-{found.code}-{month:%Y-%m}",
            exports.sheet_of(_("按日"), _DAYS, days),
            exports.sheet_of(_("按栏目"), _READ, columns),
            exports.sheet_of(_("按网页"), _READ, pages),
        )
    context = {
        "site": found,
        "month": month,
        "counted": counted,
        "points": [{"label": f"{one['day']:%m-%d}", **one} for one in days],
        "series": [{"key": "views", "label": _("浏览次数")}, {"key": "visitors", "label": _("访客数")}],
        "columns": _READ,
        "by_column": columns,
        "by_page": pages,
        "filters": _filters(month),
        "export": f"?month={month:%Y-%m}&form=xlsx",
        "empty": {"title": _("这个月还没有访问"), "why": _("公众打开网页以后，次数会列在这里。")},
    }
    return render(request, "sites/visits/site.html", context)


def _month(request: HttpRequest) -> dt.date:
    text = request.GET.get("month", "")
    if not _MONTH.fullmatch(text):
        return local_date().replace(day=1)
    return dt.date(int(text[:4]), int(text[5:]), 1)


def _filters(month: dt.date) -> list[dict[str, object]]:
    """A month of the last year, and the one that is shown."""
    today = local_date().replace(day=1)
    listed = [today]
    for _number in range(_MONTHS_BACK):
        listed.append((listed[-1] - dt.timedelta(days=1)).replace(day=1))
    options = [
        (f"{one:%Y-%m}", _("%(year)d 年 %(month)d 月") % {"year": one.year, "month": one.month}) for one in listed
    ]
    if month not in listed:
        options.append((f"{month:%Y-%m}", f"{month:%Y-%m}"))
    return [
        {"name": "month", "label": _("月份"), "type": "select", "options": options, "value": f"{month:%Y-%m}"},
    ]
