"""The adapter for evaluators of any make: two requests in JSON, each signed with HMAC-SM3 (docs/operations.md)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhengtong.capabilities.ratings.constants import Grade
from zhengtong.capabilities.ratings.models import Device
from zhengtong.capabilities.ratings.rules.grades import from_gb_code, gb_code, tags_of
from zhengtong.capabilities.ratings.selectors.devices import open_call
from zhengtong.capabilities.ratings.services.devices import check_request, rate_on_device
from zhengtong.capabilities.ratings.services.rating import Answer
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.plain_json import read_json
from zhengtong.kernel.policy import actor_of, public

_MAX_BODY = 8192
_STATUS: dict[type[DomainError], int] = {NotPermitted: 403, NotFound: 404, Conflict: 409, Invalid: 422}


def _signed(request: HttpRequest, act: Callable[[Device, dict[str, Any]], tuple[dict[str, Any], int]]) -> JsonResponse:
    """Check size and signature, then do it; every refusal is a sentence in JSON."""
    head = request.headers
    try:
        if int(head.get("Content-Length") or 0) > _MAX_BODY:
            raise Invalid(_("请求太长，没有处理。"))
        device = check_request(
            tenant=actor_of(request).tenant,
            code=head.get("X-Zt-Device", ""),
            at=head.get("X-Zt-Time", ""),
            nonce=head.get("X-Zt-Nonce", ""),
            signature=head.get("X-Zt-Signature", ""),
            method="POST",
            path=request.path,
            body=request.body,
        )
    except DomainError as refusal:
        return _answer({"error": refusal.message}, 401 if isinstance(refusal, NotPermitted) else 422)
    try:
        found, status = act(device, _data(request.body))
    except DomainError as refusal:
        found, status = {"error": refusal.message}, _STATUS.get(type(refusal), 400)
    return _answer(found, status)


def _answer(found: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False})


def _data(body: bytes) -> dict[str, Any]:
    try:
        found = read_json(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid(_("请求内容不是 JSON 对象。"))
    return found


@csrf_exempt  # an evaluator posts here; its signature is what counts
@public
@never_cache
@require_POST
def call(request: HttpRequest) -> JsonResponse:
    """What the evaluator is to show now: null, or the matter with grades and phrases."""
    return _signed(request, lambda device, _sent: ({"call": _call(device)}, 200))


@csrf_exempt  # the same
@public
@never_cache
@require_POST
def rate(request: HttpRequest) -> JsonResponse:
    """The rating given on the evaluator: ``call``, ``grade`` (1 非常满意 … 5 非常不满意), ``tags``, ``text``."""
    return _signed(request, _rate)


def _call(device: Device) -> dict[str, Any] | None:
    found = open_call(device)
    if found is None:
        return None
    return {
        "id": str(found.id),
        "title": found.title,
        "service": found.get_service_display(),
        "expires_at": found.expires_at.isoformat(),
        "grades": [
            {"code": gb_code(grade.value), "words": grade.label, "tags": tags_of(grade.value)} for grade in Grade
        ],
    }


def _rate(device: Device, sent: dict[str, Any]) -> tuple[dict[str, Any], int]:
    try:
        grade = from_gb_code(str(sent.get("grade", "")))
    except ValueError:
        raise Invalid(_("满意度须为 1 至 5。"), field="grade") from None
    try:
        call_id = uuid.UUID(str(sent.get("call", "")))
    except ValueError:
        raise Invalid(_("没有写明是哪一次评价邀请。"), field="call") from None
    tags = sent.get("tags")
    answer = Answer(
        grade=grade,
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        text=str(sent.get("text", "")),
    )
    rating = rate_on_device(device=device, call_id=call_id, answer=answer)
    return {"accepted": True, "id": str(rating.id)}, 201
