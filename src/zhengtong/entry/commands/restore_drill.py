"""``zhengtong restore-drill``: restore the newest set aside, verify it, measure, report, throw it away."""

import argparse
from pathlib import Path

HELP = "恢复演练：把备份恢复到一旁，核对、核验、计时，写出报告"
DESCRIPTION = "正在运行的平台不受影响，恢复出来的副本演练完就删除。报告存在备份目录的 drills 里，运行状况页也能看到。"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--from", dest="source", metavar="DIR", default="", help="备份目录（默认同 backup）")
    parser.add_argument("--set", metavar="NAME", default="", help="演练哪一份（默认：最新的一份）")
    parser.add_argument("--aside", metavar="DIR", default="", help="恢复到哪个目录下面（默认：状态目录）")
    parser.add_argument("--write-files", action="store_true", help="文件也写出来（默认只解密核对，省空间）")


def handle(args: argparse.Namespace) -> int:
    """0 when the set proved good, 1 when not or when there is none."""
    from django.conf import settings

    from zhengtong.entry.backup import installation
    from zhengtong.entry.backup.drill import drill
    from zhengtong.entry.backup.problems import BackupProblem
    from zhengtong.entry.backup.sets import BackupSet
    from zhengtong.entry.runtime.state_folder import StateFolder

    state = StateFolder(Path(settings.ZHENGTONG_VAR))
    store = installation.store_of(args.source)
    backup = BackupSet.at(store.path / "sets" / args.set) if args.set else store.newest()
    if backup is None:
        raise BackupProblem(f"{store.path} 里还没有备份，请先运行 zhengtong backup。")
    key, _fresh = installation.key_of(state)
    report, path = drill(
        backup,
        store=store,
        aside=Path(args.aside or state.path),
        key=key,
        files=args.write_files,
        say=lambda text: print(text, flush=True),
    )
    for fault in report.faults:
        print(f"× {fault}")
    words = "备份可用" if report.ok else "备份不可用"
    print(
        f"恢复演练：{words}。备份 {report.set}，距今 {report.age / 60:.0f} 分钟；恢复并核验用时 {report.total:.0f} 秒，"
        f"{report.tables} 张表 {report.rows} 行，文件 {report.files} 个，账目 {report.ledger_entries} 条，"
        f"解开加密字段 {report.fields_opened} 个。报告：{path}"
    )
    return 0 if report.ok else 1
