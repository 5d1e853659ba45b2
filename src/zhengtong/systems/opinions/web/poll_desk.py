"""One survey on the desk: its questions, a preview, signing; its results, written answers and excerpts."""

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
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import DESK_ROLES, OFFICERS, Phase, QuestionKind
from zhengtong.systems.opinions.models import Poll
from zhengtong.systems.opinions.permissions import check_unit
from zhengtong.systems.opinions.rules.polls import Question
from zhengtong.systems.opinions.selectors.finding import find, phase
from zhengtong.systems.opinions.selectors.pages import acts_now
from zhengtong.systems.opinions.selectors.polls import questions_of, results
from zhengtong.systems.opinions.selectors.polls import texts as text_reads
from zhengtong.systems.opinions.web.charts import result_tables, shown_results
from zhengtong.systems.opinions.web.forms import PollForm, PollWordsForm, QuestionForm
from zhengtong.systems.opinions.web.topic_desk import DONE, day_of
from zhengtong.systems.opinions.web.words import (
    add_errors,
    desk_crumbs,
    errors_of,
    facts,
    period,
    status_of,
    time_line,
)

_METHODS = ["GET", "HEAD", "POST"]
_DONE = {
    **DONE,
    "remove": gettext_lazy("题目已删除，后面的题号前移。"),
    "raise": gettext_lazy("题目已上移。"),
    "excerpt": gettext_lazy("已摘登。"),
    "drop": gettext_lazy("已撤下摘登。"),
}


