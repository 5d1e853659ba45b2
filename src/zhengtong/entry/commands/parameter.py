"""``zhengtong parameter``: the limits, thresholds and words a county may set, and setting one."""

import argparse
import datetime as dt
import json
import sys

HELP = "查看（list）和设定（set）本县可以自己决定的参数"
DESCRIPTION = (
    "set 的取值按默认值的写法填写：数字直接写，文字可以不加引号，一组值写成 JSON。"
    "读不出来的取值不会保存。每次设定都记入责任认定账本。"
)
NEEDS_DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("list", "set"), help="list 列出，set 设定")
    parser.add_argument("key", nargs="?", default="", metavar="参数", help="如 notify.quiet_hours；list 时可以只写开头")
    parser.add_argument("value", nargs="?", metavar="取值", help="如 22:00-07:00")
    parser.add_argument("--source", default="", metavar="依据", help="设定的依据，如文件名称和文号")
    parser.add_argument("--from", dest="day", type=dt.date.fromisoformat, metavar="日期", help="生效日期（默认今天）")


def handle(args: argparse.Namespace) -> int:
    """0 when done, 1 for a value that is refused, 2 when something is missing on the command line."""
    return _list(args.key) if args.action == "list" else _set(args)


def _list(begin: str) -> int:
    from django.conf import settings

    from zhengtong.kernel import parameters

    keys = sorted(key for key, _parameter in parameters.declared.items() if key.startswith(begin))
    found = parameters.values(*keys, tenant=settings.ZHENGTONG_TENANT)
    for key in keys:
        one = parameters.declared.get(key)
        mark = "" if one.confirmed else "（待核实）"
        print(f"{key}\t{json.dumps(found[key], ensure_ascii=False)}\t{one.unit}\t{one.label}{mark}")
    return 0


def _set(args: argparse.Namespace) -> int:
    from django.conf import settings

    from zhengtong.entry.upkeep.setting import set_parameter
    from zhengtong.kernel.actors import system
    from zhengtong.kernel.errors import DomainError

    if not args.key or args.value is None:
        print("请写明参数、取值和依据，例如：set notify.quiet_hours 21:00-08:00 --source 文号", file=sys.stderr)
        return 2
    try:
        row = set_parameter(
            actor=system(settings.ZHENGTONG_TENANT),
            key=args.key,
            value=_read(args.key, args.value),
            source=args.source,
            valid_from=args.day,
        )
    except DomainError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    print(f"已设定：{row.key} 自 {row.valid_from} 起为 {json.dumps(row.value, ensure_ascii=False)}。")
    return 0


def _read(key: str, text: str) -> object:
    """What was typed as JSON; words as they stand, also where they look like a number but a text is wanted."""
    from zhengtong.kernel import parameters

    if key in parameters.declared and isinstance(parameters.declared.get(key).default, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
