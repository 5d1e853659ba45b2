"""Failed jobs: seen, and tried again."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from zhengtong.capabilities.identity.tests.factories import official, sign_in
from zhengtong.entry.commands.jobs import handle
from zhengtong.entry.main import build_parser, discover
from zhengtong.kernel.testing.work import run_jobs

pytestmark = pytest.mark.django_db


def jobs(*words: str) -> int:
    return handle(build_parser(discover()).parse_args(["jobs", *words]))


def give_up(case_id: str) -> int:
    """A job that has failed for good."""
    job_id = app.configure_task("cases.run_service").defer(
        tenant="980723", case_id=case_id, token=1, topic="issue_licence"
    )
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [job_id])
        cursor.execute("update procrastinate_jobs set status = 'failed' where id = %s", [job_id])
    return job_id


def test_a_failed_job_is_listed_and_tried_again(capsys, client):
    first, second = (give_up(f"00000000-0000-0000-0000-00000000000{n}") for n in (1, 2))
    sign_in(client, official("keeper", "sys_admin"))

    assert "zhengtong jobs retry" in client.get("/console/").content.decode()
    assert jobs("list") == 1
    assert f"{first}  cases.run_service" in capsys.readouterr().out
    assert [jobs("retry", "--id", number) for number in ("0", "-1", str(2**70))] == [1, 1, 1]
    assert jobs("retry", "--id", str(first)) == 0
    assert run_jobs() == 1
    assert jobs("list") == 1
    assert str(second) in capsys.readouterr().out
    assert jobs("retry") == 0
    assert run_jobs() == 1


def test_where_nothing_failed_nothing_is_done(capsys):
    assert jobs("list") == 0
    assert jobs("retry") == 0
    assert jobs("retry", "--id", "1") == 1
    assert "没有编号为 1 的失败任务" in capsys.readouterr().out
