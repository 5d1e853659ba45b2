"""One-time codes as a telephone shows them, each once."""

import base64
import threading

import pytest

from faults.telephone import Telephone, one_time_code

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(("step", "code"), [(0, "755224"), (1, "287082"), (9, "520489")])
def test_codes_are_those_of_the_standard(step, code):
    assert one_time_code(SECRET, step) == code  # RFC 4226, appendix D


def test_a_code_is_shown_once():
    stop, present = threading.Event(), [0.0]
    telephone = Telephone({"clerk": SECRET}, lambda: present[0])

    first = telephone.code("clerk", stop)
    present[0] = 30.0
    second = telephone.code("clerk", stop)
    stop.set()

    assert (first, second) == ("755224", "287082")
    assert telephone.code("clerk", stop) == ""
