"""One answer at a time: what was sent becomes the value that is kept, and a sentence says what is wrong with it.

公民身份号码 GB 11643，统一社会信用代码 GB 32100：校验码必须相符；身份号码不以区划代码不识为由拒绝。
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from zhengtong.capabilities.forms.rules.declaration import Field, empty_value, is_empty
from zhengtong.capabilities.forms.rules.messages import sentence
from zhengtong.capabilities.forms.rules.texts import (
    SPACES,
    canonical,
    date_problem,
    mend_number,
    text_of,
)
from zhengtong.kernel.dates import mend_day

MAX_TEXT = 200
MAX_LONG_TEXT = 4000
NUMBER_PLACES = 4
AMOUNT_PLACES = 2
_MAX_NAME = 120
_MAX_SIGNER = 50
_MAX_DRAWN = 200_000
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_EMAIL = re.compile(f"[^@{SPACES}]+@[^@{SPACES}]+\\.[^@{SPACES}]+")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_CITIZEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_USCC = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_DIVISION = re.compile(r"[0-9]{6}([0-9]{6})?")
_FILE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COPIES = re.compile(r"[1-9][0-9]{0,2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.]{0,13}(Z|[+-][0-9]{2}:[0-9]{2})")
_DRAWN = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}")

Read = tuple[Any, str]


def read_value(field: Field, raw: Any) -> Read:
    """The value to keep and the sentence that refuses it, empty when it is right; groups are read row by row."""
    if field.kind == "note":
        return None, ""
    reader = _READERS.get(field.kind)
    value, problem = reader(field, raw) if reader else _read_scalar(field, raw)
    if not problem and field.required and is_empty(value):
        problem = missing(field)
    return value, problem


def missing(field: Field) -> str:
    """The sentence for a question that must be answered and was not."""
    if field.kind in ("choice", "choices", "division"):
        return sentence("missing_choice", label=field.label)
    word = {"consent": "missing_consent", "attachment": "missing_file", "signature": "missing_signature"}
    return sentence(word.get(field.kind, "missing"), label=field.label)


def citizen_number_problem(value: str) -> str:
    """Empty when the number is 18 characters with a real date and the right check character (GB 11643)."""
    text = _upper(value)
    if not _CITIZEN.fullmatch(text):
        return sentence("citizen_number_form")
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return sentence("citizen_number_born")
    return "" if born.year >= 1900 and mod_11_2.is_valid(text) else sentence("citizen_number_check")


def _upper(text: str) -> str:
    """Capitals of an ASCII text; languages differ about the capitals of others."""
    return text.upper() if text.isascii() else text


def _read_scalar(field: Field, raw: Any) -> Read:
    text = text_of(raw)
    if text is None:
        return "", sentence("shape", label=field.label)
    return _CHECKS[field.kind](field, text) if text else ("", "")


def _check_text(field: Field, value: str) -> Read:
    longest = field.max_length or (MAX_LONG_TEXT if field.kind == "textarea" else MAX_TEXT)
    if len(value) > longest:
        return value, sentence("too_long", label=field.label, max=longest, count=len(value))
    return value, ""


def _check_citizen_number(_field: Field, value: str) -> Read:
    return _upper(value), citizen_number_problem(value)


def _check_uscc(field: Field, value: str) -> Read:
    text = _upper(value)
    right = _USCC.fullmatch(text) and uscc.is_valid(text)
    return text, "" if right else sentence("uscc", label=field.label)


def _check_phone(field: Field, value: str) -> Read:
    return value, "" if _PHONE.fullmatch(value) else sentence("phone", label=field.label)


def _check_email(field: Field, value: str) -> Read:
    right = len(value) <= MAX_TEXT and _EMAIL.fullmatch(value)
    return value, "" if right else sentence("email", label=field.label)


def _check_date(field: Field, value: str) -> Read:
    text = mend_day(value)
    key = date_problem(text)
    return text, sentence(key, label=field.label) if key else ""


def _check_number(field: Field, value: str) -> Read:
    text = mend_number(value)
    if not _NUMBER.fullmatch(text):
        return text, _not_a_number(field)
    text = canonical(text)
    if len(text.partition(".")[2]) > field.places:
        return text, _not_a_number(field)
    if field.min and _scaled(text) < _scaled(field.min):
        return text, sentence("below", label=field.label, min=field.min)
    if field.max and _scaled(text) > _scaled(field.max):
        return text, sentence("above", label=field.label, max=field.max)
    return text, ""


def _not_a_number(field: Field) -> str:
    if field.kind == "amount":
        return sentence("amount", label=field.label)
    return sentence("number" if field.places else "integer", label=field.label, places=field.places)


def _scaled(text: str) -> int:
    """A canonical number of at most six decimals in millionths."""
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(6, "0"))


def _check_choice(field: Field, value: str) -> Read:
    return value, "" if value in field.option_labels else sentence("option", label=field.label)


def _check_consent(field: Field, value: str) -> Read:
    return value, "" if value == "yes" else missing(field)


def _check_division(field: Field, value: str) -> Read:
    if not _DIVISION.fullmatch(value):
        return value, sentence("division", label=field.label)
    code = value.ljust(12, "0")
    if field.level in ("town", "village") and code[6:9] == "000":
        return value, sentence(f"division_{field.level}", label=field.label)
    if field.level == "village" and code[9:] == "000":
        return value, sentence("division_village", label=field.label)
    return value, ""


_CHECKS: Mapping[str, Callable[[Field, str], Read]] = {
    "text": _check_text,
    "textarea": _check_text,
    "address": _check_text,
    "citizen_number": _check_citizen_number,
    "uscc": _check_uscc,
    "phone": _check_phone,
    "email": _check_email,
    "date": _check_date,
    "number": _check_number,
    "amount": _check_number,
    "choice": _check_choice,
    "consent": _check_consent,
    "division": _check_division,
}


def _read_choices(field: Field, raw: Any) -> Read:
    listed = _listed(raw)
    given = [None] if listed is None else [text_of(one) for one in listed]
    if None in given:
        return [], sentence("shape", label=field.label)
    picked = dict.fromkeys(one for one in given if one)
    known = [value for value, _label in field.options if value in picked]
    unknown = [one for one in picked if one not in field.option_labels]
    value, count = known + unknown, len(picked)
    if unknown:
        return value, sentence("option", label=field.label)
    if count and field.min and count < int(field.min):
        return value, sentence("too_few", label=field.label, min=field.min, count=count)
    if field.max and count > int(field.max):
        return value, sentence("too_many", label=field.label, max=field.max, count=count)
    return value, ""


def _listed(raw: Any) -> Any:
    """A list as it is, one text as the only one of its list, nothing as none; None for other shapes."""
    if raw is None or raw == "":
        return []
    if isinstance(raw, str):
        return [raw]
    return raw if isinstance(raw, list) else None


def _read_period(field: Field, raw: Any) -> Read:
    given = {"from": "", "to": ""} if raw is None or raw == "" else raw
    if not isinstance(given, dict):
        return empty_value("period"), sentence("shape", label=field.label)
    first, last = text_of(given.get("from")), text_of(given.get("to"))
    if first is None or last is None:
        return empty_value("period"), sentence("shape", label=field.label)
    first, last = mend_day(first), mend_day(last)
    value = {"from": first, "to": last}
    if not first and not last:
        return value, ""
    if not first or not last:
        return value, sentence("period_half", label=field.label)
    key = date_problem(first) or date_problem(last)
    if key:
        return value, sentence(key, label=field.label)
    days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days + 1
    if days < 1:
        return value, sentence("period_order", label=field.label)
    if field.max_days and days > field.max_days:
        return value, sentence("period_long", label=field.label, max=field.max_days, count=days)
    return value, ""


def _read_attachment(field: Field, raw: Any) -> Read:
    given = [] if raw is None or raw == "" else raw
    if not isinstance(given, list):
        return [], sentence("shape", label=field.label)
    problem, kept = "", {}
    for one in given:
        file = text_of(one.get("file")) if isinstance(one, dict) else None
        name = text_of(one.get("name")) if isinstance(one, dict) else None
        if file is None or name is None or not _FILE.fullmatch(file):
            problem = problem or sentence("shape", label=field.label)
            continue
        copies = text_of(one.get("copies")) or str(field.copies)
        if not _COPIES.fullmatch(copies):
            problem = problem or sentence("copies", label=field.label)
            copies = str(field.copies)
        if field.formats and _extension(name) not in field.formats:
            formats = "、".join(field.formats)
            problem = problem or sentence("file_format", label=field.label, formats=formats, name=name)
        kept[file] = {"file": file, "name": name[:_MAX_NAME].strip(SPACES), "copies": int(copies)}
    if len(kept) > field.max_files:
        problem = problem or sentence("files_many", label=field.label, max=field.max_files, count=len(kept))
    return list(kept.values()), problem


def _extension(name: str) -> str:
    text = name.rpartition(".")[2]
    return text.lower() if text.isascii() else text


def _read_signature(field: Field, raw: Any) -> Read:
    given = {"name": raw} if raw is None or isinstance(raw, str) else raw
    texts = [text_of(given.get(part)) for part in ("name", "at", "drawn")] if isinstance(given, dict) else [None]
    if None in texts:
        return empty_value("signature"), sentence("shape", label=field.label)
    name, at, drawn = (text or "" for text in texts)
    value = {"name": name, "at": at if _INSTANT.fullmatch(at) else "", "drawn": drawn}
    if drawn and (len(drawn) > _MAX_DRAWN or not _DRAWN.fullmatch(drawn)):
        return value | {"drawn": ""}, sentence("signature_drawn", label=field.label)
    if drawn and not name:
        return value, sentence("signature_name", label=field.label)
    if len(name) > _MAX_SIGNER:
        return value, sentence("too_long", label=field.label, max=_MAX_SIGNER, count=len(name))
    return value, ""


_READERS: Mapping[str, Callable[[Field, Any], Read]] = {
    "choices": _read_choices,
    "period": _read_period,
    "attachment": _read_attachment,
    "signature": _read_signature,
}
