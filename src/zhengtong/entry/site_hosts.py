"""``zhengtong sites hosts``: the host names of sites, listed, given, taken away, given up."""

import argparse
import sys
from typing import Any

from zhengtong.kernel.errors import DomainError

ACT = "hosts"


def add_act(acts: Any) -> None:
    """The act with its options; without any it lists."""
    names = acts.add_parser(ACT, help="列出各网站的域名；加选项时设置、取消或放弃域名")
    one = names.add_mutually_exclusive_group()
    one.add_argument("--set", nargs=2, metavar=("网站标识", "域名"), help="让网站在这个域名上")
    one.add_argument("--clear", metavar="网站标识", help="网站回到本平台的网址下，原来的域名跳转过来")
    one.add_argument("--free", metavar="域名", help="放弃只作跳转的旧域名，它的链接从此失效，别的网站可以使用")


def handle(args: argparse.Namespace) -> int:
    """0 when it was done; 1, with one sentence, when it was not."""
    from django.conf import settings

    from zhengtong.kernel.actors import system
    from zhengtong.systems.sites import api as sites

    actor = system(settings.ZHENGTONG_TENANT)
    try:
        if args.free:
            sites.free_host(actor=actor, host=args.free)
        elif args.set or args.clear:
            code, host = args.set or (args.clear, "")
            site = sites.site_by_code(actor.tenant, code)
            if site is None:
                print(f"没有网站“{code}”，或者它没有开通。", file=sys.stderr)
                return 1
            sites.set_host(actor=actor, site_id=site.pk, host=host)
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    for led in sites.hosts(actor.tenant):
        print(f"{led.host}\t{led.code}\t{'网站' if led.own else '跳转'}")
    if args.set or args.clear or args.free:
        print("请重新生成 nginx 配置（zhengtong nginx）并让 nginx 重新加载。")
    return 0
