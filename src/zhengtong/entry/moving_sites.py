"""``zhengtong sites export``, ``import`` and ``migrate``: whole sites out and in, old sites over."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from zhengtong.kernel.errors import DomainError

ACTS = frozenset({"export", "import", "migrate"})


def add_acts(acts: Any) -> None:
    """The three acts with their options."""
    out = acts.add_parser("export", help="把一个网站导出为可移植的文件")
    out.add_argument("code", metavar="网站标识", help="导出哪个网站")
    out.add_argument("--to", metavar="文件", type=Path, required=True, help="写到哪个文件（.zip）")
    back = acts.add_parser("import", help="从导出的文件恢复一个网站，只能恢复到空网站")
    back.add_argument("file", metavar="文件", type=Path, help="export 写出的文件（.zip）")
    back.add_argument("--as", dest="code", metavar="网站标识", default="", help="恢复为哪个网站；不写就用导出时的标识")
    back.add_argument("--org", metavar="单位代码", default="", help="网站还没有开通时，为哪个单位开通")
    over = acts.add_parser("migrate", help="迁移一个旧网站：默认只试运行，加 --run 才导入")
    over.add_argument("code", metavar="网站标识", help="导入到哪个网站")
    over.add_argument("--from", dest="place", metavar="名称", default="", help="状态目录的 imports 里的文件或文件夹")
    over.add_argument("--files", metavar="名称", default="", help="附件和图片所在的文件夹或 ZIP，也在 imports 里")
    over.add_argument("--database", metavar="名称", default="", help="ZHENGTONG_SITES_OLD_DATABASES 里的名称")
    over.add_argument("--query", metavar="文件", type=Path, help="SELECT 语句，列名为 标题、发布日期、正文 等")
    over.add_argument("--rules", metavar="文件", type=Path, help="规则（JSON）；不写就用这个网站上次的规则")
    over.add_argument("--run", action="store_true", help="试运行以后接着导入")
    over.add_argument("--report", metavar="文件", type=Path, help="逐行报告写到哪个 CSV")


def handle(args: argparse.Namespace) -> int:
    """0 when it was done; 1, with one sentence, when it was not."""
    try:
        return {"export": _export, "import": _import, "migrate": _migrate}[args.act](args)
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as failure:
        print(f"文件读写不了：{failure}", file=sys.stderr)
    return 1


def _export(args: argparse.Namespace) -> int:
    from zhengtong.systems.sites import api as sites

    packed = sites.export_site(actor=_platform(), code=args.code, target=args.to)
    print(f"已导出 {packed.pages} 个网页、{packed.files} 个文件。内容摘要 {packed.digest}")
    if packed.lost:
        print(f"有 {packed.lost} 处引用的网页或文件不在导出范围内（草稿、别的网站的内容），没有带出。")
    return 0


def _import(args: argparse.Namespace) -> int:
    from zhengtong.systems.sites import api as sites

    packed = sites.import_site(actor=_platform(), path=args.file, code=args.code, org_code=args.org)
    print(f"已恢复 {packed.pages} 个网页、{packed.files} 个文件。内容摘要 {packed.digest}")
    return 0


def _migrate(args: argparse.Namespace) -> int:
    from zhengtong.systems.sites import api as sites

    actor = _platform()
    site = sites.site_by_code(actor.tenant, args.code)
    if site is None:
        print(f"没有网站“{args.code}”。", file=sys.stderr)
        return 1
    row = sites.begin_migration(
        actor=actor,
        site_id=site.pk,
        place=args.place,
        files_place=args.files,
        database=args.database,
        query=args.query.read_text(encoding="utf-8") if args.query else "",
        rules=json.loads(args.rules.read_text(encoding="utf-8")) if args.rules else None,
    )
    sites.plan_migration(actor=actor, migration_id=row.pk)
    row = sites.work_through(actor=actor, migration_id=row.pk, progress=_progress)
    done = row.state == "planned"
    if done and args.run:
        sites.start_migration(actor=actor, migration_id=row.pk)
        row = sites.work_through(actor=actor, migration_id=row.pk, progress=_progress)
        done = row.state == "done"
    print(f"\n{row.get_state_display()}。{row.message}")
    for label, number in sites.count_words(row):
        print(f"  {label}：{number}")
    if args.report:
        with args.report.open("w", encoding="utf-8", newline="") as out:
            out.writelines(sites.report_lines(row))
    return 0 if done else 1


def _platform() -> Any:
    from django.conf import settings

    from zhengtong.kernel.actors import system

    return system(settings.ZHENGTONG_TENANT)


def _progress(row: Any) -> None:
    print(f"\r{row.done}/{row.total or '…'}", end="", flush=True)
