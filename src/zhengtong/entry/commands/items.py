"""``zhengtong items import``: an office's list judged row by row, and its good rows entered as drafts."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengtong.capabilities.catalogue.api import JudgedList
    from zhengtong.kernel.actors import Actor

HELP = "导入部门送来的事项表（xlsx、xls、csv），先逐行核对，再把没有问题的行存为草稿"
DESCRIPTION = (
    "退出码：0 全部处理完，1 有行退回核实，2 文件读不出来。"
    "重复导入同一张表不会产生重复的事项。带 --dry-run 时只核对，不写入任何内容。"
)
NEEDS_DJANGO = True
_SHOWN = 20
_VERDICTS = {"accepted": "可以导入", "duplicate": "重复", "held": "退回核实", "skipped": "不是事项"}
_OUTCOMES = {"added": "新增草稿", "updated": "更新草稿", "unchanged": "没有变化", "refused": "没有导入"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("import",), help="import 导入")
    parser.add_argument("file", metavar="FILE", help="事项表文件")
    parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    parser.add_argument("--report", metavar="OUT.json", help="把逐行结果写成 JSON 文件")
    parser.add_argument("--sender", default="", help="报送单位；同一单位以前核对过的列和部门会沿用")
    parser.add_argument("--as", dest="username", default="", metavar="账号", help="以谁的名义导入（默认：系统）")


def handle(args: argparse.Namespace) -> int:
    """0 when every row was dealt with, 1 when rows were held, 2 when a file cannot be read or written."""
    from zhengtong.capabilities.catalogue import api
    from zhengtong.kernel.errors import Invalid

    path = Path(args.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        print(f"文件“{args.file}”打不开：{error.strerror}。", file=sys.stderr)
        return 2
    actor = _actor(args.username)
    try:
        judged = api.judge_list(actor=actor, name=path.name, content=content, sender=args.sender)
    except Invalid as refusal:
        print(f"“{path.name}”读不出来：{refusal.message}", file=sys.stderr)
        return 2
    report = judged.as_json()
    _show(judged, report["summary"])
    if not args.dry_run and report["summary"]["accepted"]:
        report["summary"]["items"] = _enter(actor, path.name, content, args.sender)
    if args.report:
        text = json.dumps(report, ensure_ascii=False, indent=1)
        try:
            Path(args.report).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            print(f"逐行结果写不到“{args.report}”：{error.strerror}。", file=sys.stderr)
            return 2
        print(f"逐行结果已写入 {args.report}。")
    return 1 if report["summary"]["held"] else 0


def _actor(username: str) -> "Actor":
    from django.conf import settings

    from zhengtong.capabilities.identity import api as identity
    from zhengtong.kernel.actors import system

    return identity.find_actor(username) if username else system(settings.ZHENGTONG_TENANT)


def _show(judged: "JudgedList", summary: dict[str, Any]) -> None:
    for sheet in summary["sheets"]:
        print(f"工作表“{sheet['sheet']}”：" + (f"{sheet['rows']} 行" if sheet["read"] else sheet["reason"]))
    print("　".join(f"{label} {summary[verdict]} 行" for verdict, label in _VERDICTS.items()))
    for remark in summary["remarks"]:
        print(f"提示：{remark}")
    held = [line for line in judged.judgement.lines if line.verdict in ("held", "duplicate")]
    for line in held[:_SHOWN]:
        reasons = "".join(problem.message for problem in line.problems if problem.severity in ("hold", "skip"))
        print(f"× 第 {line.row} 行 {line.name or '（没有名称）'}：{reasons}")
    if len(held) > _SHOWN:
        print(f"另有 {len(held) - _SHOWN} 行未列出，请用 --report 查看全部。")
    outcomes = "，".join(f"{label} {summary['items'][key]} 项" for key, label in _OUTCOMES.items())
    print(f"可以导入的行：{outcomes}。")


def _enter(actor: "Actor", name: str, content: bytes, sender: str) -> dict[str, int]:
    from zhengtong.capabilities.catalogue import api
    from zhengtong.entry.runtime.progress import Progress

    progress = Progress()
    row = api.receive_list(actor=actor, name=name, content=content, sender=sender)
    row = api.enter_list(
        actor=actor,
        list_id=row.id,
        wait=True,
        progress=lambda done, total: progress(f"已处理 {done}／{total} 行"),
    )
    outcomes: dict[str, int] = row.summary["items"]
    print("已存为草稿：" + "，".join(f"{label} {outcomes[key]} 项" for key, label in _OUTCOMES.items()) + "。")
    return outcomes
