"""Python and the browser judge alike: any declaration, any answers, letter by letter."""

import json
import timeit
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from zhengtong.capabilities.forms.rules import amount_in_words, clean, frozen_definition, normalise
from zhengtong.capabilities.forms.tests.engine import Engine, judged, running_engine
from zhengtong.capabilities.forms.tests.forms import field, form
from zhengtong.capabilities.forms.tests.strategies import NASTY, TEXTS, declarations_with_answers
from zhengtong.capabilities.forms.tests.vectors import VECTORS, made


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with running_engine() as running:
        yield running


@given(declarations_with_answers())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_judge_alike(engine: Engine, form: tuple[Any, Any]) -> None:
    declaration, answers = form

    assert engine.judge(declaration, answers) == judged(declaration, answers)


@given(declarations_with_answers())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_cleaning_twice_changes_nothing(form: tuple[Any, Any]) -> None:
    declaration, answers = form
    definition = frozen_definition(declaration)

    once = _single(clean(definition, answers)[0])

    assert _single(clean(definition, once)[0]) == once


def _single(answers: dict[str, Any]) -> dict[str, Any]:
    """Without groups: rows that held nothing of use are dropped the second time."""
    return {key: value for key, value in answers.items() if not isinstance(value, list)}


@given(TEXTS)
def test_texts_and_amounts_read_alike(engine: Engine, text: str) -> None:
    found = engine.ask({"text": text})

    assert found == {"words": amount_in_words(text), "normalised": normalise(text)}


@pytest.mark.parametrize("kind", ["text", "textarea", "email", "date", "number", "amount", "citizen_number", "uscc"])
def test_nasty_texts_are_judged_alike(engine: Engine, kind: str) -> None:
    for text in NASTY:
        declaration = {
            "title": "表",
            "sections": [{"title": "一", "fields": [{"key": "a", "label": "甲", "kind": kind}]}],
        }

        assert engine.judge(declaration, {"a": text}) == judged(declaration, {"a": text})


def test_the_fixed_vectors_are_what_both_say(engine: Engine) -> None:
    kept = json.loads(VECTORS.read_text(encoding="ascii"))

    assert kept == made(), "run python -m zhengtong.capabilities.forms.tests.vectors and look at what changed"
    for vector in kept:
        assert engine.judge(vector["declaration"], vector["answers"]) == vector["expected"]


def test_a_big_form_is_judged_at_once(engine: Engine) -> None:
    columns = [field("what"), *(field(f"n{number}", "amount") for number in range(5))]
    total = field("total", "computed", formula={"op": "sum", "args": [{"column": ["rows", "n0"]}]})
    singles = [field(f"f{number}", "number", unit="㎡") for number in range(100)]
    whole = form(*singles, field("rows", "table", fields=columns), total)
    row = {"what": "设备", **{f"n{number}": "1234.50" for number in range(5)}}
    answers = {"rows": [row] * 50, **{f"f{number}": "12.5" for number in range(100)}}
    definition = frozen_definition(whole)

    seconds = min(timeit.repeat(lambda: clean(definition, answers), number=1, repeat=20))

    assert clean(definition, answers)[1] == {}
    assert engine.judge(whole, answers) == judged(whole, answers)
    assert seconds < 0.02
