"""``zhengtong jobs``: the background jobs that were given up, and another try for them."""

import argparse
import json

HELP = "列出失败的后台任务，或让它们重新执行"
DESCRIPTION = "请先按工作进程的日志排除原因，再用 retry 重新执行；不会重复出证。有失败的任务时 list 的退出码为 1。"
NEEDS_DJANGO = True

_LARGEST = 2**63 - 1  # of a bigint
_FAILED = (
    "select j.id, j.task_name, j.args::text, j.attempts, max(e.at) from procrastinate_jobs j"
    " left join procrastinate_events e on e.job_id = j.id where j.status = 'failed'"
    " and (%s::bigint is null or j.id = %s) group by j.id order by j.id"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("list", "retry"), help="list 列出失败的任务，retry 重新执行")
    parser.add_argument("--id", metavar="N", type=int, help="只处理这个编号的任务（默认：全部失败的任务）")


def handle(args: argparse.Namespace) -> int:
    """List: 1 while jobs are failed, else 0. Retry: 0, or 1 when there is no such failed job."""
    from django.db import connection

    from zhengtong.kernel.calendar import SHANGHAI

    failed = []
    if args.id is None or 0 < args.id <= _LARGEST:
        with connection.cursor() as cursor:
            cursor.execute(_FAILED, [args.id, args.id])
            failed = cursor.fetchall()
    if not failed:
        print("没有失败的任务。" if args.id is None else f"没有编号为 {args.id} 的失败任务。")
        return 1 if args.action == "retry" and args.id is not None else 0
    for job_id, task_name, arguments, attempts, at in failed:
        about = "，".join(f"{name}={value}" for name, value in json.loads(arguments).items())
        when = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else "时间不详"
        print(f"{job_id}  {task_name}  已试 {attempts} 次，最后一次 {when}  {about}")
    if args.action == "list":
        return 1
    with connection.cursor() as cursor:
        # at once by the queue's own clock, which is the database's and never the demonstration's
        for job_id, *_rest in failed:
            cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [job_id])
    print(f"已让 {len(failed)} 个任务重新执行。")
    return 0
