"""Whoever reads the ledger reads Chinese: every act and kind of object written to it has a label."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.fitness.tree import module_name, named, product_modules, syntax
from zhengtong.capabilities.ledger.registry import act_labels, object_labels


def _words(node: ast.expr | None, path: Path) -> list[str]:
    """The texts an expression may stand for; nothing for a parameter or a text put together at run time."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _words(node.body, path) + _words(node.orelse, path)
    if isinstance(node, ast.Name):
        value = getattr(importlib.import_module(module_name(path)), node.id, None)
        return [value] if isinstance(value, str) else []
    return []


def _writers(path: Path) -> dict[str, int]:
    """Functions of a module that take an act, with its place among the positional arguments."""
    return {
        node.name: [argument.arg for argument in node.args.args].index("act")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef) and "act" in {argument.arg for argument in node.args.args}
    }


def _acts() -> Iterator[tuple[str, str]]:
    """(place, act) of every act named where something is written to the ledger."""
    for path in product_modules():
        writers = _writers(path)
        for node in ast.walk(syntax(path)):
            if not isinstance(node, ast.Call):
                continue
            given = next((keyword.value for keyword in node.keywords if keyword.arg == "act"), None)
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if given is None and name in writers and len(node.args) > writers[name]:
                given = node.args[writers[name]]
            for act in _words(given, path):
                yield f"{named(path)}:{node.lineno}", act


def test_every_act_has_a_chinese_label() -> None:
    acts = list(_acts())

    assert acts
    assert not [f"{place} {act}" for place, act in acts if "." in act and act not in act_labels]


def _object_kinds() -> Iterator[tuple[str, str]]:
    """(place, kind) of every reference to an object made with a written kind."""
    for path in product_modules():
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ObjectRef"):
                given = next((keyword.value for keyword in node.keywords if keyword.arg == "kind"), None)
                yield from ((f"{named(path)}:{node.lineno}", kind) for kind in _words(given, path))


def test_every_kind_of_object_has_a_chinese_label() -> None:
    kinds = list(_object_kinds())

    assert kinds
    assert not [f"{place} {kind}" for place, kind in kinds if kind not in object_labels]


def test_labels_are_chinese() -> None:
    labels = [*act_labels.items(), *object_labels.items()]

    assert not [key for key, label in labels if not any("\u4e00" <= sign <= "\u9fff" for sign in label)]
