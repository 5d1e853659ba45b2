"""``zhengtong rebuild-search``: the search index built again from what the apps hold."""

import argparse

HELP = "重建统一检索的索引（不影响业务数据，可以随时执行）"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--tenant", metavar="CODE", help="行政区划代码（默认：本站的租户）")


def handle(args: argparse.Namespace) -> int:
    """Rebuild one tenant's index."""
    from django.conf import settings

    from zhengtong.capabilities.search import api

    tenant = args.tenant or settings.ZHENGTONG_TENANT
    print(f"检索索引已重建：{api.rebuild(tenant=tenant)} 条。")
    return 0
