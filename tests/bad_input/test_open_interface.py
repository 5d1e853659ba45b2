"""The open interface under requests made up from its own description: no fault, and answers as described."""

import contextlib
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import given as examples_of
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.bad_input.ground import Ground
from zhengtong.entry.application import application

_SERVER_ERROR, _FINE = 500, 200


_MOST = [12, pytest.param(400, marks=[pytest.mark.full, pytest.mark.timeout(1800)])]


def described() -> list[Any]:
    """The operations of the description, as the server gives it out."""
    with staying_connected():
        schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    return [result.ok() for result in schema.get_all_operations()]


def staying_connected() -> Any:
    """The server closes the connection behind each request: here it holds the transaction that will be undone."""
    return mock.patch.object(connections["default"], "close")


@pytest.mark.parametrize("most", _MOST)
def test_what_is_asked_rightly_is_answered_as_described(ground: Ground, most: int) -> None:
    operations, answered = described(), []

    for operation in operations:

        @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @examples_of(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def throw(case: Any) -> None:
            answer = case.call()
            answered.append(answer.status_code)
            assert answer.status_code < _SERVER_ERROR
            if answer.status_code == _FINE:
                case.validate_response(answer)

        with staying_connected():
            throw()

    assert len(operations) >= 2
    assert len(answered) >= len(operations)


@pytest.mark.parametrize("most", _MOST)
def test_what_is_asked_wrongly_is_refused_in_words(ground: Ground, most: int) -> None:
    client, refused = ground.client(), []

    for operation in described():

        @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @examples_of(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def throw(case: Any) -> None:
            question = urlencode(dict(case.query or {}), doseq=True)
            answer = client.generic(case.method, f"{case.formatted_path}?{question}")
            assert answer.status_code < _SERVER_ERROR
            refused.append(answer.status_code)

        with contextlib.suppress(Unsatisfiable):  # any text may be the code of an item
            throw()

    assert 422 in refused
