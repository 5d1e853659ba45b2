"""First content of an installation, in a process of its own: demonstration data and its accounts."""

import os
import sys
from collections.abc import Iterable

from zhengtong.entry.runtime.first_accounts import FirstAccount, show_each
from zhengtong.entry.runtime.progress import Progress
from zhengtong.kernel.errors import DomainError


def _load(progress: Progress) -> Iterable[FirstAccount]:
    from zhengtong.entry.demo.load import load

    return load(progress)


def main() -> int:
    """Load what a first start needs; harmless when repeated, since ``load`` is."""
    import django

    django.setup()
    from zhengtong.entry.simulator.service import first_month

    progress = Progress.inherited()
    if os.environ.get("ZHENGTONG_DEMO") != "1":
        return 0
    progress("正在装入演示数据……")
    try:
        for line in show_each(_load(progress)):
            print(line, flush=True)
        first_month(progress)
    except DomainError as refusal:
        print(f"错误：{refusal.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
