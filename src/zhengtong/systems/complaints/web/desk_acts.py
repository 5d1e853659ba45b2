"""The acts of the desk: what a form sends, to the service that does it."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.actors import Actor
from zhengtong.systems.complaints import api

Act = Callable[[HttpRequest, Actor, uuid.UUID], object]

DONE = {
    "accept": _("已受理，开始计算答复期限。"),
    "reject": _("已告知不予受理。"),
    "transfer": _("已转送。"),
    "merge": _("已并案，主件答复时一并答复。"),
    "assign": _("已交办，承办单位收到消息。"),
    "self": _("由本机构直接办理。"),
    "release": _("已向承办单位开放附件。"),
    "draft": _("答复已报送，等监察机构审定。"),
    "return": _("已退回修改。"),
    "answer": _("已审定，答复已告知提出人。"),
    "ask_time": _("已申请延长期限，等监察机构决定；期限照常计算。"),
    "time": _("延长期限已经决定。"),
    "suspend": _("期限中止计算。"),
    "resume": _("期限恢复计算。"),
    "uphold": _("复核维持原答复，已告知提出人。"),
    "redo": _("已决定重新办理，请交办。"),
    "publish": _("答复已公开。"),
    "unpublish": _("已停止公开。"),
}


def _text(request: HttpRequest, name: str = "text") -> str:
    return request.POST.get(name, "")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _assign(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.assign(
        actor=actor,
        complaint_id=key,
        org_code=_text(request, "org"),
        title=_text(request, "title"),
        brief=_text(request, "brief"),
        checked=request.POST.get("checked") == "on",
        note=_text(request, "note"),
    )


def _draft(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.submit_draft(
        actor=actor,
        complaint_id=key,
        text=_text(request),
        finding=_text(request, "finding"),
        measures=request.POST.getlist("measures"),
        facts=_text(request, "facts"),
    )


def _publish(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.publish_answer(
        actor=actor,
        complaint_id=key,
        title=_text(request, "title"),
        question=_text(request, "question"),
        answer=_text(request, "answer"),
    )


def _time(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.decide_time(actor=actor, complaint_id=key, grant=_text(request, "grant") == "yes", note=_text(request))


def _ask_time(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.ask_time(actor=actor, complaint_id=key, days=_number(request, "days"), reason=_text(request))


ACTS: dict[str, Act] = {
    "accept": lambda request, actor, key: api.accept(actor=actor, complaint_id=key),
    "reject": lambda request, actor, key: api.reject(actor=actor, complaint_id=key, reason=_text(request)),
    "transfer": lambda request, actor, key: api.transfer(
        actor=actor, complaint_id=key, to=_text(request, "to"), reason=_text(request)
    ),
    "merge": lambda request, actor, key: api.merge(actor=actor, complaint_id=key, into=_text(request, "into")),
    "assign": _assign,
    "self": lambda request, actor, key: api.handle_by_office(actor=actor, complaint_id=key),
    "release": lambda request, actor, key: api.release_file(actor=actor, complaint_id=key, no=_number(request, "no")),
    "draft": _draft,
    "return": lambda request, actor, key: api.return_draft(actor=actor, complaint_id=key, reason=_text(request)),
    "answer": lambda request, actor, key: api.approve_answer(actor=actor, complaint_id=key, text=_text(request)),
    "ask_time": _ask_time,
    "time": _time,
    "suspend": lambda request, actor, key: api.suspend(actor=actor, complaint_id=key, reason=_text(request)),
    "resume": lambda request, actor, key: api.resume(actor=actor, complaint_id=key),
    "uphold": lambda request, actor, key: api.uphold(actor=actor, complaint_id=key, reason=_text(request)),
    "redo": lambda request, actor, key: api.redo(actor=actor, complaint_id=key, reason=_text(request)),
    "publish": _publish,
    "unpublish": lambda request, actor, key: api.unpublish_answer(actor=actor, complaint_id=key, reason=_text(request)),
}
