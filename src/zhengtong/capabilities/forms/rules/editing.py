"""Changing a declaration step by step: every function gives a new one and leaves the old one alone.

A question is named by its key, a column by ``group.key``; sections by their place from 0. A declaration at work may be
faulty; what cannot be found raises KeyError.
"""

import copy
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from zhengtong.capabilities.forms.rules.declaration import KIND_LABELS, LIST_KINDS

Declaration = dict[str, Any]
#: a key of our own making, as a word by itself: of a question, or where a condition or formula names one
_NUMBERED = re.compile(r"\bq[0-9]{1,6}\b")
_FRESH: Mapping[str, Mapping[str, Any]] = {
    "choice": {"options": [["1", "选项一"], ["2", "选项二"]]},
    "choices": {"options": [["1", "选项一"], ["2", "选项二"]]},
    "division": {"level": "town"},
    "attachment": {"formats": ["pdf", "jpg", "png"], "max_files": 1, "copies": 1, "paper_form": "复印件"},
    "group": {"min_rows": 0, "max_rows": 10, "row_label": "成员"},
    "table": {"min_rows": 1, "max_rows": 20, "row_label": "项目"},
    "signature": {"statement": "以上内容属实。"},
    "note": {"text": "请在这里写说明文字。", "required": False},
    "computed": {"formula": {"value": "0"}, "required": False},
    "consent": {},
}


def blank(title: str) -> Declaration:
    """A form with one empty section."""
    return {"title": title, "sections": [{"title": "基本情况", "fields": []}], "checks": []}


def with_title(form: Mapping[str, Any], title: str) -> Declaration:
    """Another title."""
    return {**copy.deepcopy(dict(form)), "title": title}


def add_section(form: Mapping[str, Any], title: str) -> Declaration:
    """One more section at the end."""
    made = copy.deepcopy(dict(form))
    made["sections"].append({"title": title, "fields": []})
    return made


def set_section(form: Mapping[str, Any], place: int, changes: Mapping[str, Any]) -> Declaration:
    """Title, help and condition of a section; None takes a property away."""
    made = copy.deepcopy(dict(form))
    _change(_section(made, place), changes)
    return made


def move_section(form: Mapping[str, Any], place: int, by: int) -> Declaration:
    """A section earlier or later; at the end it stays where it is."""
    made = copy.deepcopy(dict(form))
    _section(made, place)
    _move(made["sections"], place, by)
    return made


def drop_section(form: Mapping[str, Any], place: int) -> tuple[Declaration, dict[str, Any]]:
    """Without a section; also what ``restore`` needs to bring it back."""
    made = copy.deepcopy(dict(form))
    gone = _section(made, place)
    del made["sections"][place]
    return made, {"section": gone, "place": place}


def add_field(
    form: Mapping[str, Any], place: int, kind: str, group: str = "", *, taken: Collection[str] = ()
) -> tuple[Declaration, str]:
    """One more question at the end of a section, or a column at the end of a group; also its path.

    It gets a key of its own: none of ``taken`` (earlier versions, whose answers are carried over by key), and none that
    a condition or formula still names.
    """
    made = copy.deepcopy(dict(form))
    key = _free_key(made, taken)
    field = {"key": key, "label": KIND_LABELS[kind], "kind": kind, **copy.deepcopy(dict(_FRESH.get(kind, {})))}
    if kind in LIST_KINDS:
        field["fields"] = [{"key": "name", "label": "名称", "kind": "text"}]
    if group:
        find(made, group).setdefault("fields", []).append(field)
        return made, f"{group}.{key}"
    _section(made, place)["fields"].append(field)
    return made, key


def set_field(form: Mapping[str, Any], path: str, changes: Mapping[str, Any]) -> Declaration:
    """Properties of a question; None takes one away."""
    made = copy.deepcopy(dict(form))
    _change(find(made, path), changes)
    return made


def move_field(form: Mapping[str, Any], path: str, by: int) -> Declaration:
    """A question earlier or later; at the edge of a section it goes over into the next one."""
    made = copy.deepcopy(dict(form))
    fields, at, section = _where(made, path)
    target = at + by
    neighbour = section + by
    if 0 <= target < len(fields):
        _move(fields, at, by)
    elif "." not in path and 0 <= neighbour < len(made["sections"]):
        others = made["sections"][neighbour]["fields"]
        others.insert(0 if by > 0 else len(others), fields.pop(at))
    return made


