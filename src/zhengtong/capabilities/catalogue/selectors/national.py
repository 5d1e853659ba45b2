"""The list in the written form of the national 实施清单: element by element, for exports and for other systems.

Names of elements as on the national platform (task_name, task_code, …); codes of GB/T 39046 annex A. The unit of a
limit is written in words: no code list for it was found (待核实).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhengtong.capabilities.catalogue.constants import ExerciseLevel, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.selectors.versions import ItemVersionView, version_view

#: element → what it is called on a sheet, in the order of the form
ELEMENTS: Mapping[str, str] = {
    "task_name": "事项名称",
    "catalog_code": "基本编码",
    "task_code": "实施编码",
    "task_type": "事项类型代码",
    "task_type_name": "事项类型",
    "by_law": "设定依据",
    "use_level": "行使层级代码",
    "exercise": "权限划分",
    "task_version": "版本号",
    "task_state": "状态",
    "dept_name": "实施主体",
    "dept_code": "实施主体代码",
    "anticipate_day": "法定办结时限",
    "anticipate_type": "法定办结时限单位",
    "promise_day": "承诺办结时限",
    "promise_type": "承诺办结时限单位",
    "accept_condition": "受理条件",
    "handle_flow": "办理流程",
    "is_fee": "是否收费",
    "fee": "收费标准及依据",
    "server_type": "服务对象代码",
    "project_type": "办件类型代码",
    "limit_scene_num": "到办事现场次数",
    "special_procedure": "特别程序",
    "other_dept": "联办机构",
    "limit_explain": "数量限制",
    "result_name": "办理结果名称",
    "result_validity": "结果有效期",
    "online_handle_depth": "网办深度",
    "responsibility": "责任事项",
    "accountability": "追责情形",
    "transact_addr": "办理地点",
    "transact_time": "办理时间",
    "link_way": "咨询方式",
    "supervise_way": "监督投诉方式",
    "plan_effective_date": "计划生效日期",
}
MATERIAL_ELEMENTS: Mapping[str, str] = {
    "task_code": "实施编码",
    "task_name": "事项名称",
    "order": "序号",
    "name": "材料名称",
    "type": "材料形式",
    "copies": "份数",
    "source": "来源渠道",
    "issuer": "出具单位",
    "is_need": "必要性",
    "tolerable": "可否容缺",
    "accept_stand": "受理标准",
    "fill_explain": "填报须知",
}
_SERVED = {"person": "1", "legal": "2,3,4,6", "both": "1,2,3,4,6"}
_SOURCES = {"applicant": "申请人自备", "office": "政府部门核发", "other": "其他"}


def national_rows(tenant: str) -> Iterator[ItemVersionView]:
    """All published items, by unit and code, read in portions."""
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED).select_related("item")
    for row in rows.order_by("item__org_code", "item__code").iterator(chunk_size=200):
        yield version_view(row)


def national_codes(tenant: str, *, after: str = "", limit: int = 200) -> list[str]:
    """Codes of items that are or were published, in their order from ``after`` on."""
    rows = Item.objects.filter(tenant=tenant, code__gt=after)
    return [str(code) for code in rows.order_by("code").values_list("code", flat=True)[:limit]]


def national_versions(tenant: str, codes: Collection[str]) -> list[ItemVersionView]:
    """Of each item its published version, or the last one where it was retired."""
    rows = ItemVersion.objects.filter(
        tenant=tenant, item__code__in=codes, status__in=(VersionStatus.PUBLISHED, VersionStatus.RETIRED)
    ).select_related("item")
    newest = {row.item_id: row for row in rows.order_by("version")}
    return [version_view(row) for row in newest.values()]


def national_form(item: ItemVersionView) -> dict[str, Any]:
    """One item as a mapping of the keys of ``ELEMENTS``; texts and numbers only."""
    return {
        "task_name": item.name,
        "catalog_code": item.code[19:31],
        "task_code": item.code,
        "task_type": item.power_type_code,
        "task_type_name": item.power_type,
        "by_law": item.legal_basis,
        "use_level": _level(item),
        "exercise": item.exercise_note,
        "task_version": item.version,
        "task_state": "在用" if item.status == VersionStatus.PUBLISHED else "停用",
        "dept_name": item.org_name,
        "dept_code": item.code[:18],
        "anticipate_day": item.statutory_limit.amount if item.statutory_limit.is_set else "",
        "anticipate_type": _unit(item.statutory_limit),
        "promise_day": item.promised_limit.amount if item.promised_limit.is_set else "",
        "promise_type": _unit(item.promised_limit),
        "accept_condition": "\n".join(item.conditions),
        "handle_flow": "\n".join(item.flow),
        "is_fee": "1" if item.fees else "0",
        "fee": _fee(item),
        "server_type": _SERVED.get(item.applicant_code, ""),
        "project_type": item.handling_code,
        "limit_scene_num": "" if item.visits is None else item.visits,
        "special_procedure": "\n".join(step.name for step in item.special_steps),
        "other_dept": "\n".join(unit["org_name"] for unit in item.joint_departments),
        "limit_explain": item.quantity,
        "result_name": item.result_document,
        "result_validity": item.validity,
        "online_handle_depth": item.online_depth,
        "responsibility": "\n".join(item.responsibilities),
        "accountability": item.accountability,
        "transact_addr": item.address,
        "transact_time": item.hours,
        "link_way": item.phone,
        "supervise_way": item.complaint,
        "plan_effective_date": item.valid_from.strftime("%Y%m%d") if item.valid_from else "",
    }


def national_materials(item: ItemVersionView) -> list[dict[str, Any]]:
    """The materials of an item as mappings of the keys of ``MATERIAL_ELEMENTS``."""
    return [
        {
            "task_code": item.code,
            "task_name": item.name,
            "order": number,
            "name": material["name"],
            "type": material["form"],
            "copies": material["copies"],
            "source": _SOURCES.get(material["source"], ""),
            "issuer": material["issuer"],
            "is_need": material["condition"] or "必要",
            "tolerable": "可容缺" if material["tolerable"] else "不可容缺",
            "accept_stand": material["accept_standard"],
            "fill_explain": material["note"],
        }
        for number, material in enumerate(item.materials, start=1)
    ]


def _unit(limit: Any) -> str:
    words = {"WD": "工作日", "D": "自然日", "MONTH": "月", "YEAR": "年", "H": "小时"}
    return words.get(str(limit.unit), "") if limit.is_set else ""


def _level(item: ItemVersionView) -> str:
    return next((level.value for level in ExerciseLevel if str(level.label) == item.exercise_level), "")


def _fee(item: ItemVersionView) -> str:
    lines = [
        "".join(
            (
                fee.name,
                f" {fee.amount} 元" if fee.amount else "",
                f"/{fee.unit}" if fee.unit else "",
                f"（{fee.basis}）" if fee.basis else "",
            )
        )
        for fee in item.fees
    ]
    return "\n".join(lines) or item.fee
