"""送审规则：everything that stands between a draft and its publication, field by field, in sentences."""

import dataclasses
import re
from collections.abc import Iterator, Mapping

from zhengtong.capabilities.catalogue.rules.columns import APPLICANTS, DEPTHS, HANDLING_KINDS, POWER_TYPES
from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft
from zhengtong.capabilities.catalogue.rules.limits import is_limit, odd_promise, surely_longer, words_of
from zhengtong.capabilities.catalogue.rules.publication import refusals

LEVELS: Mapping[str, str] = {
    "国家级": "1",
    "省级": "2",
    "市级": "3",
    "县级": "4",
    "镇（乡、街道）级": "5",
    "村（社区）级": "6",
    "分级管理": "7",
}
KINDS: Mapping[str, str] = {"单一事项": "single", "一件事": "bundle", "主项": "main"}
_FORMS = ("原件", "复印件", "数据共享")
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_LEVEL_AT = 18


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownItem:
    """An item of the county as the rules see it."""

    code: str
    name: str
    kind: str
    published: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownProcess:
    """A process in its versions; ``joint`` are those that send the case to the joint units of the item.

    ``named`` are the codes of units that a version's drawing names itself.
    """

    key: str
    versions: frozenset[int]
    joint: frozenset[int]
    active: int | None
    named: Mapping[int, frozenset[str]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the county has besides the draft: items named by it, its process and its form (None: there is none).

    ``condition_faults`` are sentences about conditions of its materials that do not fit the form.
    """

    items: Mapping[str, KnownItem] = dataclasses.field(default_factory=dict)
    process: KnownProcess | None = None
    form_versions: frozenset[int] = frozenset()
    has_sub_items: bool = False
    condition_faults: tuple[str, ...] = ()


def all_refusals(draft: ItemDraft, around: Surroundings) -> dict[str, str]:
    """Why a draft cannot be published, by field; several sentences about one field stand together."""
    found = {field: [sentence] for field, sentence in refusals(draft).items()}
    for check in (_codes, _promise, _tolerated, _papers, _fees, _commitment, _joint, _steps):
        for field, sentence in check(draft):
            found.setdefault(field, []).append(sentence)
    for look in (_family, _members, _route, _conditions):
        for field, sentence in look(draft, around):
            found.setdefault(field, []).append(sentence)
    return {field: "".join(dict.fromkeys(sentences)) for field, sentences in found.items()}


def _codes(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for field, label, known in (
        ("power_type", "事项类型", POWER_TYPES),
        ("applicant_type", "服务对象", APPLICANTS),
        ("handling_kind", "办件类型", HANDLING_KINDS),
        ("online_depth", "网办深度", DEPTHS),
        ("exercise_level", "行使层级", LEVELS),
        ("kind", "事项形态", KINDS),
    ):
        if getattr(draft, field) not in known.values():
            yield field, f"请选择{label}。"
    level = draft.code[_LEVEL_AT : _LEVEL_AT + 1]
    if level in LEVELS.values() and draft.exercise_level in LEVELS.values() and level != draft.exercise_level:
        words = {code: word for word, code in LEVELS.items()}
        yield (
            "exercise_level",
            f"实施编码第 19 位是 {level}（{words[level]}），行使层级选的是{words[draft.exercise_level]}，请改成一致。",
        )


def _promise(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if is_limit(draft.statutory_limit) and is_limit(draft.promised_limit):
        sentence = odd_promise(draft.statutory_limit, draft.promised_limit)
        if sentence:
            yield "promised_limit", sentence


def _tolerated(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for material in draft.materials:
        if not material.tolerable:
            continue
        if not is_limit(material.within) or material.within == "NONE":
            yield "materials", f"“{material.name}”可容缺，请写明多长时间内补交，例如 5 个工作日。"
        elif is_limit(draft.promised_limit) and surely_longer(material.within, draft.promised_limit):
            yield (
                "materials",
                (
                    f"“{material.name}”的补交时限（{words_of(material.within)}）超过了承诺时限"
                    f"（{words_of(draft.promised_limit)}）。容缺材料最迟应在承诺时限内补齐。"
                ),
            )


def _papers(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    codes = {member.code for member in draft.members}
    for number, material in enumerate(draft.materials, start=1):
        if not material.name.strip():
            yield "materials", f"第 {number} 份材料没有名称。"
        if material.form not in _FORMS:
            yield "materials", f"“{material.name}”没有选择材料形式。"
        if unknown := sorted(set(material.members) - codes):
            yield "materials", f"“{material.name}”写明用于 {'、'.join(unknown)}，但它不是这个一件事的成员。"


def _fees(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for fee in draft.fees:
        name = fee.name.strip() or "未命名的收费"
        if not fee.name.strip():
            yield "fees", "有一项收费没有写名称。"
        if not fee.basis.strip():
            yield (
                "fees",
                f"“{name}”没有写收费依据。没有法律、行政法规规定的，不得收取任何费用（行政许可法 第五十八条）。",
            )
        if fee.amount and not _AMOUNT.fullmatch(fee.amount):
            yield "fees", f"“{name}”的金额“{fee.amount}”看不懂。请写成以元为单位的数字，最多两位小数。"
        if fee.raised and not fee.amount:
            yield "fees", f"“{name}”没有固定金额，不能自动开具缴费单。请写明金额，或者改为由经办人开具。"


def _commitment(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    promise = draft.commitment
    if promise is None:
        return
    for text, label in (
        (promise.told, "一次性告知的内容"),
        (promise.statement, "申请人承诺的内容"),
        (promise.consequences, "违反承诺的后果"),
    ):
        if not text.strip():
            yield "commitment", f"实行告知承诺的，请写明{label}。"
    if not is_limit(promise.check_within) or promise.check_within == "NONE":
        yield "commitment", "实行告知承诺的，请写明作出决定后多长时间内核查，例如 60 日。"
    if unknown := sorted(set(promise.materials) - {material.key for material in draft.materials}):
        yield "commitment", f"告知承诺替代的材料“{'、'.join(unknown)}”不在申请材料清单里。"


def _joint(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for unit in draft.joint_units:
        if not is_limit(unit.limit):
            yield "joint_units", f"联办单位“{unit.name}”没有写明时限；没有规定的请选“未规定”。"
    names = [unit.org_code or unit.name for unit in draft.joint_units]
    if len(set(names)) < len(names):
        yield "joint_units", "同一个联办单位写了两次。"


def _steps(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for step in draft.special_steps:
        if not step.name.strip():
            yield "special_steps", "有一个特别环节没有写名称。"
        for limit in (step.longest, step.length):
            if limit and not is_limit(limit):
                yield "special_steps", f"特别环节“{step.name}”的时间“{limit}”看不懂。"


def _family(draft: ItemDraft, around: Surroundings) -> Iterator[tuple[str, str]]:
    if draft.kind == "main":
        if draft.parent_code:
            yield "parent_code", "主项下面只分一级子项，主项自己不能再有主项。"
        if draft.process_key:
            yield "process_key", "主项不直接办理，由它的子项接收申请，请不要选择流程。"
    elif around.has_sub_items:
        yield "kind", "它已经有子项，事项形态只能是主项。"
    if draft.parent_code and draft.kind != "main":
        parent = around.items.get(draft.parent_code)
        if parent is None:
            yield "parent_code", f"没有实施编码为“{draft.parent_code}”的事项。"
        elif parent.kind != "main":
            yield "parent_code", f"“{parent.name}”不是主项，不能有子项。"
        elif draft.kind == "bundle":
            yield "parent_code", "一件事由几个事项组成，不作为子项。"


def _members(draft: ItemDraft, around: Surroundings) -> Iterator[tuple[str, str]]:
    codes = [member.code for member in draft.members]
    if draft.kind != "bundle":
        if codes:
            yield "members", "只有一件事才有成员事项。请改事项形态，或者去掉成员。"
        return
    if len(set(codes)) < 2:
        yield "members", "一件事至少由两个事项组成。"
    if len(set(codes)) < len(codes):
        yield "members", "同一个成员事项写了两次。"
    for member in draft.members:
        item = around.items.get(member.code)
        if member.code == draft.code:
            yield "members", "一件事不能是它自己的成员。"
        elif item is None:
            yield "members", f"没有实施编码为“{member.code}”的事项（{member.name}）。"
        elif item.kind != "single":
            yield "members", f"“{item.name}”是{_kind_word(item.kind)}，不能作为一件事的成员。"
        elif not item.published:
            yield "members", f"“{item.name}”没有发布或者已经停用，不能作为一件事的成员。"


def _route(draft: ItemDraft, around: Surroundings) -> Iterator[tuple[str, str]]:
    process = around.process
    if draft.process_key and process is None:
        yield "process_key", f"流程“{draft.process_key}”还没有启用。请先在流程设计里启用，或者换一个流程。"
    elif process is not None:
        number = draft.process_version or process.active
        if draft.process_version and draft.process_version not in process.versions:
            yield "process_version", f"流程“{process.key}”没有第 {draft.process_version} 版。"
        elif number not in process.joint and not _routed(draft) <= process.named.get(number or 0, frozenset()):
            yield "process_key", "所选流程不能把办件派给联办单位。请换联合办理的流程，或者去掉联办单位。"
    if draft.process_key and not around.form_versions:
        yield "form_key", f"表单“{draft.form_key}”还没有发布。"
    elif draft.form_version and draft.form_version not in around.form_versions:
        yield "form_version", f"表单“{draft.form_key}”没有第 {draft.form_version} 版。"


def _routed(draft: ItemDraft) -> frozenset[str]:
    return frozenset(unit.org_code for unit in draft.joint_units if unit.org_code)


def _conditions(_draft: ItemDraft, around: Surroundings) -> Iterator[tuple[str, str]]:
    yield from (("materials", sentence) for sentence in around.condition_faults)


def _kind_word(kind: str) -> str:
    return next((word for word, code in KINDS.items() if code == kind), kind)
