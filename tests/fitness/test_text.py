"""What people read stays readable: small files, small functions, no drawers, no traces of one machine."""

import ast
import functools
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

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ADDRESSED = re.compile("你(?!（?单位)")  # 你单位, 你（单位） is how official papers address their reader
_SHOUTED = re.compile("！")
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]")
#: words of those who build the platform, not of those who use it
_BUILDERS = re.compile(
    "会话|字段|令牌|校验|参数|缓存|哈希|回调|实例|数据库|服务器|非法|操作失败|提交失败|系统错误|逐字节"
)
#: what offices wrote into their lists, commas as they came, and where it is said how to type a list
_AS_TYPED = (
    "src/zhengtong/capabilities/catalogue/engine/",
    "src/zhengtong/capabilities/catalogue/rules/columns.py",
    "src/zhengtong/capabilities/cases/engine/vocabulary.py",
    "src/zhengtong/capabilities/cases/web/calendar_forms.py",
)
#: apps whose every sentence may be read by somebody who came to get something done
_OF_CITIZENS = ("systems/service_hall/", "systems/service_centre/", "systems/complaints/", "capabilities/ratings/")
_EXTENDS = re.compile(r"{% extends (?:\"ui/base_public\.html\"|reader_base)")
_INCLUDES = re.compile(r"{% (?:include|extends) \"([^\"]+)\"")


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


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (_ADDRESSED, "people are addressed as 您"),
        (_SHOUTED, "nobody is shouted at"),
        (_HALF_WIDTH, "Chinese sentences have full-width punctuation"),
    ],
    ids=["polite", "calm", "full-width"],
)
def test_chinese_is_written_as_people_print_it(wrong: re.Pattern[str], why: str) -> None:
    found = [
        f"{named(path)}: {sentence}"
        for path in (*_TEMPLATES, *product_modules())
        if not named(path).startswith(_AS_TYPED)
        for sentence in _sentences(path)
        if wrong.search(sentence)
    ]

    assert not found, why


def test_pages_of_citizens_hold_no_word_of_the_builders() -> None:
    pages = _pages_of_citizens()
    said = [
        path
        for path in product_modules()
        if any(part in named(path) for part in _OF_CITIZENS) and not {"models", "models.py"} & set(path.parts)
    ]
    found = [
        f"{named(path)}: {sentence}"
        for path in (*pages, *said)
        for sentence in _sentences(path)
        if _BUILDERS.search(sentence)
    ]

    assert len(pages) > len(_OF_CITIZENS)
    assert not found


def _pages_of_citizens() -> list[Path]:
    """Templates in the public frame and the parts they are put together from."""
    by_name = {named(path).partition("/templates/")[2]: path for path in _TEMPLATES}
    due = [name for name, path in by_name.items() if _EXTENDS.search(_text(path))]
    reached: set[str] = set()
    while due:
        name = due.pop()
        if name in by_name and name not in reached:
            reached.add(name)
            due += _INCLUDES.findall(_text(by_name[name]))
    return [by_name[name] for name in sorted(reached)]


@functools.cache
def _sentences(path: Path) -> list[str]:
    """What a file says in Chinese: lines of a template, texts of a module that are neither docstrings nor patterns."""
    if path.suffix == ".html":
        shown = re.sub(r"{#.*?#}|{% comment.*?endcomment %}|{{.*?}}", "", _text(path), flags=re.DOTALL)
        return [line.strip() for line in shown.splitlines() if _CHINESE.search(line)]
    tree = syntax(path)
    silent = {
        id(part)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or _is_pattern(node)
        for part in ast.walk(node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in silent
        and _CHINESE.search(node.value)
    ]


def _is_pattern(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
