"""The public side of consultations: list, one with its feedback, the form, the receipt, what became of an opinion."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.attempts import digest_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import Phase, State
from zhengtong.systems.opinions.models import Comment, Topic
from zhengtong.systems.opinions.selectors import comments as comment_reads
from zhengtong.systems.opinions.selectors.clocks import lamp_note, lamp_of
from zhengtong.systems.opinions.selectors.finding import find_public, phase
from zhengtong.systems.opinions.selectors.lists import Listed, Wanted, public_list, units_with_some
from zhengtong.systems.opinions.services import limits
from zhengtong.systems.opinions.web.forms import CommentForm, ReceiptForm
from zhengtong.systems.opinions.web.words import add_errors, asked, crumbs, facts, period, shown_file

FRESH, PRESSED = "opinions_fresh", "opinions_pressed"
_METHODS = ["GET", "HEAD", "POST"]
_TOO_MANY = 429
_COLUMNS = (
    {"key": "title", "label": gettext_lazy("题目")},
    {"key": "what", "label": gettext_lazy("类别")},
    {"key": "org", "label": gettext_lazy("征集单位")},
    {"key": "phase", "label": gettext_lazy("状态")},
    {"key": "closes_on", "label": gettext_lazy("截止日期"), "kind": "date"},
)
_TABS = (
    ("", gettext_lazy("全部")),
    (Phase.OPEN, gettext_lazy("正在进行")),
    (Phase.CLOSED, gettext_lazy("已截止")),
    (Phase.ANSWERED, gettext_lazy("已公布采纳情况")),
)
WHAT = {"topic": gettext_lazy("意见征集"), "poll": gettext_lazy("网上调查")}


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything the public is or was asked, narrowed by state, kind, unit and words."""
    tenant = actor_of(request).tenant
    wanted = Wanted(
        words=asked(request, "q"),
        unit=asked(request, "unit"),
        what=asked(request, "what"),
        phase=asked(request, "phase"),
    )
    page = public_list(tenant, wanted, request.GET.get("page", 1))
    filters: list[dict[str, Any]] = [
        {"name": "q", "label": _("题目、编号"), "value": wanted.words},
        {
            "name": "what",
            "label": _("类别"),
            "type": "select",
            "options": [("", _("全部")), *WHAT.items()],
            "value": wanted.what,
        },
        {
            "name": "unit",
            "label": _("征集单位"),
            "type": "select",
            "options": [("", _("全部")), *units_with_some(tenant)],
            "value": wanted.unit,
        },
        {"name": "phase", "type": "hidden", "value": wanted.phase},
    ]
    context: dict[str, Any] = {
        "tabs": [
            {"label": label, "url": f"?phase={key}" if key else "?", "active": key == wanted.phase}
            for key, label in _TABS
        ],
        "filters": filters,
        "columns": _COLUMNS,
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "empty": {"title": _("没有符合条件的征集和调查"), "why": _("换一个条件再看；新的征集发布后会出现在这里。")},
        "breadcrumbs": [*crumbs()[:1], {"label": _("民意征集"), "url": ""}],
    }
    return render(request, "opinions/home.html", context)


def _row(one: Listed) -> dict[str, Any]:
    left = (one.closes_on - local_date()).days
    state: Any = one.phase.label
    if one.phase == Phase.OPEN:
        state = _("正在进行，还有 %(n)d 天") % {"n": left + 1}
    return {
        "title": one.title,
        "what": WHAT[one.what],
        "org": one.org_name,
        "phase": state,
        "closes_on": one.closes_on,
        "url": reverse(f"opinions:{one.what}", args=[one.id]),
    }


