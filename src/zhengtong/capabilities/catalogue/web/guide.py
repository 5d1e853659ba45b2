"""The parts of a guide, in the words and shapes of the page."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue.api import (
    FEWEST,
    ItemVersionView,
    JointDepartment,
    Material,
    experience_of,
    main_item,
    sub_items,
)
from zhengtong.capabilities.catalogue.constants import ItemKind, MaterialSource
from zhengtong.capabilities.catalogue.rules import is_limit, words_of
from zhengtong.capabilities.documents.constants import REMEDIES
from zhengtong.kernel import parameters
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


def context(item: ItemVersionView) -> dict[str, Any]:
    """Everything the page of a guide shows besides the ways to apply."""
    return {
        "item": item,
        "facts": facts(item),
        "limits": limits(item),
        "joint": joint(item),
        "materials": materials(item),
        "stops": stops(item),
        "fees": fees(item),
        "commitment": commitment(item),
        "members": members(item),
        "sub_items": main_and_sub_items(item),
        "picture": picture(item),
        "typical": typical(item),
        "remedies": remedies(item),
    }


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
        fact(_("到现场次数"), _("%(n)d 次") % {"n": item.visits} if item.visits is not None else ""),
        fact(_("行使层级"), item.exercise_level),
        fact(_("权限划分"), item.exercise_note),
        fact(_("实施单位"), "、".join(item.executors)),
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
            _promise_note(item),
            "promised_limit" not in item.confirmed,
        ),
        LimitView(
            _("法定时限"),
            item.statutory_limit.label,
            _("法律规定的最长期限，超过就是违法。") if item.statutory_limit.is_set else _("法律没有规定办理时限。"),
            "statutory_limit" not in item.confirmed,
        ),
    ]


def _promise_note(item: ItemVersionView) -> str:
    if item.promised_limit.is_set:
        return _("我们公开承诺的期限，超过亮红灯，由电子监察督办。")
    return _("没有另外承诺，按法定时限办理。") if item.statutory_limit.is_set else _("没有公开承诺办理时限。")


def typical(item: ItemVersionView) -> dict[str, Any]:
    """How it really went lately, where enough people applied to tell: ``days`` a sentence, ``applied`` this year."""
    seen = experience_of(item.tenant, item.code)
    found: dict[str, Any] = {"applied": seen.this_year if seen.this_year >= FEWEST else 0}
    if seen.days is not None and seen.decided >= FEWEST:
        days = math.ceil(seen.days)
        how_long = _("在 %(days)d 天内办结") % {"days": days} if days else _("当天办结")
        found |= {
            "days": _("近一年办结的 %(total)d 件里，一半%(how_long)s（从提交起算，含节假日）。")
            % {"total": seen.decided, "how_long": how_long}
        }
    return found


def remedies(item: ItemVersionView) -> dict[str, Any]:
    """复议、诉讼 against what is decided, in the words of the decisions themselves."""
    texts = parameters.value(REMEDIES, tenant=item.tenant) if item.on_application else []
    return {"texts": texts, "check": not parameters.declared.get(REMEDIES).confirmed}


def joint(item: ItemVersionView) -> list[dict[str, str]]:
    """The departments that review at the same time, each with its limit."""
    return [_joint(unit) for unit in item.joint_departments]


def materials(item: ItemVersionView) -> list[dict[str, Any]]:
    """What to bring: paper by paper."""
    names = {member.code: member.name for member in item.members}
    serves = {
        material["key"]: "、".join(names[code] for code in material["members"] if code in names)
        for material in item.materials
    }
    return [_material(material, serves) for material in item.materials]


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


def fees(item: ItemVersionView) -> list[dict[str, str]]:
    """Each charge with its standard, its basis and who pays less."""
    return [
        {
            "name": fee.name,
            "standard": _("%(amount)s 元") % {"amount": fee.amount} + (f"/{fee.unit}" if fee.unit else "")
            if fee.amount
            else _("按标准计算"),
            "basis": "；".join(
                filter(None, [fee.basis, _("由%(unit)s收取") % {"unit": fee.payee} if fee.payee else ""])
            ),
            "reduction": "；".join(text for text in (fee.reduction, fee.reduction_basis) if text),
        }
        for fee in item.fees
    ]


def commitment(item: ItemVersionView) -> dict[str, Any] | None:
    """告知承诺: what is told and promised, and which papers need not be handed in; None where there is none."""
    stated = item.commitment
    if stated is None:
        return None
    names = [each["name"] for each in item.materials if each["key"] in stated.materials]
    within = words_of(stated.check_within) if is_limit(stated.check_within) else ""
    return {"stated": stated, "materials": names, "check_within": within}


def members(item: ItemVersionView) -> list[dict[str, Any]]:
    """The items a bundle joins, each with the papers it needs; a paper that names none serves all of them."""
    return [
        {
            "member": member,
            "materials": [
                each["name"] for each in item.materials if not each["members"] or member.code in each["members"]
            ],
        }
        for member in item.members
    ]


def main_and_sub_items(item: ItemVersionView) -> dict[str, Any]:
    """The sub-items of a main item, or the main item of a sub-item; empty for all others."""
    if item.kind == ItemKind.MAIN:
        return {"below": sub_items(item.tenant, item.code)}
    return {"above": main_item(item.tenant, item.parent_id)} if item.parent_id else {}


def picture(item: ItemVersionView) -> SafeString:
    """The drawing of the process; empty when none is deployed. The engine escapes every text of it."""
    if not item.process_key:
        return SafeString("")
    try:
        return mark_safe(cases.process_picture(item.tenant, item.process_key))  # noqa: S308 - escaped by the engine
    except DomainError:
        return SafeString("")


def _joint(unit: JointDepartment) -> dict[str, str]:
    limit = cases.Limit.parse(unit["limit"] if is_limit(unit["limit"]) else "NONE")
    return {
        "name": unit["org_name"],
        "limit": limit.label if limit.is_set else _("随承诺时限"),
        "note": unit["note"],
    }


def _material(material: Material, serves: Mapping[str, str]) -> dict[str, Any]:
    how = str(_FORM_NOTES.get(material["form"], material["form"]))
    if material["form"] != "数据共享":
        how = how + _(" %(copies)d 份") % {"copies": material["copies"]} if material["copies"] else _("不用交纸质")
    return {
        **material,
        "how": how,
        "shared": material["form"] == "数据共享",
        "serves": serves.get(material["key"], ""),
        "source_label": _source(material),
        "within_label": words_of(material["within"]) if is_limit(material["within"]) else "",
    }


def _source(material: Material) -> str:
    """Who makes the paper out; nothing for what applicants bring themselves."""
    if material["source"] not in MaterialSource.values or material["source"] == MaterialSource.APPLICANT:
        return material["issuer"]
    return material["issuer"] or str(MaterialSource(material["source"]).label)
