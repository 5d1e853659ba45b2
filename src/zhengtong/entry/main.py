"""The command ``zhengtong``: finds the subcommands in ``entry/commands``, explains and runs them."""

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, NoReturn

from zhengtong.entry import commands
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.kernel.errors import DomainError

_INTERRUPTED = 130
#: what argparse says of a wrong command line → the same in Chinese, one after the other
_SAID = (
    (r"^the following arguments are required: (.+)$", r"缺少 \1"),
    (r"^one of the arguments (.+) is required$", r"需要其中一个：\1"),
    (r"^unrecognized arguments: (.+)$", r"不认识 \1"),
    (r"^argument (.+?): invalid choice: '(.*)' \(choose from (.+)\)$", r"“\1”不能是“\2”，可以是 \3"),
    (r"^argument (.+?): invalid \S+ value: '(.*)'$", r"“\1”的取值“\2”看不懂"),
    (r"^argument (.+?): expected .+$", r"“\1”后面缺少取值"),
    (r"^argument (.+?): not allowed with argument (.+)$", r"“\1”不能与“\2”一起使用"),
    (r"^argument (.+?): ignored explicit argument '(.*)'$", r"“\1”后面不用取值“\2”"),
)


class ChineseParser(argparse.ArgumentParser):
    """argparse with Chinese headings and refusals; sub-parsers inherit it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "add_help": False, "allow_abbrev": False})
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明后退出")

    def format_usage(self) -> str:
        """The line of usage, headed in Chinese."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        """The whole explanation, headed in Chinese."""
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Refuse with what is wrong and the way to the explanation."""
        for pattern, said in _SAID:
            message = re.sub(pattern, said, message, flags=re.DOTALL)
        self.exit(2, f"参数不正确：{message}\n查看说明：{self.prog} --help\n")


def discover() -> dict[str, ModuleType]:
    """All subcommands by name; the module ``show_first`` is the command ``show-first``."""
    return {
        found.name.replace("_", "-"): importlib.import_module(f"{commands.__name__}.{found.name}")
        for found in pkgutil.iter_modules(commands.__path__)
        if found.name != "tests"
    }


def build_parser(modules: Mapping[str, ModuleType]) -> ChineseParser:
    """The parser of ``zhengtong`` and of every subcommand."""
    parser = ChineseParser(prog="zhengtong", description="政通：县（市）政务服务平台。每个子命令都有 --help。")
    subparsers = parser.add_subparsers(title="子命令", metavar="子命令", dest="command")
    for name, module in sorted(modules.items()):
        description = f"{module.HELP}。{getattr(module, 'DESCRIPTION', '')}"
        subparser = subparsers.add_parser(name, help=module.HELP, description=description)
        subparser.add_argument("--var", metavar="DIR", help="状态目录（默认：环境变量 ZHENGTONG_VAR，否则 var）")
        module.add_arguments(subparser)
        subparser.set_defaults(module=module)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; its exit code, 1 after a refusal, 130 after Ctrl-C."""
    modules = discover()
    parser = build_parser(modules)
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return 0
    try:
        return _run(args.module, args)
    except DomainError as refusal:
        print(f"错误：{refusal.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    if not getattr(module, "NEEDS_DJANGO", False):
        return int(module.handle(args))
    from zhengtong.entry.runtime.environment import connected

    role = getattr(module, "DATABASE_ROLE", "app")
    create = getattr(module, "CREATES_STATE", False)
    with connected(StateFolder.chosen(args.var), role=role, create=create):
        return int(module.handle(args))


if __name__ == "__main__":
    sys.exit(main())
