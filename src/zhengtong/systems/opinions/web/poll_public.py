"""The public side of surveys: answered once, its results when they are to be seen."""

import uuid
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import Phase
from zhengtong.systems.opinions.models import Poll
from zhengtong.systems.opinions.selectors.finding import find_public, phase
from zhengtong.systems.opinions.selectors.polls import may_see_results, questions_of, results
from zhengtong.systems.opinions.services import limits
from zhengtong.systems.opinions.web.charts import shown_results
from zhengtong.systems.opinions.web.forms import PollForm
from zhengtong.systems.opinions.web.words import add_errors, crumbs, facts, period

_COOKIE, _SALT = "zt_polls", "opinions.polls"
#: of so many surveys a browser remembers that it answered them, for so long
_MOST, _KEPT = 40, 400 * 24 * 3600
_TOO_MANY: Final = 429


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """One survey: its questions while it is open and this browser or account has not answered."""
    row = find_public(Poll, actor_of(request).tenant, poll_id)
    if request.method != "POST":
        return _page(request, row, PollForm(questions=questions_of(row)))
    form = PollForm(request.POST, questions=questions_of(row))
    try:
        _vote(request, row, form)
    except Invalid as refusal:
        form.errors.clear()
        add_errors(form, refusal)
        return _page(request, row, form, status=422)
    except Conflict as refusal:
        return _page(request, row, form, refused=refusal.message, status=409)
    except NotPermitted as refusal:
        return _page(request, row, form, refused=refusal.message, status=_TOO_MANY)
    messages.success(request, _("已收到您的答卷，谢谢。答卷不记名，分不出是谁答的。"))
    seen = may_see_results(row, voted=True)
    answer = redirect("opinions:result" if seen else "opinions:poll", poll_id=row.pk)
    if not row.signed_in_only:
        _remember(request, answer, row)
    return answer


@public
@csrf_exempt  # pages of sites are kept for everybody and hold no token; nothing is changed here
@never_cache
@require_POST
def fill(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """What was chosen on a page of a site, shown again to be sent."""
    row = find_public(Poll, actor_of(request).tenant, poll_id)
    form = PollForm(questions=questions_of(row))
    form.initial = {
        name: values if name in _several(form) else values[0]
        for name, values in PollForm(request.POST, questions=form.questions).given().items()
        if values
    }
    return _page(request, row, form, filled=True)


@public
@never_cache
@require_safe
def result(request: HttpRequest, poll_id: uuid.UUID) -> HttpResponse:
    """The results, with a chart for each question; who may not see them yet is told when."""
    row = find_public(Poll, actor_of(request).tenant, poll_id)
    if not may_see_results(row, voted=_has_voted(request, row)):
        return redirect("opinions:poll", poll_id=row.pk)
    found = results(row, public=True)
    context: dict[str, Any] = {
        "row": row,
        "ballots": found.ballots,
        "open": phase(row) == Phase.OPEN,
        "results": shown_results(found),
        "breadcrumbs": crumbs((row.title, reverse("opinions:poll", args=[row.pk])), (_("调查结果"), "")),
    }
    return render(request, "opinions/result.html", context)


def _vote(request: HttpRequest, row: Poll, form: PollForm) -> None:
    actor = actor_of(request)
    if _has_voted(request, row):
        raise Conflict(_("您已经答过这份调查，每个浏览器或者账户答一次。"))
    address, counted = get_adapter().get_client_ip(request), not row.signed_in_only
    if counted:
        limits.check_ballot(tenant=row.tenant, address=address, poll_id=row.pk)
    api.vote(actor=actor, poll_id=row.pk, answers=form.given())
    if counted:
        limits.count_ballot(tenant=row.tenant, address=address, poll_id=row.pk)


def _page(
    request: HttpRequest, row: Poll, form: PollForm, *, refused: str = "", status: int = 200, filled: bool = False
) -> HttpResponse:
    actor, stands, voted = actor_of(request), phase(row), _has_voted(request, row)
    own = actor.signed_in and actor.kind != "official"
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "stands": stands,
        "voted": voted,
        "answering": bool(refused) or (stands == Phase.OPEN and not voted),
        "must_sign_in": row.signed_in_only and not own,
        "results_open": may_see_results(row, voted=voted),
        "refused": refused,
        "filled": filled,
        "sentence": _sentence(row, stands),
        "facts": facts((_("编号"), row.number), (_("调查单位"), row.org_name), (_("期限"), period(row))),
        "breadcrumbs": crumbs((row.title, "")),
    }
    return render(request, "opinions/poll.html", context, status=status)


def _sentence(row: Poll, stands: Phase) -> str:
    if stands == Phase.WAITING:
        return _("%(a)s开始，%(b)s截止。") % {"a": cn_date(row.opens_on), "b": cn_date(row.closes_on)}
    if stands == Phase.WITHDRAWN:
        return _("这份调查已经撤回：%(why)s") % {"why": row.withdrawn_why}
    if stands == Phase.OPEN:
        return _("%(day)s截止。不记名，分不出是谁答的。") % {"day": cn_date(row.closes_on)}
    return _("已经在%(day)s截止。") % {"day": cn_date(row.closes_on)}


def _several(form: PollForm) -> frozenset[str]:
    return frozenset(f"q{one.no}" for one in form.questions if one.kind == "multiple")


def _has_voted(request: HttpRequest, row: Poll) -> bool:
    if row.signed_in_only:
        return api.has_voted(actor=actor_of(request), poll=row)
    return row.pk.hex in _remembered(request)


def _remembered(request: HttpRequest) -> list[str]:
    try:
        held = signing.loads(request.COOKIES.get(host_cookie(_COOKIE), ""), salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return []
    return [str(one) for one in held] if isinstance(held, list) else []


def _remember(request: HttpRequest, answer: HttpResponse, row: Poll) -> None:
    """The browser keeps which surveys it answered, signed by us; nothing about it is kept here."""
    known = [*_remembered(request), row.pk.hex][-_MOST:]
    answer.set_cookie(
        host_cookie(_COOKIE),
        signing.dumps(known, salt=_SALT),
        max_age=_KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
