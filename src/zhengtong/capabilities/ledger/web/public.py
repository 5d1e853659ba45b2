"""What anybody may know of the ledger: its checkpoints, who co-signs them, and proofs that it only grew."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.ledger.exceptions import BrokenLedger
from zhengtong.capabilities.ledger.selectors.proofs import consistency_proof, newest_checkpoint
from zhengtong.capabilities.ledger.selectors.witnesses import CosigningState, WitnessRow, cosigned, cosigning_state
from zhengtong.capabilities.ledger.services.witnesses import MAX_TEXT, record_cosignature
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, public

_SHOWN = 20
_STATUS: dict[type[DomainError], int] = {Invalid: 422, NotPermitted: 403, Conflict: 409}


@public
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """账本公示: the newest checkpoint, the bodies that co-sign, how old their last co-signature is."""
    state = cosigning_state(actor_of(request).tenant)
    context = {
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("账本公示")}],
        "state": state,
        "facts": _facts(state),
        "witness_columns": [
            {"key": "body", "label": _("共签机构")},
            {"key": "lamp", "label": _("状态"), "kind": "lamp"},
            {"key": "cosigned_size", "label": _("已共签到（条）")},
            {"key": "received_at", "label": _("最近共签"), "kind": "datetime"},
            {"key": "key", "label": _("密钥标识")},
        ],
        "witnesses": [_witness(row) for row in state.witnesses],
        "no_witnesses": {"title": _("还没有共签机构"), "why": state.words},
        "cosigned_columns": [
            {"key": "size", "label": _("账目数")},
            {"key": "at", "label": _("检查点时间"), "kind": "datetime"},
            {"key": "body", "label": _("共签机构")},
            {"key": "received_at", "label": _("收到共签"), "kind": "datetime"},
            {"key": "root", "label": _("树根")},
        ],
        "cosigned": cosigned(_SHOWN),
        "no_cosigned": {"title": _("还没有共签过的检查点"), "why": _("共签机构第一次来取检查点之后，这里会列出。")},
    }
    return render(request, "ledger/public.html", context)


@public
@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint as a file to be kept elsewhere; raises NotFound while there is none."""
    newest = newest_checkpoint()
    if newest is None:
        raise NotFound(_("账本还没有检查点。写入第一条账目后约一秒生成，请稍后再下载。"))
    response = HttpResponse(newest.to_json(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-checkpoint-{newest.size}.json"'
    return response


@public
@require_GET
def consistency(request: HttpRequest) -> HttpResponse:
    """``?old=SIZE[&new=SIZE]``: proof that the ledger of ``old`` entries is the beginning of that of ``new``."""
    old, new = _size(request.GET.get("old", "")), _size(request.GET.get("new", ""))
    if not old or new == 0:
        return _refusal(_("请给出旧检查点的账目数，例如 ?old=100，也可以加上 &new=200。"), 400)
    try:
        proof = consistency_proof(old, new)
    except BrokenLedger:
        return _refusal(_("账本的存储已损坏，给不出一致性证明。请通知审计管理员运行 zhengtong ledger verify。"), 503)
    if proof is None:
        return _refusal(_("没有这两个检查点，或者新的比旧的小。"), 404)
    fields = {
        "old": json.loads(proof.old.to_json()),
        "new": json.loads(proof.new.to_json()),
        "path": [step.hex() for step in proof.path],
    }
    return JsonResponse(fields, json_dumps_params={"ensure_ascii": False, "indent": 2})


@csrf_exempt  # a program of another body posts here; its signature is what counts
@public
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take in a co-signature: 201 when new, 200 when known, else a sentence why not."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_TEXT * 4:
            raise Invalid(_("共签太长，没有收下。"))
        fresh = record_cosignature(request.body.decode("utf-8", "replace"))
    except DomainError as error:
        return _refusal(error.message, _STATUS.get(type(error), 400))
    return JsonResponse({"accepted": True}, status=201 if fresh else 200)


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status, json_dumps_params={"ensure_ascii": False})


def _size(text: str) -> int | None:
    """None when nothing was asked for, 0 for what is no size."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _facts(state: CosigningState) -> list[dict[str, Any]]:
    if state.newest is None:
        return [{"label": _("最新检查点"), "value": _("还没有")}]
    waiting = max(0, state.newest.size - state.cosigned_size)
    age = (now() - state.received_at).total_seconds() if state.received_at else 0
    last = _("%(hours)d 小时 %(minutes)d 分钟前") % {"hours": age // 3600, "minutes": age % 3600 // 60}
    return [
        {"label": _("最新检查点"), "value": _("%(size)d 条账目") % {"size": state.newest.size}},
        {"label": _("检查点时间"), "value": state.newest.at},
        {"label": _("树根"), "value": state.newest.root.hex()},
        {"label": _("签名密钥"), "value": f"{state.newest.algorithm} {state.newest.key_id}"},
        {"label": _("已共签到"), "value": _("%(size)d 条账目") % {"size": state.cosigned_size}},
        {"label": _("尚未共签"), "value": _("%(size)d 条账目") % {"size": waiting}},
        {
            "label": _("最近一次共签"),
            "value": state.received_at or _("还没有"),
            "note": last if state.received_at else "",
        },
        {"label": _("自行留存"), "value": _("下载最新检查点"), "url": reverse("ledger:checkpoint")},
    ]


def _witness(row: WitnessRow) -> dict[str, Any]:
    lamp = {"state": "red", "note": _("迟延")} if row.late else {"state": "green", "note": _("按时")}
    return {
        "body": row.body,
        "lamp": lamp,
        "cosigned_size": row.cosigned_size,
        "received_at": row.received_at,
        "key": f"{row.algorithm} {row.key_id}",
    }
