"""The acts of the desk: what a form sends, to the service that does it."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import ExtensionKind
from zhengtong.systems.disclosure.web.forms import AnswerForm, read_files

Act = Callable[[HttpRequest, Actor, uuid.UUID], object]

DONE = {
    "confirm": gettext_lazy("已确认收到，开始计算答复期限。"),
    "correct": gettext_lazy("已告知补正，收到补正后答复期限重新起算。"),
    "corrected": gettext_lazy("已登记补正，答复期限从今天起算。"),
    "consult": gettext_lazy("已征求意见，答复期限中止计算。"),
    "reply": gettext_lazy("意见已登记。"),
    "end_consult": gettext_lazy("不再征求意见，答复期限恢复计算。"),
    "ask_time": gettext_lazy("已申请延长期限，等负责人决定；期限照常计算。"),
    "ask_delay": gettext_lazy("已申请延迟答复，等负责人决定；期限照常计算。"),
    "time": gettext_lazy("延长期限已经决定。"),
    "ask_reasons": gettext_lazy("已要求申请人说明理由，期限照常计算。"),
    "fee": gettext_lazy("已通知缴费，答复期限中止计算。"),
    "paid": gettext_lazy("已登记缴费，答复期限恢复计算。"),
    "draft": gettext_lazy("答复已报负责人审定。"),
    "return": gettext_lazy("已退回修改。"),
    "approve": gettext_lazy("已审定，答复书发给申请人。"),
    "split": gettext_lazy("已拆分，各件分别办理。"),
    "forward": gettext_lazy("已转给负责的单位，申请人收到告知。"),
    "remedy": gettext_lazy("已登记。"),
    "remedy_result": gettext_lazy("结果已登记。"),
}


def _text(request: HttpRequest, name: str = "text") -> str:
    return request.POST.get(name, "")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def read_day_of(request: HttpRequest, name: str) -> dt.date:
    """The day of a field; raises Invalid for what is none."""
    try:
        return read_day(request.POST.get(name, ""))
    except ValueError:
        raise Invalid(_("请写日期，例如 2026-11-23。"), field=name) from None


def _key(request: HttpRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        return uuid.UUID(int=0)


def _consult(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.consult(
        actor=actor,
        request_id=key,
        kind=_text(request, "kind"),
        party=_text(request, "party"),
        contact=_text(request, "contact"),
        org_code=_text(request, "org"),
        about=_text(request, "about"),
    )


def _reply(request: HttpRequest, actor: Actor, _request_id: uuid.UUID) -> None:
    api.reply(
        actor=actor,
        consultation_id=_key(request, "consultation"),
        opinion=_text(request, "opinion"),
        words=_text(request, "words")[:3000],
    )


def _draft(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    form = AnswerForm(request.POST, request.FILES)
    form.is_valid()
    answer = api.Answer(
        outcome=_text(request, "outcome"),
        reason=_text(request, "reason"),
        text=_text(request),
        access=_text(request, "access"),
        agency=_text(request, "agency"),
        overrides=request.POST.get("overrides") == "on",
        files=read_files(form.cleaned_data.get("attachments", [])),
    )
    api.draft_answer(actor=actor, request_id=key, answer=answer)


def _time(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.decide_time(actor=actor, request_id=key, grant=_text(request, "grant") == "yes", note=_text(request))


def _ask_time(kind: str) -> Act:
    return lambda request, actor, key: api.ask_time(
        actor=actor, request_id=key, kind=kind, days=_number(request, "days"), reason=_text(request)
    )


def _remedy(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.enter_remedy(
        actor=actor,
        request_id=key,
        kind=_text(request, "kind"),
        body=_text(request, "body"),
        lodged_on=read_day_of(request, "lodged_on"),
        case_number=_text(request, "case_number"),
    )


def _result(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    api.enter_result(
        actor=actor,
        request_id=key,
        remedy_id=_key(request, "remedy"),
        result=_text(request, "result"),
        decided_on=read_day_of(request, "decided_on"),
        note=_text(request),
    )


ACTS: dict[str, Act] = {
    "confirm": lambda request, actor, key: api.confirm(
        actor=actor, request_id=key, confirmed_on=read_day_of(request, "confirmed_on")
    ),
    "correct": lambda request, actor, key: api.ask_correction(
        actor=actor, request_id=key, text=_text(request), days=_number(request, "days")
    ),
    "corrected": lambda request, actor, key: api.correct(
        actor=actor, request_id=key, text=_text(request), taken_down=True
    ),
    "consult": _consult,
    "reply": _reply,
    "end_consult": lambda request, actor, key: api.end_consult(actor=actor, request_id=key, reason=_text(request)),
    "ask_time": _ask_time(ExtensionKind.EXTENSION),
    "ask_delay": _ask_time(ExtensionKind.DELAY),
    "time": _time,
    "ask_reasons": lambda request, actor, key: api.ask_reasons(actor=actor, request_id=key, text=_text(request)),
    "fee": lambda request, actor, key: api.charge(
        actor=actor, request_id=key, mode=_text(request, "mode"), pages=_number(request, "pages")
    ),
    "paid": lambda request, actor, key: api.record_paid(
        actor=actor, request_id=key, receipt_note=_text(request, "receipt_note")
    ),
    "draft": _draft,
    "return": lambda request, actor, key: api.return_draft(actor=actor, request_id=key, reason=_text(request)),
    "approve": lambda request, actor, key: api.approve_answer(actor=actor, request_id=key),
    "split": lambda request, actor, key: api.split(
        actor=actor, request_id=key, parts=_text(request, "parts").splitlines()
    ),
    "forward": lambda request, actor, key: api.forward(
        actor=actor, request_id=key, org_code=_text(request, "org"), reason=_text(request)
    ),
    "remedy": _remedy,
    "remedy_result": _result,
}
