"""The documents say what the code is: generated tables current, glossary complete, every app introduced."""

import re

import pytest
from django.apps import AppConfig

from tests.fitness.tree import REPOSITORY, own_models, system_apps
from tools import generate_docs

_GLOSSARY = REPOSITORY / "docs" / "glossary.md"


def test_generated_parts_are_current() -> None:
    stale = generate_docs.stale_documents()

    assert not stale, "run .venv/bin/python tools/generate_docs.py"


@pytest.mark.parametrize("config", system_apps(), ids=lambda config: config.label)
def test_every_app_has_a_page_under_its_name_in_the_plan(config: AppConfig) -> None:
    page = REPOSITORY / config.path / "README.md"

    assert page.exists()
    assert page.read_text(encoding="utf-8").splitlines()[0] == f"# {config.verbose_name}"


def _glossary() -> list[list[str]]:
    rows = [line for line in _GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if not row.startswith("| 中文")]


def test_the_glossary_names_every_table() -> None:
    words = {row[0] for row in _glossary()}
    missing = {f"{m._meta.verbose_name} | {m.__name__}" for m in own_models() if str(m._meta.verbose_name) not in words}

    assert not missing


def test_the_glossary_gives_the_class_its_name() -> None:
    english = {row[0]: row[1] for row in _glossary()}
    different = [
        f"{m._meta.verbose_name}: {m.__name__}, glossary: {english[str(m._meta.verbose_name)]}"
        for m in own_models()
        if str(m._meta.verbose_name) in english and _plain(m.__name__) not in _plain(english[str(m._meta.verbose_name)])
    ]

    assert not different


def _plain(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.lower())


def test_one_chinese_word_has_one_english_word() -> None:
    words = [row[0] for row in _glossary()]

    assert all(len(row) == 5 and all(row) for row in _glossary())
    assert not {word for word in words if words.count(word) > 1}


def test_every_decision_says_what_was_rejected() -> None:
    decisions = sorted((REPOSITORY / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in decisions]

    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    assert not [p.name for p in decisions if "## Rejected" not in p.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", *(f"docs/{n}.md" for n in ("architecture", "operations", "contributing"))]
)
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    page = REPOSITORY / name
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert links
    assert not [link for link in links if not (page.parent / link).exists()]
