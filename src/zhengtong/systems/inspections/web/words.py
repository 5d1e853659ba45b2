"""What pages of inspections share: crumbs, rows of visits, time lines, the draw."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.inspections.api import DrawView
from zhengtong.systems.inspections.models import Plan, Referral
from zhengtong.systems.inspections.selectors.clocks import lamp_of
from zhengtong.systems.inspections.selectors.pages import ActLine, Line

VISIT_COLUMNS = (
    {"key": "target", "label": gettext_lazy("检查对象")},
    {"key": "subject", "label": gettext_lazy("督查事项")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("期限"), "kind": "lamp"},
    {"key": "by", "label": gettext_lazy("计划到"), "kind": "date"},
    {"key": "number", "label": gettext_lazy("检查编号")},
)
PLAN_COLUMNS = (
    {"key": "subject", "label": gettext_lazy("督查事项")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "period", "label": gettext_lazy("时间")},
    {"key": "sample", "label": gettext_lazy("抽取"), "kind": "number"},
    {"key": "number", "label": gettext_lazy("编号")},
)
REFERRAL_COLUMNS = (
    {"key": "number", "label": gettext_lazy("监察编号")},
    {"key": "org", "label": gettext_lazy("责任单位")},
    {"key": "level", "label": gettext_lazy("等级")},
    {"key": "rule", "label": gettext_lazy("监察规则")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("期限"), "kind": "lamp"},
    {"key": "at", "label": gettext_lazy("转来日期"), "kind": "date"},
)
DRAW_COLUMNS = (
    {"key": "place", "label": gettext_lazy("结果")},
    {"key": "name", "label": gettext_lazy("对象")},
    {"key": "key", "label": gettext_lazy("对象代号")},
    {"key": "against", "label": gettext_lazy("亮牌、投诉")},
    {"key": "weight", "label": gettext_lazy("权重")},
    {"key": "rank", "label": gettext_lazy("抽取序值")},
)


def desk_context(*parts: tuple[str, str]) -> dict[str, Any]:
    """Title and crumbs of a page of the desk."""
    start = [{"label": _("定期督查"), "url": reverse("inspections:desk")}]
    return {
        "desk_title": _("定期督查"),
        "breadcrumbs": [*start, *({"label": label, "url": url} for label, url in parts)],
    }


def visit_rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Visits as the table wants them."""
    return [
        {
            "target": line.target if line.target == line.org else f"{line.target}（{line.org}）",
            "subject": line.subject,
            "state": line.state,
            "due": {"state": line.lamp, "note": cn_date(line.due_on) if line.due_on else ""},
            "by": line.by,
            "number": line.number,
            "url": reverse("inspections:visit", args=[line.id]),
        }
        for line in lines
    ]


def plan_rows(plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """Plans as the table wants them."""
    return [
        {
            "subject": plan.subject,
            "kind": plan.get_kind_display(),
            "state": plan.get_state_display(),
            "period": period_of(plan),
            "sample": plan.sample,
            "number": plan.number,
            "url": reverse("inspections:plan", args=[plan.id]),
        }
        for plan in plans
    ]


def referral_rows(rows: Iterable[Referral]) -> list[dict[str, Any]]:
    """Referred cards as the table wants them."""
    return [
        {
            "number": row.card_number,
            "org": row.org_name,
            "level": row.get_card_level_display(),
            "rule": row.rule_name,
            "state": row.outcome or row.get_state_display(),
            "due": {"state": lamp_of(row), "note": cn_date(row.due_on) if row.running else ""},
            "at": local_date(row.referred_at),
            "url": reverse("inspections:referral", args=[row.id]),
        }
        for row in rows
    ]


def period_of(plan: Plan) -> str:
    """From when to when."""
    return _("%(a)s至%(b)s") % {"a": cn_date(plan.starts_on), "b": cn_date(plan.ends_on)}


def time_line(acts: Iterable[ActLine]) -> list[dict[str, Any]]:
    """Acts, newest first."""
    return [{"at": one.at, "title": one.title, "who": one.who, "note": one.text} for one in reversed(list(acts))]


def draw_rows(found: DrawView) -> list[dict[str, Any]]:
    """Candidates in the order of the draw."""
    return [
        {
            "place": _("第 %(n)d 个抽中") % {"n": line.place} if line.place else _("未抽中"),
            "name": line.name if line.name == line.org else f"{line.name}（{line.org}）",
            "key": line.key,
            "against": f"{line.cards}、{line.complaints}",
            "weight": f"{line.weight:g}",
            "rank": f"{line.rank:.6f}",
        }
        for line in found.lines
    ]


def draw_facts(found: DrawView) -> list[dict[str, str]]:
    """Seed and method of a draw."""
    pairs = (
        (_("随机种子"), found.seed),
        (_("抽取方法"), found.method),
        (_("抽取时间"), cn_datetime(found.at)),
        (_("重新计算"), _("与记录一致") if found.right else _("与记录不一致，请核查")),
    )
    return [{"label": label, "value": value} for label, value in pairs]
