"""The open interface under requests made up from its own description: no fault, and answers as described."""

from typing import Any
from unittest import mock

import pytest
import schemathesis
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import given as examples_of
from schemathesis import GenerationMode

from tests.bad_input.ground import Ground
from zhengtong.entry.wsgi import application

_SERVER_ERROR = 500


@pytest.mark.parametrize("most", [12, pytest.param(400, marks=[pytest.mark.full, pytest.mark.timeout(1800)])])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_bears_what_is_made_up(ground: Ground, mode: GenerationMode, most: int) -> None:
    with mock.patch.object(connections["default"], "close"):
        schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    operations = [result.ok() for result in schema.get_all_operations()]
    answered: list[int] = []

    for operation in operations:
        made_up = operation.as_strategy(generation_mode=mode)

        @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @examples_of(case=made_up)
        def throw(case: Any) -> None:
            answer = case.call()
            answered.append(answer.status_code)
            assert answer.status_code < _SERVER_ERROR
            if mode is GenerationMode.POSITIVE and answer.status_code == 200:
                case.validate_response(answer)

        # the server closes the connection behind each request: here it holds the transaction that will be undone
        with mock.patch.object(connections["default"], "close"):
            throw()

    assert len(operations) >= 2
    assert len(answered) >= len(operations)
