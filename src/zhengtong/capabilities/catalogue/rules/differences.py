"""两个版本的差别：element by element in the words of an office, for pages and notices."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from zhengtong.capabilities.catalogue.rules.columns import APPLICANTS, DEPTHS, HANDLING_KINDS, POWER_TYPES
from zhengtong.capabilities.catalogue.rules.completeness import KINDS, LEVELS
from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft
from zhengtong.capabilities.catalogue.rules.limits import is_limit, words_of

_EMPTY = "（空）"
_LONG = 60
_SOURCES = {"applicant": "申请人自备", "office": "政府部门核发", "other": "其他"}

#: labels of the elements, in the order in which differences are told
LABELS: Mapping[str, str] = {
    "name": "事项名称",
    "code": "实施编码",
    "kind": "事项形态",
    "parent_code": "主项",
    "power_type": "事项类型",
    "department": "实施部门",
    "executors": "实施单位",
    "exercise_level": "行使层级",
    "exercise_note": "权限划分",
    "legal_basis": "设定依据",
    "applicant_type": "服务对象",
    "handling_kind": "办件类型",
    "statutory_limit": "法定时限",
    "promised_limit": "承诺时限",
    "joint_units": "联办部门",
    "special_steps": "特别环节",
    "materials": "申请材料",
    "commitment": "告知承诺",
    "fee": "收费",
    "fees": "收费标准",
    "members": "一件事成员",
    "conditions": "办理条件",
    "quantity": "数量限制",
    "flow": "办理程序",
    "visits": "到现场次数",
    "online_depth": "网办深度",
    "result_document": "办理结果",
    "result_title": "结果文书标题",
    "result_template": "结果文书模板",
    "validity": "有效期",
    "window": "办理窗口",
    "address": "办理地址",
    "hours": "办理时间",
    "phone": "咨询电话",
    "complaint": "监督投诉",
    "responsibilities": "责任事项",
    "accountability": "追责情形",
    "faq": "常见问题",
    "themes": "主题",
    "process_key": "流程",
    "process_version": "流程版本",
    "form_key": "表单",
    "form_version": "表单版本",
    "confirmed": "已核实的要素",
    "featured": "常用排序",
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "kind": {code: word for word, code in KINDS.items()},
    "power_type": {code: word for word, code in POWER_TYPES.items()},
    "exercise_level": {code: word for word, code in LEVELS.items()},
    "applicant_type": {code: word for word, code in APPLICANTS.items()},
    "handling_kind": {code: word for word, code in HANDLING_KINDS.items()},
    "online_depth": {code: word for word, code in DEPTHS.items()},
}
_LIMITS = ("statutory_limit", "promised_limit")
_TEXTS = ("executors", "conditions", "flow", "responsibilities", "themes", "confirmed")
_LISTED = ("legal_basis", "result_document")
_RAISED: Mapping[str, str] = {"": "由经办人开具", "acceptance": "受理时自动开具", "decision": "准予时自动开具"}
_PART_LABELS: Mapping[str, str] = {
    "name": "名称",
    "form": "形式",
    "tolerable": "可容缺",
    "copies": "份数",
    "note": "说明",
    "accept_standard": "受理标准",
    "example": "示例",
    "source": "来源",
    "issuer": "出具单位",
    "within": "补交时限",
    "condition": "适用情形",
    "members": "用于",
    "when": "按表单答案判断的条件",
    "blank_file": "空白表格",
    "sample_file": "示例样表",
    "limit": "时限",
    "org_code": "机构",
    "org_name": "单位",
    "stops_clock": "停止计时",
    "longest": "最长时间",
    "length": "固定时间",
    "amount": "金额",
    "unit": "计量单位",
    "basis": "收费依据",
    "reduction": "减免",
    "reduction_basis": "减免依据",
    "payee": "收费单位",
    "quantity_from": "数量取自",
    "raised": "开具缴费单",
    "pay_first": "缴费后才作决定",
    "told": "告知内容",
    "statement": "承诺内容",
    "consequences": "违反承诺的后果",
    "check_within": "核查时限",
    "materials": "替代的材料",
    "version": "版本",
    "question": "问题",
    "answer": "答复",
}


@dataclasses.dataclass(frozen=True)
class Difference:
    """One element that changed: its field, its Chinese name and the change in words."""

    field: str
    label: str
    words: str

    def __str__(self) -> str:
        """承诺时限：8 → 5 个工作日."""
        return f"{self.label}：{self.words}"


def differences(older: ItemDraft, newer: ItemDraft) -> tuple[Difference, ...]:
    """What changed from one to the other; nothing when they say the same."""
    found = []
    for field, label in LABELS.items():
        before, after = getattr(older, field), getattr(newer, field)
        if before != after:
            found.append(Difference(field, label, "；".join(_words(field, before, after))))
    return tuple(found)


def _words(field: str, before: Any, after: Any) -> Iterator[str]:
    if field in _LIMITS:
        yield limit_words(before, after)
    elif field in _CODES:
        yield _changed(_CODES[field].get(before, before), _CODES[field].get(after, after))
    elif field in _TEXTS:
        yield from _text_changes(before, after)
    elif field in _LISTED:
        yield from _text_changes(_entries(before), _entries(after))
    elif field in _PARTS:
        yield from _part_changes(before, after, _PARTS[field])
    elif field == "commitment":
        yield from _commitment(before, after)
    else:
        yield _changed(before, after)


def limit_words(before: str, after: str) -> str:
    """``8 → 5 个工作日`` for two limits in the same unit, else both in full."""
    if is_limit(before) and is_limit(after) and "NONE" not in (before, after):
        (old, unit), (new, other) = before.split(" "), after.split(" ")
        if unit == other and "0" not in (old, new):
            return f"{old} → {words_of(after)}"
    return _changed(_limit(before), _limit(after))


def _limit(text: str) -> str:
    return words_of(text) if is_limit(text) else text


def _shown(value: Any) -> str:
    if value is None or value == "":
        return _EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (tuple, list)):
        return "、".join(map(str, value)) or _EMPTY
    text = str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _changed(before: Any, after: Any) -> str:
    old, new = _shown(before), _shown(after)
    if old == new:
        return f"有改动：“{old}”以后的内容不同"
    return f"{old} → {new}"


def _entries(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.replace("；", ";").split(";") if entry.strip())


def _text_changes(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    added = [text for text in after if text not in before]
    gone = [text for text in before if text not in after]
    if added:
        yield f"新增：{_quoted(added)}"
    if gone:
        yield f"取消：{_quoted(gone)}"
    if not added and not gone:
        yield "内容相同，次序或者写法有调整"


def _quoted(texts: Iterable[str]) -> str:
    return "、".join(f"“{_shown(text)}”" for text in texts)


@dataclasses.dataclass(frozen=True)
class _PartKind:
    """How entries of a list are told apart: by their names, then by their keys."""

    name: Callable[[Any], str]
    key: Callable[[Any], str]
    unseen: tuple[str, ...] = ()


_PARTS: Mapping[str, _PartKind] = {
    "materials": _PartKind(lambda part: part.name, lambda part: part.key, ("key",)),
    "joint_units": _PartKind(lambda part: part.name, lambda part: part.org_code, ("note",)),
    "special_steps": _PartKind(lambda part: part.name, lambda part: ""),
    "fees": _PartKind(lambda part: part.name, lambda part: ""),
    "members": _PartKind(lambda part: part.name, lambda part: part.code),
    "faq": _PartKind(lambda part: part.question, lambda part: ""),
}


def _part_changes(before: Sequence[Any], after: Sequence[Any], kind: _PartKind) -> Iterator[str]:
    pairs, gone, added = _paired(before, after, kind)
    if added:
        yield f"新增：{_quoted(map(kind.name, added))}"
    if gone:
        yield f"取消：{_quoted(map(kind.name, gone))}"
    told = False
    for old, new in pairs:
        inner = list(_inner(old, new, kind.unseen))
        if inner:
            told = True
            yield f"“{_shown(kind.name(old))}”{'，'.join(inner)}"
    if not (added or gone or told):
        yield "内容相同，次序或者标识有调整"


def _paired(
    before: Sequence[Any], after: Sequence[Any], kind: _PartKind
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Entries of the same name, then of the same key (renamed ones), and what is left on either side."""
    pairs: list[tuple[Any, Any]] = []
    gone, added = list(before), list(after)
    for same in (kind.name, kind.key):
        for old in list(gone):
            new = next((part for part in added if same(part) and same(part) == same(old)), None)
            if new is not None:
                pairs.append((old, new))
                gone.remove(old)
                added.remove(new)
    return pairs, gone, added


def _inner(old: Any, new: Any, unseen: tuple[str, ...] = ()) -> Iterator[str]:
    for field in dataclasses.fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after or field.name in unseen:
            continue
        label = _PART_LABELS.get(field.name, field.name)
        if field.name in ("limit", "longest", "length", "within", "check_within"):
            yield f"{label} {limit_words(before, after)}"
        elif field.name == "when":
            yield f"{label}{'取消' if not after else '新增' if not before else '有改动'}"
        elif field.name == "raised":
            yield f"{label} {_changed(_RAISED.get(before, before), _RAISED.get(after, after))}"
        elif field.name == "source":
            yield f"{label} {_changed(_SOURCES.get(before, before), _SOURCES.get(after, after))}"
        else:
            yield f"{label} {_changed(before, after)}"


def _commitment(before: Any, after: Any) -> Iterator[str]:
    if before is None or after is None:
        yield "改为实行告知承诺" if before is None else "不再实行告知承诺"
        return
    yield "，".join(_inner(before, after))
