"""A signal that comes at any moment of waiting is heard, and the process goes on."""

import os
import signal
import sys
from types import FrameType
from typing import Any

import pytest

from zhengtong.entry.runtime.told import Told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.timeout(20)
def test_a_signal_within_every_line_of_waiting_is_heard(number: signal.Signals) -> None:
    struck = []

    def strike(frame: FrameType, _event: str, _arg: Any) -> Any:
        if frame.f_code.co_name == "_note":  # the handler itself
            return None
        struck.append(frame.f_lineno)
        os.kill(os.getpid(), number)
        return strike

    with Told() as told:
        before = sys.gettrace()
        sys.settrace(strike)
        try:
            told.wait(5)
        finally:
            sys.settrace(before)
        assert struck
        assert told.asked
        assert told.wait(5)


def test_nobody_asked() -> None:
    with Told() as told:
        assert not told.wait(0.01)


def test_the_handlers_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with Told():
        assert signal.getsignal(signal.SIGTERM) != before[0]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
