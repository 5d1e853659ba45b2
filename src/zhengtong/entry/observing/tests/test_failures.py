"""Why something did not work, in Chinese, without what a person's row holds."""

import smtplib
import types

import psycopg
import pytest
from django.db import IntegrityError, OperationalError

from zhengtong.entry.observing.failures import Failures, sentence, sentence_of_text
from zhengtong.kernel.errors import Conflict


def chained(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Conflict("这件事已经有人办了。"), "这件事已经有人办了。"),
        (ConnectionRefusedError(111, "refused"), "对方拒绝连接"),
        (TimeoutError(), "等待对方应答超时"),
        (OSError(28, "No space left on device"), "磁盘已满"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "发信服务器不接受用户名或者密码"),
        (chained(OperationalError("x"), psycopg.errors.LockNotAvailable("x")), "等不到数据库的锁"),
        (chained(IntegrityError("x"), psycopg.errors.UniqueViolation("(name)=(王某某)")), "与已有的数据冲突"),
        (ZeroDivisionError("x"), "程序出错（ZeroDivisionError）"),
    ],
)
def test_an_error_is_a_chinese_sentence_without_contents(error, words):
    found = sentence(error)

    assert words in found
    assert "王某某" not in found


def test_an_error_that_was_kept_as_text_is_one_too():
    assert "与已有的数据冲突" in sentence_of_text("IntegrityError cases_once")
    assert "不符合要求" in sentence_of_text('Traceback\n  File "x"\nValueError: 王某某')
    assert "王某某" not in sentence_of_text("ValueError: 王某某")
    assert sentence_of_text("") == ""


def test_the_last_failure_of_a_job_is_kept_until_it_succeeds(settings, tmp_path):
    settings.ZHENGTONG_VAR = str(tmp_path)
    one = Failures()
    context = types.SimpleNamespace(job=types.SimpleNamespace(id=12, task_name="cases.run_service"))

    def broken():
        raise ConnectionRefusedError(111, "refused")

    with pytest.raises(ConnectionRefusedError):
        one.kept(broken, context, None)
    assert "对方拒绝连接" in one.known()["12"]["why"]
    assert "job:12" in one.known()["12"]["why"]

    assert one.kept(lambda: "done", context, None) == "done"
    assert one.known() == {}


@pytest.mark.django_db
def test_the_health_page_says_why_a_job_is_stuck(settings, tmp_path, client):
    from zhengtong.capabilities.identity.tests.factories import official, sign_in
    from zhengtong.entry.observing.failures import failures
    from zhengtong.entry.tests.test_jobs import give_up

    settings.ZHENGTONG_VAR = str(tmp_path)
    number = give_up("00000000-0000-0000-0000-000000000001")
    failures._keep(str(number), {"task": "cases.run_service", "why": "对方拒绝连接"})
    sign_in(client, official("keeper", "sys_admin"))

    page = client.get("/console/").content.decode()

    assert f"任务 {number}（cases.run_service" in page
    assert "对方拒绝连接" in page
    assert "没有在运行" in page  # no process beats in this folder
