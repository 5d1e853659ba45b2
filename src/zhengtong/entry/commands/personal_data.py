"""``zhengtong personal-data``: the inventory, what is past its period, and erasures repeated after a restore."""

import argparse
import json
import sys
from pathlib import Path

HELP = "个人信息：清单、保存期限、恢复备份以后再次删除"
DESCRIPTION = (
    "inventory 输出个人信息清单（--xlsx 存为表格）；due 只列出超过保存期限的数据，不删除；keep 立即删除超过期限的数据"
    "（平时每天夜里自动执行）；erase-again 由 restore 调用，把备份里还有、但已经依法删除的人再删除一次。"
)
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("inventory", "due", "keep", "erase-again"), help="做什么，见上")
    parser.add_argument("--xlsx", metavar="FILE", default="", help="把清单存为 Excel 文件")
    parser.add_argument("--list", metavar="FILE", default="", help="erase-again 的名单")
    parser.add_argument("--tenant", metavar="CODE", help="行政区划代码（默认：本站的租户）")


def handle(args: argparse.Namespace) -> int:
    """0; 2 when a list cannot be read or written."""
    from django.conf import settings

    tenant = args.tenant or settings.ZHENGTONG_TENANT
    if args.action == "inventory":
        return _inventory(tenant, args.xlsx)
    if args.action == "erase-again":
        return _erase_again(args.list)
    return _due(tenant) if args.action == "due" else _keep(tenant)


def _inventory(tenant: str, file: str) -> int:
    from zhengtong.kernel import sheets
    from zhengtong.kernel.inventory import COLUMNS, inventory

    rows = [line.row(tenant) for line in inventory()]
    if file:
        try:
            Path(file).write_bytes(sheets.xlsx([sheets.Sheet("个人信息清单", COLUMNS, rows)]))
        except OSError as error:
            print(f"清单没有存成：不能写入 {file}（{error.strerror}）。请换一个文件名或者目录。", file=sys.stderr)
            return 2
        print(f"已存为 {file}，共 {len(rows)} 个字段。")
        return 0
    for row in rows:
        print("；".join(f"{heading}：{row[key]}" for key, heading in COLUMNS.items() if row[key]))
    print(f"共 {len(rows)} 个字段。")
    return 0


def _due(tenant: str) -> int:
    from zhengtong.kernel import retention

    for due in retention.preview(tenant=tenant):
        print(f"{due.label}：保留 {due.days} 天，超过期限 {due.count} 条（到期{due.does}）")
    return 0


def _keep(tenant: str) -> int:
    from zhengtong.capabilities.identity import api as identity

    gone = identity.keep_retention(
        tenant=tenant, tell=lambda label, done, due: print(f"{label}：{done}/{due}", flush=True)
    )
    print(f"处理完成，共 {sum(gone.values())} 条。")
    return 0


def _erase_again(file: str) -> int:
    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.entry.backup.erasures import Erased
    from zhengtong.systems.service_hall import api

    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        print(f"名单 {file} 无法读取：{error}。", file=sys.stderr)
        return 2
    for line in lines:
        one = Erased.parse(line.encode())
        counts = api.erase_again(tenant=one.tenant, person_id=one.person_id, request_id=one.request_id)
        print(f"删除申请 {one.request_id}：{json.dumps(counts, ensure_ascii=False)}", flush=True)
    # no worker runs in what was just restored: the new entries get their places now, and the ledger verifies
    while ledger.seal_batch():
        pass
    return 0
