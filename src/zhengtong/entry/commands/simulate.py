"""``zhengtong simulate``: the demonstration county goes on living, as a load and as something to look at."""

import argparse

HELP = "演示用：按每天的申请数继续产生办件（时钟随之前进），或者生成过去一年的办件"
DESCRIPTION = (
    "只在演示模式下可用，正式的账本拒绝模拟的记录。申请、补正、受理、审查、决定都经过与页面相同的服务，"
    "每天的数量、办理快慢和差错由随机种子决定。运行时服务要开着：后台进程照常制作文书、投递消息。"
)
NEEDS_DJANGO = True
_MOST_DAYS = 3650
_MOST_RATE = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--days", type=int, default=1, help="模拟多少天（默认 1）")
    parser.add_argument("--rate", type=int, default=60, help="平均每天多少件申请（默认 60）")
    parser.add_argument("--year", action="store_true", help="请后台进程生成过去一年约 20,000 件办件，进度见控制台")


def handle(args: argparse.Namespace) -> int:
    """0 when it was done, or asked for."""
    from zhengtong.entry.runtime.progress import Progress
    from zhengtong.entry.simulator import service
    from zhengtong.kernel.errors import Invalid

    if not (0 < args.days <= _MOST_DAYS and 0 < args.rate <= _MOST_RATE):
        raise Invalid(f"天数应在 1 到 {_MOST_DAYS} 之间，每天的件数应在 1 到 {_MOST_RATE} 之间。")
    if args.year:
        row = service.ask_for_year()
        print(f"已请后台进程生成 {row.wanted} 件，已完成 {row.made} 件。进度见控制台“演示数据”。")
        return 0
    made = service.produce(days=args.days, rate=args.rate, progress=Progress())
    print(f"产生申请 {made} 件。")
    return 0
