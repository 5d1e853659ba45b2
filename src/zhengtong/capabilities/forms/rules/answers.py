"""表单规则：a declaration is data; the same checks hold for a page, a draft and an import.

公民身份号码 GB 11643，统一社会信用代码 GB 32100：校验码必须相符；身份号码不以区划代码不识为由拒绝。
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from zhengtong.capabilities.forms.rules.declaration import Condition, Definition, Field, Section

_MAX_TEXT = 200
_MAX_LONG_TEXT = 4000
_PHONE = re.compile(r"1[3-9]\d{9}$")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?$")


def read_definition(data: Mapping[str, Any]) -> Definition:
    """A definition from its JSON; raises ValueError for unknown kinds, double keys or conditions on no field."""
    sections = tuple(
        Section(section["title"], tuple(_read_field(field) for field in section["fields"]))
        for section in data["sections"]
    )
    definition = Definition(data["title"], sections)
    keys = [field.key for field in definition.fields]
    if len(keys) != len(set(keys)):
        raise ValueError("a key is used twice")
    for field in definition.fields:
        if field.kind not in _CHECKS:
            raise ValueError(f"unknown kind {field.kind}")
        if field.when and field.when[0] not in keys:
            raise ValueError(f"{field.key} depends on {field.when[0]}, which is no field")
    return definition


def _read_field(data: Mapping[str, Any]) -> Field:
    when = data.get("when")
    return Field(
        key=data["key"],
        label=data["label"],
        kind=data["kind"],
        required=data.get("required", True),
        help=data.get("help", ""),
        unit=data.get("unit", ""),
        options=tuple((value, label) for value, label in data.get("options", [])),
        prefill=data.get("prefill", ""),
        when=Condition(when["field"], tuple(when["values"])) if when else None,
        personal=data.get("personal", data["kind"] in ("citizen_number", "phone", "email", "address")),
    )


def asked(field: Field, answers: Mapping[str, str]) -> bool:
    """True when the question is put, given the other answers."""
    return field.when is None or answers.get(field.when[0], "") in field.when[1]


def clean(fields: Sequence[Field], answers: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Normalised answers and, by key, one sentence per answer that cannot be accepted."""
    raw = {field.key: normalise(answers.get(field.key, "")) for field in fields}
    cleaned: dict[str, str] = {}
    errors: dict[str, str] = {}
    for field in fields:
        value = raw[field.key]
        if not asked(field, {**{k: str(v) for k, v in answers.items()}, **raw}):
            continue
        cleaned[field.key] = value
        problem = (
            _missing(field) if not value and field.required else (_CHECKS[field.kind](field, value) if value else "")
        )
        if problem:
            errors[field.key] = problem
    return cleaned, errors


def normalise(value: Any) -> str:
    """Text without control characters and outer spaces; full-width digits and letters become half-width ones."""
    text = unicodedata.normalize("NFC", str(value if value is not None else ""))
    half = "".join(
        chr(ord(ch) - 0xFEE0) if "０" <= ch <= "９" or "Ａ" <= ch <= "Ｚ" or "ａ" <= ch <= "ｚ" else ch for ch in text
    )
    return "".join(ch for ch in half if ch in "\n\t" or unicodedata.category(ch) != "Cc").strip()


def citizen_number_problem(value: str) -> str:
    """Empty when the number is 18 characters with a real date and the right check character (GB 11643)."""
    text = value.upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text):
        return "公民身份号码应为 18 位，末位可以是 X。请核对身份证后重新填写。"
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "公民身份号码中的出生日期不存在。请核对身份证后重新填写。"
    if born.year < 1900 or not mod_11_2.is_valid(text):
        return "公民身份号码的校验位不符，可能有一位填错。请核对身份证后重新填写。"
    return ""


def _missing(field: Field) -> str:
    if field.kind == "choice":
        return f"请选择{field.label}。"
    return f"请勾选“{field.label}”。" if field.kind == "consent" else f"请填写{field.label}。"


def _check_text(field: Field, value: str) -> str:
    return f"{field.label}最多 {_MAX_TEXT} 个字，现在有 {len(value)} 个字。" if len(value) > _MAX_TEXT else ""


def _check_long_text(field: Field, value: str) -> str:
    return f"{field.label}最多 {_MAX_LONG_TEXT} 个字，现在有 {len(value)} 个字。" if len(value) > _MAX_LONG_TEXT else ""


def _check_uscc(field: Field, value: str) -> str:
    return "" if uscc.is_valid(value.upper()) else f"{field.label}应为 18 位且校验位相符。请对照营业执照核对。"


def _check_phone(field: Field, value: str) -> str:
    return "" if _PHONE.match(value) else f"{field.label}应为 11 位手机号码。"


def _check_email(field: Field, value: str) -> str:
    return (
        "" if _EMAIL.match(value) and len(value) <= _MAX_TEXT else f"{field.label}的格式不对，应类似 name@example.cn。"
    )


def _check_date(field: Field, value: str) -> str:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return f"{field.label}不是有效日期，请按 2026-11-21 的格式填写。"
    return "" if dt.date(1900, 1, 1) <= day <= dt.date(2199, 12, 31) else f"{field.label}的年份不对，请核对。"


def _check_number(field: Field, value: str) -> str:
    return "" if _NUMBER.match(value) else f"{field.label}应为数字，最多 12 位整数和 4 位小数。"


def _check_choice(field: Field, value: str) -> str:
    return "" if value in dict(field.options) else f"请从列出的选项中选择{field.label}。"


def _check_consent(field: Field, value: str) -> str:
    return "" if value == "yes" else _missing(field)


_CHECKS: Mapping[str, Callable[[Field, str], str]] = {
    "text": _check_text,
    "textarea": _check_long_text,
    "citizen_number": lambda _field, value: citizen_number_problem(value),
    "uscc": _check_uscc,
    "phone": _check_phone,
    "email": _check_email,
    "date": _check_date,
    "number": _check_number,
    "choice": _check_choice,
    "address": _check_text,
    "consent": _check_consent,
}


def shown(field: Field, value: str) -> str:
    """An answer as people read it: the label of an option, a Chinese date, the unit."""
    if not value:
        return "未填写"
    if field.kind == "choice":
        return dict(field.options).get(value, value)
    if field.kind == "consent":
        return "已承诺" if value == "yes" else "未承诺"
    if field.kind == "date" and not _check_date(field, value):
        day = dt.date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{value} {field.unit}".strip()