def put_field(form: Mapping[str, Any], path: str, section: int, at: int) -> Declaration:
    """A question at a place of a section, as it is dragged."""
    made = copy.deepcopy(dict(form))
    fields, old, _section_now = _where(made, path)
    target = fields if "." in path else _section(made, section)["fields"]
    moved = fields.pop(old)
    target.insert(max(0, min(at, len(target))), moved)
    return made


def drop_field(form: Mapping[str, Any], path: str) -> tuple[Declaration, dict[str, Any]]:
    """Without a question; also what ``restore`` needs to bring it back."""
    made = copy.deepcopy(dict(form))
    fields, at, section = _where(made, path)
    group = path.partition(".")[0] if "." in path else ""
    return made, {"field": fields.pop(at), "place": at, "in": section, "group": group}


def restore(form: Mapping[str, Any], gone: Mapping[str, Any]) -> tuple[Declaration, str]:
    """With what was dropped last, at its old place; also the path of the question, empty for a section."""
    made = copy.deepcopy(dict(form))
    if "section" in gone:
        made["sections"].insert(int(gone["place"]), copy.deepcopy(gone["section"]))
        return made, ""
    field, group = copy.deepcopy(gone["field"]), str(gone.get("group") or "")
    place = min(int(gone["in"]), len(made["sections"]) - 1)
    fields = find(made, group)["fields"] if group else _section(made, place)["fields"]
    fields.insert(int(gone["place"]), field)
    return made, f"{group}.{field['key']}" if group else field["key"]


def set_checks(form: Mapping[str, Any], checks: Sequence[Mapping[str, Any]]) -> Declaration:
    """All rules over several answers."""
    return {**copy.deepcopy(dict(form)), "checks": [dict(one) for one in checks]}


def options_of(lines: Sequence[str], old: Sequence[Sequence[str]]) -> list[list[str]]:
    """Options from their labels, one a line: a label that is there keeps its value, a renamed one keeps it by place."""
    labels = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    by_label = {label: value for value, label in old}
    taken = {by_label[label] for label in labels if label in by_label}
    found = []
    for place, label in enumerate(labels):
        value = by_label.get(label, "")
        if not value and place < len(old) and old[place][0] not in taken and old[place][1] not in labels:
            value = old[place][0]
        if not value:
            number = 1
            while str(number) in taken or any(str(number) == kept for kept, _label in old):
                number += 1
            value = str(number)
        taken.add(value)
        found.append([value, label])
    return found


def find(form: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The declaration of a question; raises KeyError."""
    fields, at, _section_of = _where(form, path)
    found: dict[str, Any] = fields[at]
    return found


def places(form: Mapping[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Section number, path and declaration of every question, columns after their group."""
    for number, section in enumerate(form.get("sections", [])):
        for field in section.get("fields", []):
            yield number, field["key"], field
            for column in field.get("fields") or []:
                yield number, f"{field['key']}.{column['key']}", column


def _where(form: Mapping[str, Any], path: str) -> tuple[list[dict[str, Any]], int, int]:
    key, _dot, column = path.partition(".")
    for number, section in enumerate(form["sections"]):
        for at, field in enumerate(section["fields"]):
            if field["key"] != key:
                continue
            if not column:
                return section["fields"], at, number
            for place, one in enumerate(field.get("fields") or []):
                if one["key"] == column:
                    return field["fields"], place, number
    raise KeyError(path)


def _section(form: Mapping[str, Any], place: int) -> dict[str, Any]:
    if not 0 <= place < len(form["sections"]):
        raise KeyError(place)
    found: dict[str, Any] = form["sections"][place]
    return found


def _change(target: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = copy.deepcopy(value)


def _move(items: list[Any], place: int, by: int) -> None:
    target = place + by
    if 0 <= target < len(items):
        items[place], items[target] = items[target], items[place]


def _free_key(form: Mapping[str, Any], taken: Collection[str]) -> str:
    named = _NUMBERED.findall(json.dumps(form, ensure_ascii=False))
    numbers = [int(key[1:]) for key in {*named, *taken} if _NUMBERED.fullmatch(key)]
    return f"q{max(numbers, default=0) + 1}"
