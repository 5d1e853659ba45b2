"""For everybody: this year's totals, and draws with which anybody can draw again."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of, public
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.models import Plan
from zhengtong.systems.inspections.selectors.draws import is_public
from zhengtong.systems.inspections.web.words import DRAW_COLUMNS, draw_facts, draw_rows, period_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What was inspected this year and what came of it; no unit and no person is named with a finding."""
    tenant = actor_of(request).tenant
    context: dict[str, Any] = {
        "year": local_date().year,
        "total": api.public_totals(tenant),
        "units": api.units_visited(tenant),
        "plans": [
            {
                "title": plan.subject,
                "url": reverse("inspections:public_draw", args=[plan.id]),
                "date": plan.starts_on,
                "tag": plan.get_kind_display(),
            }
            for plan in api.public_plans(tenant)
        ],
        "breadcrumbs": _crumbs((_("督查公开"), "")),
    }
    return render(request, "inspections/home.html", context)


@public
@require_safe
def draw(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """The draw of a plan whose visits are all made; who inspects is not said."""
    plan = Plan.objects.filter(tenant=actor_of(request).tenant, pk=plan_id).select_related("draw").first()
    if plan is None or not is_public(plan):
        raise NotFound(_("没有找到这次抽取，或者检查还没有做完，暂不公开。"))
    found = api.draw_view(plan.draw)
    context: dict[str, Any] = {
        "plan": plan,
        "period": period_of(plan),
        "facts": draw_facts(found),
        "columns": DRAW_COLUMNS,
        "rows": draw_rows(found),
        "points": plan.points.order_by("no"),
        "breadcrumbs": _crumbs((_("督查公开"), reverse("inspections:home")), (_("随机抽取"), "")),
    }
    return render(request, "inspections/draw.html", context)


def _crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": _("首页"), "url": "/"}, *({"label": label, "url": url} for label, url in parts)]
