"""The inventory of personal data, what is past its period, and what the nightly job did, for the administrators."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import retention, sheets
from zhengtong.kernel.inventory import COLUMNS, Category, inventory
from zhengtong.kernel.policy import requires

_DUE = (
    {"key": "label", "label": gettext_lazy("数据")},
    {"key": "days", "label": gettext_lazy("保留天数"), "kind": "number"},
    {"key": "count", "label": gettext_lazy("超过期限"), "kind": "number"},
    {"key": "does", "label": gettext_lazy("到期处理")},
)
_SHOWN = ("app", "table", "field", "whose", "category", "purpose", "kept", "erasure")


@requires(*identity.THREE_ADMINISTRATORS)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All fields with personal data, and what the nightly job would let go now; nothing is changed."""
    tenant = settings.ZHENGTONG_TENANT
    lines = list(inventory())
    context = {
        "desk_title": _("个人信息"),
        "breadcrumbs": [{"label": _("个人信息清单"), "url": ""}],
        "count": len(lines),
        "sensitive": sum(line.held.category is not Category.ORDINARY for line in lines),
        "columns": [{"key": key, "label": COLUMNS[key]} for key in _SHOWN],
        "rows": [line.row(tenant) for line in lines],
        "due_columns": _DUE,
        "due": [
            {"label": due.label, "days": due.days, "count": due.count, "does": due.does}
            for due in retention.preview(tenant=tenant)
        ],
        "sheet_url": reverse("console:personal-data-xlsx"),
    }
    return render(request, "console/personal_data.html", context)


@requires(*identity.THREE_ADMINISTRATORS)
@never_cache
@require_safe
def inventory_sheet(request: HttpRequest) -> HttpResponse:
    """The whole inventory as a spreadsheet; it tells of columns, not of people."""
    rows = [line.row(settings.ZHENGTONG_TENANT) for line in inventory()]
    content = sheets.xlsx([sheets.Sheet(_("个人信息清单"), COLUMNS, rows)])
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="personal-data.xlsx"'
    return response
