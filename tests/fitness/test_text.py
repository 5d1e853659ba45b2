"""What people read stays readable: small files, small functions, no drawers, no traces of one machine."""

import ast
import re
from pathlib import Path

import pytest

from tests.fitness.tree import REPOSITORY, files, is_test, named, product_modules, syntax

_SOURCE_LINES = 500
_TEST_LINES = 600
_FUNCTION_LINES = 60
_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core"}
_PLAIN_BASES = {"src/zhengtong/entry/settings/base.py"}  # Django's word for the settings of all environments
_WRITTEN = (".py", ".html", ".css", ".js", ".typ", ".sh")
_TEXT = (*_WRITTEN, ".md", ".toml", ".txt", ".json", ".csv", ".bpmn", ".cfg", ".yml", "")
_TEMPLATES = files(".html")


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long() -> None:
    long = [
        f"{named(path)}: {count}"
        for path in files(*_WRITTEN)
        if (count := _lines(path)) > (_TEST_LINES if is_test(path) else _SOURCE_LINES)
    ]

    assert not long


def test_no_function_is_too_long() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in files(".py")
        if not is_test(path) and "migrations" not in path.parts
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > _FUNCTION_LINES
    ]

    assert not long


def test_no_drawer_collects_what_nobody_placed() -> None:
    drawers = [named(p) for p in files(".py") if p.stem in _DRAWERS or p.parent.name in _DRAWERS]

    assert set(drawers) <= _PLAIN_BASES


def test_no_file_is_empty() -> None:
    assert not [named(path) for path in files() if not path.stat().st_size]


def test_every_package_says_in_one_line_what_it_is() -> None:
    silent = [named(p) for p in files(".py") if p.name == "__init__.py" and not ast.get_docstring(syntax(p))]

    assert not [path for path in silent if not path.endswith("/migrations/__init__.py")]


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME|XX" + r"X)\b")

    assert not [named(path) for path in files(*_WRITTEN, ".md", ".toml") if words.search(_text(path))]


def test_every_switched_off_check_gives_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[a-z-]+(, ?[a-z-]+)*\])?)\s*$")
    found = [
        f"{named(path)}:{number}"
        for path in files(".py")
        if not is_test(path)
        for number, line in enumerate(_text(path).splitlines(), 1)
        if bare.search(line)
    ]

    assert not found


@pytest.mark.parametrize("path", _TEMPLATES, ids=named)
def test_templates_hold_no_style_no_script_and_no_foreign_address(path: Path) -> None:
    text = _text(path)

    assert not re.search(r"\sstyle\s*=", text), "a style attribute is refused by the content policy"
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\b(src|type=\"application/json\"))", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "behaviour belongs into a file of static/"
    assert not re.search(r"(src|href)\s*=\s*[\"'](https?:)?//", text), "nothing is loaded from elsewhere"


def test_nothing_names_a_folder_of_one_machine() -> None:
    machine = re.compile(r"(?<![\w.}/-])/(home|root|Users|work" + r")/[\w.]")

    assert not [named(path) for path in files(*_TEXT) if machine.search(_text(path))]


def test_nothing_points_at_a_ticket() -> None:
    ticket = re.compile(
        r"\b(issue|ticket|PR|pull request|GH)[ -]?#?\d+|\(#\d+\)|(?<![\w&])#\d+ (in|of)\b", re.IGNORECASE
    )

    assert not [named(path) for path in files(".py", ".md", ".html", ".js", ".css") if ticket.search(_text(path))]


def test_lock_files_name_no_host() -> None:
    lines = [
        f"{name}: {line.strip()}"
        for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json")
        for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
        if '"resolved"' in line
        or line.startswith(("--index-url", "--extra-index-url", "--find-links"))
        or "@ http" in line
    ]

    assert not lines


def test_only_the_clock_reads_the_time_of_day() -> None:
    direct = re.compile(r"\b(datetime|dt|date)\.(now|utcnow|today)\(|\btimezone\.now\(")
    found = [named(p) for p in product_modules() if p.name != "clock.py" and direct.search(_text(p))]

    assert not found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
