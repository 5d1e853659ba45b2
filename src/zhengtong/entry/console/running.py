"""What runs: processes and their beats, loops that are late, jobs that are stuck and why, versions, the clock."""

import ctypes
import datetime as dt
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.entry.console.findings import Finding
from zhengtong.entry.observing import pulse
from zhengtong.entry.observing.failures import failures, sentence_of_text
from zhengtong.entry.observing.pulse import Beat, LoopState
from zhengtong.entry.upkeep import maintenance
from zhengtong.kernel.clock import now, recording_time
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox import latest_event_at
from zhengtong.kernel.ui.formats import cn_datetime

_SILENT: Final = 15  # seconds without a beat; one comes every two
_BUSY: Final = 30  # seconds one request may take
_LATE: Final = 60  # seconds a loop may rest beyond its pause
_LONG: Final = 300  # seconds one round of a loop may take
_JOB_LONG: Final = 600  # seconds a job may take
_SKEW: Final = 2  # seconds between this machine and the database's
_NAMED: Final = 3  # so many are named one by one
_UNSYNCHRONISED: Final = 5  # the kernel's TIME_ERROR


def running_folder() -> Path:
    """Where the processes leave their beats."""
    return Path(settings.ZHENGTONG_VAR) / "run"


def processes() -> Iterator[Finding]:
    """Web, worker and the worker's second process, each with its age and last beat."""
    known = pulse.beats(running_folder())
    for kind, label in pulse.KINDS.items():
        alive = [beat for beat in known if beat.kind == kind]
        if not alive:
            if kind == "apart" and (not sys.platform.startswith("linux") or any(one.standing for one in known)):
                continue
            advice = _("请用 zhengtong run 启动平台；已经启动的，请看状态目录 log 里的日志。")
            yield Finding(label, "red", _("没有在运行"), advice)
            continue
        yield _process(label, alive)


def _process(label: str, alive: list[Beat]) -> Finding:
    at = recording_time()
    silent = [beat for beat in alive if (at - beat.at).total_seconds() > _SILENT]
    busy = [beat for beat in alive if beat.busy > _BUSY]
    others = sorted({beat.version for beat in alive} - {metadata.version("zhengtong")})
    text = "；".join(
        _("进程 %(pid)d 已运行%(age)s，%(beat)d 秒前有心跳")
        % {"pid": one.pid, "age": _age(at - one.started), "beat": max(0, (at - one.at).total_seconds())}
        for one in alive
    )
    if any(one.standing for one in alive):
        return Finding(label, "yellow", text, _("正在升级数据表，后台任务全部停下，升级结束后自动继续。"))
    if silent:
        return Finding(label, "red", text, _("有进程没有心跳，可能卡住了。请重新启动平台。"))
    if busy:
        seconds = int(max(beat.busy for beat in busy))
        words = _("有一次访问已经处理 %(seconds)d 秒，请到“慢查询”查看。") % {"seconds": seconds}
        return Finding(label, "yellow", text, words)
    if others:
        words = _("运行的还是另一个版本（%(versions)s），请重新启动平台。") % {"versions": "、".join(others)}
        return Finding(label, "yellow", text, words)
    return Finding(label, "green", text)


