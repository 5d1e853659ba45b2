"""What changed between two versions of a form, in words for those who read a draft before it is published."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from zhengtong.capabilities.forms.rules.declaration import (
    DIVISION_LEVELS,
    KIND_LABELS,
    LIST_KINDS,
    Condition,
    Definition,
    Field,
    Section,
)

_LABELS: Final = {
    "label": "名称", "kind": "种类", "required": "必填", "help": "填写说明", "unit": "单位", "prefill": "预填来源",
    "personal": "个人信息", "max_length": "最多字数", "min": "最小值", "max": "最大值", "places": "小数位数",
    "level": "区划级别", "max_days": "最长天数", "formats": "文件格式", "max_files": "最多文件数", "copies": "份数",
    "paper_form": "纸质形式", "min_rows": "最少行数", "max_rows": "最多行数", "row_label": "每行的名称",
    "statement": "签名声明", "text": "说明文字",
}  # fmt: skip


class Difference(NamedTuple):
    """One difference: ``what`` is added, dropped or changed; ``label`` names the question; ``words`` is a sentence."""

    what: str
    label: str
    words: str


def differences(old: Definition, new: Definition) -> list[Difference]:
    """Every difference in the order of the new version, dropped questions last."""
    found: list[Difference] = []
    if old.title != new.title:
        found.append(Difference("changed", "表单", f"表单名称由“{old.title}”改为“{new.title}”。"))
    found += _sections(old, new)
    found += _fields(old.fields, new.fields, "")
    for field in new.fields:
        if old.section_of.get(field.key) and old.section_of[field.key].title != new.section_of[field.key].title:
            there = new.section_of[field.key].title
            found.append(Difference("changed", field.label, f"“{field.label}”移到“{there}”这一页。"))
    if old.checks != new.checks:
        words = f"核对规则由 {len(old.checks)} 条改为 {len(new.checks)} 条。"
        if len(old.checks) == len(new.checks):
            words = "核对规则的内容有改动。"
        found.append(Difference("changed", "核对规则", words))
    return found


def _sections(old: Definition, new: Definition) -> Iterator[Difference]:
    before = {section.title: section for section in old.sections}
    after = {section.title: section for section in new.sections}
    yield from (Difference("added", title, f"增加了“{title}”这一页。") for title in after if title not in before)
    yield from (Difference("dropped", title, f"去掉了“{title}”这一页。") for title in before if title not in after)
    for title in (title for title in after if title in before):
        yield from _changed_section(before[title], after[title])


def _changed_section(old: Section, new: Section) -> Iterator[Difference]:
    if old.when != new.when:
        words = f"“{new.title}”这一页何时出现：{_condition(old.when)}改为{_condition(new.when)}。"
        yield Difference("changed", new.title, words)
    if old.help != new.help:
        yield Difference("changed", new.title, f"“{new.title}”这一页的说明有改动。")


def _fields(old: tuple[Field, ...], new: tuple[Field, ...], group: str) -> Iterator[Difference]:
    before = {field.key: field for field in old}
    used = set()
    for field in new:
        name = f"{group}{field.label}"
        source = before.get(field.was) or before.get(field.key)
        if source is None:
            yield Difference("added", name, f"增加了“{name}”（{KIND_LABELS[field.kind]}）。")
            continue
        used.add(source.key)
        changes = list(_changes(source, field))
        if changes:
            yield Difference("changed", name, f"“{name}”：{'；'.join(changes)}。")
        if field.kind in LIST_KINDS and source.kind in LIST_KINDS:
            yield from _fields(source.fields, field.fields, f"{name}·")
    for field in old:
        if field.key not in used:
            yield Difference("dropped", f"{group}{field.label}", f"去掉了“{group}{field.label}”。")
    common = [field.key for field in old if field.key in {one.key for one in new}]
    if common != [field.key for field in new if field.key in before]:
        yield Difference("changed", group.rstrip("·") or "顺序", f"{group.rstrip('·')}问题的先后顺序有改动。")


def _changes(old: Field, new: Field) -> Iterator[str]:
    if old.key != new.key:
        yield f"代号由 {old.key} 改为 {new.key}"
    for name, label in _LABELS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            show = _SHOWN.get(name, _plain)
            yield f"{label}由“{show(before)}”改为“{show(after)}”"
    gone = [label for value, label in old.options if value not in new.option_labels]
    come = [label for value, label in new.options if value not in old.option_labels]
    renamed = [
        f"“{label}”改称“{new.option_labels[value]}”"
        for value, label in old.options
        if new.option_labels.get(value, label) != label
    ]
    if gone:
        yield f"去掉选项{'、'.join(gone)}"
    if come:
        yield f"增加选项{'、'.join(come)}"
    if renamed:
        yield f"选项{'、'.join(renamed)}"
    if old.options != new.options and not (gone or come or renamed):
        yield "选项的先后顺序有改动"
    if old.when != new.when:
        yield f"何时出现：{_condition(old.when)}改为{_condition(new.when)}"
    if old.formula != new.formula:
        yield "计算公式有改动"


def _condition(condition: Condition | None) -> str:
    return "“按条件”" if condition else "“总是”"


def _plain(value: Any) -> str:
    return str(value) if value not in ("", 0, None) else "无"


_SHOWN: Final[dict[str, Callable[[Any], str]]] = {
    "kind": lambda value: KIND_LABELS[value],
    "required": lambda value: "是" if value else "否",
    "personal": lambda value: "是" if value else "否",
    "formats": lambda value: "、".join(value) or "不限",
    "level": lambda value: DIVISION_LEVELS.get(value, "无"),
    "places": str,
    "min_rows": str,
}
