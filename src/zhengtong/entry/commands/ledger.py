"""``zhengtong ledger``: verify the whole ledger, tell how it stands, print the newest checkpoint."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.capabilities.ledger.api import Checkpoint, VerificationReport

HELP = "核验责任认定账本，查看封存和共签状况，或导出最新检查点"
DESCRIPTION = "核验发现任何问题时退出码为 1。检查点请定期导出，保存到本机运维人员够不到的地方。"
NEEDS_DJANGO = True
_SEALED_WITHIN = 10.0  # seconds; the sequencer needs one or two
_TELL_EVERY = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "action",
        choices=("verify", "status", "checkpoint"),
        help="verify 核验全部账目，status 封存和共签状况（异常时退出码为 1），checkpoint 导出最新检查点",
    )
    parser.add_argument(
        "--checkpoints",
        "--checkpoint",
        metavar="FILE",
        action="append",
        default=[],
        help="核验时与别处留存的检查点比对：导出的检查点，或共签机构的记录文件（可写多次）",
    )


def handle(args: argparse.Namespace) -> int:
    """0 when all is well, 1 on any fault, 2 when a kept checkpoint cannot be read."""
    return {"verify": lambda: _verify(args.checkpoints), "status": _status, "checkpoint": _checkpoint}[args.action]()


def _verify(files: list[str]) -> int:
    from zhengtong.capabilities.ledger import api

    kept: list[Checkpoint] = []
    for name in files:
        try:
            kept += api.all_from_text(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            print(f"留存的检查点文件“{name}”无法读取：{error}。没有开始核验。", file=sys.stderr)
            return 2
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if done - told >= _TELL_EVERY:
            told = done
            print(f"已核验 {done} 条……", flush=True)

    return _say(api.verify(tell, kept=kept), kept)


def _say(report: "VerificationReport", kept: "list[Checkpoint]") -> int:
    print(
        f"共核验账目 {report.entries} 条（内容已抹除 {report.payloads_erased} 条）、检查点 {report.checkpoints} 个，"
        f"与留存或共签的检查点比对 {report.compared} 个。"
    )
    for fault in report.faults:
        print(f"× {fault}")
    if report.unlisted:
        print(f"× 另有 {report.unlisted} 处问题未逐一列出。")
    if not report.ok:
        print(f"核验未通过：发现 {len(report.faults) + report.unlisted} 处问题。请保护现场，立即报告审计管理员。")
        return 1
    print("核验通过：没有发现改动、删除、插入或调换。")
    if not kept:
        print("提示：未与别处留存的检查点比对，不能排除账本整体被重写或末尾被截去。可加 --checkpoints 文件。")
    return 0


def _status() -> int:
    from django.conf import settings

    from zhengtong.capabilities.ledger import api

    waiting = api.waiting_to_be_sealed()
    state = api.cosigning_state(settings.ZHENGTONG_TENANT)
    sealed = waiting.oldest_seconds <= _SEALED_WITHIN
    newest = f"{state.newest.size} 条，{state.newest.key_id}" if state.newest else "还没有"
    print(f"最新检查点：{newest}")
    print(f"等待封存：{waiting.count} 条，最早的已等待 {waiting.oldest_seconds:.0f} 秒")
    print(f"共签：{state.words}")
    for row in state.witnesses:
        print(f"  {row.body}：已共签到 {row.cosigned_size} 条，密钥 {row.algorithm} {row.key_id}")
    if not sealed:
        print("封存停滞：请确认工作进程在运行，再运行 zhengtong ledger verify。", file=sys.stderr)
    return 0 if sealed and state.lamp != "red" else 1


def _checkpoint() -> int:
    from zhengtong.capabilities.ledger import api

    newest = api.newest_checkpoint()
    if newest is None:
        print("账本还没有检查点：尚无账目，或者工作进程没有运行。", file=sys.stderr)
        return 1
    print(newest.to_json())
    return 0