def _age(span: dt.timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return _(" %(n)d 分钟") % {"n": minutes}
    return _(" %(n)d 小时") % {"n": minutes // 60} if minutes < 2880 else _(" %(n)d 天") % {"n": minutes // 1440}


def loops() -> Iterator[Finding]:
    """Loops that fail, that take long, and that have not had a turn."""
    at = recording_time().timestamp()
    alive = [beat for beat in pulse.beats(running_folder()) if beat.loops]
    every = {name: state for beat in alive for name, state in beat.loops.items()}
    if not every:
        return
    failing = {name: state for name, state in every.items() if state.failures}
    late = {name: why for name, state in every.items() if (why := late_words(state, at)) and name not in failing}
    text = _("共 %(count)d 个，出错 %(failing)d 个，迟到 %(late)d 个") % {
        "count": len(every),
        "failing": len(failing),
        "late": len(late),
    }
    lamp = "red" if failing else "yellow" if late else "green"
    words = [
        _("%(name)s 连续失败 %(n)d 次：%(why)s") % {"name": name, "n": state.failures, "why": state.error}
        for name, state in list(failing.items())[:_NAMED]
    ]
    words += [f"{name} {why}" for name, why in list(late.items())[:_NAMED]]
    yield Finding(_("后台循环"), lamp, text, "；".join(words) + ("。" if words else ""))


def late_words(state: LoopState, at: float) -> str:
    """Why a loop is late at an instant (seconds since 1970); empty when it is not, or has not begun yet."""
    if state.began:
        return _("这一轮已经 %(n)d 秒") % {"n": at - state.began} if at - state.began > _LONG else ""
    rested = at - state.ended
    return _("已经 %(n)d 秒没有轮到") % {"n": rested} if state.ended and rested > state.interval * 2 + _LATE else ""


_JOBS_LATE: Final = (
    "select j.id, j.task_name, j.status::text, j.attempts, extract(epoch from now() - max(e.at))::int"
    " from procrastinate_jobs j left join procrastinate_events e on e.job_id = j.id"
    " where j.status = 'failed' or (j.status = 'todo' and j.attempts > 0) or j.status = 'doing'"
    " group by j.id order by j.status = 'failed' desc, j.id limit 200"
)


def jobs() -> Iterator[Finding]:
    """How many jobs stand where; those given up, tried again or too long at work, with the reason."""
    with connection.cursor() as cursor:
        cursor.execute("select status::text, count(*) from procrastinate_jobs group by status")
        counts = dict(cursor.fetchall())
        cursor.execute("select count(*) from procrastinate_jobs where status = 'todo' and attempts > 0")
        again = cursor.fetchone()[0]
        cursor.execute(_JOBS_LATE)
        rows = cursor.fetchall()
    failed = counts.get("failed", 0)
    text = _("排队 %(todo)d（其中失败后等待重试 %(again)d），进行中 %(doing)d，失败 %(failed)d") % {
        "todo": counts.get("todo", 0),
        "again": again,
        "doing": counts.get("doing", 0),
        "failed": failed,
    }
    long = [row for row in rows if row[2] == "doing" and (row[4] or 0) > _JOB_LONG]
    advice = _reasons([row for row in rows if row[2] != "doing"] + long)
    if failed or again:
        advice += _("用 zhengtong jobs list 查看；按日志排除原因后，用 zhengtong jobs retry 重新执行。")
    yield Finding(_("后台任务"), "red" if failed else "yellow" if again or long else "green", text, advice)


def _reasons(rows: list[tuple[int, str, str, int, int]]) -> str:
    """The first few with their reasons, each a sentence."""
    known, words = failures.known(), ""
    for number, task, status, attempts, seconds in rows[:_NAMED]:
        why = known.get(str(number), {}).get("why", _("原因见后台日志"))
        if status == "doing":
            why = _("已经执行 %(n)d 秒") % {"n": seconds or 0}
        words += _("任务 %(number)d（%(task)s，已试 %(n)d 次）：%(why)s。") % {
            "number": number,
            "task": task,
            "n": attempts,
            "why": why.rstrip("。"),
        }
    return words


def outbox() -> Iterator[Finding]:
    """Events that wait, and why those that fail do."""
    waiting = OutboxEvent.objects.filter(delivered_at__isnull=True)
    oldest = waiting.order_by("at").values_list("at", flat=True).first()
    lag = max(0, int((now() - oldest).total_seconds())) if oldest else 0
    failing = list(waiting.filter(attempts__gt=0).order_by("id").values_list("name", "attempts", "last_error")[:100])
    lamp = "red" if failing else "yellow" if lag > 10 else "green"
    advice = "".join(
        _("%(name)s 已试 %(n)d 次：%(why)s。") % {"name": name, "n": attempts, "why": sentence_of_text(error)}
        for name, attempts, error in failing[:_NAMED]
    )
    if advice:
        advice += _("会自动重试；请按后台日志排除原因。")
    text = _("待投递 %(count)d 条，最早等待 %(lag)d 秒") % {"count": waiting.count(), "lag": lag}
    yield Finding(_("事件投递"), lamp, text, advice)


def clock() -> Iterator[Finding]:
    """A clock that went back, differs from the database's, or is not kept by anybody."""
    latest = latest_event_at()
    back = int((latest - now()).total_seconds()) if latest else 0
    if back > 1:
        text = _("系统时间比最近一次记录早 %(seconds)d 秒，计时和定时器已经停止") % {"seconds": back}
        yield Finding(_("系统时间"), "red", text, _("请校准服务器时间（NTP）；时间恢复后计时自动继续。"))
        return
    before = recording_time()
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        theirs = cursor.fetchone()[0]
    between = before + (recording_time() - before) / 2
    skew = abs((theirs - between).total_seconds())
    text = _("没有倒退，与数据库服务器相差 %(seconds).1f 秒") % {"seconds": skew}
    if skew > _SKEW:
        yield Finding(_("系统时间"), "red", text, _("两台服务器的时间不一致，请都用 NTP 校准。"))
    elif not _kept_in_time():
        yield Finding(_("系统时间"), "yellow", text, _("操作系统没有与时间服务器同步，请启用 NTP（如 chrony）。"))
    else:
        yield Finding(_("系统时间"), "green", text)


def _kept_in_time() -> bool:
    """Whether the kernel says that somebody keeps its clock (Linux); True where it cannot be asked."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        # an empty request (modes 0) changes nothing; the answer is the state of the clock
        return bool(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != _UNSYNCHRONISED)
    except (OSError, AttributeError):
        return True


def versions() -> Iterator[Finding]:
    """Program, database, language and framework; migrations that wait, and those this program does not know."""
    waiting, unknown = migrations()
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version')")
        postgres = cursor.fetchone()[0]
    text = _("政通 %(program)s，PostgreSQL %(postgres)s，Python %(python)s，Django %(django)s") % {
        "program": metadata.version("zhengtong"),
        "postgres": str(postgres).split(" ", 1)[0],
        "python": platform.python_version(),
        "django": django.get_version(),
    }
    advice = ""
    if unknown:
        advice = _("数据库由较新的版本升级过（%(names)s），请换回那个版本。") % {"names": "、".join(unknown[:_NAMED])}
    elif waiting:
        words = _("有 %(n)d 步数据表升级没有执行，请用 zhengtong upgrade。")
        advice = words % {"n": len(waiting)}
    yield Finding(_("版本"), "red" if advice else "green", text, advice)


def migrations() -> tuple[list[str], list[str]]:
    """Names of migrations that wait, and of those of our apps that the database has and the program does not know."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    waiting = [f"{step.app_label}.{step.name}" for step, _backwards in plan]
    replaced = {key for step in executor.loader.disk_migrations.values() for key in step.replaces}
    known = set(executor.loader.disk_migrations) | replaced
    apps = executor.loader.migrated_apps
    unknown = [
        f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in apps and (app, name) not in known
    ]
    return waiting, sorted(unknown)


def maintenance_mode() -> Iterator[Finding]:
    """Whether maintenance is on, and whether it was forgotten."""
    on = maintenance.read(Path(settings.ZHENGTONG_VAR))
    if on is None:
        return
    over = on.until is not None and on.until < recording_time()
    text = _("从 %(since)s 起开启：%(reason)s") % {
        "since": cn_datetime(on.since),
        "reason": on.reason or _("没有写明原因"),
    }
    advice = _("预计恢复时间已过，请结束维护或者重新开启。") if over else _("访问的人看到维护页面；完成后请结束维护。")
    yield Finding(_("维护模式"), "red" if over else "yellow", text, advice, reverse("console:maintenance"))
