"""Password policy: long enough, mixed, not leaked, not personal."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.identity.rules import PasswordProblem, character_classes, password_problem


def _problem(password: str, **more: object) -> PasswordProblem | None:
    return password_problem(password, minimum=10, classes=3, **more)  # type: ignore[arg-type]  # keyword pass-through


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("Ab1!", PasswordProblem.SHORT),
        ("Abcdef12!", PasswordProblem.SHORT),
        ("abcdefghij", PasswordProblem.CLASSES),
        ("abcdefghij1", PasswordProblem.CLASSES),
        ("P@ssw0rd123", PasswordProblem.BREACHED),
        ("Admin@12345", PasswordProblem.BREACHED),
        ("1qaz@WSX3edc", PasswordProblem.BREACHED),
        ("Aa1Aa1Aa1Aa1", PasswordProblem.BREACHED),
        ("Kuai-le_2026", None),
        ("我爱青禾县的山水1a", None),
    ],
)
def test_verdicts(password: str, problem: PasswordProblem | None) -> None:
    assert _problem(password) is problem


def test_own_data_are_refused_inside_a_password() -> None:
    assert _problem("x13800000000Yz", personal=("13800000000",)) is PasswordProblem.PERSONAL
    assert _problem("My-Clerk.G22-key", personal=("clerk.g22",)) is PasswordProblem.PERSONAL


def test_empty_and_tiny_own_data_do_not_refuse_everything() -> None:
    assert _problem("Kuai-le_2026", personal=("", "le")) is None


@given(st.text(max_size=9))
def test_nothing_short_passes(password: str) -> None:
    assert _problem(password) is PasswordProblem.SHORT


@given(
    st.text(string.ascii_lowercase + string.digits, min_size=10, max_size=40)
    | st.text(string.ascii_uppercase + "中文", min_size=10, max_size=40)
)
def test_two_kinds_never_pass(password: str) -> None:
    assert _problem(password) is PasswordProblem.CLASSES


@given(st.text(min_size=10, max_size=60))
def test_what_passes_has_three_kinds_and_length(password: str) -> None:
    if _problem(password) is None:
        assert len(password) >= 10
        assert character_classes(password) >= 3
