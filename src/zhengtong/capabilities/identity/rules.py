"""Checks of identifiers and passwords, and which roles exclude each other; plain Python."""

import dataclasses
import datetime as dt
import enum
import re
from collections.abc import Iterable, Sequence

from stdnum.iso7064 import mod_11_2

# 三员分立 (GB/T 22239—2019 §8.1.4 访问控制 d); the process administrator moves cases and is none of the three either.
ADMINISTRATORS = ("sys_admin", "sec_admin", "audit_admin", "process_admin")

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


class PasswordProblem(enum.Enum):
    """Why a password is refused."""

    SHORT = "short"
    CLASSES = "classes"
    BREACHED = "breached"
    PERSONAL = "personal"


@dataclasses.dataclass(frozen=True)
class Alias:
    """Another name of an organisation; ``mark`` says what kind: 旧, 俗, 误, 挂牌 …, empty for a current one."""

    name: str
    mark: str = ""


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


def password_problem(
    password: str, *, minimum: int, classes: int, personal: Sequence[str] = ()
) -> PasswordProblem | None:
    """None when the password may be used: long enough, ``classes`` of the four kinds of characters (small and
    capital letters, digits, others), not on the short list of leaked ones, holding none of ``personal``.
    """
    if len(password) < minimum:
        return PasswordProblem.SHORT
    if character_classes(password) < classes:
        return PasswordProblem.CLASSES
    folded = password.casefold()
    if folded in _BREACHED or len(set(folded)) < 4:
        return PasswordProblem.BREACHED
    if any(len(part) >= 4 and part.casefold() in folded for part in personal):
        return PasswordProblem.PERSONAL
    return None


def character_classes(password: str) -> int:
    """How many of the four kinds of characters occur."""
    kinds = {
        "small" if "a" <= c <= "z" else "capital" if "A" <= c <= "Z" else "digit" if "0" <= c <= "9" else "other"
        for c in password
    }
    return len(kinds)


def excluding_roles(role: str, held: Iterable[str]) -> frozenset[str]:
    """Those of the roles held that one person may not hold together with ``role``."""
    if role not in ADMINISTRATORS:
        return frozenset()
    return frozenset(held) & (frozenset(ADMINISTRATORS) - {role})


def colliding_administrators(roles: Iterable[str]) -> frozenset[str]:
    """The administrator roles among ``roles`` when there is more than one, else nothing."""
    found = frozenset(roles) & frozenset(ADMINISTRATORS)
    return found if len(found) > 1 else frozenset()


def parse_aliases(text: str) -> tuple[Alias, ...]:
    """``建设局(旧);县建设局`` as aliases with their marks."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = re.fullmatch(r"(.+?)\((旧|俗|误|挂牌|并入|内设)\)", part)
        found.append(Alias(match[1], match[2]) if match else Alias(part))
    return tuple(found)


def organisation_paths(parents: dict[str, str]) -> dict[str, str]:
    """The path (``/C01/G22/``) of each code from a mapping of code to parent code (empty for a root).

    Raises ValueError for a parent that is not in the mapping and for a circle.
    """
    paths: dict[str, str] = {}
    for code in parents:
        chain: list[str] = []
        at = code
        while at and at not in paths:
            if at not in parents:
                raise ValueError(f"上级机构 {at} 不存在")
            if at in chain:
                raise ValueError(f"机构 {at} 的上级关系成环")
            chain.append(at)
            at = parents[at]
        path = paths[at] if at else "/"
        for step in reversed(chain):
            path = f"{path}{step}/"
            paths[step] = path
    return paths


# Passwords of leaked lists that pass the rule of three classes; the list is small because the rule refuses the rest.
_BREACHED = frozenset(
    [
        "admin@123456",
        "admin@12345",
        "admin123456!",
        "administrator1!",
        "administrator@123",
        "abcd@123456",
        "abc@123456",
        "abc123456!",
        "abcd1234!@",
        "aa123456!!",
        "aa12345678",
        "aa123456789",
        "a123456789",
        "a1234567890",
        "asdf@123456",
        "asdfgh123!",
        "changeme123!",
        "huawei@123",
        "huawei@1234",
        "huawei12#$",
        "iloveyou123!",
        "letmein123!",
        "p@ssw0rd123",
        "p@ssw0rd1234",
        "p@ssw0rd!",
        "p@ssword123",
        "p@ssword1234",
        "pa$$w0rd123",
        "passw0rd123",
        "passw0rd123!",
        "password1!",
        "password12!",
        "password123",
        "password123!",
        "password@123",
        "password@1234",
        "qaz@123456",
        "q1w2e3r4t5",
        "qwer1234!@",
        "qwer1234!@#$",
        "qwer@123456",
        "qwer@1234",
        "qwerty123!",
        "qwerty@123",
        "qwerty@1234",
        "qwertyuiop1!",
        "root@123456",
        "root@12345",
        "test@123456",
        "test@12345",
        "user@123456",
        "welcome@123",
        "welcome123!",
        "woaini1314!",
        "woaini520!",
        "zhengfu@123",
        "zhengwu@123",
        "zaq12wsx!@",
        "zaq1@wsx",
        "zaq1@wsxcde3",
        "zxcvbn123!",
        "1qaz2wsx3edc",
        "1qaz2wsx!@",
        "1qaz@wsx3edc",
        "1qaz!qaz2wsx",
        "!qaz2wsx3edc",
        "123456abc!",
        "123456@abc",
        "123qwe!@#",
        "123qweasd!",
        "123qwe!@#qwe",
        "1q2w3e4r5t",
        "1q2w3e4r!@",
        "p@ssw0rd2024",
        "p@ssw0rd2025",
        "p@ssw0rd2026",
        "admin@2024",
        "admin@2025",
        "admin@2026",
        "admin@1234",
        "system@123",
        "manager@123",
    ]
)
