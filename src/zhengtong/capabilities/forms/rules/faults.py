"""What is wrong with a declaration, in sentences for the official who makes it; all faults at once, each with a place.

A place is a path into the JSON: ``sections.0.fields.2.options``, or empty for the form as a whole.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from zhengtong.capabilities.forms.constants import TITLE_LIMIT
from zhengtong.capabilities.forms.rules.circles import circle_faults
from zhengtong.capabilities.forms.rules.declaration import (
    COLUMN_KINDS,
    DIVISION_LEVELS,
    KIND_LABELS,
    LIST_KINDS,
    NUMBER_KINDS,
)
from zhengtong.capabilities.forms.rules.logic_faults import Fault, Names, condition_faults, formula_faults

MOST_FIELDS: Final = 400
_MOST_OPTIONS: Final = 500
_MOST_ROWS: Final = 500
_LABEL: Final = 200
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_FORMAT = re.compile(r"[a-z0-9]{1,8}")

#: property → smallest and largest whole number, what the builder calls it
_WHOLE_NUMBERS: Final = {
    "max_length": (1, 20_000, "最多字数"),
    "places": (0, 6, "小数位数"),
    "max_days": (1, 40_000, "最长天数"),
    "max_files": (1, 50, "最多文件数"),
    "copies": (1, 99, "份数"),
    "min_rows": (0, _MOST_ROWS, "最少行数"),
    "max_rows": (1, _MOST_ROWS, "最多行数"),
}
_TEXTS: Final = {
    "help": "填写说明", "unit": "单位", "prefill": "预填来源", "was": "原来的代号", "level": "区划级别",
    "paper_form": "纸质形式", "row_label": "每行的名称", "statement": "签名声明", "text": "说明文字",
}  # fmt: skip


def declaration_faults(data: Any) -> list[Fault]:
    """Every fault of a declaration with its place; none means that it may be published."""
    found = list(_form_faults(data))
    mended = _mended(data)
    found += _double_keys(_places(mended))
    found += _logic(mended)
    return found or list(circle_faults(data))


def outside_faults(form: Mapping[str, Any], when: Any, who: str) -> list[str]:
    """Faults of a condition that stands outside a sound form and looks at its answers; ``who`` begins each sentence."""
    names: Names = {field["key"]: field for section in form["sections"] for field in section["fields"]}
    return [fault.sentence for fault in condition_faults(when, "", who, names)]


_UNREADABLE: Final[Mapping[str, Any]] = {"key": "", "label": "", "kind": "note"}


def _mended(data: Any) -> dict[str, Any]:
    """The same places with what can be looked at further: what is no question becomes a note without a key."""
    form = data if isinstance(data, Mapping) else {}
    sections = form.get("sections") if isinstance(form.get("sections"), list) else []
    checks = form.get("checks") if isinstance(form.get("checks"), list) else []
    return {"sections": [_mended_section(section) for section in sections or ()], "checks": checks}


def _mended_section(data: Any) -> dict[str, Any]:
    section = data if isinstance(data, Mapping) else {}
    fields = section.get("fields") if isinstance(section.get("fields"), list) else []
    title = section.get("title")
    return {
        "title": title if isinstance(title, str) else "",
        "when": section.get("when"),
        "fields": [_mended_field(field) for field in fields or ()],
    }


def _mended_field(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str) or data["kind"] not in KIND_LABELS:
        return _UNREADABLE
    key, label, fields = data.get("key"), data.get("label"), data.get("fields")
    key = key if isinstance(key, str) else ""
    field = {**data, "key": key, "label": label if isinstance(label, str) else key}
    field["was"] = data.get("was") if isinstance(data.get("was"), str) else ""
    if data["kind"] in LIST_KINDS:
        columns = [_mended_field(column) for column in fields] if isinstance(fields, list) else []
        field["fields"] = [_UNREADABLE if column["kind"] in LIST_KINDS else column for column in columns]
    if data["kind"] == "computed" and not isinstance(data.get("formula"), Mapping):
        field["formula"] = {"value": "0"}
    return field


def _form_faults(data: Any) -> Iterator[Fault]:
    """Faults of shape: what stands where it should not, or is missing."""
    if not isinstance(data, Mapping):
        yield Fault("", "表单的声明无法识别。")
        return
    yield from _text_fault(data, "title", "", "表单名称", TITLE_LIMIT)
    sections = data.get("sections")
    if not isinstance(sections, list) or not sections:
        yield Fault("sections", "表单至少要有一页。")
        return
    count = 0
    for number, section in enumerate(sections):
        place = f"sections.{number}"
        if not isinstance(section, Mapping):
            yield Fault(place, f"第 {number + 1} 页的内容无法识别。")
            continue
        yield from _text_fault(section, "title", f"{place}.", f"第 {number + 1} 页的标题", TITLE_LIMIT)
        fields = section.get("fields")
        if not isinstance(fields, list) or not fields:
            yield Fault(f"{place}.fields", f"第 {number + 1} 页还没有问题，请添加问题或者删除这一页。")
            continue
        for index, field in enumerate(fields):
            count += 1
            yield from _field_faults(field, f"{place}.fields.{index}", f"第 {number + 1} 页第 {index + 1} 个问题", "")
            columns = field.get("fields") if isinstance(field, Mapping) else None
            count += len(columns) if isinstance(columns, list) else 0
    if count > MOST_FIELDS:
        yield Fault("", f"一张表单最多 {MOST_FIELDS} 个问题，现在有 {count} 个，请拆成几张表单。")
    if not isinstance(data.get("checks") or [], list):
        yield Fault("checks", "核对规则的写法无法识别。")


def _text_fault(data: Mapping[str, Any], name: str, prefix: str, what: str, longest: int) -> Iterator[Fault]:
    text = data.get(name)
    if not isinstance(text, str) or not text.strip():
        yield Fault(prefix + name, f"请填写{what}。")
    elif len(text) > longest:
        yield Fault(prefix + name, f"{what}最多 {longest} 个字，现在有 {len(text)} 个字。")


def _field_faults(data: Any, place: str, which: str, group: str) -> Iterator[Fault]:
    """Faults of one question; ``group`` is the kind of the group it stands in."""
    if not isinstance(data, Mapping):
        yield Fault(place, f"{which}无法识别。")
        return
    yield from _text_fault(data, "label", f"{place}.", f"{which}的名称", _LABEL)
    label = data.get("label")
    who = f"“{label}”" if isinstance(label, str) and label.strip() else which
    key, kind = data.get("key"), data.get("kind")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield Fault(f"{place}.key", f"{who}的代号应以小写字母开头，由小写字母、数字和下划线组成，最多 40 个字符。")
    if not isinstance(kind, str) or kind not in KIND_LABELS:
        yield Fault(f"{place}.kind", f"{who}的种类“{kind}”不存在，请重新选择。")
        return
    if group and kind in LIST_KINDS:
        yield Fault(f"{place}.kind", f"{who}在“{KIND_LABELS[group]}”里，不能再是“{KIND_LABELS[kind]}”。")
        return
    if group == "table" and kind not in COLUMN_KINDS:
        yield Fault(f"{place}.kind", f"{who}是表格的一列，不能是“{KIND_LABELS[kind]}”，请改用重复填写的一组。")
    yield from _plain_property_faults(data, place, who)
    for check in _KIND_FAULTS.get(kind, ()):
        yield from check(data, place, who)


def _plain_property_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    for name in ("required", "personal"):
        if not isinstance(data.get(name, True), bool):
            yield Fault(f"{place}.{name}", f"{who}的“{'必填' if name == 'required' else '个人信息'}”应为是或否。")
    for name, what in _TEXTS.items():
        if not isinstance(data.get(name) or "", str):
            yield Fault(f"{place}.{name}", f"{who}的{what}应为文字。")
    for name, (least, most, what) in _WHOLE_NUMBERS.items():
        value = data.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield Fault(f"{place}.{name}", f"{who}的{what}应为 {least} 到 {most} 的整数。")


def _option_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    place = f"{place}.options"
    options = data.get("options")
    if not isinstance(options, list) or not options:
        yield Fault(place, f"{who}还没有选项。")
        return
    if len(options) > _MOST_OPTIONS:
        yield Fault(place, f"{who}最多 {_MOST_OPTIONS} 个选项。")
    values, labels = [], []
    for number, option in enumerate(options, 1):
        pair = option if isinstance(option, list | tuple) and len(option) == 2 else ("", "")
        if not all(isinstance(part, str) and part.strip() == part and part for part in pair):
            yield Fault(place, f"{who}的第 {number} 个选项没有填完整，或者前后有空格。")
            continue
        values.append(pair[0])
        labels.append(pair[1])
    for what, given in (("代号", values), ("名称", labels)):
        double = next((one for one in given if given.count(one) > 1), None)
        if double is not None:
            yield Fault(place, f"{who}有两个选项的{what}都是“{double}”。")


def _number_limit_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    limits = {}
    for name, what in (("min", "最小值"), ("max", "最大值")):
        value = data.get(name)
        if value is None or value == "":
            continue
        text = str(value)
        if isinstance(value, bool) or not _NUMBER.fullmatch(text):
            yield Fault(f"{place}.{name}", f"{who}的{what}应为数字，最多 12 位整数和 6 位小数。")
            continue
        whole, _, part = text.partition(".")
        limits[name] = int(whole + part.ljust(6, "0"))
    least = limits.get("min", 0 if data.get("kind") == "amount" else None)
    if "max" in limits and least is not None and least > limits["max"]:
        yield Fault(f"{place}.max", f"{who}的最小值大于最大值，没有数字能填。")


def _choice_limit_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    options = data.get("options")
    most = len(options) if isinstance(options, list) else _MOST_OPTIONS
    limits = {}
    for name, what in (("min", "最少选几项"), ("max", "最多选几项")):
        value = data.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,3}", str(value)) or int(str(value)) > most:
            yield Fault(f"{place}.{name}", f"{who}的“{what}”应为不超过选项个数的整数。")
            continue
        limits[name] = int(str(value))
    if limits.get("max") == 0 or limits.get("min", 0) > limits.get("max", most):
        yield Fault(f"{place}.max", f"{who}的“最少选几项”大于“最多选几项”，或者一项也不能选。")


def _format_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    formats = data.get("formats") or []
    if not isinstance(formats, list) or not all(isinstance(one, str) and _FORMAT.fullmatch(one) for one in formats):
        yield Fault(f"{place}.formats", f"{who}的文件格式应写成小写的扩展名，例如 pdf、jpg。")


def _level_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    if (data.get("level") or "") not in ("", *DIVISION_LEVELS):
        yield Fault(f"{place}.level", f"{who}的区划级别应为县（区）、乡镇（街道）或村（社区）。")


def _note_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    if not isinstance(data.get("text"), str) or not data["text"].strip():
        yield Fault(f"{place}.text", f"{who}是说明文字，请填写要显示的内容。")


def _formula_missing(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    if not isinstance(data.get("formula"), Mapping):
        yield Fault(f"{place}.formula", f"{who}是自动计算的，请写明怎样计算。")


def _group_faults(data: Mapping[str, Any], place: str, who: str) -> Iterator[Fault]:
    fields = data.get("fields")
    if not isinstance(fields, list) or not fields:
        yield Fault(f"{place}.fields", f"{who}还没有要填的{'列' if data['kind'] == 'table' else '问题'}。")
        return
    for number, field in enumerate(fields):
        yield from _field_faults(field, f"{place}.fields.{number}", f"{who}的第 {number + 1} 项", data["kind"])
    kinds = [field.get("kind") for field in fields if isinstance(field, Mapping)]
    if all(kind in ("note", "computed") for kind in kinds):
        yield Fault(f"{place}.fields", f"{who}里没有一项是要填的。")
    least, most = data.get("min_rows") or 0, data.get("max_rows") or 50
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Fault(f"{place}.min_rows", f"{who}的最少行数大于最多行数。")


_KIND_FAULTS: Final[Mapping[str, tuple[Callable[[Mapping[str, Any], str, str], Iterator[Fault]], ...]]] = {
    "choice": (_option_faults,),
    "choices": (_option_faults, _choice_limit_faults),
    **dict.fromkeys(NUMBER_KINDS, (_number_limit_faults,)),
    "attachment": (_format_faults,),
    "division": (_level_faults,),
    "note": (_note_faults,),
    "computed": (_formula_missing,),
    **dict.fromkeys(LIST_KINDS, (_group_faults,)),
}

Placed = tuple[str, Mapping[str, Any]]


def _places(data: Mapping[str, Any]) -> list[tuple[str, list[Placed]]]:
    """The lists in which keys may not meet: the whole form first, then every group, each with the places."""
    whole: list[Placed] = [
        (f"sections.{number}.fields.{index}", field)
        for number, section in enumerate(data["sections"])
        for index, field in enumerate(section["fields"])
    ]
    groups = [
        (field["label"], [(f"{place}.fields.{index}", column) for index, column in enumerate(field["fields"])])
        for place, field in whole
        if field["kind"] in LIST_KINDS
    ]
    return [("", whole), *groups]


def _double_keys(lists: list[tuple[str, list[Placed]]]) -> Iterator[Fault]:
    for _group, fields in lists:
        for name, what in (("key", "代号"), ("was", "原来的代号")):
            first: dict[str, str] = {}
            for place, field in fields:
                key = field.get(name) or ""
                if key and key in first:
                    yield Fault(
                        f"{place}.{name}", f"“{field['label']}”和“{first[key]}”的{what}都是“{key}”，请改掉一个。"
                    )
                first.setdefault(key, field["label"])


def _logic(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of conditions, formulas and checks."""
    names: Names = {field["key"]: field for section in data["sections"] for field in section["fields"] if field["key"]}
    for number, section in enumerate(data["sections"]):
        place = f"sections.{number}"
        if section.get("when"):
            yield from condition_faults(section["when"], f"{place}.when", f"“{section['title']}”这一页的条件", names)
        for index, field in enumerate(section["fields"]):
            yield from _field_logic(field, f"{place}.fields.{index}", names)
    for number, check in enumerate(data.get("checks") or ()):
        yield from _check_faults(check, f"checks.{number}", f"第 {number + 1} 条核对规则", names)


