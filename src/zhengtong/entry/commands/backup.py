"""``zhengtong backup``: one consistent, encrypted set of database, files, keys and settings."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.entry.backup.sets import Store

HELP = "备份：数据库、文件、密钥和设置，加密成一份，平台不用停"
DESCRIPTION = (
    "备份放在 --to 指定的目录（默认：环境变量 ZHENGTONG_BACKUP_TO，否则状态目录下的 backups），最好是另一块磁盘。"
    "第一次运行时生成备份密钥并显示一次，请抄下来与备份分开保管：没有它，谁也打不开备份。"
)
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--to", metavar="DIR", default="", help="备份目录")
    parser.add_argument("--keep", metavar="N", type=int, help="保留最近几份（默认：环境变量 ZHENGTONG_BACKUP_KEEP）")
    parser.add_argument("--list", action="store_true", help="只列出已有的备份")
    parser.add_argument("--show-key", action="store_true", help="只显示备份密钥，供抄写保管")


def handle(args: argparse.Namespace) -> int:
    """0 when the set stands; 1 when it stands without files that are missing or spoilt in the installation."""
    from django.conf import settings

    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.entry.backup import erasures, installation, making
    from zhengtong.entry.runtime.state_folder import StateFolder
    from zhengtong.systems.service_hall import api as service_hall

    state = StateFolder(Path(settings.ZHENGTONG_VAR))
    store = installation.store_of(args.to)
    if args.list:
        return _list(store)
    installation.refuse_outside_database(state)
    key, fresh = installation.key_of(state)
    if args.show_key or (fresh and sys.stdout.isatty()):
        print(f"备份密钥（编号 {key.number}），请抄下来，与备份分开保管：\n  {key.text}", flush=True)
        if args.show_key:
            print(f"不用本程序也能打开（做法见运维手册）：\n  SM4 {key.cipher_key.hex()}\n  HMAC {key.seal_key.hex()}")
            return 0
    elif fresh:
        # no secret goes into a log
        print(
            f"已生成备份密钥（编号 {key.number}）。请运行 zhengtong backup --show-key，抄下来与备份分开保管。",
            flush=True,
        )
    erasures.bring_up_to_date(store, key, [erasures.Erased(*one) for one in service_hall.erasures_done()])
    newest = ledger.newest_checkpoint()
    made = making.make(
        state,
        store=store,
        key=key,
        checkpoint=newest.to_json() if newest else "",
        say=lambda text: print(text, flush=True),
    )
    gone = making.prune(store, key, keep=max(1, args.keep or settings.ZHENGTONG_BACKUP_KEEP))
    _recorded(made.manifest.name, key.number)
    manifest = made.manifest
    print(
        f"备份完成：{made.folder}，{len(manifest.tables)} 张表 {manifest.rows} 行，{manifest.files} 个文件，"
        f"用时 {(manifest.ended - manifest.begun).total_seconds():.0f} 秒。"
    )
    if gone:
        print(f"按保留份数删除旧备份 {gone} 份。")
    if installation.same_disk(store):
        print("提示：备份和数据在同一块磁盘上，磁盘损坏时会一起丢失。请用 --to 指定另一块磁盘或者挂载的异地目录。")
    if manifest.damaged:
        print(f"注意：系统里有 {manifest.damaged} 个文件缺失或者损坏，没有备份到。请用 restore 从较早的备份取回。")
        return 1
    return 0


def _list(store: "Store") -> int:
    from zhengtong.kernel.ui.formats import cn_datetime

    found = store.sets()
    for one in found:
        size = (one.manifest.part_bytes + one.manifest.file_bytes) // 2**20
        print(
            f"{one.manifest.name}  {cn_datetime(one.manifest.begun)}  {one.manifest.rows} 行  约 {size} MiB  "
            f"{one.folder}"
        )
    if not found:
        print(f"{store.path} 里还没有备份。")
    return 0


def _recorded(name: str, number: str) -> None:
    """The ledger knows that everything was copied, and under which key."""
    from django.conf import settings
    from django.db import transaction

    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.kernel.actors import ObjectRef, system

    with transaction.atomic():
        ledger.append(
            actor=system(settings.ZHENGTONG_TENANT),
            act="operations.backed_up",
            object_ref=ObjectRef(kind="backup", id=name),
            payload={"key": number},
        )
