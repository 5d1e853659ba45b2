"""The accounts of a first start, as they are shown once."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class FirstAccount:
    """One account made at the first start; the password exists here and as a hash in the database only."""

    title: str
    username: str
    password: str


_HEADING = "首次启动生成的账号（只显示这一次，请立即抄下或登录后修改密码）："
_WIDTHS = (22, 16, 16)


def show_each(accounts: Iterable[FirstAccount]) -> Iterator[str]:
    """The table a person copies the first passwords from, line by line as the accounts are made.

    Each line is to be printed at once: an interrupted start must not have made a password nobody saw.
    """
    rule = "-" * (sum(_WIDTHS) + 4)
    shown = False
    for account in accounts:
        if not shown:
            yield from ("", _HEADING, rule, _row("身份", "账号", "密码"))
        shown = True
        yield _row(account.title, account.username, account.password)
    if shown:
        yield rule


def _row(*cells: str) -> str:
    return "  ".join(_pad(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
