"""``zhengtong upgrade``: the tables of a populated installation brought up to this program, with a way back."""

import argparse
import dataclasses
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengtong.entry.runtime.state_folder import StateFolder
    from zhengtong.entry.upkeep.maintenance import Maintenance
    from zhengtong.entry.upkeep.upgrading import Note

HELP = "升级：检查、停下、备份、升级数据表、核对；失败可以完整退回"
DESCRIPTION = (
    "换上新版本的程序以后运行。先检查磁盘、数据库和版本，再开启维护模式、备份、升级数据表，核对账本和各表行数，"
    "最后结束维护模式。失败时说明原因和退回的做法，--back 退回升级以前的数据。"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--check", action="store_true", help="只检查，不升级：列出将要执行的步骤")
    parser.add_argument("--back", action="store_true", help="退回升级以前的数据（先停止平台）")
    parser.add_argument("--to", metavar="DIR", default="", help="升级前的备份放在哪里（默认同 backup）")
    parser.add_argument(
        "--backed-up", action="store_true", help="自备 PostgreSQL：已经用自己的工具备份，不再备份（不能用 --back 退回）"
    )


def handle(args: argparse.Namespace) -> int:
    """0 when the tables are up to date (or the data of before are back), 1 when not."""
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.runtime.state_folder import StateFolder

    state = StateFolder.chosen(args.var)
    state.open(create=False)
    if args.back:
        return _back(state)
    with connected(state, role="owner"):
        return _upgrade(state, args)


def _upgrade(state: "StateFolder", args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.db import connection

    from zhengtong.entry.backup import installation
    from zhengtong.entry.console.running import migrations
    from zhengtong.entry.upkeep import upgrading
    from zhengtong.entry.upkeep.upgrading import Note, UpgradeProblem

    waiting, unknown = migrations()
    if unknown:
        raise UpgradeProblem(
            f"没有升级：数据库由较新的版本升级过，本程序不认识其中的 {len(unknown)} 步（{unknown[0]} 等）。"
            "请换回那个版本的程序。什么都没有改动。"
        )
    note = Note.read(state)
    under_way = note is not None and note.stage in {"backed_up", "migrated"}
    if args.check or not (waiting or under_way):
        print(f"需要执行 {len(waiting)} 步：" if waiting else "数据表已是最新，不需要升级。")
        print("".join(f"  {name}\n" for name in waiting), end="")
        return 0
    upgrading.check_room(state, settings_url())
    if not args.backed_up:
        installation.refuse_outside_database(state)
    before = upgrading.stand_still(state, _say)
    connection.close()
    _record(state)
    if not under_way:
        note = _backed_up(state, args, before)
    print(f"正在升级数据表（{len(waiting)} 步）……", flush=True)
    connection.close()
    if not upgrading.migrate(dict(os.environ)):
        return _failed(note, ["数据表升级没有完成，原因见上面的输出。"])
    if note is not None:
        print("正在核对账本、各表行数和加密字段……", flush=True)
        environment = {**os.environ, "ZHENGTONG_DB_ROLE": "app", "ZHENGTONG_VAR": str(settings.ZHENGTONG_VAR)}
        faults = upgrading.verified(note, url=settings_url(), environment=environment)
        if faults:
            return _failed(note, faults)
    return _done(state, note, len(waiting))


def settings_url() -> str:
    """The address of the database for the owner of its tables."""
    from zhengtong.entry.runtime.problems import StartProblem

    url = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise StartProblem("没有数据库的连接地址。")
    return url


def _record(state: "StateFolder") -> None:
    """Ledger and supervision hear of the maintenance; tables of an earlier release may not take it: then at its end."""
    from django.conf import settings

    from zhengtong.entry.upkeep import maintenance
    from zhengtong.entry.upkeep.switching import record_begin
    from zhengtong.kernel.actors import system

    on = maintenance.read(state.path)
    if on is not None and not on.outage:
        record_begin(state.path, on, actor=system(settings.ZHENGTONG_TENANT))


def _backed_up(state: "StateFolder", args: argparse.Namespace, before: "Maintenance | None") -> "Note | None":
    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.entry.backup import installation
    from zhengtong.entry.backup.problems import BackupProblem
    from zhengtong.entry.upkeep import upgrading

    if args.backed_up:
        return None
    key, fresh = installation.key_of(state)
    if fresh:
        print(
            f"已生成备份密钥（编号 {key.number}）。请运行 zhengtong backup --show-key，抄下来与备份分开保管。",
            flush=True,
        )
    newest = ledger.newest_checkpoint()
    try:
        return upgrading.back_up(
            state,
            store=installation.store_of(args.to),
            key=key,
            checkpoint=newest.to_json() if newest else "",
            say=_say,
        )
    except BackupProblem:
        print(f"没有升级：备份没有完成，什么都没有改动。{_let_go(state, before)}", file=sys.stderr)
        raise


def _let_go(state: "StateFolder", before: "Maintenance | None") -> str:
    """Maintenance as it was before nothing came of the upgrade, in words; supervision hears of an end."""
    from django.conf import settings

    from zhengtong.entry.upkeep import maintenance
    from zhengtong.entry.upkeep.switching import switch_off
    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import DomainError

    if before is not None:
        on = maintenance.read(state.path) or before
        maintenance.write(state.path, dataclasses.replace(on, still=before.still))
        return "维护模式在升级以前就已开启，仍然开启。"
    try:
        switch_off(actor=system(settings.ZHENGTONG_TENANT))
    except DomainError as error:
        return error.message
    return "维护模式已经结束。"


def _failed(note: "Note | None", faults: list[str]) -> int:
    from zhengtong.entry.upkeep.upgrading import way_back

    for fault in faults:
        print(f"× {fault}", file=sys.stderr)
    words = way_back(note) if note else "请排除原因后再次运行，或者用自己的备份恢复数据库。"
    print(f"升级没有完成。{words}", file=sys.stderr)
    return 1


def _done(state: "StateFolder", note: "Note | None", steps: int) -> int:
    from django.conf import settings
    from django.db import connection, transaction

    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.entry.upkeep.switching import switch_off
    from zhengtong.entry.upkeep.upgrading import NOTE, end_with_start
    from zhengtong.kernel.actors import ObjectRef, system

    connection.close()
    actor = system(settings.ZHENGTONG_TENANT)
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="operations.upgraded",
            object_ref=ObjectRef(kind="upgrade", id=note.at if note else "own"),
            payload={"steps": steps, "backup": note.set if note else ""},
        )
    (state.running / NOTE).unlink(missing_ok=True)
    if state.running_address():
        end_with_start(state)
        print("升级完成，核对无误。平台还在用原来的程序运行：请重新启动平台，启动以后维护模式自动结束。")
        return 0
    switch_off(actor=actor)
    print("升级完成，核对无误，维护模式已经结束。请启动平台。")
    return 0


def _back(state: "StateFolder") -> int:
    from zhengtong.entry.upkeep.upgrading import go_back

    aside = go_back(state, _say)
    print(
        f"已退回升级以前的数据。退回前的数据库留在 {aside}，确认无误后可以删除。\n"
        "请把程序目录换回原来的版本，再启动平台；维护模式在启动以后自动结束"
        "（原来的版本没有维护模式的，不用处理）。"
    )
    return 0


def _say(text: str) -> None:
    print(text, flush=True)
