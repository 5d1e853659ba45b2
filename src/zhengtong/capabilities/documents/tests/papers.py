"""Contents of papers for tests: ordinary, very long, and with rare characters in names."""

import datetime as dt
from typing import Any

from zhengtong.capabilities.documents.engine.papers import Heading

AT = dt.datetime(2026, 11, 21, 6, 0, tzinfo=dt.UTC)
CODE = "7KQM4XTPA3CX"
REMEDIES = ["如不服本决定，可以自知道本决定之日起60日内申请行政复议，也可以在6个月内提起行政诉讼。"]


def heading(**changes: Any) -> Heading:
    """A heading of the demo county."""
    values: dict[str, Any] = {
        "title": "食品经营许可证",
        "number": "JY29807230000123",
        "holder": "青禾县味之源餐饮管理有限公司",
        "issuer": "青禾县市场监督管理局",
        "issued_at": AT,
        "code": CODE,
        "verify_url": f"https://zw.qinghe.example/verify/{CODE}/",
        "valid_from": dt.date(2026, 11, 21),
        "valid_until": dt.date(2031, 11, 20),
    }
    return Heading(**{**values, **changes})


def licence_fields(**changes: Any) -> dict[str, Any]:
    """What the paper licence of a restaurant registers."""
    rows = [
        ("统一社会信用代码", "91980723MA0000001X"),
        ("法定代表人", "堃喆赟祎玥"),
        ("经营场所", "青禾县青禾镇人民路128号1幢1层"),
        ("经营项目", "热食类食品制售；冷食类食品制售；自制饮品制售"),
    ]
    values: dict[str, Any] = {
        "item": "食品经营许可（餐饮服务）",
        "rows": [{"label": label, "value": value} for label, value in rows],
        "legal_notice": "本电子证照与纸质证照具有同等法律效力",
    }
    return {**values, **changes}


def supplement_fields(count: int) -> dict[str, Any]:
    """A notice with ``count`` missing points."""
    points = [
        {
            "material": f"第{n}项材料：房屋租赁合同（复印件）",
            "problem": "签字无法辨认，请提交清晰的彩色扫描件。" * 2,
            "basis": "第十五条",
        }
        for n in range(1, count + 1)
    ]
    return {
        "item": "开办餐饮店一件事",
        "case_number": "QH20261121000001",
        "points": points,
        "deadline": dt.date(2026, 12, 10),
        "contact": "0980-7230001",
    }


def receipt_fields(count: int) -> dict[str, Any]:
    """A receipt of ``count`` materials."""
    return {
        "item": "开办餐饮店一件事",
        "case_number": "1198072300720198004980133002000202611210001",
        "query_code": "7KQM4XTP",
        "received_at": AT,
        "materials": [{"name": f"材料{n}：经营场所使用证明", "form": "电子", "copies": 1} for n in range(1, count + 1)],
    }


def every_template() -> dict[str, dict[str, Any]]:
    """Realistic contents of each template."""
    reasons = [{"text": "经营场所距污染源不足25米。", "basis": "《食品经营许可审查通则》"}]
    return {
        "licence": licence_fields(),
        "acceptance_notice": {
            "item": "开办餐饮店一件事",
            "case_number": "QH20261121000001",
            "received_on": dt.date(2026, 11, 20),
            "accepted_on": dt.date(2026, 11, 21),
            "due_on": dt.date(2026, 12, 3),
            "statutory_limit": "20个工作日",
            "promised_limit": "8个工作日",
        },
        "supplement_notice": supplement_fields(3),
        "refusal": {
            "item": "食品经营许可",
            "case_number": "QH20261121000001",
            "accepted_on": dt.date(2026, 11, 10),
            "reasons": reasons,
            "remedies": REMEDIES,
        },
        "refused_acceptance": {
            "item": "烟草专卖零售许可证核发",
            "received_on": dt.date(2026, 11, 20),
            "reasons": reasons,
            "remedies": REMEDIES,
            "right_agency": "青禾县烟草专卖局",
        },
        "receipt": receipt_fields(4),
        "pause_notice": {
            "item": "食品经营许可",
            "case_number": "QH20261121000001",
            "cause": "专家评审",
            "basis": "行政许可法 第四十五条",
            "since": dt.date(2026, 11, 23),
            "needed": "需要组织专家评审，预计10个工作日。",
            "until": dt.date(2026, 12, 7),
        },
        "extension_notice": {
            "item": "食品经营许可",
            "case_number": "QH20261121000001",
            "accepted_on": dt.date(2026, 11, 10),
            "days": "10个工作日",
            "approver": "青禾县市场监督管理局",
            "basis": "行政许可法 第四十二条第一款",
            "reason": "现场情况复杂，需要补充核查。",
            "due_on": dt.date(2026, 12, 22),
        },
        "record": {
            "item": "食品经营许可",
            "case_number": "QH20261121000001",
            "opening": ["本机关工作人员对申请的场所进行了现场勘验，情况如下："],
            "rows": [{"label": "勘验日期", "value": "2026年11月23日"}, {"label": "勘验人员", "value": "李二、王五"}],
            "text": ["场所布局与图纸一致，消防通道畅通。"],
            "notes": ["申请人对记录没有意见。"],
        },
        "hearing_notice": {
            "item": "食品经营许可",
            "case_number": "QH20261121000001",
            "requested_on": dt.date(2026, 11, 23),
            "day": dt.date(2026, 12, 3),
            "place": "政务服务中心三楼",
            "host": "王五（审批负责人）",
            "basis": "行政许可法 第四十八条第一款第（一）项",
        },
        "licence_decision": {
            "licence": "食品经营许可证",
            "licence_number": "青市监证〔2026〕12号",
            "item": "食品经营许可",
            "opening": ["关于你（单位）持有的下列行政许可，本机关查明："],
            "reasons": [{"text": "法人依法终止", "basis": "行政许可法 第七十条第（三）项"}, {"text": "已注销登记。"}],
            "decision": ["本机关决定注销上述行政许可，自决定之日起证照失效。"],
            "effective_on": dt.date(2026, 11, 21),
            "relief": "没有需要处理的合法权益。",
            "remedies": REMEDIES,
        },
    }
