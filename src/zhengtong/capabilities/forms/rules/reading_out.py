"""How an answer reads on a page and on paper.

人民币大写依《支付结算办法》附一“正确填写票据和结算凭证的基本规定”：到“元”为止的写“整”，到“角”“分”的不写。
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.capabilities.forms.rules.declaration import LIST_KINDS, Field, is_empty
from zhengtong.capabilities.forms.rules.formulas import number_of
from zhengtong.capabilities.forms.rules.texts import date_problem

UNANSWERED = "未填写"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")

Names = Callable[[str], str]


def shown(field: Field, value: Any, names: Names | None = None) -> str:
    """An answer in words: labels of options, Chinese dates, units; ``names`` gives the name of a division code."""
    if is_empty(value):
        return UNANSWERED
    if field.kind in LIST_KINDS and isinstance(value, list):
        return "\n".join(
            f"{row_name(field, number)}：" + "；".join(f"{column.label}：{words}" for column, words in row if words)
            for number, row in enumerate(shown_rows(field, value, names), 1)
        )
    if field.kind == "division" and names is not None and isinstance(value, str):
        return names(value) or value
    reader = _READERS.get(field.kind)
    words = reader(field, value) if reader else None
    return words if words is not None else f"{_plain(value)} {field.unit}".strip()


def row_name(field: Field, number: int) -> str:
    """What a row is called: ``股东 1`` where the form names it, else ``第 1 行``."""
    return f"{field.row_label} {number}" if field.row_label else f"第 {number} 行"


def shown_rows(field: Field, value: Any, names: Names | None = None) -> list[list[tuple[Field, str]]]:
    """The rows of a group or table, each with (column, answer in words); empty where a column was not asked."""
    columns = [column for column in field.fields if column.kind != "note"]
    return [
        [(column, shown(column, row[column.key], names) if column.key in row else "") for column in columns]
        for row in (value if isinstance(value, list) else [])
        if isinstance(row, dict)
    ]


def amount_in_words(text: str) -> str:
    """An amount in yuan (at most two decimals, below 10¹²) in capital Chinese figures; empty for anything else."""
    number = number_of(text)
    if number is None or number % 10**10 or abs(number) >= 10**24:
        return ""
    yuan, cents = divmod(abs(number) // 10**10, 100)
    jiao, fen = divmod(cents, 10)
    whole = _whole_in_words(yuan)
    words = f"{whole}元" if whole else ""
    if not cents:
        words = f"{words or '零元'}整"
    else:
        words += f"{_DIGITS[jiao]}角" if jiao else "零" if whole else ""
        words += f"{_DIGITS[fen]}分" if fen else ""
    return f"负{words}" if number < 0 else words


def _whole_in_words(number: int) -> str:
    words, gap = "", False
    text = str(number)
    for index, digit in enumerate(text):
        place = len(text) - 1 - index
        if digit == "0":
            gap = True
        else:
            words += ("零" if gap and words else "") + _DIGITS[int(digit)] + _PLACES[place % 4]
            gap = False
        if place % 4 == 0 and place and int(text[max(0, index - 3) : index + 1]):
            words += _GROUPS[place // 4]
            gap = False if digit != "0" else gap
    return words


def _plain(value: Any) -> str:
    """Any value as text, whatever its shape."""
    if isinstance(value, dict):
        return "，".join(_plain(part) for part in value.values() if not is_empty(part))
    if isinstance(value, list):
        return "、".join(_plain(one) for one in value)
    return str(value)


def _choice(field: Field, value: Any) -> str | None:
    return field.option_labels.get(value, value) if isinstance(value, str) else None


def _choices(field: Field, value: Any) -> str | None:
    if not isinstance(value, list):
        return _choice(field, value)
    return "、".join(field.option_labels.get(one, one) if isinstance(one, str) else _plain(one) for one in value)


def _consent(_field: Field, value: Any) -> str | None:
    return "已承诺" if value == "yes" else "未承诺"


def _date(_field: Field, value: Any) -> str | None:
    return date_in_words(value) if isinstance(value, str) else None


def date_in_words(text: str) -> str:
    """An ISO date as ``2026年1月2日``; any other text as it is."""
    if date_problem(text):
        return text
    day = dt.date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _period(_field: Field, value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    first, last = (str(value.get(part) or "") for part in ("from", "to"))
    return f"{date_in_words(first) or UNANSWERED}至{date_in_words(last) or UNANSWERED}"


def _amount(_field: Field, value: Any) -> str | None:
    number = number_of(value)
    if number is None:
        return None
    words = amount_in_words(value)
    return f"{grouped(value)} 元（{words}）" if words else f"{grouped(value)} 元"


def grouped(text: str) -> str:
    """A decimal with separators of thousands and at least two decimals, as amounts are printed."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part.ljust(2, '0')}"


def _attachment(_field: Field, value: Any) -> str | None:
    if not isinstance(value, list):
        return None
    return "、".join(f"{one.get('name', '')}（{one.get('copies', 1)} 份）" for one in value if isinstance(one, dict))


def _signature(_field: Field, value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    name = str(value.get("name") or UNANSWERED)
    at = str(value.get("at") or "")
    words = f"{name}（手写签名）" if value.get("drawn") else name
    return f"{words}，{date_in_words(at[:10])}" if at else words


def _computed(field: Field, value: Any) -> str | None:
    return date_in_words(value) if isinstance(value, str) and not date_problem(value) else None


_READERS: Mapping[str, Callable[[Field, Any], str | None]] = {
    "choice": _choice,
    "choices": _choices,
    "consent": _consent,
    "date": _date,
    "period": _period,
    "amount": _amount,
    "attachment": _attachment,
    "signature": _signature,
    "computed": _computed,
}
