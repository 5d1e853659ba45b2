"""``zhengtong administrators``: the first three accounts of a real installation, once."""

import argparse
import sys

HELP = "正式安装：建立首批三名管理员（系统、安全、审计），密码和动态口令密钥只显示一次"
DESCRIPTION = (
    "只能在还没有任何工作人员时执行一次。三名管理员由三个人担任，用显示的密码和动态口令登录，"
    "第一次登录必须改密码（72 小时内有效）。其他账户以后由系统管理员在“机构与权限”里建立。"
)
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("code", metavar="单位代码", help="管理员所在单位的代码，如 K09")
    parser.add_argument("name", metavar="单位名称", help="管理员所在单位的名称，如 青禾县数据局")


def handle(args: argparse.Namespace) -> int:
    """0 when they were made, 1 when there are people already."""
    from django.conf import settings

    from zhengtong.capabilities.identity import api as identity
    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import DomainError

    try:
        made = identity.found_administration(
            actor=system(settings.ZHENGTONG_TENANT),
            unit=identity.OrganisationRow(org_code=args.code.strip(), name=args.name.strip()),
        )
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    for one in made:
        print(f"{one.display_name}\n  用户名 {one.username}\n  密码 {one.password}\n  动态口令密钥 {one.totp_secret}")
    print("以上只显示这一次，请分别交给三个人。把动态口令密钥输入手机上的身份验证器应用，再登录。")
    return 0
