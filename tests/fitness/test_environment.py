"""Settings, commands and dependencies are declared where people look for them."""

import ast
import json
import re

import pytest

from tests.fitness.tree import REPOSITORY, SOURCE, files, named, product_modules, project, syntax
from zhengtong.entry.main import discover
from zhengtong.entry.settings.environment import VARIABLES

_OF_OTHERS = {
    "DJANGO_SETTINGS_MODULE": "Django's own",
    "PYPINYIN_NO_PHRASES": "pypinyin is told only so what it need not load",
    "PYPINYIN_NO_DICT_COPY": "the same",
}
_BETWEEN_OUR_PROCESSES = {"ZHENGTONG_PROGRESS_STARTED"}
_BELOW_DJANGO = {
    "src/zhengtong/kernel/fonts.py",  # serves the engines, which are plain Python
    "src/zhengtong/capabilities/search/rules/sounds.py",  # a rule, plain Python as well
}


def _read_variables() -> list[tuple[str, str]]:
    """(place, name) of every variable read from ``os.environ`` or ``getenv`` with a written name."""
    found = []
    for path in product_modules():
        for node in ast.walk(syntax(path)):
            name: ast.expr | None = None
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                name = node.slice
            elif isinstance(node, ast.Call) and node.args and _reads_environment(ast.unparse(node.func)):
                name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                found.append((f"{named(path)}:{node.lineno}", name.value))
    return found


def _reads_environment(function: str) -> bool:
    return function.endswith(("environ.get", "environ.setdefault", "getenv"))


def test_every_environment_variable_read_anywhere_is_declared() -> None:
    assert not [
        f"{place} {name}" for place, name in _read_variables() if name not in VARIABLES and name not in _OF_OTHERS
    ]


def test_every_setting_of_ours_named_in_text_exists() -> None:
    text = (REPOSITORY / "src" / "zhengtong" / "entry" / "settings").glob("*.py")
    known = (
        set(VARIABLES)
        | _BETWEEN_OUR_PROCESSES
        | {word for path in text for word in re.findall(r"^(ZHENGTONG_\w+)\s*=", path.read_text(), re.M)}
    )
    unknown = [
        f"{named(path)}: {word}"
        for path in files(".py", ".md", ".html")
        for word in re.findall(r"\bZHENGTONG_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
        if word not in known
    ]

    assert not unknown


def test_settings_are_read_through_django_only() -> None:
    direct = [
        named(path)
        for path in product_modules()
        if SOURCE / "entry" not in path.parents and "os.environ" in path.read_text(encoding="utf-8")
    ]

    assert set(direct) <= _BELOW_DJANGO


@pytest.mark.parametrize("name", discover())
def test_every_command_explains_itself(name: str) -> None:
    module = discover()[name]

    assert module.__doc__
    assert any("\u4e00" <= sign <= "\u9fff" for sign in module.HELP)
    assert callable(module.handle)
    assert callable(module.add_arguments)


def test_every_dependency_has_its_reason_and_no_other_has() -> None:
    text = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8")
    reasoned = re.findall(r"^\| `([^`]+)` \| .{10,} \| .{2,} \|$", text, re.M)
    data = project()
    wanted = [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]
    names = sorted(re.split(r"[\[~<>=! ;]", requirement)[0].lower() for requirement in wanted)

    assert sorted(reasoned) == names


def test_every_npm_package_has_its_reason() -> None:
    package = json.loads((REPOSITORY / "package.json").read_text(encoding="utf-8"))
    text = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert not [name for name in package["dependencies"] | package["devDependencies"] if name not in text]
