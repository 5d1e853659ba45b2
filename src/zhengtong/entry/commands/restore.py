"""``zhengtong restore``: a set into an empty state folder, on this machine or another."""

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.entry.backup.sealing import Key
    from zhengtong.entry.backup.sets import BackupSet

HELP = "把一份备份恢复到一个空的状态目录"
DESCRIPTION = (
    "恢复不会覆盖任何已有的数据；恢复完用 zhengtong run --var DIR 启动。"
    "备份密钥取自 --key-file、环境变量 ZHENGTONG_BACKUP_KEY，都没有时请您输入。"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("set", metavar="SET", help="备份所在的目录（…/sets/20261122-020000）")
    parser.add_argument("--into", metavar="DIR", required=True, help="恢复到哪里：不存在的或者空的目录")
    parser.add_argument(
        "--erasures", metavar="DIR", default="", help="另一个（较新的）备份目录，一并使用其中的抹除名单"
    )
    parser.add_argument("--key-file", metavar="FILE", default="", help="存有备份密钥的文件")


def handle(args: argparse.Namespace) -> int:
    """0 when everything stands again as it was, 1 when a table has other rows than the set says, 2 without a key."""
    from zhengtong.entry.backup.restoring import restore
    from zhengtong.entry.backup.sealing import Key
    from zhengtong.entry.backup.sets import BackupSet

    backup = BackupSet.at(Path(args.set))
    try:
        text = (
            Path(args.key_file).read_text(encoding="ascii")
            if args.key_file
            else os.environ.get("ZHENGTONG_BACKUP_KEY", "")
        )
    except (OSError, UnicodeDecodeError) as error:
        print(f"密钥文件 {args.key_file} 无法读取：{error}。", file=sys.stderr)
        return 2
    if not text and not sys.stdin.isatty():
        print("需要备份密钥：用 --key-file 指定文件，或者设置环境变量 ZHENGTONG_BACKUP_KEY。", file=sys.stderr)
        return 2
    key = Key.read(text or getpass.getpass("备份密钥："))
    done = restore(backup, Path(args.into), key=key, say=lambda said: print(said, flush=True))
    print(
        f"恢复完成：{done.tables} 张表 {done.rows} 行，{done.files} 个文件，"
        f"用时 {sum(done.seconds.values()):.0f} 秒。\n"
        f"请核验账本后启动：\n  zhengtong ledger verify --var {args.into}\n  zhengtong run --var {args.into}"
    )
    if not _erase_again(backup, key, Path(args.into), args.erasures):
        return 1
    if done.different:
        print(f"× 这些表的行数与备份时不同：{'、'.join(done.different)}。请换一份备份。", file=sys.stderr)
        return 1
    return 0


def _erase_again(backup: "BackupSet", key: "Key", into: Path, newer: str) -> bool:
    """Erase again who was erased after the set was made; False when that failed and the town must not be started.

    ``newer`` names another store whose list knows more, empty for none.
    """
    from zhengtong.entry.backup.erasures import to_repeat
    from zhengtong.entry.backup.restoring import in_restored
    from zhengtong.entry.backup.sets import Store

    stores = [backup.store, *([Store(Path(newer))] if newer else [])]
    again = {one.request_id: one for store in stores for one in to_repeat(store, key, backup.manifest.begun)}
    if not again:
        return True
    print(f"备份以后有 {len(again)} 人的个人信息依法删除，正在恢复出来的数据里再次删除……", flush=True)
    work = into / "erase-again.jsonl"
    work.write_bytes(b"".join(one.text() + b"\n" for one in again.values()))
    try:
        done = in_restored(into, "migrate") and in_restored(into, "personal-data", "erase-again", "--list", str(work))
    finally:
        work.unlink(missing_ok=True)
    if not done:
        print(
            "× 没有完成再次删除。请不要启动恢复出来的平台：查明原因以后换一个空目录重新恢复。",
            file=sys.stderr,
        )
    return done
