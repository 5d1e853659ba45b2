"""The desk: queues by clock, one request, its acts, its files and letters, opinions asked of the unit."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, money
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import (
    AUTHORITY,
    UNIT_ROLES,
    AskKind,
    FeeMode,
    Opinion,
    PartyKind,
    RemedyKind,
    RemedyResult,
)
from zhengtong.systems.disclosure.models import Consultation, DisclosureRequest, HandlingFee
from zhengtong.systems.disclosure.permissions import in_authority
from zhengtong.systems.disclosure.rules.outcomes import CHOICES, DATA_OUTCOMES, OUTCOMES
from zhengtong.systems.disclosure.rules.receipt import confirmed_late
from zhengtong.systems.disclosure.selectors.clocks import clocks_of
from zhengtong.systems.disclosure.selectors.pages import act_lines, masked
from zhengtong.systems.disclosure.selectors.requests import acts_now, alike, find
from zhengtong.systems.disclosure.services.reading import Identity
from zhengtong.systems.disclosure.web.desk_acts import ACTS, DONE
from zhengtong.systems.disclosure.web.track import shown_file
from zhengtong.systems.disclosure.web.words import clock_rows, desk_crumbs, time_line, unit_choices

_ROLES = (*UNIT_ROLES, AUTHORITY)
_QUEUES = {
    "todo": gettext_lazy("待办"),
    "decide": gettext_lazy("待负责人决定"),
    "late": gettext_lazy("已超期"),
    "waiting": gettext_lazy("等待他人"),
    "done": gettext_lazy("已办结"),
    "all": gettext_lazy("全部"),
}
_COLUMNS = (
    {"key": "title", "label": gettext_lazy("所需信息")},
    {"key": "applicant", "label": gettext_lazy("申请人")},
    {"key": "org", "label": gettext_lazy("受理单位")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("期限"), "kind": "lamp"},
    {"key": "on", "label": gettext_lazy("收到之日"), "kind": "date"},
    {"key": "number", "label": gettext_lazy("编号")},
)


@requires(*_ROLES)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue: what is due first stands first; the authority reads the whole county."""
    actor = actor_of(request)
    name = request.GET.get("queue", "late" if in_authority(actor) else "todo")
    name = name if name in _QUEUES else "todo"
    text = "".join(request.GET.get("number", "").replace("\x00", "").split())
    org = request.GET.get("org", "").replace("\x00", "")[:20] if in_authority(actor) else ""
    page = api.queue(actor=actor, name=name, text=text, page=request.GET.get("page", 1), org=org)
    filters: list[dict[str, Any]] = [{"name": "number", "label": _("按编号查找"), "value": text}]
    if in_authority(actor):
        units = [("", _("全部单位")), *unit_choices(actor.tenant)[1:]]
        filters.append({"name": "org", "label": _("受理单位"), "type": "select", "options": units, "value": org})
    context: dict[str, Any] = {
        "desk_title": _("信息公开申请"),
        "breadcrumbs": [{"label": _("信息公开申请"), "url": ""}],
        "authority": in_authority(actor),
        "consults": api.asked_of_unit(actor).count(),
        "tabs": [
            {"label": label, "url": f"?queue={key}", "active": key == name and not text}
            for key, label in _QUEUES.items()
        ],
        "filters": filters,
        "columns": _COLUMNS,
        "rows": [_row(line) for line in page.rows],
        "page": page,
        "total": _("共 %(n)d 件") % {"n": page.total},
        "empty": {"title": _("这里没有申请"), "why": _("新的申请会出现在这里，并且发消息告诉您。")},
    }
    return render(request, "disclosure/desk.html", context)


def _row(line: Any) -> dict[str, Any]:
    return {
        "title": line.title,
        "applicant": line.applicant,
        "org": line.org_name,
        "state": line.outcome or line.state,
        "due": {"state": line.lamp, "note": cn_date(line.due_on) if line.due_on and line.lamp != "none" else ""},
        "on": line.received_on,
        "number": line.number,
        "url": reverse("disclosure:one", args=[line.id]),
    }


