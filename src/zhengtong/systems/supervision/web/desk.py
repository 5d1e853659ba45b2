"""The supervisor's workbench: whose turn it is, what is late, what waits for a second person; batches of one kind."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.web import board, cards, words

_QUEUES = (("judge", "待核定"), ("recheck", "待复查"), ("doubt", "依据已变"), ("unit", "等责任单位"))


@requires(SUPERVISOR)
@require_GET
def desk_page(request: HttpRequest) -> HttpResponse:
    """监察工作台: what to judge first, by the clock."""
    if request.GET.get("export"):
        return cards.taken_out(request, str(_("监察工作台")), _wanted(request))
    return render(request, "supervision/desk.html", _context(request))


@requires(SUPERVISOR)
@require_GET
def desk_live(request: HttpRequest) -> HttpResponse:
    """The strip of newest cards above the list; 304 while nothing changed."""
    return board.unchanged(request) or board.page(request, "supervision/parts/pulse.html", _pulse(request))


@requires(SUPERVISOR)
@require_POST
def confirm_many(request: HttpRequest) -> HttpResponse:
    """批量认定: cards of one rule for one reason."""
    typed = request.POST.get("reason", "")
    try:
        done, left = services.confirm_cards(actor=actor_of(request), card_ids=cards.picked(request), reason=typed)
    except (Invalid, Conflict) as error:
        context = _context(request) | {"error": error.message, "typed": typed}
        return render(request, "supervision/desk.html", context, status=422)
    cards.tell_result(request, _("已认定 %(n)d 张。") % {"n": done}, left)
    return redirect(f"{reverse('supervision:desk')}?{request.GET.urlencode()}")


def _wanted(request: HttpRequest) -> selectors.CardFilter:
    wanted = cards.wanted_of(request)
    if not wanted.queue and not wanted.number:
        return cards.wanted_of(request, queue="judge")
    return wanted


def _context(request: HttpRequest) -> dict[str, Any]:
    actor, wanted = actor_of(request), _wanted(request)
    page = selectors.cards(actor, wanted, page=request.GET.get("page"), by_clock=True, size=30)
    hidden = {"name": "queue", "type": "hidden", "value": wanted.queue}
    return {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("监察工作台"), "url": ""}],
        "queues": _queues(actor, wanted.queue),
        "others": _others(actor),
        "queue": wanted.queue,
        "filters": [hidden, *cards.filters_of(actor, states=False)],
        "total": _("共 %(n)d 张") % {"n": page.total},
        "columns": words.columns(clock=True, without=("at",)),
        "rows": words.card_rows(page.rows, pick=wanted.queue == "judge", picked=cards.picked(request)),
        "page": page,
        "empty": _nothing(wanted.queue),
        "export_url": cards.export_url(request),
        "action": f"{reverse('supervision:confirm_many')}?{request.GET.urlencode()}",
        "pulse_url": reverse("supervision:desk_live"),
        **_pulse(request),
    }


def _queues(actor: Actor, chosen: str) -> list[dict[str, Any]]:
    counts = selectors.queue_counts(actor)
    return [
        {
            "label": label,
            "count": counts[key][0],
            "late": counts[key][1] if key != "doubt" else 0,
            "url": f"?queue={key}",
            "active": key == chosen,
        }
        for key, label in _QUEUES
    ]


def _others(actor: Actor) -> list[dict[str, Any]]:
    """What waits elsewhere, only where something does."""
    batches, measures = selectors.to_decide(actor)
    held = selectors.held_total(actor)
    found = [
        (batches, _("批批量撤销待您核准"), reverse("supervision:bulk")),
        (measures, _("项责任追究待决定"), reverse("supervision:measures")),
        (held, _("张故障时段内的牌待核定"), reverse("supervision:outages")),
    ]
    return [{"label": f"{number} {label}", "url": url} for number, label, url in found if number]


def _nothing(queue: str) -> dict[str, str]:
    why = {
        "judge": _("没有等待核定的牌。责任单位说明以后，或者逾期没有说明的，会出现在这里。"),
        "recheck": _("没有等待复查的整改报告。"),
        "doubt": _("没有依据已变、建议撤销的牌。"),
        "unit": _("没有等责任单位说明或者整改的牌。"),
    }
    return {"title": _("这一栏是空的"), "why": why.get(queue, _("请更换或者清除筛选条件。"))}


def _pulse(request: HttpRequest) -> dict[str, Any]:
    found = selectors.board(actor_of(request), latest=3, late=0)
    return {"board": found, "latest": board.latest(found), "delay": board.delay_words(found)}
