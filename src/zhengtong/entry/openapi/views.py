"""The interface described for people: operations, parameters, an example address each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.entry.openapi.api import openapi
from zhengtong.kernel.policy import public


@public
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """What can be read, from the same schema that machines get."""
    schema = openapi.get_openapi_schema()
    operations = [
        _operation(address, method, spec)
        for address, methods in schema["paths"].items()
        for method, spec in methods.items()
    ]
    context = {
        "operations": operations,
        "elements": [{"key": key, "label": label} for key, label in catalogue.NATIONAL_ELEMENTS.items()],
        "columns": [{"key": "key", "label": _("键名"), "kind": "code"}, {"key": "label", "label": _("要素")}],
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("开放接口"), "url": ""}],
    }
    return render(request, "openapi/description.html", context)


def _operation(address: str, method: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "address": address,
        "method": method.upper(),
        "title": spec.get("summary", ""),
        "text": spec.get("description", ""),
        "parameters": [
            {
                "name": each["name"],
                "text": each.get("schema", {}).get("description", "") or each.get("description", ""),
                "required": _("必填") if each.get("required") else _("可选"),
            }
            for each in spec.get("parameters", [])
        ],
    }