@requires(*_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request, and what this reader may do."""
    return _page(request, find(actor_of(request), request_id))


@requires(*_ROLES)
@never_cache
@require_POST
def act(request: HttpRequest, request_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    if act == "identity":
        return _identity(request, request_id)
    if act not in ACTS:
        raise NotFound(_("没有这项操作。"))
    row = find(actor, request_id)
    try:
        ACTS[act](request, actor, request_id)
    except (Invalid, Conflict) as refusal:
        errors = _errors(refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, row, failed=act, problem=refusal.message, errors=errors, status=status)
    messages.success(request, str(DONE[act]))
    return redirect("disclosure:desk") if act == "forward" else redirect("disclosure:one", request_id=request_id)


def _errors(refusal: Invalid | Conflict) -> dict[str, str]:
    if not isinstance(refusal, Invalid):
        return {}
    return dict(refusal.errors) if refusal.errors else {refusal.field: refusal.message} if refusal.field else {}


def _identity(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Who asked, in the clear, on this page only."""
    actor = actor_of(request)
    row = find(actor, request_id)
    try:
        opened = api.read_identity(actor=actor, request_id=request_id, purpose=request.POST.get("purpose", ""))
    except Invalid as refusal:
        return _page(request, row, failed="identity", problem=refusal.message, errors=_errors(refusal), status=422)
    return _page(request, row, opened=opened)


@requires(*_ROLES)
@never_cache
@require_safe
def file(request: HttpRequest, request_id: uuid.UUID, no: int) -> HttpResponse:
    """A file of the request; each opening is recorded."""
    return shown_file(api.open_file(actor=actor_of(request), request_id=request_id, no=no))


@requires(*_ROLES)
@never_cache
@require_safe
def letter(request: HttpRequest, request_id: uuid.UUID, no: int) -> HttpResponse:
    """A letter of the request as a paper."""
    return shown_file(api.read_letter(actor=actor_of(request), request_id=request_id, no=no))


@requires(*UNIT_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consults(request: HttpRequest) -> HttpResponse:
    """What other units ask of this one: whether information made together may be opened."""
    actor = actor_of(request)
    problem, status = "", 200
    if request.method == "POST":
        try:
            _answer_for_unit(request)
        except (Invalid, Conflict) as refusal:
            problem, status = refusal.message, 409 if isinstance(refusal, Conflict) else 422
        else:
            messages.success(request, _("意见已经答复。"))
            return redirect("disclosure:consults")
    context: dict[str, Any] = {
        "desk_title": _("信息公开申请"),
        "breadcrumbs": desk_crumbs((_("征求意见"), "")),
        "asked": [
            {"row": one, "opinion_id": f"opinion-{place}", "words_id": f"words-{place}"}
            for place, one in enumerate(api.asked_of_unit(actor))
        ],
        "choices": _OPINIONS,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "disclosure/consults.html", context, status=status)


_OPINIONS = [(Opinion.AGREE, Opinion.AGREE.label), (Opinion.OBJECT, Opinion.OBJECT.label)]


def _answer_for_unit(request: HttpRequest) -> None:
    actor, wanted = actor_of(request), request.POST.get("consultation", "")
    found = next((one for one in api.asked_of_unit(actor) if str(one.id) == wanted), None)
    if found is None:
        raise Conflict(_("没有找到这次征求意见，或者已经答复过。"))
    api.reply(
        actor=actor,
        consultation_id=found.id,
        opinion=request.POST.get("opinion", ""),
        words=request.POST.get("words", "")[:3000],
    )


def _page(
    request: HttpRequest,
    row: DisclosureRequest,
    *,
    failed: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    opened: Identity | None = None,
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    actor = actor_of(request)
    fee = HandlingFee.objects.filter(request=row).first()
    late = row.received_on is None and confirmed_late(row.channel, row.arrived_on, None, local_date())
    context: dict[str, Any] = {
        "desk_title": _("信息公开申请"),
        "breadcrumbs": desk_crumbs((row.number, "")),
        "row": row,
        "acts_now": acts_now(actor, row),
        "facts": _facts(row),
        "outcome": _outcome(row),
        "clocks": clock_rows(clocks_of(row)),
        "acts": time_line(act_lines(row)),
        "alike": alike(row),
        "files": row.files.order_by("no"),
        "letters": row.letters.order_by("no"),
        "drafts": row.drafts.order_by("no"),
        "extensions": row.extensions.order_by("created_at"),
        "asked_time": row.extensions.filter(state="asked").first(),
        "consultations": [_consultation(request, one) for one in row.consultations.order_by("no")],
        "remedies": row.remedies.order_by("lodged_on"),
        "fee": fee,
        "fee_money": money(fee.amount_fen / 100) if fee else "",
        "late_confirming": late,
        "opened": _opened(opened) if opened else [],
        "failed": failed,
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST if failed else {},
        **_choices(row),
    }
    return render(request, "disclosure/one.html", context, status=status)


def _choices(row: DisclosureRequest) -> dict[str, Any]:
    own_data = row.kind == AskKind.OWN_DATA
    kinds = [(key, label) for key, label in CHOICES if (key in DATA_OUTCOMES) == own_data]
    ends = [(key, label) for key, label in kinds if own_data or (key in OUTCOMES and not OUTCOMES[key].by_clock)]
    results = [choice for choice in RemedyResult.choices if choice[0] != RemedyResult.PENDING]
    return {
        "outcomes": [("", _("请选择")), *ends],
        "units": unit_choices(row.tenant),
        "party_kinds": PartyKind.choices,
        "opinions": _OPINIONS,
        "modes": FeeMode.choices,
        "remedy_kinds": [("", _("请选择")), *RemedyKind.choices],
        "remedy_results": [("", _("请选择")), *results],
    }


def _consultation(request: HttpRequest, one: Consultation) -> dict[str, Any]:
    path = reverse("disclosure:opinion", args=[api.link_token(one)])
    link = request.build_absolute_uri(path) if not one.opinion and one.kind == PartyKind.THIRD else ""
    return {"row": one, "link": link, "opinion_id": f"opinion-{one.no}", "words_id": f"opinion-words-{one.no}"}


def _facts(row: DisclosureRequest) -> list[dict[str, str]]:
    who = dict(masked(row))
    pairs = (
        (_("编号"), row.number),
        (_("申请事项"), row.get_kind_display()),
        (_("受理单位"), row.org_name),
        (_("申请人"), who["name"]),
        (_("申请人类别"), row.get_applicant_kind_display()),
        (_("身份证明"), who["identity"]),
        (_("联系电话"), who["phone"]),
        (_("渠道"), row.get_channel_display()),
        (_("送达日期"), cn_date(row.arrived_on)),
        (_("收到申请之日"), cn_date(row.received_on) if row.received_on else _("待与申请人确认")),
        (_("收到补正之日"), cn_date(row.corrected_on) if row.corrected_on else ""),
        (_("收到经过"), row.received_note),
        (_("文号"), row.document_number),
        (_("用途"), row.use),
        (_("提供信息的形式"), row.get_form_display()),
        (_("获取信息的方式"), row.get_delivery_display()),
        (_("申请人说明的理由"), row.reasons),
        (_("登记"), f"{row.taken_by} {cn_datetime(row.received_at)}".strip()),
        (_("拆分自"), row.parent.number if row.parent else ""),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _outcome(row: DisclosureRequest) -> list[dict[str, str]]:
    found = OUTCOMES.get(row.outcome)
    pairs = (
        (_("结果"), row.get_outcome_display()),
        (_("依据"), found.article if found else ""),
        (_("理由"), row.reason),
        (_("答复内容"), row.answer),
        (_("获取方式和途径"), row.access),
        (_("负责公开的机关"), row.agency),
        (_("办结时间"), cn_datetime(row.closed_at) if row.closed_at else ""),
        (_("期限"), "" if row.in_time is None else _("按期答复") if row.in_time else _("超过期限")),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _opened(found: Identity) -> list[dict[str, str]]:
    pairs = (
        (_("姓名或者名称"), found.name),
        (_("联系人"), found.contact_name),
        (_("身份证明"), found.identity),
        (_("联系电话"), found.phone),
        (_("电子邮箱"), found.email),
        (_("通信地址"), found.address),
    )
    return [{"label": label, "value": value or _("没有填写")} for label, value in pairs]
