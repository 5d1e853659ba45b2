"""``zhengtong worker``: timers, outbox, ledger sequencing and jobs."""

import argparse

HELP = "运行后台任务：时限提醒、消息投递、存证排序；run 命令会自动启动它"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The worker has no options."""


def handle(args: argparse.Namespace) -> int:
    """Work until SIGTERM."""
    from zhengtong.entry import worker

    return int(worker.main() or 0)