@public
@require_safe
def topic(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """One consultation: what it is about, its papers, until when; after it the feedback with its figures."""
    row = find_public(Topic, actor_of(request).tenant, topic_id)
    stands = phase(row)
    answered = row.state == State.ANSWERED
    context: dict[str, Any] = {
        "row": row,
        "stands": stands,
        "open": stands == Phase.OPEN,
        "facts": facts(
            (_("编号"), row.number),
            (_("征集单位"), row.org_name),
            (_("期限"), period(row)),
            (_("依据"), row.basis),
            (_("联系方式"), row.contact),
        ),
        "files": row.files.order_by("no"),
        "lamp": lamp_of(row) if stands == Phase.CLOSED else "none",
        "lamp_note": lamp_note(row),
        "sentence": _sentence(row, stands),
        "figures": comment_reads.figures(row) if answered else None,
        "replies": comment_reads.replies(row, public=True) if answered else [],
        "breadcrumbs": crumbs((row.title, "")),
    }
    return render(request, "opinions/topic.html", context)


def _sentence(row: Topic, stands: Phase) -> str:
    days = {"a": cn_date(row.opens_on), "b": cn_date(row.closes_on), "n": (row.closes_on - local_date()).days + 1}
    if stands == Phase.WAITING:
        return _("%(a)s开始，%(b)s截止。") % days
    if stands == Phase.OPEN:
        return _("正在征求意见，%(b)s截止，还有 %(n)d 天。") % days
    if stands == Phase.CLOSED and row.due_on:
        return _("已经截止，%(org)s最迟%(day)s公布意见采纳情况。") % {"org": row.org_name, "day": cn_date(row.due_on)}
    if stands == Phase.ANSWERED:
        return _("征集已经结束，%(day)s公布了意见采纳情况。") % {"day": cn_date(row.answered_at)}
    if stands == Phase.WITHDRAWN:
        return _("这次征集已经撤回：%(why)s") % {"why": row.withdrawn_why}
    return _("已经截止。")


@public
@require_safe
def file(request: HttpRequest, topic_id: uuid.UUID, no: int) -> HttpResponse:
    """A paper of a consultation, to be saved."""
    row = find_public(Topic, actor_of(request).tenant, topic_id)
    return shown_file(api.read_file(topic=row, no=no))


@public
@never_cache
@require_http_methods(_METHODS)
def send(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """The form of an opinion; what was typed is given back with every refusal."""
    actor = actor_of(request)
    row = find_public(Topic, actor.tenant, topic_id)
    own = actor.signed_in and actor.kind != "official"
    form = CommentForm(request.POST or None, questions=row.questions)
    status, refused = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            pressed = digest_of_day("opinions.pressed", f"{row.pk}{sorted(form.cleaned_data.items())}")
            if request.session.get(PRESSED) == pressed:
                # the same words by a second press: there is an opinion already
                return redirect("opinions:receipt")
            try:
                made = _given(request, actor, row, form)
            except Invalid as refusal:
                add_errors(form, refusal)
            except Conflict as refusal:
                refused, status = refusal.message, 409
            except NotPermitted as refusal:
                refused, status = refusal.message, _TOO_MANY
            else:
                request.session[PRESSED] = pressed
                request.session[FRESH] = {"id": str(made.comment.pk), "receipt": made.receipt}
                return redirect("opinions:receipt")
    elif phase(row) != Phase.OPEN:
        return redirect("opinions:topic", topic_id=row.pk)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "own": own,
        "must_sign_in": row.signed_in_only and not own,
        "official": actor.kind == "official",
        "refused": refused,
        "until": cn_date(row.closes_on),
        "breadcrumbs": crumbs((row.title, reverse("opinions:topic", args=[row.pk])), (_("提意见"), "")),
    }
    return render(request, "opinions/send.html", context, status=status)


def _given(request: HttpRequest, actor: Actor, row: Topic, form: CommentForm) -> api.CommentReceipt:
    address, counted = get_adapter().get_client_ip(request), not actor.signed_in
    if counted:
        limits.check_send(tenant=actor.tenant, address=address)
    said = form.cleaned_data
    words = api.CommentWords(
        content=said["content"], answers=form.answers(), voice=said["voice"], name=said["name"], phone=said["phone"]
    )
    made = api.give_opinion(actor=actor, topic_id=row.pk, words=words)
    if counted:
        limits.count_sent(tenant=actor.tenant, address=address)
    return made


@public
@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt, shown once."""
    held = request.session.pop(FRESH, None)
    rows = Comment.objects.select_related("topic").filter(tenant=actor_of(request).tenant)
    row = rows.filter(pk=uuid.UUID(held["id"])).first() if held else None
    if row is None:
        return redirect("opinions:find")
    context: dict[str, Any] = {
        "row": row,
        "number": held["receipt"],
        "facts": facts(
            (_("征集题目"), row.topic.title), (_("征集单位"), row.topic.org_name), (_("第几条意见"), row.no)
        ),
        "breadcrumbs": crumbs((_("意见回执"), "")),
    }
    return render(request, "opinions/receipt.html", context)


@public
@never_cache
@require_http_methods(_METHODS)
def find_own(request: HttpRequest) -> HttpResponse:
    """What became of an opinion, by its receipt; the words themselves are not shown again."""
    actor = actor_of(request)
    form = ReceiptForm(request.POST or None)
    found: Comment | None = None
    status, refused = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            address = get_adapter().get_client_ip(request)
            try:
                found = limits.guard_look_up(
                    lambda: api.find_by_receipt(tenant=actor.tenant, receipt=form.cleaned_data["receipt"]),
                    tenant=actor.tenant,
                    address=address,
                )
                status = 200
            except NotPermitted as refusal:
                refused, status = refusal.message, _TOO_MANY
            except NotFound as refusal:
                form.add_error("receipt", refusal.message)
    context: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "found": found,
        "facts": _found_facts(found) if found else [],
        "breadcrumbs": crumbs((_("查询意见采纳情况"), "")),
    }
    return render(request, "opinions/find.html", context, status=status)


def _found_facts(found: Comment) -> list[dict[str, Any]]:
    told = found.reply if found.topic.state == State.ANSWERED else None
    waits = _("还没有公布。截止以后，征集单位逐条研究，统一公布采纳情况。")
    return facts(
        (_("征集题目"), found.topic.title),
        (_("收到时间"), cn_date(found.received_at)),
        (_("采纳情况"), told.get_verdict_display() if told else waits),
        (_("意见归纳"), told.gist if told else ""),
        (_("理由"), told.reason if told else ""),
    )
