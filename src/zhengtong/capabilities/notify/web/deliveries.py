"""Pages of deliveries: the county's list for operators, one delivery with its acts, the export."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.notify import api, selectors
from zhengtong.capabilities.notify.constants import (
    DUE,
    FAILED,
    HANDLERS,
    OPERATORS,
    Channel,
    DeliveryState,
    ToldBy,
)
from zhengtong.capabilities.notify.models import Delivery
from zhengtong.capabilities.notify.rules import masked_mail
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import CSV, XLSX, Sheet, csv_lines, xlsx
from zhengtong.kernel.ui.formats import cn_datetime

_MOST_EXPORTED = 20_000
_COUNTED = 10_000


@requires(*OPERATORS)
@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    """GET state, channel, page: what waits, what arrived, what did not."""
    actor = actor_of(request)
    state, channel = _chosen(request)
    page = page_of(
        selectors.deliveries(actor=actor, state=state, channel=channel),
        request.GET.get("page"),
        size=30,
        most=_COUNTED,
    )
    summaries = selectors.channel_summaries(tenant=actor.tenant)
    context = {
        "desk_title": _("通知投递"),
        "summaries": [_summary_row(one) for one in summaries],
        "failed": sum(one.count(DeliveryState.GIVEN_UP) for one in summaries),
        "without": sum(one.count(DeliveryState.NO_ADDRESS) for one in summaries),
        "summary_columns": [
            {"key": "label", "label": _("方式")},
            {"key": "standing", "label": _("状况")},
            {"key": "waiting", "label": _("待发送"), "kind": "number"},
            {"key": "sent", "label": _("等待送达报告"), "kind": "number"},
            {"key": "delivered", "label": _("已送达"), "kind": "number"},
            {"key": "failed", "label": _("未送达"), "kind": "number"},
            {"key": "told", "label": _("已另行告知"), "kind": "number"},
        ],
        "filters": [
            {
                "name": "state",
                "label": _("状态"),
                "type": "select",
                "options": [("", _("全部")), *DeliveryState.choices],
                "value": state,
            },
            {
                "name": "channel",
                "label": _("方式"),
                "type": "select",
                "options": [("", _("全部")), *Channel.choices],
                "value": channel,
            },
        ],
        "rows": table_rows(page.rows),
        "page": page,
        "total": _("共 %(count)d 条") % {"count": page.total}
        if not page.more
        else _("共 %(count)d 条以上") % {"count": page.total},
        "query": f"state={state}&channel={channel}",
        "empty": {"title": _("没有这样的通知"), "why": _("换一个条件，或者清除条件看全部。")},
    }
    return render(request, "notify/deliveries.html", context)


@requires(*OPERATORS)
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """GET format csv|xlsx, state, channel: the list as a spreadsheet, 20 000 rows at most, addresses masked."""
    actor = actor_of(request)
    state, channel = _chosen(request)
    rows = selectors.deliveries(actor=actor, state=state, channel=channel)[:_MOST_EXPORTED]
    sheet = Sheet(
        _("通知投递"),
        {
            "created": _("产生时间"),
            "channel": _("方式"),
            "title": _("标题"),
            "about": _("关于"),
            "address": _("地址（部分隐藏）"),
            "state": _("状态"),
            "attempts": _("发送次数"),
            "sent": _("发出时间"),
            "delivered": _("送达时间"),
            "error": _("最近错误"),
            "told": _("另行告知"),
        },
        selectors.sheet_rows(rows),
    )
    answer: HttpResponseBase
    name = f"deliveries-{local_date():%Y%m%d}"
    if request.GET.get("format") == "csv":
        answer = StreamingHttpResponse(csv_lines(sheet), content_type=CSV)
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    else:
        answer = HttpResponse(xlsx([sheet]), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@requires(*OPERATORS, *HANDLERS)
@require_GET
def delivery(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery: what happened to it, and what can be done about it."""
    actor = actor_of(request)
    return _page(request, actor, selectors.delivery_of(actor=actor, delivery_id=delivery_id))


