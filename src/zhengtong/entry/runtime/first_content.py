"""First content of an installation, in a process of its own: demonstration data and the accounts shown once."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhengtong.entry.runtime.progress import Progress
from zhengtong.kernel.errors import DomainError


@dataclass(frozen=True)
class FirstAccount:
    """One account made at the first start; the password exists here and as a hash in the database only."""

    title: str
    username: str
    password: str


def show_once(accounts: Sequence[FirstAccount]) -> str:
    """The table a person copies the first passwords from."""
    rows = [("身份", "账号", "密码"), *((a.title, a.username, a.password) for a in accounts)]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "-" * (sum(widths) + 4)
    return "\n".join(["", "首次启动生成的账号（只显示这一次，请立即抄下或登录后修改密码）：", rule, *lines, rule, ""])


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _load(progress: Progress) -> Iterable[FirstAccount]:
    from zhengtong.entry.demo.load import load

    return load(progress)


def main() -> int:
    """Load what a first start needs; harmless when repeated, since ``load`` is."""
    import django

    django.setup()
    progress = Progress.inherited()
    if os.environ.get("ZHENGTONG_DEMO") != "1":
        return 0
    progress("正在装入演示数据……")
    accounts: list[FirstAccount] = []
    try:
        for account in _load(progress):
            accounts.append(account)  # noqa: PERF402  (what came before a failure must still be shown)
    except DomainError as refusal:
        print(f"错误：{refusal.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if accounts:
            print(show_once(accounts), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