def _field_logic(field: Mapping[str, Any], place: str, names: Names) -> Iterator[Fault]:
    who = f"“{field['label']}”"
    if field.get("when"):
        yield from condition_faults(field["when"], f"{place}.when", f"{who}的条件", names)
    if field["kind"] == "computed":
        yield from formula_faults(field["formula"], f"{place}.formula", f"{who}的公式", names)
    if field["kind"] in LIST_KINDS:
        inside = {**names, **_columns(field)}
        for index, column in enumerate(field["fields"]):
            yield from _field_logic(column, f"{place}.fields.{index}", inside)


def _columns(group: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {column["key"]: column for column in group["fields"] if column["key"]}


def _check_faults(check: Any, place: str, who: str, names: Names) -> Iterator[Fault]:
    if not isinstance(check, Mapping):
        yield Fault(place, f"{who}的写法无法识别。")
        return
    yield from _text_fault(check, "message", f"{place}.", f"{who}的提示语", _LABEL)
    shown_at = check.get("field")
    group, _, key = shown_at.partition(".") if isinstance(shown_at, str) else ("", "", "")
    field = names.get(group)
    columns = _columns(field) if field and field["kind"] in LIST_KINDS else {}
    if field is None or (key and key not in columns):
        yield Fault(f"{place}.field", f"{who}要显示在哪个问题下面？“{shown_at or ''}”不存在，请重新选择。")
        return
    yield from condition_faults(check.get("when"), f"{place}.when", who, {**names, **columns} if key else names)