@requires(*OPERATORS, *HANDLERS)
@require_POST
def retry(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """POST reason, address (a mail only, may be empty): send it again."""
    actor = actor_of(request)
    reason, address = request.POST.get("reason", ""), request.POST.get("address", "")
    try:
        api.retry_delivery(actor=actor, delivery_id=delivery_id, reason=reason, address=address)
    except (Invalid, Conflict) as refusal:
        row = selectors.delivery_of(actor=actor, delivery_id=delivery_id)
        return _page(request, actor, row, errors=_errors_of(refusal))
    messages.success(request, _("已重新排队，将尽快发送。"))
    return HttpResponseRedirect(reverse("notify:delivery", args=[delivery_id]))


@requires(*OPERATORS, *HANDLERS)
@require_POST
def told(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """POST how, note: the person was told in another way."""
    actor = actor_of(request)
    how, note = request.POST.get("how", ""), request.POST.get("note", "")
    try:
        api.tell_otherwise(actor=actor, delivery_id=delivery_id, how=how, note=note)
    except (Invalid, Conflict) as refusal:
        row = selectors.delivery_of(actor=actor, delivery_id=delivery_id)
        return _page(request, actor, row, errors=_errors_of(refusal))
    messages.success(request, _("已登记另行告知。"))
    return HttpResponseRedirect(reverse("notify:delivery", args=[delivery_id]))


def table_rows(rows: Iterable[Delivery]) -> list[dict[str, Any]]:
    """Rows of a table of deliveries."""
    return [
        {
            "url": reverse("notify:delivery", args=[row.id]),
            "title": row.message.title if row.message else _("验证码"),
            "channel": row.get_channel_display(),
            "address": row.masked_address,
            "corrected": bool(row.corrected_from),
            "state": row.get_state_display(),
            "lamp": lamp_of_state(row),
            "attempts": row.attempts,
            "created": row.created_at,
            "error": row.last_error,
            "next": next_of(row),
        }
        for row in rows
    ]


def lamp_of_state(row: Delivery) -> str:
    """The lamp's colour: red where somebody has to act, yellow where an attempt failed, green at the end."""
    if row.state in FAILED:
        return "red"
    if row.state in (DeliveryState.DELIVERED, DeliveryState.TOLD):
        return "green"
    return "yellow" if row.last_error else "none"


def next_of(row: Delivery) -> str:
    """What comes next, or what somebody can do, as a sentence."""
    if row.state in DUE:
        return _plan_of(row)
    if row.state == DeliveryState.TOLD:
        return f"{row.get_told_how_display()} {row.told_by_name} {cn_datetime(row.told_at)}"
    if row.state == DeliveryState.GIVEN_UP and row.message is None:
        return _("验证码已经过期，请本人重新获取。")
    words = {
        DeliveryState.SENDING: _("正在发送，稍后刷新可以看到结果。"),
        DeliveryState.SENT: _("等待手机的送达报告。"),
        DeliveryState.GIVEN_UP: _("已停止重发。可以更正后重新发送，或者换一种方式告知本人。"),
        DeliveryState.NO_ADDRESS: _("请换一种方式告知本人；本人补登手机号码以后可以重新发送。"),
    }
    return words.get(DeliveryState(row.state)) or cn_datetime(row.delivered_at)


def _plan_of(row: Delivery) -> str:
    """When what waits goes out, and until when it is tried."""
    at = cn_datetime(row.next_try_at)
    if row.not_before and row.not_before >= row.next_try_at:
        at += _("（夜间免打扰）")
    if not row.attempts:
        return _("等待发送：%(at)s") % {"at": at}
    if row.give_up_at is None:
        return _("下次发送：%(at)s") % {"at": at}
    return _("下次发送：%(at)s；到 %(end)s 还没有送到就停止") % {"at": at, "end": cn_datetime(row.give_up_at)}


def _errors_of(refusal: Invalid | Conflict) -> dict[str, str]:
    """What is wrong, by field; without a field, the sentence alone."""
    named = refusal.errors if isinstance(refusal, Invalid) else {}
    return named or {"": refusal.message}


def _chosen(request: HttpRequest) -> tuple[str, str]:
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    return (
        state if state in DeliveryState.values else "",
        channel if channel in Channel.values else "",
    )


def _summary_row(one: selectors.ChannelSummary) -> dict[str, Any]:
    standing = one.where
    if one.ok is False:
        words = _("不通：%(detail)s（%(where)s），自%(since)s起")
        standing = words % {"detail": one.detail, "where": one.where, "since": cn_datetime(one.since)}
    elif one.ok and one.configured:
        standing = _("正常（%(where)s）") % {"where": one.where}
    return {
        "label": one.label,
        "url": f"{reverse('notify:deliveries')}?channel={one.channel}",
        "standing": standing,
        "waiting": one.count(*DUE, DeliveryState.SENDING),
        "sent": one.count(DeliveryState.SENT),
        "delivered": one.count(DeliveryState.DELIVERED),
        "failed": one.count(*FAILED),
        "told": one.count(DeliveryState.TOLD),
    }


def _page(request: HttpRequest, actor: Actor, row: Delivery, *, errors: dict[str, str] | None = None) -> HttpResponse:
    may_act = selectors.may_act_on(actor, row)
    over = row.state in (DeliveryState.DELIVERED, DeliveryState.TOLD)
    crumbs = [{"label": _("通知投递"), "url": reverse("notify:deliveries")}] if actor.has_role(*OPERATORS) else []
    context = {
        "desk_title": _("通知投递"),
        "breadcrumbs": [*crumbs, {"label": row.message.title if row.message else _("验证码")}],
        "row": row,
        "lamp": lamp_of_state(row),
        "next": next_of(row),
        "title": row.message.title if row.message else _("验证码"),
        "facts": _facts(row),
        "parts": [
            {
                "number": part.number,
                "state": part.get_state_display(),
                "id": part.gateway_message_id,
                "report": part.report,
                "at": part.changed_at,
            }
            for part in row.parts.order_by("number")
        ],
        "part_columns": [
            {"key": "number", "label": _("分段"), "kind": "number"},
            {"key": "state", "label": _("状态")},
            {"key": "id", "label": _("网关消息标识")},
            {"key": "report", "label": _("状态报告")},
            {"key": "at", "label": _("更新时间"), "kind": "datetime"},
        ],
        "may_retry": may_act and row.state in FAILED and row.message is not None,
        "may_tell": may_act and not over and row.message is not None,
        "told_ways": ToldBy.choices,
        "given": {name: request.POST.get(name, "") for name in ("reason", "address", "how", "note")},
        "errors": errors or {},
    }
    return render(request, "notify/delivery.html", context, status=422 if errors else 200)


def _facts(row: Delivery) -> list[dict[str, Any]]:
    corrected = _("更正过，原来是 %(former)s") % {"former": masked_mail(row.corrected_from)}
    former = corrected if row.corrected_from else ""
    facts: list[dict[str, Any]] = [
        {"label": _("方式"), "value": row.get_channel_display()},
        {"label": _("地址"), "value": row.masked_address, "note": former},
        {"label": _("站内消息"), "value": _("已送达，本人登录后在“我的消息”里看到") if row.message else ""},
        {"label": _("产生时间"), "value": row.created_at},
        {"label": _("最早发送时间"), "value": row.not_before, "note": _("夜间免打扰")},
        {"label": _("发送次数"), "value": row.attempts},
        {"label": _("发出时间"), "value": row.sent_at},
        {"label": _("送达时间"), "value": row.delivered_at},
        {"label": _("最近错误"), "value": row.last_error},
    ]
    if row.state in DUE:
        facts.append({"label": _("下次发送时间"), "value": row.next_try_at})
        facts.append({"label": _("停止重发时间"), "value": row.give_up_at})
    if row.told_at:
        facts.append({"label": _("另行告知"), "value": row.get_told_how_display(), "note": row.told_note})
        facts.append({"label": _("告知人"), "value": row.told_by_name})
        facts.append({"label": _("告知时间"), "value": row.told_at})
    return [{**one, "value": _shown(one["value"])} for one in facts if one["value"] not in (None, "")]


def _shown(value: object) -> object:
    return cn_datetime(value) or value
