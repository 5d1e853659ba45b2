"""What people type: a plan, a point on the spot."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ui.fields import DayField
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.inspections.api import PlanWords, PointWords
from zhengtong.systems.inspections.constants import TITLE_MAX, PlanKind, TargetKind
from zhengtong.systems.inspections.models import Plan
from zhengtong.systems.inspections.rules import referring


class PlanForm(forms.Form):
    """A plan as the office types it; lists are pasted line by line."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=PlanKind.choices, widget=forms.RadioSelect, initial=PlanKind.SPECIAL
    )
    subject = forms.CharField(label=_("督查事项"), max_length=TITLE_MAX)
    basis = forms.CharField(label=_("督查依据"), max_length=500, help_text=_("文件名称、文号和条款。"))
    starts_on = DayField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = DayField(label=_("结束日期"), widget=forms.DateInput(attrs={"type": "date"}))
    target_kind = forms.ChoiceField(
        label=_("抽取的对象"), choices=TargetKind.choices, widget=forms.RadioSelect, initial=TargetKind.UNIT
    )
    targets = forms.CharField(
        label=_("从哪些对象里抽取"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "一行一个。抽单位的写单位全称，或者只写“全部”；抽窗口、办件的写“窗口名称或者办件编号｜单位全称”。可以从表格粘贴。"
        ),
    )
    sample = forms.IntegerField(label=_("抽取数量"), min_value=1, max_value=500, initial=3)
    pool = forms.CharField(
        label=_("抽调检查人员的单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("检查人员从监察员里随机抽取；再写单位全称的（一行一个），这些单位的经办人也参加抽取。"),
    )
    points = forms.CharField(
        label=_("检查要点"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一条：“要点｜看什么｜取什么证据”。可以从表格粘贴。"),
    )

    def words(self) -> PlanWords:
        """What was typed."""
        found = self.cleaned_data
        names = ("kind", "subject", "basis", "starts_on", "ends_on", "target_kind", "sample", "targets", "points")
        return PlanWords(**{name: found[name] for name in names}, pool=found["pool"])


def initial_of(plan: Plan, pool: list[str]) -> dict[str, Any]:
    """A plan as its form shows it; ``pool`` are the names of the units that lend people."""
    unit = plan.target_kind == TargetKind.UNIT
    names = ("kind", "subject", "basis", "starts_on", "ends_on", "target_kind", "sample")
    targets = [one.name if unit else f"{one.name}｜{one.org_name}" for one in plan.targets.order_by("no")]
    points = [f"{one.title}｜{one.look_at}｜{one.evidence}" for one in plan.points.order_by("no")]
    return {
        **{name: getattr(plan, name) for name in names},
        "targets": "\n".join(targets),
        "points": "\n".join(points),
        "pool": "\n".join(pool),
    }


def about_card(card: referring.CardFacts) -> dict[str, Any]:
    """A special plan about a referred card as its form shows it first."""
    return {
        "kind": PlanKind.SPECIAL,
        "subject": referring.subject_of(card),
        "basis": referring.basis_of(card),
        "target_kind": TargetKind.UNIT,
        "targets": card.unit,
        "sample": 1,
        "points": referring.lines(referring.points_of(card)),
    }


def as_key(text: str) -> uuid.UUID:
    """The key an address names; raises NotFound for nonsense."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(str(_("没有找到这份督查计划或者线索。"))) from None


def default_period() -> dict[str, dt.date]:
    """From today, for thirty days."""
    return {"starts_on": local_date(), "ends_on": local_date() + dt.timedelta(days=30)}


def point_words(request: HttpRequest) -> PointWords:
    """A point as an inspector's phone sends it; what it says of time and version is checked, not believed."""
    seen = request.POST.get("seen", "")
    try:
        at = parse_datetime(request.POST.get("noted_at", ""))
    except ValueError:
        at = None
    return PointWords(
        result=request.POST.get("result", ""),
        serious=request.POST.get("serious") == "on",
        remark=request.POST.get("remark", ""),
        place=request.POST.get("place", ""),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 5 else 0,
        noted_at=at if at is not None and at.tzinfo is not None else None,
        photos=files_of(request, "photos"),
    )


def files_of(request: HttpRequest, name: str) -> list[tuple[str, bytes]]:
    """Name and content of the files of one input."""
    return [(one.name or "", one.read(MAX_BYTES + 1)) for one in request.FILES.getlist(name)]
