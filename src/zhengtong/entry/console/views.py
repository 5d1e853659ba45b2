"""Pages for who keeps the platform."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengtong.capabilities.cases import api as cases
from zhengtong.entry.console.health import findings
from zhengtong.kernel import parameters
from zhengtong.kernel.policy import requires

ADMINISTRATORS = ("sys_admin", "sec_admin", "audit_admin")
#: the five operating roles (主机、网络、数据库、应用、安全): they look after the platform and see no business data
OPERATORS = (
    "host_operator",
    "network_operator",
    "database_operator",
    "application_operator",
    "security_operator",
)
_LIMIT = re.compile(r"\d{1,4} (WD|D|H|MIN|MONTH|YEAR)$")


@requires(*ADMINISTRATORS, *OPERATORS)
def health(request: HttpRequest) -> HttpResponse:
    """How the platform fares, and the parameters with what still has to be verified."""
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
    context = {"findings": findings(), "parameters": rows, "desk_title": "运行状况"}
    return render(request, "console/health.html", context)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _LIMIT.match(value):
        return cases.Limit.parse(value).label
    if isinstance(value, dict):
        return "；".join(f"{key} {item}" for key, item in value.items())
    return "；".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
