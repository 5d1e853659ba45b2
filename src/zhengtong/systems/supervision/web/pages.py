"""The overdue list, one case, and the rules."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.selectors import drafts, paths
from zhengtong.systems.supervision.selectors.cases import last_day
from zhengtong.systems.supervision.web import rule_drafts, trail, words
from zhengtong.systems.supervision.web.paths import way_context


@requires(SUPERVISOR)
@require_GET
def late_list(request: HttpRequest) -> HttpResponse:
    """超期环节: which unit, which step, since when."""
    size = exports.MOST_ROWS if request.GET.get("export") else 20
    page = selectors.late_steps(actor_of(request), page=request.GET.get("page"), size=size)
    if request.GET.get("export"):
        columns, rows = words.STEP_SHEET_COLUMNS, words.step_sheet_rows(page.rows)
        return exports.download(str(_("超期环节")), exports.sheet_of(str(_("超期环节")), columns, rows))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _below_board(_("超期环节")),
        "columns": words.STEP_COLUMNS,
        "rows": words.step_rows(page.rows),
        "page": page,
        "total": _("共 %(n)d 个") % {"n": page.total},
        "export_url": "?export=xlsx",
        "empty": {"title": _("没有超期的环节"), "why": _("各单位在办的环节都在时限以内。")},
    }
    return render(request, "supervision/late.html", context)


@requires(SUPERVISOR)
@require_GET
def case_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case: every step, every unit, every card."""
    actor = actor_of(request)
    found = selectors.case_trail(actor, case_id)
    cards = selectors.cards(actor, selectors.CardFilter(number=found.number), size=100)
    way = paths.case_way(actor, case_id)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _below_board(found.number),
        "way": way,
        **(way_context(way) if way else {}),
        "case": found,
        "facts": _facts(found),
        "events": trail.events_of(found),
        "columns": words.CARD_COLUMNS,
        "cards": words.card_rows(cards.rows),
        "no_cards": {"title": _("这个办件没有亮过牌"), "why": ""},
    }
    return render(request, "supervision/case.html", context)


def _below_board(label: str) -> list[dict[str, str]]:
    return [{"label": _("监察看板"), "url": reverse("supervision:board")}, {"label": label, "url": ""}]


def _facts(found: selectors.CaseTrail) -> list[dict[str, str]]:
    accepted = cn_date(found.accepted_on) + (_("（依法视为受理）") if found.deemed_accepted else "")
    ended = trail.OUTCOMES.get(found.outcome, found.outcome) if found.closed_at else ""
    rows = [
        (_("办件编号"), found.number),
        (_("主办单位"), found.org_name),
        (_("收到申请"), cn_date(found.opened_at)),
        (_("受理日期"), accepted),
        (_("补正告知"), _("%(n)d 次") % {"n": found.supplements} if found.supplements else ""),
        (_("承诺时限截止"), cn_date(last_day(found.promised_due)) if found.promised_due else ""),
        (_("法定时限截止"), cn_date(last_day(found.statutory_due)) if found.statutory_due else ""),
        (_("时钟"), _("依法停止计时") if found.paused else ""),
        (_("结果"), f"{ended}（{_('按期') if found.in_time else _('超过承诺时限')}）" if ended else _("在办")),
    ]
    return [{"label": label, "value": str(value)} for label, value in rows if value]


@requires(SUPERVISOR)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """监察规则: what makes a card, on what basis, and which numbers are still to be verified."""
    actor = actor_of(request)
    rules = selectors.rules(actor)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("监察规则"), "url": ""}],
        "rules": [
            {
                "rule": rule,
                "lamp": words.lamp(rule.level),
                "text": trail.template_words(rule.explanation),
                "points": words.points(rule.points),
            }
            for rule in rules
        ],
        "drafts": [rule_drafts.told(draft) for draft in drafts.open_drafts(actor)],
        "retired": drafts.retired_rules(actor),
        "unconfirmed": sum(not rule.confirmed for rule in rules),
    }
    return render(request, "supervision/rules.html", context)
