"""Checks of identifiers, names and telephones."""

import datetime as dt
import enum
import re
from collections.abc import Iterable

from stdnum.iso7064 import mod_11_2

# 公民身份号码: GB 11643—1999; the first two digits are the province (GB/T 2260), 81–83 the residence permits of
# Hong Kong, Macao and Taiwan. Counties are never checked: many numbers carry an abolished code.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_CITIZEN_FORM = re.compile(r"[0-9]{17}[0-9X]")

# 统一社会信用代码: GB 32100—2015.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")

_PHONE_FORM = re.compile(r"1[3-9][0-9]{9}")
_USERNAME_FORM = re.compile(r"[a-z][a-z0-9_.-]{2,29}")
_NAME_FORM = re.compile(r"[^\W\d_](?:[^\W\d_]|[·.' -]){0,48}[^\W\d_]")


class NumberProblem(enum.Enum):
    """Why a citizen number cannot be right."""

    FORM = "form"
    PROVINCE = "province"
    DATE = "date"
    CHECK_DIGIT = "check_digit"


def normal_number(text: str) -> str:
    """A citizen number or credit code as it is stored: no spaces, upper case."""
    return "".join(text.split()).upper()


def citizen_number_problem(text: str, *, today: dt.date, further_provinces: Iterable[str] = ()) -> NumberProblem | None:
    """None when the number can exist: 18 characters, a province, a date not after today, the right check digit.

    ``further_provinces`` are two-digit codes beyond GB/T 2260 (the tenant's own, in a demonstration).
    """
    number = normal_number(text)
    if not _CITIZEN_FORM.fullmatch(number):
        return NumberProblem.FORM
    if number[:2] not in _PROVINCES and number[:2] not in frozenset(further_provinces):
        return NumberProblem.PROVINCE
    if not mod_11_2.is_valid(number):
        return NumberProblem.CHECK_DIGIT
    born = birth_date(number)
    if born is None or born > today:
        return NumberProblem.DATE
    return None


def birth_date(number: str) -> dt.date | None:
    """The date of birth inside a citizen number; None when there is no such day."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def uscc_is_valid(text: str) -> bool:
    """True when form and check character are right; the inner organisation code is not judged (07.2: warn only)."""
    code = normal_number(text)
    if not _USCC_FORM.fullmatch(code):
        return False
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _USCC_ALPHABET[-total % 31] == code[17]


def phone_is_valid(text: str) -> bool:
    """True for a mobile number of the mainland: 11 digits beginning with 13 to 19."""
    return bool(_PHONE_FORM.fullmatch("".join(text.split())))


def username_is_valid(text: str) -> bool:
    """True for 3 to 30 small letters, digits, ``_ . -``, beginning with a letter."""
    return bool(_USERNAME_FORM.fullmatch(text))


def name_is_valid(text: str) -> bool:
    """True for a person's name: 2 to 50 letters of any script, with ``·`` or a space between parts."""
    return bool(_NAME_FORM.fullmatch(text.strip()))
