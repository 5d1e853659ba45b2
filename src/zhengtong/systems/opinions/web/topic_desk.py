"""One consultation on the desk: written, signed, its opinions read and taken down, its feedback published."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import DESK_ROLES, OFFICERS, Verdict
from zhengtong.systems.opinions.models import Topic
from zhengtong.systems.opinions.selectors import comments as comment_reads
from zhengtong.systems.opinions.selectors.clocks import feedback_limit, lamp_note, lamp_of
from zhengtong.systems.opinions.selectors.finding import find, phase
from zhengtong.systems.opinions.selectors.pages import acts_now
from zhengtong.systems.opinions.web.forms import TopicForm
from zhengtong.systems.opinions.web.words import (
    add_errors,
    desk_crumbs,
    errors_of,
    facts,
    period,
    shown_file,
    status_of,
    time_line,
)

_METHODS = ["GET", "HEAD", "POST"]
_ON_OPINIONS = frozenset({"reply", "undo", "contact"})
DONE = {
    "submit": gettext_lazy("已提请签发。"),
    "return": gettext_lazy("已退回修改。"),
    "publish": gettext_lazy("已签发，到开始日期自动开始，到截止日期自动截止。"),
    "extend": gettext_lazy("已延长。"),
    "withdraw": gettext_lazy("已撤回。"),
    "attach": gettext_lazy("附件已上传。"),
    "detach": gettext_lazy("附件已移除。"),
    "reply": gettext_lazy("采纳情况已记录。"),
    "undo": gettext_lazy("已取消这条记录，意见回到待处理。"),
    "feedback": gettext_lazy("公告已保存，请另一位负责人签发。"),
    "publish_feedback": gettext_lazy("采纳情况已公布。"),
}


@requires(*OFFICERS)
@never_cache
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a consultation."""
    return _write(request, None, {"opens_on": local_date()})


@requires(*OFFICERS)
@never_cache
@require_http_methods(_METHODS)
def edit(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """Change one that is not signed yet."""
    row = api.still_draft(Topic, actor_of(request), topic_id)
    initial = {name: getattr(row, name) for name in TopicForm.base_fields}
    return _write(request, row, {**initial, "questions": "\n".join(row.questions)})


def _write(request: HttpRequest, row: Topic | None, initial: dict[str, Any]) -> HttpResponse:
    form = TopicForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                words = api.TopicWords(**form.cleaned_data)
                made = api.write_topic(actor=actor_of(request), words=words, topic_id=row.pk if row else None)
            except Invalid as refusal:
                add_errors(form, refusal)
            except Conflict as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                messages.success(request, _("已保存。文件草案在下面上传，写好后提请签发。"))
                return redirect("opinions:desk_topic", topic_id=made.pk)
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "title": _("修改意见征集") if row else _("起草意见征集"),
        "form": form,
        "breadcrumbs": desk_crumbs((row.number if row else _("起草意见征集"), "")),
    }
    return render(request, "opinions/form.html", context, status=status)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """One consultation, and what this reader may do."""
    return _page(request, find(Topic, actor_of(request), topic_id))


