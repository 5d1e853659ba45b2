"""``zhengtong sites``: sites for many units at once, their hosts, where a page answers, whole sites out and in."""

import argparse
import csv
import sys
from pathlib import Path

from zhengtong.entry import moving_sites, site_hosts

HELP = "网站群：批量开通网站，查一个网页还在哪里能读到，网站的域名，监测网站，导出、恢复、迁移网站"
DESCRIPTION = "已经有网站的单位保持不变，可以重复执行；中断以后再执行一次，从停下的地方继续。"
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="操作")
    create = acts.add_parser("create-from", help="按机构名单（CSV，org_code 列）开通网站")
    create.add_argument("file", metavar="文件", type=Path, help="机构名单，UTF-8 编码，有 org_code 列")
    where = acts.add_parser("where", help="查一个（已撤下的）网页和它的副本还在哪里能读到")
    where.add_argument("page", metavar="网址或编号", help="文章的网址，或者网页编号")
    inspect = acts.add_parser("inspect", help="监测全部网站（今天没有做完的接着做），或者重新监测一个网站")
    inspect.add_argument("--site", metavar="网站标识", default="", help="只监测这一个网站，今天监测过的也重新做")
    moving_sites.add_acts(acts)
    site_hosts.add_act(acts)
    create.add_argument("--portal", metavar="单位代码", default="", help="同时由这个单位主办门户网站")


def handle(args: argparse.Namespace) -> int:
    """0 when all is done and the page answers nowhere; 1 when something is left or cannot be read."""
    if args.act == "inspect":
        return _inspect(args.site)
    if args.act == site_hosts.ACT:
        return site_hosts.handle(args)
    if args.act in moving_sites.ACTS:
        return moving_sites.handle(args)
    return _where(args.page) if args.act == "where" else _create(args)


def _inspect(code: str) -> int:
    from django.conf import settings

    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import DomainError
    from zhengtong.systems.sites import api as sites

    tenant = settings.ZHENGTONG_TENANT
    try:
        if not code:
            run = sites.inspect_county(tenant=tenant, progress=_progress)
            print(f"\n{run.day} 监测了 {run.done} 个网站。")
            return 0
        site = sites.site_by_code(tenant, code)
        if site is None:
            print(f"没有网站“{code}”，或者它没有开通。", file=sys.stderr)
            return 1
        check = sites.inspect_site(actor=system(tenant), site_id=site.pk)
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    print(f"{site.name}：{check.lamp}，发现 {sum(check.counts.values())} 项")
    return 0


def _where(word: str) -> int:
    from django.conf import settings

    from zhengtong.systems.sites import api as sites

    found = sites.still_there(settings.ZHENGTONG_TENANT, word)
    if found is None:
        print(f"没有这篇文章：{word}", file=sys.stderr)
        return 1
    for one in found:
        print(f"{one.place}\t{one.address}")
    if not found:
        print("无")
    return 1 if found else 0


def _create(args: argparse.Namespace) -> int:
    from django.conf import settings

    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import Conflict, DomainError
    from zhengtong.systems.sites import api as sites

    actor = system(settings.ZHENGTONG_TENANT)
    try:
        with args.file.open(encoding="utf-8-sig", newline="") as source:
            codes = [row["org_code"].strip() for row in csv.DictReader(source) if row.get("org_code")]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        print(f"名单读不出来：{failure}", file=sys.stderr)
        return 1
    if not codes:
        print("名单里没有 org_code 列，或者没有单位。", file=sys.stderr)
        return 1
    try:
        if args.portal:
            try:
                sites.open_site(actor=actor, org_code=args.portal, kind="portal", code="portal")
            except Conflict as there:
                print(there.message)
        found = sites.open_sites(actor=actor, org_codes=codes, progress=_progress)
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    print(f"\n新开通 {len(found.new)} 个，原来就有 {len(found.there)} 个，没有开通 {len(found.left_out)} 个。")
    for code, why in found.left_out:
        print(f"  {code}：{why}")
    return 1 if found.left_out else 0


def _progress(done: int, of: int) -> None:
    print(f"\r{done}/{of}", end="", flush=True)
