"""``zhengtong database``: the embedded database by itself, for back-ups, restores and cleaning up."""

import argparse

from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.entry.runtime.state_folder import StateFolder

HELP = "查看、启动或停止内嵌数据库（备份、恢复、清理前使用）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("status", "start", "stop"), help="status 查看，start 启动，stop 停止")


def handle(args: argparse.Namespace) -> int:
    """0 when the database is afterwards in the state asked for (``status``: when it runs), else 1."""
    state = StateFolder.chosen(args.var)
    if args.action == "stop" and not state.path.is_dir():
        print("状态目录不存在，没有需要停止的数据库。")
        return 0
    state.open(create=False)
    cluster = Cluster(state.database, say=print)
    if args.action == "start":
        print(f"数据库已启动。应用连接地址：{cluster.ensure_running().app_url}")
        return 0
    if args.action == "stop":
        cluster.stop()
        print("数据库已停止。")
        return 0
    running = cluster.is_running()
    print(f"数据库{'正在运行' if running else '没有运行'}。日志：{cluster.log_file}")
    return 0 if running else 1
