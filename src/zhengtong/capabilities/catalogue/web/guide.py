"""The parts of a guide, in the words and shapes of the page."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue.api import ItemVersionView, JointDepartment, Material
from zhengtong.kernel.errors import DomainError

_FORM_NOTES: Mapping[str, Any] = {
    "原件": gettext_lazy("交原件"),
    "复印件": gettext_lazy("交复印件"),
    "数据共享": gettext_lazy("系统核验，不用提交"),
}


@dataclasses.dataclass(frozen=True)
class Fact:
    """A line of the guide; ``check`` when the value was not yet compared with its source (待核实)."""

    label: str
    value: str
    check: bool = False


@dataclasses.dataclass(frozen=True)
class LimitView:
    """法定 or 承诺时限 side by side."""

    label: str
    value: str
    note: str
    check: bool


def facts(item: ItemVersionView) -> list[Fact]:
    """Who, for whom, on what basis, at what price, with what result."""

    def fact(label: str, value: str, field: str = "") -> Fact:
        return Fact(label, value, bool(field) and field not in item.confirmed)

    found = [
        fact(_("实施部门"), item.org_name),
        fact(_("服务对象"), item.applicant_type),
        fact(_("事项类型"), f"{item.power_type}（{item.handling_kind}）"),
        fact(_("设定依据"), item.legal_basis.replace(";", "；"), "legal_basis"),
        fact(_("收费"), item.fee or _("不收费"), "fee"),
        fact(_("办理结果"), item.result_document.replace(";", "；")),
        fact(_("有效期"), item.validity, "validity"),
        fact(_("数量限制"), item.quantity),
        fact(_("网办深度"), item.online_depth),
        fact(_("实施编码"), item.code),
        fact(_("监督投诉"), item.complaint),
    ]
    return [entry for entry in found if entry.value and entry.value != "-"]


def limits(item: ItemVersionView) -> list[LimitView]:
    """Both limits, each with what follows when it passes."""
    return [
        LimitView(
            _("承诺时限"),
            item.promised_limit.label,
            _("我们公开承诺的期限，超过亮红灯，由电子监察督办。"),
            "promised_limit" not in item.confirmed,
        ),
        LimitView(
            _("法定时限"),
            item.statutory_limit.label,
            _("法律规定的最长期限，超过就是违法。") if item.statutory_limit.is_set else _("法律没有规定办理时限。"),
            "statutory_limit" not in item.confirmed,
        ),
    ]


def joint(item: ItemVersionView) -> list[dict[str, str]]:
    """The departments that review at the same time, each with its limit."""
    return [_joint(unit) for unit in item.joint_departments]


def materials(item: ItemVersionView) -> list[dict[str, Any]]:
    """What to bring: paper by paper."""
    return [_material(material) for material in item.materials]


def stops(item: ItemVersionView) -> dict[str, list[str]]:
    """Special steps: those that stop the clock, and those that do not."""
    found: dict[str, list[str]] = {"stopping": [], "counted": []}
    for step in item.special_steps:
        text = step.name
        if step.longest.is_set:
            text += _("（最长 %(limit)s）") % {"limit": step.longest.label}
        elif step.length.is_set:
            text += _("（%(limit)s）") % {"limit": step.length.label}
        found["stopping" if step.stops_clock else "counted"].append(text)
    return found


def picture(item: ItemVersionView) -> SafeString:
    """The drawing of the process; empty when none is deployed. The engine escapes every text of it."""
    if not item.process_key:
        return SafeString("")
    try:
        return mark_safe(cases.process_picture(item.tenant, item.process_key))  # noqa: S308 - escaped by the engine
    except DomainError:
        return SafeString("")


def _joint(unit: JointDepartment) -> dict[str, str]:
    limit = cases.Limit.parse(unit["limit"])
    return {
        "name": unit["org_name"],
        "limit": limit.label if limit.is_set else _("随承诺时限"),
        "note": unit["note"],
    }


def _material(material: Material) -> dict[str, Any]:
    how = str(_FORM_NOTES.get(material["form"], material["form"]))
    if material["copies"] and material["form"] != "数据共享":
        how += _(" %(copies)d 份") % {"copies": material["copies"]}
    return {**material, "how": how, "shared": material["form"] == "数据共享"}
