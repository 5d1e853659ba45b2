"""Conditions and formulas may not come back to themselves, nor lead on and on."""

import graphlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from zhengtong.capabilities.forms.rules.declaration import LIST_KINDS
from zhengtong.capabilities.forms.rules.logic_faults import Fault

DEEPEST: Final = 50


def circle_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of a declaration whose parts are right: circles, and chains of more than fifty dependent fields."""
    nodes = dict(_nodes(data))
    graph = {name: {one for one in needs if one in nodes} for name, (_place, _label, needs) in nodes.items()}
    try:
        order = list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as found:
        circle = list(reversed(found.args[1]))
        words = "→".join(f"“{nodes[name][1]}”" for name in circle)
        yield Fault(nodes[circle[0]][0], f"条件或公式绕成了一圈：{words}。请去掉其中一处。")
        return
    depth: dict[str, int] = {}
    for name in order:
        depth[name] = 1 + max((depth[one] for one in graph[name]), default=0)
        if depth[name] == DEEPEST + 1:
            place, label, _needs = nodes[name]
            yield Fault(place, f"“{label}”的条件和公式一层依赖一层，超过 {DEEPEST} 层，请简化。")


def _nodes(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str, set[str]]]]:
    """Name (``key`` or ``group.key``), then place, label and the names needed to know its value."""
    for number, section in enumerate(data["sections"]):
        around = set(_named(section.get("when")))
        for index, field in enumerate(section["fields"]):
            place = f"sections.{number}.fields.{index}"
            needs = around | set(_needs(field))
            yield field["key"], (place, field["label"], needs)
            if field["kind"] not in LIST_KINDS:
                continue
            columns = {column["key"] for column in field["fields"]}
            for position, column in enumerate(field["fields"]):
                inner = {f"{field['key']}.{one}" if one in columns else one for one in _needs(column)}
                name = f"{field['key']}.{column['key']}"
                yield name, (f"{place}.fields.{position}", column["label"], inner | {field["key"]})


def _needs(field: Mapping[str, Any]) -> Iterator[str]:
    yield from _named(field.get("when"))
    if field["kind"] == "computed":
        yield from _named(field["formula"])


def _named(part: Any) -> Iterator[str]:
    """Every field that a condition or a formula names, a column as ``group.key``."""
    if isinstance(part, list):
        for one in part:
            yield from _named(one)
    if not isinstance(part, Mapping):
        return
    if isinstance(part.get("field"), str):
        yield part["field"]
    if "column" in part:
        yield ".".join(part["column"])
        yield part["column"][0]
    for name in ("all", "any", "not", "args", "value"):
        yield from _named(part.get(name))
