"""Do all waiting work at once, in the test's own connection: worker loops and jobs until none is left."""

import json

from django.db import connection
from procrastinate.contrib.django import app

from zhengtong.kernel.loops import run_until_idle


def run_jobs() -> int:
    """Run the jobs that wait, in order; a failing job raises. Returns how many ran."""
    with connection.cursor() as cursor:
        cursor.execute("select id, task_name, args from procrastinate_jobs where status = 'todo' order by id")
        waiting = cursor.fetchall()
        for job_id, task_name, arguments in waiting:
            app.tasks[task_name].func(**(json.loads(arguments) if isinstance(arguments, str) else arguments))
            cursor.execute("update procrastinate_jobs set status = 'succeeded' where id = %s", [job_id])
    return len(waiting)


def do_all_work(*, rounds: int = 50) -> None:
    """Loops and jobs until neither finds work."""
    for _ in range(rounds):
        if not run_until_idle() + run_jobs():
            return
    raise RuntimeError("the work does not come to rest")
