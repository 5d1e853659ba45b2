"""The short forms for a licence that is lost or given up: what the item's own form asks is known already."""

from typing import Any

REPLACEMENT_FORM = "licence_replacement"
CANCELLATION_FORM = "licence_cancellation"

_WHO: dict[str, Any] = {
    "title": "申请人",
    "fields": [
        {
            "key": "applicant_kind",
            "label": "申请人类型",
            "kind": "choice",
            "personal": True,
            "prefill": "applicant_kind",
            "options": [["person", "个人"], ["legal", "单位（法人、个体工商户或其他组织）"]],
        },
        {
            "key": "legal_name",
            "label": "单位名称",
            "kind": "text",
            "prefill": "legal_name",
            "when": {"field": "applicant_kind", "values": ["legal"]},
        },
        {"key": "name", "label": "姓名", "kind": "text", "personal": True, "prefill": "name"},
        {"key": "phone", "label": "手机号码", "kind": "phone", "prefill": "phone"},
    ],
}
_TRUE: dict[str, Any] = {
    "key": "consent_true",
    "label": "我承诺填写的内容真实；隐瞒有关情况或者提供虚假材料的，依法承担责任",
    "kind": "consent",
    "help": "行政许可法 第七十八条。",
}

DEFINITIONS: dict[str, dict[str, Any]] = {
    REPLACEMENT_FORM: {
        "title": "证照补发申请表",
        "sections": [
            _WHO,
            {
                "title": "补发原因",
                "fields": [
                    {
                        "key": "cause",
                        "label": "原因",
                        "kind": "choice",
                        "options": [["lost", "遗失"], ["damaged", "损毁，不能使用"]],
                    },
                    {
                        "key": "account",
                        "label": "经过",
                        "kind": "textarea",
                        "help": "什么时候、在哪里、怎样遗失或者损毁的。",
                    },
                    {
                        "key": "consent_found",
                        "label": "补发以后找到旧证的，我不再使用，交回签发单位",
                        "kind": "consent",
                    },
                    _TRUE,
                ],
            },
        ],
    },
    CANCELLATION_FORM: {
        "title": "证照注销申请表",
        "sections": [
            _WHO,
            {
                "title": "注销原因",
                "fields": [
                    {
                        "key": "ground",
                        "label": "情形",
                        "kind": "choice",
                        "options": [
                            ["stopped", "不再从事证照上的活动"],
                            ["dissolved", "单位依法终止"],
                            ["force_majeure", "因不可抗力无法实施许可的活动"],
                            ["other", "其他"],
                        ],
                        "help": "行政许可法 第七十条。",
                    },
                    {"key": "account", "label": "具体情况", "kind": "textarea"},
                    {
                        "key": "consent_end",
                        "label": "我知道注销以后证照失效，不能恢复，需要时要重新申请",
                        "kind": "consent",
                    },
                    _TRUE,
                ],
            },
        ],
    },
}