@requires(*OFFICERS)
@never_cache
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a survey."""
    return _write(request, None, {"opens_on": local_date()})


@requires(*OFFICERS)
@never_cache
@require_http_methods(_METHODS)
def edit(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """Change the words of one that is not signed yet."""
    row = api.still_draft(Poll, actor_of(request), poll_id)
    return _write(request, row, {name: getattr(row, name) for name in PollWordsForm.base_fields})


def _write(request: HttpRequest, row: Poll | None, initial: dict[str, Any]) -> HttpResponse:
    form = PollWordsForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                words = api.PollWords(**form.cleaned_data)
                made = api.write_poll(actor=actor_of(request), words=words, poll_id=row.pk if row else None)
            except Invalid as refusal:
                add_errors(form, refusal)
            except Conflict as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                messages.success(request, _("已保存。在下面编写题目。"))
                return redirect("opinions:desk_poll", poll_id=made.pk)
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "title": _("修改网上调查") if row else _("起草网上调查"),
        "form": form,
        "breadcrumbs": desk_crumbs((row.number if row else _("起草网上调查"), "")),
    }
    return render(request, "opinions/form.html", context, status=status)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """One survey: its questions while it is written, its results afterwards."""
    return _page(request, find(Poll, actor_of(request), poll_id))


@requires(*DESK_ROLES)
@never_cache
@require_safe
def preview(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """The survey as the public will see it; nothing can be sent."""
    row = find(Poll, actor_of(request), poll_id)
    context: dict[str, Any] = {
        "row": row,
        "form": PollForm(questions=questions_of(row)),
        "stands": phase(row),
        "answering": True,
        "preview": True,
        "facts": facts((_("编号"), row.number), (_("调查单位"), row.org_name), (_("期限"), period(row))),
        "breadcrumbs": [
            *desk_crumbs((row.number, reverse("opinions:desk_poll", args=[row.pk]))),
            {"label": _("预览"), "url": ""},
        ],
    }
    return render(request, "opinions/poll.html", context)


@requires(*OFFICERS)
@never_cache
@require_safe
def texts(request: HttpRequest, poll_id: uuid.UUID, no: int) -> HttpResponse:
    """The written answers to one question, for the unit that asked, and what was chosen for the public."""
    row = find(Poll, actor_of(request), poll_id)
    check_unit(actor_of(request), row)
    return _texts(request, row, no)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def result_xlsx(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """The results as a workbook: a sheet for each question; written answers as numbers only."""
    row = find(Poll, actor_of(request), poll_id)
    tables = result_tables(results(row))
    if not tables:
        raise NotFound(_("这份调查还没有题目。"))
    return exports.download(f"survey-{row.number}", *(table.sheet for table in tables))


@requires(*OFFICERS)
@never_cache
@require_POST
def act(request: HttpRequest, poll_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    row = find(Poll, actor, poll_id)
    if act == "question":
        return _question(request, actor, row)
    if act not in ACTS:
        raise NotFound(_("没有这项操作。"))
    no = _number(request.POST.get("no"))
    try:
        ACTS[act](request, actor, row.pk)
    except (Invalid, Conflict) as refusal:
        told: dict[str, Any] = {"problem": refusal.message, "errors": errors_of(refusal), "status": status_of(refusal)}
        if act in ("excerpt", "drop"):
            check_unit(actor, row)
            return _texts(request, row, no, **told)
        return _page(request, row, failed=act, **told)
    messages.success(request, str(_DONE[act]))
    if act in ("excerpt", "drop"):
        return redirect("opinions:texts", poll_id=row.pk, no=no)
    return redirect("opinions:desk_poll", poll_id=row.pk)


def _question(request: HttpRequest, actor: Actor, row: Poll) -> HttpResponse:
    """Add or change a question; a refusal gives it back as it was typed."""
    no = _number(request.POST.get("no")) or None
    form = QuestionForm(request.POST, auto_id=f"{_prefix(no)}_%s")
    status = 422
    if form.is_valid():
        try:
            words = api.QuestionWords(**form.cleaned_data)
            api.write_question(actor=actor, poll_id=row.pk, words=words, no=no)
        except Invalid as refusal:
            add_errors(form, refusal)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
            status = 409
        else:
            messages.success(request, _("题目已保存。"))
            return redirect("opinions:desk_poll", poll_id=row.pk)
    return _page(request, row, failed="question", form=form, no=no, status=status)


def _page(
    request: HttpRequest,
    row: Poll,
    *,
    failed: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
    form: QuestionForm | None = None,
    no: int | None = None,
) -> HttpResponse:
    row.refresh_from_db()
    actor, stands = actor_of(request), phase(row)
    acts = acts_now(actor, row)
    found = results(row) if row.published_at else None
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": desk_crumbs((row.number, "")),
        "row": row,
        "is_topic": False,
        "stands": stands,
        "writing": stands == Phase.DRAFT and "edit" in acts,
        "facts": _facts(row),
        "acts": acts,
        "questions": [_line(one, form if no == one.no else None) for one in questions_of(row)],
        "fresh": form if failed == "question" and no is None else QuestionForm(auto_id=f"{_prefix(None)}_%s"),
        "adding": failed == "question" and no is None,
        "ballots": found.ballots if found else 0,
        "results": shown_results(found) if found else [],
        "time_line": time_line(row),
        "failed": failed,
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST if failed else {},
        "reads": row.org_id == actor.org_id,
    }
    return render(request, "opinions/desk_poll.html", context, status=status)


def _line(one: Question, form: QuestionForm | None) -> dict[str, Any]:
    initial = {
        "kind": one.kind,
        "words": one.words,
        "choices": "\n".join(one.choices),
        "most": one.most,
        "required": one.required,
    }
    return {
        "no": one.no,
        "words": one.words,
        "kind": QuestionKind(one.kind).label,
        "choices": one.choices,
        "most": one.most,
        "required": one.required,
        "form": form or QuestionForm(initial=initial, auto_id=f"{_prefix(one.no)}_%s"),
        "open": form is not None,
    }


def _facts(row: Poll) -> list[dict[str, Any]]:
    return facts(
        (_("编号"), row.number),
        (_("调查单位"), row.org_name),
        (_("期限"), period(row)),
        (_("谁能回答"), _("登录的人，每个账户一次") if row.signed_in_only else _("任何人，每个浏览器一次")),
        (_("什么时候公布结果"), row.get_shown_display()),
        (_("起草"), row.written_by),
        (_("签发"), f"{row.published_by} {cn_datetime(row.published_at)}" if row.published_at else ""),
        (_("撤回原因"), row.withdrawn_why),
    )


def _texts(
    request: HttpRequest,
    row: Poll,
    no: int,
    *,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = next((one for one in results(row).questions if one.question.no == no), None)
    if asked is None or asked.question.kind != QuestionKind.TEXT:
        raise NotFound(_("没有这一道文字题。"))
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": desk_crumbs((row.number, reverse("opinions:desk_poll", args=[row.pk])), (_("文字答案"), "")),
        "row": row,
        "asked": asked,
        "page": text_reads(row, no, request.GET.get("page", 1)),
        "chooses": "reply" in acts_now(actor_of(request), row),
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST if problem else {},
    }
    return render(request, "opinions/texts.html", context, status=status)


def _prefix(no: int | None) -> str:
    return f"question{no}" if no else "question_new"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _key(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise NotFound(_("没有这条摘登。")) from None


ACTS: dict[str, Callable[[HttpRequest, Actor, uuid.UUID], object]] = {
    "submit": lambda _r, actor, key: api.submit(actor=actor, kind=Poll, key=key),
    "return": lambda r, actor, key: api.give_back(actor=actor, kind=Poll, key=key, reason=r.POST.get("reason", "")),
    "publish": lambda _r, actor, key: api.publish(actor=actor, kind=Poll, key=key),
    "extend": lambda r, actor, key: api.extend(
        actor=actor, kind=Poll, key=key, closes_on=day_of(r, "closes_on"), reason=r.POST.get("reason", "")
    ),
    "withdraw": lambda r, actor, key: api.withdraw(actor=actor, kind=Poll, key=key, reason=r.POST.get("reason", "")),
    "remove": lambda r, actor, key: api.remove_question(actor=actor, poll_id=key, no=_number(r.POST.get("no"))),
    "raise": lambda r, actor, key: api.raise_question(actor=actor, poll_id=key, no=_number(r.POST.get("no"))),
    "excerpt": lambda r, actor, key: api.choose_excerpt(
        actor=actor, poll_id=key, no=_number(r.POST.get("no")), text=r.POST.get("text", "")
    ),
    "drop": lambda r, actor, key: api.drop_excerpt(actor=actor, poll_id=key, excerpt_id=_key(r.POST.get("excerpt"))),
}
