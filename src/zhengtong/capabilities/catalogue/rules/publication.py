"""发布规则：what must be right before an item is published, which route it takes, what its guide must say."""

import re
from collections.abc import Collection

from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft, JointUnit
from zhengtong.capabilities.catalogue.rules.limits import is_limit, odd_promise, surely_longer, words_of

CODE_LENGTH = 31
_CODE = re.compile(r"[0-9A-Z]{18}[1-7][0-9A-Z]{12}")
_BY_OFFICE = ("02", "03", "04", "06")  # acts an office does of its own accord: nobody applies for them


def is_code(text: str) -> bool:
    """Whether a text is written as an 实施编码: 31 characters with the level at the 19th."""
    return _CODE.fullmatch(text) is not None


def default_process(
    *, power_type: str, handling_kind: str, joint_units: Collection[JointUnit], kind: str = "single"
) -> str:
    """The key of the process an item takes unless it has its own; empty when nobody can apply for it.

    即办件 go through one window; units that can be found make it a joint handling; all others take the usual way.
    """
    if power_type in _BY_OFFICE or kind == "main":
        return ""
    if handling_kind == "1":
        return "instant"
    return "joint" if any(unit.org_code for unit in joint_units) else "standard"


def may_apply(applicant_type: str, *, as_legal_person: bool) -> bool:
    """Whether a natural person, or one who acts for a legal person, is among those an item is for."""
    return applicant_type in ("both", "legal" if as_legal_person else "person")


def refusals(draft: ItemDraft) -> dict[str, str]:
    """Why a draft cannot be published, by field; each a sentence that says what to do."""
    found: dict[str, str] = {}
    if not is_code(draft.code):
        found["code"] = (
            f"实施编码应为 {CODE_LENGTH} 位：统一社会信用代码 18 位、行使层级 1 位、基本编码 12 位。"
            f"请核对“{draft.code}”。"
        )
    for field, label in (("name", "事项名称"), ("department", "实施部门"), ("legal_basis", "设定依据")):
        if not getattr(draft, field).strip():
            found[field] = f"没有填写{label}。"
    for field, label in (("statutory_limit", "法定时限"), ("promised_limit", "承诺时限")):
        if not is_limit(getattr(draft, field)):
            found[field] = (
                f"{label}“{getattr(draft, field)}”看不懂。请写成“20 WD”（工作日）、“30 D”（日）或“NONE”（未规定）。"
            )
    keys = [material.key for material in draft.materials]
    if len(set(keys)) < len(keys):
        found["materials"] = "有两份材料用了同一个标识。请给每份材料各自的标识。"
    return found


def odd_limits(draft: ItemDraft) -> list[str]:
    """Limits that may be real but look wrong: a promise above the statute, a joint unit slower than the promise."""
    found = [odd_promise(draft.statutory_limit, draft.promised_limit)]
    found += [
        f"联办单位“{unit.name}”的时限（{words_of(unit.limit)}）比承诺时限（{words_of(draft.promised_limit)}）长，请核对。"
        for unit in draft.joint_units
        if surely_longer(unit.limit, draft.promised_limit)
    ]
    return [sentence for sentence in found if sentence]


def guide_gaps(draft: ItemDraft) -> tuple[str, ...]:
    """What the guide does not yet say of what must be made public: 行政许可法 第三十条第一款."""
    stated = {
        "依据": bool(draft.legal_basis),
        "条件": bool(draft.conditions),
        "数量": bool(draft.quantity),
        "程序": bool(draft.flow),
        "期限": is_limit(draft.statutory_limit) and is_limit(draft.promised_limit),
        "需要提交的全部材料的目录": bool(draft.materials),
        "申请书示范文本": any(material.example for material in draft.materials),
    }
    return tuple(label for label, present in stated.items() if not present)
