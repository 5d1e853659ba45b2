"""Pages for who keeps the platform."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.console.health import findings
from zhengtong.kernel import parameters
from zhengtong.kernel.policy import requires

_LIMIT = re.compile(r"\d{1,4} (WD|D|H|MIN|MONTH|YEAR)$")


@requires(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS)
def health(request: HttpRequest) -> HttpResponse:
    """For administrators and operators: how the platform fares, and which parameters still have to be verified."""
    rows = [
        {
            "label": parameter.label,
            "value": _shown(parameters.value(key, tenant=settings.ZHENGTONG_TENANT)),
            "unit": parameter.unit,
            "source": parameter.source,
            "confirmed": parameter.confirmed,
        }
        for key, parameter in parameters.declared.items()
    ]
    context = {"findings": findings(), "parameters": rows, "desk_title": "运行状况", "demo": settings.ZHENGTONG_DEMO}
    return render(request, "console/health.html", context)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _LIMIT.match(value):
        return cases.Limit.parse(value).label
    if isinstance(value, dict):
        return "；".join(f"{key} {item}" for key, item in value.items())
    return "；".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
