"""The audit administrator reads the ledger: a filtered list, one entry with its proof."""

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengtong.capabilities.ledger.constants import AUDIT_ROLE
from zhengtong.capabilities.ledger.exceptions import BrokenLedger
from zhengtong.capabilities.ledger.registry import act_labels, object_labels
from zhengtong.capabilities.ledger.selectors.entries import EntryFilter, EntryRow, entry_of, entry_rows, latest
from zhengtong.capabilities.ledger.selectors.proofs import inclusion_proof
from zhengtong.capabilities.ledger.web.desk import desk
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires

_COUNTED = 10_000  # an act or a person alone may be asked for in a ledger of millions
_FILTERS = ("object_kind", "object_id", "person", "act", "day")


@requires(AUDIT_ROLE)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The tenant's entries, newest first; today's when nothing is asked for, so that the page stays quick."""
    wanted = _wanted(request)
    found = latest(actor_of(request).tenant, wanted)
    page = page_of(found, request.GET.get("page"), size=30, most=_COUNTED)
    columns = [
        {"key": "at", "label": _("时间"), "kind": "datetime"},
        {"key": "who", "label": _("行为人")},
        {"key": "unit", "label": _("单位、岗位")},
        {"key": "act", "label": _("行为")},
        {"key": "object", "label": _("对象")},
        {"key": "basis", "label": _("目的、依据")},
    ]
    context = desk(actor_of(request), "ledger:entries") | {
        "breadcrumbs": [{"label": _("责任认定")}],
        "filters": _filters(wanted),
        "total": (_("共 %(count)s 条以上") if page.more else _("共 %(count)s 条")) % {"count": page.total},
        "columns": columns,
        "rows": [_cells(found) for found in entry_rows(page.rows)],
        "page": page,
        "empty": {
            "title": _("没有符合条件的账目"),
            "why": _("不填任何条件时只列当天的账目。请更换日期、对象或行为人再查。"),
        },
    }
    return render(request, "ledger/entries.html", context)


@requires(AUDIT_ROLE)
@require_GET
def entry(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """One entry: who, what, to which object, when, and whether its proof holds."""
    row = entry_of(actor_of(request).tenant, entry_id)
    context = desk(actor_of(request), "ledger:entries") | {
        "breadcrumbs": [{"label": _("责任认定"), "url": reverse("ledger:entries")}, {"label": row.act_label}],
        "row": row,
        "facts": _facts(row),
        "proof": _proof(row),
    }
    return render(request, "ledger/entry.html", context)


def _wanted(request: HttpRequest) -> EntryFilter:
    given = {name: request.GET.get(name, "").strip().replace("\x00", "") for name in _FILTERS}
    try:
        day = read_day(given.pop("day"))
    except ValueError:
        day = None
    if day is None and not any(given.values()):
        day = local_date()
    return EntryFilter(**given, day=day)


def _filters(wanted: EntryFilter) -> list[dict[str, Any]]:
    return [
        {"name": "day", "label": _("日期"), "type": "date", "value": wanted.day.isoformat() if wanted.day else ""},
        {
            "name": "object_kind",
            "label": _("对象类型"),
            "type": "select",
            "options": _options(object_labels.items(), wanted.object_kind),
            "value": wanted.object_kind,
        },
        {"name": "object_id", "label": _("对象编号"), "value": wanted.object_id},
        {"name": "person", "label": _("行为人（姓名或标识）"), "value": wanted.person},
        {
            "name": "act",
            "label": _("行为"),
            "type": "select",
            "options": _options(act_labels.items(), wanted.act),
            "value": wanted.act,
        },
    ]


def _options(known: Iterable[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    options = [("", _("全部")), *known]
    if chosen and all(key != chosen for key, _label in options):
        options.append((chosen, chosen))
    return options


def _cells(row: EntryRow) -> dict[str, Any]:
    return {
        "url": reverse("ledger:entry", args=[row.id]),
        "at": row.at,
        "who": row.actor_name,
        "unit": " ".join(filter(None, [row.actor_org_name, row.actor_post_name])),
        "act": _("%(act)s（模拟）") % {"act": row.act_label} if row.simulated else row.act_label,
        "object": f"{row.object_label} {row.object_ref.id}",
        "basis": "；".join(filter(None, [row.purpose, row.basis])),
    }


def _facts(row: EntryRow) -> list[dict[str, Any]]:
    at = row.at.astimezone(SHANGHAI)
    of_object = urlencode({"object_kind": row.object_ref.kind, "object_id": row.object_ref.id})
    return [
        {"label": _("行为"), "value": row.act_label, "note": row.act},
        {
            "label": _("对象"),
            "value": f"{row.object_label} {row.object_ref.id}",
            "url": f"{reverse('ledger:entries')}?{of_object}",
        },
        {"label": _("行为人"), "value": row.actor_name or "—", "note": str(row.actor_person_id or "")},
        {"label": _("单位"), "value": row.actor_org_name or "—"},
        {"label": _("岗位"), "value": row.actor_post_name or "—"},
        {"label": _("时间"), "value": f"{at:%Y-%m-%d %H:%M:%S.%f}", "note": _told(row)},
        {"label": _("目的"), "value": row.purpose or "—"},
        {"label": _("依据"), "value": row.basis or "—"},
        {"label": _("账目编号"), "value": str(row.id)},
        {"label": _("内容承诺值"), "value": row.commitment},
    ]


def _told(row: EntryRow) -> str:
    """When a simulated act was really written; nothing for one in earnest."""
    recorded = row.recorded_at.astimezone(SHANGHAI)
    return _("演示用的模拟时间，实际记于 %(at)s") % {"at": f"{recorded:%Y-%m-%d %H:%M:%S}"} if row.simulated else ""


def _proof(row: EntryRow) -> dict[str, Any]:
    """State, sentence and facts of the badge."""
    try:
        proof = inclusion_proof(row.id)
    except BrokenLedger:
        return {"state": "invalid", "text": _("账本的存储已损坏，无法给出证明。请立即运行 zhengtong ledger verify。")}
    if proof is None:
        return {"state": "unknown", "text": _("这条账目还没有封存。封存约需一至两秒，请稍后刷新。")}
    if not proof.holds():
        return {
            "state": "invalid",
            "text": _("这条账目与封存时不一致，可能被改动。请立即运行 zhengtong ledger verify，并通知审计管理员。"),
        }
    return {
        "state": "valid",
        "text": _("这条账目自封存以来没有被改动。"),
        "facts": [
            {"label": _("序号"), "value": str(proof.index + 1)},
            {"label": _("证明所依据的检查点"), "value": _("%(size)s 条账目") % {"size": proof.checkpoint.size}},
            {"label": _("检查点时间"), "value": proof.checkpoint.at},
            {"label": _("树根"), "value": proof.checkpoint.root.hex()},
            {"label": _("签名密钥"), "value": f"{proof.checkpoint.algorithm} {proof.checkpoint.key_id}"},
        ],
    }
