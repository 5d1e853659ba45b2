"""``zhengtong rebuild-figures``: the rows that statistics are counted from, built again from applications and cases."""

import argparse

HELP = "重建办件统计（不影响业务数据，可以随时执行）"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--tenant", metavar="CODE", help="行政区划代码（默认：本站的租户）")


def handle(args: argparse.Namespace) -> int:
    """Rebuild one tenant's rows."""
    from django.conf import settings

    from zhengtong.systems.service_hall import api

    print(f"办件统计已重建：{api.rebuild_figures(args.tenant or settings.ZHENGTONG_TENANT)} 件。")
    return 0
