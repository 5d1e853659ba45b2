"""Pages on which the keeper of the list changes what messages say, with a preview in sample values."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.notify import selectors, services
from zhengtong.capabilities.notify.constants import TEMPLATE_KEEPERS
from zhengtong.capabilities.notify.engine.texts import count_parts, signed
from zhengtong.capabilities.notify.registry import MessageKind, message_kinds
from zhengtong.capabilities.notify.rules import filled, title_of
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires

_FIELDS = ("title", "body", "sms", "reason")
_LONGEST_CODE = 50


@requires(*TEMPLATE_KEEPERS)
@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """The kinds of messages, and which of them speak in the county's own words."""
    actor = actor_of(request)
    own = selectors.kinds_with_own_words(actor.tenant)
    rows = [
        {
            "url": reverse("notify:template", args=[key]),
            "label": kind.label,
            "title": kind.title,
            "sms": _("有") if kind.sms else _("无"),
            "required": _("是") if kind.required else _("否"),
            "own": _("有自定内容") if key in own else _("默认"),
        }
        for key, kind in message_kinds.items()
    ]
    context = {
        "desk_title": _("消息模板"),
        "rows": rows,
        "columns": [
            {"key": "label", "label": _("消息")},
            {"key": "own", "label": _("内容")},
            {"key": "sms", "label": _("短信")},
            {"key": "required", "label": _("依法须送达")},
        ],
        "empty": {"title": _("还没有消息种类"), "why": _("由各业务系统登记。")},
    }
    return render(request, "notify/templates.html", context)


@requires(*TEMPLATE_KEEPERS)
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """GET code; POST code, title, body, sms, reason, based_on, act: preview, save or restore."""
    actor = actor_of(request)
    if kind not in message_kinds:
        raise NotFound(_("没有这种消息。"))
    declared = message_kinds.get(kind)
    code = (request.POST if request.method == "POST" else request.GET).get("code", "").strip()[:_LONGEST_CODE]
    if request.method == "GET":
        words = selectors.wording_of(actor.tenant, declared, code)
        given = {"title": words.title, "body": words.body, "sms": words.sms, "reason": ""}
        return _page(request, actor, declared, code, given)
    given = {name: request.POST.get(name, "") for name in _FIELDS}
    act = request.POST.get("act", "")
    if act == "preview":
        faults = services.template_faults(
            declared, title=given["title"].strip(), body=given["body"].strip(), sms=given["sms"].strip()
        )
        return _page(request, actor, declared, code, given, errors=faults)
    try:
        _store(actor, declared, code, given, act=act, based_on=request.POST.get("based_on", ""))
    except (Invalid, Conflict) as refusal:
        errors = getattr(refusal, "errors", {}) or {refusal.field: refusal.message}
        return _page(request, actor, declared, code, given, errors=errors)
    messages.success(request, _("已恢复默认内容。") if act == "restore" else _("已保存，今后的消息用新的内容。"))
    query = f"?{urlencode({'code': code})}" if code else ""
    return HttpResponseRedirect(reverse("notify:template", args=[kind]) + query)


def _store(actor: Actor, declared: MessageKind, code: str, given: dict[str, str], *, act: str, based_on: str) -> None:
    seen = int(based_on) if based_on.isascii() and based_on.isdigit() and len(based_on) < 9 else -1
    if act == "restore":
        services.restore_template(actor=actor, kind=declared.key, code=code, reason=given["reason"], based_on=seen)
    elif act == "save":
        services.change_template(actor=actor, kind=declared.key, code=code, based_on=seen, **given)
    else:
        raise Invalid(_("请选择预览、保存或者恢复默认。"))


def _page(
    request: HttpRequest,
    actor: Actor,
    declared: MessageKind,
    code: str,
    given: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    errors = errors or {}
    versions = selectors.template_versions(actor.tenant, declared.key, code)
    context = {
        "desk_title": _("消息模板"),
        "breadcrumbs": [
            {"label": _("消息模板"), "url": reverse("notify:templates")},
            {"label": declared.label},
        ],
        "kind": declared,
        "code": code,
        "given": given,
        "errors": errors,
        "based_on": versions[0].version if versions else 0,
        "custom": bool(versions and not versions[0].built_in),
        "preview": None if errors.keys() & {"title", "body", "sms"} else _preview(declared, given),
        "variables": [
            {"name": f"{{{name}}}", "label": label, "sample": sample}
            for name, (label, sample) in declared.variables.items()
        ],
        "variable_columns": [
            {"key": "name", "label": _("变量")},
            {"key": "label", "label": _("含义")},
            {"key": "sample", "label": _("示例")},
        ],
        "items": selectors.items_with_own_words(actor.tenant, declared.key),
        "history": [
            {
                "at": one.created_at,
                "title": _("第 %(number)d 版") % {"number": one.version} + (_("：恢复默认") if one.built_in else ""),
                "who": one.changed_by_name,
                "note": one.reason,
            }
            for one in versions
        ],
    }
    return render(request, "notify/template.html", context, status=422 if errors else 200)


def _preview(declared: MessageKind, given: dict[str, str]) -> dict[str, Any]:
    """The words with sample values, and what the short message costs."""
    samples = declared.samples
    sms = filled(given["sms"], samples) if given["sms"].strip() else ""
    text = signed(sms, settings.ZHENGTONG_SMS_SIGNATURE) if sms else ""
    return {
        "title": title_of(filled(given["title"], samples)),
        "body": filled(given["body"], samples),
        "sms": text,
        "length": len(text),
        "parts": count_parts(text) if text else 0,
    }