@requires(*DESK_ROLES)
@never_cache
@require_safe
def opinions(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """The opinions, those without a verdict first; several alike get one answer."""
    return _opinions(request, find(Topic, actor_of(request), topic_id))


@requires(*DESK_ROLES)
@require_safe
def file(request: HttpRequest, topic_id: uuid.UUID, no: int) -> HttpResponse:
    """A paper, also before it is signed."""
    return shown_file(api.read_file(topic=find(Topic, actor_of(request), topic_id), no=no))


@requires(*OFFICERS)
@never_cache
@require_POST
def act(request: HttpRequest, topic_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    if act not in ACTS and act != "contact":
        raise NotFound(_("没有这项操作。"))
    row = find(Topic, actor, topic_id)
    page = _opinions if act in _ON_OPINIONS else _page
    try:
        if act == "contact":
            no = _number(request.POST.get("no"))
            found = api.read_contact(actor=actor, topic_id=row.pk, no=no, purpose=request.POST.get("purpose", ""))
            return _opinions(request, row, contact={no: found})
        ACTS[act](request, actor, row.pk)
    except (Invalid, Conflict) as refusal:
        return page(
            request, row, failed=act, problem=refusal.message, errors=errors_of(refusal), status=status_of(refusal)
        )
    messages.success(request, str(DONE[act]))
    return redirect("opinions:comments" if act in _ON_OPINIONS else "opinions:desk_topic", topic_id=row.pk)


def _page(
    request: HttpRequest,
    row: Topic,
    *,
    failed: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    actor = actor_of(request)
    waits = lamp_of(row) != "none"
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": desk_crumbs((row.number, "")),
        "row": row,
        "is_topic": True,
        "stands": phase(row),
        "facts": _facts(row),
        "files": row.files.order_by("no"),
        "acts": acts_now(actor, row),
        "figures": comment_reads.figures(row),
        "replies": comment_reads.replies(row),
        "lamp": lamp_of(row),
        "lamp_note": lamp_note(row),
        "why": feedback_limit(row).sentence if waits else "",
        "time_line": time_line(row),
        "most_mb": MAX_BYTES // 1024 // 1024,
        "failed": failed,
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST if failed else {},
        "reads": row.org_id == actor.org_id,
    }
    return render(request, "opinions/desk_topic.html", context, status=status)


def _facts(row: Topic) -> list[dict[str, Any]]:
    return facts(
        (_("编号"), row.number),
        (_("征集单位"), row.org_name),
        (_("期限"), period(row)),
        (_("谁能提意见"), _("登录的人") if row.signed_in_only else _("任何人")),
        (_("依据"), row.basis),
        (_("联系方式"), row.contact),
        (_("起草"), row.written_by),
        (_("签发"), f"{row.published_by} {cn_datetime(row.published_at)}" if row.published_at else ""),
        (_("最迟公布采纳情况"), cn_date(row.due_on) if row.due_on else ""),
        (_("公布"), f"{row.answered_by} {cn_datetime(row.answered_at)}" if row.answered_at else ""),
        (_("撤回原因"), row.withdrawn_why),
    )


def _opinions(
    request: HttpRequest,
    row: Topic,
    *,
    failed: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
    contact: dict[int, Any] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    which = request.GET.get("which", "waiting")
    which = which if which in (*Verdict.values, "all") else "waiting"
    page = comment_reads.comments(row, which=which, page=request.GET.get("page", 1))
    chosen = {_number(no) for no in request.POST.getlist("comments")} if failed == "reply" else set()
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": desk_crumbs((row.number, reverse("opinions:desk_topic", args=[row.pk])), (_("意见"), "")),
        "row": row,
        "tabs": [
            {"label": label, "url": f"?which={key}", "active": key == which}
            for key, label in (("waiting", _("待处理")), *Verdict.choices, ("all", _("全部")))
        ],
        "lines": [
            {"view": line, "chosen": line.no in chosen, "contact": (contact or {}).get(line.no)} for line in page.rows
        ],
        "page": page,
        "figures": comment_reads.figures(row),
        "acts": acts_now(actor, row),
        "reads": row.org_id == actor.org_id,
        "verdicts": Verdict.choices,
        "failed": failed,
        "problem": problem,
        "errors": errors or {},
        "failed_no": _number(request.POST.get("no")) if failed == "contact" else 0,
        "typed": request.POST if failed else {},
        "empty_why": _("截止前还会有新的意见。") if not row.closed else _("全部意见都已经处理。"),
    }
    return render(request, "opinions/comments.html", context, status=status)


def day_of(request: HttpRequest, name: str) -> Any:
    """A day somebody typed; raises Invalid."""
    try:
        return read_day(request.POST.get(name, ""))
    except ValueError:
        raise Invalid(_("日期看不懂，请写成 2026-11-22 的样子。"), field=name) from None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _files(request: HttpRequest) -> list[tuple[str, bytes]]:
    found = request.FILES.getlist("attachments")
    if not found:
        raise Invalid(_("请先选择文件。"), field="attachments")
    return [(one.name or "", one.read(MAX_BYTES + 1)) for one in found]


def _reply(request: HttpRequest, actor: Actor, key: uuid.UUID) -> object:
    said = request.POST
    return api.reply(
        actor=actor,
        topic_id=key,
        comments=[_number(no) for no in said.getlist("comments")],
        verdict=said.get("verdict", ""),
        gist=said.get("gist", ""),
        reason=said.get("reason", ""),
    )


ACTS: dict[str, Callable[[HttpRequest, Actor, uuid.UUID], object]] = {
    "submit": lambda _r, actor, key: api.submit(actor=actor, kind=Topic, key=key),
    "return": lambda r, actor, key: api.give_back(actor=actor, kind=Topic, key=key, reason=r.POST.get("reason", "")),
    "publish": lambda _r, actor, key: api.publish(actor=actor, kind=Topic, key=key),
    "extend": lambda r, actor, key: api.extend(
        actor=actor, kind=Topic, key=key, closes_on=day_of(r, "closes_on"), reason=r.POST.get("reason", "")
    ),
    "withdraw": lambda r, actor, key: api.withdraw(actor=actor, kind=Topic, key=key, reason=r.POST.get("reason", "")),
    "attach": lambda r, actor, key: api.attach(actor=actor, topic_id=key, files=_files(r)),
    "detach": lambda r, actor, key: api.detach(actor=actor, topic_id=key, no=_number(r.POST.get("no"))),
    "reply": _reply,
    "undo": lambda r, actor, key: api.undo_reply(actor=actor, topic_id=key, no=_number(r.POST.get("no"))),
    "feedback": lambda r, actor, key: api.write_feedback(actor=actor, topic_id=key, text=r.POST.get("feedback", "")),
    "publish_feedback": lambda _r, actor, key: api.publish_feedback(actor=actor, topic_id=key),
}
