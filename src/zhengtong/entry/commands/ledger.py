"""``zhengtong ledger``: verify the whole ledger, print the newest checkpoint to be kept elsewhere."""

import argparse
import sys
from pathlib import Path

HELP = "核验责任认定账本，或导出最新检查点"
DESCRIPTION = "核验发现任何问题时退出码为 1。检查点请定期导出，保存到本机运维人员够不到的地方。"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "action", choices=("verify", "checkpoint"), help="verify 核验全部账目，checkpoint 导出最新检查点"
    )
    parser.add_argument(
        "--checkpoint", metavar="FILE", action="append", default=[], help="核验时与别处留存的检查点比对（可写多次）"
    )


def handle(args: argparse.Namespace) -> int:
    """0 when all is well, 1 on any fault, 2 when a kept checkpoint cannot be read."""
    return _verify(args.checkpoint) if args.action == "verify" else _checkpoint()


def _verify(files: list[str]) -> int:
    from zhengtong.capabilities.ledger import api

    kept = []
    for name in files:
        try:
            kept.append(api.from_json(Path(name).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            print(f"留存的检查点文件“{name}”无法读取：{error}。没有开始核验。", file=sys.stderr)
            return 2
    report = api.verify(lambda done: print(f"已核验 {done} 条……", flush=True), kept=kept)
    print(f"共核验账目 {report.entries} 条（内容已抹除 {report.payloads_erased} 条）、检查点 {report.checkpoints} 个。")
    for fault in report.faults:
        print(f"× {fault}")
    if report.unlisted:
        print(f"× 另有 {report.unlisted} 处问题未逐一列出。")
    if not report.ok:
        print(f"核验未通过：发现 {len(report.faults) + report.unlisted} 处问题。请保护现场，立即报告审计管理员。")
        return 1
    print("核验通过：没有发现改动、删除、插入或调换。")
    if not kept:
        print("提示：未与别处留存的检查点比对，不能排除账本整体被重写或末尾被截去。可加 --checkpoint 文件。")
    return 0


def _checkpoint() -> int:
    from zhengtong.capabilities.ledger import api

    newest = api.newest_checkpoint()
    if newest is None:
        print("账本还没有检查点：尚无账目，或者工作进程没有运行。", file=sys.stderr)
        return 1
    print(newest.to_json())
    return 0
