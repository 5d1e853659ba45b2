"""Checks of passwords."""

import enum
from collections.abc import Sequence

from zxcvbn import zxcvbn

_LONGEST_JUDGED = 72  # characters; zxcvbn refuses more, and what is longer is not weaker


class PasswordProblem(enum.Enum):
    """Why a password is refused."""

    SHORT = "short"
    CLASSES = "classes"
    BREACHED = "breached"
    PERSONAL = "personal"


def password_problem(
    password: str,
    *,
    minimum: int,
    classes: int,
    personal: Sequence[str] = (),
    weak_words: Sequence[str] = (),
    strength: float = 9.5,
) -> PasswordProblem | None:
    """None when the password may be used: long enough, ``classes`` of the four kinds of characters (small and
    capital letters, digits, others), holding none of ``personal``, and not soon guessed.

    ``strength`` is the power of ten of the guesses an attacker needs who tries leaked passwords, words, names, dates,
    sequences and keyboard patterns first (zxcvbn); ``weak_words`` are words this county's attackers try, too.
    """
    if len(password) < minimum:
        return PasswordProblem.SHORT
    if character_classes(password) < classes:
        return PasswordProblem.CLASSES
    folded = password.casefold()
    if any(len(part) >= 4 and part.casefold() in folded for part in personal):
        return PasswordProblem.PERSONAL
    if guesses(password, words=(*personal, *weak_words)) < strength:
        return PasswordProblem.BREACHED
    return None


def guesses(password: str, *, words: Sequence[str] = ()) -> float:
    """The power of ten of the guesses needed; ``words`` are tried first."""
    judged = zxcvbn(password[:_LONGEST_JUDGED], user_inputs=[word for word in words if word])
    return float(judged["guesses_log10"])


def character_classes(password: str) -> int:
    """How many of the four kinds of characters occur."""
    kinds = {
        "small" if "a" <= c <= "z" else "capital" if "A" <= c <= "Z" else "digit" if "0" <= c <= "9" else "other"
        for c in password
    }
    return len(kinds)
