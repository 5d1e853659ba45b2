"""``zhengtong shell``: Python with the platform loaded, in the application's database role."""

import argparse

HELP = "打开已加载平台的 Python 交互环境（以应用角色连接数据库）"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("-c", "--command", metavar="CODE", help="执行这一段 Python 代码后退出")


def handle(args: argparse.Namespace) -> int:
    """Hand over to Django's shell."""
    from django.core.management import call_command

    call_command("shell", command=args.command)
    return 0
