"""Pages for who keeps the platform."""

import datetime as dt
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.backup import installation
from zhengtong.entry.console.health import findings
from zhengtong.kernel import parameters
from zhengtong.kernel.policy import actor_of, requires

_LIMIT = re.compile(r"\d{1,4} (WD|D|H|MIN|MONTH|YEAR)$")

_SETS = (
    {"key": "name", "label": gettext_lazy("备份"), "kind": "code"},
    {"key": "begun", "label": gettext_lazy("备份的时刻"), "kind": "datetime"},
    {"key": "took", "label": gettext_lazy("用时（秒）"), "kind": "number"},
    {"key": "rows", "label": gettext_lazy("行数"), "kind": "number"},
    {"key": "files", "label": gettext_lazy("文件"), "kind": "number"},
    {"key": "mib", "label": gettext_lazy("大小（MiB）"), "kind": "number"},
    {"key": "drilled", "label": gettext_lazy("恢复演练")},
)
_DRILLS = (
    {"key": "at", "label": gettext_lazy("演练时间"), "kind": "datetime"},
    {"key": "set", "label": gettext_lazy("备份"), "kind": "code"},
    {"key": "outcome", "label": gettext_lazy("结论")},
    {"key": "minutes", "label": gettext_lazy("备份距演练（分钟）"), "kind": "number"},
    {"key": "total", "label": gettext_lazy("恢复并核验用时（秒）"), "kind": "number"},
    {"key": "rows", "label": gettext_lazy("行数"), "kind": "number"},
    {"key": "ledger_entries", "label": gettext_lazy("账目"), "kind": "number"},
    {"key": "words", "label": gettext_lazy("说明")},
)


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
    context = {
        "findings": findings(),
        "parameters": rows,
        "desk_title": "运行状况",
        "demo": settings.ZHENGTONG_DEMO,
        "keeps": actor_of(request).has_role("sys_admin"),
    }
    return render(request, "console/health.html", context)


@requires(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS)
def backups(request: HttpRequest) -> HttpResponse:
    """For administrators and operators: which back-ups there are, and what the drills said of them."""
    store = installation.store_of()
    reports = store.reports()
    proven = {report["set"] for report in reports if report["ok"]}
    sets = [
        {
            "name": one.manifest.name,
            "begun": one.manifest.begun,
            "took": round((one.manifest.ended - one.manifest.begun).total_seconds()),
            "rows": one.manifest.rows,
            "files": one.manifest.files,
            "mib": round((one.manifest.part_bytes + one.manifest.file_bytes) / 2**20, 1),
            "drilled": _("演练通过") if one.manifest.name in proven else _("没有演练"),
        }
        for one in reversed(store.sets())
    ]
    drills = [
        report
        | {
            "at": dt.datetime.fromisoformat(report["at"]),
            "minutes": round(report["age"] / 60),
            "total": round(report["total"]),
            "words": "；".join(report["faults"]) or _("各表行数、文件、账本、密钥都相符"),
            "outcome": _("可用") if report["ok"] else _("不可用"),
        }
        for report in reports
    ]
    context = {
        "desk_title": _("运行状况"),
        "breadcrumbs": [{"label": _("运行状况"), "url": reverse("console:health")}, {"label": _("备份"), "url": ""}],
        "where": store.path,
        "same_disk": installation.same_disk(store),
        "sets": sets,
        "drills": drills,
        "set_columns": _SETS,
        "drill_columns": _DRILLS,
        "at": "" if settings.ZHENGTONG_DEMO else settings.ZHENGTONG_BACKUP_AT,
    }
    return render(request, "console/backups.html", context)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _LIMIT.match(value):
        return cases.Limit.parse(value).label
    if isinstance(value, dict):
        return "；".join(f"{key} {item}" for key, item in value.items())
    return "；".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
